"""A started run of each kind with three items in it, by the code of the kind."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from tests.letters import citizen_as_party
from tests.records_steps import acting, record_class, register

from egon import search
from egon.circulation import operations as circulation
from egon.circulation.agenda_rules import AgendaKind
from egon.gateways.tables import write_csv
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.mailroom import operations as mailroom
from egon.records import operations as records
from egon.records.models import CaseFile
from egon.records.rules.exporting import ExportForm
from egon.records.rules.printing import BulkPrint
from egon.registry import operations as registry
from egon.registry.change_rules import Row
from egon.reorganisation import operations as reorganisations
from egon.reorganisation.rules import Kind

type Made = tuple[Any, Actor]
"""The run, and who may stop it and go on with it."""


def open_file(world: Any, subject: str) -> CaseFile:
    """A file of the officer in the class 80.20."""
    return records.open_file(
        actor=acting(world.officer),
        record_class=record_class("80.20"),
        unit=world.office.units["OD"],
        processor=world.officer,
        subject=subject,
    )


def destruction(world: Any, count: int = 3) -> Made:
    """Withdrawn documents."""
    for number in range(count):
        document = register(world, f"Omyl {number}")
        records.withdraw_document(actor=acting(world.clerk), document=document, reason="Omyl")
    keeper = acting(world.records_keeper)
    return records.destroy_withdrawn(actor=keeper, since=clock.today(), until=clock.today()), keeper


def table(world: Any, count: int = 3) -> Made:
    """Sound lines."""
    clerk = acting(world.clerk)
    sender = citizen_as_party(clerk).name
    lines = [[f"Podnět {number}", sender, "2. 1. 2026 8:30"] for number in range(count)]
    content = write_csv(["Věc", "Odesílatel", "Doručeno"], lines)
    run = mailroom.bring_table(actor=clerk, name="podněty.csv", content=content, at=clock.now())
    mailroom.map_columns(actor=clerk, run=run, meanings=["subject", "sender", "delivered"])
    return mailroom.start_bulk(actor=clerk, run=run), clerk


def reorganisation(world: Any) -> Made:
    """Three posts of a unit that ends."""
    admin = acting(world.administrator)
    old, new = (
        registry.create_unit(actor=admin, code=code, name=code, valid_from=clock.today() - timedelta(days=9))
        for code in ("OLD", "NEW")
    )
    for number in range(3):
        registry.create_position(actor=admin, unit=old, name=f"Místo {number}")
    started = reorganisations.start_reorganisation(
        actor=admin, unit=old, successor=new, kind=Kind.MERGE, on=clock.today(), reason="Sloučení", at=clock.now()
    )
    return started, admin


def whole_result(world: Any) -> Made:
    """Everything that was registered in three months."""
    officer = acting(world.officer)
    last = clock.today()
    first = last - timedelta(days=75)
    at = datetime.combine(first, time(12), PRAGUE)
    search.index(entity_type="records.document", entity_id=0, title="nejstarší", at=at)  # whose document has gone
    form = ExportForm.CSV
    return records.start_search_export(actor=officer, form=form, query="q=žádost", told="žádost", since=first), officer


def printing(world: Any) -> Made:
    """Metadata of three documents."""
    clerk = acting(world.clerk)
    chosen = [register(world, f"Dotaz {number}").pk for number in range(3)]
    return records.start_printing(actor=clerk, what=BulkPrint.METADATA, chosen=chosen), clerk


def resorting(world: Any) -> Made:
    """Three open files of one class."""
    for number in range(3):
        open_file(world, f"Odvolání {number}")
    keeper, moves = acting(world.records_keeper), {record_class("80.20"): record_class("80.14")}
    return records.start_resorting(actor=keeper, moves=moves, reason="Sloučení"), keeper


def agenda(world: Any) -> Made:
    """Files of one officer."""
    head = acting(world.head)
    for number in range(3):
        open_file(world, f"Agenda {number}")
    run = circulation.start_agenda(
        actor=head, leaver=world.officer, heir=world.head, kinds=[AgendaKind.FILE], reason="Odchod", at=clock.now()
    )
    return run, head


def changes(world: Any) -> Made:
    """Three new colleagues."""
    admin = acting(world.administrator)
    names = {"given_name": "Nová", "family_name": "Osoba"}
    rows = [Row(f"9{number}", "Nová Osoba", {**names, "personal_number": f"9{number}"}) for number in range(3)]
    proposal = registry.propose_people(actor=admin, rows=rows, source="lidé.csv", at=clock.now())
    return registry.confirm_changes(actor=admin, change_set=proposal, includes_gone=True), admin


MAKERS: dict[str, Callable[[Any], Made]] = {
    "circulation.agenda": agenda,
    "mailroom.bulk": table,
    "records.destruction": destruction,
    "records.print": printing,
    "records.resorting": resorting,
    "records.search.export": whole_result,
    "registry.changes": changes,
    "reorganisation.run": reorganisation,
}
