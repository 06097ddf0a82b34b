"""Who may send what to whom, and of which kind the message becomes (manual 2.67, 2.1 and 2.2)."""

from dataclasses import replace
from typing import Final

from egon.gateways.isds.codes import OPERATOR_BOX, SYSTEM_BOX, StatusCode
from egon.gateways.isds.simulator import attachments, boxes, envelopes, refusals
from egon.gateways.isds.simulator.attachments import Attachment
from egon.gateways.isds.simulator.boxes import Box, User
from egon.gateways.isds.simulator.credit import PRICE, Credit
from egon.gateways.isds.simulator.directory import Directory
from egon.gateways.isds.simulator.envelopes import Envelope
from egon.gateways.isds.simulator.messages import Messages
from egon.gateways.isds.simulator.refusals import Refusal

MAX_RECIPIENTS: Final = 50


def send(
    directory: Directory,
    messages: Messages,
    *,
    author: User,
    envelope: Envelope,
    files: list[Attachment],
    now: int,
    credit: Credit | None = None,
    big: bool = False,
) -> int:
    """Send one message; its number. Raises :class:`Refusal` with the code ISDS gives, nothing is kept then.

    ``credit`` pays for commercial messages of boxes without a contract; ``big`` is a large message.
    """
    sender = sender_of(directory, author)
    envelopes.check(envelope)
    attachments.check(files, max_total=attachments.MAX_BIG_BYTES if big else attachments.MAX_TOTAL_BYTES)
    recipient = recipient_of(directory, sender, envelope.recipient_box)
    with messages.together():
        kind = kind_of(messages, sender, recipient, envelope, credit)
        number = messages.submit(
            sender=sender,
            recipient=recipient,
            author=author,
            envelope=replace(envelope, kind=kind),
            files=files,
            now=now,
            big=big,
        )
        if kind == "E" and credit is not None:
            credit.pay(sender.id, recipient=recipient.id, message_id=number, now=now)
        return number


def sender_of(directory: Directory, author: User) -> Box:
    """The box a user sends from; refuses without the right or from a closed box."""
    if not author.may(boxes.CREATE_MESSAGES):
        raise refusals.no_right()
    sender = directory.find(author.box_id)
    if sender is None or sender.state != 1:
        raise Refusal(StatusCode.SENDER_BOX_CLOSED, "Datová schránka odesílatele je znepřístupněna.")
    return sender


def recipient_of(directory: Directory, sender: Box, box_id: str) -> Box:
    """The box a message goes to; refuses a malformed, unknown, closed, own or system one."""
    if not boxes.is_box_id(box_id):
        raise Refusal(StatusCode.BAD_BOX_ID, f"Chybný identifikátor datové schránky: {box_id[:20]}")
    if box_id == sender.id or box_id in {SYSTEM_BOX, OPERATOR_BOX}:
        raise Refusal(refusals.OWN_BOX, "Do této datové schránky nelze zprávu poslat.")
    recipient = directory.find(box_id)
    if recipient is None or recipient.state == 5:
        raise Refusal(StatusCode.BOX_UNKNOWN, f"Datová schránka {box_id} neexistuje.")
    if recipient.state != 1:
        raise Refusal(refusals.RECIPIENT_BOX_CLOSED, f"Datová schránka {box_id} není přístupná, zprávu nelze dodat.")
    return recipient


def kind_of(messages: Messages, sender: Box, recipient: Box, envelope: Envelope, credit: Credit | None = None) -> str:
    """``dmType``: public as soon as one side is a public authority, otherwise one of the commercial kinds.

    A sender with a contract pays by it (``K``, ``I``) unless the envelope asks for credit (``E``); one without it
    pays from the credit as long as it lasts.
    """
    if sender.is_public_authority or recipient.is_public_authority:
        return "V"
    if envelope.kind == "O":
        # A reply names the initiating message in dmRecipientRefNumber (manual 2.67, 1.7).
        named = envelope.recipient_ref_number
        messages.use_initiating(reply_sender=sender.id, reply_recipient=recipient.id, reference=named)
        return "O"
    from_credit = envelope.kind == "E" or not sender.commercial_sender
    if from_credit and envelope.kind != "I" and recipient.open_addressing:
        if credit is not None and credit.balance(sender.id) >= PRICE:
            return "E"
        if envelope.kind == "E" and not sender.commercial_sender:
            raise Refusal(StatusCode.NO_PUBLIC_AUTHORITY, "Kredit schránky nestačí na odeslání poštovní datové zprávy.")
    if not (sender.commercial_sender and recipient.open_addressing):
        raise Refusal(
            StatusCode.NO_PUBLIC_AUTHORITY,
            "Odesilatel ani příjemce datové zprávy není OVM a zpráva je označena jako nekomerční.",
        )
    return "I" if envelope.kind == "I" else "K"
