"""Steps that tests of typed files share: a class with a template, a typed file from it, time passing."""

from datetime import date, datetime, time

from tests.records_steps import acting, record_class

from egon import storage
from egon.kernel.clock import PRAGUE, today
from egon.records import operations as records
from egon.records import plan_queries, queries, typed_queries
from egon.records.models import DisposalRegime, TypedSection
from egon.records.operations import NewFile, SectionDraft
from egon.records.rules.settling import SettledHow
from egon.records.rules.states import Direction
from egon.records.rules.typed import Period

OPENED = date(today().year, 1, 2)
"""When the typed file of these tests was founded: its volumes by calendar years are open today."""


def moment(day):
    """Noon of a day in Prague."""
    return datetime.combine(day, time(12), PRAGUE)


def regime(world, mark="S", years=5, **more):
    """A regime of the code list; made when there is none like it."""
    known = DisposalRegime.objects.filter(mark=mark, years=years, trigger=more.get("trigger", "closing"))
    if found := known.filter(withdrawn_on__isnull=True).first():
        return found
    return records.save_regime(actor=acting(world.records_keeper), mark=mark, years=years, **more)


def typed_class(world, code="65.30", sections=None, **more):
    """A class for typed files in the plan in force, with a template."""
    keeper = acting(world.records_keeper)
    plan = more.pop("plan", None) or queries.current_plan(on=OPENED)
    parent = plan_queries.class_by_code(plan, code.rpartition(".")[0])
    made = records.save_class(
        actor=keeper, plan=plan, code=code, name="Zkušební typové spisy", valid_from=plan.valid_from, parent=parent,
        for_typed_files=True,
    )  # fmt: skip
    return records.define_template(actor=keeper, record_class=made, sections=sections or drafts(world))


def drafts(world):
    """Two leaves under a group, and one leaf beside it that numbers documents by the file mark."""
    return [
        SectionDraft("1", "Zprávy"),
        SectionDraft("1.1", "Výroční zprávy", regime(world, "A", 10), Period.YEARS.value, 5),
        SectionDraft("1.2", "Rozbory", regime(world, "S", 5)),
        SectionDraft("2", "Provoz", regime(world, "S", 5), numbers_by_file=True),
    ]


def typed_file(world, record_class, name="Domov u Lesa", on=OPENED, **more):
    """A typed file of the officer in the transport department."""
    values = {"unit": world.office.units["OD"], "processor": world.officer, **more}
    return records.open_typed_file(
        actor=acting(world.officer), record_class=record_class, name=name, at=moment(on), **values
    )


def section(typed, code):
    """A section by its code after the code of the class."""
    whole = f"{typed.record_class.code}.{code}"
    found = TypedSection.objects.select_related("typed_file__record_class__plan", "template__disposal_regime")
    return found.get(typed_file=typed, template__code=whole)


def file_in(world, where, subject="Údržba", on=OPENED):
    """A file opened in a section by the officer."""
    return records.open_file(
        actor=acting(world.officer), section=where, unit=world.office.units["OD"], processor=world.officer,
        subject=subject, at=moment(on),
    )  # fmt: skip


def volumes(where):
    """Volumes of a section, the oldest first."""
    return list(typed_queries.volumes_of(where).order_by("number"))


def full_file(world, where, subject="Údržba", on=OPENED, kind=None):
    """A file with one settled document: nothing stands in the way of closing it. Without ``where`` of class 80.20."""
    officer = acting(world.officer)
    document = records.create_document(
        actor=officer, direction=Direction.INTERNAL, subject=subject, unit=world.office.units["OD"],
        holder=world.officer, kind=kind, at=moment(on),
        files=[NewFile("zápis.txt", "text/plain", storage.put(subject.encode()), "main")],
    )  # fmt: skip
    place = {"section": where} if where is not None else {"record_class": record_class("80.20")}
    file = records.open_file(
        actor=officer, unit=world.office.units["OD"], processor=world.officer, document=document, at=moment(on), **place
    )
    records.settle_document(actor=officer, document=document, how=SettledHow.BY_NOTING, on=on)
    return file


def close(world, file, on=OPENED):
    """Close a file as its processor."""
    records.close_file(actor=acting(world.officer), file=file, on=on)
    file.refresh_from_db()
    return file
