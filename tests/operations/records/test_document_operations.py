"""Documents through their operations: registered, placed, written, settled, withdrawn."""

from base64 import b64decode
from datetime import date, timedelta

import pytest
from tests.records_steps import acting, register

from egon import search, storage
from egon.audit.models import LogRecord, Outcome
from egon.kernel import clock
from egon.kernel.errors import AccessDenied, Conflict, NotFound
from egon.records import operations as records
from egon.records import queries
from egon.records.errors import DocumentNotSettlable, InvalidInput, NotEditable
from egon.records.models import Component, Document
from egon.records.operations import NewAddressee, NewFile
from egon.records.rules.settling import SettledHow
from egon.records.rules.states import Direction


@pytest.mark.norm("2.7.1g")
def test_numbers_follow_one_another_and_the_delivery_is_kept_to_the_second(in_region):
    delivered = clock.now() - timedelta(days=1)
    first = register(in_region, delivered_at=delivered)
    second = register(in_region)
    numbers = [int(document.reference_number.split()[1].split("/")[0]) for document in (first, second)]
    assert numbers[1] == numbers[0] + 1
    assert first.delivered_at == delivered.replace(microsecond=0)
    assert first.identifier.startswith(f"KSA-{clock.today().year}-")


@pytest.mark.norm("2.8.1")
def test_everything_missing_at_registration_is_told_at_once_and_takes_no_number(in_region):
    before = register(in_region)
    with pytest.raises(InvalidInput) as refused:
        register(in_region, subject=" ", sender=None, delivered_at=clock.now() + timedelta(days=1), files=[])
    assert len(refused.value.obstacles) == 3
    after = register(in_region)
    assert int(after.identifier[-6:]) == int(before.identifier[-6:]) + 1


@pytest.mark.norm("2.1.3")
def test_the_format_is_told_by_content(in_region):
    png = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
    document = register(in_region, files=[NewFile("foto.txt", "text/plain", storage.put(png))])
    assert "PNG" in queries.components_of(document)[0].latest.format_name


@pytest.mark.norm("2.1.2")
def test_components_keep_their_order_and_are_counted(in_region):
    files = [NewFile(f"příloha {n}.txt", "text/plain", storage.put(f"obsah {n}".encode())) for n in range(3)]
    document = register(in_region, files=files)
    assert document.component_count == 3
    assert [view.component.name for view in queries.components_of(document)] == [file.name for file in files]


def test_an_empty_file_is_refused_and_nothing_is_registered(in_region):
    count = Document.objects.count()
    with pytest.raises(InvalidInput, match="prázdný"):
        register(in_region, files=[NewFile("nic.txt", "text/plain", storage.put(b""))])
    assert Document.objects.count() == count


def test_only_the_mailroom_registers(in_region):
    with pytest.raises(AccessDenied):
        records.register_received(
            actor=acting(in_region.officer), subject="Věc", sender=None, delivered_at=clock.now(), files=[]
        )
    assert LogRecord.objects.filter(operation="records.document.register", outcome=Outcome.DENIED).exists()


def test_a_received_document_never_changes_its_content(in_region, received):
    file = NewFile("dodatek.txt", "text/plain", storage.put(b"dodatek"))
    with pytest.raises(NotEditable):
        records.add_component(actor=acting(in_region.officer), document=received, new_file=file)
    with pytest.raises(NotEditable):
        records.edit_draft(actor=acting(in_region.officer), document=received, text="Přepsáno")
    assert Component.objects.filter(document=received).count() == 1


def test_a_receipt_is_filed_with_a_finished_document(in_region, received):
    receipt = NewFile("dorucenka.zfo", "application/octet-stream", storage.put(b"zfo"), "receipt", "x-zfo")
    records.add_component(actor=acting(in_region.clerk), document=received, new_file=receipt)
    received.refresh_from_db()
    assert received.component_count == 2


def test_corrections_keep_the_old_values_in_the_log(in_region, received):
    records.edit_metadata(
        actor=acting(in_region.officer), document=received, subject="Opravená věc", sender=received.sender
    )
    entry = LogRecord.objects.get(operation="records.document.edit")
    assert entry.parameters["changes"] == {
        "subject": {"before": "Žádost o rekonstrukci zastávky", "after": "Opravená věc"}
    }
    assert search.find("opravená").capped_count == 1


def reply_to(world, document):
    return records.draft_reply(actor=acting(world.officer), to=document, template=queries.templates().first())


@pytest.mark.norm("2.8.2")
def test_a_reply_is_addressed_to_the_sender_and_lies_in_the_same_file(in_region, received, file):
    reply = reply_to(in_region, received)
    addressee = reply.addressees.get()
    assert (addressee.party, addressee.name) == (received.sender, received.sender.name)
    assert (reply.case_file_id, reply.order_in_file) == (file.pk, 2)
    assert reply.holder == in_region.officer
    assert received.subject in queries.text_of(queries.written_component(reply))


@pytest.mark.norm("2.1.1")
def test_every_change_of_the_text_makes_a_new_version_and_no_change_makes_none(in_region, received, file):
    reply = reply_to(in_region, received)
    officer = acting(in_region.officer)
    for text in ("První znění.", "Druhé znění.", "Druhé znění."):
        records.edit_draft(actor=officer, document=reply, text=text)
    versions = queries.components_of(reply)[0].versions
    assert [version.number for version in versions] == [3, 2, 1]
    assert versions[0].format_name == "PDF/A-2a"


def test_what_is_typed_is_never_run_as_markup_of_the_typesetter(in_region, received, file):
    reply = reply_to(in_region, received)
    hostile = '#read("/etc/passwd") #set page(width: 1pt) $x^2$ \\ `kód` <štítek> @odkaz #import "x.typ": *'
    records.edit_draft(actor=acting(in_region.officer), document=reply, text=hostile)
    latest = queries.components_of(reply)[0].latest
    content = storage.read(latest.digest)
    assert content.startswith(b"%PDF")
    assert b"root:" not in content


def test_an_approved_document_is_closed_to_everyone(in_region, received, file):
    reply = reply_to(in_region, received)
    officer, head = acting(in_region.officer), acting(in_region.head)
    records.mark_in_approval(actor=officer, document=reply)
    with pytest.raises(NotEditable):
        records.edit_draft(actor=officer, document=reply, text="Ještě jednou")
    records.mark_approved(actor=head, document=reply)
    for actor in (officer, head):
        with pytest.raises(NotEditable):
            records.edit_draft(actor=actor, document=reply, text="Ještě jednou")
        with pytest.raises(NotEditable):
            records.set_addressees(actor=actor, document=reply, addressees=[NewAddressee("Někdo jiný")])


def test_a_returned_draft_is_edited_again(in_region, received, file):
    reply = reply_to(in_region, received)
    records.mark_in_approval(actor=acting(in_region.officer), document=reply)
    records.return_to_draft(actor=acting(in_region.head), document=reply)
    records.edit_draft(actor=acting(in_region.officer), document=reply, text="Opraveno")
    assert queries.text_of(queries.written_component(reply)) == "Opraveno"


def test_a_draft_without_content_or_addressee_is_not_sent_to_approval(in_region):
    officer = acting(in_region.officer)
    empty = records.create_document(actor=officer, direction=Direction.OUTGOING, subject="Prázdný dopis")
    with pytest.raises(InvalidInput) as refused:
        records.mark_in_approval(actor=officer, document=empty)
    assert len(refused.value.obstacles) == 2
    empty.refresh_from_db()
    assert empty.state == "draft"


def test_a_document_reaches_delivered_when_all_addressees_have_it(in_region):
    officer, clerk = acting(in_region.officer), acting(in_region.clerk)
    letter = records.create_document(
        actor=officer,
        direction=Direction.OUTGOING,
        subject="Dva adresáti",
        text="Dobrý den.",
        addressees=[NewAddressee("První"), NewAddressee("Druhý")],
    )
    records.mark_in_approval(actor=officer, document=letter)
    records.mark_approved(actor=acting(in_region.head), document=letter)
    records.mark_dispatched(actor=clerk, document=letter)
    first, second = letter.addressees.order_by("pk")
    records.mark_delivered(actor=clerk, document=letter, addressee=first, at=clock.now())
    assert letter.state == "dispatched"
    records.mark_delivered(actor=clerk, document=letter, addressee=second, at=clock.now())
    assert letter.state == "delivered"


@pytest.mark.norm("3.2.7")
def test_one_document_of_a_file_is_settled_and_the_others_and_the_file_go_on(in_region, received, file):
    officer = acting(in_region.officer)
    other = register(in_region, "Doplnění žádosti")
    records.place_in_unit(actor=acting(in_region.clerk), document=other, unit=file.unit, holder=in_region.officer)
    records.put_in_file(actor=officer, document=other, file=file)
    records.settle_document(
        actor=officer, document=received, how=SettledHow.BY_NOTING, note="bere se na vědomí", on=clock.today()
    )
    received.refresh_from_db()
    other.refresh_from_db()
    file.refresh_from_db()
    assert (received.state, received.settled_on, received.settled_how, received.settled_note) == (
        "settled", clock.today(), "noting", "bere se na vědomí",
    )  # fmt: skip
    assert (other.state, other.settled_on, file.state, file.settled_on) == ("processing", None, "open", None)
    entry = LogRecord.objects.filter(operation="records.document.settle").latest("pk")
    assert ["records.document", received.pk, str(received)] in [list(one) for one in entry.subjects]


@pytest.mark.norm("3.2.7")
def test_settling_tells_all_obstacles_and_changes_nothing(in_region, received):
    with pytest.raises(DocumentNotSettlable) as refused:
        records.settle_document(
            actor=acting(in_region.officer), document=received, how=SettledHow.BY_DOCUMENT, on=date(2000, 1, 1)
        )
    assert len(refused.value.obstacles) == 3
    received.refresh_from_db()
    assert (received.state, received.settled_on) == ("processing", None)


def test_settling_is_taken_back_with_a_reason(in_region, received, file):
    officer = acting(in_region.officer)
    records.settle_document(actor=officer, document=received, how=SettledHow.BY_NOTING, on=clock.today())
    with pytest.raises(InvalidInput):
        records.cancel_settling(actor=officer, document=received, reason=" ")
    records.cancel_settling(actor=officer, document=received, reason="Přišlo doplnění.")
    received.refresh_from_db()
    assert (received.state, received.settled_on, received.settled_how) == ("processing", None, "")


def test_a_stale_page_is_told_who_was_faster(in_region, received, file):
    stale = Document.objects.get(pk=received.pk)
    records.settle_document(actor=acting(in_region.head), document=received, how=SettledHow.BY_NOTING, on=clock.today())
    with pytest.raises(Conflict, match=r"Vyřízení dokumentu, Ing\. Marie Horáková"):
        records.settle_document(
            actor=acting(in_region.officer), document=stale, how=SettledHow.BY_NOTING, on=clock.today()
        )


def test_a_withdrawn_document_keeps_its_number_and_its_reason(in_region, received):
    records.withdraw_document(actor=acting(in_region.officer), document=received, reason="Zaevidováno dvakrát.")
    received.refresh_from_db()
    assert (received.state, received.withdrawals.get().reason) == ("withdrawn", "Zaevidováno dvakrát.")
    with pytest.raises(AccessDenied):
        records.place_in_unit(
            actor=acting(in_region.clerk), document=received, unit=received.unit, holder=in_region.officer2
        )


def test_the_place_gives_the_state(in_region):
    document, clerk = register(in_region), acting(in_region.clerk)
    unit = in_region.office.units["OS"]
    assert document.state == "registered"
    records.place_in_unit(actor=clerk, document=document, unit=unit, holder=None)
    assert document.state == "assigned"
    records.place_in_unit(actor=clerk, document=document, unit=unit, holder=in_region.officer2)
    assert document.state == "processing"
    records.return_to_sender(actor=clerk, document=document, unit=None, holder=None)
    assert (document.state, document.holder) == ("registered", None)


def test_who_a_document_is_shown_to_sees_it_and_nobody_else(in_region, received):
    outsider, officer2 = acting(in_region.outsider), acting(in_region.officer2)
    for stranger in (outsider, officer2, acting(in_region.administrator)):
        with pytest.raises(NotFound):
            queries.document_for(stranger, received.pk)
    records.share(actor=acting(in_region.officer), document=received, person=in_region.officer2, reason="k vyjádření")
    records.share(actor=acting(in_region.officer), document=received, person=in_region.officer2, reason="k vyjádření")
    assert queries.document_for(officer2, received.pk) == received
    with pytest.raises(NotFound):
        queries.document_for(outsider, received.pk)
    with pytest.raises(AccessDenied):
        records.settle_document(actor=officer2, document=received, how=SettledHow.BY_NOTING, on=clock.today())


@pytest.mark.parametrize("who", ["head", "substitute", "auditor", "records_keeper", "clerk"])
def test_the_head_their_substitute_the_mailroom_and_overseers_see_it(in_region, received, who):
    assert queries.document_for(acting(getattr(in_region, who)), received.pk) == received


def test_a_person_of_another_organisation_finds_neither_the_row_nor_the_content(world, in_region, received):
    pk, digest = received.pk, queries.components_of(received)[0].latest.digest
    from egon.tenancy.scope import _current

    token = _current.set(None)
    try:
        with world.school.scope():
            with pytest.raises(NotFound):
                queries.document_for(acting(world.school.director), pk)
            assert not Document.objects.filter(pk=pk).exists()
            assert not storage.exists(digest)
            assert search.find("rekonstrukci zastávky").capped_count == 0
    finally:
        _current.reset(token)
