"""The region made as large as regions are: hundreds of people, a plan of two thousand classes, mail that waits."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from egon.databox.models import Box
from egon.kernel import clock, czech
from egon.mailroom.models import Channel, IntakeItem
from egon.records.models import DisposalRegime, FilingPlan, RecordClass
from egon.registry.models import Person, Position, Unit

UNITS = 20
PEOPLE = 200
CLASSES = 2_000
WAITING = 500  # items the mailroom has not registered yet
_SINCE = date(2025, 1, 1)


def enlarge() -> None:
    """Add to the organisation in scope what the demo world has too little of."""
    _add_people()
    _add_classes()
    _add_waiting()


def ensure_box(code: str) -> Box:
    """The box of the organisation in scope; one made here is never asked for anything."""
    return Box.objects.order_by("pk").first() or Box.objects.create(box_id=f"b{code[-6:]:x>6}", name=code, active=False)


def _add_people() -> None:
    units = list(Unit.objects.order_by("pk"))
    units += [Unit.objects.create(code=f"U{n:02}", name=f"Oddělení {n}", valid_from=_SINCE) for n in range(UNITS)]
    for number in range(PEOPLE):
        name = f"Referent {number:03}"
        person = Person.objects.create(
            given_name="Jan", family_name=name, sort_key=czech.sort_key(name), search_key=name.lower()
        )
        Position.objects.create(unit=units[number % len(units)], name="referent", person=person)


def _add_classes() -> None:
    """Groups of ten leaves, a hundred leaves a branch, until the plan in force has enough classes."""
    plan = FilingPlan.objects.get(draft=False, valid_to=None)
    missing = CLASSES - RecordClass.objects.filter(plan=plan).count()
    regimes = list(DisposalRegime.objects.exclude(trigger="external").order_by("pk"))
    branches: list[RecordClass] = []
    groups: list[RecordClass] = []
    leaves = []
    for number in range(missing):
        if number % 111 == 0:
            branches.append(_class(plan, None, f"{600 + len(branches)}"))
        elif number % 111 % 11 == 1:
            groups.append(_class(plan, branches[-1], f"{branches[-1].code}.{number % 111 // 11 + 1}"))
        else:
            leaves.append(_leaf(plan, groups[-1], number, regimes))
    RecordClass.objects.bulk_create(leaves)


def _class(plan: FilingPlan, parent: RecordClass | None, code: str) -> RecordClass:
    return RecordClass.objects.create(
        plan=plan, parent=parent, code=code, name=f"Agenda {code}", sort_key=czech.sort_key(code), valid_from=_SINCE
    )


def _leaf(plan: FilingPlan, parent: RecordClass, number: int, regimes: Sequence[DisposalRegime]) -> RecordClass:
    code = f"{parent.code}.{number % 111 % 11 - 1}" if number % 111 % 11 else f"{parent.code}.10"
    return RecordClass(
        plan=plan,
        parent=parent,
        code=code,
        name=f"Řízení {code}",
        sort_key=czech.sort_key(code),
        disposal_regime=regimes[number % len(regimes)],
        holds_files=True,
        valid_from=_SINCE,
    )


def _add_waiting() -> None:
    IntakeItem.objects.bulk_create(_waiting())


def _waiting() -> Iterator[IntakeItem]:
    now = clock.now()
    for number in range(WAITING):
        yield IntakeItem(
            channel=Channel.EMAIL,
            received_at=now - timedelta(minutes=number),
            subject=f"Žádost č. {number}",
            sender_name="Jan Novák",
        )
