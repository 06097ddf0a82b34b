"""Pages of boxes, of data messages, of imports and of the whole centre: what they tell, and to whom they do not."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import traces
from tests.doors.browser import signed_in
from tests.outbox import put_into, queued

from egon.databox.importing import work
from egon.databox.importing.tables import ImportEntry, ImportRun, Outcome, RunState
from egon.databox.models import Box, DataMessage, Direction, OutboxItem, OutboxState, Progress
from egon.databox.operations import start_import
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.mailroom.models import IntakeItem
from egon.mailroom.operations import bring_in
from egon.tenancy.scope import tenant_scope
from egon.world.organisations import REGION
from egon.world.outside import COMPANY

both_roles = pytest.mark.django_db(databases=["default", "ops"])


def browser_of(person: Any) -> Client:
    return signed_in(person.account.login)


def message(dm_id: str = "1", **more: Any) -> DataMessage:
    facts = {"direction": Direction.RECEIVED, "progress": Progress.COMPLETE, "checks_level": "ok"}
    facts |= {"zfo_digest": dm_id.rjust(64, "0"), **more}
    return DataMessage.objects.create(dm_id=dm_id, announced_at=clock.now(), **facts)


def sealed(isds: Any, subject: str) -> bytes:
    dm_id = isds.write(subject, to=REGION.box.box_id, sender=COMPANY.box)
    isds.log_in(REGION.box)
    with isds.client(REGION.box) as client:
        return client.download_signed(dm_id)


def uploaded(files: dict[str, bytes], name: str = "záloha.zip") -> SimpleUploadedFile:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for inner, content in files.items():
            archive.writestr(inner, content)
    return SimpleUploadedFile(name, target.getvalue())


# --- the boxes -----------------------------------------------------------------------------------------------------


@both_roles
def test_the_page_of_boxes_draws_volumes_by_day_with_a_table(world: Any) -> None:
    now = clock.now()
    with tenant_scope(world.region.pk):
        box = Box.objects.get()
        for number in range(3):
            message(str(number), box=box, delivered_at=now - timedelta(days=2))
        message("9", box=box, delivered_at=now - timedelta(days=400))
    page = browser_of(world.clerk).get("/schranky/").content.decode()
    day = (now - timedelta(days=2)).astimezone(clock.PRAGUE)
    assert '<svg viewBox="0 0 400 204" role="img"' in page
    assert f"{day.day}.\xa0{day.month}.</th><td>3</td><td>0</td>" in page
    assert "přijato <strong>3</strong>" in page


@both_roles
def test_troubles_of_a_box_are_told_with_what_to_do(world: Any) -> None:
    now = clock.now()
    with tenant_scope(world.region.pk):
        box = Box.objects.get()
        message("1", box=box, progress=Progress.ANNOUNCED, delivered_at=now - timedelta(days=4))
        message("2", box=box, progress=Progress.FAILED, problem="ISDS zprávu smazal.", delivered_at=now)
    page = browser_of(world.clerk).get("/schranky/").content.decode()
    assert "Nejstarší nestažená zpráva čeká 4\xa0dny" in page and "po 90 dnech" in page
    assert "Nešlo stáhnout: 1\xa0zpráva" in page and "ISDS zprávu smazal." in page


@both_roles
def test_the_administrator_gets_no_links_to_pages_of_the_mailroom(world: Any) -> None:
    page = browser_of(world.administrator)
    text = page.get("/schranky/").content.decode()
    assert 'href="/schranky/zpravy/' not in text and 'href="/schranky/import/"' not in text


# --- data messages -------------------------------------------------------------------------------------------------


@both_roles
def test_messages_are_filtered_sorted_and_paged(world: Any) -> None:
    now = clock.now()
    with tenant_scope(world.region.pk):
        box = Box.objects.get()
        message("100", box=box, annotation="Žádost", sender_name="Beran", delivered_at=now, recipient_box_id=box.box_id)
        message("200", direction=Direction.SENT, annotation="Odpověď", sender_name="Kraj", delivered_at=now)
        message("300", annotation="Falešná", sender_name="Zlý", checks_level="failed", delivered_at=None)
        message("400", annotation="Dávná", sender_name="Alfa", delivered_at=now - timedelta(days=4000))
    client = browser_of(world.clerk)

    def shown(query: str) -> list[str]:
        text = client.get(f"/schranky/zpravy/?{query}").content.decode()
        found = {word: text.find(f">{word}</a>") for word in ("Žádost", "Odpověď", "Falešná", "Dávná")}
        return [word for word, at in sorted(found.items(), key=lambda pair: pair[1]) if at >= 0]

    assert shown("")[-2:] == ["Dávná", "Falešná"] and len(shown("")) == 4
    assert shown("smer=sent") == ["Odpověď"]
    assert shown(f"schranka={box.box_id}") == ["Žádost"]
    assert shown("kontroly=failed") == ["Falešná"]
    assert shown("hledat=300") == ["Falešná"]
    assert shown("hledat=dost") == ["Žádost"]
    assert shown("kdo=beran") == ["Žádost"]
    assert shown(f"do={(now - timedelta(days=1000)).date().isoformat()}") == ["Dávná"]
    assert shown("evidence=none") == shown("")
    assert shown("razeni=odesilatel") == ["Dávná", "Žádost", "Odpověď", "Falešná"]
    told = "V tomto pořadí je jen nejnovějších 10\u00a0000"
    assert told in client.get("/schranky/zpravy/?razeni=-vec").content.decode()
    assert told not in client.get("/schranky/zpravy/?razeni=dodano").content.decode()
    assert "Filtru neodpovídá" in client.get("/schranky/zpravy/?hledat=neexistuje").content.decode()
    with tenant_scope(world.region.pk):
        for number in range(60):
            message(f"9{number}", direction=Direction.SENT, annotation=f"Hromadná {number}")
    assert 'rel="next"' in client.get("/schranky/zpravy/?smer=sent").content.decode()


@both_roles
def test_a_message_that_only_lies_stored_may_be_brought_to_the_mailroom_once(world: Any) -> None:
    with tenant_scope(world.region.pk):
        row = message("1", annotation="Staré podání", sender_name="Beran")
    client = browser_of(world.clerk)
    assert "Zařadit do podatelny" in client.get(f"/schranky/zprava/{row.pk}/").content.decode()
    answer = client.post(f"/schranky/zprava/{row.pk}/do-podatelny/")
    with tenant_scope(world.region.pk):
        item = IntakeItem.objects.get()
        assert answer.headers["Location"] == f"/podatelna/{item.pk}/"
        assert traces.done("mailroom.intake.bring") == 1
        assert bring_in(actor=world.actor(world.clerk), message=row, at=clock.now()) == item
        assert IntakeItem.objects.count() == 1
    assert "Zařadit do podatelny" not in client.get(f"/schranky/zprava/{row.pk}/").content.decode()
    assert "čeká na zaevidování" in client.get("/schranky/zpravy/?evidence=waiting").content.decode()


@both_roles
def test_sent_copies_lead_to_their_document_and_are_not_brought_in(world: Any) -> None:
    with tenant_scope(world.region.pk):
        item = put_into(queued(world), OutboxState.SENT)
        row = message("900001", direction=Direction.SENT, annotation="Dopis občanovi")
        OutboxItem.objects.filter(pk=item.pk).update(message=row)
    client = browser_of(world.clerk)
    listed = client.get("/schranky/zpravy/").content.decode()
    assert f'href="/dokumenty/{item.document_id}/"' in listed and "u odeslaného dokumentu" in listed
    assert "Zařadit do podatelny" not in client.get(f"/schranky/zprava/{row.pk}/").content.decode()
    assert "Filtru neodpovídá" in client.get("/schranky/zpravy/?evidence=none").content.decode()


@both_roles
def test_messages_are_for_the_mailroom_alone(world: Any) -> None:
    with tenant_scope(world.region.pk):
        row = message("1", annotation="Tajné podání")
    for person in (world.officer, world.administrator, world.outsider, world.head):
        client = browser_of(person)
        assert client.get("/schranky/zpravy/").status_code == 403
        assert client.post(f"/schranky/zprava/{row.pk}/do-podatelny/").status_code == 403
    school = browser_of(world.school.clerk)
    assert "Tajné podání" not in school.get("/schranky/zpravy/").content.decode()
    assert school.post(f"/schranky/zprava/{row.pk}/do-podatelny/").status_code == 404
    with tenant_scope(world.region.pk):
        assert not IntakeItem.objects.exists()


# --- imports -------------------------------------------------------------------------------------------------------


@both_roles
def test_a_zip_is_uploaded_imported_and_reported(world: Any, isds: Any) -> None:
    client = browser_of(world.clerk)
    archive = uploaded({"=cmd.zfo": b"nic", "a.zfo": sealed(isds, "Staré podání"), "b.txt": b"x"})
    answer = client.post("/schranky/import/", {"soubor": archive})
    assert answer.status_code == 302
    with tenant_scope(world.region.pk):
        run = ImportRun.objects.get()
        assert (run.state, run.name, run.started_by) == (RunState.RUNNING, "záloha.zip", world.clerk.name)
        waiting = client.get(f"/schranky/import/{run.pk}/").content.decode()
        assert "Čeká, až na něj přijde řada" in waiting and 'hx-trigger="every 3s"' in waiting
        work.run_upload(run.pk)
    page = client.get(f"/schranky/import/{run.pk}/").content.decode()
    assert "3 z 3 (100 %)" in page and 'hx-trigger="every' not in page
    assert "přeskočeno" in page and "Pokračovat" not in page
    only = client.get(f"/schranky/import/{run.pk}/?vysledek=refused").content.decode()
    assert "=cmd.zfo" in only and ">a.zfo</a>" not in only
    report = client.get(f"/schranky/import/{run.pk}/protokol.csv")
    text = b"".join(report.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0].startswith("soubor;výsledek;proč")
    assert "\r\n'=cmd.zfo;neuloženo;" in text and "\r\na.zfo;uloženo;" in text
    assert "Staré podání" in client.get("/schranky/zpravy/").content.decode()
    listed = client.get("/schranky/import/").content.decode()
    assert "záloha.zip" in listed and "dokončen" in listed


@both_roles
def test_a_person_stops_an_import_and_goes_on(world: Any) -> None:
    client = browser_of(world.clerk)
    client.post("/schranky/import/", {"soubor": uploaded({"b.txt": b"x"})})
    with tenant_scope(world.region.pk):
        pk = ImportRun.objects.get().pk
    client.post(f"/schranky/import/{pk}/zastavit/")
    page = client.get(f"/schranky/import/{pk}/").content.decode()
    assert "Import jste zastavili" in page and "Pokračovat" in page
    client.post(f"/schranky/import/{pk}/pokracovat/")
    with tenant_scope(world.region.pk):
        assert ImportRun.objects.get().state == RunState.RUNNING
        work.run_upload(pk)
        assert ImportEntry.objects.get().outcome == Outcome.SKIPPED


@both_roles
def test_what_is_typed_wrong_returns_to_the_form(world: Any) -> None:
    answer = browser_of(world.clerk).post(
        "/schranky/import/", {"soubor": uploaded({"a": b""}), "byvale_schranky": "abcdefx, zzz"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "abcdefx, zzz" in text and text.count("má chybný tvar") >= 2
    with tenant_scope(world.region.pk):
        assert not ImportRun.objects.exists()


@both_roles
def test_imports_are_for_the_mailroom_of_their_organisation(world: Any) -> None:
    with tenant_scope(world.region.pk):
        run = start_import(actor=Actor.system(world.region.pk), name="tajné.zip", at=clock.now())
    addresses = (f"/schranky/import/{run.pk}/", f"/schranky/import/{run.pk}/protokol.csv")
    for person in (world.officer, world.administrator, world.outsider):
        client = browser_of(person)
        assert {client.get(address).status_code for address in (*addresses, "/schranky/import/")} == {403}
        assert client.post("/schranky/import/", {"soubor": uploaded({"a": b""})}).status_code == 403
        assert client.post(f"/schranky/import/{run.pk}/zastavit/").status_code == 403
    school = browser_of(world.school.clerk)
    assert {school.get(address).status_code for address in addresses} == {404}
    assert school.post(f"/schranky/import/{run.pk}/zastavit/").status_code == 404
    assert "tajné.zip" not in school.get("/schranky/import/").content.decode()
    with tenant_scope(world.region.pk):
        assert ImportRun.objects.get().state == RunState.RUNNING


# --- the centre ----------------------------------------------------------------------------------------------------


@both_roles
def test_the_administrator_of_the_centre_sees_all_boxes_and_no_content(world: Any) -> None:
    client = browser_of(world.administrator)
    page = client.get("/schranky/centrum/").content.decode()
    for organisation in (world.office, world.school):
        assert organisation.tenant.name in page
    assert "dlouho bez spojení" in page
    assert client.get("/schranky/centrum/?hledat=neni").content.decode().count("Filtru neodpovídá") == 1
    assert world.school.tenant.name in client.get("/schranky/centrum/?problem=on&razeni=-organizace").content.decode()
    data = client.get("/schranky/centrum.json").json()
    assert {row["condition"] for row in data["boxes"]} == {"silent"}
    with tenant_scope(world.region.pk):
        assert traces.done("databox.centre.look") == 4


@both_roles
def test_the_centre_is_closed_to_everybody_else(world: Any) -> None:
    people = (world.clerk, world.officer, world.outsider, world.auditor, world.school.director, world.school.clerk)
    with CaptureQueriesContext(connections["ops"]) as asked:
        for person in people:
            client = browser_of(person)
            for address in ("/schranky/centrum/", "/schranky/centrum.json"):
                answer = client.get(address)
                assert answer.status_code == 403, person
                assert "Schránky centra" not in answer.content.decode()
    assert len(asked) == 0
    assert Client().get("/schranky/centrum/").status_code == 302


def test_secrets_of_messages_never_reach_the_page_of_the_centre(own_database: Any, world: Any) -> None:
    secrets = ("TAJNAVEC", "TAJNYODESILATEL", "777666555", "TAJNACHYBA", "TAJNYPRIJEMCE")
    with tenant_scope(world.school.pk):
        box = Box.objects.get()
        Box.objects.update(last_error=secrets[3], last_error_detail=secrets[3], failures=2)
        message(
            secrets[2],
            box=box,
            annotation=secrets[0],
            sender_name=secrets[1],
            progress=Progress.FAILED,
            problem=secrets[3],
        )
    client = browser_of(world.administrator)
    for address in ("/schranky/centrum/", "/schranky/centrum.json"):
        text = client.get(address).content.decode()
        assert "spojení se nedaří" in text or "failing" in text
        assert [secret for secret in secrets if secret in text] == []
