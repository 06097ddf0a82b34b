"""What the documentation says: 10.1.1 letter by letter, the versions of 10.1.3, and what helps after a disaster."""

import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from itertools import zip_longest

from django.conf import settings
from django.db import connection
from django.db.models import Sum

import egon
from egon.audit.models import LogRecord, LogSeal
from egon.databox.models import Box
from egon.documentation import queries, releases, versions
from egon.documentation.models import InstalledVersion, SystemFacts
from egon.documentation.releases import Release
from egon.gateways.pdfa import Section
from egon.kernel.actor import Actor, Role
from egon.kernel.clock import today
from egon.records import plan_queries
from egon.records import queries as records
from egon.records.models import CaseFile, Component, ComponentVersion, Document
from egon.registry.models import ROLE_NAMES, Position, RoleGrant
from egon.tenancy.models import Tenant
from egon.web.documentation.limits import ADMINISTRATORS, CHARACTERISTICS, LIMITS
from egon.web.formatting import write_date, write_datetime, write_file_size, write_number
from egon.web.records.plan_sheet import plan_sheet
from egon.web.registry.configuration import configuration_sheet

PRODUCT = "eGON Centrum"
NOT_STATED = "neuvedeno"
_LIBRARIES = ("django", "psycopg", "procrastinate", "granian", "typst", "pikepdf", "lxml", "cryptography")
_LAWS = (
    "zákon č. 499/2004 Sb., o archivnictví a spisové službě",
    "vyhláška č. 259/2012 Sb., o podrobnostech výkonu spisové služby",
    "Národní standard pro elektronické systémy spisové služby, Věstník MV 85/2024",
    "zákon č. 300/2008 Sb., o elektronických úkonech a autorizované konverzi dokumentů",
)


def sections_for(actor: Actor) -> list[Section]:
    """All chapters, in the order of the standard; read for the originator of the actor."""
    facts = queries.facts_of_originator()
    installed = list(queries.installed_versions())
    return [
        *_of_the_installation(actor, facts, installed),
        *_of_versions(facts, installed),
        Section(heading="Kontakty při havárii", facts=[("Kontakty", facts.contacts or NOT_STATED)]),
        _boxes(),
        _integrity(),
        _plans(),
        *configuration_sheet(actor).sections,
        *_plan_in_force(actor),
    ]


def _of_the_installation(actor: Actor, facts: SystemFacts, installed: Sequence[InstalledVersion]) -> Iterator[Section]:
    tenant = Tenant.objects.get(pk=actor.tenant_id)
    yield Section(heading="a) Název a verze", facts=[("Původce", tenant.name), ("IČO", tenant.ic or NOT_STATED),
                  ("Produkt", PRODUCT), ("Verze", egon.__version__)])  # fmt: skip
    yield _one("b) Dodavatel", "Obchodní firma", facts.supplier)
    yield _one("c) Zkušební provoz", "Od", write_date(facts.trial_from))
    yield _one("d) Řádný provoz", "Od", write_date(facts.regular_from))
    attest = f"{write_date(facts.attested_on)}, verze {facts.attested_version}" if facts.attested_on else ""
    yield _one("e) Atest", "Získán, pro verzi", attest or "bez atestu")
    yield Section(heading="f) Početní a kapacitní omezení", facts=LIMITS)
    yield _one("g) Data z předchozího systému", "Převzatá data", facts.migrated_data)
    yield _one("h) Rozsah správy", "Systém", "spravuje dokumenty včetně komponent, není pouhou evidencí")
    yield Section(heading="i) Propojené systémy", facts=[
        ("Informační systém datových schránek", settings.ISDS_URL or "nepřipojen"),
        ("Základní registry", settings.BASE_REGISTERS_URL or "nepřipojeny"),
        ("Jiné systémy spravující dokumenty", facts.connected_systems or NOT_STATED),
        ("Rozhraní podle kapitoly 8.1", "není v této verzi"),
    ])  # fmt: skip
    yield Section(
        heading="j) Významné změny",
        facts=[("Zapsal správce", facts.changes or NOT_STATED)],
        columns=(("Nasazeno", 4), ("Verze", 3), ("Otisk programu", 8), ("Změn datové struktury", 3)),
        rows=[_cells_of(one) for one in installed],
        empty="Zatím není zapsané žádné nasazení.",
    )
    yield _one("k) Ukončení provozu", "Dne", write_date(facts.ended_on) or "systém je v provozu")
    yield Section(heading="l) Technická charakteristika", facts=list(_technology()))
    yield _one("m) Věcná charakteristika", "Část agendy", facts.scope)
    yield Section(heading="n) Právní předpisy", facts=[("Systém je eSSL", "; ".join(_LAWS))])
    yield _one("o) Otevřená data a přístup externích subjektů", "Jak", facts.open_data)
    yield Section(
        heading="p) Správcovské role a správci",
        columns=(("Role", 5), ("Správce", 5), ("Zařazení", 8)),
        rows=list(_administrators()),
        empty="Žádná správcovská role není přidělená.",
    )
    yield Section(
        heading="q) Uživatelské role",
        columns=(("Role", 5), ("K čemu je", 12)),
        rows=[[ROLE_NAMES[role], CHARACTERISTICS[role]] for role in Role],
    )


def _of_versions(facts: SystemFacts, installed: Sequence[InstalledVersion]) -> Iterator[Section]:
    """What was attested, what runs, and what lies between them (NSESSS 10.1.3)."""
    newer = releases.since(facts.attested_version) if facts.attested_version else None
    counted = list(releases.RELEASES) if newer is None else newer
    difference = "od atestované verze se neliší" if newer == [] else f"vydaných verzí: {len(counted)}"
    present = [("Otisk programu", versions.fingerprint())]
    if installed:
        present.append(("Nasazena", write_datetime(installed[0].installed_at)))
    yield Section(
        heading="Atestovaná a provozovaná verze",
        facts=[
            ("Atestovaná verze", facts.attested_version or "žádná"),
            ("Provozovaná verze", egon.__version__),
            *present,
            ("Rozdíl proti atestované verzi", difference if facts.attested_version else "atest není získán"),
        ],
    )
    yield Section(
        heading="Změny provozované verze proti atestované",
        columns=(("Verze", 2), ("Co", 8), ("Proč", 7), ("Co to znamená pro původce", 7), ("Funkčnost", 3)),
        rows=[row for one in counted for row in _changes_of(one)],
        empty="Žádné.",
    )
    yield Section(
        heading="Opravy (patche)",
        columns=(("Nasazeno", 4), ("Verze", 3), ("Otisk programu", 8), ("Změn datové struktury", 3)),
        rows=[_cells_of(one) for one in patches_among(installed)],
        empty="Žádná oprava nebyla nasazena.",
    )


def patches_among(installed: Sequence[InstalledVersion]) -> list[InstalledVersion]:
    """Installations that changed the program but not its version, and versions released as a patch."""
    following = zip_longest(installed, installed[1:])
    return [
        one
        for one, before in following
        if (before is not None and before.version == one.version)
        or ((release := releases.release_of(one.version)) is not None and release.is_patch)
    ]


def _changes_of(release: Release) -> Iterator[list[str]]:
    changed = "změněna" if release.functions_changed else "nezměněna"
    for change in release.changes:
        yield [release.version, change.what, change.why, change.consequence, changed]


def _cells_of(one: InstalledVersion) -> list[str]:
    return [write_datetime(one.installed_at), one.version, one.fingerprint[:16], str(one.migrations)]


def _technology() -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        [database] = cursor.fetchone()
    yield "Druh", "webová aplikace, stránky ze serveru"
    yield "Jazyk", f"Python {platform.python_version()}"
    yield "Databáze", f"PostgreSQL {database}"
    yield "Operační systém serveru", platform.platform()
    for name in _LIBRARIES:
        try:
            yield f"Knihovna {name}", version(name)
        except PackageNotFoundError:
            continue


def _administrators() -> Iterator[list[str]]:
    granted = RoleGrant.objects.filter(role__in=ADMINISTRATORS, person__active=True).select_related("person", "unit")
    places: dict[int | None, list[str]] = {}
    for position in Position.objects.select_related("unit").order_by("pk"):
        places.setdefault(position.person_id, []).append(f"{position.name}, {position.unit}")
    for grant in granted.order_by("role", "person__sort_key", "pk"):
        where = "; ".join(places.get(grant.person_id, [])) or "bez funkčního místa"
        yield [f"{grant.role_name}: {grant.unit or 'celá organizace'}", grant.person.name, where]


def _boxes() -> Section:
    boxes = Box.objects.order_by("name", "box_id")
    return Section(
        heading="Datové schránky",
        columns=(("Schránka", 3), ("Název", 8), ("Přihlášení", 6), ("Používá se", 2)),
        rows=[[one.box_id, one.name, one.get_login_kind_display(), "ano" if one.active else "ne"] for one in boxes],
        empty="Organizace nemá připojenou žádnou datovou schránku.",
    )


def _integrity() -> Section:
    """How much there is, and the newest link of the log's chain, by which a restored state can be checked."""
    seal = LogSeal.objects.order_by("-position").first()
    size = ComponentVersion.objects.aggregate(size=Sum("size"))["size"] or 0
    return Section(
        heading="Stav dat a neporušenost",
        facts=[
            ("Ke dni", write_date(today())),
            ("Spisů", write_number(CaseFile.objects.count())),
            ("Dokumentů", write_number(Document.objects.count())),
            ("Komponent", write_number(Component.objects.count())),
            ("Velikost verzí komponent", write_file_size(size)),
            ("Záznamů protokolu", write_number(LogRecord.objects.count())),
            ("Poslední článek řetězu protokolu", f"č. {seal.position}, {seal.hash.hex()}" if seal else "žádný"),
            ("Jak ověřit", "./egon audit verify"),
        ],
    )


def _plans() -> Section:
    return Section(
        heading="Verze spisového a skartačního plánu",
        columns=(("Plán", 8), ("Identifikátor", 7), ("Od", 3), ("Do", 3), ("Skupin", 2)),
        rows=[
            [
                f"{one.name}{' (návrh)' if one.draft else ''}",
                one.identifier,
                write_date(one.valid_from),
                write_date(one.valid_to),
                str(one.size),  # type: ignore[attr-defined]  # counted by the query
            ]
            for one in plan_queries.plans()
        ],
        empty="Žádný plán není zapsán.",
    )


def _plan_in_force(actor: Actor) -> Iterator[Section]:
    plan = records.current_plan(on=today())
    if plan is not None:
        [table] = plan_sheet(actor, plan).sections
        yield Section(heading=f"Platný plán: {plan.name}", columns=table.columns, rows=table.rows, empty=table.empty)


def _one(heading: str, label: str, value: str) -> Section:
    return Section(heading=heading, facts=[(label, value or NOT_STATED)])
