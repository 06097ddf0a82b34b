"""People from the directory: proposed, done at night within the safety limit, and told when something is wrong."""

import pytest
from tests import traces
from tests.directory import ADMIN, ATTRIBUTES, BASE, PASSWORD, people_server, slapd
from tests.runs import go

from egon.gateways.directory import DEFAULT_ATTRIBUTES, DEFAULT_FILTER, Entry
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied
from egon.registry import change_queries, jobs, operations
from egon.registry.errors import RegistryRefused
from egon.registry.models import ChangeSet, DirectorySettings, Person, Position

pytestmark = pytest.mark.django_db

__all__ = ["people_server", "slapd"]


@pytest.fixture(autouse=True)
def allowed_here(settings):
    settings.DIRECTORY_HOSTS = ["localhost:*"]


@pytest.fixture
def admin(in_region):
    return in_region.actor(in_region.administrator)


@pytest.fixture
def system(admin):
    return Actor.system(admin.tenant_id)


def configure(actor, **changes):
    values = {
        "host": "localhost", "port": 636, "starttls": False, "base": BASE, "bind_dn": ADMIN, "password": PASSWORD,
        "search_filter": DEFAULT_FILTER, "attributes": dict(DEFAULT_ATTRIBUTES), "authority": "", "daily": False,
        "includes_gone": True, "limit_percent": 10,
    }  # fmt: skip
    return operations.configure_directory(actor=actor, **{**values, **changes})


def entry(number, given="Anna", family="Čížková", **more):
    values = dict.fromkeys(DEFAULT_ATTRIBUTES, "")
    return Entry(
        f"cn={number},{BASE}",
        {**values, "personal_number": str(number), "given_name": given, "family_name": family, **more},
    )


def take(system, *entries, confirms=False):
    return operations.take_directory(actor=system, entries=entries, at=clock.now(), confirms=confirms)


def numbered():
    """Everybody here has a personal number, as after a first import."""
    people = list(Person.objects.filter(active=True).order_by("pk"))
    for number, person in enumerate(people, start=1):
        person.personal_number = str(number)
        person.save()
    return people


def as_entry(person):
    return entry(
        person.personal_number, person.given_name, person.family_name, email=person.email,
        login=person.account.login if person.account else "",
    )  # fmt: skip


def test_the_password_is_sealed_and_never_logged_and_an_empty_one_keeps_it(in_region, admin):
    held = configure(admin)
    assert PASSWORD not in held.sealed_password
    sealed = configure(admin, password="", port=637).sealed_password
    assert sealed == held.sealed_password
    record = traces.last("registry.directory.configure")
    assert PASSWORD not in str(record.parameters)
    assert record.parameters["changes"]["port"] == {"before": 636, "after": 637}
    assert change_queries.directory().password == PASSWORD


def test_all_faults_of_the_settings_come_together(admin):
    with pytest.raises(RegistryRefused) as refusal:
        configure(admin, password="", authority="to není PEM", attributes={}, limit_percent=101)
    assert len(refusal.value.obstacles) == 6
    assert not DirectorySettings.objects.exists()


def test_a_unit_is_known_by_its_name_or_code_and_an_unknown_one_is_told(in_region, admin, system):
    configure(admin)
    unit = in_region.units["OD"]
    proposal = take(
        system,
        entry(100, unit=unit.name.upper(), position="referentka"),
        entry(101, "Ivo", "Druhý", unit="Neznámý odbor", position="řidič"),
    )
    assert "Neznámý odbor" in proposal.note
    operations.confirm_changes(actor=admin, change_set=proposal, includes_gone=False)
    go(proposal)
    assert Position.objects.get(person__personal_number="100").unit == unit
    assert not Position.objects.filter(person__personal_number="101").exists()


def test_entries_that_cannot_be_used_are_told_and_their_people_are_not_gone(in_region, admin, system):
    configure(admin)
    people = numbered()
    without_name, changed = people[0], people[1]
    entries = [as_entry(person) for person in people[2:]]
    entries += [entry(without_name.personal_number, ""), entry(changed.personal_number, "Nové", changed.family_name)]
    entries += [entry("", "Bez", "Čísla"), entry(900), entry(900, "Podruhé")]
    proposal = take(system, *entries)
    found = {(change.action, change.state): change for change in change_queries.changes_of(proposal)}
    assert ("gone", "waiting") not in found
    refused = list(change_queries.changes_of(proposal, state="refused"))
    assert len(refused) == 3 and any("osobní číslo" in change.message for change in refused)


def test_at_night_changes_are_done_at_once(in_region, admin, system):
    configure(admin, daily=True)
    people = numbered()
    gone = next(person for person in people if person not in (in_region.administrator, in_region.head))
    proposal = take(system, *(as_entry(p) for p in people if p != gone), entry(900), confirms=True)
    found = go(proposal)
    assert found.state == "finished"
    assert Person.objects.filter(personal_number="900").exists()
    assert not Person.objects.get(pk=gone.pk).active


def test_when_too_many_would_go_nothing_is_done_until_somebody_looks(in_region, admin, system):
    configure(admin, daily=True, limit_percent=10)
    people = numbered()
    proposal = take(system, as_entry(people[0]), entry(900), confirms=True)
    proposal.refresh_from_db()
    assert proposal.state == "draft" and "víc než 10 %" in proposal.note
    go(proposal)
    assert Person.objects.filter(active=True).count() == len(people)


def test_an_empty_answer_proposes_nothing(in_region, admin, system):
    configure(admin)
    numbered()
    assert take(system, confirms=True) is None
    assert "nevrátil nikoho" in DirectorySettings.objects.get().result
    assert not ChangeSet.objects.exists()


def test_no_difference_is_told(in_region, admin, system):
    configure(admin)
    people = numbered()
    assert take(system, *map(as_entry, people)) is None
    assert "Beze změny" in DirectorySettings.objects.get().result


def test_asking_and_nights_read_a_real_directory(in_region, admin, people_server):
    configure(admin, port=people_server.tls_port, authority=people_server.authority, attributes=ATTRIBUTES, daily=True)
    people_server.add({"employeeNumber": "900", "givenName": "Žofie", "sn": "Zkušební", "uid": "zkusebni"})
    operations.ask_directory(actor=admin, at=clock.now())
    assert DirectorySettings.objects.get().asked_at is not None
    jobs.read_directory()
    held = DirectorySettings.objects.get()
    assert held.asked_at is None and "Návrh změn" in held.result
    assert [change.label for change in change_queries.changes_of(ChangeSet.objects.get())] == ["Žofie Zkušební"]
    jobs.sync_directory()  # asks for the night's reading
    jobs.read_directory(confirms=True)
    night = go(ChangeSet.objects.order_by("pk").last())
    assert (night.state, night.done) == ("finished", 1)


def test_why_it_could_not_be_read_is_told_to_the_administrator(in_region, admin, people_server):
    configure(admin, port=people_server.tls_port, authority=people_server.authority, password="jiné heslo")
    operations.ask_directory(actor=admin, at=clock.now())
    jobs.read_directory()
    held = DirectorySettings.objects.get()
    assert held.asked_at is None and "heslo" in held.result
    jobs._unreadable(error=RuntimeError("defect"))  # what a defect of ours leaves behind
    assert "chybě aplikace" in DirectorySettings.objects.get().result


def test_others_neither_set_nor_ask_nor_take(in_region, admin, system):
    officer = in_region.actor(in_region.officer)
    with pytest.raises(AccessDenied):
        configure(officer)
    configure(admin)
    with pytest.raises(AccessDenied):
        operations.ask_directory(actor=officer, at=clock.now())
    with pytest.raises(AccessDenied):
        operations.fail_directory(actor=admin, message="x", at=clock.now())
    with pytest.raises(AccessDenied):
        operations.take_directory(actor=admin, entries=[], at=clock.now(), confirms=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "metadata.internal", "localhost.attacker.example"])
def test_a_server_that_the_centre_did_not_allow_is_neither_set_nor_read(admin, settings, host):
    with pytest.raises(RegistryRefused) as refused:
        configure(admin, host=host, limit_percent=101)
    assert [f"{host}:636" in one for one in refused.value.obstacles].count(True) == 1
    assert len(refused.value.obstacles) == 2 and not DirectorySettings.objects.exists()
    configure(admin)
    settings.DIRECTORY_HOSTS = ["ldap.kraj.example"]
    jobs.read_directory()
    assert "není mezi adresáři povolenými" in DirectorySettings.objects.get().result
