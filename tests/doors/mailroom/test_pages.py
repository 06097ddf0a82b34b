"""Pages of the mailroom: the clerk works in them, an outsider and another organisation see nothing of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.letters import approved_letter

from egon.databox import fetching
from egon.databox.models import Box, DataMessage
from egon.kernel import clock
from egon.mailroom.models import IntakeItem, IntakeState
from egon.records import operations as records
from egon.records.models import Document
from egon.records.rules.own_metadata import OwnEntity, ValueType
from egon.tenancy.scope import tenant_scope
from egon.web.mailroom.views import arriving
from egon.world.organisations import PASSWORD
from egon.world.outside import CITIZEN

pytestmark = pytest.mark.django_db


def signed_in(person: Any) -> Client:
    client = Client()
    answer = client.post("/prihlaseni/", {"login": person.account.login, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()[:500]
    return client


@pytest.fixture
def clerk(world: Any) -> Client:
    return signed_in(world.clerk)


@pytest.fixture
def item(world: Any, isds: Any) -> IntakeItem:
    """A message of the citizen that waits in the mailroom."""
    with tenant_scope(world.region.pk):
        box = Box.objects.get()
        isds.write(
            "Žádost o kácení",
            to=box.box_id,
            files=(("zadost.txt", "Prosím o povolení.".encode(), "text/plain"), ("x.html", b"<script>", "text/html")),
        )
        fetching.fetch_box(box.pk)
        return IntakeItem.objects.select_related("data_message").get()


def test_the_inbox_shows_sender_subject_attachments_and_checks(clerk: Client, item: IntakeItem) -> None:
    page = clerk.get("/podatelna/").content.decode()
    for expected in ("Josef Procházka", "Žádost o kácení", "2\u00a0přílohy"):
        assert expected in page
    assert "Kontroly" in page


def test_the_clerk_registers_a_message_of_a_new_sender(clerk: Client, item: IntakeItem, world: Any) -> None:
    page = clerk.get(f"/podatelna/{item.pk}/")
    assert page.status_code == 200
    form, sender = page.context["register_form"], page.context["sender_form"]
    assert form.initial["sender"] == "novy"
    data = {
        "sender": "novy",
        "subject": "Žádost o povolení kácení",
        "unit": world.units["OZP"].pk,
        "note": "",
        **{f"novy-{name}": value for name, value in sender.initial.items()},
    }
    answer = clerk.post(f"/podatelna/{item.pk}/", data)
    assert answer.status_code == 302, answer.content.decode()
    with tenant_scope(world.region.pk):
        document = Document.objects.get(subject="Žádost o povolení kácení")
        assert document.sender.databox_id == CITIZEN.box.box_id
        assert document.sender.family_name == "Procházka"
        assert (document.state, document.unit.code) == ("assigned", "OZP")
        assert document.delivered_at == item.received_at.replace(microsecond=0)
        roles = list(document.components.order_by("position").values_list("role", flat=True))
        assert roles == ["main", "attachment", "header", "message"]
        item.refresh_from_db()
        assert (item.state, item.document_id) == (IntakeState.REGISTERED, document.pk)
    done = clerk.get(answer["Location"]).content.decode()
    assert document.reference_number in done


@pytest.mark.norm("9.1.1")
def test_a_message_is_registered_with_own_metadata(clerk: Client, item: IntakeItem, world: Any) -> None:
    with tenant_scope(world.region.pk):
        field = records.add_own_field(
            actor=world.actor(world.records_keeper),
            entity=OwnEntity.DOCUMENT,
            name="Splatnost",
            value_type=ValueType.DAY,
            required=True,
        )
    sender = clerk.get(f"/podatelna/{item.pk}/").context["sender_form"]
    data = {"sender": "novy", "subject": "Žádost", **{f"novy-{name}": value for name, value in sender.initial.items()}}
    assert clerk.post(f"/podatelna/{item.pk}/", data).status_code == 422
    assert clerk.post(f"/podatelna/{item.pk}/", data | {f"own-{field.pk}": "2026-12-31"}).status_code == 302
    with tenant_scope(world.region.pk):
        assert IntakeItem.objects.get(pk=item.pk).document.own_values == {str(field.pk): "2026-12-31"}


@pytest.mark.norm("2.1.6", "2.1.7")
def test_an_attachment_is_refused_and_the_document_handed_to_a_person(
    clerk: Client, item: IntakeItem, world: Any
) -> None:
    sender = clerk.get(f"/podatelna/{item.pk}/").context["sender_form"]
    with tenant_scope(world.region.pk):
        harmful = item.data_message.files.get(name="x.html")
    data = {
        "sender": "novy",
        "subject": "Žádost",
        "person": world.officer.pk,
        f"neulozit-{harmful.pk}": "defect",
        **{f"novy-{name}": value for name, value in sender.initial.items()},
    }
    refused = clerk.post(f"/podatelna/{item.pk}/", data)
    assert refused.status_code == 422 and "Popište vadu" in refused.content.decode()
    assert clerk.post(f"/podatelna/{item.pk}/", data | {"vada": "Soubor obsahuje skript."}).status_code == 302
    with tenant_scope(world.region.pk):
        document = IntakeItem.objects.get(pk=item.pk).document
        assert document.holder == world.officer
        names = list(document.components.values_list("name", flat=True))
        assert "x.html" not in names and any(name.startswith("Neulozeno") for name in names)


def test_registering_tells_all_that_is_missing_and_keeps_what_was_typed(clerk: Client, item: IntakeItem) -> None:
    answer = clerk.post(f"/podatelna/{item.pk}/", {"sender": "", "subject": "Zachovaná věc"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "odesílatel" in page
    assert "Zachovaná věc" in page


def test_an_item_is_put_aside_with_a_reason_only(clerk: Client, item: IntakeItem, world: Any) -> None:
    clerk.post(f"/podatelna/{item.pk}/odlozit/", {"reason": " "})
    with tenant_scope(world.region.pk):
        item.refresh_from_db()
        assert item.state == IntakeState.WAITING
        clerk.post(f"/podatelna/{item.pk}/odlozit/", {"reason": "Reklama"})
        item.refresh_from_db()
        assert (item.state, item.reason) == (IntakeState.REJECTED, "Reklama")


def test_attachments_are_shown_only_when_harmless(clerk: Client, item: IntakeItem, world: Any) -> None:
    with tenant_scope(world.region.pk):
        text, html = item.data_message.files.order_by("position")
    shown = clerk.get(f"/podatelna/{item.pk}/priloha/{text.pk}/nahled")
    assert shown["Content-Type"].startswith("text/plain")
    assert "sandbox" in shown["Content-Security-Policy"]
    assert clerk.get(f"/podatelna/{item.pk}/priloha/{html.pk}/nahled").status_code == 404
    taken = clerk.get(f"/podatelna/{item.pk}/priloha/{html.pk}/stahnout")
    assert taken["Content-Disposition"].startswith("attachment")
    assert b"".join(taken.streaming_content) == b"<script>"


def test_others_see_nothing_and_change_nothing(item: IntakeItem, world: Any) -> None:
    for person in (world.outsider, world.officer, world.school.clerk):
        client = signed_in(person)
        assert client.get(f"/podatelna/{item.pk}/").status_code in (403, 404)
        assert client.post(f"/podatelna/{item.pk}/odlozit/", {"reason": "ne"}).status_code in (403, 404)
        assert client.get(f"/schranky/zprava/{item.data_message_id}/").status_code == 404
    with tenant_scope(world.region.pk):
        item.refresh_from_db()
        assert item.state == IntakeState.WAITING


def test_fetch_now_without_a_worker_lets_the_person_go_on(
    clerk: Client, isds: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "LONGEST_WAIT", 0.1)
    answer = clerk.post("/podatelna/stahnout/", follow=True)
    assert "Stahování běží" in answer.content.decode()


def test_a_zfo_file_becomes_an_item_and_the_same_file_is_told_to_be_known(
    clerk: Client, standards: Any, isds: Any
) -> None:
    for path in sorted((standards / "isds" / "zfo").glob("*.zfo")):
        answer = clerk.post(
            "/podatelna/zfo/", {"soubor": SimpleUploadedFile(path.name, path.read_bytes())}, follow=True
        )
        page = answer.content.decode()
        assert answer.status_code == 200, (path.name, page)
        assert "Pečeť ISDS" in page, path.name
        again = clerk.post("/podatelna/zfo/", {"soubor": SimpleUploadedFile(path.name, path.read_bytes())}, follow=True)
        assert "už v podatelně je" in again.content.decode(), path.name


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 nothing", b"0\x82" + b"\x00" * 5000])
def test_what_is_no_zfo_is_refused_with_a_reason(clerk: Client, world: Any, isds: Any, content: bytes) -> None:
    answer = clerk.post("/podatelna/zfo/", {"soubor": SimpleUploadedFile("soubor.zfo", content)})
    assert answer.status_code == 422
    assert "field__error" in answer.content.decode()
    with tenant_scope(world.region.pk):
        assert not DataMessage.objects.exists()


def test_the_dispatch_offers_what_was_approved_and_sends_it(clerk: Client, world: Any, isds: Any) -> None:
    with tenant_scope(world.region.pk):
        addressee = approved_letter(world)
    page = clerk.get("/podatelna/vypravna/").content.decode()
    assert "Odpověď na žádost" in page
    one = clerk.get(f"/podatelna/vypravna/adresat/{addressee.pk}/?q=Procházka")
    assert CITIZEN.box.box_id in one.content.decode()
    answer = clerk.post(
        f"/podatelna/vypravna/adresat/{addressee.pk}/", {"recipient_box_id": CITIZEN.box.box_id}, follow=True
    )
    assert "předaný k odeslání" in answer.content.decode()
    assert "Na cestě do ISDS" in answer.content.decode()
    assert clerk.get("/podatelna/vypravna/odeslane/").status_code == 200


def test_a_wrong_box_is_told_at_the_form(clerk: Client, world: Any, isds: Any) -> None:
    with tenant_scope(world.region.pk):
        addressee = approved_letter(world)
    answer = clerk.post(f"/podatelna/vypravna/adresat/{addressee.pk}/", {"recipient_box_id": "abcdefx"})
    assert answer.status_code == 422
    assert "chybný tvar" in answer.content.decode()


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (5, "právě teď"),
        (60, "před 1\xa0minutou"),
        (7300, "před 2\xa0hodinami"),
        (86400 * 3, "před 3\xa0dny"),
        (86400 * 15, "před 2\xa0týdny"),
        (86400 * 800, "před 2\xa0lety"),
    ],
)
def test_the_age_of_an_item_is_in_good_czech(seconds: int, written: str) -> None:
    now = clock.now()
    assert arriving._age(now - timedelta(seconds=seconds), now) == written
