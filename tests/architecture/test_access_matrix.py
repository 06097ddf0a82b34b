"""``docs/ops/access-matrix.csv`` is what the permissions say; a change of rights is read by people before it lands."""

import csv
import io

import pytest
from tests.architecture.test_doors import import_everything

from egon.audit import matrix
from egon.audit.matrix import COLUMNS, NO_ROLE, Reach
from egon.audit.operation import OperationSpec
from egon.cli.layout import PROJECT
from egon.kernel.access import allowed_if
from egon.kernel.actor import Role

pytestmark = pytest.mark.django_db
GOLDEN = PROJECT / "docs" / "ops" / "access-matrix.csv"
PRESENT = PROJECT / "var" / "access-matrix.csv"
# Signing in and out, the link one was given, a route saved for oneself, own links for Office programs, printing
# what one sees.
FOR_EVERYBODY = {
    "circulation.template.save", "identity.invitation.use", "identity.sign_in", "identity.sign_in_failed",
    "identity.sign_out", "identity.switch",
    "records.component.close_links", "records.documents.export", "records.files.export", "records.files.print",
    "records.print.start",
    "records.restricted.read", "records.search.export.start", "records.search.save", "registry.entry.refused",
}  # fmt: skip
AUDITOR_DOES = ["mailroom.book.print", "parties.party.find", "parties.party.read"]


@pytest.fixture
def rows(in_region):
    import_everything()
    return {row.code: dict(zip(COLUMNS, row.reaches, strict=True)) for row in matrix.matrix()}


def test_rights_are_those_that_were_agreed(in_region):
    import_everything()
    present = matrix.as_csv(matrix.matrix())
    agreed, real = _cells(GOLDEN.read_text(encoding="utf-8")), _cells(present)
    changed = [
        f"{code} / {column}: agreed {agreed.get((code, column))!r}, now {real.get((code, column))!r}"
        for code, column in sorted(agreed.keys() | real.keys())
        if agreed.get((code, column)) != real.get((code, column))
    ]
    if changed:
        PRESENT.write_text(present, encoding="utf-8")
    assert changed == [], "when meant: cp var/access-matrix.csv docs/ops/"


@pytest.mark.norm("7.1.1")
def test_without_a_role_nothing_is_done_but_with_what_is_ones_own(rows):
    free = {code for code, reaches in rows.items() if reaches[NO_ROLE] > Reach.SEEN}
    assert free == FOR_EVERYBODY


@pytest.mark.norm("7.1.10")
def test_the_plan_is_kept_only_by_administrators(rows):
    keepers = {Role.ADMINISTRATOR.value, Role.RECORDS_KEEPER.value, matrix.SYSTEM}
    of_plan = {code: reaches for code, reaches in rows.items() if code.startswith(("records.plan.", "records.class."))}
    assert len(of_plan) > 5
    assert {code: _who(reaches) - keepers for code, reaches in of_plan.items() if _who(reaches) - keepers} == {}


def test_the_auditor_changes_nothing_of_others(rows):
    assert [code for code, reaches in rows.items() if reaches["auditor"] > reaches[NO_ROLE]] == AUDITOR_DOES


@pytest.mark.parametrize(
    ("permission", "expected"),
    [
        (lambda actor: allowed_if(actor.has(Role.HEAD), ""), Reach.ANY),
        (lambda actor, thing: allowed_if(actor.has_in(thing.unit_id, Role.HEAD), ""), Reach.UNIT),
        (lambda actor, thing: allowed_if(actor.has(Role.HEAD) and actor.is_one_of([thing.holder_id]), ""), Reach.OWN),
        (lambda actor, thing: allowed_if(thing.author_id == actor.person_id, ""), Reach.OWN),
        (lambda actor: allowed_if(actor.has(Role.MAILROOM), ""), Reach.NO),
    ],
)
def test_reach_of_a_role_follows_from_its_permission(permission, expected):
    def function(*, actor, thing):
        """Only its parameters matter."""

    spec = OperationSpec("x", "x", permission, function)
    assert dict(zip(COLUMNS, matrix._reaches(spec, {}), strict=True))[Role.HEAD.value] == expected


def _cells(text):
    return {(row["operation"], column): row[column] for row in csv.DictReader(io.StringIO(text)) for column in COLUMNS}


def _who(reaches):
    return {column for column, reach in reaches.items() if reach}
