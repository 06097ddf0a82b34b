"""The directory over LDAP against a real server: pages, TLS that is checked, and errors told by what can be done."""

from dataclasses import replace

import pytest
from tests.directory import ADMIN, ATTRIBUTES, BASE, PASSWORD, people_server, slapd

from egon.gateways.directory import LdapDirectory
from egon.kernel.errors import Misconfigured, Retryable

__all__ = ["people_server", "slapd"]


@pytest.fixture
def directory(people_server):
    return LdapDirectory(
        host="localhost",
        port=people_server.tls_port,
        base=BASE,
        bind_dn=ADMIN,
        password=PASSWORD,
        attributes=ATTRIBUTES,
        authority=people_server.authority,
    )


def person(number, **more):
    return {"employeeNumber": str(number), "givenName": "Žofie", "sn": "Šťastná", "uid": f"stastna{number}", **more}


def test_more_people_than_one_answer_holds_are_read_by_pages(people_server, directory):
    people_server.add(*(person(number) for number in range(650)))
    found = list(directory.people())
    assert len(found) == 650
    assert {entry.values["personal_number"] for entry in found} == {str(number) for number in range(650)}
    assert found[0].values["family_name"] == "Šťastná" and found[0].values["email"] == ""


def test_starttls_comes_before_anything_is_said(people_server, directory):
    people_server.add(person(1, mail="a@kraj.example", title="referentka", departmentNumber="OD"))
    [entry] = replace(directory, port=people_server.plain_port, starttls=True).people()
    assert (entry.values["unit"], entry.values["position"], entry.values["email"]) == (
        "OD",
        "referentka",
        "a@kraj.example",
    )


def test_a_certificate_of_an_unknown_authority_is_not_trusted(directory):
    for starttls in (False, True):
        with pytest.raises((Misconfigured, Retryable)) as refusal:
            list(replace(directory, authority="", starttls=starttls).people())
        assert PASSWORD not in str(refusal.value) + repr(directory)
    with pytest.raises(Misconfigured, match="nejde věřit"):
        list(replace(directory, authority="").people())


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"password": "jiné"}, "heslo"),
        ({"host": "127.0.0.1"}, "jiné jméno"),
        ({"base": "dc=jinde,dc=example"}, "báze"),
        ({"search_filter": "((nesmysl"}, "Filtr"),
    ],
)
def test_wrong_settings_are_told_to_the_administrator(directory, changes, told):
    with pytest.raises(Misconfigured, match=told):
        list(replace(directory, **changes).people())


def test_a_server_that_does_not_answer_is_tried_again_later(directory):
    with pytest.raises(Retryable):
        list(replace(directory, port=1).people())
