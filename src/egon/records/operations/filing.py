"""Files (spisy): opening, filling, settling, closing, reopening."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from egon.audit import log
from egon.audit.operation import operation
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.kernel.errors import Conflict
from egon.kernel.events import publish
from egon.records import events, facts, own_metadata, permissions
from egon.records.claims import claims_of
from egon.records.errors import ClassHoldsNoFiles, FileNotClosable, FileNotSettlable, InvalidInput, NotInThisState
from egon.records.locking import lock, lock_file, require_file_unchanged, require_seen
from egon.records.models import CaseFile, DisposalRegime, Document, FormerNumber, RecordClass, TypedSection
from egon.records.numbers import take_document_numbers, take_file_numbers
from egon.records.operations.converting import ask_to_convert
from egon.records.operations.correcting import faults_of_correction, require_still_allowed
from egon.records.operations.disposal_years import RESULT, fix_disposal_year
from egon.records.operations.joining import open_among_joined, unite
from egon.records.operations.resorting import resort_file
from egon.records.operations.typed.closing import reopen_in_volume
from egon.records.operations.typed.filling import lock_place
from egon.records.operations.typed.volumes import PLACED, current_volume, place_in_volume
from egon.records.rules.closing import check_before_closing, obstacles_to_settling_file
from egon.records.rules.numbers import NumberFrom, numbering_after_move, write_number_in_file
from egon.records.rules.own_metadata import OwnEntity
from egon.records.rules.settling import SettledHow
from egon.records.rules.states import UNCLOSED, Direction, DocumentState, FileState
from egon.registry.models import Person, Unit

# What changes of a document that is put into a file.
_PUT = ("case_file", "order_in_file", "was_filed", "reference_number", "serial_number", "numbered_by_file")


@operation("records.file.open", title="Založení spisu", requires=permissions.may_open_file, unlogged=("own",))
def open_file(
    *,
    actor: Actor,
    unit: Unit,
    processor: Person | None,
    record_class: RecordClass | None = None,
    section: TypedSection | None = None,
    subject: str = "",
    document: Document | None = None,
    own: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> CaseFile:
    """Open a file in a class of the plan, or in the open volume of a section of a typed file (NSESSS 3.2.1).

    From there it has its code, disposal regime and way of numbering (3.2.2, 6.1.3). Opened on the basis of a
    ``document``, it takes over its subject unless another is given, and holds it as its first (3.2.4). ``own``
    are own metadata (9.1.1).
    Raises :class:`ClassHoldsNoFiles`, :class:`InvalidInput`, for a closed section :class:`NotInThisState`.
    """
    at = at or clock.now()
    day = at.astimezone(PRAGUE).date()
    if (record_class is None) == (section is None):
        raise InvalidInput(
            "Spis se nezaložil.", ["Vyberte věcnou skupinu, nebo součást typového spisu (NSESSS 3.2.1)."]
        )
    subject = subject.strip() or (document.subject if document else "")
    if not subject:
        raise InvalidInput("Spis se nezaložil.", ["Vyplňte stručný obsah spisu (NSESSS 3.2.4)."])
    values = own_metadata.accepted(OwnEntity.FILE, own, refusal="Spis se nezaložil.")
    file = CaseFile(
        subject=subject[:250],
        unit=unit,
        processor=processor,
        first_processor=processor,
        handed_over=processor is not None and processor.pk != actor.person_id,
        opened_on=day,
    )
    if section is not None:
        _place_in_section(file, section, day)
    elif record_class is not None:
        _place_in_class(file, record_class, day)
    numbers = take_file_numbers(unit=unit, at=at)
    file.identifier, file.file_mark = numbers.identifier, numbers.written
    file.save()
    log.note(identifier=numbers.identifier, file_mark=numbers.written, regime=file.regime)
    own_metadata.keep(file, values, is_new=True)
    publish(events.FileOpened(file.pk))
    if document is not None:
        put_in_file(actor=actor, document=document, file=file, at=at)
    return file


@operation("records.file.put", title="Vložení dokumentu do spisu", requires=permissions.may_put_in_file)
def put_in_file(*, actor: Actor, document: Document, file: CaseFile, at: datetime | None = None) -> Document:
    """Put a document into an open file; it gets its order there (NSESSS 3.2.3, 3.2.5, 3.4.1).

    A document already in another open file is moved; when its number changes, the former one is kept and found as
    before (3.4.7, 3.4.8). Raises :class:`NotInThisState`, :class:`Conflict`.
    """
    at = at or clock.now()
    believed_file = document.case_file_id
    lock(document)
    if document.case_file_id != believed_file:
        raise Conflict(f"Dokument {document} mezitím někdo zařadil do spisu {document.case_file}. Nic se nezměnilo.")
    if document.case_file_id == file.pk:
        raise NotInThisState(f"Dokument {document} už ve spisu {file} je.")
    if document.state == DocumentState.WITHDRAWN:
        raise NotInThisState(f"Dokument {document} je stornovaný, do spisu ho vložit nejde.")
    _require_may_leave(document)
    if document.case_file is not None:
        log.note(moved_from=str(document.case_file))
    former = document.reference_number
    add_to_file(document, file, at=at)
    if document.reference_number != former:
        FormerNumber.objects.create(document=document, reference_number=former, replaced_at=at)
    publish(events.DocumentChanged(document.pk))
    return document


@operation("records.file.take_out", title="Vyjmutí dokumentu ze spisu", requires=permissions.may_work_on)
def take_out_of_file(*, actor: Actor, document: Document, reason: str) -> Document:
    """Take a document out of an open file, saying why. A settled document stays (NSESSS 3.4.6)."""
    lock(document)
    if document.case_file is None:
        raise NotInThisState(f"Dokument {document} v žádném spisu není.")
    if not reason.strip():
        raise InvalidInput("Dokument zůstal ve spisu.", ["Napište, proč se dokument ze spisu vyjímá."])
    _require_may_leave(document)
    log.note(taken_out_of=str(document.case_file))
    document.case_file, document.order_in_file = None, None
    document.save(update_fields=["case_file", "order_in_file"])
    publish(events.DocumentChanged(document.pk))
    return document


@operation(
    "records.file.edit", title="Úprava údajů spisu", requires=permissions.may_edit_file, unlogged=("own", "seen")
)
def edit_file(
    *,
    actor: Actor,
    file: CaseFile,
    subject: str,
    processor: Person | None,
    own: Mapping[str, Any] | None = None,
    seen: Mapping[str, Any] | None = None,
    reason: str = "",
) -> CaseFile:
    """Change the subject, the processor and own metadata of a file; of a closed one with a ``reason`` (NSESSS 7.1.5).

    ``seen`` are columns as the person saw them; when one is not so any more, :class:`Conflict` is raised.
    """
    lock_file(file)
    require_still_allowed(permissions.may_edit_file(actor, file))
    require_seen(file, seen)
    faults = faults_of_correction(file, reason)
    if not subject.strip():
        faults.append("Vyplňte stručný obsah spisu.")
    if faults:
        raise InvalidInput("Údaje spisu se neuložily.", faults)
    values = own_metadata.accepted(OwnEntity.FILE, own, present=file.own_values, refusal="Údaje spisu se neuložily.")
    subject = subject.strip()[:250]
    log.note_changes(
        {"subject": file.subject, "processor": str(file.processor or "")},
        {"subject": subject, "processor": str(processor or "")},
    )
    file.handed_over = file.handed_over or processor != file.first_processor
    file.subject, file.processor = subject, processor
    file.save(update_fields=["subject", "processor", "handed_over"])
    own_metadata.keep(file, values)
    publish(events.FileChanged(file.pk))
    return file


@operation("records.file.settle", title="Vyřízení spisu", requires=permissions.may_work_on_file)
def settle_file(*, actor: Actor, file: CaseFile, on: date, how: SettledHow = SettledHow.BY_DOCUMENT) -> CaseFile:
    """Settle a file and with it all its documents not settled before (NSESSS 3.2.6).

    Raises :class:`FileNotSettlable` with every obstacle.
    """
    believed = lock_file(file)
    require_file_unchanged(file, believed)
    obstacles = obstacles_to_settling_file(facts.file_facts(file), on=on)
    if obstacles:
        raise FileNotSettlable(f"Spis {file} nejde vyřídit.", obstacles)
    _settle_documents(file, how, on)
    file.state, file.settled_on = FileState.SETTLED.value, on
    file.save(update_fields=["state", "settled_on"])
    publish(events.FileChanged(file.pk))
    return file


@operation("records.file.close", title="Uzavření spisu", requires=permissions.may_work_on_file)
def close_file(*, actor: Actor, file: CaseFile, on: date) -> CaseFile:
    """Close a file: nothing more comes in or out, the disposal year is fixed (NSESSS 3.2.9, § 65 odst. 5 zákona).

    An open file whose documents are all settled is settled by its closing, unless that is turned off (3.2.8).
    Components in other than output formats are converted in the background, unless a person decided that they stay;
    what has no output format is kept as it is and noted in the log. Of several regimes the gravest
    mark and the latest year hold (6.1.8), and files joined to it go into one class (4.1.4). Raises
    :class:`FileNotClosable` with every obstacle.
    """
    if file.volume is not None and file.state in UNCLOSED:
        # A volume whose period is over closes first: it may not take this file with it.
        current_volume(file.volume.section, on=on)
    believed = lock_file(file)
    require_file_unchanged(file, believed)
    check = check_before_closing(facts.file_facts(file), on=on)
    if check.obstacles:
        raise FileNotClosable(f"Spis {file} nejde uzavřít.", check.obstacles)
    if file.state == FileState.OPEN:
        _settle_documents(file, SettledHow.BY_DOCUMENT, on)
        file.settled_on = on
    file.state, file.closed_on = FileState.CLOSED.value, on
    fix_disposal_year(file)
    file.save(update_fields=["state", "settled_on", "closed_on", *RESULT])
    log.note(disposal_year=file.disposal_year, not_output_formats=check.warnings)
    if file.resolved_mark:
        log.note(resolved_mark=file.resolved_mark, regimes=[claim.told for claim in claims_of([file])[file.pk]])
    unite(file)
    if check.formats:
        ask_to_convert(actor, file, clock.now())
    publish(events.FileClosed(file.pk))
    return file


@operation("records.file.reopen", title="Znovuotevření spisu", requires=permissions.may_reopen_file)
def reopen_file(*, actor: Actor, file: CaseFile, reason: str, record_class: RecordClass | None = None) -> CaseFile:
    """Open a settled or closed file again, saying why (NSESSS 3.2.11). Its documents stay settled.

    When its class was closed meanwhile, the file goes into an open ``record_class`` (3.2.12, 3.4.6); without one
    :class:`ClassHoldsNoFiles` asks for it. A file of a typed file goes into the open volume of its section (3.2.11),
    which opens again when it is closed (3.2.13).
    """
    lock_place(file)
    believed = lock_file(file)
    require_file_unchanged(file, believed)
    if file.state == FileState.OPEN:
        raise NotInThisState(f"Spis {file} je otevřený.")
    if not reason.strip():
        raise InvalidInput("Spis zůstal uzavřený.", ["Napište, proč se spis znovu otevírá."])
    if other := open_among_joined(file):
        raise NotInThisState(
            f"Spis {file} je pevně spojený se spisem {other}, který je otevřený; otevřený smí být jen jeden. "
            "Uzavřete ho, nebo spojení zrušte (NSESSS 4.1.2)."
        )
    if file.volume is None:
        _regime_of(record_class or file.record_class, clock.today())
    log.note(was_settled_on=file.settled_on, was_closed_on=file.closed_on, disposal_year_was=file.disposal_year)
    file.state, file.settled_on, file.closed_on = FileState.OPEN.value, None, None
    if file.volume is not None:
        reopen_in_volume(file, reason=reason, on=clock.today())
    fix_disposal_year(file)
    file.save(update_fields=["state", "settled_on", "closed_on", *PLACED, *RESULT])
    if record_class is not None and file.volume is None and record_class.pk != file.record_class_id:
        resort_file(actor=actor, file=file, target=record_class, reason=reason)
    publish(events.FileChanged(file.pk))
    return file


def add_to_file(document: Document, file: CaseFile, *, at: datetime) -> None:
    """Give the document the next order in an open file, and a new number where the file asks for it (2.7.4, 3.4.7)."""
    lock_file(file)
    if file.state != FileState.OPEN:
        raise NotInThisState(
            f"Spis {file} je {FileState(file.state).label}, vložit do něj dokument nejde (NSESSS 3.4.6)."
        )
    file.last_order += 1
    file.save(update_fields=["last_order"])
    document.case_file, document.order_in_file, document.was_filed = file, file.last_order, True
    _renumber(document, file, at)
    document.save(update_fields=_PUT)


def _renumber(document: Document, file: CaseFile, at: datetime) -> None:
    source = numbering_after_move(numbered_by_file=document.numbered_by_file, file_numbers=file.numbers_by_file)
    if source is NumberFrom.KEPT:
        return
    log.note(previous_reference_number=document.reference_number)
    if source is NumberFrom.FILE:
        document.reference_number = write_number_in_file(file.file_mark, file.last_order)
    else:
        taken = take_document_numbers(unit=document.unit, at=at)  # the identifier stays (NSESSS 3.4.7 písm. b)
        document.reference_number, document.serial_number = taken.written, taken.number
    document.numbered_by_file = source is NumberFrom.FILE


def _require_may_leave(document: Document) -> None:
    if document.case_file is None:
        return
    if document.case_file.state != FileState.OPEN:
        raise NotInThisState(
            f"Ze spisu {document.case_file}, který není otevřený, dokument vyjmout nejde (NSESSS 3.4.6)."
        )
    if document.settled_on is not None:
        raise NotInThisState(f"Dokument {document} je vyřízený, ze spisu ho vyjmout nejde. Nejdřív zrušte vyřízení.")


def _place_in_class(file: CaseFile, record_class: RecordClass, day: date) -> None:
    regime = _regime_of(record_class, day)
    file.record_class, file.class_code = record_class, record_class.code
    file.disposal_mark, file.retention_years = regime.mark, regime.years
    file.trigger, file.check_years = regime.trigger, regime.check_years
    file.numbers_by_file = record_class.numbers_by_file


def _place_in_section(file: CaseFile, section: TypedSection, day: date) -> None:
    record_class = section.typed_file.record_class
    if not record_class.is_open(day):
        raise ClassHoldsNoFiles(f"Věcná skupina {record_class} je uzavřená, spis v ní založit nejde (NSESSS 3.1.8).")
    place_in_volume(file, current_volume(section, on=day))
    file.numbers_by_file = section.template.numbers_by_file


def _regime_of(record_class: RecordClass, day: date) -> DisposalRegime:
    if record_class.for_typed_files:
        raise ClassHoldsNoFiles(f"Věcná skupina {record_class} je určena pro typové spisy (NSESSS 3.1.6).")
    regime: DisposalRegime | None = record_class.disposal_regime
    if regime is None:
        raise ClassHoldsNoFiles(f"Do věcné skupiny {record_class} se spisy nevkládají. Vyberte podrobnější skupinu.")
    if not record_class.is_open(day):
        raise ClassHoldsNoFiles(f"Věcná skupina {record_class} je uzavřená. Vyberte platnou skupinu (NSESSS 3.1.8).")
    return regime


def _settle_documents(file: CaseFile, how: SettledHow, on: date) -> None:
    """Settle what was not settled by itself. An outgoing document keeps its state: sent or delivered says more."""
    unsettled = Document.objects.select_for_update().filter(case_file=file, settled_on__isnull=True)
    for document in unsettled.exclude(state=DocumentState.WITHDRAWN.value):
        document.settled_on, document.settled_how = on, how.value
        if document.direction != Direction.OUTGOING:
            document.state = DocumentState.SETTLED.value
        document.save(update_fields=["settled_on", "settled_how", "state"])
        publish(events.DocumentSettled(document.pk))
