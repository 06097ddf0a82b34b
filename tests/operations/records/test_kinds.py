"""Kinds of documents: a code list of its keepers, one at most of a document, its regime for ever."""

from datetime import timedelta

import pytest
from tests.records_steps import acting, register

from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.records import operations as records
from egon.records import queries
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import Document, DocumentKind
from egon.records.rules.retention import DisposalMark
from egon.records.rules.states import Direction

pytestmark = pytest.mark.django_db

TODAY = clock.today()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def keeper(in_region):
    return acting(in_region.records_keeper)


@pytest.fixture
def invoice(keeper):
    regime = records.save_regime(actor=keeper, mark=DisposalMark.SHRED, years=10)
    return records.save_kind(actor=keeper, name="Faktura přijatá", valid_from=TODAY, regime=regime)


def fields_of(document):
    return {"subject": document.subject, "sender": document.sender}


@pytest.mark.norm("4.2.1")
@pytest.mark.parametrize("who", ["records_keeper", "administrator"])
def test_the_code_list_is_kept_by_its_keepers(in_region, who):
    actor = acting(getattr(in_region, who))
    kind = records.save_kind(actor=actor, name="Petice", valid_from=TODAY)
    records.save_kind(
        actor=actor, name="Petice občanů", description="Podle zákona.", valid_from=TODAY, valid_to=TODAY, kind=kind
    )
    fresh = DocumentKind.objects.get(pk=kind.pk)
    assert (fresh.name, fresh.description, fresh.valid_to) == ("Petice občanů", "Podle zákona.", TODAY)
    records.delete_kind(actor=actor, kind=fresh)
    assert not DocumentKind.objects.filter(pk=kind.pk).exists()


@pytest.mark.norm("4.2.1")
@pytest.mark.parametrize("who", ["officer", "head", "clerk", "secretariat", "auditor", "outsider"])
def test_nobody_else_keeps_it(in_region, invoice, who):
    actor = acting(getattr(in_region, who))
    before = list(DocumentKind.objects.order_by("pk").values())
    with pytest.raises(AccessDenied):
        records.save_kind(actor=actor, name="Jinak", valid_from=TODAY, kind=invoice, regime=invoice.disposal_regime)
    with pytest.raises(AccessDenied):
        records.delete_kind(actor=actor, kind=invoice)
    assert list(DocumentKind.objects.order_by("pk").values()) == before


@pytest.mark.norm("4.2.2")
def test_a_document_has_one_kind_at_most_and_another_replaces_it(in_region, keeper, invoice):
    petition = records.save_kind(actor=keeper, name="Petice", valid_from=TODAY)
    document = register(in_region, kind=invoice)
    clerk = acting(in_region.clerk)
    records.edit_metadata(actor=clerk, document=document, kind=petition, **fields_of(document))
    assert Document.objects.get(pk=document.pk).kind == petition
    records.edit_metadata(actor=clerk, document=document, kind=None, **fields_of(document))
    assert Document.objects.get(pk=document.pk).kind is None


@pytest.mark.norm("4.2.4", "6.1.1d")
def test_the_regime_of_a_kind_is_given_once_and_never_changes(keeper, invoice):
    other = records.save_regime(actor=keeper, mark=DisposalMark.ARCHIVE, years=5)
    for regime in (other, None):
        with pytest.raises(InvalidInput, match=r"4\.2\.4"):
            records.save_kind(actor=keeper, name="Faktura", valid_from=TODAY, kind=invoice, regime=regime)
    fresh = DocumentKind.objects.get(pk=invoice.pk)
    assert (fresh.name, fresh.disposal_regime) == ("Faktura přijatá", invoice.disposal_regime)
    bare = records.save_kind(actor=keeper, name="Seznam příloh", valid_from=TODAY)
    with pytest.raises(InvalidInput, match=r"4\.2\.4"):
        records.save_kind(actor=keeper, name="Seznam příloh", valid_from=TODAY, kind=bare, regime=other)
    assert DocumentKind.objects.get(pk=bare.pk).disposal_regime is None


def test_a_kind_out_of_use_is_given_to_nothing_new_but_stays_where_it_is(in_region, keeper, invoice):
    document = register(in_region, kind=invoice)
    kept = {"regime": invoice.disposal_regime, "kind": invoice, "name": invoice.name}
    records.save_kind(actor=keeper, valid_from=YESTERDAY, valid_to=YESTERDAY, **kept)
    ended = DocumentKind.objects.get(pk=invoice.pk)
    assert ended not in queries.kinds(on=TODAY)
    assert ended in queries.kinds(on=TODAY, kept=ended.pk)
    count = Document.objects.count()
    with pytest.raises(InvalidInput, match="nepoužívá"):
        register(in_region, kind=ended)
    with pytest.raises(InvalidInput, match="nepoužívá"):
        records.create_document(
            actor=acting(in_region.officer), direction=Direction.INTERNAL, subject="Zápis", kind=ended
        )
    assert Document.objects.count() == count
    clerk = acting(in_region.clerk)
    records.edit_metadata(actor=clerk, document=document, kind=ended, note="Doplněno", **fields_of(document))
    records.edit_metadata(actor=clerk, document=document, kind=None, **fields_of(document))
    with pytest.raises(InvalidInput, match="nepoužívá"):
        records.edit_metadata(actor=clerk, document=document, kind=ended, **fields_of(document))


def test_a_used_kind_is_not_removed(in_region, keeper, invoice):
    register(in_region, kind=invoice)
    with pytest.raises(NotInThisState, match="poslední den"):
        records.delete_kind(actor=keeper, kind=invoice)
    assert DocumentKind.objects.filter(pk=invoice.pk).exists()


def test_all_faults_come_at_once(keeper, invoice):
    with pytest.raises(InvalidInput) as refusal:
        records.save_kind(actor=keeper, name="Faktura  přijatá ", valid_from=TODAY, valid_to=YESTERDAY)
    assert len(refusal.value.obstacles) == 2
