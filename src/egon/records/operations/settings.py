"""Settings of records: numbering and letterhead."""

from egon.audit.log import note_changes
from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.records import permissions
from egon.records.errors import InvalidInput
from egon.records.models import RecordsSettings
from egon.records.queries import settings_of_originator
from egon.records.rules.joining import JoinedInto
from egon.records.rules.numbers import faults_of_pattern


@operation("records.settings.save", title="Nastavení spisové služby", requires=permissions.may_configure)
def configure_numbering(
    *,
    actor: Actor,
    reference_format: str | None = None,
    file_mark_format: str | None = None,
    address: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    web: str | None = None,
    databox_id: str | None = None,
    joined_into: JoinedInto | None = None,
    settled_by_closing: bool | None = None,
) -> RecordsSettings:
    """Set how records are numbered (NSESSS 2.7.4), what stands on letters, where joined files go (4.1.5) and whether
    closing settles a file (3.2.8).

    ``None`` keeps what is there. Raises :class:`InvalidInput`.
    """
    settings = settings_of_originator()
    before = _values_of(settings)
    settings.reference_format = reference_format or settings.reference_format
    settings.file_mark_format = file_mark_format or settings.file_mark_format
    faults = [*faults_of_pattern(settings.reference_format), *faults_of_pattern(settings.file_mark_format)]
    if faults:
        raise InvalidInput("Nastavení se neuložilo.", faults)
    settings.joined_into = joined_into.value if joined_into else settings.joined_into
    settings.settled_by_closing = settings.settled_by_closing if settled_by_closing is None else settled_by_closing
    letterhead = {"address": address, "phone": phone, "email": email, "web": web, "databox_id": databox_id}
    for field, value in letterhead.items():
        if value is not None:
            setattr(settings, field, value)
    note_changes(before, _values_of(settings))
    settings.save()
    return settings


def _values_of(settings: RecordsSettings) -> dict[str, object]:
    names = [field.attname for field in settings._meta.concrete_fields]
    return {name: getattr(settings, name) for name in names if name not in ("id", "tenant_id")}
