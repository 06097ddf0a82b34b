"""What the administrator states, which versions are remembered, and that nobody else does either."""

from datetime import date

import pytest
from django.db import ProgrammingError, connection, transaction
from tests.records_steps import acting

import egon
from egon.documentation import queries, versions
from egon.documentation.errors import FactsNotSaved
from egon.documentation.models import InstalledVersion, SystemFacts, Writing
from egon.documentation.operations import note_writing, save_facts
from egon.kernel.errors import AccessDenied
from egon.tenancy.scope import tenant_scope


def test_what_is_stated_replaces_what_was_and_each_organisation_states_its_own(world):
    with tenant_scope(world.region.pk):
        administrator = acting(world.administrator)
        save_facts(actor=administrator, supplier="Dodavatel a. s.", trial_from=date(2026, 1, 1))
        save_facts(actor=administrator, supplier="Jiný s. r. o.", regular_from=date(2026, 4, 1))
        facts = queries.facts_of_originator()
        assert (facts.supplier, facts.trial_from, facts.regular_from) == ("Jiný s. r. o.", None, date(2026, 4, 1))
    with tenant_scope(world.school.tenant.pk):
        assert queries.facts_of_originator().pk is None


def test_what_contradicts_itself_is_refused_whole(in_region, world):
    with pytest.raises(FactsNotSaved) as refused:
        save_facts(actor=acting(world.administrator), ended_on=date(2026, 1, 1), attested_version="1.0")
    assert len(refused.value.obstacles) == 2
    assert not SystemFacts.objects.exists()


@pytest.mark.parametrize("who", ["officer", "records_keeper", "outsider"])
def test_only_the_administrator_keeps_the_documentation(in_region, world, who):
    actor = acting(getattr(world, who))
    with pytest.raises(AccessDenied):
        save_facts(actor=actor, supplier="x")
    with pytest.raises(AccessDenied):
        note_writing(actor=actor, folder="/x")
    assert not Writing.objects.exists()


def test_migrating_remembers_the_version_once_and_a_changed_program_as_another(world, monkeypatch):
    assert InstalledVersion.objects.exists()  # by migrating the database of the tests
    versions.remember_present(using="default")
    last = queries.installed_versions().first()
    assert (last.version, last.fingerprint) == (egon.__version__, versions.fingerprint())
    assert versions.remember_present(using="default") is None
    monkeypatch.setattr(versions, "fingerprint", lambda: "f" * 64)
    assert versions.remember_present(using="default").fingerprint == "f" * 64
    assert queries.installed_versions().first().fingerprint == "f" * 64


def test_remembered_versions_cannot_be_changed(world):
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE documentation_installedversion SET version = 'x'")
