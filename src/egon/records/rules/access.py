"""Granting access to documents, files and typed files: states, receivers, periods (NSESSS 7.1.2 to 7.1.4)."""

from collections.abc import Sequence
from datetime import date

from egon.records.rules.labels import Labelled

LONGEST_REASON = 250


class GrantState(Labelled):
    """The states of a grant of access. Only a confirmed one lets anybody see anything."""

    WAITING = "waiting", "čeká na potvrzení"
    CONFIRMED = "confirmed", "potvrzený"
    REFUSED = "refused", "odmítnutý"
    WITHDRAWN = "withdrawn", "zrušený před potvrzením"
    ENDED = "ended", "ukončený"


def obstacles_to_grant(
    *, receivers: int, reason: str, valid_from: date, valid_to: date | None, today: date
) -> list[str]:
    """What speaks against granting access, in Czech, all together."""
    obstacles = [] if receivers == 1 else ["Vyberte právě jednoho příjemce: osobu, útvar, nebo roli."]
    if not reason.strip():
        obstacles.append("Napište důvod: příjemce podle něj pozná, proč přístup dostává.")
    if valid_to is not None and valid_to < valid_from:
        obstacles.append("Přístup by skončil dřív, než začne.")
    elif valid_to is not None and valid_to < today:
        obstacles.append("Přístup by skončil dřív než dnes.")
    return obstacles


def obstacle_of_unseen(*, unseen: int, what: str, unit: str) -> list[str]:
    """What speaks against opening all below a typed file or a section: files the giver does not see (NSESSS 7.1.2)."""
    if not unseen:
        return []
    return [
        f"Přístup byste dali i ke spisům, které sami nevidíte ({what}: {unseen}). Přidělte ho k součásti, jejíž spisy "
        f"vidíte všechny, nebo o to požádejte vedoucího útvaru {unit}."
    ]


def obstacles_to_restricting(*, restricted: bool, reason: str, unassigned: Sequence[str]) -> list[str]:
    """What speaks against restricting a file to named people, all together.

    ``unassigned`` are its documents that wait for somebody of a unit: nobody could take them over afterwards.
    """
    obstacles = ["Spis už je vyhrazený."] if restricted else []
    obstacles += [f"Dokument {number} čeká v útvaru na převzetí. Nejdřív ho předejte člověku." for number in unassigned]
    return [*obstacles, *_without_reason(reason)]


def obstacles_to_releasing(*, restricted: bool, reason: str) -> list[str]:
    """What speaks against releasing a restricted file, all together."""
    obstacles = [] if restricted else ["Spis vyhrazený není."]
    return [*obstacles, *_without_reason(reason)]


def _without_reason(reason: str) -> list[str]:
    return [] if reason.strip() else ["Napište důvod."]
