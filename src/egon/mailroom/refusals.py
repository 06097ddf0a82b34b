"""What stands in a document instead of a component that was not stored (NSESSS 2.1.7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from egon import storage
from egon.databox.models import DataMessage, MessageFile
from egon.gateways.isds.zfo.rendering import shown_size, shown_time
from egon.gateways.pdfa import RenderingFailed, TableReport, render_table_report
from egon.mailroom.envelopes import in_known_characters
from egon.mailroom.rules import RefusedBecause
from egon.records.operations import NewFile
from egon.records.rules.components import ComponentForm, ComponentRole


@dataclass(frozen=True, slots=True)
class Refusals:
    """Which attachments are not stored and why, by their key; ``note`` is what the sender is to mend."""

    by_file: Mapping[int, RefusedBecause] = field(default_factory=dict)
    note: str = ""


def rendition(message: DataMessage, file: MessageFile, refusals: Refusals, role: ComponentRole) -> NewFile:
    """A PDF/A that says which file is missing, why, and whose it was; it takes the place of the file."""
    because = refusals.by_file[file.pk]
    report = TableReport(
        organisation=message.recipient_name or "Podatelna",
        title="Neuložená komponenta",
        date=(message.accepted_at or message.delivered_at or message.announced_at).date(),
        columns=("Údaj", "Obsah"),
        rows=[
            ("Soubor", file.name),
            ("Formát", file.format_name or file.media_type),
            ("Velikost", f"{shown_size(file.size)} ({file.size} B)"),
            ("Otisk SHA-256", file.digest),
            ("Důvod neuložení", because.label),
            *([("Vada", refusals.note.strip())] if refusals.note.strip() else []),
        ],
        facts=[
            ("Odesílatel", message.sender_name),
            ("Schránka odesílatele", message.sender_box_id),
            ("Doručeno", shown_time(message.accepted_at or message.delivered_at)),
            ("ID datové zprávy", message.dm_id),
            ("Věc", message.annotation),
        ],
        widths=(1, 3),
    )
    try:
        pdf = render_table_report(report)
    except RenderingFailed:
        pdf = render_table_report(in_known_characters(report))
    return NewFile(
        name=f"Neulozeno_{file.position}.pdf",
        media_type="application/pdf",
        blob=storage.put(pdf),
        role=role.value,
        form=ComponentForm.OWN.value,
    )
