"""Own documents: creating, writing and addressing them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from egon.audit import log
from egon.audit.operation import operation
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.kernel.errors import Conflict
from egon.kernel.events import publish
from egon.parties.models import Party
from egon.parties.operations import stop_period
from egon.records import events, indexing, own_metadata, permissions
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.locking import lock, lock_file, require_seen
from egon.records.models import Addressee, Document, DocumentKind, DocumentTemplate
from egon.records.numbers import take_document_numbers
from egon.records.operations.components import NewFile, attach, require_editable
from egon.records.operations.correcting import faults_of_correction, require_still_allowed, settle_regime_again
from egon.records.operations.filing import add_to_file
from egon.records.operations.kinds import require_in_use
from egon.records.operations.paper import keep_paper
from egon.records.operations.writing import refresh_letter, write_letter
from egon.records.queries import present_text
from egon.records.rules.own_metadata import OwnEntity
from egon.records.rules.paper import PaperFacts, faults_of_paper
from egon.records.rules.states import FINAL, GONE, Direction, DocumentState, FileState
from egon.records.rules.templates import fill
from egon.records.template_queries import template_values
from egon.registry.models import Person, Unit

LONGEST_TEXT = 100_000


@dataclass(frozen=True, slots=True)
class NewAddressee:
    """To whom a document goes; from the register of parties, or as written."""

    name: str
    address: str = ""
    databox_id: str = ""
    party: Party | None = None

    @classmethod
    def of(cls, party: Party) -> "NewAddressee":
        """The addressee that a party of the register is."""
        return cls(party.name, party.address.replace(", ", "\n"), party.databox_id, party)


@operation(
    "records.document.create",
    title="Vytvoření dokumentu",
    requires=permissions.may_create,
    unlogged=("text", "own", "paper"),
)
def create_document(
    *,
    actor: Actor,
    direction: Direction,
    subject: str,
    unit: Unit | None = None,
    holder: Person | None = None,
    kind: DocumentKind | None = None,
    addressees: Sequence[NewAddressee] = (),
    files: Sequence[NewFile] = (),
    text: str = "",
    deadline: date | None = None,
    note: str = "",
    own: Mapping[str, Any] | None = None,
    paper: PaperFacts | None = None,
    at: datetime | None = None,
) -> Document:
    """Create an own document as a draft. ``text`` is written into a PDF/A, ``files`` become its components.

    Holder and unit are the actor's own when not given; ``own`` are own metadata (NSESSS 9.1.1), ``paper`` is what of
    it is on paper.
    Raises :class:`InvalidInput`.
    """
    at = at or clock.now()
    faults = faults_of_paper(paper) if paper else []
    if direction is Direction.RECEIVED or not subject.strip():
        faults.insert(0, "Vyplňte věc dokumentu.")
    if faults:
        raise InvalidInput("Dokument se nevytvořil.", faults)
    values = own_metadata.accepted(OwnEntity.DOCUMENT, own, kind=kind, refusal="Dokument se nevytvořil.")
    document = _create(actor, direction, subject, unit, holder, at, kind=kind, deadline=deadline, note=note)
    own_metadata.keep(document, values, is_new=True)
    if paper is not None:
        keep_paper(document, paper)
        log.note(**paper.told)
    _address(document, addressees)
    attach(actor, document, files, at)
    if text.strip():
        write_letter(actor, document, text, at)
    indexing.reindex(document.pk)
    publish(events.DocumentRegistered(document.pk))
    return document


@operation("records.document.reply", title="Založení odpovědi", requires=permissions.may_reply, unlogged=("text",))
def draft_reply(
    *,
    actor: Actor,
    to: Document,
    template: DocumentTemplate | None = None,
    subject: str = "",
    text: str = "",
    at: datetime | None = None,
) -> Document:
    """Draft a reply: addressed to the sender, in the same file, its text filled from the template.

    Raises :class:`NotInThisState` when ``to`` was not received or is finished.
    """
    at = at or clock.now()
    lock(to)
    if to.direction != Direction.RECEIVED or DocumentState(to.state) in FINAL:
        raise NotInThisState(f"Na dokument {to} odpověď založit nejde: je {DocumentState(to.state).label}.")
    values = template_values(actor, to)
    subject = subject or (fill(template.subject, values) if template and template.subject else f"Odpověď: {to.subject}")
    reply = _create(actor, Direction.OUTGOING, subject, to.unit, to.holder, at, replies_to=to)
    if to.sender:
        _address(reply, [NewAddressee.of(to.sender)])
    if to.case_file and to.case_file.state == FileState.OPEN:
        add_to_file(reply, to.case_file, at=at)
    text = text or (fill(template.body, values) if template else "")
    if text.strip():
        write_letter(actor, reply, text, at)
    indexing.reindex(reply.pk)
    publish(events.DocumentRegistered(reply.pk))
    return reply


@operation(
    "records.document.edit_draft", title="Úprava textu", requires=permissions.may_edit, unlogged=("text", "replaces")
)
def edit_draft(
    *,
    actor: Actor,
    document: Document,
    text: str,
    subject: str | None = None,
    replaces: str | None = None,
    at: datetime | None = None,
) -> Document:
    """Rewrite the text of a draft; a new version of its PDF/A is made (NSESSS 2.1.1). Raises :class:`NotEditable`.

    ``replaces`` is the text the person had before them; another one raises :class:`Conflict`.
    """
    lock(document)
    require_editable(document)
    if replaces is not None and replaces != present_text(document):
        raise Conflict(f"Text dokumentu {document} právě někdo přepsal. Nic se neuložilo.")
    faults = []
    if not text.strip():
        faults.append("Text dokumentu je prázdný.")
    if len(text) > LONGEST_TEXT:
        faults.append(f"Text je příliš dlouhý: {len(text)} znaků, nejvýše jich může být {LONGEST_TEXT}.")
    if subject is not None and not subject.strip():
        faults.append("Vyplňte věc dokumentu.")
    if faults:
        raise InvalidInput("Text se neuložil.", faults)
    if subject is not None:
        document.subject = subject.strip()[:250]
        document.save(update_fields=["subject"])
    write_letter(actor, document, text, at or clock.now())
    publish(events.DocumentChanged(document.pk))
    return document


@operation(
    "records.document.edit",
    title="Úprava údajů dokumentu",
    requires=permissions.may_edit_metadata,
    unlogged=("own", "seen"),
)
def edit_metadata(
    *,
    actor: Actor,
    document: Document,
    subject: str,
    kind: DocumentKind | None = None,
    sender: Party | None = None,
    sender_reference: str = "",
    deadline: date | None = None,
    note: str = "",
    own: Mapping[str, Any] | None = None,
    seen: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Document:
    """Correct what is recorded of a document; the old values stay in the log. In a closed file with a ``reason``.

    Until its file is closed it is edited by who works on it, then by the records keeper (NSESSS 7.1.5). Another kind
    in a closed file settles its mark and year again. A withdrawn one is not edited.
    It may keep a kind that is no longer in use. Own metadata of a kind go when it gets another. ``seen`` are columns as
    the person saw them; when one is not so any more, :class:`Conflict` is raised and nothing changes.
    """
    lock(document)
    file = document.case_file
    if file is not None:
        lock_file(file)
    require_still_allowed(permissions.may_edit_metadata(actor, document))
    require_seen(document, seen)
    if document.state in GONE:
        raise NotInThisState(
            f"Dokument {document} je {DocumentState(document.state).label}, jeho údaje už měnit nejde."
        )
    faults = faults_of_correction(file, reason)
    if not subject.strip():
        faults.append("Vyplňte věc dokumentu.")
    if faults:
        raise InvalidInput("Údaje se neuložily.", faults)
    if kind is not None and kind.pk != document.kind_id:
        require_in_use(kind, on=clock.today(), refusal="Údaje se neuložily.")
    if own is None and document.own_values and kind != document.kind:
        own = {}
    values = own_metadata.accepted(
        OwnEntity.DOCUMENT, own, kind=kind, present=document.own_values, refusal="Údaje se neuložily."
    )
    new: dict[str, Any] = {"subject": subject.strip()[:250], "kind": kind, "deadline": deadline, "note": note.strip()}
    if document.direction == Direction.RECEIVED:
        if sender is None:
            raise InvalidInput("Údaje se neuložily.", ["Vyberte odesílatele z jmenného rejstříku (NSESSS 2.8.1)."])
        stop_period(sender)
        new |= {"sender": sender, "sender_reference": sender_reference.strip()[:100]}
    of_other_kind = document.kind != kind
    log.note_changes(
        {name: str(getattr(document, name) or "") for name in new}, {name: str(new[name] or "") for name in new}
    )
    for name, value in new.items():
        setattr(document, name, value)
    document.save(update_fields=list(new))
    own_metadata.keep(document, values)
    if of_other_kind:
        settle_regime_again(file)
    publish(events.DocumentChanged(document.pk))
    return document


@operation("records.document.address", title="Změna adresátů", requires=permissions.may_edit)
def set_addressees(
    *, actor: Actor, document: Document, addressees: Sequence[NewAddressee], at: datetime | None = None
) -> list[Addressee]:
    """Replace the addressees of a draft. Raises :class:`NotEditable`."""
    lock(document)
    require_editable(document)
    if document.direction != Direction.OUTGOING:
        raise NotInThisState("Adresáty má jen odesílaný dokument.")
    log.note(previous=[str(addressee) for addressee in document.addressees.all()])
    document.addressees.all().delete()
    created = _address(document, addressees)
    refresh_letter(actor, document, at or clock.now())
    publish(events.DocumentChanged(document.pk))
    return created


def _create(
    actor: Actor,
    direction: Direction,
    subject: str,
    unit: Unit | None,
    holder: Person | None,
    at: datetime,
    *,
    kind: DocumentKind | None = None,
    deadline: date | None = None,
    note: str = "",
    replies_to: Document | None = None,
) -> Document:
    day = at.astimezone(PRAGUE).date()
    require_in_use(kind, on=day, refusal="Dokument se nevytvořil.")
    creator = _person_of(actor)
    holder = holder or creator
    unit = unit or _unit_of(actor)
    numbers = take_document_numbers(unit=unit, at=at)
    log.note(identifier=numbers.identifier, reference_number=numbers.written)
    return Document.objects.create(
        identifier=numbers.identifier,
        reference_number=numbers.written,
        serial_number=numbers.number,
        direction=direction.value,
        subject=subject.strip()[:250],
        unit=unit,
        holder=holder,
        first_processor=creator,
        handed_over=holder != creator,
        state=DocumentState.DRAFT.value,
        registered_at=at,
        created_on=day,
        kind=kind,
        deadline=deadline,
        note=note,
        replies_to=replies_to,
    )


def _person_of(actor: Actor) -> Person | None:
    return None if actor.person_id is None else Person.objects.filter(pk=actor.person_id).first()


def _unit_of(actor: Actor) -> Unit | None:
    """The actor's own unit; people with several positions get the first by code and may choose another."""
    own = Unit.objects.filter(positions__person=actor.person_id).order_by("code").first()
    return own or Unit.objects.filter(pk__in=actor.unit_ids).order_by("code").first()


def _address(document: Document, addressees: Sequence[NewAddressee]) -> list[Addressee]:
    stop_period(*(new.party for new in addressees))
    return [
        Addressee.objects.create(
            document=document, party=new.party, name=new.name[:250], address=new.address, databox_id=new.databox_id
        )
        for new in addressees
    ]
