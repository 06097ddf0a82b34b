"""Recipients' boxes as ISDS tells of them: just before sending, and for a person who chooses one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from egon.databox import options
from egon.databox.models import Box, OutboxItem, OutboxState, Payment
from egon.gateways.isds import BoxOwner, BoxQuery, FoundBox, IsdsClient
from egon.gateways.isds.box_facts import CommercialOffer
from egon.gateways.isds.codes import BoxState, BoxType
from egon.gateways.isds.rules import is_box_id

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
    if not is_commercial(item, client):
        _free(item)
        return ""
    return _obstacle_to_paying(item, client) if item.payment else UNPAID


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


def _free(item: OutboxItem) -> None:
    """A public message is never paid, whatever was chosen for many recipients at once."""
    if item.payment:
        item.payment = ""
        OutboxItem.objects.filter(pk=item.pk, state=OutboxState.QUEUED).update(payment="")


def _obstacle_to_paying(item: OutboxItem, client: IsdsClient) -> str:
    if item.payment == Payment.REPLY:
        return ""  # the recipient pays; whether the initiating message still holds, only sending tells
    kind = "Init" if item.payment == Payment.INITIATING else "VoDZ" if item.is_big else "Normal"
    return "" if client.may_send_commercial(item.recipient_box_id, kind) else _UNPAYABLE


# --- for a person who chooses --------------------------------------------------------------------------------------

SEARCH_KINDS: Final = {
    "": "poznat podle zápisu",
    "GENERAL": "jméno nebo název",
    "ICO": "IČO",
    "ADDRESS": "adresa",
    "DBID": "identifikátor schránky",
}
MOST_FOUND: Final = 50

_MEANT_FOR = {
    "FO": "soukromé záležitosti fyzické osoby",
    "PFO": "podnikání fyzické osoby",
    "PO": "záležitosti firmy, spolku nebo jiné právnické osoby",
    "OVM": "výkon veřejné moci",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One box of somebody, as the search found it; ``warning`` says why it may not take our message."""

    box: FoundBox
    meant_for: str
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody with one or more boxes."""

    name: str
    ico: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Funds:
    """How our box could pay for a commercial message. Amounts in haléře; ``remaining`` messages for the credit.

    ``reply_to`` is the mark of the recipient's initiating message that pays for a reply.
    """

    contract: bool
    credit: int
    remaining: int | None
    reply_to: str = ""

    @property
    def price(self) -> int | None:
        """About what one message costs, as far as the credit tells it."""
        return self.credit // self.remaining if self.remaining else None

    @property
    def payments(self) -> list[Payment]:
        """Ways that may work, the one that costs us nothing first."""
        ways = [(Payment.REPLY, bool(self.reply_to)), (Payment.CONTRACT, self.contract)]
        ways += [(Payment.CREDIT, bool(self.remaining)), (Payment.INITIATING, self.contract)]
        return [payment for payment, possible in ways if possible]


@dataclass(frozen=True, slots=True)
class Recipient:
    """A recipient's box as ISDS tells of it now. ``funds`` only when a message to it would be a commercial one."""

    box_id: str
    state: BoxState
    owner: BoxOwner | None
    funds: Funds | None = None

    @property
    def box_type(self) -> BoxType:
        return self.owner.box_type if self.owner else BoxType()


def meant_for(box_type: BoxType) -> str:
    """What one writes to a box of this type about; tells the several boxes of one person apart."""
    if box_type.is_public_authority:
        return _MEANT_FOR["OVM"]
    if (box_type.number or 0) in range(31, 40):
        return f"výkon povolání: {box_type.label}"
    return _MEANT_FOR.get(str(box_type).partition("_")[0], "")


def search(client: IsdsClient, text: str, kind: str = "") -> list[Owner]:
    """ISDSSearch3, boxes of one owner together. ``kind`` is one of :data:`SEARCH_KINDS`."""
    text = text.strip()
    found = client.search_boxes(text, kind or _kind_of(text), page_size=MOST_FOUND)
    return by_owner(found.boxes)


def by_owner(boxes: Iterable[FoundBox]) -> list[Owner]:
    """Boxes by whom they belong to: the same IČO, otherwise the same name with the same birth date or address."""
    grouped: dict[tuple[str, ...], list[FoundBox]] = {}
    for box in boxes:
        person = (box.name.casefold(), box.birth_date.isoformat() if box.birth_date else box.address.casefold())
        grouped.setdefault((box.ico,) if box.ico else person, []).append(box)
    return [Owner(group[0].name, group[0].ico, tuple(map(_choice, group))) for group in grouped.values()]


def _choice(box: FoundBox) -> Choice:
    closed_now = str(box.send_options) in ("NONE", "DISABLED")
    return Choice(box, meant_for(box.box_type), f"Pozor: {box.send_options.label}." if closed_now else "")


def look_at(box: Box, box_id: str, client: IsdsClient) -> Recipient:
    """Everything about a recipient's box for who sends from ``box``. Raises ``IsdsRefused`` when there is none."""
    state = client.check_box(box_id)
    found = client.find_box(BoxQuery(box_id=box_id)).boxes
    owner = found[0] if found else None
    sender_type = sender_type_of(box, client)
    recipient_type = str(owner.box_type) if owner else ""
    if options.is_commercial(sender_type, recipient_type) is False:
        return Recipient(box_id, state, owner)
    return Recipient(box_id, state, owner, funds_of(box, box_id, client))


def funds_of(box: Box, box_id: str, client: IsdsClient) -> Funds:
    """PDZInfo and DataBoxCreditInfo of our box, as they matter for one recipient."""
    offers = client.commercial_offers(box.box_id)
    credit = next((offer for offer in offers if offer.kind == Payment.CREDIT), None)
    return Funds(
        contract=any(offer.kind not in (Payment.CREDIT, Payment.REPLY) for offer in offers),
        credit=client.credit(box.box_id).current or 0,
        remaining=credit.remaining if credit else None,
        reply_to=next((one.subsidised_id for one in offers if _pays_reply(one, box_id)), ""),
    )


def _pays_reply(offer: CommercialOffer, box_id: str) -> bool:
    return offer.kind == Payment.REPLY and offer.recipient_box == box_id


def _kind_of(text: str) -> str:
    if is_box_id(text.lower()):
        return "DBID"
    return "ICO" if text.replace(" ", "").isdigit() and len(text.replace(" ", "")) == 8 else "GENERAL"
