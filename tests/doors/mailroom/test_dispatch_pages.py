"""Pages of dispatch: one and many addressees, boxes found and chosen, what was sent, what came back."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.doors.mailroom.test_pages import signed_in
from tests.letters import approved_letter, approved_letter_to
from tests.outbox import put_into, queued

from egon.databox.models import Box, OutboxItem, OutboxState, Payment
from egon.gateways.isds.simulator import seed
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.mailroom.models import Dispatch, DispatchState
from egon.mailroom.operations.dispatching import record_dispatch_state
from egon.parties.models import Party
from egon.tenancy.scope import tenant_scope
from egon.world.outside import CITIZEN, COMPANY

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(world: Any) -> Client:
    return signed_in(world.clerk)


@pytest.fixture
def letter(world: Any, isds: Any) -> Any:
    with tenant_scope(world.region.pk):
        return approved_letter(world)


def one(letter: Any) -> str:
    return f"/podatelna/vypravna/adresat/{letter.pk}/"


def many(document: Any) -> str:
    return f"/podatelna/vypravna/dokument/{document.pk}/"


# --- one addressee -------------------------------------------------------------------------------------------------


@pytest.mark.norm("2.3.3", "2.3.2f")
def test_searching_keeps_everything_typed_and_sends_nothing(clerk: Client, letter: Any, world: Any, isds: Any) -> None:
    seed.create(isds.simulator, {"id": "", "type": "PFO", "name": "Josef Procházka – truhlář", "ic": "12345679"})
    typed = {"recipient_box_id": "", "to_hands": "Jan Novák", "law": "500", "publish": ["1", "2"], "q": "Procházka"}
    answer = clerk.post(one(letter), typed | {"hledat": "1"})
    page = answer.content.decode()
    assert answer.status_code == 200
    for expected in ("soukromé záležitosti", "podnikání", CITIZEN.box.box_id, 'value="Jan Novák"', 'value="500"'):
        assert expected in page
    assert answer.context["choices"]["publish"].value() == ["1", "2"]
    answer = clerk.post(one(letter), typed | {"vybrat": CITIZEN.box.box_id})
    page = answer.content.decode()
    assert answer.context["form"]["recipient_box_id"].value() == CITIZEN.box.box_id
    assert answer.context["form"]["recipient_type"].value() == "FO"
    assert "přijímá zprávy" in page
    assert 'value="Jan Novák"' in page
    with tenant_scope(world.region.pk):
        assert not OutboxItem.objects.exists()


def test_the_key_enter_never_sends(clerk: Client, letter: Any, world: Any) -> None:
    page = clerk.get(one(letter)).content.decode()
    form = page[page.index('id="odeslani"') :]
    assert form.index('name="enter"') < form.index("<button", form.index('name="enter"'))  # the first, so the default
    answer = clerk.post(
        one(letter), {"recipient_box_id": CITIZEN.box.box_id, "enter": "1", "q": "Beran", "q_shown": "Josef"}
    )
    assert COMPANY.name in answer.content.decode()
    answer = clerk.post(
        one(letter), {"recipient_box_id": CITIZEN.box.box_id, "enter": "1", "q": "Josef", "q_shown": "Josef"}
    )
    assert "přijímá zprávy" in answer.content.decode()
    with tenant_scope(world.region.pk):
        assert not OutboxItem.objects.exists()


def test_choices_reach_the_message_and_the_box_is_remembered(clerk: Client, letter: Any, world: Any) -> None:
    sent = {
        "recipient_box_id": COMPANY.box.box_id,
        "recipient_type": "PO",
        "remember": "on",
        "personal_delivery": "on",
        "no_fiction": "on",
        "to_hands": "jednatel",
        "law": "500",
        "law_year": "2004",
        "law_section": "47",
        "publish": ["1", "2"],
    }
    assert clerk.post(one(letter), sent).status_code == 302
    with tenant_scope(world.region.pk):
        item = OutboxItem.objects.get()
        assert (item.personal_delivery, item.allow_fiction, item.to_hands) == (True, False, "jednatel")
        assert (item.law, item.law_year, item.law_section, item.publish_level) == (500, 2004, "47", 3)
        assert Party.objects.get(pk=letter.party_id).databox_id == COMPANY.box.box_id


def test_a_wrong_choice_is_told_beside_its_field_and_nothing_is_lost(clerk: Client, letter: Any, world: Any) -> None:
    sent = {"recipient_box_id": CITIZEN.box.box_id, "law_section": "47", "to_hands": "Jan"}
    answer = clerk.post(one(letter), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "doplňte číslo zákona" in page
    assert 'value="Jan"' in page
    assert '<details class="fold" open>' in page


def test_who_is_no_authority_sees_the_price_and_has_to_say_who_pays(
    clerk: Client, letter: Any, world: Any, isds: Any
) -> None:
    from egon.world.organisations import REGION

    directory = isds.simulator.directory
    for box_id, changes in ((REGION.box.box_id, {"type": 20}), (CITIZEN.box.box_id, {"open_addressing": True})):
        box = directory.find(box_id)
        directory.save(type(box)(**{**{name: getattr(box, name) for name in box.__dataclass_fields__}, **changes}))
    isds.simulator.credit.charge(REGION.box.box_id, 3000, now=isds.simulator.now())
    with tenant_scope(world.region.pk):
        Box.objects.update(box_type="PO")
    page = clerk.get(one(letter)).content.decode()
    for expected in (
        "placenou poštovní datovou zprávu",
        "30,00",
        "2\u00a0zprávy",
        "15,00",
        "neodesílat, když by se platilo",
    ):
        assert expected in page, expected
    assert "Vyloučit náhradní doručení" not in page
    sent = {"recipient_box_id": CITIZEN.box.box_id, "recipient_type": "FO", "payment": Payment.CREDIT}
    assert clerk.post(one(letter), sent).status_code == 302
    with tenant_scope(world.region.pk):
        assert OutboxItem.objects.get().payment == Payment.CREDIT


def test_of_more_boxes_of_ours_the_chosen_one_sends(clerk: Client, letter: Any, world: Any) -> None:
    with tenant_scope(world.region.pk):
        first = Box.objects.get()
        other = Box.objects.create(
            box_id=COMPANY.box.box_id, name="Odbor dopravy", login="x", sealed_password=first.sealed_password
        )
    assert "Odbor dopravy" in clerk.get(one(letter)).content.decode()
    sent = {"recipient_box_id": CITIZEN.box.box_id, "sender": str(other.pk)}
    looked = clerk.post(one(letter), sent | {"hledat": "1", "q": "Procházka"})
    assert looked.context["box"].pk == other.pk
    assert clerk.post(one(letter), sent).status_code == 302
    with tenant_scope(world.region.pk):
        assert OutboxItem.objects.get().box_id == other.pk


# --- many addressees -----------------------------------------------------------------------------------------------


def test_one_document_leaves_to_those_who_were_ticked(clerk: Client, world: Any, isds: Any) -> None:
    with tenant_scope(world.region.pk):
        letters = approved_letter_to(world, [CITIZEN.box.box_id, "", COMPANY.box.box_id])
    document = letters[0].document
    assert "odeslat všem (3)" in clerk.get("/podatelna/vypravna/").content.decode()
    assert "Odeslat všem najednou" in clerk.get(one(letters[0])).content.decode()
    page = clerk.get(many(document))
    rows = list(page.context["form"].rows())
    assert [row.wanted.value() for row in rows] == [True, False, True]
    first, second, third = (letter.pk for letter in letters)
    typed = {f"komu-{first}": "on", f"schranka-{first}": CITIZEN.box.box_id, f"ruce-{first}": "Jan"}
    typed |= {f"schranka-{second}": "", f"ruce-{second}": "", f"schranka-{third}": "", f"ruce-{third}": ""}
    # Searching for the second one keeps what was typed; choosing fills the row.
    searched = clerk.post(many(document), typed | {"hledat": str(second), "q": "Beran"}).content.decode()
    assert f'value="{second}:{COMPANY.box.box_id}"' in searched
    chosen = clerk.post(many(document), typed | {"vybrat": f"{second}:{COMPANY.box.box_id}"})
    rows = list(chosen.context["form"].rows())
    assert [(row.wanted.value(), row.box.value()) for row in rows] == [
        (True, CITIZEN.box.box_id),
        (True, COMPANY.box.box_id),
        (False, ""),
    ]
    typed |= {f"komu-{second}": "on", f"schranka-{second}": COMPANY.box.box_id}
    assert clerk.post(many(document), typed).status_code == 302
    with tenant_scope(world.region.pk):
        items = list(OutboxItem.objects.order_by("pk"))
        assert [(item.recipient_box_id, item.to_hands) for item in items] == [
            (CITIZEN.box.box_id, "Jan"),
            (COMPANY.box.box_id, ""),
        ]
    assert [row.addressee.pk for row in clerk.get(many(document)).context["form"].rows()] == [third]


def test_nobody_ticked_or_a_box_missing_is_told_at_once(clerk: Client, world: Any, isds: Any) -> None:
    with tenant_scope(world.region.pk):
        letters = approved_letter_to(world, [CITIZEN.box.box_id, ""])
    document = letters[0].document
    answer = clerk.post(many(document), {})
    assert answer.status_code == 422
    assert "Nikdo není vybraný" in answer.content.decode()
    typed = {f"komu-{letter.pk}": "on" for letter in letters} | {f"schranka-{letters[0].pk}": "abc"}
    page = clerk.post(many(document), typed).content.decode()
    assert page.count("schránka má sedm znaků") >= 2
    with tenant_scope(world.region.pk):
        assert not OutboxItem.objects.exists()


# --- what was sent -------------------------------------------------------------------------------------------------


@pytest.fixture
def came_back(world: Any) -> Dispatch:
    """A letter that ISDS could not deliver."""
    with tenant_scope(world.region.pk):
        item = queued(world)
        system = Actor.system(world.region.pk)
        dispatch = Dispatch.objects.get()
        for state in (OutboxState.SENT, OutboxState.UNDELIVERABLE):
            OutboxItem.objects.filter(pk=item.pk).update(problem="Zpráva nebyla doručena.", sent_at=clock.now())
            record_dispatch_state(actor=system, dispatch=dispatch, item=put_into(item, state), at=clock.now())
        dispatch.refresh_from_db()
        return dispatch


def test_what_came_back_waits_for_its_officer_who_says_what_to_do(
    clerk: Client, world: Any, came_back: Dispatch
) -> None:
    officer = signed_in(world.officer)
    desk = officer.get("/").content.decode()
    assert f"/podatelna/vypravna/{came_back.pk}/" in desk
    page = officer.get(f"/podatelna/vypravna/{came_back.pk}/")
    assert page.status_code == 200
    assert "Co se zásilkou dál?" in page.content.decode()
    assert officer.post(f"/podatelna/vypravna/{came_back.pk}/", {"advice": " "}).status_code == 422
    answer = officer.post(f"/podatelna/vypravna/{came_back.pk}/", {"advice": "Pošlete poštou."})
    assert answer.status_code == 302
    assert f"/podatelna/vypravna/{came_back.pk}/" not in officer.get("/").content.decode()
    for address in (
        "/podatelna/vypravna/",
        "/podatelna/vypravna/odeslane/",
        f"/podatelna/vypravna/adresat/{came_back.addressee_id}/",
    ):
        assert "Pošlete poštou." in clerk.get(address).content.decode(), address


def test_others_see_nothing_of_it(world: Any, came_back: Dispatch) -> None:
    address = f"/podatelna/vypravna/{came_back.pk}/"
    for stranger in (signed_in(world.outsider), signed_in(world.school.director)):
        assert stranger.get(address).status_code in (403, 404)
        assert stranger.post(address, {"advice": "x"}).status_code in (403, 404)
    assert signed_in(world.officer).get(f"/podatelna/vypravna/dokument/{came_back.document_id}/").status_code == 403
    with tenant_scope(world.region.pk):
        assert Dispatch.objects.get().advice == ""


def test_the_list_of_sent_is_filtered_by_state_box_day_and_result(clerk: Client, world: Any) -> None:
    with tenant_scope(world.region.pk):
        item = put_into(queued(world), OutboxState.SENT)
        long_ago = clock.now() - timedelta(days=12)
        OutboxItem.objects.update(sent_at=long_ago, put_in_box_at=long_ago)
        Dispatch.objects.update(state=DispatchState.SENT, sent_at=long_ago)
        box_pk = item.box_id

    def shown(query: str) -> bool:
        answer = clerk.get(f"/podatelna/vypravna/odeslane/?{query}")
        assert answer.status_code == 200
        return bool(answer.context["page"].object_list)

    today = clock.today().isoformat()
    for query in ("", "stav=sent", "vysledek=pozde", f"schranka={box_pk}", f"od={today}&do={today}", "hledat=900001"):
        assert shown(query), query
    for query in ("stav=failed", "vysledek=fikce", "vysledek=zpet", "do=2020-01-01", "hledat=nic"):
        assert not shown(query), query
    for order in ("adresat", "-doruceno", "-odeslano", "nesmysl"):
        assert shown(f"razeni={order}")
    told = "V tomto pořadí je jen nejnovějších 10\u00a0000"
    assert told in clerk.get("/podatelna/vypravna/odeslane/?razeni=adresat").content.decode()
    page = clerk.get("/podatelna/vypravna/odeslane/").content.decode()
    assert told not in page
    assert "Doručení se opožďuje u" in page
    assert "se opožďuje." in clerk.get("/schranky/").content.decode()
    assert "Filtru nic neodpovídá" in clerk.get("/podatelna/vypravna/odeslane/?hledat=nic").content.decode()
