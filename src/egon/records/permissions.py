"""Who may see and do what with documents and files (NSESSS 7.1, 7.2)."""

import functools
import operator
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from egon.kernel import clock
from egon.kernel.access import ALLOWED, Decision, allowed_if, denied
from egon.kernel.actor import SEEING, Actor, Limit, LimitKind, Role
from egon.records.models import (
    AccessGrant,
    CaseFile,
    CheckOut,
    Component,
    ComponentVersion,
    CrossReference,
    Document,
    DocumentAccess,
    FileNote,
    PartyLink,
    PrintRun,
    RecordClass,
    SavedSearch,
    TypedFile,
    TypedSection,
    Volume,
)
from egon.records.rules.access import GrantState
from egon.records.rules.plan import Separator, is_within
from egon.records.rules.states import GONE, Direction, DocumentState, FileState
from egon.registry.queries import LEADING

SEEING_ALL = (Role.AUDITOR, Role.RECORDS_KEEPER)
REPORT_READERS = (Role.RECORDS_KEEPER, Role.ADMINISTRATOR, Role.AUDITOR)
WORKING = (Role.OFFICER, *LEADING)
TO_DISPATCH = (DocumentState.APPROVED.value, DocumentState.DISPATCHED.value, DocumentState.DELIVERED.value)

HOLDING_MUCH = 4000  # documents held, settled ones included
NOBODY = Q(pk__in=[])
EVERYBODY = Q()
UNRESTRICTED = Q(restricted_because="")  # of files
LEAVING = Q(direction=Direction.OUTGOING.value, state=DocumentState.APPROVED.value)

# Of documents. The files are looked up once a query, by an index that holds them alone.
OUTSIDE_RESTRICTED = ~Q(case_file__in=CaseFile.objects.exclude(UNRESTRICTED).values("pk"))

type Keys = tuple[str, Any]  # a column of a document or a file, and the keys sought in it


def visible_to(actor: Actor) -> Q:
    """Documents the actor may see: held by them, in files they process, of units they lead, shown or granted to them.

    The mailroom sees what came and what is to be dispatched, the auditor and the records keeper everything. The
    administrator of the system sees no content by that role alone. Of a restricted file only those see anything who
    are in it in person: by holding, processing, or being named; and the mailroom while it is to be sent out. What was
    destroyed nobody sees; what was withdrawn only the records keeper, who appraises it (NSESSS 7.2.13).
    """
    return _known_to(actor) & still_there(actor)


def still_there(actor: Actor) -> Q:
    """Documents or files that are neither destroyed nor, for all but the appraiser, withdrawn (NSESSS 7.2.13)."""
    return EVERYBODY if actor.is_system else ~Q(state__in=hidden_states(actor))


def hidden_states(actor: Actor) -> Sequence[str]:
    """States in which the actor learns only the header of a document or a file."""
    return (DocumentState.DESTROYED.value,) if actor.has(Role.RECORDS_KEEPER) else GONE


def _known_to(actor: Actor) -> Q:
    actor = actor.doing(SEEING)
    if sees_much(actor):
        # Who leads a unit, receives the mail or holds thousands of documents sees so much that testing the newest rows
        # one by one is the shorter way.
        return known_among(actor)
    # A union, because each part has its own index; an OR over them would look at every row of the originator.
    parts = [
        *(Document.objects.filter(**{f"{where}__in": keys}).values("pk") for where, keys in _in_person(actor)),
        *(
            Document.objects.filter(OUTSIDE_RESTRICTED, **{f"{where}__in": keys}).values("pk")
            for where, keys in _in_group(actor)
        ),
    ]
    return Q(pk__in=parts[0].union(*parts[1:], all=True)) & unhidden_from(actor)


def sees_much(actor: Actor) -> bool:
    """Whether what the actor sees is better tested row by row than listed."""
    actor = actor.doing(SEEING)
    return _sees_everything(actor) or bool(_visible_by_role(actor)) or _holds_much(actor)


def visible_among(actor: Actor) -> Q:
    """The same as :func:`visible_to`, for queries that some other condition leads to few rows: each row is tested."""
    return known_among(actor) & still_there(actor)


def known_among(actor: Actor) -> Q:
    """Documents the actor may know of, also when they are destroyed or withdrawn (NSESSS 5.1.10)."""
    if actor.is_system:
        return EVERYBODY
    actor = actor.doing(SEEING)
    # In this order: the database looks up the files and the grants only when a row does not pass by what it carries.
    in_person = _any(_in_person(actor))
    if actor.has(Role.MAILROOM):
        in_person |= LEAVING  # somebody must put a letter into its envelope
    if _sees_everything(actor):
        return (OUTSIDE_RESTRICTED | in_person) & unhidden_from(actor)
    by_role = _visible_by_role(actor) | _any(_in_group(actor))
    return ((by_role & OUTSIDE_RESTRICTED) | in_person) & unhidden_from(actor)


def unhidden_from(actor: Actor) -> Q:
    """Documents that no restriction of the administrator hides from the actor (NSESSS 7.1.6); all without any."""
    seen = EVERYBODY
    if documents := actor.limits_on(LimitKind.DOCUMENT, hiding=True):
        seen &= ~Q(pk__in=documents)
    if files := actor.limits_on(LimitKind.FILE, hiding=True):
        seen &= ~Q(case_file__in=files)
    if places := _hidden_places(actor):
        seen &= Q(~Exists(CaseFile.objects.filter(places, pk=OuterRef("case_file"))))
    return seen


def files_unhidden_from(actor: Actor) -> Q:
    """Files that no restriction of the administrator hides from the actor; all without any."""
    seen = EVERYBODY
    if files := actor.limits_on(LimitKind.FILE, hiding=True):
        seen &= ~Q(pk__in=files)
    if places := _hidden_places(actor):
        seen &= ~places
    return seen


def typed_files_unhidden_from(actor: Actor) -> Q:
    """Typed files that no restriction of the administrator hides from the actor; all without any."""
    seen = EVERYBODY
    if typed := actor.limits_on(LimitKind.TYPED_FILE, hiding=True):
        seen &= ~Q(pk__in=typed)
    if classes := actor.limits_on(LimitKind.CLASS, hiding=True):
        seen &= ~_in_classes(classes)
    return seen


def sections_unhidden_from(actor: Actor) -> Q:
    """The same of sections, by restrictions of them, of those above them and of their typed files."""
    seen = EVERYBODY
    if typed := actor.limits_on(LimitKind.TYPED_FILE, hiding=True):
        seen &= ~Q(typed_file__in=typed)
    if sections := actor.limits_on(LimitKind.SECTION, hiding=True):
        seen &= ~Q(pk__in=with_those_below(map(int, sections)))
    return seen


def with_those_below(sections: Iterable[int]) -> set[int]:
    """Keys of sections and of all below them; a query for each level."""
    found: set[int] = set()
    level = set(sections)
    while level:
        found |= level
        level = set(TypedSection.objects.filter(parent__in=level).values_list("pk", flat=True)) - found
    return found


def hides_component(actor: Actor, component: Component) -> bool:
    """Whether a restriction hides a component's content from the actor; no query."""
    return str(component.pk) in actor.limits_on(LimitKind.COMPONENT, hiding=True)


def may_touch(actor: Actor, entities: Sequence[Model], reads: bool) -> Decision:
    """Whether no restriction of the administrator stands over what an operation is about (NSESSS 7.1.6)."""
    for entity in entities:
        limits = [limit for limit in actor.limits if limit.hides or not reads]
        if any(stands_over(limit, entity) for limit in limits):
            return denied(f"Přístup k {entity} vám správce omezil. Obraťte se na něj.")
    return ALLOWED


def stands_over(limit: Limit, entity: Model) -> bool:
    """Whether a restriction is about an entity or about what it is in."""
    if isinstance(entity, ComponentVersion):
        entity = entity.component
    if isinstance(entity, Component):
        if (limit.kind, limit.about) == (LimitKind.COMPONENT, str(entity.pk)):
            return True
        entity = entity.document
    if isinstance(entity, Document):
        if (limit.kind, limit.about) == (LimitKind.DOCUMENT, str(entity.pk)):
            return True
        entity = entity.case_file or entity
    if isinstance(entity, CaseFile):
        if (limit.kind, limit.about) == (LimitKind.FILE, str(entity.pk)):
            return True
        if limit.kind is LimitKind.CLASS:
            return is_within(entity.class_code, limit.about)
        # Others are about where it lies; without a need the database is not asked.
        entity = (entity.volume if limit.kind in (LimitKind.TYPED_FILE, LimitKind.SECTION) else None) or entity
    if isinstance(entity, RecordClass):
        return limit.kind is LimitKind.CLASS and is_within(entity.code, limit.about)
    if isinstance(entity, Volume):
        entity = entity.section
    if isinstance(entity, TypedSection):
        if limit.kind is LimitKind.SECTION:
            return _is_under(entity, int(limit.about))
        if limit.kind is LimitKind.CLASS:
            return is_within(entity.template.code, limit.about)
        entity = entity.typed_file
    if isinstance(entity, TypedFile):
        if (limit.kind, limit.about) == (LimitKind.TYPED_FILE, str(entity.pk)):
            return True
        return limit.kind is LimitKind.CLASS and is_within(entity.class_code, limit.about)
    return False


def _is_under(section: TypedSection, key: int) -> bool:
    here: TypedSection | None = section
    while here is not None and here.pk != key:
        here = here.parent
    return here is not None


def _hidden_places(actor: Actor) -> Q:
    """Files in classes, typed files and sections hidden from the actor; empty without any."""
    places = []
    if classes := actor.limits_on(LimitKind.CLASS, hiding=True):
        places.append(_in_classes(classes))
    if typed := actor.limits_on(LimitKind.TYPED_FILE, hiding=True):
        places.append(Q(volume__in=Volume.objects.filter(section__typed_file__in=map(int, typed)).values("pk")))
    if sections := actor.limits_on(LimitKind.SECTION, hiding=True):
        hidden = with_those_below(map(int, sections))
        places.append(Q(volume__in=Volume.objects.filter(section__in=hidden).values("pk")))
    return functools.reduce(operator.or_, places, Q())


def _in_classes(codes: Sequence[str]) -> Q:
    """Files of these classes and those below: by code, so that a new version of the plan changes nothing."""
    below = [Q(class_code=code) for code in codes]
    below += [Q(class_code__startswith=f"{code}{separator.value}") for code in codes for separator in Separator]
    return functools.reduce(operator.or_, below)


def _holds_much(actor: Actor) -> bool:
    held = Document.objects.filter(holder__in=actor.person_ids).order_by().values("pk")
    return held[:HOLDING_MUCH].count() == HOLDING_MUCH


def _in_person(actor: Actor) -> list[Keys]:
    """Columns of a document with the keys by which the actor as a person sees it."""
    granted = _grants(Q(person__in=actor.person_ids))
    return [
        ("holder", actor.person_ids),
        ("case_file", CaseFile.objects.filter(processor__in=actor.person_ids).values("pk")),
        ("pk", DocumentAccess.objects.filter(person__in=actor.person_ids).values("document")),
        ("pk", granted.filter(document__isnull=False).values("document")),
        ("case_file", granted.filter(file__isnull=False).values("file")),
    ]


def _in_group(actor: Actor) -> list[Keys]:
    """The same by which they see it as a member of a unit or a holder of a role."""
    units = _units_of(actor)
    granted = _grants(Q(unit__in=units) | Q(role__in=_roles_of(actor)))
    return [
        ("pk", DocumentAccess.objects.filter(unit__in=units).values("document")),
        ("pk", granted.filter(document__isnull=False).values("document")),
        ("case_file", granted.filter(file__isnull=False).values("file")),
    ]


def _any(keys: Iterable[Keys]) -> Q:
    return functools.reduce(operator.or_, (Q(**{f"{where}__in": of}) for where, of in keys))


def _grants(to: Q) -> QuerySet[AccessGrant, Any]:
    today = clock.today()
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    return AccessGrant.objects.filter(to, lasting, state=GrantState.CONFIRMED.value, valid_from__lte=today)


def _roles_of(actor: Actor) -> set[str]:
    return {grant.role.value for grant in actor.grants}


def _visible_by_role(actor: Actor) -> Q:
    seen = Q()
    if led := actor.units_with(*LEADING):
        seen |= Q(unit__in=led)
    if actor.has(Role.MAILROOM):
        seen |= Q(direction=Direction.RECEIVED.value) | Q(direction=Direction.OUTGOING.value, state__in=TO_DISPATCH)
    return seen


def files_visible_to(actor: Actor) -> Q:
    """Files the actor may see: processed by them, of units they lead, granted to them, with a document they hold."""
    actor = actor.doing(SEEING)
    if _sees_everything(actor) or actor.units_with(*LEADING):
        return files_visible_among(actor)
    # As with documents: each part of the union has its own index.
    in_person = (CaseFile.objects.filter(**{f"{where}__in": keys}) for where, keys in _file_in_person(actor))
    granted = CaseFile.objects.filter(UNRESTRICTED, pk__in=_granted_to_group(actor))
    first, *others = (found.values("pk") for found in (*in_person, granted))
    return Q(pk__in=first.union(*others, all=True)) & files_unhidden_from(actor) & still_there(actor)


def files_visible_among(actor: Actor) -> Q:
    """The same for queries that some other condition leads to few files: each file is tested."""
    return files_known_to(actor) & still_there(actor)


def files_known_to(actor: Actor) -> Q:
    """Files the actor may know of, also when they are destroyed or withdrawn; each file is tested."""
    if actor.is_system:
        return EVERYBODY
    actor = actor.doing(SEEING)
    in_person = _any(_file_in_person(actor))
    if _sees_everything(actor):
        return (UNRESTRICTED | in_person) & files_unhidden_from(actor)
    of_group = Q(unit__in=actor.units_with(*LEADING)) | Q(pk__in=_granted_to_group(actor))
    return ((of_group & UNRESTRICTED) | in_person) & files_unhidden_from(actor)


def _file_in_person(actor: Actor) -> list[Keys]:
    """Columns of a file with the keys by which the actor as a person sees it."""
    held = Document.objects.filter(unhidden_from(actor), holder__in=actor.person_ids, case_file__isnull=False)
    named = _grants(Q(person__in=actor.person_ids)).filter(file__isnull=False)
    return [("processor", actor.person_ids), ("pk", held.values("case_file")), ("pk", named.values("file"))]


def _granted_to_group(actor: Actor) -> QuerySet[AccessGrant, Any]:
    granted = _grants(Q(unit__in=_units_of(actor)) | Q(role__in=_roles_of(actor)))
    return granted.filter(file__isnull=False).values("file")


def typed_files_visible_to(actor: Actor) -> Q:
    """Typed files the actor may see: processed, of units they lead, shared ones, and those that hold a file they see.

    What is in a typed file follows its own rules: who sees it need not see its files.
    """
    files = CaseFile.objects.filter(files_visible_to(actor), volume__isnull=False)
    actor = actor.doing(SEEING)
    unhidden = typed_files_unhidden_from(actor)
    if _sees_everything(actor):
        return unhidden
    seen = Q(processor__in=actor.person_ids) | Q(unit__in=actor.units_with(*LEADING))
    seen |= Q(pk__in=files.values("volume__section__typed_file"))
    if actor.has(*WORKING):
        seen |= Q(shared=True)
    return seen & unhidden


def may_see(actor: Actor, document: Document) -> Decision:
    """Whether the actor may see this document; asks the database."""
    seen = Document.objects.filter(visible_among(actor), pk=document.pk).exists()
    return allowed_if(seen, "K tomuto dokumentu nemáte přístup.")


def may_see_file(actor: Actor, file: CaseFile) -> Decision:
    """Whether the actor may see this file; asks the database."""
    seen = CaseFile.objects.filter(files_visible_among(actor), pk=file.pk).exists()
    return allowed_if(seen, "K tomuto spisu nemáte přístup.")


def may_open(actor: Actor, document: Document | None = None, file: CaseFile | None = None) -> Decision:
    """Who sees the document, or the file."""
    if document is not None:
        return may_see(actor, document)
    return may_see_file(actor, file) if file is not None else denied("Není k čemu přistoupit.")


def may_register(actor: Actor) -> Decision:
    """The mailroom registers what came."""
    return allowed_if(actor.is_system or actor.has(Role.MAILROOM), "Doručené dokumenty eviduje podatelna.")


def may_create(actor: Actor) -> Decision:
    """Whoever works with documents may create an own one."""
    return allowed_if(
        actor.is_system or actor.has(*WORKING, Role.MAILROOM),
        "Vytvářet dokumenty smí zpracovatel, vedoucí, sekretariát nebo správce spisového uzlu.",
    )


def may_work_on(actor: Actor, document: Document) -> Decision:
    """The holder (or their substitute), and who leads the unit that has the document."""
    return allowed_if(
        actor.is_system or actor.is_one_of([document.holder_id]) or _leads_document(actor, document),
        "S dokumentem smí pracovat jeho zpracovatel nebo vedoucí útvaru, který ho má.",
    )


def may_place(actor: Actor, document: Document) -> Decision:
    """Whoever works with documents and sees this one; circulation decides the rest (who hands over to whom)."""
    if actor.is_system or may_work_on(actor, document):
        return ALLOWED
    if not actor.has(*WORKING, Role.MAILROOM):
        return denied("Předávat dokumenty smí jen ten, kdo s nimi pracuje.")
    return may_see(actor, document)


def may_share(actor: Actor, document: Document) -> Decision:
    """The same as placing: who sees a document may show it within circulation."""
    return may_place(actor, document)


def may_grant_access(actor: Actor, document: Document | None = None, file: CaseFile | None = None) -> Decision:
    """Who has access and works with documents grants it (NSESSS 7.1.2); to a restricted file who works on it."""
    if document is not None:
        restricted = document.case_file_id is not None and document.case_file.is_restricted()
        return may_work_on(actor, document) if restricted else may_share(actor, document)
    if file is None:
        return denied("Přístup se přiděluje k dokumentu nebo ke spisu.")
    if actor.is_system or may_work_on_file(actor, file):
        return ALLOWED
    if file.is_restricted() or not actor.has(*WORKING, Role.MAILROOM):
        return denied(f"Přístup ke spisu {file} přiděluje ten, kdo s ním pracuje.")
    return may_see_file(actor, file)


def may_decide_on_grant(actor: Actor, grant: AccessGrant) -> Decision:
    """The person named, who leads the unit, or who holds the role; substitutes too (NSESSS 7.1.3)."""
    if grant.person_id is not None:
        theirs = actor.is_one_of([grant.person_id])
    elif grant.unit_id is not None:
        theirs = actor.has_in(grant.unit_id, *LEADING)
    else:
        theirs = any(one.role == grant.role for one in actor.grants)
    return allowed_if(theirs, f"Přístup potvrzuje nebo odmítá ten, komu je přidělený: {grant.receiver}.")


def may_withdraw_grant(actor: Actor, grant: AccessGrant) -> Decision:
    """Who gave it, while it waits (NSESSS 7.1.4)."""
    return allowed_if(actor.is_one_of([grant.given_by_id]), "Nepotvrzený přístup zruší jen ten, kdo ho přidělil.")


def may_end_grant(actor: Actor, grant: AccessGrant) -> Decision:
    """The receiver, and who works on the document or the file."""
    if may_decide_on_grant(actor, grant):
        return ALLOWED
    if grant.document is not None:
        return may_work_on(actor, grant.document)
    return may_work_on_file(actor, grant.file) if grant.file is not None else denied("Přístup k ničemu nepatří.")


def may_restrict(actor: Actor, file: CaseFile) -> Decision:
    """Who works on the file."""
    return may_work_on_file(actor, file)


def may_release(actor: Actor, file: CaseFile) -> Decision:
    """Its processor; when they cannot, the head of the unit or the records keeper, who do not see what is in it."""
    if actor.has(Role.RECORDS_KEEPER) or actor.has_in(file.unit_id, Role.HEAD):
        return ALLOWED
    return may_work_on_file(actor, file)


def may_reply(actor: Actor, to: Document) -> Decision:
    """Who works on the received document writes the reply."""
    return may_work_on(actor, to)


def may_edit(actor: Actor, document: Document) -> Decision:
    """Metadata and drafts are edited by who works on the document; before it is assigned, by the mailroom."""
    if document.unit_id is None and document.direction == Direction.RECEIVED and actor.has(Role.MAILROOM):
        return ALLOWED
    return may_work_on(actor, document)


def may_edit_metadata(actor: Actor, document: Document) -> Decision:
    """Who edits the document, until its file is closed; then only the records keeper who sees it (NSESSS 7.1.5)."""
    if document.case_file_id is None or document.case_file.state != FileState.CLOSED:
        return may_edit(actor, document)
    return _may_correct(actor, document.case_file) and may_see(actor, document)


def may_edit_file(actor: Actor, file: CaseFile) -> Decision:
    """Who works on the file, until it is closed; then only the records keeper who sees it (NSESSS 7.1.5)."""
    if file.state != FileState.CLOSED:
        return may_work_on_file(actor, file)
    return _may_correct(actor, file) and may_see_file(actor, file)


def _may_correct(actor: Actor, file: CaseFile) -> Decision:
    return allowed_if(
        actor.is_system or actor.has(Role.RECORDS_KEEPER),
        f"Spis {file} je uzavřený, údaje jeho a jeho dokumentů opravuje jen správce spisovny. Nic se nezměnilo.",
    )


def may_check_out(actor: Actor, document: Document) -> Decision:
    """A person who edits the document; the product itself takes nothing out."""
    return may_edit(actor, document) if actor.person_id is not None else denied("Soubor si k úpravě bere jen člověk.")


def may_check_in(actor: Actor, document: Document, check_out: CheckOut) -> Decision:
    """Who has the component, as long as they may still edit the document; not their substitutes."""
    if check_out.person_id != actor.person_id:
        return denied("Úpravy ukládá jen ten, kdo má soubor vzatý k úpravě.")
    return may_edit(actor, document)


def may_take_over(actor: Actor, document: Document) -> Decision:
    """The head of the unit that has the document, and the administrator of its records node."""
    return allowed_if(
        actor.person_id is not None and actor.has_in(document.unit_id, Role.HEAD, Role.NODE_ADMINISTRATOR),
        "Cizí úpravy souboru převezme nebo zruší vedoucí útvaru nebo správce spisového uzlu.",
    )


def may_cancel_check_out(actor: Actor, document: Document, check_out: CheckOut) -> Decision:
    """Who has the component, even when the document has left them; otherwise who may take it over."""
    return ALLOWED if check_out.person_id == actor.person_id else may_take_over(actor, document)


def may_add_component(actor: Actor, document: Document) -> Decision:
    """The editor; receipts and messages are added by the product itself and by the mailroom."""
    if actor.is_system or actor.has(Role.MAILROOM):
        return ALLOWED
    return may_work_on(actor, document)


def may_decide_on(actor: Actor, document: Document) -> Decision:
    """Whoever sees the document; who the approver is, circulation knows."""
    return ALLOWED if actor.is_system else may_see(actor, document)


def may_mark_dispatched(actor: Actor, document: Document) -> Decision:
    """The mailroom dispatches; delivery is recorded by the product."""
    return allowed_if(actor.is_system or actor.has(Role.MAILROOM), "Dokumenty odesílá výpravna.")


def may_link_party(actor: Actor, document: Document | None = None, file: CaseFile | None = None) -> Decision:
    """Other persons are linked by who works on the document or the file; afterwards also by the records keeper."""
    if actor.is_system or actor.has(Role.RECORDS_KEEPER):
        return ALLOWED
    if file is not None:
        return may_work_on_file(actor, file)
    return may_edit(actor, document) if document is not None else denied("Vazba patří k dokumentu nebo ke spisu.")


def may_link(actor: Actor, document: Document | None = None, file: CaseFile | None = None) -> Decision:
    """References are made by who works on the document or the file, in any state of it (NSESSS 4.1.1)."""
    return may_link_party(actor, document, file)


def may_refer(
    actor: Actor,
    document: Document | None = None,
    file: CaseFile | None = None,
    to_document: Document | None = None,
    to_file: CaseFile | None = None,
) -> Decision:
    """Who works on the one side and sees the other."""
    decision = may_link(actor, document, file)
    if decision and to_document is not None:
        return may_see(actor, to_document)
    if decision and to_file is not None:
        return may_see_file(actor, to_file)
    return decision


def may_join(actor: Actor, file: CaseFile, to_file: CaseFile) -> Decision:
    """Who works on both files: they will share their class and disposal (NSESSS 4.1.2)."""
    return may_work_on_file(actor, file) and may_work_on_file(actor, to_file)


def may_remove_reference(actor: Actor, reference: CrossReference) -> Decision:
    """A free one by who works on either side; a fixed one only by a processor of the files (NSESSS 4.1.6)."""
    if reference.fixed and reference.file and reference.to_file:
        processors = [reference.file.processor_id, reference.to_file.processor_id]
        return allowed_if(
            actor.is_one_of(processors), "Pevný odkaz smí zrušit jen zpracovatel jednoho ze spisů (NSESSS 4.1.6)."
        )
    decision = may_link(actor, reference.document, reference.file)
    return decision or may_link(actor, reference.to_document, reference.to_file)


def may_unlink_party(actor: Actor, link: PartyLink) -> Decision:
    """The same people take a link back."""
    return may_link_party(actor, link.document, link.file)


def may_open_file(actor: Actor, section: TypedSection | None = None) -> Decision:
    """Whoever processes documents may open a file; in a typed file who may fill it."""
    if not (actor.is_system or actor.has(*WORKING)):
        return denied("Zakládat spisy smí zpracovatel nebo vedoucí.")
    return ALLOWED if section is None else may_fill_typed_file(actor, section.typed_file)


def may_open_typed_file(actor: Actor) -> Decision:
    """Whoever processes documents may found a typed file (NSESSS 3.3.1)."""
    return allowed_if(actor.is_system or actor.has(*WORKING), "Zakládat typové spisy smí zpracovatel nebo vedoucí.")


def may_work_on_typed_file(actor: Actor, typed_file: TypedFile) -> Decision:
    """The processor of the typed file (or their substitute), and who leads its unit."""
    return allowed_if(
        actor.is_system or actor.is_one_of([typed_file.processor_id]) or _leads(actor, typed_file.unit_id),
        f"S typovým spisem {typed_file} smí pracovat jeho zpracovatel nebo vedoucí útvaru.",
    )


def may_fill_typed_file(actor: Actor, typed_file: TypedFile) -> Decision:
    """Who works on the typed file; into a shared one whoever works with documents."""
    if actor.has(*WORKING) and typed_file.shared:
        return ALLOWED
    return may_work_on_typed_file(actor, typed_file)


def sections_filled_by(actor: Actor) -> Q:
    """Sections of typed files the actor may fill: the same as :func:`may_fill_typed_file`, asked of many at once."""
    if actor.is_system:
        return EVERYBODY
    actor = actor.doing("records.file.open")
    everywhere = any(grant.role in LEADING and grant.unit_id is None for grant in actor.grants)
    if everywhere:
        return EVERYBODY
    filled = Q(typed_file__processor__in=actor.person_ids)
    filled |= Q(typed_file__unit__in=actor.units_with(*LEADING))
    return filled | Q(typed_file__shared=True) if actor.has(*WORKING) else filled


def may_work_on_section(actor: Actor, section: TypedSection) -> Decision:
    """The same as for its typed file."""
    return may_work_on_typed_file(actor, section.typed_file)


def may_work_on_volume(actor: Actor, volume: Volume) -> Decision:
    """The same as for its typed file; where its paper lies also the records keeper writes down."""
    if actor.has(Role.RECORDS_KEEPER):
        return ALLOWED
    return may_work_on_typed_file(actor, volume.section.typed_file)


def may_put_in_section(actor: Actor, file: CaseFile, section: TypedSection) -> Decision:
    """Who may re-sort the file and fill the typed file; a closed file only the records keeper (NSESSS 3.1.9)."""
    if file.state == FileState.CLOSED:
        return may_resort_file(actor, file)
    return may_work_on_file(actor, file) and may_fill_typed_file(actor, section.typed_file)


def may_reopen_typed_file(actor: Actor, typed_file: TypedFile) -> Decision:
    """A closed typed file is opened again by the head of its unit or the records keeper, as a closed file is."""
    return allowed_if(
        actor.is_system or actor.has(Role.RECORDS_KEEPER) or actor.has_in(typed_file.unit_id, Role.HEAD),
        "Uzavřený typový spis smí znovu otevřít vedoucí útvaru nebo správce spisovny.",
    )


def may_reopen_section(actor: Actor, section: TypedSection) -> Decision:
    """The same as for its typed file."""
    return may_reopen_typed_file(actor, section.typed_file)


def may_see_typed_file(actor: Actor, typed_file: TypedFile) -> Decision:
    """Whether the actor may see this typed file; asks the database."""
    seen = TypedFile.objects.filter(typed_files_visible_to(actor), pk=typed_file.pk).exists()
    return allowed_if(seen, "K tomuto typovému spisu nemáte přístup.")


def may_work_on_file(actor: Actor, file: CaseFile) -> Decision:
    """The processor of the file (or their substitute), and who leads its unit."""
    return allowed_if(
        actor.is_system or actor.is_one_of([file.processor_id]) or _leads_file(actor, file),
        f"Se spisem {file} smí pracovat jeho zpracovatel nebo vedoucí útvaru.",
    )


def may_print_many(actor: Actor) -> Decision:
    """A person prints what they see; every item is tested again when it is made."""
    return allowed_if(actor.person_id is not None, "Hromadný tisk spouští jen člověk.")


def may_handle_print(actor: Actor, run: PrintRun) -> Decision:
    """Only who started it: it was made with their rights."""
    return allowed_if(run.person_id == actor.person_id, "S hromadným tiskem zachází jen ten, kdo ho spustil.")


def may_store(actor: Actor, file: CaseFile) -> Decision:
    """Where paper lies is recorded by who works on the file, and by the records keeper (NSESSS 7.1.9)."""
    if actor.has(Role.RECORDS_KEEPER):
        return ALLOWED
    return may_work_on_file(actor, file)


def may_note(actor: Actor, file: CaseFile) -> Decision:
    """A note is written by a person who works with documents and sees the file; the product writes none."""
    if actor.person_id is None or not actor.has(*WORKING, Role.RECORDS_KEEPER):
        return denied("Poznámky ke spisu píše jen ten, kdo s dokumenty pracuje.")
    return may_see_file(actor, file)


def may_take_note_back(actor: Actor, note: FileNote) -> Decision:
    """Only who wrote it."""
    return allowed_if(note.author_id == actor.person_id, "Poznámku vezme zpět jen ten, kdo ji napsal.")


def may_put_in_file(actor: Actor, document: Document, file: CaseFile) -> Decision:
    """Who works on both the document and the file (NSESSS 3.2.5)."""
    return may_work_on(actor, document) and may_work_on_file(actor, file)


def may_reopen_file(actor: Actor, file: CaseFile) -> Decision:
    """A settled file is taken back by who works on it; a closed one by the head or the records keeper."""
    if file.state == FileState.CLOSED:
        return allowed_if(
            actor.is_system or actor.has(Role.RECORDS_KEEPER) or actor.has_in(file.unit_id, Role.HEAD),
            "Uzavřený spis smí znovu otevřít vedoucí útvaru nebo správce spisovny.",
        )
    return may_work_on_file(actor, file)


def may_appraise(actor: Actor) -> Decision:
    """Events that start a period, and holds of disposal, are for the appraiser only (NSESSS 6.1.9, 6.1.13, 6.1.16)."""
    return allowed_if(
        actor.is_system or actor.has(Role.RECORDS_KEEPER),
        "O spouštěcích událostech a pozastavení skartace rozhoduje správce spisovny (posuzovatel skartační operace).",
    )


def may_resort_file(actor: Actor, file: CaseFile) -> Decision:
    """An open file by who works on it or keeps the plan; a closed one by the records keeper (NSESSS 3.1.9)."""
    if file.state == FileState.CLOSED:
        return may_resort(actor, include_closed=True)
    return may_work_on_file(actor, file) or may_configure(actor)


def may_resort(actor: Actor, include_closed: bool = False) -> Decision:
    """Open files in bulk by who keeps the plan (NSESSS 3.2.14, 3.4.3), closed ones by the records keeper (3.1.9)."""
    if include_closed:
        return allowed_if(
            actor.is_system or actor.has(Role.RECORDS_KEEPER),
            "Uzavřené spisy přetřiďuje jen správce spisovny (posuzovatel skartační operace).",
        )
    return may_configure(actor)


def may_withdraw(actor: Actor, document: Document) -> Decision:
    """The first processor, until they hand the document over; an administrator what was never filed (NSESSS 7.2.12).

    A received document begins in the mailroom; the first who gets it from there is its first processor.
    """
    if actor.is_system or _is_first(actor, document):
        return ALLOWED
    if not _administers(actor, document.unit_id):
        return denied("Dokument znepřístupní jen jeho první zpracovatel, dokud ho nepředal jinému, nebo správce.")
    return allowed_if(
        document.was_filed is not True and document.case_file_id is None,
        "Správce znepřístupní jen dokument, který nikdy nebyl ve spisu (NSESSS 7.2.12).",
    )


def may_withdraw_file(actor: Actor, file: CaseFile) -> Decision:
    """The first processor of a file, or an administrator; that it is empty is checked later (NSESSS 7.2.12)."""
    first = file.handed_over is not True and actor.is_one_of([file.first_processor_id])
    return allowed_if(
        actor.is_system or first or _administers(actor, file.unit_id),
        "Spis znepřístupní jen jeho první zpracovatel, dokud ho nepředal jinému, nebo správce.",
    )


def _is_first(actor: Actor, document: Document) -> bool:
    if document.handed_over is True:  # the matrix of rights asks with stand-ins, which are never that
        return False
    if document.first_processor_id is not None:
        return actor.is_one_of([document.first_processor_id])
    in_mailroom = document.unit_id is None and document.direction == Direction.RECEIVED
    return in_mailroom and actor.has(Role.MAILROOM)


def _administers(actor: Actor, unit_id: int | None) -> bool:
    return actor.has(Role.ADMINISTRATOR) or (unit_id is not None and actor.has_in(unit_id, Role.NODE_ADMINISTRATOR))


def may_save_search(actor: Actor, search: SavedSearch | None = None) -> Decision:
    """Every person keeps searches of their own; a substitute does not change those of whom they substitute."""
    if search is not None:
        return may_change_search(actor, search)
    return allowed_if(actor.person_id is not None, "Hledání si ukládá jen člověk.")


def may_change_search(actor: Actor, search: SavedSearch) -> Decision:
    """Its owner."""
    return allowed_if(search.owner_id == actor.person_id, "Uložené hledání mění jen ten, kdo ho uložil.")


def units_to_share_with(actor: Actor) -> frozenset[int]:
    """Units in which the actor works or which they lead."""
    return _units_of(actor)


def may_configure(actor: Actor) -> Decision:
    """The plan, kinds, templates and numbering are kept by the administrator and the records keeper."""
    return allowed_if(
        actor.is_system or actor.has(Role.ADMINISTRATOR, Role.RECORDS_KEEPER),
        "Nastavení spisové služby mění správce systému nebo správce spisovny.",
    )


def _sees_everything(actor: Actor) -> bool:
    # A leading role without a unit holds for the whole organisation.
    everywhere = any(grant.role in LEADING and grant.unit_id is None for grant in actor.grants)
    return actor.is_system or everywhere or actor.has(*SEEING_ALL)


def _leads(actor: Actor, unit_id: int | None) -> bool:
    return unit_id is not None and actor.has_in(unit_id, *LEADING)


def _leads_document(actor: Actor, document: Document) -> bool:
    if not _leads(actor, document.unit_id):
        return False
    return document.case_file_id is None or not document.case_file.is_restricted()


def _leads_file(actor: Actor, file: CaseFile) -> bool:
    return _leads(actor, file.unit_id) and not file.is_restricted()


def _units_of(actor: Actor) -> frozenset[int]:
    return actor.unit_ids | actor.units_with(*LEADING)
