"""What the pure rules need to know, read from the tables in a fixed number of queries."""

from collections import defaultdict

from egon.kernel.clock import PRAGUE
from egon.records import own_metadata
from egon.records.models import CaseFile, ComponentVersion, Document
from egon.records.queries import settings_of_originator
from egon.records.rules.closing import ComponentFacts, DocumentFacts, FileFacts
from egon.records.rules.components import ComponentRole
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
    documents = Document.objects.filter(case_file=file).prefetch_related("addressees").order_by("order_in_file")
    components = _components_of(file)
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
            )
            for document in documents
        ],
        checks_formats=not consent or filed.converts_formats,
        checks_metadata=not consent,
        settled_by_closing=settings_of_originator().settled_by_closing,
        missing_own=missing_own.get(None, ()),
    )


def _components_of(file: CaseFile) -> dict[int, list[ComponentFacts]]:
    latest = (
        ComponentVersion.objects.filter(component__document__case_file=file, component__removed_at__isnull=True)
        .order_by("component_id", "-number")
        .distinct("component_id")
        .values_list("component__document_id", "component__name", "component__role", "format_id", "format_name")
    )
    found: dict[int, list[ComponentFacts]] = defaultdict(list)
    for document_id, name, role, format_id, format_name in latest:
        found[document_id].append(ComponentFacts(name, ComponentRole(role), format_id, format_name))
    return found
