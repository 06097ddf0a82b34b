"""One call of an operation: who calls, when, with what."""

from dataclasses import dataclass
from pathlib import Path

from egon.gateways.isds.codes import MessageState
from egon.gateways.isds.simulator import boxes, clock, refusals
from egon.gateways.isds.simulator.boxes import Box, User
from egon.gateways.isds.simulator.core import Simulator
from egon.gateways.isds.simulator.records import Message
from egon.gateways.isds.simulator.soap import wire
from egon.gateways.isds.simulator.soap.incoming import Incoming

_RECEIVED_STATES = frozenset({4, 5, 6, 7, 8, 9, 10})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that passed the login. ``fault`` is the kind of a fault an operation itself has to play."""

    simulator: Simulator
    user: User
    now: int
    request: wire.Request
    fault: str = ""
    incoming: Incoming | None = None
    """The files of a request to the services for large messages."""
    folder: Path = Path()
    """Where such a call may write; it is erased when the answer has gone."""

    @property
    def box(self) -> Box:
        """The box of the caller."""
        box = self.simulator.directory.find(self.user.box_id)
        if box is None:
            raise LookupError(self.user.box_id)
        return box

    def text(self, name: str) -> str:
        return wire.text(self.request, name)

    def content(self, parent: wire.Request | None, name: str) -> Path:
        """The file with the content of an element; refuses one without any (1214)."""
        if self.incoming is None:
            raise LookupError(name)
        return self.incoming.content(parent, name)

    def moment(self, name: str) -> int | None:
        """A time from the request in ms, ``None`` when empty; refuses one that cannot be read (2017)."""
        value = self.text(name)
        if not value:
            return None
        try:
            return clock.from_xml(value)
        except (ValueError, OverflowError) as unreadable:
            raise refusals.bad_time(value) from unreadable

    def number(self, name: str, default: int | None) -> int | None:
        """A whole number from the request; refuses anything else."""
        value = self.text(name)
        if not value:
            return default
        try:
            return int(value)
        except ValueError as unreadable:
            raise refusals.bad_envelope(f"„{value[:40]}“ není celé číslo.") from unreadable

    def require(self, privilege: int) -> None:
        if not self.user.may(privilege):
            raise refusals.no_right()

    def received(self) -> Message:
        """The received message of the request, delivered by login; its content may be erased."""
        message = self._known()
        if message.recipient_box != self.user.box_id or message.state not in _RECEIVED_STATES:
            raise refusals.foreign_message()
        if not self.user.may_read(personal=message.personal):
            raise refusals.no_right()
        if message.state in {MessageState.DELIVERED_TO_BOX, MessageState.DELIVERED_BY_FICTION}:
            raise refusals.not_delivered_yet()
        return message

    def sent(self) -> Message:
        """The sent message of the request."""
        message = self._known()
        if message.sender_box != self.user.box_id:
            raise refusals.foreign_message()
        return message

    def own(self) -> Message:
        """The message of the request, on whichever side the caller stands."""
        message = self._known()
        is_sender = message.sender_box == self.user.box_id
        is_recipient = message.recipient_box == self.user.box_id and message.state in _RECEIVED_STATES
        if not (is_sender or is_recipient):
            raise refusals.foreign_message()
        return message

    def downloadable(self, *, big: bool) -> Message:
        """A received message whose content may be given out by a service for large or for ordinary messages."""
        return self._given_out(self.received(), big=big)

    def downloadable_sent(self, *, big: bool) -> Message:
        """A sent message likewise; it must have been put into the recipient's box (otherwise 1229)."""
        self.require(boxes.CREATE_MESSAGES)
        message = self._given_out(self.sent(), big=big)
        if message.delivered is None:
            raise refusals.sent_not_delivered_yet()
        return message

    def _given_out(self, message: Message, *, big: bool) -> Message:
        if self.simulator.switches.downloads_blocked(self.user.box_id):
            raise refusals.download_blocked()
        if message.big is not big:
            raise refusals.wrong_service(big=message.big)
        if message.is_erased_for(self.user.box_id):
            raise refusals.erased()
        return message

    def download_status(self, message: Message) -> tuple[str, str]:
        """What to tell with a sealed message: 0005 without a time stamp; refuses who asks again too soon (3005)."""
        switches = self.simulator.switches
        if not switches.stamping_down:
            return wire.OK, wire.OK_TEXT
        if switches.asked_too_often(self.user.box_id, message.id, self.now):
            raise refusals.downloaded_too_often()
        return "0005", "Zprávu se nepodařilo opatřit časovým razítkem, je pouze podepsaná."

    def require_time_stamps(self) -> None:
        """Refuses while there are none to be had (2207)."""
        if self.simulator.switches.stamping_down:
            raise refusals.no_time_stamp()

    def own_box(self, name: str = "dbID") -> str:
        """The box a request asks about, which must be the caller's own (otherwise 1004)."""
        box_id = self.text(name)
        if box_id != self.user.box_id:
            raise refusals.no_right()
        return box_id

    def _known(self) -> Message:
        message = self.simulator.messages.find(self.text("dmID"))
        if message is None:
            raise refusals.foreign_message()
        return message

    def require_view(self) -> None:
        self.require(boxes.VIEW_INFO)
