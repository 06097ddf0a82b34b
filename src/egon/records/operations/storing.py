"""Places where paper is kept, where the paper of a file lies, and notes to a file."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import ProtectedError

from egon.audit import log
from egon.audit.operation import operation
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.records import permissions
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.locking import lock_file
from egon.records.models import CaseFile, FileNote, StoragePlace, StoredPaper, Volume
from egon.records.rules.storing import LONGEST_NOTE, LONGEST_VOLUME_NOTE, faults_of_place, obstacles_to_storing
from egon.records.rules.typed import VolumeState


@operation("records.place.save", title="Místo uložení", requires=permissions.may_configure)
def save_place(
    *,
    actor: Actor,
    name: str,
    valid_from: date,
    valid_to: date | None = None,
    address: str = "",
    storage_place: StoragePlace | None = None,
) -> StoragePlace:
    """Add a place, or change one; what lies there stays. Raises :class:`InvalidInput` with every fault."""
    name = " ".join(name.split())
    others = StoragePlace.objects.exclude(pk=storage_place.pk) if storage_place else StoragePlace.objects.all()
    faults = faults_of_place(
        name=name, name_is_taken=others.filter(name=name).exists(), valid_from=valid_from, valid_to=valid_to
    )
    if faults:
        raise InvalidInput("Místo uložení se neuložilo.", faults)
    new = {"name": name, "address": address.strip(), "valid_from": valid_from, "valid_to": valid_to}
    if storage_place is None:
        return StoragePlace.objects.create(**new)
    log.note_changes({key: getattr(storage_place, key) for key in new}, new)
    for key, value in new.items():
        setattr(storage_place, key, value)
    storage_place.save(update_fields=list(new))
    return storage_place


@operation("records.place.delete", title="Odstranění místa uložení", requires=permissions.may_configure)
def delete_place(*, actor: Actor, storage_place: StoragePlace) -> None:
    """Remove a place where nothing lies and no document lay. Raises :class:`NotInThisState`."""
    try:
        storage_place.delete()
    except ProtectedError as used:  # by files and volumes, and by tables that records do not know
        raise NotInThisState(
            f"V místě „{storage_place}“ leží nebo ležely listinné části, zůstalo proto v číselníku. Přesuňte, co v něm "
            "leží, a místu nastavte poslední den používání."
        ) from used


@operation("records.file.store", title="Uložení listinné části spisu", requires=permissions.may_store)
def store_paper(
    *, actor: Actor, file: CaseFile, storage_place: StoragePlace | None, detail: str = "", at: datetime | None = None
) -> CaseFile:
    """Record where the paper of a file lies, in any state of the file; no place: it has no paper part stored.

    Raises :class:`InvalidInput`.
    """
    at = at or clock.now()
    lock_file(file)
    _store(actor, {"file": file}, storage_place, detail.strip(), at)
    return file


@operation("records.typed.place", title="Uložení listinných částí dílu", requires=permissions.may_work_on_volume)
def store_volume(
    *,
    actor: Actor,
    volume: Volume,
    storage_place: StoragePlace | None,
    detail: str = "",
    note: str = "",
    at: datetime | None = None,
) -> Volume:
    """Record where the paper of a volume lies, and a note to it (NSESSS 3.3.20 písm. b, 7.3.4).

    A note may change without the place. Raises :class:`InvalidInput`; :class:`NotInThisState` for a destroyed volume.
    """
    volume.refresh_from_db(from_queryset=Volume.objects.select_for_update())
    if volume.state == VolumeState.DESTROYED:
        raise NotInThisState("Díl je zničený, zbyla z něj jen hlavička metadat.")
    note, detail = note.strip()[:LONGEST_VOLUME_NOTE], detail.strip()
    present = StoredPaper.objects.filter(volume=volume).values_list("place", "detail").first()
    wanted = (storage_place.pk, detail) if storage_place else None
    if note != volume.paper_note:
        log.note(previous_note=volume.paper_note)
        volume.paper_note = note
        volume.save(update_fields=["paper_note"])
        if wanted == present and (wanted or not detail):
            return volume
    _store(actor, {"volume": volume}, storage_place, detail, at or clock.now())
    return volume


def _store(
    actor: Actor,
    whose: Mapping[str, Any],
    storage_place: StoragePlace | None,
    detail: str,
    at: datetime,
) -> None:
    """``whose`` names the one column of :class:`StoredPaper` that is filled; its row is locked by the caller."""
    present = StoredPaper.objects.select_related("place").filter(**whose).first()
    obstacles = obstacles_to_storing(
        place=(storage_place.pk, storage_place.valid_from, storage_place.valid_to) if storage_place else None,
        present=(present.place_id, present.detail) if present else None,
        detail=detail,
        on=at.astimezone(PRAGUE).date(),
    )
    if obstacles:
        raise InvalidInput("Uložení listinné části se nezapsalo.", obstacles)
    log.note(previously=str(present) if present else "")
    if storage_place is None:
        StoredPaper.objects.filter(**whose).delete()
        return
    values = {"place": storage_place, "detail": detail, "since": at, "recorded_by": actor.name[:200]}
    StoredPaper.objects.update_or_create(**whose, defaults=values)


@operation("records.file.note", title="Poznámka ke spisu", requires=permissions.may_note)
def note_to_file(*, actor: Actor, file: CaseFile, body: str, at: datetime | None = None) -> FileNote:
    """Write a note to a file, signed and dated (NSESSS 5.2.13 k). Raises :class:`InvalidInput`."""
    text = body.strip()
    faults = [] if text else ["Napište text poznámky."]
    if len(text) > LONGEST_NOTE:
        faults.append(f"Poznámka může mít nejvýš {LONGEST_NOTE} znaků, tato má {len(text)}.")
    if faults:
        raise InvalidInput("Poznámka se neuložila.", faults)
    return FileNote.objects.create(file=file, text=text, written_at=at or clock.now(), author_id=actor.person_id or 0)


@operation("records.file.note_back", title="Vzetí poznámky zpět", requires=permissions.may_take_note_back)
def take_note_back(*, actor: Actor, note: FileNote, at: datetime | None = None) -> FileNote:
    """Take a note back: it is shown no more, the log keeps it. Raises :class:`NotInThisState` for a second time."""
    changed = FileNote.objects.filter(pk=note.pk, taken_back_at=None).update(taken_back_at=at or clock.now())
    if not changed:
        raise NotInThisState("Poznámka už je vzatá zpět, nic se nezměnilo.")
    return note
