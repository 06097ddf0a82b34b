"""Documents we make ourselves, as PDF/A-2a (ISO 19005-2), by typst. A library without Django.

What people write is handed over as data, never as markup; the same input gives the same bytes.
"""

from egon.gateways.pdfa.binding import Attachment, Part, bind, bind_archival, is_bindable
from egon.gateways.pdfa.blocks import Block, BulletList, Heading, NumberedList, Paragraph, Run, parse_body
from egon.gateways.pdfa.documents import Letter, RenderingFailed, TableReport, render_letter, render_table_report
from egon.gateways.pdfa.envelopes import PrintedEnvelope, render_envelopes
from egon.gateways.pdfa.labels import SHEETS, Label, LabelSheet, render_labels
from egon.gateways.pdfa.sheets import Section, Sheet, render_sheet

__all__ = [
    "SHEETS",
    "Attachment",
    "Block",
    "BulletList",
    "Heading",
    "Label",
    "LabelSheet",
    "Letter",
    "NumberedList",
    "Paragraph",
    "Part",
    "PrintedEnvelope",
    "RenderingFailed",
    "Run",
    "Section",
    "Sheet",
    "TableReport",
    "bind",
    "bind_archival",
    "is_bindable",
    "parse_body",
    "render_envelopes",
    "render_labels",
    "render_letter",
    "render_sheet",
    "render_table_report",
]
