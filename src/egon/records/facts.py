"""What the pure rules need to know, read from the tables in a fixed number of queries."""

from collections import defaultdict

from django.db.models import Q

from egon.kernel.clock import PRAGUE
from egon.parties.models import Party
from egon.records import own_metadata, storing_queries
from egon.records.models import Addressee, CaseFile, ComponentVersion, Document, PaperPart, StoredPaper
from egon.records.on_paper import on_paper
from egon.records.queries import settings_of_originator
from egon.records.rules.closing import ComponentFacts, DocumentFacts, FileFacts, PartyFacts
from egon.records.rules.components import ComponentRole
from egon.records.rules.conversion import ConversionState
from egon.records.rules.settling import Reply, SettlingFacts
from egon.records.rules.states import Direction, DocumentState, FileState


def settling_facts(document: Document) -> SettlingFacts:
    """Facts for :func:`egon.records.rules.settling.obstacles_to_settling`."""
    replies = Document.objects.filter(replies_to=document).values_list("reference_number", "state")
    return SettlingFacts(
        reference_number=document.reference_number,
        direction=Direction(document.direction),
        state=DocumentState(document.state),
        registered_on=document.registered_at.astimezone(PRAGUE).date(),
        file_mark=document.case_file.file_mark if document.case_file else None,
        has_sender=document.sender_id is not None,
        component_count=document.component_count,
        missing_own=own_metadata.missing_in(document),
        replies=[Reply(number, DocumentState(state)) for number, state in replies],
    )


def file_facts(file: CaseFile) -> FileFacts:
    """Facts for the rules of :mod:`egon.records.rules.closing`."""
    documents = Document.objects.filter(case_file=file).select_related("sender").prefetch_related("addressees__party")
    documents = documents.order_by("order_in_file")
    components = _components_of(file)
    paper = on_paper([document.pk for document in documents])
    parts = storing_queries.paper_parts_of(paper) if paper else {}
    missing_own = own_metadata.missing_in_file(file, documents)
    # What the archive consented to is said of the class, in a typed file of the section (3.1.2, 3.3.6).
    filed = file.record_class if file.volume is None else file.volume.section.template
    consent = filed.standing_consent
    return FileFacts(
        file_mark=file.file_mark,
        subject=file.subject,
        state=FileState(file.state),
        opened_on=file.opened_on,
        has_processor=file.processor_id is not None,
        has_regime=bool(file.disposal_mark),
        documents=[
            DocumentFacts(
                reference_number=document.reference_number,
                direction=Direction(document.direction),
                state=DocumentState(document.state),
                is_settled=document.settled_on is not None,
                has_sender=document.sender_id is not None,
                has_addressee=bool(document.addressees.all()),
                components=components[document.pk],
                missing_own=missing_own.get(document.pk, ()),
                pk=document.pk,
                has_processor=document.holder_id is not None,
                is_on_paper=document.pk in paper,
                paper_is_counted=document.pk not in paper or _is_counted(parts.get(document.pk)),
                parties=_parties_of(document),
            )
            for document in documents
        ],
        checks_formats=not consent or filed.converts_formats,
        checks_metadata=not consent,
        settled_by_closing=settings_of_originator().settled_by_closing,
        missing_own=missing_own.get(None, ()),
        paper_is_placed=not paper or _paper_is_placed(file),
    )


def _parties_of(document: Document) -> list[PartyFacts]:
    """The sender, or those a letter was sent to; a package for the archive tells of both (příloha č. 2)."""
    if document.direction == Direction.RECEIVED:
        sender = document.sender
        return [PartyFacts(sender.pk, _has_contact(sender))] if sender else []
    return [PartyFacts(one.party_id, _is_reached(one)) for one in document.addressees.all()]


def _is_reached(addressee: Addressee) -> bool:
    """Whether the letter itself, or the register, tells where to."""
    party = addressee.party
    return bool(addressee.address or addressee.databox_id) or (party is not None and _has_contact(party))


def _has_contact(party: Party) -> bool:
    return bool(party.address or party.email or party.databox_id)


def _is_counted(part: PaperPart | None) -> bool:
    return part is not None and not part.facts.is_uncounted


def _paper_is_placed(file: CaseFile) -> bool:
    """Whether it is known where the paper lies: that of the file, or of its whole volume."""
    return StoredPaper.objects.filter(Q(file=file) | Q(volume=file.volume_id, volume__isnull=False)).exists()


def _components_of(file: CaseFile) -> dict[int, list[ComponentFacts]]:
    latest = (
        ComponentVersion.objects.filter(component__document__case_file=file, component__removed_at__isnull=True)
        .order_by("component_id", "-number")
        .distinct("component_id")
        .values_list(
            "component__document_id", "component__name", "component__role", "format_id", "format_name", "pk",
            "conversions__state", "conversions__message",
        )
    )  # fmt: skip
    found: dict[int, list[ComponentFacts]] = defaultdict(list)
    for document_id, name, role, format_id, format_name, version, state, message in latest:
        conversion = ConversionState(state) if state else None
        found[document_id].append(
            ComponentFacts(name, ComponentRole(role), format_id, format_name, version, conversion, message or "")
        )
    return found
