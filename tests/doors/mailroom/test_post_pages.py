"""Pages of dispatch by post: envelopes read back by a scanner, numbers one after another, the posting sheet."""

from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from tests.letters import approved_letter_to

from egon.mailroom import queries
from egon.mailroom.models import Dispatch, PostedLetter
from egon.records.models import Addressee
from egon.tenancy.scope import tenant_scope
from egon.world.organisations import PASSWORD

pytestmark = pytest.mark.django_db


def signed_in(person: Any) -> Client:
    client = Client()
    client.post("/prihlaseni/", {"login": person.account.login, "password": PASSWORD})
    return client


@pytest.fixture
def clerk(world: Any) -> Client:
    return signed_in(world.clerk)


@pytest.fixture
def addressee(world: Any) -> Addressee:
    with tenant_scope(world.region.pk):
        return approved_letter_to(world, [""])[0]


@pytest.fixture
def letter(clerk: Client, addressee: Addressee, world: Any) -> PostedLetter:
    """A recorded letter prepared on its page."""
    data = {"service": "own_hands", "envelope": "C5", "weight": "40", "address": "Dlouhá 12\n500 02 Sázava"}
    answer = clerk.post(f"/podatelna/vypravna/adresat/{addressee.pk}/postou/", data)
    assert answer.status_code == 302, answer.content.decode()
    with tenant_scope(world.region.pk):
        return PostedLetter.objects.select_related("dispatch__document").get()


def test_the_envelope_carries_address_service_and_a_readable_code(clerk: Client, letter: PostedLetter) -> None:
    answer = clerk.post("/podatelna/vypravna/posta/obalky/", {"dopis": letter.pk})
    page = pypdfium2.PdfDocument(answer.content)[0]
    assert [round(side / 72 * 25.4) for side in page.get_size()] == [229, 162]
    text = page.get_textpage().get_text_range()
    assert "500 02 Sázava" in text and "DO VLASTNÍCH RUKOU" in text
    [code] = zxingcpp.read_barcodes(page.render(scale=2.5).to_pil())
    assert code.text == f"{letter.dispatch.document.identifier}-V{letter.dispatch_id}"
    assert clerk.get("/podatelna/kod/", {"kod": code.text})["Location"] == f"/dokumenty/{letter.dispatch.document_id}/"


def test_numbers_are_saved_by_enter_and_letters_posted_with_a_sheet(
    clerk: Client, letter: PostedLetter, world: Any
) -> None:
    page = clerk.get("/podatelna/vypravna/posta/")
    assert page.context["focused"] == letter.pk
    saved = clerk.post(
        "/podatelna/vypravna/posta/", {"ulozit": "1", f"cislo-{letter.pk}": "RR473124829CZ", "dopis": letter.pk}
    )
    assert saved.status_code == 302
    data = {"podat": "1", f"cislo-{letter.pk}": "RR473124829CZ", "dopis": letter.pk}
    answer = clerk.post("/podatelna/vypravna/posta/", data)
    assert answer.status_code == 302, answer.content.decode()
    sheet = answer["Location"]
    assert "RR473124829CZ" in clerk.get(sheet).content.decode()
    table = clerk.get(sheet, {"jako": "csv"}).content.decode("utf-8-sig")
    assert (
        table.splitlines()[1].startswith("1;RR473124829CZ;")
        and "Dlouhá 12, 500 02 Sázava;do vlastních rukou;40" in table
    )
    printed = pypdfium2.PdfDocument(clerk.get(sheet, {"jako": "pdf"}).content)[0].get_textpage().get_text_range()
    assert "RR473124829CZ" in printed and "Razítko a podpis pošty" in printed
    assert clerk.get("/podatelna/vypravna/posta/archy/").context["page"].object_list[0].count == 1


def test_a_refused_posting_keeps_what_was_typed(clerk: Client, letter: PostedLetter, world: Any) -> None:
    answer = clerk.post(
        "/podatelna/vypravna/posta/", {"podat": "1", f"cislo-{letter.pk}": "RR473124828CZ", "dopis": letter.pk}
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "překlep" in page and 'value="RR473124828CZ"' in page
    answer = clerk.post("/podatelna/vypravna/posta/", {"podat": "1", f"cislo-{letter.pk}": ""})
    assert "Není vybraný žádný dopis" in answer.content.decode()
    with tenant_scope(world.region.pk):
        assert list(queries.letters_to_post()) == [letter]


def test_a_prepared_letter_is_taken_back(clerk: Client, letter: PostedLetter, world: Any) -> None:
    assert "Zrušit vypravení" in clerk.get(f"/podatelna/vypravna/{letter.dispatch_id}/").content.decode()
    clerk.post(f"/podatelna/vypravna/{letter.dispatch_id}/zrusit/", {"reason": "Pošle se schránkou"})
    with tenant_scope(world.region.pk):
        assert Dispatch.objects.get(pk=letter.dispatch_id).state == "failed"
        assert not queries.letters_to_post().exists()


def test_an_outsider_gets_no_further_than_a_refusal(world: Any, addressee: Addressee) -> None:
    outsider = signed_in(world.outsider)
    for address in (
        "vypravna/posta/",
        "vypravna/posta/archy/",
        "vypravna/posta/archy/1/",
        f"vypravna/adresat/{addressee.pk}/postou/",
    ):
        assert outsider.get(f"/podatelna/{address}").status_code == 403
    assert outsider.post("/podatelna/vypravna/posta/obalky/", {"dopis": "1"}).status_code == 403
