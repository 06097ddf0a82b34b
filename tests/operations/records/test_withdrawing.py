"""Withdrawing one thing at a time and restoring it; to all but the appraiser it looks destroyed (NSESSS 7.2)."""

import ast
import inspect
from dataclasses import replace
from pathlib import Path

import pytest
from tests import traces
from tests.records_steps import acting, record_class, register

import egon
from egon import search
from egon.kernel import clock
from egon.kernel.actor import Limit, LimitKind
from egon.kernel.errors import AccessDenied, NotFound
from egon.records import operations as records
from egon.records import permissions, queries, sight
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import Document, Withdrawal
from egon.records.operations import NewFile
from egon.records.rules.settling import SettledHow
from egon.records.rules.states import Direction


@pytest.fixture
def keeper(in_region):
    return acting(in_region.records_keeper)


@pytest.fixture
def officer(in_region):
    return acting(in_region.officer)


def withdraw(actor, document, reason="Zaevidováno dvakrát."):
    return records.withdraw_document(actor=actor, document=document, reason=reason)


def allow_withdrawing(actor, allowed):
    records.configure_removal(actor=actor, allows_withdrawal=allowed, destroys_withdrawn_after=None, header_extras=[])


def give(world, document, person):
    records.place_in_unit(actor=acting(world.clerk), document=document, unit=world.office.units["OD"], holder=person)


@pytest.mark.norm("7.2.12a")
def test_the_first_processor_withdraws_until_the_document_is_handed_over(in_region, officer, received):
    own = records.create_document(actor=officer, direction=Direction.INTERNAL, subject="Omylem založený")
    assert withdraw(officer, own).state == "withdrawn"
    give(in_region, received, in_region.officer2)
    give(in_region, received, in_region.officer)
    for person in (in_region.officer, in_region.officer2, in_region.head):
        with pytest.raises(AccessDenied, match="první zpracovatel"):
            withdraw(acting(person), received)
    assert Document.objects.get(pk=received.pk).state == "processing"


@pytest.mark.norm("7.2.12a")
def test_what_lies_in_the_mailroom_the_mailroom_withdraws(in_region, officer):
    document, clerk = register(in_region), acting(in_region.clerk)
    with pytest.raises(AccessDenied):
        withdraw(officer, document)
    assert withdraw(clerk, document).state == "withdrawn"


@pytest.mark.norm("7.2.12b")
def test_an_administrator_withdraws_what_was_never_filed_and_empty_files(in_region, officer, received, file):
    administrator = acting(in_region.administrator)
    loose = register(in_region, "Nikdy ve spisu")
    assert withdraw(administrator, loose).state == "withdrawn"
    records.take_out_of_file(actor=officer, document=received, reason="Jiná věc")
    with pytest.raises(AccessDenied, match="nikdy nebyl ve spisu"):
        withdraw(administrator, received)
    assert records.withdraw_file(actor=administrator, file=file, reason="Omyl").state == "withdrawn"


def test_a_file_with_documents_a_hold_or_without_a_reason_is_refused_with_all_obstacles(
    in_region, keeper, officer, file, received
):
    records.place_hold(actor=keeper, on=clock.today(), reason="Soudní spor", file=file)
    with pytest.raises(InvalidInput) as refused:
        records.withdraw_file(actor=officer, file=file, reason=" ")
    assert len(refused.value.obstacles) == 3
    file.refresh_from_db()
    assert (file.state, Withdrawal.objects.count()) == ("open", 0)


@pytest.mark.norm("7.2.12a", "7.2.12b")
def test_no_withdrawal_without_a_reason(officer, received):
    with pytest.raises(InvalidInput, match="důvod"):
        withdraw(officer, received, "  ")
    assert Document.objects.get(pk=received.pk).state == "processing"


@pytest.mark.norm("7.2.11")
def test_withdrawing_can_be_turned_off(in_region, officer, received, file):
    administrator = acting(in_region.administrator)
    allow_withdrawing(administrator, False)
    with pytest.raises(InvalidInput, match="v nastavení vypnuté"):
        withdraw(officer, received)
    allow_withdrawing(administrator, True)
    assert withdraw(officer, received).state == "withdrawn"


def test_a_document_of_a_closed_file_and_a_settled_one_stay(in_region, officer, received, file):
    records.settle_document(actor=officer, document=received, how=SettledHow.BY_NOTING, on=clock.today())
    with pytest.raises(NotInThisState):
        withdraw(officer, received)
    records.close_file(actor=officer, file=file, on=clock.today())
    with pytest.raises(NotInThisState):
        withdraw(officer, received)


@pytest.mark.norm("7.2.13")
def test_to_all_but_the_appraiser_it_is_as_if_destroyed(in_region, officer, keeper, file, received):
    version = queries.components_of(received)[0].latest
    withdraw(officer, received)
    received.refresh_from_db()
    assert received.case_file is None
    for person in (in_region.officer, in_region.head, in_region.clerk, in_region.auditor):
        actor = acting(person)
        with pytest.raises(NotFound):
            queries.document_for(actor, received.pk)
        with pytest.raises(NotFound):
            queries.version_for(actor, version.pk)
        assert received not in queries.documents_visible_to(actor)
        assert received not in queries.documents_among(actor, [received.pk])
    assert queries.document_for(keeper, received.pk) == received
    assert queries.version_for(keeper, version.pk) == version
    assert received in queries.documents_visible_to(keeper)
    assert [one.person for one in sight.who_sees_document(received, on=clock.today())] == [in_region.records_keeper]


@pytest.mark.norm("7.2.13")
def test_a_withdrawn_file_is_as_if_destroyed(in_region, officer, keeper, received):
    file = records.open_file(
        actor=officer, record_class=record_class("80.1"), unit=received.unit, processor=in_region.officer, subject="Nic"
    )
    records.withdraw_file(actor=officer, file=file, reason="Omyl")
    for person in (in_region.officer, in_region.head, in_region.auditor):
        with pytest.raises(NotFound):
            queries.file_for(acting(person), file.pk)
        assert file not in queries.files_visible_to(acting(person))
    assert queries.file_for(keeper, file.pk) == file
    for actor, step in ((officer, records.settle_file), (officer, records.close_file)):
        with pytest.raises(NotInThisState, match="stornovaný"):
            step(actor=actor, file=file, on=clock.today())
    with pytest.raises(NotInThisState, match="stornovaný"):
        records.reopen_file(actor=officer, file=file, reason="Vrátit")
    assert records.restore_file(actor=keeper, file=file, reason="Není to omyl").state == "open"
    assert queries.file_for(officer, file.pk) == file


@pytest.mark.norm("7.2.13", "5.1.10")
def test_only_the_header_of_the_withdrawn_is_found_and_by_who_might_have_seen_it(in_region, officer, received):
    def hits(word):
        return [hit.entity_id for hit in search.find(word, entity_types=["records.document"]).hits]

    assert received.pk in hits(received.sender.name.split()[0])
    withdraw(officer, received)
    assert received.pk not in hits(received.sender.name.split()[0])
    assert received.pk in hits(received.reference_number)
    key = ("records.document", received.pk)
    assert queries.gone_among(officer, documents=[received.pk], files=[]) == {key}
    assert queries.gone_document_for(officer, received.pk) == received
    stranger = acting(in_region.outsider)
    assert queries.gone_among(stranger, documents=[received.pk], files=[]) == set()
    with pytest.raises(NotFound):
        queries.gone_document_for(stranger, received.pk)


@pytest.mark.norm("7.2.13")
def test_the_message_it_came_in_tells_nothing_either(in_region, officer, keeper):
    from egon import storage
    from egon.databox import queries as databox
    from egon.databox.models import DataMessage

    sealed = storage.put(b"sealed message")
    document = register(
        in_region, files=[NewFile("zprava.zfo", "application/vnd.software602.filler.form-xml-zip", sealed)]
    )
    give(in_region, document, in_region.officer)
    message = DataMessage(zfo_digest=sealed.digest)
    databox.require_content(officer, message)
    withdraw(officer, document)
    with pytest.raises(AccessDenied, match="zničen"):
        databox.require_content(acting(in_region.clerk), message)
    databox.require_content(keeper, message)


@pytest.mark.norm("7.2.15")
def test_the_appraiser_restores_it_where_it_was(in_region, officer, keeper, file, received):
    order = received.order_in_file
    withdraw(officer, received)
    for actor in (officer, acting(in_region.head), acting(in_region.administrator)):
        with pytest.raises(AccessDenied):
            records.restore_document(actor=actor, document=received, reason="Není to omyl")
    with pytest.raises(InvalidInput, match="proč"):
        records.restore_document(actor=keeper, document=received, reason=" ")
    records.restore_document(actor=keeper, document=received, reason="Není to omyl")
    received.refresh_from_db()
    assert (received.state, received.case_file, received.order_in_file) == ("processing", file, order)
    assert queries.document_for(officer, received.pk) == received
    with pytest.raises(NotInThisState):
        records.restore_document(actor=keeper, document=received, reason="Ještě jednou")
    withdraw(officer, received)
    assert Withdrawal.objects.filter(document=received).count() == 2


@pytest.mark.norm("7.2.15")
def test_restored_from_a_file_closed_meanwhile_it_stays_out(in_region, officer, keeper, file, received):
    withdraw(officer, received)
    other = register(in_region, "Druhá žádost")
    give(in_region, other, in_region.officer)
    records.put_in_file(actor=officer, document=other, file=file)
    records.settle_file(actor=officer, file=file, on=clock.today())
    records.restore_document(actor=keeper, document=received, reason="Není to omyl")
    received.refresh_from_db()
    assert (received.state, received.case_file) == ("processing", None)


@pytest.mark.norm("7.2.14")
def test_nothing_withdraws_in_bulk():
    """Each operation takes one thing, and no code of the product calls it again and again."""
    for operation in (records.withdraw_document, records.withdraw_file):
        parameters = inspect.signature(operation).parameters
        assert [str(one.annotation) for one in parameters.values() if one.name in ("document", "file")] in (
            ["<class 'egon.records.models.records.Document'>"],
            ["<class 'egon.records.models.records.CaseFile'>"],
        )
    loops = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
    for path in Path(egon.__file__).parent.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "withdraw_" not in text:
            continue
        for loop in (node for node in ast.walk(ast.parse(text)) if isinstance(node, loops)):
            assert "withdraw_document" not in ast.unparse(loop), path
            assert "withdraw_file" not in ast.unparse(loop), path


def test_the_log_tells_who_withdrew_and_why(officer, received, file):
    withdraw(officer, received)
    record = traces.last("records.document.withdraw")
    assert record.parameters["reason"] == "Zaevidováno dvakrát."
    assert record.parameters["taken_out_of"] == file.file_mark


def restrict(world, file):
    records.restrict_file(actor=acting(world.officer), file=file, reason="osobní spis")


def knows_of(person, document):
    return bool(queries.gone_among(acting(person), documents=[document.pk], files=[]))


@pytest.mark.norm("7.2.13", "5.1.10")
def test_a_document_withdrawn_from_a_restricted_file_stays_unknown_to_those_outside(
    in_region, officer, keeper, file, received
):
    world = in_region
    restrict(world, file)
    withdraw(officer, received)
    for person in (world.head, world.clerk, world.records_keeper, world.auditor):
        assert not knows_of(person, received), person
        assert not queries.visible_ids(acting(person), [received.pk]), person
        with pytest.raises(NotFound):
            queries.gone_document_for(acting(person), received.pk)
    assert knows_of(world.officer, received)
    assert sight.who_sees_document(received, on=clock.today()) == []


def test_who_could_know_of_a_withdrawn_document_still_may(in_region, officer, file, received):
    withdraw(officer, received)
    for person in (in_region.head, in_region.clerk, in_region.records_keeper):
        assert knows_of(person, received), person


@pytest.mark.norm("7.2.15")
def test_restored_it_is_restricted_still_until_it_is_in_another_file(in_region, officer, keeper, file, received):
    world = in_region
    restrict(world, file)
    withdraw(officer, received)
    other = register(world, "Druhá žádost")
    give(world, other, world.officer)
    records.put_in_file(actor=officer, document=other, file=file)
    records.settle_file(actor=officer, file=file, on=clock.today())
    records.restore_document(actor=keeper, document=received, reason="Není to omyl")
    assert Document.objects.get(pk=received.pk).case_file is None
    assert not queries.visible_ids(acting(world.head), [received.pk])
    assert {one.person for one in sight.who_sees_document(Document.objects.get(pk=received.pk), on=clock.today())} == {
        world.officer
    }
    with pytest.raises(InvalidInput, match="vyhrazeném spisu"):
        records.share(actor=officer, document=received, unit=world.units["OS"], reason="oběžník")
    records.open_file(
        actor=officer,
        record_class=record_class("80.1"),
        unit=world.units["OD"],
        processor=world.officer,
        document=Document.objects.get(pk=received.pk),
    )
    assert queries.visible_ids(acting(world.head), [received.pk])


def test_put_back_into_its_file_it_leaves_the_restriction_with_it(in_region, officer, keeper, file, received):
    restrict(in_region, file)
    withdraw(officer, received)
    records.restore_document(actor=keeper, document=received, reason="Není to omyl")
    records.release_file(actor=officer, file=file, reason="omyl")
    assert queries.visible_ids(acting(in_region.head), [received.pk])


@pytest.mark.norm("7.1.6")
def test_a_file_hidden_from_a_person_hides_also_what_was_withdrawn_from_it(in_region, officer, file, received):
    keeper = replace(acting(in_region.records_keeper), limits=(Limit(LimitKind.FILE, str(file.pk), hides=True),))
    assert not permissions.may_touch(keeper, [received], reads=True)
    withdraw(officer, received)
    received.refresh_from_db()
    assert not queries.visible_ids(keeper, [received.pk])
    assert not queries.gone_among(keeper, documents=[received.pk], files=[])
    assert not permissions.may_touch(keeper, [received], reads=True)
    assert queries.visible_ids(acting(in_region.records_keeper), [received.pk])
