"""How a message is to be sent: what the sender may choose, and what ISDS would refuse. Pure functions.

Sources: zákon č. 300/2008 Sb. § 17 and § 18a, WSDL 3.11 (``dmBaseTypes.xsd``), manual of message services 2.1 and 2.2.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from egon.gateways.isds.codes import BoxType
from egon.gateways.isds.messages import LegalTitle
from egon.gateways.isds.rules import MAX_REFERENCE, MAX_TO_HANDS
from egon.gateways.isds.services.dm_operations import MAX_RECIPIENTS

IDENTITY_LEVELS: Final = {
    1: "jméno a příjmení",
    2: "datum narození",
    4: "místo narození",
    8: "okres narození",
    16: "kód adresy",
    32: "celá adresa",
    64: "že je totožnost ověřená v registru obyvatel",
}
"""Bits of ``IdLevel``: what the recipient may learn of the person who sends. Their kind is always told."""

_EVERY_LEVEL: Final = sum(IDENTITY_LEVELS)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingOptions:
    """What may be chosen for a message; without choices it is an ordinary public one.

    ``allow_fiction`` False keeps a message from being delivered by the lapse of ten days (public authorities only).
    ``publish_level`` is the bit sum of :data:`IDENTITY_LEVELS`, ``None`` tells nothing. ``payment`` is a ``Payment``.
    """

    to_hands: str = ""
    recipient_reference: str = ""
    recipient_file_mark: str = ""
    personal_delivery: bool = False
    allow_fiction: bool = True
    legal_title: LegalTitle = field(default_factory=LegalTitle)
    publish_level: int | None = None
    payment: str = ""

    def obstacles(self, sender_type: str) -> list[str]:
        """Everything ISDS would refuse in these choices, in Czech."""
        return [*self._too_long(), *_legal_title_obstacles(self.legal_title), *self._fiction(sender_type)]

    def _too_long(self) -> Iterator[str]:
        limits = (
            ("K rukám", self.to_hands, MAX_TO_HANDS),
            ("Číslo jednací adresáta", self.recipient_reference, MAX_REFERENCE),
            ("Spisová značka adresáta", self.recipient_file_mark, MAX_REFERENCE),
        )
        for label, text, longest in limits:
            if len(text.strip()) > longest:
                yield f"{label}: {len(text.strip())} znaků, ISDS přijme nejvýše {longest}. Zkraťte údaj."
        if self.publish_level is not None and self.publish_level & ~_EVERY_LEVEL:
            yield "Rozsah zveřejněných údajů odesílatele má neznámou hodnotu. Zaškrtněte ho znovu."

    def _fiction(self, sender_type: str) -> Iterator[str]:
        if not self.allow_fiction and sender_type and not BoxType.of(sender_type).is_public_authority:
            yield "Náhradní doručení smí vyloučit jen orgán veřejné moci. Nechte ho povolené."


def _legal_title_obstacles(title: LegalTitle) -> Iterator[str]:
    if (title.law is None) != (title.year is None):
        yield "Zmocnění: číslo zákona a jeho rok patří k sobě. Doplňte oba údaje, nebo žádný."
    if title.law is None and (title.section or title.paragraph or title.point):
        yield "Zmocnění: paragraf, odstavec a písmeno nestačí, doplňte číslo zákona a rok."


def is_commercial(sender_type: str, recipient_type: str) -> bool | None:
    """Whether a message between such boxes is a commercial one (PDZ, § 18a); ``None`` when a type is not known.

    As soon as one side is a public authority the message is public and free.
    """
    sides = [BoxType.of(kind) for kind in (sender_type, recipient_type) if kind]
    if any(side.is_public_authority for side in sides):
        return False
    return True if len(sides) == 2 else None


def may_share_call(*, payment: str, is_big: bool) -> bool:
    """Whether a message may leave by one call with others (CreateMultipleMessage): public and ordinary ones only."""
    return not payment and not is_big


class Addressed(Protocol):
    """Something with a recipient's box."""

    @property
    def box_id(self) -> str: ...


def in_calls[A: Addressed](recipients: Sequence[A]) -> list[list[A]]:
    """Recipients as they may share calls: at most fifty in one, no box twice, so that each is recognised after it."""
    calls: list[list[A]] = []
    for recipient in recipients:
        for call in calls:
            if len(call) < MAX_RECIPIENTS and all(other.box_id != recipient.box_id for other in call):
                call.append(recipient)
                break
        else:
            calls.append([recipient])
    return calls
