"""Destroying in the cases of NSESSS 7.2.1: the header stays, everything else is gone, the database itself refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from tests import traces
from tests.records_steps import acting, record_class, register
from tests.runs import go

from egon import search, storage
from egon.databox.models import DataMessage, MessageFile
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied, NotFound
from egon.parties.models import Party
from egon.records import destruction_queries, erasing, queries
from egon.records import operations as records
from egon.records.errors import InvalidInput, NotDestroyable, NotInThisState
from egon.records.models import (
    CaseFile,
    Component,
    ComponentText,
    ComponentVersion,
    CrossReference,
    Destruction,
    DestructionItem,
    Document,
    DoomedContent,
    FormerNumber,
    OwnValue,
    PartyLink,
    RecordClass,
)
from egon.records.operations import NewFile
from egon.records.party_links import count_links
from egon.records.rules.destruction import DestructionFacts, Ground, obstacles_to_destroying
from egon.records.rules.own_metadata import OwnEntity, ValueType
from egon.records.rules.parties import PartyRole
from egon.records.rules.settling import SettledHow
from egon.tenancy.scope import current_tenant_id

DECISION = "SOA-1234/2026"


@pytest.fixture
def keeper(in_region):
    return acting(in_region.records_keeper)


@pytest.fixture
def officer(in_region):
    return acting(in_region.officer)


@pytest.fixture
def system(in_region):
    return Actor.system(current_tenant_id())


@pytest.fixture
def lapsed(in_region, officer, file, received):
    """``file`` closed, in a class under a standing consent, its period over."""
    records.settle_document(actor=officer, document=received, how=SettledHow.BY_NOTING, on=clock.today())
    records.close_file(actor=officer, file=file, on=clock.today())
    RecordClass.objects.filter(pk=file.record_class_id).update(standing_consent=True)
    CaseFile.objects.filter(pk=file.pk).update(disposal_year=clock.today().year)
    return CaseFile.objects.get(pk=file.pk)


@pytest.fixture
def withdrawn(officer, received):
    return records.withdraw_document(actor=officer, document=received, reason="Zaevidováno dvakrát.")


def destroyed_under_consent(keeper, *files, reference=DECISION):
    run = records.destroy_under_consent(actor=keeper, files=list(files), reference=reference)
    go(run)
    run.refresh_from_db()
    return run


def destroyed_withdrawn(keeper):
    run = records.destroy_withdrawn(actor=keeper, since=clock.today(), until=clock.today())
    go(run)
    run.refresh_from_db()
    return run


def configure(actor, *, after=None, extras=()):
    records.configure_removal(
        actor=actor, allows_withdrawal=True, destroys_withdrawn_after=after, header_extras=list(extras)
    )


@pytest.mark.norm("7.2.1b", "7.2.3", "7.2.9d", "7.2.9e", "7.2.9f")
def test_under_a_standing_consent_a_file_goes_and_headers_stay(keeper, lapsed, received):
    number, mark = received.reference_number, lapsed.file_mark
    component = received.components.get()
    name, format_name = component.name, component.versions.get().format_name
    run = destroyed_under_consent(keeper, lapsed)
    assert run.state == "finished"
    received.refresh_from_db()
    lapsed.refresh_from_db()
    component.refresh_from_db()
    assert (received.state, received.reference_number, received.case_file) == ("destroyed", number, lapsed)
    assert (lapsed.state, lapsed.file_mark, list(lapsed.documents.all())) == ("destroyed", mark, [received])
    assert component.name == name
    assert component.kept_format.startswith(format_name)
    assert component.destroyed_at is not None
    for entity in (received, lapsed):
        told = destruction_queries.destruction_of(entity)
        assert (told.ground, told.reference, told.destroyed_by) == ("consent", DECISION, keeper.name)


@pytest.mark.norm("7.2.4")
def test_without_the_decision_of_the_archive_nothing_starts(keeper, lapsed):
    with pytest.raises(InvalidInput, match="rozhodnutí"):
        records.destroy_under_consent(actor=keeper, files=[lapsed], reference=" ")
    assert not DestructionItem.objects.exists()


@pytest.mark.norm("7.2.3", "7.2.16")
def test_only_the_appraiser_destroys(in_region, lapsed, withdrawn_elsewhere):
    for person in (in_region.officer, in_region.head, in_region.administrator, in_region.auditor):
        with pytest.raises(AccessDenied):
            records.destroy_under_consent(actor=acting(person), files=[lapsed], reference=DECISION)
        with pytest.raises(AccessDenied):
            records.destroy_withdrawn(actor=acting(person), since=clock.today(), until=clock.today())
    assert not Destruction.objects.exists()


@pytest.fixture
def withdrawn_elsewhere(in_region):
    document = register(in_region, "Omyl podatelny")
    return records.withdraw_document(actor=acting(in_region.clerk), document=document, reason="Omyl")


@pytest.mark.norm("7.2.7")
def test_all_metadata_but_the_header_and_all_contents_are_gone(in_region, keeper, officer, lapsed, received):
    party = received.sender
    other = records.open_file(
        actor=officer, record_class=record_class("80.2"), unit=lapsed.unit, processor=in_region.officer, subject="Jiný"
    )
    records.make_reference(actor=keeper, document=received, to_file=other, reason="Souvisí", on=clock.today())
    records.link_party(actor=keeper, document=received, party=party, role=PartyRole.OTHER, at=clock.now())
    Document.objects.filter(pk=received.pk).update(note="Tajná poznámka", sender_reference="ZN-77")
    version = ComponentVersion.objects.get(component__document=received)
    ComponentText.objects.create(version=version, state="read", text="tajnost", tsv="", read_at=clock.now())
    destroyed_under_consent(keeper, lapsed)
    received.refresh_from_db()
    assert (received.sender, received.note, received.sender_reference) == (None, "", "")
    assert (received.holder, received.settled_on, received.delivered_at, received.kind) == (None, None, None, None)
    assert not ComponentVersion.objects.filter(component__document=received).exists()
    assert not ComponentText.objects.filter(version=version.pk).exists()
    assert not PartyLink.objects.filter(document=received).exists()
    assert not CrossReference.objects.filter(document=received).exists()
    assert list(DoomedContent.objects.values_list("content", flat=True)) == [version.digest]
    assert storage.remove(version.digest, coming_in=timedelta(0))
    assert not storage.exists(version.digest)
    hits = search.find("Tajná poznámka", entity_types=["records.document"]).hits
    assert received.pk not in [hit.entity_id for hit in hits]
    for actor in (keeper, officer, acting(in_region.auditor)):
        with pytest.raises(NotFound):
            queries.document_for(actor, received.pk)
        with pytest.raises(NotFound):
            queries.version_for(actor, version.pk)


@pytest.mark.norm("7.2.7", "9.1.1")
def test_own_metadata_of_components_are_gone_too(keeper, officer, received):
    field = records.add_own_field(actor=keeper, entity=OwnEntity.COMPONENT, name="Měřítko", value_type=ValueType.TEXT)
    component = Component.objects.filter(document=received).first()
    records.describe_component(actor=officer, document=received, component=component, own={str(field.pk): "M-5000"})
    records.withdraw_document(actor=officer, document=received, reason="Zaevidováno dvakrát.")
    destroyed_withdrawn(keeper)
    assert Component.objects.get(pk=component.pk).own_values == {}
    assert not OwnValue.objects.filter(field=field).exists()


@pytest.mark.norm("7.2.8")
def test_the_register_of_persons_loses_every_link(keeper, officer, lapsed, received):
    party = Party.objects.get(pk=received.sender_id)
    records.link_party(actor=keeper, file=lapsed, party=party, role=PartyRole.OTHER, at=clock.now())
    before = count_links(party)
    destroyed_under_consent(keeper, lapsed)
    assert count_links(party) == before - 2


def test_contents_another_record_has_stay_in_the_storage(in_region, keeper, withdrawn_elsewhere):
    digest = ComponentVersion.objects.get(component__document=withdrawn_elsewhere).digest
    kept = register(in_region, "Omyl podatelny")
    destroyed_withdrawn(keeper)
    assert ComponentVersion.objects.get(component__document=kept).digest == digest
    erasing.remove_doomed()
    assert storage.exists(digest)
    assert not DoomedContent.objects.exists()


@pytest.mark.norm("7.2.7")
def test_the_message_a_destroyed_document_came_in_loses_its_content(in_region, keeper, system):
    sealed, annex = storage.put(b"sealed"), storage.put(b"annex")
    message = DataMessage.objects.create(
        dm_id="778899", direction="received", zfo_digest=sealed.digest, sender_name="Jan Novák", annotation="Žádost",
        announced_at=clock.now(),
    )  # fmt: skip
    MessageFile.objects.create(message=message, position=1, name="a.pdf", digest=annex.digest, size=5)
    document = register(in_region, files=[NewFile("zprava.zfo", "application/zfo", sealed)])
    records.withdraw_document(actor=acting(in_region.clerk), document=document, reason="Omyl")
    destroyed_withdrawn(keeper)
    message.refresh_from_db()
    assert (message.dm_id, message.zfo_digest, message.sender_name, message.annotation) == ("778899", "", "", "")
    assert not MessageFile.objects.filter(message=message).exists()
    assert {sealed.digest, annex.digest} <= set(DoomedContent.objects.values_list("content", flat=True))


@pytest.mark.norm("7.2.10")
def test_the_administrator_adds_to_the_header(in_region, keeper, lapsed, received):
    with pytest.raises(InvalidInput, match="nesmysl"):
        configure(acting(in_region.administrator), extras=["nesmysl"])
    configure(acting(in_region.administrator), extras=["regime", "processor"])
    destroyed_under_consent(keeper, lapsed)
    told = destruction_queries.destruction_of(received).kept
    assert told == [["zpracovatel", str(in_region.officer)], ["skartační režim", lapsed.regime]]


@pytest.mark.norm("7.2.1e", "7.2.16")
def test_what_was_withdrawn_in_a_period_is_destroyed_and_cannot_be_restored(in_region, keeper, withdrawn):
    with pytest.raises(InvalidInput, match="není nic"):
        long_ago = clock.today() - timedelta(days=900)
        records.destroy_withdrawn(actor=keeper, since=long_ago, until=long_ago)
    destroyed_withdrawn(keeper)
    withdrawn.refresh_from_db()
    assert withdrawn.state == "destroyed"
    with pytest.raises(NotInThisState, match="zničený"):
        records.restore_document(actor=keeper, document=withdrawn, reason="Vrátit")


@pytest.mark.norm("7.2.16")
def test_what_is_withdrawn_long_enough_is_destroyed_by_itself(in_region, keeper, system, withdrawn):
    later = clock.now() + timedelta(days=31)
    assert records.destroy_expired_withdrawn(actor=system, at=later) is None
    configure(acting(in_region.administrator), after=30)
    assert records.destroy_expired_withdrawn(actor=system) is None
    run = records.destroy_expired_withdrawn(actor=system, at=later)
    go(run)
    withdrawn.refresh_from_db()
    assert withdrawn.state == "destroyed"


def test_what_was_restored_meanwhile_is_refused_and_the_rest_is_finished(
    in_region, keeper, withdrawn, withdrawn_elsewhere
):
    run = records.destroy_withdrawn(actor=keeper, since=clock.today(), until=clock.today())
    records.restore_document(actor=keeper, document=withdrawn, reason="Není to omyl")
    go(run)
    (refused,) = records.DESTROYING.refused_in(run)
    assert refused.document == withdrawn
    assert "Není mezi znepřístupněnými" in refused.message
    withdrawn.refresh_from_db()
    withdrawn_elsewhere.refresh_from_db()
    assert (withdrawn.state, withdrawn_elsewhere.state) == ("processing", "destroyed")


@pytest.mark.norm("7.2.1b")
def test_a_hold_and_a_running_period_stop_it_with_all_obstacles(keeper, lapsed, received):
    records.place_hold(actor=keeper, on=clock.today(), reason="Soudní spor", record_class=lapsed.record_class)
    CaseFile.objects.filter(pk=lapsed.pk).update(disposal_year=clock.today().year + 1, resolved_mark="A")
    run = destroyed_under_consent(keeper, lapsed)
    (refused,) = records.DESTROYING.refused_in(run)
    for told in ("Soudní spor", "lhůta ještě běží", "znak je A"):
        assert told in refused.message
    received.refresh_from_db()
    assert received.state == "settled"
    assert ComponentVersion.objects.filter(component__document=received).exists()


@pytest.mark.norm("7.4.9")
def test_the_log_keeps_its_records_and_tells_of_the_destruction(keeper, lapsed, received):
    registered = traces.last("records.document.register")
    destroyed_under_consent(keeper, lapsed)
    record = traces.last("records.file.destroy")
    assert traces.speaks_of(record, lapsed)
    assert record.parameters["reference"] == DECISION
    assert record.parameters["decided_by"] == keeper.name
    assert received.identifier in str(record.parameters)
    assert traces.last("records.document.register") == registered


@pytest.mark.norm("7.2.1b", "7.2.1e")
def test_the_database_itself_lets_nothing_go_without_a_ground(in_region, keeper, received, lapsed):
    run = records.destroy_under_consent(actor=keeper, files=[lapsed], reference=DECISION)
    version = ComponentVersion.objects.get(component__document=received)

    def record(**given):
        values = {"run": run, "destroyed_at": clock.now(), "destroyed_by": "X", "reference": DECISION, **given}
        return Destruction.objects.create(**values)

    attempts = [
        lambda: Document.objects.filter(pk=received.pk).delete(),
        lambda: Document.objects.filter(pk=received.pk)._raw_delete("default"),
        lambda: CaseFile.objects.filter(pk=lapsed.pk)._raw_delete("default"),
        lambda: Component.objects.filter(document=received)._raw_delete("default"),
        lambda: ComponentVersion.objects.filter(pk=version.pk)._raw_delete("default"),
        lambda: ComponentVersion.objects.filter(pk=version.pk).update(digest="0" * 64),
        lambda: Document.objects.filter(pk=received.pk).update(state="destroyed"),
        lambda: CaseFile.objects.filter(pk=lapsed.pk).update(state="destroyed"),
        lambda: record(document=received, ground="withdrawn"),
        lambda: record(document=received, ground="consent"),
        lambda: record(file=lapsed, ground="consent", reference=""),
        *(lambda ground=ground: record(file=lapsed, ground=ground) for ground in ("procedure", "transfer", "register")),
    ]
    for attempt in attempts:
        with pytest.raises((IntegrityError, ProtectedError)), transaction.atomic():
            attempt()
    received.refresh_from_db()
    assert received.state == "settled"
    assert not Destruction.objects.exists()
    go(run)
    for attempt in (
        lambda: Document.objects.filter(pk=received.pk).update(subject="Jiná věc"),
        lambda: Destruction.objects.update(reference="jiné"),
        lambda: Destruction.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_grounds_without_a_proof_are_refused_by_the_rules():
    for ground in Ground:
        facts = DestructionFacts(
            ground=ground, reference=DECISION, is_withdrawn=True, is_closed=True, present_year=2026
        )
        assert bool(obstacles_to_destroying(facts)) == (ground is not Ground.WITHDRAWN)


def test_a_withdrawn_file_is_destroyed_too(in_region, keeper, officer, file, received):
    records.take_out_of_file(actor=officer, document=received, reason="Jinam")
    records.withdraw_file(actor=officer, file=file, reason="Omyl")
    destroyed_withdrawn(keeper)
    file.refresh_from_db()
    assert file.state == "destroyed"
    head = acting(in_region.head)
    with pytest.raises(NotInThisState):
        records.edit_file(actor=head, file=file, subject="Jiný", processor=in_region.officer)


def test_former_numbers_go_and_replies_stay(in_region, keeper, officer, lapsed, received):
    FormerNumber.objects.create(document=received, reference_number="STARÉ 1/2020", replaced_at=clock.now())
    Document.objects.filter(pk=register(in_region, "Navazující").pk).update(replies_to=received)
    destroyed_under_consent(keeper, lapsed)
    assert not FormerNumber.objects.filter(reference_number="STARÉ 1/2020").exists()
    assert Document.objects.get(subject="Navazující").replies_to is None


def test_only_the_job_destroys_one_thing_and_a_run_ends_with_the_last(keeper, system, lapsed, withdrawn_elsewhere):
    run = records.destroy_under_consent(actor=keeper, files=[lapsed], reference=DECISION)
    with pytest.raises(AccessDenied):
        records.destroy_file(actor=keeper, file=lapsed, run=run)
    assert records.DESTROYING.finish(actor=system, run=run, at=clock.now()).state == "running"
    records.destroy_file(actor=system, file=lapsed, run=run)
    DestructionItem.objects.filter(run=run).update(state="done")
    assert records.DESTROYING.finish(actor=system, run=run, at=clock.now()).state == "finished"


def test_a_destroyed_document_cannot_be_destroyed_by_the_operation_again(keeper, system, withdrawn):
    run = destroyed_withdrawn(keeper)
    with pytest.raises((NotInThisState, NotDestroyable)):
        records.destroy_document(actor=system, document=withdrawn, run=run)
