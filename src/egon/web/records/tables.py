"""Lists of documents and files as tables, own metadata included (NSESSS 9.1.1)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse

from egon.gateways.tables import write_csv, write_xlsx
from egon.kernel.clock import PRAGUE
from egon.records import own_metadata
from egon.records.queries import DocumentRow, FileRow
from egon.records.rules.own_metadata import OwnEntity
from egon.records.rules.states import Direction, DocumentState, FileState
from egon.web.files import saved

_DOCUMENT = (
    "Číslo jednací", "Směr", "Stav", "Věc", "Zaevidováno", "Termín", "Odesílatel", "Útvar", "Zpracovatel", "Spis",
)  # fmt: skip
_FILE = (
    "Spisová značka", "Stručný obsah", "Stav", "Založen", "Spisový znak", "Věcná skupina", "Skartační režim", "Útvar",
    "Zpracovatel",
)  # fmt: skip


def documents_table(rows: Sequence[DocumentRow], form: str) -> HttpResponse:
    """Documents as ``csv`` or ``xlsx``."""
    told = [
        (one.reference_number, Direction(one.direction).label, DocumentState(one.state).label, one.subject,
         _local(one.registered_at), one.deadline, one.sender, one.unit, one.holder, one.file_mark)
        for one in rows
    ]  # fmt: skip
    return _answer(OwnEntity.DOCUMENT, _DOCUMENT, [one.pk for one in rows], told, form, "dokumenty")


def files_table(rows: Sequence[FileRow], form: str) -> HttpResponse:
    """Files as ``csv`` or ``xlsx``."""
    told = [
        (one.file_mark, one.subject, FileState(one.state).label, one.opened_on, one.class_code, one.class_name,
         one.regime, one.unit, one.processor)
        for one in rows
    ]  # fmt: skip
    return _answer(OwnEntity.FILE, _FILE, [one.pk for one in rows], told, form, "spisy")


def _answer(
    entity: OwnEntity, columns: Sequence[str], keys: list[int], told: list[tuple[Any, ...]], form: str, name: str
) -> HttpResponse:
    own = own_metadata.columns_of(entity, keys)
    header = [*columns, *own.names]
    rows = [[*row, *own.values.get(key, own.nothing)] for key, row in zip(keys, told, strict=True)]
    content = write_xlsx(header, rows, title=name) if form == "xlsx" else write_csv(header, rows)
    return saved(content, f"{name}.{form}")


def _local(moment: datetime) -> datetime:
    # A spreadsheet knows no time zones.
    return moment.astimezone(PRAGUE).replace(microsecond=0, tzinfo=None)
