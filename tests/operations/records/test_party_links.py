"""Other persons of the jmenný rejstřík in documents and files: linked until disposal, taken back with a reason."""

import pytest
from django.db import IntegrityError, transaction
from tests import traces
from tests.records_steps import acting
from tests.strangers import of_school

from egon.kernel import clock
from egon.kernel.errors import AccessDenied, NotFound
from egon.parties.models import Party
from egon.records import operations as records
from egon.records import queries
from egon.records.errors import InvalidInput
from egon.records.models import PartyLink
from egon.records.rules.parties import PartyRole
from egon.records.rules.settling import SettledHow
from egon.tenancy.scope import WrongTenant


@pytest.fixture
def officer(in_region):
    return acting(in_region.officer)


@pytest.fixture
def party(in_region):
    return Party.objects.order_by("pk").last()


def link(actor, party, role=PartyRole.PARTICIPANT, **where):
    return records.link_party(actor=actor, party=party, role=role, at=clock.now(), **where)


@pytest.mark.norm("2.8.3")
def test_a_person_is_linked_to_a_document_also_after_it_was_settled(in_region, officer, file, received, party):
    first = link(officer, party, document=received, note="  jednatel ")
    records.settle_document(actor=officer, document=received, how=SettledHow.BY_NOTING, on=clock.today())
    second = link(officer, party, PartyRole.REPRESENTATIVE, document=received)
    assert queries.links_of(document=received) == [first, second]
    assert (first.note, first.linked_by) == ("jednatel", officer.name)
    assert traces.speaks_of(traces.last("records.party.link"), received) and traces.speaks_of(
        traces.last("records.party.link"), party
    )


@pytest.mark.norm("2.8.5")
def test_a_person_is_linked_to_a_file_also_after_it_was_closed(in_region, officer, file, received, party):
    records.settle_document(actor=officer, document=received, how=SettledHow.BY_NOTING, on=clock.today())
    records.close_file(actor=officer, file=file, on=clock.today())
    linked = link(officer, party, file=file)
    assert queries.links_of(file=file) == [linked]
    assert [(tie.entity, tie.role) for tie in queries.files_of_party(officer, party, most=5)] == [
        (file, "účastník řízení")
    ]


def test_nobody_is_linked_to_a_withdrawn_document_nor_twice_in_one_role(in_region, officer, received, party):
    linked = link(officer, party, document=received)
    with pytest.raises(InvalidInput, match="už tu v roli"):
        link(officer, party, document=received)
    records.withdraw_document(actor=officer, document=received, reason="Omyl")
    with pytest.raises(InvalidInput, match="stornovaný"):
        link(officer, party, PartyRole.OTHER, document=received)
    with pytest.raises(InvalidInput, match="stornovaný"):
        records.unlink_party(actor=officer, link=linked, reason="Omyl")
    assert queries.links_of(document=received) == [linked]


def test_a_link_is_to_one_thing(in_region, officer, file, received, party):
    keeper = acting(in_region.records_keeper)
    with pytest.raises(InvalidInput):
        link(keeper, party)
    with pytest.raises(InvalidInput):
        link(keeper, party, document=received, file=file)
    with pytest.raises(IntegrityError), transaction.atomic():
        PartyLink.objects.create(party=party, role="other", linked_at=clock.now(), linked_by="X")


def test_a_link_is_taken_back_with_a_reason_and_the_history_remembers(in_region, officer, received, party):
    linked = link(officer, party, document=received)
    with pytest.raises(InvalidInput, match="důvod"):
        records.unlink_party(actor=officer, link=linked, reason=" ")
    records.unlink_party(actor=officer, link=linked, reason="Jiná osoba")
    record = traces.last("records.party.unlink")
    assert queries.links_of(document=received) == [] and record.parameters["reason"] == "Jiná osoba"
    assert traces.speaks_of(record, received) and traces.speaks_of(record, party)


def test_others_link_nobody_and_do_not_learn_who_is_linked(in_region, officer, file, received, party):
    outsider = acting(in_region.outsider)
    linked = link(officer, party, document=received)
    for where in ({"document": received}, {"file": file}):
        with pytest.raises(AccessDenied):
            link(outsider, party, PartyRole.OTHER, **where)
    with pytest.raises(AccessDenied):
        records.unlink_party(actor=outsider, link=linked, reason="X")
    with pytest.raises(NotFound):
        queries.party_link_for(outsider, linked.pk)
    assert queries.documents_of_party(outsider, party, most=50) == []
    assert received in [tie.entity for tie in queries.documents_of_party(officer, party, most=50)]
    with pytest.raises(WrongTenant):
        link(of_school(in_region, officer), party, PartyRole.OTHER, document=received)
    assert queries.links_of(document=received) == [linked]
