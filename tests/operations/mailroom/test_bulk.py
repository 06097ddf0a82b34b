"""Registering from a table: checked before anything is written, run in the background, no line twice after a kill."""

from typing import Any

import pytest
from tests import traces
from tests.letters import citizen_as_party
from tests.runs import go

from egon.gateways.tables import write_csv, write_xlsx
from egon.jobs.runs.states import ItemState, RunState
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied
from egon.mailroom import bulk, operations, queries
from egon.mailroom.bulk_rules import Founding
from egon.mailroom.errors import BulkNotPossible
from egon.mailroom.models import BulkLine, BulkRun, Channel, IntakeState
from egon.parties.models import Party
from egon.records import operations as records
from egon.records.models import Document, PaperPart
from egon.records.rules.own_metadata import OwnEntity, ValueType
from egon.registry.models import RoleGrant

pytestmark = pytest.mark.django_db

HEADER = ["Věc", "Odesílatel", "Doručeno", "Útvar", "Cena"]
MEANINGS = ["subject", "sender", "delivered", "unit", ""]


def line(subject: str, sender: str, delivered: str = "2. 1. 2026 8:30", unit: str = "", price: str = "") -> list[str]:
    return [subject, sender, delivered, unit, price]


@pytest.fixture
def clerk(in_region: Any) -> Actor:
    return in_region.actor(in_region.clerk)


@pytest.fixture
def sender(clerk: Actor) -> str:
    return citizen_as_party(clerk).name


def bring(
    clerk: Actor, rows: list[list[str]], meanings: list[str] | None = None, founding: Founding = Founding.NONE
) -> BulkRun:
    run = operations.bring_table(actor=clerk, name="podněty.csv", content=write_csv(HEADER, rows), at=clock.now())
    return operations.map_columns(actor=clerk, run=run, meanings=meanings or MEANINGS, founding=founding)


def test_lines_become_documents_in_their_order_and_the_rest_is_told(in_region: Any, clerk: Actor, sender: str) -> None:
    rows = [line("První", sender, unit="od"), line("Druhý", "Kdosi Neznámý"), line("Třetí", sender)]
    run = bring(clerk, rows)
    count = Document.objects.count()
    faults = bulk.faults_of(run, clerk, now=clock.now(), on=clock.today())
    assert [(number, "Kdosi Neznámý" in text) for number, text in faults] == [(3, True)]
    assert Document.objects.count() == count
    operations.start_bulk(actor=clerk, run=run)
    go(run)
    run.refresh_from_db()
    assert run.state == RunState.FINISHED and run.finished_at is not None
    made = list(Document.objects.filter(subject__in=["První", "Třetí"]).order_by("pk"))
    assert [one.subject for one in made] == ["První", "Třetí"]
    assert (made[0].unit.code, made[1].unit) == ("OD", None)
    shown = queries.inbox(state=IntakeState.REGISTERED, channel=Channel.TABLE)
    assert {(item.document, item.subject, item.sender_name) for item in shown} == {
        (one, one.subject, sender) for one in made
    }
    refused = BulkLine.objects.get(run=run, state=ItemState.REFUSED)
    assert refused.number == 3 and "v rejstříku není" in refused.message
    assert Document.objects.count() == count + 2
    registered = traces.last("records.document.register")
    assert registered.person_id == in_region.clerk.pk


def test_senders_unknown_to_the_register_are_founded_once_when_it_is_asked(clerk: Actor) -> None:
    meanings = ["subject", "sender", "delivered", "city", "ic"]
    rows = [
        line("Dotace", "Obec Lhota", unit="Lhota", price="00064581"), line("Dotace 2", "Obec Lhota", price="00064581"),
        line("Podnět", "Jana Marie Nová"), line("Podnět 2", "Jana Marie Nová"), line("Vadný", "Firma", price="123"),
    ]  # fmt: skip
    run = bring(clerk, rows, meanings, Founding.NATURAL)
    faults = bulk.faults_of(run, clerk, now=clock.now(), on=clock.today())
    assert [(number, "nesouhlasí kontrolní číslice" in text) for number, text in faults] == [(6, True)]
    operations.start_bulk(actor=clerk, run=run)
    go(run)
    town, person = Party.objects.get(ic="00064581"), Party.objects.get(family_name="Nová")
    assert (town.kind, town.name, town.city, town.identified_at) == ("legal", "Obec Lhota", "Lhota", None)
    assert (person.kind, person.given_name) == ("natural", "Jana Marie")
    assert Document.objects.filter(sender=town).count() == Document.objects.filter(sender=person).count() == 2
    assert BulkLine.objects.get(run=run, state=ItemState.REFUSED).number == 6
    again = bring(clerk, rows[:2], meanings, Founding.LEGAL)
    assert bulk.faults_of(again, clerk, now=clock.now(), on=clock.today()) == []


def test_sheets_of_a_line_are_the_analogue_part_of_its_document(clerk: Actor, sender: str) -> None:
    rows = [line("Na papíře", sender, price="4"), line("Bez papíru", sender)]
    run = bring(clerk, rows, ["subject", "sender", "delivered", "", "sheets"])
    operations.start_bulk(actor=clerk, run=run)
    go(run)
    sheets = dict(PaperPart.objects.values_list("document__subject", "sheets"))
    assert (sheets.get("Na papíře"), "Bez papíru" in sheets) == (4, False)


def test_it_runs_with_the_present_rights_of_who_brought_it(in_region: Any, clerk: Actor, sender: str) -> None:
    run = bring(clerk, [line("Bez práva", sender)])
    operations.start_bulk(actor=clerk, run=run)
    RoleGrant.objects.filter(person=in_region.clerk).delete()
    go(run)
    assert not Document.objects.filter(subject="Bez práva").exists()
    assert BulkLine.objects.get(run=run).state == ItemState.REFUSED


def test_own_metadata_are_read_from_their_column_and_required_there_too(
    in_region: Any, clerk: Actor, sender: str
) -> None:
    price = records.add_own_field(
        actor=in_region.actor(in_region.records_keeper),
        entity=OwnEntity.DOCUMENT,
        name="Cena",
        value_type=ValueType.NUMBER,
        required=True,
    )
    meanings = [*MEANINGS[:4], f"{bulk.OWN}{price.pk}"]
    run = bring(clerk, [line("S cenou", sender, price="12,5"), line("Bez ceny", sender)], meanings)
    assert [number for number, _ in bulk.faults_of(run, clerk, now=clock.now(), on=clock.today())] == [3]
    assert bulk.remembered()["Cena"] == f"{bulk.OWN}{price.pk}"
    operations.start_bulk(actor=clerk, run=run)
    go(run)
    assert Document.objects.get(subject="S cenou").own_values == {str(price.pk): "12.5"}
    assert not Document.objects.filter(subject="Bez ceny").exists()


def test_what_is_no_table_is_refused_and_a_draft_may_be_thrown_away(clerk: Actor, sender: str) -> None:
    for content in (b"", write_csv(HEADER, []), b"PK\x03\x04damaged"):
        with pytest.raises(BulkNotPossible):
            operations.bring_table(actor=clerk, name="x", content=content, at=clock.now())
    workbook = write_xlsx(HEADER, [line("Ze sešitu", sender)])
    run = operations.bring_table(actor=clerk, name="x.xlsx", content=workbook, at=clock.now())
    with pytest.raises(BulkNotPossible, match="věc"):
        operations.map_columns(actor=clerk, run=run, meanings=["", "", "", "", ""])
    with pytest.raises(BulkNotPossible):
        operations.start_bulk(actor=clerk, run=run)
    operations.discard_table(actor=clerk, run=run)
    assert not BulkRun.objects.exists()


@pytest.mark.parametrize("who", ["officer", "head", "auditor", "administrator", "outsider"])
def test_others_may_not(in_region: Any, clerk: Actor, sender: str, who: str) -> None:
    run, other = bring(clerk, [line("A", sender)]), in_region.actor(getattr(in_region, who))
    for operation in (operations.start_bulk, operations.stop_bulk, operations.resume_bulk, operations.discard_table):
        with pytest.raises(AccessDenied):
            operation(actor=other, run=run)
    with pytest.raises(AccessDenied):
        operations.bring_table(actor=other, name="x", content=b"x", at=clock.now())
    with pytest.raises(AccessDenied):
        operations.map_columns(actor=other, run=run, meanings=MEANINGS)
    assert BulkRun.objects.get().state == RunState.DRAFT
