"""Messages that the system itself writes to senders: a virus was found, a message is undeliverable.

Source: manual 2.67, 1.11 (kinds 1 and 3 and the structure of their XML attachment).
"""

import re
from collections.abc import Callable
from typing import Final
from xml.sax.saxutils import escape

from egon.gateways.isds.codes import SYSTEM_BOX
from egon.gateways.isds.simulator import clock
from egon.gateways.isds.simulator.attachments import Attachment
from egon.gateways.isds.simulator.boxes import Box, User
from egon.gateways.isds.simulator.envelopes import Envelope
from egon.gateways.isds.simulator.records import Message

SENDER: Final = Box(id=SYSTEM_BOX, type=0, name="Systémová schránka ISDS")
AUTHOR: Final = User(login="isds", box_id=SYSTEM_BOX, isds_id="", type="ADMINISTRATOR")

Written = Callable[[Message, int], tuple[Envelope, list[Attachment]]]
"""From the message concerned and the moment (ms) to what the system writes about it."""


def infected(message: Message, at: int) -> tuple[Envelope, list[Attachment]]:
    """Kind 1: an attachment was refused by the antivirus check."""
    text = (
        f"V příloze datové zprávy č. {message.id} s věcí „{message.annotation}“ byla antivirovou kontrolou nalezena "
        "hrozba. Zpráva nebyla dodána do datové schránky příjemce.\n"
    )
    fields = (("dmID", str(message.id)), ("dbIDRecipient", message.recipient_box))
    return _written(message, 1, "Datová zpráva obsahuje škodlivý kód a nebyla dodána", text, fields)


def undeliverable(message: Message, at: int) -> tuple[Envelope, list[Attachment]]:
    """Kind 3: the recipient's box was closed with effect before the delivery (§ 20 odst. 1 písm. g)."""
    day = clock.moment(at).date().isoformat()
    text = (
        f"Datovou zprávu č. {message.id} s věcí „{message.annotation}“ nelze doručit, protože datová schránka příjemce "
        f"{message.recipient_name} ({message.recipient_box}) byla zpětně znepřístupněna.\n"
    )
    fields = (
        ("dmID", str(message.id)),
        ("dbIDRecipient", message.recipient_box),
        ("dbName", message.recipient_name),
        ("undelivDate", day),
        ("actionDate", day),
        ("dmAnnotation", message.annotation),
        ("dmSenderRefNumber", _of_envelope(message, "dmSenderRefNumber")),
        ("dmSenderIdent", _of_envelope(message, "dmSenderIdent")),
    )
    return _written(message, 3, "Oznámení o nedoručitelnosti datové zprávy", text, fields)


def _written(
    message: Message, kind: int, annotation: str, text: str, fields: tuple[tuple[str, str], ...]
) -> tuple[Envelope, list[Attachment]]:
    inner = "".join(f"  <{name}>{escape(value)}</{name}>\n" for name, value in fields)
    xml = f'<?xml version="1.0" encoding="UTF-8" ?>\n<SystemMessage type="{kind}">\n{inner}</SystemMessage>\n'
    envelope = Envelope(recipient_box=message.sender_box, annotation=annotation, kind="V")
    files = [
        Attachment(name="oznameni.txt", mime_type="text/plain", content=text.encode()),
        Attachment(name="SystemMessage.xml", mime_type="text/xml", content=xml.encode(), meta_type="enclosure"),
    ]
    return envelope, files


def _of_envelope(message: Message, name: str) -> str:
    """A value of the envelope as it is written in the message, already escaped text turned back."""
    found = re.search(f"<p:{name}>([^<]*)</p:{name}>", message.envelope)
    if found is None:
        return ""
    return found.group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
