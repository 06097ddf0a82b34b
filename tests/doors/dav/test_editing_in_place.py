"""Office programs open, lock and save a component taken out, under an address that is one person's and ends."""

import logging
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import etree
from tests import traces
from tests.records_steps import acting

from egon import storage
from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.records import operations as records
from egon.records.errors import ContentChanged
from egon.records.models import CheckOut, ComponentVersion, Document
from egon.records.operations import NewFile, close_editing_links, open_editing_link
from egon.records.operations.editing import hash_of, save_working_copy, set_program_lock
from egon.records.rules.editing import LINK_LASTS
from egon.records.rules.states import Direction
from egon.registry.models import Person
from egon.tenancy.scope import tenant_scope
from egon.web.dav.logs import HideSecrets

LOCK_BODY = (
    b'<?xml version="1.0"?><D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope>'
    b"<D:locktype><D:write/></D:locktype><D:owner>LibreOffice</D:owner></D:lockinfo>"
)


@pytest.fixture
def officer(in_region):
    return acting(in_region.officer)


@pytest.fixture
def draft(officer):
    return draft_of(officer)


def draft_of(officer):
    return records.create_document(
        actor=officer,
        direction=Direction.INTERNAL,
        subject="Smlouva",
        files=[NewFile("návrh smlouvy.odt", "application/vnd.oasis.opendocument.text", storage.put(b"stara"))],
    )


@pytest.fixture
def taken(draft, officer):
    return records.check_out(actor=officer, document=draft, component=draft.components.get())


@pytest.fixture
def address(draft, taken, officer, world):
    secret = open_editing_link(actor=officer, document=draft, check_out=taken, at=clock.now())
    return f"/dav/{world.region.pk}/{secret}/návrh smlouvy.odt"


@pytest.fixture
def program():
    """An office program: no cookie."""
    return Client(enforce_csrf_checks=True)


def ask(program, method, address, body=b"", **headers):
    return program.generic(method, address, body, content_type="application/xml", headers=headers)


def saved_copy():
    return CheckOut.objects.get().working_digest


def test_open_lock_save_unlock_and_check_in_makes_one_version(program, address, draft, taken, officer):
    assert ask(program, "OPTIONS", address).headers["DAV"] == "1, 2"
    opened = program.get(address)
    assert b"".join(opened.streaming_content) == b"stara"
    locked = ask(program, "LOCK", address, LOCK_BODY)
    token = locked.headers["Lock-Token"]
    assert locked.status_code == 200 and token.strip("<>") in locked.content.decode()
    for text in (b"nova", b"nejnovejsi"):
        assert ask(program, "PUT", address, text, If=f"({token})").status_code == 204
    assert b"".join(program.get(address).streaming_content) == b"nejnovejsi"
    assert ask(program, "UNLOCK", address, **{"Lock-Token": token}).status_code == 204
    assert ComponentVersion.objects.filter(component=taken.component).count() == 1
    version = records.check_in(actor=officer, document=draft, check_out=taken, changes="nové znění")
    assert (version.number, storage.read(version.digest)) == (2, b"nejnovejsi")
    assert traces.done("records.component.save_copy") == 2
    assert program.get(address).status_code == 404
    assert ask(program, "PUT", address, b"pozde").status_code == 404
    assert not CheckOut.objects.exists()


def test_a_locked_file_is_saved_only_by_the_program_that_locked_it(program, address):
    token = ask(program, "LOCK", address, LOCK_BODY).headers["Lock-Token"]
    assert ask(program, "LOCK", address, LOCK_BODY).status_code == 423
    assert ask(program, "PUT", address, b"cizi").status_code == 423
    assert ask(program, "PUT", address, b"cizi", If="(<urn:uuid:jiny>)").status_code == 412
    assert ask(program, "UNLOCK", address, **{"Lock-Token": "<urn:uuid:jiny>"}).status_code == 409
    assert saved_copy() == ""
    assert ask(program, "LOCK", address, If=f"({token})").headers["Lock-Token"] == token
    CheckOut.objects.update(lock_until=clock.now() - timedelta(seconds=1))
    assert ask(program, "PUT", address, b"moje").status_code == 204


def test_what_changed_meanwhile_is_not_overwritten(program, address):
    tag = program.get(address).headers["ETag"]
    assert ask(program, "PUT", address, b"prvni", **{"If-Match": tag}).status_code == 204
    assert ask(program, "PUT", address, b"druhy", **{"If-Match": tag}).status_code == 412
    assert storage.read(saved_copy()) == b"prvni"


def test_properties_asked_for_and_the_folder(program, address):
    asked = b'<propfind xmlns="DAV:"><prop><getetag/><x:color xmlns:x="urn:x"/></prop></propfind>'
    tree = etree.fromstring(ask(program, "PROPFIND", address, asked, Depth="0").content)
    states = [element.text for element in tree.iter("{DAV:}status")]
    assert states == ["HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found"]
    folder = address.rpartition("/")[0] + "/"
    hrefs = [one.text for one in etree.fromstring(ask(program, "PROPFIND", folder).content).iter("{DAV:}href")]
    assert len(hrefs) == 2 and hrefs[0] == folder and hrefs[1].endswith(".odt")
    assert ask(program, "PROPFIND", address, b"<nonsense").status_code == 400
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><propfind xmlns="DAV:">&b;</propfind>'
    assert ask(program, "PROPFIND", address, bomb).status_code == 400
    assert ask(program, "LOCK", address, bomb).status_code == 422


def test_nothing_else_can_be_made_moved_or_deleted(program, address):
    beside = address.rpartition("/")[0] + "/jiny.odt"
    assert program.get(beside).status_code == 404
    assert ask(program, "PUT", beside, b"x").status_code == 403
    assert ask(program, "LOCK", beside, LOCK_BODY).status_code == 403
    for method in ("DELETE", "MOVE", "COPY", "MKCOL", "PROPPATCH", "POST"):
        assert ask(program, method, address).status_code == 405
    assert saved_copy() == ""


def test_empty_and_too_large_are_refused(program, address, monkeypatch):
    monkeypatch.setattr("egon.web.dav.views.LARGEST_FILE", 10)
    assert ask(program, "PUT", address, b"").status_code in (411, 422)
    assert ask(program, "PUT", address, b"x" * 11).status_code == 413
    assert saved_copy() == ""


def refused(program, address):
    """Every method gives the same answer as an address that never was."""
    nobody = program.get("/dav/1/nic/a.odt").content
    return all(
        (answer := ask(program, method, address, b"x")).status_code == 404 and (answer.content == nobody)
        for method in ("OPTIONS", "GET", "PUT", "PROPFIND", "LOCK", "UNLOCK")
    )


def test_the_address_ends_by_time(program, address):
    CheckOut.objects.update(link_until=clock.now())
    assert refused(program, address)
    assert timedelta(hours=12) >= LINK_LASTS


def test_only_a_hash_is_kept_and_a_new_address_ends_the_old(program, address, draft, taken, officer):
    secret = address.split("/")[3]
    row = CheckOut.objects.values().get()
    assert secret not in map(str, row.values()) and row["link_hash"] == hash_of(secret)
    assert secret not in str(traces.last("records.component.open_link").parameters)
    open_editing_link(actor=officer, document=draft, check_out=taken, at=clock.now())
    assert refused(program, address)


def test_the_address_ends_by_signing_out_and_what_was_saved_stays(program, address, browser, world):
    ask(program, "PUT", address, b"nova")
    browser(world.officer).post("/odhlaseni/")
    assert refused(program, address)
    assert storage.read(saved_copy()) == b"nova"
    assert traces.done("records.component.close_links") == 1


def test_the_address_ends_by_taking_over_but_the_work_goes_on(program, address, draft, taken, in_region):
    ask(program, "PUT", address, b"nova")
    head = acting(in_region.head)
    records.take_over(actor=head, document=draft, check_out=taken, reason="nemoc")
    assert refused(program, address)
    version = records.check_in(actor=head, document=draft, check_out=taken, changes="dokončeno")
    assert storage.read(version.digest) == b"nova"


def test_who_left_or_lost_the_document_saves_nothing(program, address, draft, in_region):
    Document.objects.filter(pk=draft.pk).update(holder=in_region.officer2, unit=None)
    assert refused(program, address)
    Document.objects.filter(pk=draft.pk).update(holder=in_region.officer)
    assert program.get(address).status_code == 200
    Person.objects.filter(pk=in_region.officer.pk).update(active=False)
    assert refused(program, address)


def test_what_is_no_draft_any_more_is_not_saved(program, address, draft):
    Document.objects.filter(pk=draft.pk).update(state="approved")
    assert ask(program, "PUT", address, b"x").status_code == 422
    assert ask(program, "LOCK", address, LOCK_BODY).status_code == 422
    assert saved_copy() == ""


def test_the_address_of_one_organisation_is_none_in_another(program, browser, world):
    with tenant_scope(world.region.pk):
        officer = acting(world.officer)
        draft = draft_of(officer)
        taken = records.check_out(actor=officer, document=draft, component=draft.components.get())
        secret = open_editing_link(actor=officer, document=draft, check_out=taken, at=clock.now())
    name = "návrh smlouvy.odt"
    assert program.get(f"/dav/{world.region.pk}/{secret}/{name}").status_code == 200
    for tenant in (world.school.pk, 987654321, 10**30):
        assert refused(program, f"/dav/{tenant}/{secret}/{name}")
    other = browser(world.officer)
    assert other.get(f"/dav/{world.school.pk}/{secret}/{name}").status_code == 404


def test_others_get_no_address_and_close_nobody_elses(in_region, draft, taken, address, program):
    for who in ("head", "officer2", "outsider", "administrator"):
        actor = acting(getattr(in_region, who))
        with pytest.raises(AccessDenied):
            open_editing_link(actor=actor, document=draft, check_out=taken, at=clock.now())
        common = {"actor": actor, "document": draft, "check_out": taken, "conditions": [], "at": clock.now()}
        with pytest.raises(AccessDenied):
            save_working_copy(new_file=NewFile("a.odt", "", storage.put(b"x")), **common)
        with pytest.raises(AccessDenied):
            set_program_lock(token="urn:x", until=clock.now(), **common)
        assert close_editing_links(actor=actor) == 0
    assert program.get(address).status_code == 200


def test_the_secret_is_not_in_the_log():
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "Locked: %s", ("/dav/1/tajne/a b.odt",), None)
    assert HideSecrets().filter(record)
    assert record.getMessage() == "Locked: /dav/1/…/a b.odt"


def test_the_page_gives_the_address_and_checks_in_without_a_file(browser, program, world, taken):
    officer = browser(world.officer)
    page = f"/upravy/{taken.pk}/"
    empty = officer.post(page, {"changes": "nic"})
    assert empty.status_code == 422 and "zatím nic neuložilo" in empty.content.decode()
    html = officer.post(f"{page}program/").content.decode()
    assert "vnd.libreoffice.command:ofe|u|http://testserver/dav/" in html and "ms-word:ofe|u|http://" in html
    assert f'action="{page}"' in html, "the form of this page saves a version, it makes no other address"
    address = html.split('readonly value="http://testserver')[1].split('"')[0]
    assert address.endswith("/navrh-smlouvy.odt")
    for method, depth in (("PROPFIND", "0"), ("LOCK", "")):
        told = etree.fromstring(ask(program, method, address, LOCK_BODY if not depth else b"", Depth=depth).content)
        assert {one.text for one in told.iter("{DAV:}href")} >= {address}
    lock = CheckOut.objects.get().lock_token
    assert ask(program, "UNLOCK", address, **{"Lock-Token": f"<{lock}>"}).status_code == 204
    assert program.put(address, b"z programu").status_code == 204
    assert "Z programu naposledy uloženo" in officer.get(page).content.decode()
    officer.post(page, {"changes": "z programu"})
    assert storage.read(ComponentVersion.objects.get(number=2).digest) == b"z programu"
    assert browser(world.head).post(f"{page}program/").status_code == 404


def test_an_uploaded_file_is_preferred_to_the_saved_one(browser, program, world, taken, address):
    ask(program, "PUT", address, b"z programu")
    upload = SimpleUploadedFile("návrh smlouvy.odt", b"nahrany")
    browser(world.officer).post(f"/upravy/{taken.pk}/", {"changes": "ručně", "upload": upload})
    with tenant_scope(world.region.pk):
        assert storage.read(ComponentVersion.objects.get(number=2).digest) == b"nahrany"


def test_what_was_saved_in_the_last_moment_is_not_overwritten_under_the_lock(draft, taken, officer):
    """The tag is compared once more after the row is locked, so that of two saves at once one is refused."""
    old = taken.component.versions.get().digest
    other = CheckOut.objects.get(pk=taken.pk)

    def save(check_out, content):
        new_file = NewFile("návrh smlouvy.odt", "application/vnd.oasis.opendocument.text", storage.put(content))
        return save_working_copy(
            actor=officer, document=draft, check_out=check_out, new_file=new_file, conditions=[], expected=[old],
            at=clock.now(),
        )  # fmt: skip

    save(other, b"prvni")
    with pytest.raises(ContentChanged):
        save(taken, b"druhy")
    assert CheckOut.objects.get(pk=taken.pk).working_digest == storage.put(b"prvni").digest
