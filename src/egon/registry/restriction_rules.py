"""Pure rules of the administrator's restrictions (NSESSS 7.1.6)."""

from datetime import date, timedelta
from enum import StrEnum

from egon.kernel.actor import LimitKind, Role

ENTITIES = frozenset(LimitKind) - {LimitKind.FUNCTION, LimitKind.ENTRY}


class When(StrEnum):
    """When a restriction holds, as the standard says it: before, on or after a day; for a period; always."""

    ALWAYS = "always"
    BEFORE = "before"
    ON = "on"
    AFTER = "after"
    BETWEEN = "between"


WHEN_NAMES: dict[When, str] = {
    When.ALWAYS: "stále",
    When.BEFORE: "před datem",
    When.ON: "v den",
    When.AFTER: "po datu",
    When.BETWEEN: "od data do data",
}


def period_of(when: When, day: date | None, until: date | None) -> tuple[date | None, date | None]:
    """The first and the last day, both included; None where it has no end."""
    if when is When.ALWAYS or day is None:
        return None, None
    match when:
        case When.BEFORE:
            return None, day - timedelta(days=1)
        case When.ON:
            return day, day
        case When.AFTER:
            return day + timedelta(days=1), None
        case _:
            return day, until


def obstacles_to_restriction(
    *,
    receivers: int,
    kind: LimitKind,
    about: str,
    reason: str,
    valid_from: date | None,
    valid_to: date | None,
    today: date,
) -> list[str]:
    """What speaks against a restriction, in Czech, all together."""
    obstacles = [] if receivers == 1 else ["Vyberte právě jednoho, koho se omezení týká: osobu, nebo roli."]
    if kind is not LimitKind.ENTRY and not about:
        obstacles.append("Vyberte, čeho se omezení týká.")
    if not reason.strip():
        obstacles.append("Napište důvod.")
    if valid_from and valid_to and valid_to < valid_from:
        obstacles.append("Konec omezení je dřív než jeho začátek.")
    elif valid_to and valid_to < today:
        obstacles.append("Omezení by skončilo dřív než dnes.")
    return obstacles


def obstacles_to_own_role(*, name: str, bases: list[Role], taken: bool) -> list[str]:
    """What speaks against an own role, all together (NSESSS 7.1.8)."""
    obstacles = [] if name.strip() else ["Napište název role."]
    if taken:
        obstacles.append(f"Vlastní role „{name.strip()}“ už je.")
    if not bases:
        obstacles.append("Vyberte aspoň jednu roli, ze které vychází.")
    if Role.CENTRE_ADMINISTRATOR in bases:
        obstacles.append("Z role správce krajského centra vlastní role vycházet nemůže.")
    return obstacles
