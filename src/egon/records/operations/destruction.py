"""Destroying documents and files in the cases of NSESSS 7.2.1, in runs that can be stopped, killed and resumed.

Each thing is destroyed in a transaction of its own: the database checks the ground once more (``destroyed.sql``), the
header stays, everything else is erased, and contents are doomed to be removed from the storage by a job.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.jobs.runs.kind import RunKind, Step
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.kernel.events import publish
from egon.records import destruction_queries, events, permissions
from egon.records.erasing import erase_parts, remove_doomed
from egon.records.errors import InvalidInput, NotDestroyable, NotInThisState
from egon.records.header import kept_of
from egon.records.locking import lock, lock_file
from egon.records.models import (
    CaseFile,
    Destruction,
    DestructionItem,
    DestructionRun,
    Document,
    RecordsSettings,
)
from egon.records.queries import settings_of_originator
from egon.records.rules.destruction import DestructionFacts, Ground, obstacles_to_destroying
from egon.records.rules.header import EXTRAS
from egon.records.rules.states import DocumentState, FileState

MOST_AT_ONCE = 10_000

DESTROYING = RunKind(
    "records.destruction",
    DestructionRun,
    DestructionItem,
    of="ničení",
    requires=permissions.may_appraise,
    related=("document", "file"),
)
stop_destruction, resume_destruction = DESTROYING.stop, DESTROYING.resume


@operation("records.document.destroy", title="Zničení dokumentu", requires=only_system)
def destroy_document(*, actor: Actor, document: Document, run: DestructionRun, at: datetime | None = None) -> Document:
    """Destroy a withdrawn document; only its header stays (NSESSS 7.2.7, 7.2.9, 7.2.16).

    Raises :class:`NotDestroyable` with every obstacle.
    """
    lock(document)
    _require(f"Dokument {document} se nezničil.", destruction_queries.facts_of(document, run))
    _destroy_document(document, run, at or clock.now())
    return document


@operation("records.file.destroy", title="Zničení spisu", requires=only_system)
def destroy_file(*, actor: Actor, file: CaseFile, run: DestructionRun, at: datetime | None = None) -> CaseFile:
    """Destroy a file with all its documents; headers stay, the file's lists its documents (NSESSS 7.2.3, 7.2.9).

    Raises :class:`NotDestroyable` with every obstacle.
    """
    at = at or clock.now()
    documents = list(file.documents.order_by("pk"))  # a document is always locked before its file
    for document in documents:
        lock(document)
    lock_file(file, also_gone=True)
    if file.state == FileState.DESTROYED:
        raise NotInThisState(f"Spis {file} už je zničený.")
    _require(f"Spis {file} se nezničil.", destruction_queries.facts_of(file, run))
    _record(file, run, at)
    for document in documents:
        _destroy_document(document, run, at)
    erase_parts(file, at)
    file.state, file.processor, file.first_processor = FileState.DESTROYED.value, None, None
    file.settled_on, file.closed_on, file.disposal_year = None, None, None
    file.own_values = {}
    file.trigger_year, file.trigger_check_year, file.check_years, file.resolved_mark = None, None, None, ""
    file.save()
    log.note(identifier=file.identifier, file_mark=file.file_mark, documents=[one.identifier for one in documents])
    publish(events.FileChanged(file.pk))
    return file


@operation(
    "records.destruction.consent", title="Ničení podle trvalého skartačního souhlasu", requires=permissions.may_appraise
)
def destroy_under_consent(
    *, actor: Actor, files: Sequence[CaseFile], reference: str, reason: str = "", at: datetime | None = None
) -> DestructionRun:
    """Start destroying files of classes under a standing consent of the archive (NSESSS 7.2.3).

    ``reference`` is the identifier or reference number of the decision (7.2.4). Raises :class:`InvalidInput`.
    """
    faults = (
        []
        if reference.strip()
        else ["Vyplňte identifikátor nebo číslo jednací rozhodnutí o trvalém souhlasu (NSESSS 7.2.4)."]
    )
    faults += [] if files else ["Vyberte aspoň jeden spis."]
    faults += [f"Najednou jde zničit nejvýše {MOST_AT_ONCE} spisů."] if len(files) > MOST_AT_ONCE else []
    if faults:
        raise InvalidInput("Ničení se nespustilo.", faults)
    items = (DestructionItem(file=file) for file in files)
    return _start(actor, Ground.CONSENT, items, at or clock.now(), reference=reference, reason=reason)


@operation("records.destruction.withdrawn", title="Ničení znepřístupněných", requires=permissions.may_appraise)
def destroy_withdrawn(
    *, actor: Actor, since: date, until: date, reason: str = "", at: datetime | None = None
) -> DestructionRun:
    """Start destroying what was withdrawn in a period and not restored (7.2.16). Raises :class:`InvalidInput`."""
    first = datetime.combine(since, time(), PRAGUE)
    after = datetime.combine(until + timedelta(days=1), time(), PRAGUE)
    items = destruction_queries.withdrawn_between(first, after)
    if not items:
        raise InvalidInput("Ničení se nespustilo.", ["V tomto období není nic znepřístupněného."])
    return _start(actor, Ground.WITHDRAWN, items, at or clock.now(), reason=reason)


@operation("records.destruction.expired", title="Automatické zničení znepřístupněných", requires=only_system)
def destroy_expired_withdrawn(*, actor: Actor, at: datetime | None = None) -> DestructionRun | None:
    """Start destroying what was withdrawn longer ago than the administrator has set (NSESSS 7.2.16)."""
    at = at or clock.now()
    days = settings_of_originator().destroys_withdrawn_after
    items = [] if days is None else destruction_queries.withdrawn_between(None, at - timedelta(days=days))
    if not items:
        return None
    return _start(actor, Ground.WITHDRAWN, items, at, reason=f"uplynulo {days} dní od znepřístupnění")


@DESTROYING.takes
def destroy_item(step: Step[DestructionRun], item: DestructionItem) -> None:
    """Destroy one thing of a run."""
    if item.file is not None:
        destroy_file(actor=step.actor, file=item.file, run=step.run, at=step.at)
    elif item.document is not None:
        destroy_document(actor=step.actor, document=item.document, run=step.run, at=step.at)


@DESTROYING.concludes
def erase_contents(run: DestructionRun) -> None:
    """Contents of what was destroyed leave the storage; what stays of a stopped run, a job removes every hour."""
    remove_doomed()


@operation("records.removal.configure", title="Nastavení znepřístupnění a ničení", requires=permissions.may_configure)
def configure_removal(
    *, actor: Actor, allows_withdrawal: bool, destroys_withdrawn_after: int | None, header_extras: Sequence[str]
) -> RecordsSettings:
    """Whether anything may be withdrawn (NSESSS 7.2.11), after how many days the withdrawn is destroyed by itself
    (7.2.16; None: never), and what headers keep beside příloha 8 (7.2.10). Raises :class:`InvalidInput`.
    """
    faults = [f"Údaj „{name}“ do hlavičky přidat nejde." for name in header_extras if name not in EXTRAS]
    if destroys_withdrawn_after is not None and destroys_withdrawn_after < 1:
        faults.append("Lhůta automatického zničení je nejméně jeden den.")
    if faults:
        raise InvalidInput("Nastavení se neuložilo.", faults)
    settings = settings_of_originator()
    settings.allows_withdrawal = allows_withdrawal
    settings.destroys_withdrawn_after = destroys_withdrawn_after
    settings.header_extras = list(header_extras)
    settings.save()
    return settings


def _destroy_document(document: Document, run: DestructionRun, at: datetime) -> None:
    """Erase a locked document whose ground was found to hold."""
    log.note(**{document.identifier: document.reference_number})
    _record(document, run, at)
    publish(events.DocumentToBeErased(document.pk))
    erase_parts(document, at)
    document.state = DocumentState.DESTROYED.value
    document.kind = document.holder = document.first_processor = document.sender = document.replies_to = None
    document.order_in_file = document.delivered_at = document.created_on = document.deadline = None
    document.settled_on = document.serial_number = None
    document.own_values = {}
    document.channel = document.sender_reference = document.note = ""
    document.settled_how = document.settled_note = ""
    document.save()
    publish(events.DocumentDestroyed(document.pk))


def _record(entity: Document | CaseFile, run: DestructionRun, at: datetime) -> None:
    """The part of the header that tells of the destruction, with what the administrator wants kept."""
    document, file = (entity, entity.case_file) if isinstance(entity, Document) else (None, entity)
    Destruction.objects.create(
        document=document,
        file=None if document else file,
        run=run,
        ground=run.ground,
        reference=run.reference,
        record_class=file.record_class if file else None,
        kept=kept_of(entity, settings_of_originator().header_extras),
        destroyed_at=at,
        destroyed_by=run.started_by,
    )
    log.note(ground=Ground(run.ground).label, reference=run.reference, decided_by=run.started_by)


def _start(
    actor: Actor,
    ground: Ground,
    items: Iterable[DestructionItem],
    at: datetime,
    *,
    reference: str = "",
    reason: str = "",
) -> DestructionRun:
    run = DestructionRun(ground=ground.value, reference=reference.strip()[:100], reason=reason.strip()[:250])
    DESTROYING.launch(run, items, actor=actor, at=at)
    log.note(items=run.total)
    return run


def _require(message: str, facts: DestructionFacts) -> None:
    obstacles = obstacles_to_destroying(facts)
    if obstacles:
        raise NotDestroyable(message, obstacles)
