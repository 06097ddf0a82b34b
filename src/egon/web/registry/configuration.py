"""What is configured in the organisation, to be printed (NSESSS 5.2.14): nothing secret is among it."""

from egon.gateways.pdfa import Section, Sheet
from egon.kernel.actor import Actor
from egon.kernel.clock import today
from egon.records import queries as records
from egon.records.models import RecordsSettings
from egon.registry import queries as registry
from egon.registry.models import CodeListItem, RoleGrant
from egon.tenancy.models import Tenant
from egon.web.formatting import write_date

_LEFT_OUT = {"id", "tenant"}


def configuration_sheet(actor: Actor) -> Sheet:
    """Numbering and letters, units, roles with who holds them, kinds and templates of documents, code lists."""
    organisation = Tenant.objects.get(pk=actor.tenant_id).name
    plan = records.current_plan(on=today())
    return Sheet(
        organisation=organisation,
        title="Konfigurace spisové služby",
        date=today(),
        facts=[
            ("Ke dni", write_date(today())),
            ("Platný spisový plán", f"{plan.name}, od {write_date(plan.valid_from)}" if plan else "žádný"),
            ("Vytiskl(a)", actor.name),
        ],
        sections=[_settings(), _units(), _roles(), _kinds(), _templates(), _code_lists()],
    )


def _settings() -> Section:
    held = records.settings_of_originator()
    facts = []
    for field in RecordsSettings._meta.get_fields():
        if field.name in _LEFT_OUT or not field.concrete:
            continue
        shown = getattr(held, f"get_{field.name}_display", None)
        value = shown() if shown else getattr(held, field.name)
        told = "ano" if value is True else "ne" if value is False else str(value)
        facts.append((str(field.verbose_name), told or "–"))
    return Section(heading="Číslování a dopisy", facts=facts)


def _units() -> Section:
    rows = [[unit.code, unit.name, str(unit.parent or "")] for unit in registry.units(on=today())]
    columns = (("Zkratka", 2), ("Útvar", 8), ("Nadřízený", 6))
    return Section(heading="Útvary", columns=columns, rows=rows, empty="Žádný útvar.")


def _roles() -> Section:
    granted = RoleGrant.objects.select_related("person", "unit").filter(person__active=True)
    rows = [
        [one.get_role_display(), one.person.name, str(one.unit or "celá organizace")]
        for one in granted.order_by("role", "person__sort_key", "pk")
    ]
    columns = (("Role", 5), ("Osoba", 6), ("Kde", 5))
    return Section(heading="Přidělené role", columns=columns, rows=rows, empty="Žádná role není přidělená.")


def _kinds() -> Section:
    rows = [[kind.name] for kind in records.kinds(on=today())]
    return Section(heading="Druhy dokumentů", columns=(("Druh", 1),), rows=rows, empty="Žádný druh.")


def _templates() -> Section:
    rows = [[one.name, one.subject] for one in records.templates()]
    columns = (("Šablona", 5), ("Věc", 8))
    return Section(heading="Šablony dokumentů", columns=columns, rows=rows, empty="Žádná šablona.")


def _code_lists() -> Section:
    valid = CodeListItem.objects.filter(registry.valid_on(today())).order_by("code_list", "code")
    rows = [[one.code_list, one.code, one.name] for one in valid]
    columns = (("Číselník", 4), ("Kód", 3), ("Název", 8))
    return Section(heading="Číselníky", columns=columns, rows=rows, empty="Žádná položka.")
