"""The XML of messages and delivery records, plain for SOAP answers and sealed for ZFO files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from egon.gateways.isds.codes import MessageState
from egon.gateways.isds.namespaces import XSI, ZFO_DELIVERY, ZFO_RECEIVED, ZFO_SENT
from egon.gateways.isds.simulator import clock, envelopes
from egon.gateways.isds.simulator.contents import Content
from egon.gateways.isds.simulator.core import Simulator
from egon.gateways.isds.simulator.envelopes import element
from egon.gateways.isds.simulator.records import Message

_PUBLIC: Final = "V"


def hash_xml(message: Message) -> str:
    """``dmHash`` of a message."""
    return f'<q:dmHash algorithm="SHA-256">{envelopes.in_lines(message.hash)}</q:dmHash>'


def time_xml(name: str, moment: int | None) -> str:
    """A time with the Czech zone; nil while it did not happen."""
    return element("q", name, "" if moment is None else clock.as_xml(moment))


def kind_attribute(message: Message) -> str:
    """``dmType``; a public message has none."""
    return "" if message.kind == _PUBLIC else f' dmType="{message.kind}"'


def _proofs(simulator: Simulator, message: Message) -> str:
    return (
        f"{hash_xml(message)}<q:dmQTimestamp>{envelopes.in_lines(simulator.messages.stamp(message))}</q:dmQTimestamp>"
        f"{time_xml('dmDeliveryTime', message.delivered)}{time_xml('dmAcceptanceTime', message.accepted)}"
        f"<q:dmMessageStatus>{_told_state(message)}</q:dmMessageStatus>"
    )


def _told_state(message: Message) -> int:
    """What lies in the vault is told with the state it had before (manual 2.67, 2.6.1)."""
    return message.kept_state if message.state == MessageState.IN_VAULT and message.kept_state else message.state


def big_attributes(message: Message) -> str:
    """``dmVODZ`` and ``attsNum`` of a large message; nothing for an ordinary one."""
    return f' dmVODZ="true" attsNum="{message.file_count}"' if message.big else ""


def returned_message(simulator: Simulator, message: Message) -> bytes:
    """``dmReturnedMessage`` with attachments; raises :class:`Refusal` when they were erased."""
    rest = f"{_proofs(simulator, message)}<q:dmAttachmentSize>{message.size_kb}</q:dmAttachmentSize>"
    return b"".join(
        (
            f"<q:dmReturnedMessage{kind_attribute(message)}>".encode(),
            simulator.messages.whole(message),
            rest.encode(),
            b"</q:dmReturnedMessage>",
        )
    )


def returned_big_message(simulator: Simulator, message: Message) -> tuple[bytes, Content, bytes]:
    """The same of a large message: what stands before its attachments, the attachments on disk, what follows."""
    content = simulator.messages.content(message)
    start = f"<q:dmReturnedMessage{kind_attribute(message)}{big_attributes(message)}>".encode()
    rest = f"{_proofs(simulator, message)}<q:dmAttachmentSize>{message.size_kb}</q:dmAttachmentSize>"
    end = envelopes.MESSAGE_END + rest.encode() + b"</q:dmReturnedMessage>"
    return start + envelopes.message_start(message.envelope), content, end


def returned_envelope(simulator: Simulator, message: Message) -> str:
    """``dmReturnedMessageEnvelope``: the same without attachments, available also after erasure."""
    return (
        f"<q:dmReturnedMessageEnvelope{kind_attribute(message)}{big_attributes(message)}>"
        f"{envelopes.envelope_only(message.envelope)}"
        f"{_proofs(simulator, message)}<q:dmAttachmentSize>{message.size_kb}</q:dmAttachmentSize>"
        "</q:dmReturnedMessageEnvelope>"
    )


def delivery(simulator: Simulator, message: Message) -> str:
    """``dmDelivery``: envelope, proofs and events."""
    events = "".join(
        f"<q:dmEvent>{time_xml('dmEventTime', moment)}{element('q', 'dmEventDescr', description)}</q:dmEvent>"
        for moment, description in simulator.messages.events(message.id)
    )
    return (
        f"<q:dmDelivery>{envelopes.envelope_only(message.envelope)}{_proofs(simulator, message)}"
        f"<q:dmEvents>{events}</q:dmEvents></q:dmDelivery>"
    )


def message_zfo(simulator: Simulator, message: Message, *, sent: bool = False) -> bytes:
    """A sealed message. Sealed anew at each download, as ISDS does: states in it change."""
    content = returned_message(simulator, message)
    return _sealed(simulator, _namespace(sent=sent), "MessageDownloadResponse", content, stamped=_stamped(simulator))


def big_zfo(simulator: Simulator, message: Message, path: Path, *, sent: bool = False) -> None:
    """A sealed large message, written to ``path`` without ever being whole in memory."""
    start, content, end = returned_big_message(simulator, message)
    opening, closing = _document(_namespace(sent=sent), "MessageDownloadResponse")

    def chunks() -> Iterator[bytes]:
        yield opening + start
        yield from content.chunks()
        yield end + closing

    with path.open("wb") as target:
        now = clock.utc(simulator.clock.now())
        simulator.sealer.seal_to(target, chunks, at=now, stamped=_stamped(simulator))


def delivery_zfo(simulator: Simulator, message: Message) -> bytes:
    """A sealed delivery record; without a time stamp of the seal, as in real ones (manual 2.67, 2.6.2)."""
    content = delivery(simulator, message).encode()
    return _sealed(simulator, ZFO_DELIVERY, "GetDeliveryInfoResponse", content, stamped=False)


def _sealed(simulator: Simulator, namespace: str, root: str, content: bytes, *, stamped: bool) -> bytes:
    opening, closing = _document(namespace, root)
    document = b"".join((opening, content, closing))
    return simulator.sealer.seal(document, at=clock.utc(simulator.clock.now()), stamped=stamped)


def _namespace(*, sent: bool) -> str:
    return ZFO_SENT if sent else ZFO_RECEIVED


def _stamped(simulator: Simulator) -> bool:
    """Without the authority of time stamps the seal goes out bare (status 0005)."""
    return not simulator.switches.stamping_down


def _document(namespace: str, root: str) -> tuple[bytes, bytes]:
    """The tags around the content of a ZFO."""
    return f'<q:{root} xmlns:q="{namespace}" xmlns:xsi="{XSI}">'.encode(), f"</q:{root}>".encode()
