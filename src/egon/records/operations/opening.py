"""Attempts at access to documents and files, and what is told of those one may not see (NSESSS 5.1.2, 7.4.2)."""

from collections.abc import Mapping

from egon.audit.log import note_changes
from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.records import permissions
from egon.records.models import CaseFile, Document, RecordsSettings, TypedFile, TypedSection
from egon.records.queries import settings_of_originator
from egon.records.rules.disclosure import Disclosure, Way


@operation("records.entity.open", title="Přístup k dokumentu nebo spisu", requires=permissions.may_open)
def open_entity(
    *,
    actor: Actor,
    document: Document | None = None,
    file: CaseFile | None = None,
    typed_file: TypedFile | None = None,
    section: TypedSection | None = None,
) -> None:
    """Ask for access to one of these: called where it was refused, so that the attempt is in its history."""


@operation("records.disclosure.set", title="Co se dozví nepovolaný", requires=permissions.may_configure)
def set_disclosure(*, actor: Actor, levels: Mapping[Way, Disclosure]) -> RecordsSettings:
    """Set how much of what one may not see is told by each way (NSESSS 5.1.2); ways not named stay."""
    settings = settings_of_originator()
    before = {way.label: Disclosure(getattr(settings, f"disclosed_by_{way.value}")).label for way in levels}
    for way, level in levels.items():
        setattr(settings, f"disclosed_by_{way.value}", level.value)
    note_changes(before, {way.label: level.label for way, level in levels.items()})
    settings.save()
    return settings
