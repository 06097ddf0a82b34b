"""Reading what a header keeps beside příloha 8, just before the rest is erased (NSESSS 7.2.10)."""

from collections.abc import Sequence
from datetime import date, datetime

from egon.kernel.clock import PRAGUE
from egon.records.models import CaseFile, Document
from egon.records.rules.header import EXTRAS


def kept_of(entity: Document | CaseFile, extras: Sequence[str]) -> list[list[str]]:
    """Label and value of each wanted item that the entity has, in the order of the code list."""
    values = _of_document(entity) if isinstance(entity, Document) else _of_file(entity)
    values["withdrawn"] = _withdrawn(entity)
    return [[label, values[name]] for name, label in EXTRAS.items() if name in extras and values.get(name)]


def _of_document(document: Document) -> dict[str, str]:
    file = document.case_file
    return {
        "registered": _day(document.registered_at),
        "delivered": _day(document.delivered_at),
        "settled": _day(document.settled_on),
        "kind": str(document.kind or ""),
        "processor": str(document.holder or ""),
        "unit": str(document.unit or ""),
        "class": file.class_code if file else "",
        "regime": file.regime if file else "",
    }


def _of_file(file: CaseFile) -> dict[str, str]:
    return {
        "registered": _day(file.opened_on),
        "settled": _day(file.settled_on),
        "closed": _day(file.closed_on),
        "processor": str(file.processor or ""),
        "unit": str(file.unit),
        "class": file.class_code,
        "regime": file.regime,
    }


def _withdrawn(entity: Document | CaseFile) -> str:
    held = entity.withdrawals.filter(restored_at__isnull=True).first()
    return f"{_day(held.withdrawn_at)}, {held.reason}" if held else ""


def _day(moment: date | datetime | None) -> str:
    if moment is None:
        return ""
    day = moment.astimezone(PRAGUE).date() if isinstance(moment, datetime) else moment
    return f"{day.day}. {day.month}. {day.year}"
