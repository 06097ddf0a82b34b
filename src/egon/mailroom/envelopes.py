"""The header of a data message in words: for its page, and as a component of its own (NSESSS 2.3.5)."""

from dataclasses import replace
from typing import Final

from egon import storage
from egon.databox.models import DataMessage, Direction, MessageFile
from egon.gateways.isds.codes import BoxType, MessageState
from egon.gateways.isds.zfo.rendering import shown_size, shown_time
from egon.gateways.pdfa import RenderingFailed, TableReport, render_table_report
from egon.records.operations import NewFile
from egon.records.rules.components import ComponentForm, ComponentRole

_OUTCOMES: Final = {"PASSED": "v pořádku", "INDETERMINATE": "nelze určit", "FAILED": "neprošlo"}


def envelope_lines(message: DataMessage) -> list[tuple[str, str]]:
    """What the envelope says; what the sender did not fill in is left out."""
    sender_type = BoxType.of(message.sender_type).label if message.sender_type else ""
    pairs = [
        ("ID datové zprávy", message.dm_id),
        ("Druh", Direction(message.direction).label),
        ("Věc", message.annotation),
        ("Odesílatel", message.sender_name),
        ("Schránka odesílatele", " – ".join(part for part in (message.sender_box_id, sender_type) if part)),
        ("Adresa odesílatele", message.sender_address),
        ("Příjemce", " – ".join(part for part in (message.recipient_name, message.recipient_box_id) if part)),
        ("Dodáno do schránky", shown_time(message.delivered_at)),
        ("Doručeno", shown_time(message.accepted_at)),
        ("Stav v ISDS", MessageState(message.state).label if message.state else ""),
        ("Jejich číslo jednací", message.sender_reference),
        ("Jejich spisová značka", message.sender_file_mark),
        ("Naše číslo jednací", message.recipient_reference),
        ("Naše spisová značka", message.recipient_file_mark),
        ("K rukám", message.to_hands),
        ("Zmocnění", message.legal_title),
        ("Do vlastních rukou", "ano" if message.personal_delivery else ""),
        ("Otisk obsahu", message.content_hash),
    ]
    return [(label, value) for label, value in pairs if value]


def rendered_header(message: DataMessage) -> NewFile:
    """The envelope, attachments, events and checks of a stored message as PDF/A, put into the storage.

    Made from the register alone, so the same message always gives the same bytes.
    """
    blob = storage.put(_pdf(message))
    return NewFile(
        name=f"Hlavicka_zpravy_{message.dm_id}.pdf",
        media_type="application/pdf",
        blob=blob,
        role=ComponentRole.HEADER.value,
        form=ComponentForm.OWN.value,
    )


def _pdf(message: DataMessage) -> bytes:
    """A character that no font has must not keep a message out of the records: it is shown as a question mark."""
    try:
        return render_table_report(_report(message))
    except RenderingFailed:
        return render_table_report(in_known_characters(_report(message)))


def _report(message: DataMessage) -> TableReport:
    rows = [("Příloha", _described(file)) for file in message.files.order_by("position")]
    rows += [
        ("Událost", f"{shown_time(event.happened_at)} {event.description}")
        for event in message.events.order_by("happened_at", "pk")
    ]
    rows += [(f"Ověření: {_OUTCOMES[fact['outcome']]}", fact["sentence"]) for fact in message.checks]
    return TableReport(
        organisation=message.recipient_name or "Datové schránky",
        title=f"Hlavička datové zprávy {message.dm_id}",
        date=(message.accepted_at or message.delivered_at or message.announced_at).date(),
        columns=("Údaj", "Obsah"),
        rows=rows,
        facts=envelope_lines(message),
        widths=(1, 3),
    )


def _described(file: MessageFile) -> str:
    return f"{file.name} ({file.format_name or file.media_type}, {shown_size(file.size)})"


def in_known_characters(report: TableReport) -> TableReport:
    """The same report in characters that every font has."""
    return replace(
        report,
        organisation=_known(report.organisation),
        rows=[tuple(_known(cell) for cell in row) for row in report.rows],
        facts=[(label, _known(value)) for label, value in report.facts],
    )


def _known(text: str) -> str:
    return "".join(character if ord(character) < 0x250 or character in "–—„“‚‘…§" else "?" for character in text)
