"""Pages of the data boxes: what goes wrong and what to do, settings for the administrator, facts of a message."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.letters import citizen_as_party

from egon.audit.models import LogRecord
from egon.databox import fetching, secrets
from egon.databox.models import Box, DataMessage, MessageFile
from egon.kernel import clock
from egon.mailroom import operations as mailroom
from egon.mailroom.models import IntakeItem
from egon.tenancy.scope import tenant_scope
from egon.web.databox import panel
from egon.world.organisations import PASSWORD

pytestmark = pytest.mark.django_db


def signed_in(person: Any) -> Client:
    client = Client()
    answer = client.post("/prihlaseni/", {"login": person.account.login, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def test_the_page_of_boxes_tells_what_failed_and_what_to_do(world: Any, isds: Any) -> None:
    with tenant_scope(world.region.pk):
        isds.break_("*", "html_401")
        fetching.fetch_box(Box.objects.get().pk)
    page = signed_in(world.clerk).get("/schranky/").content.decode()
    assert "čeká na správce" in page
    assert "odmítl přihlášení" in page
    assert "Nastavení</a>" not in page
    assert "Zkusit spojení znovu" in signed_in(world.administrator).get("/schranky/").content.decode()


def test_the_administrator_changes_the_password_which_is_kept_sealed(world: Any, isds: Any) -> None:
    with tenant_scope(world.region.pk):
        box = Box.objects.get()
    client = signed_in(world.administrator)
    assert box.sealed_password not in client.get(f"/schranky/{box.pk}/").content.decode()
    data = {
        "name": box.name,
        "login": box.login,
        "password": "Nove-heslo-1",
        "login_kind": "password",
        "delivery_policy": "at_once",
        "check_every": "60",
        "active": "on",
    }
    assert client.post(f"/schranky/{box.pk}/", data).status_code == 302
    with tenant_scope(world.region.pk):
        box.refresh_from_db()
        assert "Nove-heslo-1" not in box.sealed_password
        assert secrets.unseal(box.sealed_password) == "Nove-heslo-1"
        assert not LogRecord.objects.filter(parameters__icontains="Nove-heslo-1").exists()


def test_a_new_box_needs_a_right_identifier(world: Any, isds: Any) -> None:
    client = signed_in(world.administrator)
    data = {
        "box_id": "abcdefx", "name": "Nová", "login_kind": "password", "login": "x", "password": "y",
        "delivery_policy": "at_once", "check_every": "60",
    }  # fmt: skip
    answer = client.post("/schranky/nova/", data)
    assert answer.status_code == 422
    assert "chybný tvar" in answer.content.decode()


def test_settings_of_boxes_are_closed_to_all_but_the_administrator(world: Any) -> None:
    with tenant_scope(world.region.pk):
        box = Box.objects.get()
    for person in (world.clerk, world.officer, world.outsider):
        client = signed_in(person)
        assert client.get(f"/schranky/{box.pk}/").status_code == 403
        assert client.post(f"/schranky/{box.pk}/", {"name": "X", "login": "x"}).status_code == 403
    assert signed_in(world.school.director).get(f"/schranky/{box.pk}/").status_code in (403, 404)
    with tenant_scope(world.region.pk):
        box.refresh_from_db()
        assert box.name != "X"


def test_every_fact_of_a_message_is_shown_to_who_may_see_its_document(world: Any, isds: Any) -> None:
    with tenant_scope(world.region.pk):
        box = Box.objects.get()
        isds.write("Stížnost", to=box.box_id)
        fetching.fetch_box(box.pk)
        clerk = world.actor(world.clerk)
        document = mailroom.register_intake(
            actor=clerk,
            item=IntakeItem.objects.get(),
            sender=citizen_as_party(clerk),
            subject="Stížnost",
            unit=world.units["OD"],
            at=clock.now(),
        )
        message = DataMessage.objects.get()
        shown = panel.context(clerk, document)
        assert shown["data_message"] == message
        assert MessageFile.objects.filter(message=message).exists()
    for person, status in ((world.clerk, 200), (world.head, 200), (world.outsider, 404), (world.school.clerk, 404)):
        client = signed_in(person)
        assert client.get(f"/schranky/zprava/{message.pk}/").status_code == status, person
        assert client.get(f"/schranky/zprava/{message.pk}/zfo").status_code == status, person
    page = signed_in(world.clerk).get(f"/schranky/zprava/{message.pk}/").content.decode()
    for fact in message.checks:
        assert fact["sentence"].split(".")[0][:30] in page


def test_the_administrator_brings_a_certificate_and_it_is_used(world: Any, isds: Any) -> None:
    with tenant_scope(world.region.pk):
        box = Box.objects.get()
    client = signed_in(world.administrator)
    data = {
        "name": box.name, "login_kind": "system", "environment": "jina", "own_address": isds.secure(),
        "delivery_policy": "watch", "check_every": "300", "hours_from": "7", "hours_to": "18", "active": "on",
    }  # fmt: skip
    assert client.post(f"/schranky/{box.pk}/", data).status_code == 302
    address = f"/schranky/{box.pk}/certifikaty/"
    wrong = client.post(address, {"file": SimpleUploadedFile("c.p12", b"nic"), "password": "x"})
    assert wrong.status_code == 422
    assert "Zkontrolujte soubor a heslo" in wrong.content.decode()
    pem = isds.certificate(box.box_id).to_pem()
    page = client.post(address, {"file": SimpleUploadedFile("c.pem", pem)}, follow=True).content.decode()
    assert "ISDS certifikát přijal" in page
    assert "PRIVATE KEY" not in page
    late = client.post(address, {"file": SimpleUploadedFile("c.pem", pem)})
    assert "už ke schránce nahraný" in late.content.decode()
    shown = client.get(f"/schranky/{box.pk}/").content.decode()
    assert isds.secure() in shown
    for person in (world.clerk, world.officer):
        assert signed_in(person).get(address).status_code == 403
    assert signed_in(world.school.director).get(address).status_code in (403, 404)


def test_before_taking_over_the_page_says_what_it_means_in_law(world: Any, isds: Any) -> None:
    with tenant_scope(world.region.pk):
        Box.objects.update(delivery_policy="on_demand")
        box = Box.objects.get()
    isds.write("Výzva", to=box.box_id)
    client = signed_in(world.clerk)
    page = client.get(f"/schranky/{box.pk}/prevzit/").content.decode()
    assert "§ 17 odst. 3" in page
    assert "všechno, co ve schránce leží" in page
    with tenant_scope(world.region.pk):
        fetching.fetch_box(box.pk)
        assert Box.objects.get().listing_asked_at is None
    for person in (world.officer, world.administrator, world.outsider):
        assert signed_in(person).post(f"/schranky/{box.pk}/prevzit/").status_code == 403
    assert signed_in(world.school.director).post(f"/schranky/{box.pk}/prevzit/").status_code in (403, 404)
    assert isds.states(box.box_id) == {4}
    assert client.post(f"/schranky/{box.pk}/prevzit/").status_code == 302
    with tenant_scope(world.region.pk):
        Box.objects.update(next_attempt_at=None)
        fetching.fetch_box(box.pk)
        assert IntakeItem.objects.get().subject == "Výzva"
    assert isds.states(box.box_id) == {6}


def test_the_desk_tells_what_the_boxes_want(world: Any) -> None:
    now = clock.now()
    with tenant_scope(world.region.pk):
        box = Box.objects.get()
        Box.objects.update(password_expires_at=now + timedelta(days=3))
        DataMessage.objects.create(
            box=box, dm_id="1", direction="received", progress="failed", announced_at=now,
            accepted_at=now - timedelta(days=40),
        )  # fmt: skip
        DataMessage.objects.create(
            box=box, dm_id="2", direction="received", progress="noticed", announced_at=now, delivered_at=now
        )
    clerk, administrator = (signed_in(one).get("/").content.decode() for one in (world.clerk, world.administrator))
    assert "čeká na rozhodnutí o převzetí" in clerk
    assert "nestaženo, ISDS je smaže" in clerk
    assert "nestaženo, ISDS je smaže" in administrator
    assert "končí přihlášení ke schránce" in administrator
    assert "schránce" not in signed_in(world.officer).get("/").content.decode()
