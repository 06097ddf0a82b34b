"""Changing components of a file into output formats (NSESSS 2.5.1, 2.5.3, 3.2.9)."""

from collections.abc import Sequence
from datetime import datetime

from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.events import publish
from egon.records import conversion_queries, events, permissions
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.locking import lock, lock_file
from egon.records.models import CaseFile, ComponentVersion, Document, FormatConversion
from egon.records.operations.components import NewFile, attach, write_version
from egon.records.rules.conversion import LONGEST_REASON, UNDECIDED, ConversionState

_OPEN = tuple(state.value for state in UNDECIDED)


@operation("records.conversion.start", title="Převod do výstupních formátů", requires=permissions.may_convert)
def start_conversion(*, actor: Actor, file: CaseFile, at: datetime | None = None) -> int:
    """Have components of a file converted that are in no output format, also those that failed before.

    Returns how many; it is done in the background. Raises :class:`InvalidInput` when there is none.
    """
    lock_file(file)
    count = ask_to_convert(actor, file, at or clock.now())
    if not count:
        raise InvalidInput("Nic se nepřevádí.", ["Ve spisu není soubor, který by šlo převést do výstupního formátu."])
    return count


@operation("records.conversion.stop", title="Zastavení převodu formátů", requires=permissions.may_convert)
def stop_conversion(*, actor: Actor, file: CaseFile) -> int:
    """Stop what waits; the component being converted just now is not stored. Raises :class:`NotInThisState`."""
    lock_file(file)
    waiting = conversion_queries.waiting_in(file.pk).order_by()
    count = FormatConversion.objects.filter(pk__in=waiting.values("pk")).update(state=ConversionState.STOPPED.value)
    if not count:
        raise NotInThisState("Žádný soubor na převod nečeká, nic se nezastavilo.")
    log.note(count=count)
    return count


@operation("records.conversion.keep", title="Ponechání původního formátu", requires=permissions.may_convert)
def keep_format(
    *, actor: Actor, file: CaseFile, version: ComponentVersion, reason: str, at: datetime | None = None
) -> FormatConversion:
    """Decide that a component stays in its format, saying why.

    Raises :class:`InvalidInput` without a reason, :class:`NotInThisState`.
    """
    lock_file(file)
    found = next((one for one in conversion_queries.unconverted_in(file) if one.version == version.pk), None)
    if found is None:
        raise NotInThisState("Tento soubor už v jiném než výstupním formátu není. Nic se nezměnilo.")
    if not reason.strip():
        raise InvalidInput("Nic se nezměnilo.", [f"Napište, proč soubor „{found.name}“ zůstane v původním formátu."])
    if found.conversion is ConversionState.WAITING:
        raise NotInThisState("Soubor se právě převádí. Převod nejdřív zastavte.")
    kept = {
        "state": ConversionState.KEPT.value,
        "message": reason.strip()[:LONGEST_REASON],
        "asked_at": at or clock.now(),
        "asked_by_id": actor.person_id,
    }
    log.note(component=found.name)
    return FormatConversion.objects.update_or_create(version=version, defaults=kept)[0]


@operation("records.conversion.store", title="Uložení převedené verze", requires=only_system, unlogged=("clause",))
def store_conversion(
    *,
    actor: Actor,
    document: Document,
    conversion: FormatConversion,
    output: NewFile,
    tool: str,
    clause: NewFile | None = None,
    at: datetime | None = None,
) -> FormatConversion:
    """Store the output as a new version of the same component, the original stays before it (NSESSS 2.5.1).

    The ``clause`` (doložka) of a received document becomes a component of its own (2.5.2 písm. b). What was stopped or
    has got a newer version meanwhile is not stored.
    """
    at = at or clock.now()
    lock(document)
    if not _still_wanted(conversion):
        return conversion
    component = conversion.version.component
    conversion.result = write_version(actor, component, output, at, comment=f"převod: {conversion.version.format_name}")
    if clause is not None:
        conversion.clause = attach(actor, document, [clause], at)[0]
    conversion.state, conversion.tool, conversion.message = ConversionState.DONE.value, tool[:60], ""
    conversion.finished_at = at
    conversion.save(update_fields=["state", "tool", "message", "result", "clause", "finished_at"])
    log.note(component=component.name, asked_by=str(conversion.asked_by or ""))
    publish(events.DocumentChanged(document.pk))
    return conversion


@operation("records.conversion.fail", title="Nepovedený převod formátu", requires=only_system)
def fail_conversion(
    *, actor: Actor, document: Document, conversion: FormatConversion, reason: str, at: datetime | None = None
) -> FormatConversion:
    """Note why a component was not converted; a person decides what next."""
    lock(document)
    if not _still_wanted(conversion):
        return conversion
    conversion.state, conversion.message = ConversionState.FAILED.value, reason[:LONGEST_REASON]
    conversion.finished_at = at or clock.now()
    conversion.save(update_fields=["state", "message", "finished_at"])
    log.note(component=conversion.version.component.name)
    return conversion


def ask_to_convert(actor: Actor, file: CaseFile, at: datetime) -> int:
    """Note conversions of a locked file and have the job make them; returns how many were added."""
    wanted = [one.version for one in conversion_queries.unconverted_in(file) if one.is_to_convert]
    if not wanted:
        return 0
    _ask(wanted, actor, at)
    log.note(conversions=len(wanted))
    publish(events.ConversionAsked(file.pk))
    return len(wanted)


def _ask(versions: Sequence[int], actor: Actor, at: datetime) -> None:
    asked = {"state": ConversionState.WAITING.value, "asked_at": at, "asked_by_id": actor.person_id}
    again = FormatConversion.objects.filter(version__in=versions, state__in=_OPEN)
    known = set(again.values_list("version_id", flat=True))
    again.update(**asked, message="", finished_at=None)
    FormatConversion.objects.bulk_create(
        FormatConversion(version_id=version, **asked) for version in versions if version not in known
    )


def _still_wanted(conversion: FormatConversion) -> bool:
    conversion.refresh_from_db(fields=["state"], from_queryset=FormatConversion.objects.select_for_update())
    newer = ComponentVersion.objects.filter(
        component=conversion.version.component_id, number__gt=conversion.version.number
    )
    return conversion.state == ConversionState.WAITING and not newer.exists()
