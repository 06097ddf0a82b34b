"""Choices out of long lists: searched by a part of a name, with and without JavaScript."""

import re

import pytest
from django import forms
from tests.architecture.test_doors import import_everything
from tests.doors.browser import signed_in
from tests.doors.texts import text_of_page

from egon.registry import operations, queries, rules
from egon.registry.models import Person, Substitution, Unit
from egon.web.forms import SharedForm, offer
from egon.web.offers import LONGEST_LIST, MOST_FOUND, SoughtChoice, SoughtOption
from egon.web.offers.sources import SOURCES

PAGE = "/sprava/zastupy/"


GIVEN = ("Žofie", "Řehoř", "Ema", "Ota", "Jan", "Ivo", "Eva")


@pytest.fixture
def crowd(in_region):
    """More people than a list is made for: seven of each of eight family names."""
    make_people()
    assert queries.people().count() > LONGEST_LIST
    return in_region


def make_people():
    names = [(given, f"Zkušební{letter}") for letter in "abcdefgh" for given in GIVEN]
    Person.objects.bulk_create(
        Person(
            given_name=given,
            family_name=family,
            sort_key=rules.person_sort_key(family, given),
            search_key=rules.person_search_key(family, given),
        )
        for given, family in names
    )


class Chosen(forms.Form):
    """A form with one of everybody."""

    person = SoughtChoice(Person.objects.none(), source="osoby", required=False, empty_label="nikdo")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self, "person", queries.people())


class SharedChoice(SharedForm, Chosen):
    """One that others may change meanwhile."""


def person_called(family, given):
    return Person.objects.get(family_name=family, given_name=given)


def test_a_short_list_is_a_list_to_choose_from(in_region):
    written = str(Chosen(initial={"person": in_region.officer.pk})["person"])
    assert written.startswith("<select") and f'<option value="{in_region.officer.pk}" selected>' in written
    assert written.count("<option") == queries.people().count() + 1


def test_a_long_one_is_a_field_that_tells_whom_it_holds(crowd):
    written = str(Chosen(initial={"person": crowd.officer.pk})["person"])
    assert "<select" not in written and 'data-sought="/nabidka/osoby/"' in written
    assert f'value="{crowd.officer.name}"' in written and f'name="person" value="{crowd.officer.pk}"' in written
    assert "prázdné: nikdo" in written
    unchanged = {"person": crowd.officer.pk, "person-text": crowd.officer.name, "person-pro": crowd.officer.name}
    form = Chosen(unchanged)
    assert form.is_valid() and form.cleaned_data["person"] == crowd.officer


@pytest.mark.parametrize("text", ["zofie zkusebnic", "ŽOFIE Zkušebníc", "Zkušebníc, Žofie"])
def test_a_part_of_a_name_that_finds_one_is_enough(crowd, text):
    form = Chosen({"person-text": text, "person": crowd.officer.pk, "person-pro": crowd.officer.name})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["person"] == person_called("Zkušebníc", "Žofie")


def test_of_several_found_one_is_chosen_in_a_list(crowd):
    form = Chosen({"person-text": "zkušebníd"})
    assert not form.is_valid() and "odpovídá víc možností" in str(form.errors)
    written = str(form["person"])
    found = person_called("Zkušebníd", "Ema")
    assert written.count("<option") == 8 and f'<option value="{found.pk}">' in written
    assert re.search(r'name="person-text"[^>]* value="zkušebníd"', written)
    again = Chosen({"person-text": "zkušebníd", "person-pro": "zkušebníd", "person": found.pk})
    assert again.is_valid() and again.cleaned_data["person"] == found


def test_too_many_and_nobody_are_told(crowd):
    many = Chosen({"person-text": "zkuš"})
    assert not many.is_valid() and f"víc než {MOST_FOUND} možností" in str(many.errors)
    assert str(many["person"]).count("<option") == MOST_FOUND + 1
    nobody = Chosen({"person-text": "Xaver"})
    assert not nobody.is_valid() and "„Xaver“ tu nikdo ani nic není" in str(nobody.errors)
    assert 'value="Xaver"' in str(nobody["person"])


def test_an_emptied_field_holds_nobody(crowd):
    form = Chosen({"person-text": " ", "person": crowd.officer.pk, "person-pro": crowd.officer.name})
    assert form.is_valid() and form.cleaned_data["person"] is None


def test_what_was_typed_and_what_things_are_called_is_text_not_html(in_region):
    Person.objects.filter(pk=in_region.officer.pk).update(family_name="<b>Zlá</b>")
    written = str(Chosen()["person"])
    assert "&lt;b&gt;Zlá&lt;/b&gt;" in written and "<b>" not in written
    form = Chosen({"person-text": '"><script>'})
    assert not form.is_valid() and "<script>" not in str(form["person"]) + str(form.errors)


def test_of_two_of_the_same_name_their_place_is_told(crowd):
    administrator, unit = crowd.actor(crowd.administrator), crowd.units["OD"]
    for post in ("referent", "technik"):
        person = operations.add_person(actor=administrator, given_name="Jan", family_name="Dvojník")
        operations.create_position(actor=administrator, unit=unit, name=post, person=person, is_head=False)
    form = Chosen({"person-text": "Jan Dvojník"})
    assert not form.is_valid()
    assert f"Jan Dvojník ({unit.code} referent)" in str(form["person"])
    assert f"Jan Dvojník ({unit.code} technik)" in str(form["person"])


def test_what_another_chose_meanwhile_can_be_taken(crowd):
    first, second, third = queries.people()[:3]
    seen = SharedChoice(initial={"person": first.pk})["seen"].value()
    typed = {"person-text": third.name, "person-pro": third.name, "person": third.pk, "seen": seen}
    form = SharedChoice(typed, initial={"person": second.pk})
    assert not form.is_valid()
    (changed,) = form.changed
    assert (changed.was, changed.now, changed.yours) == (first.name, second.name, third.name)
    taken = SharedChoice({**typed, "vzit-person": "nyni"}, initial={"person": second.pk})
    taken.is_valid()
    assert f'value="{second.name}"' in str(taken["person"])


def test_a_page_works_by_typing_alone(crowd):
    browser = signed_in(crowd.administrator.account.login)
    answer = browser.get(PAGE)
    assert answer.content.decode().count("<option") < 20
    days = {"valid_from": "2099-01-04", "valid_to": "2099-01-08"}
    refused = browser.post(PAGE, {**days, "absent-text": "zofie zkusebnia", "substitute-text": "zkušebníb"})
    assert "Vyberte z 7 nalezených" in text_of_page(refused) and not Substitution.objects.filter(
        valid_from="2099-01-04"
    )
    assert re.search(r'name="absent-text"[^>]* value="zofie zkusebnia"', refused.content.decode())
    chosen = person_called("Zkušebníb", "Ota")
    done = browser.post(
        PAGE,
        {
            **days,
            "absent-text": "zofie zkusebnia",
            "substitute-text": "zkušebníb",
            "substitute-pro": "zkušebníb",
            "substitute": chosen.pk,
        },
    )
    assert done.status_code == 302
    made = Substitution.objects.get(valid_from="2099-01-04")
    assert (made.absent, made.substitute) == (person_called("Zkušebnía", "Žofie"), chosen)


def test_suggestions_come_by_the_beginning_of_the_name_first(crowd):
    browser = signed_in(crowd.officer.account.login)
    found = browser.get("/nabidka/osoby/", {"q": "zkusebnia"}).json()
    assert [one["label"] for one in found["options"]][:2] == ["Ema Zkušebnía", "Eva Zkušebnía"]
    assert len(found["options"]) == 7 and found["more"] is False
    many = browser.get("/nabidka/osoby/", {"q": "zkuseb"}).json()
    assert len(many["options"]) == MOST_FOUND and many["more"] is True
    assert browser.get("/nabidka/osoby/", {"q": "  "}).json()["options"] == []
    mixed = browser.get("/nabidka/adresati/", {"q": "vedouci"}).json()
    assert "role:head" in [one["value"] for one in mixed["options"]]


def test_suggestions_tell_nobody_of_another_organisation(world, client):
    with world.office.scope():
        make_people()
    asked = {"q": "zkusebnia"}
    assert client.get("/nabidka/osoby/", asked).status_code == 302
    assert signed_in(world.school.director.account.login).get("/nabidka/osoby/", asked).json()["options"] == []
    officer = signed_in(world.officer.account.login)
    assert len(officer.get("/nabidka/osoby/", asked).json()["options"]) == 7
    assert officer.get("/nabidka/hesla/").status_code == 404


def test_every_choice_of_people_or_units_is_searched_when_long():
    import_everything()
    plain, unknown = [], []
    for form in _every(forms.BaseForm):
        for name, field in getattr(form, "base_fields", {}).items():
            if not form.__module__.startswith("egon."):
                continue
            if isinstance(field, SoughtChoice | SoughtOption):
                unknown += [f"{form.__name__}.{name}"] * (field.widget.source not in SOURCES)
            elif isinstance(field, forms.ModelChoiceField) and field.queryset.model in (Person, Unit):
                plain += [f"{form.__name__}.{name}"] * (not isinstance(field, forms.ModelMultipleChoiceField))
    assert (plain, unknown) == ([], [])


def _every(kind):
    for one in kind.__subclasses__():
        yield one
        yield from _every(one)
