"""Recipients' boxes as ISDS tells of them: just before sending, and for a person who chooses one."""

from egon.databox import options
from egon.databox.models import Box, OutboxItem, Payment
from egon.gateways.isds import BoxQuery, IsdsClient
from egon.gateways.isds.codes import BoxState

UNPAID = (
    "Vlastní schránka ani schránka příjemce nepatří orgánu veřejné moci, šlo by o placenou poštovní datovou zprávu. "
    "Bez pokynu se placená zpráva neodesílá. Nic se neodeslalo a dokument zůstal beze změny; ve výpravně ho odešlete "
    "znovu a zvolte, kdo zprávu zaplatí, nebo zvolte jiný způsob odeslání."
)
_UNPAYABLE = (
    "ISDS teď poštovní datovou zprávu do této schránky neodešle: chybí kredit nebo smlouva, anebo schránka příjemce "
    "poštovní zprávy nepřijímá. Nic se neodeslalo a dokument zůstal beze změny; doplňte kredit, nebo zvolte jiný "
    "způsob odeslání."
)


def obstacle_to(item: OutboxItem, client: IsdsClient) -> str:
    """What stands in the way of sending now, with the next step; empty when nothing does.

    Raises ``IsdsRefused`` for a box that does not exist, other ``GatewayError`` when ISDS could not tell.
    """
    state = client.check_box(item.recipient_box_id)
    if not state.takes_messages:
        return closed(state)
    if item.payment:
        return _obstacle_to_paying(item, client)
    return UNPAID if is_commercial(item, client) else ""


def closed(state: BoxState) -> str:
    """The obstacle of a box that takes no messages."""
    return (
        f"Schránka příjemce je {state.label}, zprávu nepřijme. Nic se neodeslalo a dokument zůstal beze změny; "
        "vyhledejte jinou schránku příjemce, nebo zvolte jiný způsob odeslání."
    )


def is_commercial(item: OutboxItem, client: IsdsClient) -> bool:
    """Whether ISDS would take the message as a commercial one; asks for types of boxes that are not known yet.

    The recipient's type is asked for anew unless our own box decides: what a page remembered may have changed.
    """
    sender_type = sender_type_of(item.box, client)
    known = options.is_commercial(sender_type, "")
    if known is None:
        known = options.is_commercial(sender_type, recipient_type_of(item.recipient_box_id, client))
    return known is not False


def sender_type_of(box: Box, client: IsdsClient) -> str:
    """The type of our own box; learned from ISDS once (GetOwnerInfoFromLogin2) when nobody wrote it."""
    if not box.box_type:
        box.box_type = str(client.owner().box_type)
        Box.objects.filter(pk=box.pk, box_type="").update(box_type=box.box_type)
    return box.box_type


def recipient_type_of(box_id: str, client: IsdsClient) -> str:
    """The type of a box (FindDataBox2); empty when ISDS does not find it."""
    found = client.find_box(BoxQuery(box_id=box_id)).boxes
    return str(found[0].box_type) if found else ""


def _obstacle_to_paying(item: OutboxItem, client: IsdsClient) -> str:
    if item.payment == Payment.REPLY:
        return ""  # the recipient pays; whether the initiating message still holds, only sending tells
    kind = "Init" if item.payment == Payment.INITIATING else "VoDZ" if item.is_big else "Normal"
    return "" if client.may_send_commercial(item.recipient_box_id, kind) else _UNPAYABLE
