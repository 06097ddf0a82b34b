"""Do vlastních rukou: subject, attachments and the sealed file are for the named person alone, wherever one looks."""

from typing import Any

import pytest
from django.test import Client
from tests import traces
from tests.letters import citizen_as_party
from tests.strangers import of_school

from egon import search
from egon.audit.models import LogRecord
from egon.databox import browsing, fetching, operations
from egon.databox.errors import AlreadyUnderWay
from egon.databox.models import Box, DataMessage
from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.mailroom import operations as mailroom
from egon.mailroom.errors import NotRegistrable
from egon.mailroom.models import IntakeItem
from egon.records import jobs as records_jobs
from egon.records.models import ComponentText, ComponentVersion
from egon.tenancy.scope import WrongTenant
from egon.world.organisations import PASSWORD

pytestmark = pytest.mark.django_db

SUBJECT = "Rodinná záležitost paní Novotné"
FILE = "tajny-dopis.txt"
CONTENT = "Milá paní, posíláme důvěrnou odpověď."


@pytest.fixture
def message(in_region: Any, isds: Any) -> DataMessage:
    box = Box.objects.get()
    isds.write(
        SUBJECT,
        to=box.box_id,
        files=((FILE, CONTENT.encode(), "text/plain"),),
        personal_delivery=True,
        to_hands="Eva Novotná",
    )
    fetching.fetch_box(box.pk)
    return DataMessage.objects.get()


def browser(person: Any) -> Client:
    client = Client()
    assert client.post("/prihlaseni/", {"login": person.account.login, "password": PASSWORD}).status_code == 302
    return client


def addresses(message: DataMessage) -> list[str]:
    item, file = IntakeItem.objects.get(), message.files.get()
    stamp = message.stamps.create(digest=message.zfo_digest, size=message.zfo_size, stamped_at=clock.now())
    return [
        "/", "/podatelna/", f"/podatelna/?hledat={SUBJECT.split()[0]}&stav=vse", f"/podatelna/{item.pk}/",
        f"/podatelna/{item.pk}/zfo/", f"/podatelna/{item.pk}/priloha/{file.pk}/nahled",
        f"/podatelna/{item.pk}/priloha/{file.pk}/stahnout", "/schranky/", "/schranky/osobni/",
        f"/schranky/zprava/{message.pk}/", f"/schranky/zprava/{message.pk}/zfo",
        f"/schranky/razitka/{stamp.pk}/zfo", "/schranky/zpravy/", f"/schranky/zpravy/?hledat={SUBJECT.split()[0]}",
        f"/schranky/zprava/{message.pk}/priloha/{file.pk}", f"/hledat/?q={SUBJECT.split()[0]}", "/protokol/",
    ]  # fmt: skip


def shown(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return bytes(body).decode(errors="replace")


@pytest.mark.parametrize("who", ["clerk", "officer", "head", "administrator", "auditor"])
def test_nobody_else_is_shown_more_than_the_envelope(in_region: Any, message: DataMessage, who: str) -> None:
    operations.name_person(actor=in_region.actor(in_region.clerk), message=message, person=in_region.officer2)
    client = browser(getattr(in_region, who))
    for address in addresses(message):
        page = shown(client.get(address))
        assert SUBJECT not in page, address
        assert FILE not in page, address
        assert CONTENT not in page, address
        assert "MessageDownloadResponse" not in page, address  # the sealed file
    clerk = in_region.actor(in_region.clerk)
    assert not browsing.browse(clerk, text="Rodinná").exists()
    assert not LogRecord.objects.filter(parameters__icontains="Novotné").exists()
    assert not LogRecord.objects.filter(subjects__icontains="Novotné").exists()


@pytest.mark.norm("5.1.1")
def test_its_text_is_read_and_found_only_after_it_was_handed_over(in_region: Any, message: DataMessage) -> None:
    assert not ComponentVersion.objects.filter(digest=message.files.get().digest).exists()
    assert not ComponentText.objects.exists()
    assert search.find("důvěrnou odpověď").capped_count == 0
    clerk, named = in_region.actor(in_region.clerk), in_region.actor(in_region.officer2)
    operations.name_person(actor=clerk, message=message, person=in_region.officer2)
    assert search.find("důvěrnou odpověď").capped_count == 0
    operations.release_personal(actor=named, message=DataMessage.objects.get(), at=clock.now())
    document = mailroom.register_intake(
        actor=clerk, item=IntakeItem.objects.get(), sender=citizen_as_party(clerk), subject="Dopis", at=clock.now()
    )
    records_jobs.read_texts(document_id=document.pk)
    assert [hit.entity_id for hit in search.find("důvěrnou odpověď").hits] == [document.pk]


def test_the_named_person_reads_it_and_hands_it_over(in_region: Any, message: DataMessage) -> None:
    clerk = in_region.actor(in_region.clerk)
    client = browser(in_region.officer2)
    assert client.get(f"/schranky/zprava/{message.pk}/").status_code == 404  # not named yet
    assert "K rukám" in browser(in_region.clerk).get(f"/podatelna/{IntakeItem.objects.get().pk}/").content.decode()
    answer = browser(in_region.clerk).post(
        f"/schranky/zprava/{message.pk}/adresat/", {"person": str(in_region.officer2.pk)}
    )
    assert answer.status_code == 302
    assert SUBJECT in client.get("/schranky/osobni/").content.decode()
    page = client.get(f"/schranky/zprava/{message.pk}/").content.decode()
    assert SUBJECT in page
    assert FILE in page
    attachment = client.get(f"/schranky/zprava/{message.pk}/priloha/{message.files.get().pk}")
    assert shown(attachment) == CONTENT
    with pytest.raises(NotRegistrable, match="do vlastních rukou"):
        mailroom.register_intake(
            actor=clerk, item=IntakeItem.objects.get(), sender=citizen_as_party(clerk), subject="x", at=clock.now()
        )
    assert client.post(f"/schranky/zprava/{message.pk}/predat/").status_code == 302
    item = IntakeItem.objects.get()
    assert item.subject == SUBJECT
    document = mailroom.register_intake(
        actor=clerk, item=item, sender=citizen_as_party(clerk), subject=item.subject, at=clock.now()
    )
    roles = document.components.order_by("position").values_list("role", flat=True)
    assert list(roles) == ["main", "header", "message"]
    message.refresh_from_db()
    with pytest.raises(AlreadyUnderWay):
        operations.release_personal(actor=in_region.actor(in_region.officer2), message=message, at=clock.now())
    with pytest.raises(AlreadyUnderWay):
        operations.name_person(actor=clerk, message=message, person=in_region.officer)


@pytest.mark.parametrize("who", ["officer", "head", "administrator"])
def test_others_neither_name_nor_hand_over(in_region: Any, message: DataMessage, who: str) -> None:
    actor = in_region.actor(getattr(in_region, who))
    before = DataMessage.objects.values().get()
    with pytest.raises(AccessDenied):
        operations.name_person(actor=actor, message=message, person=getattr(in_region, who))
    with pytest.raises(AccessDenied):
        operations.release_personal(actor=actor, message=message, at=clock.now())
    foreign = of_school(in_region, in_region.actor(in_region.clerk))
    with pytest.raises(WrongTenant):
        operations.name_person(actor=foreign, message=message, person=in_region.officer)
    with pytest.raises(WrongTenant):
        operations.release_personal(actor=foreign, message=message, at=clock.now())
    assert DataMessage.objects.values().get() == before
    assert (traces.denied("databox.personal.name"), traces.denied("databox.personal.release")) == (1, 1)
