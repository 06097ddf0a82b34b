"""Own metadata of sections and volumes: all else of them follows from the template (NSESSS 9.1.1, 3.3.8)."""

from collections.abc import Mapping
from typing import Any

from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.kernel.events import publish
from egon.records import events, own_metadata, permissions
from egon.records.errors import NotInThisState
from egon.records.locking import require_seen
from egon.records.models import TypedSection, Volume
from egon.records.operations.typed.volumes import lock_section
from egon.records.rules.own_metadata import OwnEntity
from egon.records.rules.typed import VolumeState


@operation(
    "records.typed.edit_section",
    title="Úprava údajů součásti",
    requires=permissions.may_work_on_section,
    unlogged=("own", "seen"),
)
def edit_section(
    *, actor: Actor, section: TypedSection, own: Mapping[str, Any] | None, seen: Mapping[str, Any] | None = None
) -> TypedSection:
    """Change own metadata of an open section.

    ``seen`` are columns as the person saw them. Raises :class:`NotInThisState`, :class:`Conflict`,
    :class:`InvalidInput` with every fault.
    """
    lock_section(section)
    require_seen(section, seen)
    if not section.is_open:
        raise NotInThisState(f"Součást {section} je uzavřená, její údaje už měnit nejde.")
    values = own_metadata.accepted(
        OwnEntity.SECTION, own, present=section.own_values, refusal="Údaje součásti se neuložily."
    )
    own_metadata.keep(section, values)
    publish(events.TypedFileChanged(section.typed_file_id))
    return section


@operation(
    "records.typed.edit_volume",
    title="Úprava údajů dílu",
    requires=permissions.may_work_on_volume,
    unlogged=("own", "seen"),
)
def edit_volume(
    *, actor: Actor, volume: Volume, own: Mapping[str, Any] | None, seen: Mapping[str, Any] | None = None
) -> Volume:
    """Change own metadata of an open volume; a required one keeps no volume from closing, which happens by time.

    ``seen`` are columns as the person saw them. Raises :class:`NotInThisState`, :class:`Conflict`,
    :class:`InvalidInput` with every fault.
    """
    lock_section(volume.section)
    volume.refresh_from_db(fields=["state", "own_values"])
    require_seen(volume, seen)
    if volume.state != VolumeState.OPEN:
        raise NotInThisState(f"Díl {volume.number} je uzavřený, jeho údaje už měnit nejde.")
    values = own_metadata.accepted(OwnEntity.VOLUME, own, present=volume.own_values, refusal="Údaje dílu se neuložily.")
    own_metadata.keep(volume, values)
    return volume
