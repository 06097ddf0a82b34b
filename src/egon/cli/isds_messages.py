"""Commands of ``./egon isds`` that speak with ISDS: list, download, receipt, send, find."""

import argparse
import hashlib
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Final

from egon.cli.isds_login import open_client
from egon.gateways.isds import FileLedger, IsdsClient, IsdsRefused, OutgoingMessage, SendingUnclear, Source
from egon.gateways.isds.attachment_types import CONTENT_TYPES, extension_of
from egon.gateways.isds.dispatch import Attachment, send
from egon.gateways.isds.messages import MessageRecord
from egon.gateways.isds.rules import MAX_BIG_SIZE, is_box_id
from egon.gateways.isds.times import PRAGUE
from egon.gateways.isds.zfo.rendering import shown_time
from egon.kernel import clock
from egon.kernel.errors import DomainError

type Commands = Any
"""What argparse returns from ``add_subparsers``."""

_WRONG_SERVICE: Final = "1281"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command prints: for people, or as JSON. ``good`` decides the exit code."""

    text: str
    data: Any = field(default=None)
    good: bool = True


class Refusal(DomainError):
    """What was asked for on the command line cannot be done."""

    code = "cli.isds"


def add_list(commands: Commands) -> argparse.ArgumentParser:
    """``list received|sent``."""
    parser: argparse.ArgumentParser = commands.add_parser("list", help="vypíše zprávy")
    parser.add_argument(
        "side", choices=("received", "sent", "waiting"), help="došlé, odeslané, čekající (bez doručení)"
    )
    parser.add_argument("--since", type=_moment, help="od kdy (2026-03-01 nebo 2026-03-01T08:00), jinak 30 dní")
    parser.add_argument("--until", type=_moment, help="do kdy")
    parser.add_argument("--deliver", action="store_true", help="beru na vědomí, že výpis došlých zprávy doručí")
    parser.set_defaults(run=_list)
    return parser


def _list(given: argparse.Namespace) -> Outcome:
    since = given.since or clock.now() - timedelta(days=30)
    if given.side == "received" and not given.deliver:
        raise Refusal(
            "Výpisem došlých zpráv se všechny dodané zprávy DORUČÍ (§ 17 odst. 3 zákona č. 300/2008 Sb.). Nic se "
            "nestalo. Souhlasíte-li, přidejte --deliver; bez doručení je vypíše „list waiting“ (s certifikátem)."
        )
    with open_client(given) as client:
        if given.side == "waiting":
            return _waiting(client, since)
        records: tuple[MessageRecord, ...] = (
            client.list_received(since, given.until)
            if given.side == "received"
            else client.list_sent(since, given.until)
        )
    lines = [_record_line(item, received=given.side == "received") for item in records]
    return Outcome("\n".join(lines) or "Žádné zprávy.", [_record_data(item) for item in records])


def _waiting(client: IsdsClient, since: datetime) -> Outcome:
    found = client.notifications(since).records
    lines = [f"{item.dm_id}  {shown_time(item.delivery_time)}  {item.sender}  {item.annotation}" for item in found]
    return Outcome("\n".join(lines) or "Žádné zprávy.", [asdict(item) for item in found])


def _record_line(record: MessageRecord, *, received: bool) -> str:
    other = record.envelope.sender if received else record.envelope.recipient
    big = "  [velkoobjemová]" if record.is_big else ""
    when = shown_time(record.delivery_time)
    return f"{record.dm_id}  {when}  {record.state.label}  {other}  {record.envelope.annotation}{big}"


def _record_data(record: MessageRecord) -> dict[str, Any]:
    envelope = record.envelope
    return {
        "dm_id": record.dm_id,
        "state": int(record.state),
        "state_label": record.state.label,
        "sender_box": envelope.sender_box,
        "sender": envelope.sender,
        "recipient_box": envelope.recipient_box,
        "recipient": envelope.recipient,
        "annotation": envelope.annotation,
        "sender_reference_number": envelope.sender_reference_number,
        "delivery_time": record.delivery_time.isoformat() if record.delivery_time else None,
        "acceptance_time": record.acceptance_time.isoformat() if record.acceptance_time else None,
        "big": record.is_big,
        "type": record.message_type,
    }


def add_download(commands: Commands) -> argparse.ArgumentParser:
    """``download ID``."""
    parser: argparse.ArgumentParser = commands.add_parser("download", help="stáhne zprávu jako ZFO")
    parser.add_argument("dm_id", help="číslo zprávy")
    parser.add_argument("--sent", action="store_true", help="odeslaná zpráva")
    parser.add_argument("-o", "--output", type=Path, help="kam (jinak CISLO.zfo)")
    parser.set_defaults(run=_download)
    return parser


def _download(given: argparse.Namespace) -> Outcome:
    with open_client(given) as client:
        plain = client.download_sent_signed_into if given.sent else client.download_signed_into
        big = client.download_big_sent_signed_into if given.sent else client.download_big_signed_into

        def fetch(target: BinaryIO) -> int:
            try:
                return plain(given.dm_id, target)
            except IsdsRefused as refusal:
                if refusal.status != _WRONG_SERVICE:
                    raise
            target.seek(0)
            target.truncate()
            return big(given.dm_id, target)

        return _saved(given.output or Path(f"{_plain_number(given.dm_id)}.zfo"), fetch, "Zpráva uložena")


def add_receipt(commands: Commands) -> argparse.ArgumentParser:
    """``receipt ID``."""
    parser: argparse.ArgumentParser = commands.add_parser("receipt", help="stáhne doručenku jako ZFO")
    parser.add_argument("dm_id", help="číslo zprávy")
    parser.add_argument("-o", "--output", type=Path, help="kam (jinak CISLO-dorucenka.zfo)")
    parser.set_defaults(run=_receipt)
    return parser


def _receipt(given: argparse.Namespace) -> Outcome:
    with open_client(given) as client:
        path = given.output or Path(f"{_plain_number(given.dm_id)}-dorucenka.zfo")
        return _saved(path, lambda target: client.signed_delivery_info_into(given.dm_id, target), "Doručenka uložena")


def _saved(path: Path, fetch: Callable[[BinaryIO], int], what: str) -> Outcome:
    """Write to a temporary name first: a broken download never looks like a document."""
    if path.exists():
        raise Refusal(f"Soubor {path} už existuje, nic se nestáhlo. Uveďte jiný název (-o).")
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as target:
            size = fetch(target)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return Outcome(f"{what}: {path} ({size} B)", {"file": str(path), "size": size})


def add_send(commands: Commands) -> argparse.ArgumentParser:
    """``send --to BOX --subject TEXT FILES``."""
    parser: argparse.ArgumentParser = commands.add_parser("send", help="odešle zprávu (velkou pozná podle velikosti)")
    parser.add_argument("files", type=Path, nargs="+", help="přílohy, první je hlavní dokument")
    parser.add_argument("--to", required=True, help="schránka příjemce")
    parser.add_argument("--subject", required=True, help="věc")
    parser.add_argument("--reference", default="", help="naše číslo jednací")
    parser.add_argument("--file-mark", default="", help="naše spisová značka")
    parser.add_argument("--to-hands", default="", help="k rukám")
    parser.add_argument("--personal", action="store_true", help="do vlastních rukou")
    parser.add_argument("--no-fiction", action="store_true", help="vyloučit doručení fikcí (jen úřady)")
    parser.add_argument("--type", default="", help="druh zprávy (K poštovní, I iniciační, O odpovědní…)")
    parser.set_defaults(run=_send)
    return parser


def _send(given: argparse.Namespace) -> Outcome:
    if not is_box_id(given.to):
        raise Refusal(f"Schránka „{given.to}“ nemůže existovat, zkontrolujte překlep. Nic se neodeslalo.")
    attachments = [_attachment(path, is_main=index == 0) for index, path in enumerate(given.files)]
    if sum(item.source.size for item in attachments) > MAX_BIG_SIZE:
        raise Refusal("Přílohy mají dohromady přes 100 MB, víc ISDS nepřijme. Nic se neodeslalo.")
    message = OutgoingMessage(
        given.to,
        given.subject,
        (),
        to_hands=given.to_hands,
        sender_reference_number=given.reference,
        sender_file_mark=given.file_mark,
        personal_delivery=given.personal,
        allow_fiction=not given.no_fiction,
        message_type=given.type,
    )
    with open_client(given) as client:
        began = clock.now()
        try:
            done = send(client, message, attachments, _ledger(client))
        except SendingUnclear:
            return _look_for(client, message, began)
    kind = "velkoobjemová zpráva" if done.is_big else "zpráva"
    return Outcome(f"Odesláno, {kind} číslo {done.dm_id}.", {"dm_id": done.dm_id, "big": done.is_big})


def _look_for(client: IsdsClient, message: OutgoingMessage, began: datetime) -> Outcome:
    """After an unclear sending: is it among the sent ones? Looking delivers nothing."""
    for record in client.list_sent(began - timedelta(minutes=5)):
        envelope = record.envelope
        same = (envelope.recipient_box, envelope.annotation, envelope.sender_reference_number)
        if same == (message.recipient_box, message.annotation, message.sender_reference_number):
            text = f"Spojení se přerušilo, ale ISDS zprávu přijal pod číslem {record.dm_id}. Znovu ji neposílejte."
            return Outcome(text, {"dm_id": record.dm_id, "big": record.is_big})
    text = (
        "Spojení se přerušilo a zpráva mezi odeslanými zatím není. Počkejte několik minut, ověřte to příkazem "
        "„list sent“ a teprve potom ji případně pošlete znovu."
    )
    return Outcome(text, {"dm_id": None}, good=False)


def _attachment(path: Path, *, is_main: bool) -> Attachment:
    kinds = CONTENT_TYPES.get(extension_of(path.name))
    if not kinds:
        raise Refusal(
            f"Soubor {path.name}: tento typ ISDS nepřijímá. Nic se neodeslalo; převeďte jej například do PDF."
        )
    return Attachment(path.name, Source.of_path(path), kinds[0], "main" if is_main else "enclosure")


def _ledger(client: IsdsClient) -> FileLedger:
    """Uploads of a large message survive the end of the program, one file for each environment and login."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "egon-isds"
    environment = client.environment
    whose = f"{environment.domain} {environment.base_url} {client.login.name}"
    return FileLedger(base / f"uploads-{hashlib.sha256(whose.encode()).hexdigest()[:16]}.json")


def add_find(commands: Commands) -> argparse.ArgumentParser:
    """``find TEXT``."""
    parser: argparse.ArgumentParser = commands.add_parser("find", help="najde schránku")
    parser.add_argument("text", help="název, adresa, IČO nebo číslo schránky")
    kinds = ("GENERAL", "ADDRESS", "ICO", "IDOVM", "DBID")
    parser.add_argument("--by", choices=kinds, help="v čem hledat (jinak se pozná)")
    parser.set_defaults(run=_find)
    return parser


def _find(given: argparse.Namespace) -> Outcome:
    kind = given.by or _kind_of(given.text)
    with open_client(given) as client:
        page = client.search_boxes(given.text, kind)
    lines = [f"{box.box_id}  {box.name}  {box.address}  {box.send_options.label}" for box in page.boxes]
    if page.total > len(page.boxes):
        lines.append(f"… a dalších {page.total - len(page.boxes)}; zpřesněte dotaz.")
    data = [asdict(box) | {"birth_date": str(box.birth_date or "")} for box in page.boxes]
    return Outcome("\n".join(lines) or "Žádná schránka nenalezena.", data, good=bool(page.boxes))


def _kind_of(text: str) -> str:
    if len(text) == 8 and text.isdigit():
        return "ICO"
    return "DBID" if is_box_id(text) else "GENERAL"


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"„{text}“ není datum (2026-03-01)") from error
    return found.replace(tzinfo=PRAGUE) if found.tzinfo is None else found


def _plain_number(dm_id: str) -> str:
    if not dm_id.isalnum():
        raise Refusal(f"„{dm_id}“ není číslo zprávy.")
    return dm_id
