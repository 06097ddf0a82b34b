"""What calls of all services have in common: one request, one answer, errors by what the caller should do."""

import io
from collections.abc import Callable
from typing import BinaryIO, Final

from lxml import etree

from egon.gateways.isds.environment import Environment
from egon.gateways.isds.errors import IsdsBusy, SendingUnclear, change_unclear
from egon.gateways.isds.limiter import Limiter
from egon.gateways.isds.logins import Login
from egon.gateways.isds.namespaces import BIG_SERVICES
from egon.gateways.isds.operations import OPERATIONS, SENDING
from egon.gateways.isds.outgoing import Encoded, EncodedBody
from egon.gateways.isds.soap import answer_of, closing, element, opening, request
from egon.gateways.isds.streamed import Place, StreamedAnswer
from egon.gateways.isds.transport import RequestBody, Transport, broken_answer

_THROTTLED: Final = frozenset({"3008", "3009", "3013"})


class Caller:
    """The common ground of :class:`IsdsClient`; which service an operation belongs to, its table says."""

    def __init__(self, environment: Environment, login: Login, limiter: Limiter | None = None) -> None:
        self.environment = environment
        self.login = login
        self._transport = Transport(environment, login, limiter)

    def call(self, operation: str, *content: str) -> etree._Element:
        """Ask for an operation whose request is small; the ``…Response`` element with a successful status."""
        soap12 = OPERATIONS[operation].service in BIG_SERVICES
        return self.call_with(operation, request(operation, *content, soap12=soap12))

    def call_with(self, operation: str, body: RequestBody) -> etree._Element:
        """Ask for an operation with a ready request; the answer is small.

        When the answer is lost, operations that must not be done twice raise an ``Ambiguous``: ``SendingUnclear`` when
        a message was submitted, ``ChangeUnclear`` otherwise.
        """
        entry = OPERATIONS[operation]
        data = bytearray()
        try:
            self._transport.exchange(entry.service, body, data.extend, sending=not entry.repeatable)
            return answer_of(bytes(data), operation, sending=not entry.repeatable)
        except SendingUnclear as error:
            if operation in SENDING:
                raise
            raise change_unclear(error) from error
        except IsdsBusy as error:
            self._note(error)
            raise

    def fetch(
        self, operation: str, body: RequestBody, open_target: Callable[[Place], BinaryIO]
    ) -> tuple[etree._Element, list[int]]:
        """Ask for documents, written to their targets while they arrive: the answer without them, and their sizes.

        After an error the targets may hold a part of a document and must be thrown away.
        """
        answer = StreamedAnswer(operation, open_target)
        try:
            self._transport.exchange(OPERATIONS[operation].service, body, answer.feed, started=answer.start)
            return answer.finish(), answer.sizes
        except IsdsBusy as error:
            self._note(error)
            raise

    def fetch_one(self, operation: str, body: RequestBody, target: BinaryIO) -> tuple[etree._Element, int]:
        """Ask for one document; an answer without it is broken."""
        answer, sizes = self.fetch(operation, body, lambda _place: target)
        if sizes[:1] in ([], [0]):
            raise broken_answer(False, "odpověď neobsahuje podepsaný dokument")
        return answer, sizes[0]

    def fetch_message(self, operation: str, dm_id: str, target: BinaryIO) -> int:
        """Ask for the document of one message; its size in bytes."""
        soap12 = OPERATIONS[operation].service in BIG_SERVICES
        body = request(operation, element("dmID", dm_id), soap12=soap12)
        return self.fetch_one(operation, body, target)[1]

    def message_bytes(self, operation: str, dm_id: str) -> bytes:
        """As :meth:`fetch_message`, held in memory."""
        target = io.BytesIO()
        self.fetch_message(operation, dm_id, target)
        return target.getvalue()

    def _note(self, error: IsdsBusy) -> None:
        if error.status in _THROTTLED:
            self._transport.slow_down()


def document_body(operation: str, name: str, document: bytes) -> EncodedBody:
    """A request that carries one document as base64 (SOAP 1.1)."""
    head, tail = f"{opening(operation)}<{name}>", f"</{name}>{closing(operation)}"
    return EncodedBody((head.encode(), Encoded(document), tail.encode()))
