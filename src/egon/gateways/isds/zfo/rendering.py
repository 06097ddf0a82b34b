"""A ZFO as people read it: one page of HTML that needs nothing else, and a PDF/A made from the same lines."""

from collections.abc import Sequence
from datetime import date, datetime
from html import escape
from typing import Final

from egon.gateways.cms.facts import Outcome
from egon.gateways.isds.times import PRAGUE
from egon.gateways.isds.zfo.model import Zfo, ZfoKind
from egon.gateways.isds.zfo.verification import Level, ZfoVerification

type Line = tuple[str, str]

_OUTCOMES: Final = {Outcome.PASSED: "v pořádku", Outcome.FAILED: "neplatí", Outcome.INDETERMINATE: "nelze určit"}
_LEVELS: Final = {Level.OK: "ok", Level.WARNING: "warning", Level.FAILED: "failed"}
_STYLE: Final = """
body{font:16px/1.5 system-ui,sans-serif;color:#1b1b1b;background:#fff;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.15rem;margin:2rem 0 .5rem;border-bottom:1px solid #ccc}
dl{display:grid;grid-template-columns:minmax(10rem,16rem) 1fr;gap:.25rem 1rem;margin:0}
dt{color:#555}dd{margin:0;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .5rem;
border-bottom:1px solid #ddd;overflow-wrap:anywhere}
.result{padding:.75rem 1rem;border-left:.4rem solid;margin:1rem 0}
.ok{border-color:#1a7f37;background:#eaf6ec}.warning{border-color:#9a6700;background:#fff6dd}
.failed{border-color:#b3261e;background:#fdecea}
@media(max-width:40rem){dl{grid-template-columns:1fr}dt{margin-top:.5rem}}
@media print{body{margin:0;max-width:none}}
"""


def title_of(zfo: Zfo) -> str:
    """Heading of the document."""
    if zfo.kind is ZfoKind.DELIVERY:
        return f"Doručenka datové zprávy {zfo.dm_id}"
    label = zfo.kind.label
    return f"{label[:1].upper()}{label[1:]} {zfo.dm_id}"


def as_html(zfo: Zfo, verification: ZfoVerification) -> str:
    """A whole HTML page in Czech. Everything from the message is escaped; no script, nothing loaded from elsewhere."""
    summary = verification.summary()
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in summary.reasons if reason != summary.sentence)
    sections = [
        f'<div class="result {_LEVELS[summary.level]}"><strong>{escape(summary.sentence)}</strong>'
        f"{f'<ul>{reasons}</ul>' if reasons else ''}</div>",
        _list_section("Zpráva", envelope_lines(zfo)),
        _table_section("Přílohy", ("Název", "Typ", "Velikost"), file_rows(zfo)),
        _table_section("Události", ("Kdy", "Co"), event_rows(zfo)),
        _table_section("Ověření", ("Výsledek", "Zjištění"), fact_rows(verification)),
        _list_section("Pečeť", seal_lines(verification)),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="cs"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title_of(zfo))}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(title_of(zfo))}</h1><p>{escape(zfo.envelope.annotation)}</p>{''.join(sections)}</body></html>\n"
    )


def as_pdf(zfo: Zfo, verification: ZfoVerification, on: date, *, organisation: str = "") -> bytes:
    """The same as PDF/A-2a; ``on`` is the day shown. Raises ``RenderingFailed`` (a character no font has)."""
    # Imported here: reading ZFO files must not need the typesetter.
    from egon.gateways.pdfa import TableReport, render_table_report

    rows = [("Událost", f"{when} {what}") for when, what in event_rows(zfo)]
    rows += [("Příloha", f"{name} ({kind}, {size})") for name, kind, size in file_rows(zfo)]
    rows += [(f"Ověření: {outcome}", sentence) for outcome, sentence in fact_rows(verification)]
    report = TableReport(
        organisation=organisation or "Datové schránky",
        title=title_of(zfo),
        date=on,
        columns=("Údaj", "Obsah"),
        rows=rows,
        facts=[*envelope_lines(zfo), *seal_lines(verification), ("Závěr", verification.summary().sentence)],
        widths=(1, 3),
    )
    return render_table_report(report)


def envelope_lines(zfo: Zfo) -> list[Line]:
    """What the envelope says, without empty lines."""
    envelope, title = zfo.envelope, zfo.envelope.legal_title
    law = f"zákon č. {title.law}/{title.year} Sb." if title.law and title.year else ""
    places = (("§", title.section), ("odst.", title.paragraph), ("písm.", title.point))
    legal = " ".join([law, *(f"{word} {value}" for word, value in places if value)]).strip()
    lines = [
        ("Číslo zprávy", zfo.dm_id),
        ("Věc", envelope.annotation),
        ("Odesílatel", _party(envelope.sender, envelope.sender_address, envelope.sender_box)),
        ("Druh schránky odesílatele", envelope.sender_type.label if envelope.sender_type else ""),
        ("Organizační jednotka odesílatele", envelope.sender_unit),
        ("Příjemce", _party(envelope.recipient, envelope.recipient_address, envelope.recipient_box)),
        ("Organizační jednotka příjemce", envelope.recipient_unit),
        ("K rukám", envelope.to_hands),
        ("Do vlastních rukou", "ano" if envelope.personal_delivery else ""),
        ("Doručení fikcí", "vyloučeno" if envelope.allow_fiction is False else ""),
        ("Číslo jednací odesílatele", envelope.sender_reference_number),
        ("Spisová značka odesílatele", envelope.sender_file_mark),
        ("Číslo jednací příjemce", envelope.recipient_reference_number),
        ("Spisová značka příjemce", envelope.recipient_file_mark),
        ("Zmocnění", legal),
        ("Stav", zfo.state.label if zfo.state else ""),
        ("Dodáno do schránky", shown_time(zfo.delivery_time)),
        ("Doručeno", shown_time(zfo.acceptance_time)),
    ]
    return [(label, text) for label, text in lines if text]


def file_rows(zfo: Zfo) -> list[tuple[str, str, str]]:
    """Attachments: name, content type, size."""
    return [(file.name or "(bez názvu)", file.mime_type, shown_size(len(file.content))) for file in zfo.files]


def event_rows(zfo: Zfo) -> list[Line]:
    """Events of a delivery receipt."""
    return [(shown_time(event.time), event.description) for event in zfo.events]


def fact_rows(verification: ZfoVerification) -> list[Line]:
    """Every fact of the verification; the code of ETSI EN 319 102-1 stands behind those that did not pass."""
    return [
        (_OUTCOMES[fact.outcome], fact.sentence if fact.passed else f"{fact.sentence} [{fact.sub_indication}]".strip())
        for fact in verification.facts
    ]


def seal_lines(verification: ZfoVerification) -> list[Line]:
    """Who sealed the document, by what, when."""
    until = shown_time(verification.seal_valid_until)
    lines = [
        ("Držitel certifikátu", verification.seal_subject),
        ("Sériové číslo certifikátu", verification.seal_serial_number),
        ("Platnost certifikátu", f"{shown_time(verification.seal_valid_from)} – {until}" if until else ""),
        ("Podoba podpisu", verification.seal_level),
        ("Algoritmus", verification.algorithm_label),
        ("Časové razítko pečeti", shown_time(verification.seal_timestamp_time)),
        ("Razítka lze ověřit do", shown_time(verification.stamps_valid_until)),
        ("Časové razítko podání", shown_time(verification.message_time)),
        ("Ověřeno", shown_time(verification.checked_at)),
    ]
    return [(label, text) for label, text in lines if text]


def shown_time(moment: datetime | None) -> str:
    """A moment in Czech local time: ``1. 3. 2026 14:05:09``; empty for none."""
    if moment is None:
        return ""
    local = moment.astimezone(PRAGUE)
    return f"{local.day}. {local.month}. {local.year} {local:%H:%M:%S}"


def shown_size(size: int) -> str:
    """A size in bytes as people read it: ``1,5 MB``."""
    if size < 1024:
        return f"{size} B"
    value, unit = (size / 1024, "kB") if size < 1024 * 1024 else (size / 1024 / 1024, "MB")
    return f"{value:.1f} {unit}".replace(".", ",")


def _party(name: str, address: str, box: str) -> str:
    return ", ".join(part for part in (name, address, f"schránka {box}" if box else "") if part)


def _list_section(title: str, lines: Sequence[Line]) -> str:
    if not lines:
        return ""
    items = "".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in lines)
    return f"<h2>{escape(title)}</h2><dl>{items}</dl>"


def _table_section(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    heads = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<h2>{escape(title)}</h2><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
