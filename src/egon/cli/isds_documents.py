"""Commands of ``./egon isds`` over files: verify (needs no network), archive."""

import argparse
from pathlib import Path
from typing import Any

from egon.cli.isds_login import open_client
from egon.cli.isds_messages import Commands, Outcome, Refusal
from egon.gateways.isds import Source, TrustStore, Zfo, ZfoVerification, read_zfo, verify_zfo
from egon.gateways.isds.zfo import Level
from egon.gateways.isds.zfo.rendering import as_html, as_pdf, envelope_lines, fact_rows, seal_lines, title_of
from egon.kernel import clock


def add_verify(commands: Commands) -> argparse.ArgumentParser:
    """``verify FILE``."""
    parser: argparse.ArgumentParser = commands.add_parser("verify", help="přečte a ověří ZFO (bez připojení k síti)")
    parser.add_argument("file", type=Path, help="soubor ZFO")
    parser.add_argument("--trust", type=Path, help="složka s důvěryhodnými kořenovými certifikáty (PEM)")
    parser.add_argument("--html", type=Path, help="zapsat čitelnou podobu do HTML")
    parser.add_argument("--pdf", type=Path, help="zapsat čitelnou podobu do PDF/A")
    parser.add_argument("--extract", type=Path, help="uložit přílohy do složky")
    parser.set_defaults(run=_verify)
    return parser


def _verify(given: argparse.Namespace) -> Outcome:
    with given.file.open("rb") as stream:
        zfo = read_zfo(stream)
    trust = TrustStore.from_pem_folder(given.trust) if given.trust else TrustStore.empty()
    verification = verify_zfo(zfo, trust, clock.now())
    if given.html:
        given.html.write_text(as_html(zfo, verification), encoding="utf-8")
    if given.pdf:
        given.pdf.write_bytes(as_pdf(zfo, verification, clock.today()))
    saved = _extract(zfo, given.extract) if given.extract else []
    summary = verification.summary()
    lines = [title_of(zfo), *(f"  {label}: {text}" for label, text in envelope_lines(zfo)), ""]
    lines += [f"  {outcome}: {sentence}" for outcome, sentence in fact_rows(verification)]
    lines += ["", *(f"  {label}: {text}" for label, text in seal_lines(verification)), "", summary.sentence]
    lines += [f"Uloženo: {path}" for path in saved]
    return Outcome("\n".join(lines), _data(zfo, verification), good=summary.level is not Level.FAILED)


def _extract(zfo: Zfo, folder: Path) -> list[Path]:
    """Attachments under harmless names; nothing is overwritten."""
    folder.mkdir(parents=True, exist_ok=True)
    saved = []
    for number, file in enumerate(zfo.files, 1):
        plain = "".join(char if char.isalnum() or char in " ._-()," else "_" for char in file.name).strip(" .")
        path = folder / f"{number:02d} {plain[-150:] or 'priloha'}"
        with path.open("xb") as target:
            target.write(file.content)
        saved.append(path)
    return saved


def _data(zfo: Zfo, verification: ZfoVerification) -> dict[str, Any]:
    summary = verification.summary()
    return {
        "kind": zfo.kind.value,
        "dm_id": zfo.dm_id,
        "annotation": zfo.envelope.annotation,
        "sender": zfo.envelope.sender,
        "sender_box": zfo.envelope.sender_box,
        "recipient": zfo.envelope.recipient,
        "recipient_box": zfo.envelope.recipient_box,
        "state": int(zfo.state),
        "delivery_time": zfo.delivery_time.isoformat() if zfo.delivery_time else None,
        "acceptance_time": zfo.acceptance_time.isoformat() if zfo.acceptance_time else None,
        "files": [{"name": file.name, "type": file.mime_type, "size": len(file.content)} for file in zfo.files],
        "result": summary.level.value,
        "sentence": summary.sentence,
        "facts": [
            {
                "name": fact.name,
                "outcome": fact.outcome.value,
                "code": fact.sub_indication.value,
                "sentence": fact.sentence,
            }
            for fact in verification.facts
        ],
    }


def add_archive(commands: Commands) -> argparse.ArgumentParser:
    """``archive FILE``."""
    parser: argparse.ArgumentParser = commands.add_parser("archive", help="přidá k ZFO archivní časové razítko")
    parser.add_argument("file", type=Path, help="soubor ZFO")
    parser.add_argument("-o", "--output", type=Path, required=True, help="kam uložit orazítkovaný dokument")
    parser.set_defaults(run=_archive)
    return parser


def _archive(given: argparse.Namespace) -> Outcome:
    if given.output.exists():
        raise Refusal(f"Soubor {given.output} už existuje, nic se neprovedlo. Uveďte jiný název (-o).")
    part = given.output.with_name(f"{given.output.name}.part")
    try:
        with open_client(given) as client, part.open("wb") as target:
            done = client.archive(Source.of_path(given.file), target)
        part.replace(given.output)
    finally:
        part.unlink(missing_ok=True)
    day = done.next_stamp_to
    until = f" Další razítko je třeba nejpozději {day.day}. {day.month}. {day.year}." if day else ""
    data = {"file": str(given.output), "size": done.size, "next_stamp_to": day.isoformat() if day else None}
    return Outcome(f"Dokument s razítkem uložen: {given.output}.{until}", data)
