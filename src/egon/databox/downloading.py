"""The bytes of one sealed document: ISDS has services of their own for ordinary messages, large ones and receipts."""

import io

from egon.databox.models import DataMessage, Direction
from egon.gateways.isds import IsdsClient


def ordinary(message: DataMessage, client: IsdsClient) -> bytes:
    """An ordinary message or a receipt. Raises ``IsdsRefused`` 1281 for a large message."""
    match message.direction:
        case Direction.SENT:
            return client.download_sent_signed(message.dm_id)
        case Direction.RECEIPT:
            return client.signed_delivery_info(message.dm_id)
        case _:
            return client.download_signed(message.dm_id)


def large(message: DataMessage, client: IsdsClient) -> bytes:
    """A large message (VoDZ), up to some 135 MB; its receipt is an ordinary one."""
    target = io.BytesIO()
    match message.direction:
        case Direction.SENT:
            client.download_big_sent_signed_into(message.dm_id, target)
        case Direction.RECEIPT:
            return client.signed_delivery_info(message.dm_id)
        case _:
            client.download_big_signed_into(message.dm_id, target)
    return target.getvalue()
