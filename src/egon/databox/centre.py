"""Health of every box in the centre, judged from counts and times alone (pure rules; the reading is in ``across``)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from egon.kernel.clock import PRAGUE

SILENT_AFTER: Final = timedelta(days=1)
LONGEST_HOLIDAYS: Final = timedelta(days=5)
"""A box looked into on working days only may be silent for so long (Easter, Christmas)."""
OLD_AFTER: Final = timedelta(days=1)
"""A message that waits to be downloaded for longer is a trouble."""
ENDS_SOON: Final = timedelta(days=30)


class Condition(StrEnum):
    """How contact with ISDS goes; the worst first."""

    STOPPED = "stopped"
    FAILING = "failing"
    SILENT = "silent"
    FINE = "fine"
    UNUSED = "unused"

    @property
    def label(self) -> str:
        """What it is called on the screen."""
        return {
            "stopped": "čeká na správce",
            "failing": "spojení se nedaří",
            "silent": "dlouho bez spojení",
            "fine": "v pořádku",
            "unused": "nepoužívá se",
        }[self]


@dataclass(frozen=True, slots=True)
class BoxHealth:
    """One box as the region's administrator sees it: never a subject, a party or an id of a message."""

    organisation: str
    code: str
    box_id: str
    active: bool
    needs_administrator: bool
    failures: int
    last_contact_at: datetime | None
    waiting_download: int = 0
    oldest_waiting_at: datetime | None = None
    failed_download: int = 0
    waiting_sending: int = 0
    ambiguous: int = 0
    failed_sending: int = 0
    received: int = 0
    sent: int = 0
    working_days_only: bool = False
    certificate_ends: datetime | None = None
    password_ends: datetime | None = None


def condition_of(box: BoxHealth, *, now: datetime) -> Condition:
    """The one word for a list."""
    if not box.active:
        return Condition.UNUSED
    if box.needs_administrator:
        return Condition.STOPPED
    if box.failures:
        return Condition.FAILING
    patience = SILENT_AFTER if not box.working_days_only else LONGEST_HOLIDAYS
    silent = box.last_contact_at is None or now - box.last_contact_at > patience
    return Condition.SILENT if silent else Condition.FINE


def troubles_of(box: BoxHealth, *, now: datetime) -> list[str]:
    """Everything that needs somebody's attention, with what to do; empty for a box that is well or not used."""
    return list(_troubles(box, now)) if box.active else []


def _troubles(box: BoxHealth, now: datetime) -> Iterator[str]:
    match condition_of(box, now=now):
        case Condition.STOPPED:
            yield "ISDS odmítl přihlášení. Správce organizace musí opravit přihlašovací údaje schránky."
        case Condition.FAILING:
            yield f"Spojení se nedaří ({box.failures}× po sobě), zkouší se dál samo."
        case Condition.SILENT:
            yield "Schránka se dlouho neprohlížela. Ověřte, že běží zpracování úloh na pozadí."
    if box.failed_download:
        yield f"Nešlo stáhnout zpráv: {box.failed_download}. Podatelna organizace je má na stránce Schránky."
    if box.oldest_waiting_at and now - box.oldest_waiting_at > OLD_AFTER:
        days = (now - box.oldest_waiting_at).days
        yield f"Nejstarší nestažená zpráva čeká {days} d; po 90 dnech ji ISDS smaže."
    if box.failed_sending:
        yield f"Nepodařilo se odeslat zpráv: {box.failed_sending}."
    for what, ends in (("certifikátu", box.certificate_ends), ("hesla", box.password_ends)):
        if ends and ends - now <= ENDS_SOON:
            yield f"Platnost {what} {'skončila' if ends < now else 'končí'} {_written(ends)}."


def _written(moment: datetime) -> str:
    day = moment.astimezone(PRAGUE)
    return f"{day.day}.\xa0{day.month}.\xa0{day.year}"


_GAUGES: Final[Mapping[str, str]] = {
    "waiting_download": "messages announced and not downloaded yet",
    "failed_download": "messages that could not be downloaded",
    "waiting_sending": "messages waiting to be sent",
    "ambiguous": "messages of which it is not known whether ISDS has them",
    "failed_sending": "sendings that failed or were refused in the last seven days",
    "failures": "failed contacts in a row",
}


def as_json(boxes: Iterable[BoxHealth], *, now: datetime) -> list[dict[str, Any]]:
    """The boxes as plain data, with the condition and the troubles."""
    return [
        {**asdict(box), "condition": condition_of(box, now=now).value, "troubles": troubles_of(box, now=now)}
        for box in boxes
    ]


def as_prometheus(boxes: Iterable[BoxHealth], *, now: datetime) -> str:
    """The text format of Prometheus 0.0.4, for its textfile collector."""
    boxes = list(boxes)
    lines = ["# HELP egon_box_fine contact with ISDS is all right", "# TYPE egon_box_fine gauge"]
    lines += [f"egon_box_fine{_labels(box)} {int(condition_of(box, now=now) is Condition.FINE)}" for box in boxes]
    lines += [
        "# HELP egon_box_last_contact_seconds seconds since the last contact",
        "# TYPE egon_box_last_contact_seconds gauge",
    ]
    lines += [
        f"egon_box_last_contact_seconds{_labels(box)} {int((now - box.last_contact_at).total_seconds())}"
        for box in boxes
        if box.last_contact_at
    ]
    for name, told in _GAUGES.items():
        lines += [f"# HELP egon_box_{name} {told}", f"# TYPE egon_box_{name} gauge"]
        lines += [f"egon_box_{name}{_labels(box)} {getattr(box, name)}" for box in boxes]
    return "\n".join(lines) + "\n"


def _labels(box: BoxHealth) -> str:
    code = box.code.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'{{organisation="{code}",box="{box.box_id}"}}'
