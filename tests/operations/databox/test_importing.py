"""Import of an existing store: every file told of, every message once, nothing of somebody else's, no bomb goes off."""

import os
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from tests import datovka, traces
from tests.strangers import of_school

from egon import storage
from egon.audit.models import LogRecord
from egon.databox import fetching
from egon.databox.errors import ImportNotPossible
from egon.databox.importing import queries, sources, work
from egon.databox.importing.tables import ImportEntry, ImportRun, Outcome, RunState
from egon.databox.models import Box, DataMessage, Progress
from egon.databox.operations import go_on_with_import, start_import, stop_import
from egon.databox.operations.importing import fail_import, finish_import, import_item, resume_import
from egon.gateways.isds.zfo import read_zfo
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied
from egon.mailroom.models import IntakeItem
from egon.tenancy.scope import tenant_scope
from egon.world.organisations import REGION, SCHOOL
from egon.world.outside import CITIZEN, COMPANY

pytestmark = pytest.mark.django_db(databases=["default", "ops"])


@pytest.fixture
def box(in_region: Any, isds: Any) -> Box:
    return Box.objects.get()


@pytest.fixture
def store(isds: Any, box: Box, tmp_path: Path) -> Path:
    """A folder with two received messages, a sent one and its receipt."""
    folder = tmp_path / "zprávy"
    (folder / "2025").mkdir(parents=True)
    for number in (1, 2):
        (folder / f"DDZ_{number}.zfo").write_bytes(received(isds, f"Podání {number}"))
    sent_id = isds.write("Odpověď", to=CITIZEN.box.box_id, sender=REGION.box)
    with isds.client(REGION.box) as client:
        (folder / "2025" / "ODZ.zfo").write_bytes(client.download_sent_signed(sent_id))
        (folder / "2025" / "DD.zfo").write_bytes(client.signed_delivery_info(sent_id))
    return folder


def received(isds: Any, subject: str, *, to: Any = REGION, **more: Any) -> bytes:
    """The sealed copy of a message that somebody got."""
    dm_id = isds.write(subject, to=to.box.box_id, sender=COMPANY.box, **more)
    isds.log_in(to.box)
    with isds.client(to.box) as client:
        return client.download_signed(dm_id)


def begin(name: str = "úložiště", **more: Any) -> ImportRun:
    actor = Actor.system(Box.objects.get().tenant_id, "příkazová řádka")
    return start_import(actor=actor, name=name, at=clock.now(), **more)


def take(path: Path, run: ImportRun | None = None) -> ImportRun:
    return work.run_paths(run or begin(), [path], lambda run, done: None)


def told(run: ImportRun) -> dict[str, str]:
    return dict(ImportEntry.objects.filter(run=run).values_list("name", "outcome"))


def zipped(path: Path, files: dict[str, bytes], **how: Any) -> Path:
    with zipfile.ZipFile(path, "w", **how) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


# --- what is taken in ----------------------------------------------------------------------------------------------


def test_a_folder_is_taken_in_whole_and_the_mailroom_is_left_in_peace(store: Path, box: Box) -> None:
    run = take(store)
    assert (run.state, run.total) == (RunState.DONE, 4)
    assert set(told(run).values()) == {Outcome.IMPORTED}
    kept = DataMessage.objects.order_by("annotation", "direction").values_list("annotation", "direction", "progress")
    assert list(kept) == [
        ("Odpověď", "receipt", Progress.COMPLETE),
        ("Odpověď", "sent", Progress.COMPLETE),
        ("Podání 1", "received", Progress.COMPLETE),
        ("Podání 2", "received", Progress.COMPLETE),
    ]
    assert not IntakeItem.objects.exists()
    message = DataMessage.objects.get(annotation="Podání 1")
    assert storage.read(message.zfo_digest) == (store / "DDZ_1.zfo").read_bytes()
    assert message.files.get().name == "dopis.txt"
    assert message.box == box


def test_done_again_it_takes_in_nothing_twice(store: Path) -> None:
    take(store)
    again = take(store)
    assert set(told(again).values()) == {Outcome.KNOWN}
    assert DataMessage.objects.count() == 4
    renamed = store / "kopie.zfo"
    renamed.write_bytes((store / "DDZ_1.zfo").read_bytes())
    assert told(take(renamed)) == {"kopie.zfo": Outcome.KNOWN}


def test_the_same_message_sealed_at_another_download_is_known(isds: Any, box: Box, tmp_path: Path) -> None:
    dm_id = isds.write("Podání", to=box.box_id)
    isds.log_in(REGION.box)
    with isds.client(REGION.box) as client:
        (tmp_path / "a.zfo").write_bytes(client.download_signed(dm_id))
        (tmp_path / "b.zfo").write_bytes(client.download_signed(dm_id))
    assert told(take(tmp_path / "a.zfo")) == {"a.zfo": Outcome.IMPORTED}
    assert told(take(tmp_path / "b.zfo")) == {"b.zfo": Outcome.KNOWN}


def test_a_zip_with_folders_and_a_wicked_name_stays_in_the_storage(store: Path, tmp_path: Path) -> None:
    one = (store / "DDZ_1.zfo").read_bytes()
    path = zipped(tmp_path / "záloha.zip", {"../../../tmp/zlo.zfo": one, "2025/čtení.txt": b"x", "2025/DD.ZFO": one})
    run = take(path)
    assert told(run) == {
        "../../../tmp/zlo.zfo": Outcome.IMPORTED,
        "2025/DD.ZFO": Outcome.KNOWN,
        "2025/čtení.txt": Outcome.SKIPPED,
    }
    assert not (tmp_path.parent / "zlo.zfo").exists() and not Path("/tmp/zlo.zfo").exists()


def test_a_database_of_datovka_gives_messages_receipts_and_tells_of_bare_envelopes(store: Path, tmp_path: Path) -> None:
    path = datovka.make(
        tmp_path / "abcdef___1_2025.db",
        messages={"11": (store / "DDZ_1.zfo").read_bytes(), "12": (store / "2025" / "ODZ.zfo").read_bytes()},
        receipts={"12": (store / "2025" / "DD.zfo").read_bytes()},
        envelopes={"13": "Stará zpráva", "14": "Soukromá věc"},
        personal={"14"},
    )
    run = take(path)
    assert told(run) == {
        "zpráva 11": Outcome.IMPORTED,
        "zpráva 12": Outcome.IMPORTED,
        "doručenka 12": Outcome.IMPORTED,
        "obálka 13": Outcome.ENVELOPE,
        "obálka 14": Outcome.ENVELOPE,
    }
    reasons = dict(ImportEntry.objects.filter(run=run).values_list("name", "reason"))
    assert "Stará zpráva" in reasons["obálka 13"] and "Soukromá" not in reasons["obálka 14"]
    assert sorted(DataMessage.objects.values_list("direction", flat=True)) == ["receipt", "received", "sent"]


def test_a_message_that_isds_no_longer_gives_is_filled_in_and_reaches_the_mailroom(
    isds: Any, box: Box, tmp_path: Path
) -> None:
    dm_id = isds.write("Ztracené podání", to=box.box_id)
    isds.break_("SignedMessageDownload", "status", code="1219", count=20)
    Box.objects.update(next_attempt_at=None)
    fetching.fetch_box(box.pk)
    DataMessage.objects.update(progress=Progress.FAILED)
    isds.mend()
    with isds.client(REGION.box) as client:
        (tmp_path / "a.zfo").write_bytes(client.download_signed(dm_id))
    run = take(tmp_path / "a.zfo")
    assert "Doplnila" in ImportEntry.objects.get(run=run).reason
    message = DataMessage.objects.get()
    assert (message.progress, message.annotation) == (Progress.COMPLETE, "Ztracené podání")
    assert IntakeItem.objects.get().data_message == message


def test_a_message_waiting_for_a_decision_that_was_delivered_elsewhere_is_filled_in(
    isds: Any, box: Box, tmp_path: Path
) -> None:
    data = received(isds, "Jinde převzaté")
    dm_id = read_zfo(data).dm_id
    DataMessage.objects.create(
        box=box, dm_id=dm_id, direction="received", progress=Progress.NOTICED, announced_at=clock.now()
    )
    (tmp_path / "a.zfo").write_bytes(data)
    assert told(take(tmp_path / "a.zfo")) == {"a.zfo": Outcome.IMPORTED}
    assert DataMessage.objects.get().progress == Progress.COMPLETE
    assert IntakeItem.objects.get().subject == "Jinde převzaté"


def test_the_subject_of_a_message_into_own_hands_stays_hidden(isds: Any, box: Box, tmp_path: Path) -> None:
    (tmp_path / "a.zfo").write_bytes(received(isds, "Výpis z rejstříku trestů", personal_delivery=True))
    take(tmp_path / "a.zfo")
    message = DataMessage.objects.get()
    assert message.is_hidden and "trestů" not in message.annotation
    assert not LogRecord.objects.filter(parameters__icontains="trestů").exists()


def test_a_known_id_with_another_content_is_kept_beside_and_never_replaces(isds: Any, box: Box, tmp_path: Path) -> None:
    data = received(isds, "Pravé")
    row = DataMessage.objects.create(
        box=box, dm_id=read_zfo(data).dm_id, direction="received", progress=Progress.COMPLETE, content_hash="00",
        zfo_digest="1" * 64, announced_at=clock.now(),
    )  # fmt: skip
    (tmp_path / "a.zfo").write_bytes(data)
    assert told(take(tmp_path / "a.zfo")) == {"a.zfo": Outcome.IMPORTED}
    beside = DataMessage.objects.exclude(pk=row.pk).get()
    assert (beside.box, beside.annotation) == (None, "Pravé")
    row.refresh_from_db()
    assert row.zfo_digest == "1" * 64


def test_what_was_imported_is_not_fetched_again(isds: Any, box: Box, tmp_path: Path) -> None:
    (tmp_path / "a.zfo").write_bytes(received(isds, "Podání"))
    take(tmp_path / "a.zfo")
    fetching.fetch_box(box.pk)
    assert DataMessage.objects.count() == 1
    assert not IntakeItem.objects.exists()


# --- what is not, and why ------------------------------------------------------------------------------------------


def test_an_altered_message_is_taken_in_with_its_fact_and_keeps_the_real_one_welcome(
    isds: Any, box: Box, tmp_path: Path
) -> None:
    data = received(isds, "Podání")
    altered = data.replace(b"RG9icsO9IGRlbg", b"RG9icsO9IG5vYw", 1)
    assert altered != data, "the attachment's text was not found"
    (tmp_path / "a.zfo").write_bytes(altered)
    run = take(tmp_path / "a.zfo")
    entry = ImportEntry.objects.get(run=run)
    assert (entry.outcome, entry.message.checks_level, entry.message.box) == (Outcome.DOUBTFUL, "failed", None)
    assert entry.reason
    fetching.fetch_box(box.pk)
    assert DataMessage.objects.filter(box=box, checks_level="ok").exists()


def test_messages_of_somebody_else_stay_out(isds: Any, box: Box, tmp_path: Path) -> None:
    (tmp_path / "cizi.zfo").write_bytes(received(isds, "Škole", to=SCHOOL))
    run = take(tmp_path / "cizi.zfo")
    entry = ImportEntry.objects.get(run=run)
    assert entry.outcome == Outcome.REFUSED
    assert SCHOOL.box.box_id in entry.reason and "cizí schránce" in entry.reason
    assert not DataMessage.objects.exists()


def test_a_former_box_is_ours_unless_somebody_in_the_centre_has_it(
    in_region: Any, isds: Any, box: Box, tmp_path: Path
) -> None:
    dm_id = isds.write("Bývalé schránce", to=COMPANY.box.box_id, sender=SCHOOL.box)
    isds.log_in(COMPANY.box)
    with isds.client(COMPANY.box) as client:
        (tmp_path / "a.zfo").write_bytes(client.download_signed(dm_id))
    run = take(tmp_path / "a.zfo", begin(former_boxes=[COMPANY.box.box_id]))
    assert told(run) == {"a.zfo": Outcome.IMPORTED}
    assert DataMessage.objects.get().box is None
    for wrong in (SCHOOL.box.box_id, "abcdefx"):
        with pytest.raises(ImportNotPossible) as refusal:
            begin(former_boxes=[wrong])
        assert wrong in refusal.value.obstacles[0]


def test_every_unusable_file_has_its_reason_and_the_rest_goes_on(store: Path) -> None:
    good = (store / "DDZ_1.zfo").read_bytes()
    (store / "a-prazdny.zfo").write_bytes(b"")
    (store / "b-text.zfo").write_text("nic")
    (store / "c-kratky.zfo").write_bytes(good[: len(good) // 2])
    (store / "poznamky.txt").write_text("nic")
    (store / "odkaz.zfo").symlink_to("/etc/passwd")
    os.mkfifo(store / "roura.zfo")
    with (store / "obr.zfo").open("wb") as huge:
        huge.truncate(sources.LARGEST_FILE + 1)
    run = take(store)
    found = {entry.name: entry for entry in ImportEntry.objects.filter(run=run)}
    refused = ("a-prazdny.zfo", "b-text.zfo", "c-kratky.zfo", "odkaz.zfo", "roura.zfo", "obr.zfo")
    assert {found[name].outcome for name in refused} == {Outcome.REFUSED}
    assert all(found[name].reason for name in refused)
    assert "Odkazy" in found["odkaz.zfo"].reason and "150 MB" in found["obr.zfo"].reason
    assert found["poznamky.txt"].outcome == Outcome.SKIPPED
    assert queries.counts_of(run)[Outcome.IMPORTED] == 4


def test_a_file_we_cannot_cope_with_does_not_stop_the_others(store: Path, monkeypatch: Any) -> None:
    def defect(data: bytes, ours: frozenset[str]) -> work.Finding:
        if data == (store / "DDZ_1.zfo").read_bytes():
            raise ZeroDivisionError
        return look_at(data, ours)

    look_at = work.look_at
    monkeypatch.setattr(work, "look_at", defect)
    run = take(store)
    assert (run.state, told(run)["DDZ_1.zfo"], told(run)["DDZ_2.zfo"]) == (
        RunState.DONE,
        Outcome.REFUSED,
        Outcome.IMPORTED,
    )


def test_a_forged_envelope_that_no_table_takes_is_refused_alone(store: Path, monkeypatch: Any) -> None:
    def forged(data: bytes, ours: frozenset[str]) -> work.Finding:
        finding = look_at(data, ours)
        if finding.content is None or data != (store / "DDZ_1.zfo").read_bytes():
            return finding
        return replace(finding, content=replace(finding.content, dm_id="9" * 30))

    look_at = work.look_at
    monkeypatch.setattr(work, "look_at", forged)
    run = take(store)
    assert (run.state, told(run)["DDZ_1.zfo"]) == (RunState.DONE, Outcome.REFUSED)
    assert DataMessage.objects.count() == 3


def test_a_full_disk_leaves_the_import_to_be_gone_on_with(store: Path, monkeypatch: Any) -> None:
    def full(content: Any, **more: Any) -> Any:
        raise storage.StorageFull

    run = begin()
    with monkeypatch.context() as patched:
        patched.setattr(storage, "put", full)
        with pytest.raises(storage.StorageFull):
            take(store, run)
    assert (queries.run_again(run).state, ImportEntry.objects.count()) == (RunState.RUNNING, 0)
    assert set(told(take(store, run)).values()) == {Outcome.IMPORTED}


def test_the_official_samples_are_taken_in_with_their_facts(in_region: Any, standards: Path) -> None:
    folder = standards / "isds" / "zfo"
    files = sorted(folder.glob("*.zfo"))
    if not files:
        pytest.skip("no official ZFO files here")
    zfos = [read_zfo(file.read_bytes()) for file in files]
    boxes = {box for zfo in zfos for box in (zfo.envelope.sender_box, zfo.envelope.recipient_box) if box}
    run = take(folder, begin(former_boxes=sorted(boxes)))
    outcomes = {name: outcome for name, outcome in told(run).items() if name.endswith(".zfo")}
    assert len(outcomes) == len(files)
    assert set(outcomes.values()) <= {Outcome.IMPORTED, Outcome.DOUBTFUL}
    assert all(message.checks for message in DataMessage.objects.all())


# --- wicked sources ------------------------------------------------------------------------------------------------


def test_a_zip_bomb_is_refused_before_anything_is_unpacked(box: Box, tmp_path: Path) -> None:
    bomb = zipped(
        tmp_path / "bomba.zip", {f"{n}.zfo": bytes(20_000_000) for n in range(2)}, compression=zipfile.ZIP_DEFLATED
    )
    run = take(bomb)
    assert (run.state, queries.entries(run).count()) == (RunState.FAILED, 0)
    assert "mnohonásobek" in run.problem


def test_one_bomb_among_honest_files_is_refused_alone(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bomba.zfo", bytes(20_000_000), zipfile.ZIP_DEFLATED)
        archive.writestr("vycpavka.bin", os.urandom(1_000_000))
        archive.writestr("dobry.zfo", (store / "DDZ_1.zfo").read_bytes())
    run = take(path)
    assert told(run) == {
        "bomba.zfo": Outcome.REFUSED,
        "dobry.zfo": Outcome.IMPORTED,
        "vycpavka.bin": Outcome.SKIPPED,
    }


def test_a_size_that_lies_does_not_make_us_read_more(store: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(sources, "LARGEST_FILE", 50_000)
    path = zipped(tmp_path / "a.zip", {"lez.zfo": os.urandom(100_000)})
    raw = path.read_bytes().replace((100_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    path.write_bytes(raw)
    entry = ImportEntry.objects.get(run=take(path))
    assert entry.outcome == Outcome.REFUSED and entry.size <= 50_001


def test_nested_and_encrypted_archives_are_told_of(store: Path, tmp_path: Path) -> None:
    inner = zipped(tmp_path / "v.zip", {"a.zfo": b"x"}).read_bytes()
    path = zipped(tmp_path / "a.zip", {"vnitrni.zip": inner, "tajny.zfo": b"x"})
    raw = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(mark, raw.find(b"tajny.zfo") - 60 if mark == b"PK\x03\x04" else raw.rfind(b"tajny.zfo") - 60)
        raw[at + offset] |= 1
    path.write_bytes(raw)
    found = {entry.name: entry.reason for entry in ImportEntry.objects.filter(run=take(path))}
    assert "uvnitř archivu" in found["vnitrni.zip"] and "heslem" in found["tajny.zfo"]


def test_broken_archives_and_databases_end_the_import_with_a_reason(box: Box, tmp_path: Path) -> None:
    good = zipped(tmp_path / "a.zip", {"a.zfo": b"x" * 1000}).read_bytes()
    (tmp_path / "a.zip").write_bytes(good[:-30])
    (tmp_path / "b.db").write_bytes(b"SQLite format 3\x00" + os.urandom(5000))
    with closing(sqlite3.connect(tmp_path / "tag.db")) as other:
        other.execute("CREATE TABLE tag (id INTEGER)")
    for name in ("a.zip", "b.db", "tag.db"):
        run = take(tmp_path / name)
        assert run.state == RunState.FAILED and run.problem, name
    together = take(tmp_path)
    assert together.state == RunState.DONE
    assert {told(together)[name] for name in ("a.zip", "b.db", "tag.db")} == {Outcome.REFUSED}


def test_a_view_in_place_of_a_table_is_never_run(box: Box, tmp_path: Path) -> None:
    path = datovka.make(tmp_path / "a.db", envelopes={"1": "x"})
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DROP TABLE raw_message_data")
        database.execute(
            "CREATE VIEW raw_message_data AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            "SELECT i AS message_id, 1 AS message_type, 'x' AS data FROM n"
        )
    assert take(path).state == RunState.FAILED


def test_names_that_only_look_different_are_all_told_of(store: Path, tmp_path: Path) -> None:
    one = (store / "DDZ_1.zfo").read_bytes()
    run = take(zipped(tmp_path / "a.zip", {"a\x01.zfo": one, "a\x02.zfo": one}))
    assert sorted(told(run)) == ["a�.zfo", "a�.zfo (2)"]


def test_one_name_twice_in_an_uploaded_zip_is_told_of_twice(store: Path, in_region: Any, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive, pytest.warns(UserWarning):
        archive.writestr("a.zfo", (store / "DDZ_1.zfo").read_bytes())
        archive.writestr("a.zfo", (store / "DDZ_2.zfo").read_bytes())
        archive.writestr("a.zfo (2)", b"x")
    source = storage.put((tmp_path / "a.zip").read_bytes())
    run = start_import(actor=in_region.actor(in_region.clerk), name="a.zip", source=source, at=clock.now())
    work.run_upload(run.pk)
    assert told(run) == {
        "a.zfo": Outcome.IMPORTED,
        "a.zfo (2)": Outcome.IMPORTED,
        "a.zfo (2) (2)": Outcome.SKIPPED,
    }


# --- progress, stopping, going on ----------------------------------------------------------------------------------


def test_cut_off_anywhere_it_goes_on_with_the_rest(store: Path) -> None:
    run = begin()

    def cut_off(run: ImportRun, done: int) -> None:
        if done == 2:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        work.run_paths(run, [store], cut_off)
    assert queries.run_again(run).state == RunState.RUNNING
    assert queries.entries(run).count() == 2
    done: list[int] = []
    ended = work.run_paths(run, [store], lambda run, count: done.append(count))
    assert done == [3, 4]
    assert (ended.state, set(told(run).values())) == (RunState.DONE, {Outcome.IMPORTED})


def test_two_processes_never_work_on_one_import(store: Path, box: Box) -> None:
    run = begin()
    with connections["ops"].cursor() as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [work._LOCK_CLASS, run.pk])
    try:
        with pytest.raises(work.AlreadyRunning):
            take(store, run)
    finally:
        connections["ops"].close()
    assert not DataMessage.objects.exists()


def test_an_uploaded_store_is_let_go_of_when_everything_is_done(store: Path, in_region: Any, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.zfo": (store / "DDZ_1.zfo").read_bytes()})
    source = storage.put(path.read_bytes())
    clerk = in_region.actor(in_region.clerk)
    run = start_import(actor=clerk, name="a.zip", source=source, at=clock.now())
    stopped = stop_import(actor=clerk, run=run, reason="Zastaveno.", at=clock.now())
    work.run_upload(run.pk)
    assert (stopped.state, queries.entries(run).count()) == (RunState.STOPPED, 0)
    assert go_on_with_import(actor=clerk, run=run).state == RunState.RUNNING
    work.run_upload(run.pk)
    ended = queries.run_again(run)
    assert (ended.state, ended.source_digest, told(run)) == (RunState.DONE, "", {"a.zfo": Outcome.IMPORTED})
    assert go_on_with_import(actor=clerk, run=ended).state == RunState.DONE
    assert traces.done("databox.import.item") == 1


def test_a_person_may_stop_it_between_two_files(store: Path, in_region: Any) -> None:
    run, clerk = begin(), in_region.actor(in_region.clerk)

    def stop(run: ImportRun, done: int) -> None:
        stop_import(actor=clerk, run=run, reason="Stačilo.", at=clock.now())

    ended = work.run_paths(run, [store], stop)
    assert (ended.state, queries.entries(run).count()) == (RunState.STOPPED, 1)


def test_progress_tells_speed_and_the_remaining_time(store: Path) -> None:
    run = begin()
    resumed = resume_import(actor=Actor.system(run.tenant_id), run=run, total=10, at=clock.now())
    pace = queries.pace_at(resumed, 4, now=resumed.resumed_at + timedelta(seconds=8))
    assert (pace.percent, pace.per_second, pace.remaining) == (40, 0.5, timedelta(seconds=12))


# --- who may -------------------------------------------------------------------------------------------------------


def test_only_the_mailroom_imports(in_region: Any, isds: Any, store: Path) -> None:
    run = begin()
    for person in (in_region.officer, in_region.administrator, in_region.outsider):
        actor = in_region.actor(person)
        with pytest.raises(AccessDenied):
            start_import(actor=actor, name="x", at=clock.now())
        with pytest.raises(AccessDenied):
            stop_import(actor=actor, run=run, reason="x", at=clock.now())
        with pytest.raises(AccessDenied):
            go_on_with_import(actor=actor, run=run)
    clerk = in_region.actor(in_region.clerk)
    for only_of_the_system, more in (
        (resume_import, {"total": 1}),
        (import_item, {"name": "x", "outcome": Outcome.KNOWN}),
        (finish_import, {}),
        (fail_import, {"reason": "x"}),
    ):
        with pytest.raises(AccessDenied):
            only_of_the_system(actor=clerk, run=run, at=clock.now(), **more)
    assert queries.run_again(run).state == RunState.RUNNING
    assert not ImportEntry.objects.exists()


def test_another_organisation_sees_no_import_and_no_message_of_it(world: Any, isds: Any, tmp_path: Path) -> None:
    with tenant_scope(world.region.pk):
        (tmp_path / "a.zfo").write_bytes(received(isds, "Podání"))
        run = take(tmp_path / "a.zfo")
        stranger = of_school(world, world.actor(world.clerk))
    with tenant_scope(world.school.pk):
        assert not queries.runs().exists() and not DataMessage.objects.exists()
        with pytest.raises(ImportRun.DoesNotExist):
            stop_import(actor=stranger, run=run, reason="x", at=clock.now())
