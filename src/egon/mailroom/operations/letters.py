"""Paper letters: what came on paper becomes a registered document with the facts of its envelope."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from egon.audit import log
from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.mailroom import jobs, permissions, rules
from egon.mailroom.errors import NotRegistrable
from egon.mailroom.models import Channel, Envelope, LetterKind
from egon.mailroom.operations.intake import hand_over
from egon.mailroom.operations.showing import show_in_inbox
from egon.mailroom.rules import EnvelopeFacts
from egon.parties.models import Party
from egon.records import operations as records
from egon.records import storing_queries
from egon.records.models import Document, DocumentKind
from egon.records.rules.paper import PaperFacts
from egon.registry.models import Person, Unit

NUMBERS_RETURN_AFTER: Final = timedelta(days=365)
"""The post gives a number to another letter again, but not within a year."""

WHY_CORRECTED: Final = "oprava údajů obálky"

_CHANNELS: Final = {LetterKind.COURIER: Channel.COURIER, LetterKind.IN_PERSON: Channel.IN_PERSON}


@operation(
    "mailroom.letter.register",
    title="Zaevidování listinné zásilky",
    requires=permissions.may_receive,
    unlogged=("envelope", "own"),
)
def register_letter(
    *,
    actor: Actor,
    envelope: EnvelopeFacts,
    sender: Party | None,
    subject: str,
    delivered_at: datetime,
    at: datetime,
    sender_reference: str = "",
    kind: DocumentKind | None = None,
    unit: Unit | None = None,
    deadline: date | None = None,
    note: str = "",
    own: Mapping[str, Any] | None = None,
    person: Person | None = None,
) -> Document:
    """Register a paper letter: it gets its identifier and číslo jednací, its envelope's facts stay with it.

    With ``unit`` the document is handed to it at once, with ``person`` to the one it is meant for (NSESSS 2.1.6),
    unopened when the envelope says so (vyhláška § 5 odst. 1); ``own`` are own metadata. Raises ``NotRegistrable``
    with every obstacle.
    Vyhláška 259/2012 Sb. § 3 odst. 3, § 5.
    """
    facts = _cleaned(envelope)
    obstacles = _obstacles(facts, sender, subject, delivered_at, at)
    if facts.unopened and person is None:
        obstacles.append("Vyberte osobu, které se neotevřená zásilka předá (vyhláška 259/2012 Sb., § 5 odst. 1).")
    if obstacles:
        raise NotRegistrable(obstacles)
    channel = _CHANNELS.get(LetterKind(facts.kind), Channel.POST)
    document = records.register_received(
        actor=actor,
        subject=subject,
        sender=sender,
        delivered_at=delivered_at,
        sender_reference=sender_reference,
        channel=channel,
        kind=kind,
        deadline=deadline,
        own=own,
        paper=facts.paper,
        at=at,
    )
    Envelope.objects.create(document=document, **facts.of_envelope)
    log.note(**facts.of_envelope, **facts.paper.told)
    jobs.ask_about([sender])
    hand_over(actor, document, unit, person, at=at, deadline=deadline, note=note)
    show_in_inbox(actor, document, channel, at)
    return document


@operation(
    "mailroom.letter.correct",
    title="Oprava údajů obálky",
    requires=permissions.may_receive,
    unlogged=("envelope",),
)
def correct_envelope(*, actor: Actor, document: Document, envelope: EnvelopeFacts) -> Envelope:
    """Correct what was read from an envelope; the log keeps what was there. Raises ``NotRegistrable``."""
    row = Envelope.objects.select_for_update().get(document=document)
    facts, delivered_at = _cleaned(envelope), _delivery_of(document)
    found = rules.obstacles_to_envelope(facts, delivered_on=_day_of(delivered_at))
    if obstacles := found + _known_number(facts.post_number, delivered_at, besides=row):
        raise NotRegistrable(obstacles)
    part = storing_queries.paper_part_of(document)
    known = asdict(part.facts if part else PaperFacts()) | {name: getattr(row, name) for name in facts.of_envelope}
    changed = {name: value for name, value in asdict(facts).items() if known[name] != value}
    log.note(before={name: known[name] for name in changed}, after=changed)
    for name, value in facts.of_envelope.items():
        setattr(row, name, value)
    row.save()
    if part is None or part.facts != facts.paper:
        records.describe_paper(
            actor=actor, document=document, paper=facts.paper, reason=WHY_CORRECTED, unopened=facts.unopened
        )
    return row


def _cleaned(facts: EnvelopeFacts) -> EnvelopeFacts:
    return replace(
        facts,
        post_number=rules.clean_post_number(facts.post_number),
        to_hands=facts.to_hands.strip(),
        defects=facts.defects.strip(),
        other_annexes_note=facts.other_annexes_note.strip(),
    )


def _obstacles(
    facts: EnvelopeFacts, sender: Party | None, subject: str, delivered_at: datetime, at: datetime
) -> list[str]:
    found = []
    if not subject.strip():
        found.append("Chybí věc dokumentu.")
    if sender is None:
        found.append("Není vybrán odesílatel z jmenného rejstříku. Vyberte ho, nebo ho zapište podle obálky.")
    if delivered_at > at:
        found.append("Zásilka nemohla být doručena v budoucnosti. Opravte datum a čas doručení.")
    found += rules.obstacles_to_envelope(facts, delivered_on=_day_of(delivered_at))
    return found + _known_number(facts.post_number, delivered_at)


def _known_number(post_number: str, delivered_at: datetime, *, besides: Envelope | None = None) -> list[str]:
    """A letter with the same number of the post is the same letter, registered by a colleague."""
    if not post_number:
        return []
    near = (delivered_at - NUMBERS_RETURN_AFTER, delivered_at + NUMBERS_RETURN_AFTER)
    known = Envelope.objects.filter(post_number=post_number, document__delivered_at__range=near).exclude(
        pk=besides.pk if besides else 0
    )
    return [
        f"Zásilka s podacím číslem {post_number} už je zaevidovaná jako {envelope.document}."
        for envelope in known.select_related("document")[:1]
    ]


def _delivery_of(document: Document) -> datetime:
    if document.delivered_at is None:
        raise ValueError("a received document without the time of delivery")
    return document.delivered_at


def _day_of(moment: datetime) -> date:
    return moment.astimezone(PRAGUE).date()
