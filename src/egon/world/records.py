# ruff: noqa: E501 - tables of matters read best one a line
"""Records of the demo world: how numbers look, filing plans, templates, and a week of files and documents.

Everything goes through the operations, as a person would do it; running it twice adds nothing.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from egon import storage
from egon.circulation import operations as circulation
from egon.circulation.models import Handover
from egon.kernel import clock
from egon.kernel.actor import Actor, Role
from egon.kernel.clock import PRAGUE
from egon.parties import operations as parties
from egon.parties.models import Kind, Party
from egon.records import operations, plan_queries, queries, typed_queries
from egon.records.models import CaseFile, Document, FilingPlan, TypedFile, TypedSection
from egon.records.operations import NewFile
from egon.records.rules.settling import SettledHow
from egon.records.rules.states import Direction
from egon.records.starting_plans import STARTING_PLANS
from egon.registry import queries as registry
from egon.registry.models import Person, Unit
from egon.tenancy.models import Tenant
from egon.world import templates

PLAN_FROM = date(2025, 1, 1)
_PLAN_OF = {"KSA": "kraj", "GLS": "skola", "NSK": "nemocnice", "SUS": "silnice"}


def build_records(tenant: Tenant) -> None:
    """The plan, kinds, templates and numbering of one originator; call it in the originator's scope."""
    actor = Actor.system(tenant.pk)
    if FilingPlan.objects.exists():
        return
    build_plan(actor, tenant)
    for name in templates.KINDS:
        operations.save_kind(actor=actor, name=name, valid_from=PLAN_FROM)
    for name, subject, body in templates.TEMPLATES:
        operations.save_template(actor=actor, name=name, subject=subject, body=body)
    operations.configure_numbering(actor=actor, address=_address(tenant), phone="+420 485 111 000", web=_web(tenant))
    if tenant.is_operator:
        build_matters(tenant)
    build_typed_files(tenant)


def build_plan(actor: Actor, tenant: Tenant) -> FilingPlan:
    """The plan to start from that fits the originator, in force since the beginning of last year."""
    data = STARTING_PLANS[_PLAN_OF.get(tenant.code, "skola")].read(name=f"Spisový a skartační plán – {tenant.name}")
    plan = operations.import_plan(actor=actor, data=data, valid_from=PLAN_FROM)
    return operations.put_plan_in_force(actor=actor, plan=plan, on=PLAN_FROM, today=clock.today())


@dataclass(frozen=True)
class Matter:
    """One matter of the past week: what came, from whom, where it went, and how far it got."""

    subject: str
    text: str
    class_code: str
    days_ago: int
    reaches: str = "file"  # "unit" (waits to be taken over), "file" (being processed), "settled", "closed"


MATTERS = (
    Matter("Žádost o opravu výtluků na silnici II/112", "Žádáme o opravu výtluků u mostu přes Sázavu.", "80.2", 6, "closed"),
    Matter("Oznámení o uzavírce silnice III/3457", "Oznamujeme uzavírku v termínu 1. až 5. 12.", "80.3", 5, "settled"),
    Matter("Dotaz k jízdnímu řádu linky 360", "Proč nejede večerní spoj v neděli?", "80.1", 4),
    Matter("Žádost o příspěvek na sportovní den škol", "Žádáme o příspěvek 25 000 Kč.", "70.4", 4, "settled"),
    Matter("Odvolání proti rozhodnutí o nepřijetí ke studiu", "Odvoláváme se proti rozhodnutí ředitele.", "70.3", 3),
    Matter("Podnět k černé skládce u Lipnice", "Na kraji lesa přibývá odpad.", "90.2", 3),
    Matter("Žádost o vyjádření k záměru fotovoltaické elektrárny", "Žádáme o závazné stanovisko.", "90.6", 2, "unit"),
    Matter("Žádost o informace podle zákona č. 106/1999 Sb.", "Žádám o přehled zakázek za rok 2025.", "54.3", 1, "unit"),
)  # fmt: skip
OLD_SENDERS = (("Marta", "Veselá", "Lipová"), ("František", "Kolář", "Zahradní"), ("Ivana", "Pokorná", "Nádražní"))
_UNIT_OF_CLASS = {"80": "OD", "70": "OS", "90": "OZP", "54": "OI"}


def build_matters(tenant: Tenant, *, at: datetime | None = None) -> list[Document]:
    """A week of documents and files in several units of the region; nothing when there are documents already."""
    if Document.objects.exists():
        return []
    at = at or clock.now()
    senders = _senders(Actor.system(tenant.pk))
    return [_build(matter, senders[index % len(senders)], at) for index, matter in enumerate(MATTERS)]


@dataclass(frozen=True)
class TypedMatter:
    """A typed file founded two years ago, and what was opened in its sections since."""

    name: str
    class_code: str
    files: tuple[tuple[str, str, int], ...]  # code of the section, subject, days ago


TYPED = {
    "KSA": TypedMatter("Gymnázium Lesní, příspěvková organizace", "65.12", (
        ("4", "Zápisy z porad vedení", 500), ("5.2", "Rozbor hospodaření za první pololetí", 120),
        ("9", "Oprava střechy tělocvičny", 30),
    )),
    "GLS": TypedMatter("Jana Dvořáková, 3. A", "5.12", (
        ("1", "Přijetí ke vzdělávání", 700), ("2", "Průběh vzdělávání", 400), ("2", "Individuální vzdělávací plán", 40),
    )),
}  # fmt: skip


def build_typed_files(tenant: Tenant) -> None:
    """A typed file with volumes of past periods, where the originator's plan has a class for it."""
    matter = TYPED.get(tenant.code)
    if matter is None or TypedFile.objects.exists():
        return
    now = clock.now()
    founded = max(now - timedelta(days=720), datetime.combine(PLAN_FROM, time(9), PRAGUE))
    plan = queries.current_plan(on=founded.date())
    record_class = plan_queries.class_by_code(plan, matter.class_code) if plan else None
    processor = registry.people_with(Role.OFFICER).first()
    unit = Unit.objects.filter(positions__person=processor).order_by("code").first()
    if record_class is None or processor is None or unit is None:
        return
    actor = Actor.system(tenant.pk)
    typed_file = operations.open_typed_file(
        actor=actor, record_class=record_class, name=matter.name, unit=unit, processor=processor, at=founded
    )
    for code, subject, days_ago in matter.files:
        section = TypedSection.objects.get(typed_file=typed_file, template__code=f"{matter.class_code}.{code}")
        at = max(now - timedelta(days=days_ago), founded)
        operations.open_file(actor=actor, section=section, unit=unit, processor=processor, subject=subject, at=at)
    for volume in typed_queries.due_volumes(on=clock.today()):
        operations.roll_volume(actor=actor, section=volume.section, on=clock.today())


def _senders(system: Actor) -> list[Party]:
    """People who wrote last week; not the citizen of the story, who is new to the region."""
    for given_name, family_name, street in OLD_SENDERS:
        details = parties.PartyDetails(
            kind=Kind.NATURAL,
            given_name=given_name,
            family_name=family_name,
            street=street,
            house_number="7",
            city="Sázava nad Lesy",
            postal_code="58200",
        )
        parties.register_party(actor=system, details=details)
    return list(Party.objects.order_by("pk"))


def _build(matter: Matter, sender: Party, now: datetime) -> Document:
    """Through the same hands as in the office: the mailroom, the head, the officer."""
    morning = now.astimezone(PRAGUE).replace(hour=8, minute=12, second=41, microsecond=0)
    came = min(morning - timedelta(days=matter.days_ago), now - timedelta(minutes=10))
    clerk = _acting(registry.people_with(Role.MAILROOM).first(), came)
    blob = storage.put(f"{matter.text}\n\n{sender.name}\n".encode())
    document = operations.register_received(
        actor=clerk,
        subject=matter.subject,
        sender=sender,
        delivered_at=came - timedelta(minutes=7),
        channel="databox",
        files=[NewFile("podání.txt", "text/plain", blob, role="main")],
        deadline=(came + timedelta(days=30)).date(),
        at=came,
    )
    unit = Unit.objects.get(code=_UNIT_OF_CLASS[matter.class_code.partition(".")[0]])
    handover = circulation.assign_to_unit(actor=clerk, document=document, unit=unit, at=came)
    if matter.reaches != "unit":
        _work_off(matter, document, handover, unit, came)
    return document


def _work_off(matter: Matter, document: Document, handover: Handover, unit: Unit, came: datetime) -> None:
    head_person = registry.head_of(unit)
    head = _acting(head_person, came)
    later = came + timedelta(minutes=50)
    circulation.take_over(actor=head, handover=handover, at=later)
    document.refresh_from_db()
    officer_person = _officer_of(unit, head_person)
    officer = head
    if officer_person != head_person:
        officer = _acting(officer_person, came)
        given = circulation.give_to(actor=head, document=document, person=officer_person, at=later)
        circulation.take_over(actor=officer, handover=given, at=later + timedelta(minutes=5))
    document.refresh_from_db()
    file = _open_file(officer, matter, document, unit, officer_person, later + timedelta(minutes=9))
    if matter.reaches in ("settled", "closed"):
        on = came.date() + timedelta(days=1)
        operations.settle_document(actor=officer, document=document, how=SettledHow.BY_NOTING, on=on)
        if matter.reaches == "closed":
            operations.close_file(actor=officer, file=file, on=on)


def _open_file(
    officer: Actor, matter: Matter, document: Document, unit: Unit, processor: Person, at: datetime
) -> CaseFile:
    record_class = queries.classes_for_files(on=at.date()).get(code=matter.class_code)
    return operations.open_file(
        actor=officer, record_class=record_class, unit=unit, processor=processor, document=document, at=at
    )


def build_internal_note(system: Actor, unit: Unit, author: Person, *, at: datetime) -> Document:
    """An internal document with a written text, still a draft."""
    return operations.create_document(
        actor=system,
        direction=Direction.INTERNAL,
        subject="Zápis z porady odboru",
        unit=unit,
        holder=author,
        text="# Body porady\n\n- plán zimní údržby,\n- stav rozpočtu odboru.\n\nDalší porada bude za dva týdny.",
        at=at,
    )


def _officer_of(unit: Unit, head: Person | None) -> Person:
    """Someone of the unit who processes documents and is not its head; otherwise the head."""
    others = registry.people_in(unit).exclude(pk=head.pk if head else 0)
    officer = others.filter(role_grants__role=Role.OFFICER).exclude(role_grants__role=Role.NODE_ADMINISTRATOR).first()
    return officer or head or others.get()


def _acting(person: Person | None, at: datetime) -> Actor:
    if person is None:
        raise LookupError("the demo world lacks a person for this step")
    return registry.actor_of(person, at=at)


def _address(tenant: Tenant) -> str:
    return "náměstí Míru 1\n582 00 Sázava nad Lesy" if tenant.is_operator else "Školní 12\n582 00 Sázava nad Lesy"


def _web(tenant: Tenant) -> str:
    return f"www.{tenant.code.lower()}.example"
