"""Pages of kinds, own metadata and templates: for the keepers only."""

import pytest

from egon.kernel.clock import today
from egon.records.models import DocumentKind


@pytest.fixture
def keeper(browser, in_region):
    return browser(in_region.records_keeper)


def html(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.norm("4.2.1")
def test_a_kind_is_made_found_ended_and_removed(keeper):
    made = {"name": "Petice", "description": "Podle zákona 85/1990 Sb.", "valid_from": today().isoformat()}
    answer = keeper.post("/evidence/druhy/novy/", made)
    kind = DocumentKind.objects.get(name="Petice")
    assert answer.headers["Location"] == f"/evidence/druhy/{kind.pk}/"
    assert "Petice" in html(keeper.get("/evidence/?hledat=petic&stav=used&rezim=ne&razeni=-od"))
    ended = made | {"valid_to": today().isoformat()}
    assert keeper.post(f"/evidence/druhy/{kind.pk}/", ended).status_code == 302
    assert "Filtru nic neodpovídá" in html(keeper.get("/evidence/?hledat=petic&stav=ended"))
    refused = html(keeper.post(f"/evidence/druhy/{kind.pk}/", made | {"valid_to": "2001-01-01"}))
    assert "před prvním" in refused and "2001-01-01" in refused
    assert keeper.post(f"/evidence/druhy/{kind.pk}/odstranit/").headers["Location"] == "/evidence/"
    assert not DocumentKind.objects.filter(pk=kind.pk).exists()


def test_documents_are_narrowed_by_kind(keeper, received):
    kind = DocumentKind.objects.first()
    assert received.reference_number not in html(keeper.get(f"/dokumenty/?druh={kind.pk}"))
    type(received).objects.filter(pk=received.pk).update(kind=kind)
    assert received.reference_number in html(keeper.get(f"/dokumenty/?druh={kind.pk}"))


@pytest.mark.parametrize("who", ["officer", "clerk", "auditor"])
def test_others_do_not_get_in(browser, in_region, who):
    kind, client = DocumentKind.objects.first(), browser(getattr(in_region, who))
    for address in ("/evidence/", "/evidence/druhy/novy/", f"/evidence/druhy/{kind.pk}/"):
        assert client.get(address).status_code == 403
    assert client.post(f"/evidence/druhy/{kind.pk}/odstranit/").status_code == 403
    assert DocumentKind.objects.filter(pk=kind.pk).exists()
