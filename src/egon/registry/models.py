"""Units, positions, people, roles and substitutions of one originator (NSESSS 7.1, 7.2)."""

from collections.abc import Mapping
from enum import StrEnum

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value

from egon.identity.models import Account
from egon.jobs.runs.models import Run, RunItem
from egon.kernel.actor import LimitKind, Role
from egon.registry import rules
from egon.registry.change_rules import ACTION_NAMES, KIND_NAMES
from egon.tenancy.models import TenantForeignKey, TenantModel

ROLE_NAMES: dict[Role, str] = {
    Role.OFFICER: "zpracovatel",
    Role.HEAD: "vedoucí (schvaluje a přiděluje)",
    Role.MAILROOM: "podatelna a výpravna",
    Role.SECRETARIAT: "sekretariát",
    Role.NODE_ADMINISTRATOR: "správce spisového uzlu",
    Role.RECORDS_KEEPER: "správce spisovny",
    Role.ADMINISTRATOR: "správce systému",
    Role.AUDITOR: "auditor (nahlíží do protokolu)",
    Role.CENTRE_ADMINISTRATOR: "správce krajského centra",
}

ROLE_CHOICES = [(role.value, name) for role, name in ROLE_NAMES.items()]


def _choices[T: StrEnum](names: Mapping[T, str]) -> list[tuple[str, str]]:
    return [(value.value, name) for value, name in names.items()]


LIMIT_NAMES: dict[LimitKind, str] = {
    LimitKind.DOCUMENT: "dokument",
    LimitKind.FILE: "spis",
    LimitKind.TYPED_FILE: "typový spis",
    LimitKind.SECTION: "součást typového spisu",
    LimitKind.COMPONENT: "komponenta",
    LimitKind.CLASS: "věcná skupina",
    LimitKind.FUNCTION: "funkce",
    LimitKind.ENTRY: "celý přístup do spisové služby",
}

LIMIT_CHOICES = [(kind.value, name) for kind, name in LIMIT_NAMES.items()]


class Unit(TenantModel):
    """A part of the organisation (organizační část); a records node (spisový uzel) receives and keeps records."""

    code = models.CharField("zkratka", max_length=20)
    name = models.CharField("název", max_length=200)
    parent = TenantForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="subunits")
    is_records_node = models.BooleanField("spisový uzel", default=True)
    valid_from = models.DateField("platí od")
    valid_to = models.DateField("platí do", null=True, blank=True, help_text="Poslední den platnosti.")
    successor = TenantForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="nástupce"
    )  # to whom its work passed when it ended

    class Meta:
        verbose_name = "organizační část"
        verbose_name_plural = "organizační části"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="registry_unit_code"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="registry_unit_validity"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "parent"], name="registry_unit_parent")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Person(TenantModel):
    """Someone who works in the organisation; ``account`` lets them sign in."""

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="účet"
    )
    given_name = models.CharField("jméno", max_length=60)
    family_name = models.CharField("příjmení", max_length=80)
    title_before = models.CharField("titul před jménem", max_length=40, blank=True)
    title_after = models.CharField("titul za jménem", max_length=40, blank=True)
    sort_key = models.CharField(max_length=400, editable=False)
    search_key = models.CharField(max_length=200, editable=False)  # name without diacritics, in lower case
    email = models.EmailField("e-mail", blank=True)
    personal_number = models.CharField("osobní číslo", max_length=60, blank=True)  # what imports know the person by
    active = models.BooleanField("pracuje zde", default=True)

    class Meta:
        verbose_name = "osoba"
        verbose_name_plural = "osoby"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "account"], name="registry_person_account"),
            models.UniqueConstraint(
                fields=["tenant", "personal_number"], condition=~Q(personal_number=""), name="registry_person_number"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "sort_key"], name="registry_person_order")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The whole name with titles, as it stands on letters."""
        return rules.full_name(self.title_before, self.given_name, self.family_name, self.title_after)


class Position(TenantModel):
    """A post in a unit (funkční místo); who holds it belongs to the unit. ``is_head`` marks the one who leads it."""

    unit = TenantForeignKey("registry.Unit", on_delete=models.PROTECT, related_name="positions")
    name = models.CharField("název", max_length=160)
    person = TenantForeignKey(
        "registry.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="positions"
    )
    is_head = models.BooleanField("vedoucí místo", default=False)

    class Meta:
        verbose_name = "funkční místo"
        verbose_name_plural = "funkční místa"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "unit"], condition=Q(is_head=True), name="registry_position_one_head"
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "person"], name="registry_position_person"),
            models.Index(fields=["tenant", "unit"], name="registry_position_unit"),
        ]

    def __str__(self) -> str:
        return self.name


class OwnRole(TenantModel):
    """A role the organisation made itself (NSESSS 7.1.8): one or more of the product's roles without some operations.

    Who holds it has a :class:`RoleGrant` of each of its ``bases``.
    """

    name = models.CharField("název", max_length=80)
    description = models.TextField("k čemu je", blank=True)
    bases = ArrayField(models.CharField(max_length=24, choices=ROLE_CHOICES), verbose_name="vychází z rolí")
    without = ArrayField(
        models.CharField(max_length=80), verbose_name="bez operací", default=list, db_default=Value([]), blank=True
    )

    class Meta:
        verbose_name = "vlastní role"
        verbose_name_plural = "vlastní role"
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="registry_own_role_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def base_names(self) -> str:
        """Its bases in Czech."""
        return ", ".join(ROLE_NAMES[Role(base)] for base in self.bases)


class RoleGrant(TenantModel):
    """A role held by a person, for one unit with its subordinate units, or (no unit) for the whole organisation.

    With ``own_role`` it is a part of that role and lacks what the own role lacks.
    """

    person = TenantForeignKey("registry.Person", on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField("role", max_length=24, choices=ROLE_CHOICES)
    unit = TenantForeignKey(
        "registry.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="role_grants"
    )
    own_role = TenantForeignKey(
        "registry.OwnRole", on_delete=models.PROTECT, null=True, blank=True, related_name="role_grants"
    )

    class Meta:
        verbose_name = "přidělená role"
        verbose_name_plural = "přidělené role"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person", "role", "unit", "own_role"],
                nulls_distinct=False,
                name="registry_grant_once",
            )
        ]
        indexes = [models.Index(fields=["tenant", "role", "unit"], name="registry_grant_role")]

    def __str__(self) -> str:
        where = self.unit.code if self.unit else "celá organizace"
        through = f" (vlastní role {self.own_role})" if self.own_role else ""
        return f"{self.role_name}{through}: {where}"

    @property
    def role_name(self) -> str:
        """The role in Czech."""
        return ROLE_NAMES[Role(self.role)]


class Substitution(TenantModel):
    """Zástup: ``substitute`` does the work of ``absent`` from the first to the last day, both included."""

    absent = TenantForeignKey("registry.Person", on_delete=models.PROTECT, related_name="absences")
    substitute = TenantForeignKey("registry.Person", on_delete=models.PROTECT, related_name="substitutions")
    valid_from = models.DateField("od")
    valid_to = models.DateField("do", help_text="Poslední den zástupu.")

    class Meta:
        verbose_name = "zástup"
        verbose_name_plural = "zástupy"
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="registry_substitution_period"),
            models.CheckConstraint(condition=~Q(absent=F("substitute")), name="registry_substitution_two_people"),
        ]
        indexes = [
            models.Index(fields=["tenant", "substitute", "valid_from"], name="registry_substitution_who"),
            models.Index(fields=["tenant", "absent", "valid_from"], name="registry_substitution_whom"),
        ]

    def __str__(self) -> str:
        return f"{self.substitute} za {self.absent}"


class CodeListItem(TenantModel):
    """An item of one of the originator's code lists (číselník), valid in a period; used items are never deleted."""

    code_list = models.CharField("číselník", max_length=40)
    code = models.CharField("kód", max_length=40)
    name = models.CharField("název", max_length=200)
    valid_from = models.DateField("platí od")
    valid_to = models.DateField("platí do", null=True, blank=True, help_text="Poslední den platnosti.")

    class Meta:
        verbose_name = "položka číselníku"
        verbose_name_plural = "položky číselníků"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code_list", "code"], name="registry_code_list_item"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="registry_code_validity"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DayOff(TenantModel):
    """A day on which the whole organisation does not work, beside weekends and public holidays."""

    day = models.DateField("den")
    name = models.CharField("název", max_length=80)

    class Meta:
        verbose_name = "volný den"
        verbose_name_plural = "volné dny"
        constraints = [models.UniqueConstraint(fields=["tenant", "day"], name="registry_day_off_once")]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y} {self.name}"


class DirectorySettings(TenantModel):
    """How the organisation's directory (LDAP, Active Directory) is reached; one row. The password is stored sealed."""

    host = models.CharField("server", max_length=200)
    port = models.PositiveIntegerField("port", default=636)
    starttls = models.BooleanField("StartTLS", default=False)
    authority = models.TextField("certifikát autority", blank=True)
    base = models.CharField("báze", max_length=300)
    bind_dn = models.CharField("přihlašovací jméno", max_length=300)
    sealed_password = models.TextField("heslo (zašifrované)")
    search_filter = models.CharField("filtr osob", max_length=500)
    attributes = models.JSONField("názvy údajů", default=dict)
    daily = models.BooleanField("každou noc", default=False)
    includes_gone = models.BooleanField("v noci ukončit i ty, kdo chybí", default=False)
    limit_percent = models.PositiveSmallIntegerField("mez úbytku v procentech", default=10)
    asked_at = models.DateTimeField("čte se od", null=True, blank=True)
    read_at = models.DateTimeField("naposledy přečten", null=True, blank=True)
    result = models.CharField("výsledek", max_length=300, blank=True)

    class Meta:
        verbose_name = "adresář osob"
        verbose_name_plural = "adresáře osob"
        constraints = [models.UniqueConstraint(fields=["tenant"], name="registry_directory_once")]

    def __str__(self) -> str:
        return f"adresář osob {self.host}"

    def told(self) -> dict[str, object]:
        """What the log may tell of the settings: neither the password nor what changes by itself."""
        names = ("host", "port", "starttls", "base", "bind_dn", "search_filter", "attributes", "daily")
        return {name: getattr(self, name) for name in (*names, "includes_gone", "limit_percent")}


class ChangeSet(Run):
    """Changes proposed by a file or a directory (návrh změn); nothing happens until somebody confirms them."""

    kind = models.CharField("čeho se týká", max_length=10, choices=_choices(KIND_NAMES))
    source = models.CharField("zdroj", max_length=200)
    code_list = models.CharField("číselník", max_length=40, blank=True)
    includes_gone = models.BooleanField("i co ve zdroji chybí", default=False)
    present_count = models.PositiveIntegerField("dosud vedeno", default=0)
    note = models.CharField("poznámka", max_length=250, blank=True)
    proposed_at = models.DateTimeField("sestaveno")
    proposed_by = models.CharField("sestavil", max_length=200)

    called = "Provádění návrhu změn"

    class Meta:
        verbose_name = "návrh změn"
        verbose_name_plural = "návrhy změn"
        indexes = [models.Index(fields=["tenant", "-proposed_at"], name="registry_changeset_new")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.source}"


class ProposedChange(RunItem):
    """One change of a proposal, and what became of it."""

    run = TenantForeignKey("registry.ChangeSet", on_delete=models.PROTECT, related_name="changes")
    action = models.CharField("co se stane", max_length=8, choices=_choices(ACTION_NAMES))
    label = models.CharField("koho, čeho", max_length=200)
    key = models.CharField("klíč", max_length=120)
    line = models.PositiveIntegerField("řádek", default=0)
    entity_id = models.BigIntegerField(null=True)
    values = models.JSONField(default=dict)
    differences = models.JSONField(default=dict)  # {name: [as it is, as it is to be]}

    class Meta:
        verbose_name = "navržená změna"
        verbose_name_plural = "navržené změny"
        indexes = [models.Index(fields=["tenant", "run", "state", "id"], name="registry_change_state")]

    def __str__(self) -> str:
        return self.label


class Restriction(TenantModel):
    """What an administrator took from a person or from everybody with a role, and when (NSESSS 7.1.6).

    What stands above the registry is told by its kind and id, as in the log; ``title`` is what people call it.
    """

    person = TenantForeignKey(
        "registry.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="restrictions"
    )
    role = models.CharField("role", max_length=24, blank=True, choices=ROLE_CHOICES)
    own_role = TenantForeignKey(
        "registry.OwnRole", on_delete=models.PROTECT, null=True, blank=True, related_name="restrictions"
    )
    kind = models.CharField("co", max_length=12, choices=LIMIT_CHOICES)
    about = models.CharField("čeho se týká", max_length=100, blank=True)
    title = models.CharField("název", max_length=250, blank=True)
    hides = models.BooleanField("zakazuje i čtení", default=True)
    valid_from = models.DateField("od", null=True, blank=True)
    valid_to = models.DateField("do", null=True, blank=True, help_text="Poslední den omezení.")
    reason = models.CharField("důvod", max_length=250)
    set_at = models.DateTimeField("zapsáno")
    set_by = models.CharField("zapsal", max_length=200)
    lifted_at = models.DateTimeField("zrušeno", null=True, blank=True)
    lifted_by = models.CharField("zrušil", max_length=200, blank=True)

    log_with = ("person",)

    class Meta:
        verbose_name = "omezení přístupu"
        verbose_name_plural = "omezení přístupu"
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, role="", own_role__isnull=True)
                | (Q(person__isnull=True, own_role__isnull=True) & ~Q(role=""))
                | Q(person__isnull=True, role="", own_role__isnull=False),
                name="registry_restriction_of_one",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="registry_restriction_period",
            ),
        ]
        indexes = [
            # Every request asks for those in force; without any it costs one look into an empty index.
            models.Index(fields=["tenant", "person"], condition=Q(lifted_at__isnull=True), name="registry_restricted"),
            models.Index(fields=["tenant", "-set_at"], name="registry_restriction_new"),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.what}"

    @property
    def subject(self) -> str:
        """Whom it binds, for people."""
        return str(self.person or self.own_role or f"role {self.get_role_display()}")

    @property
    def what(self) -> str:
        """What it takes, for people."""
        told = self.get_kind_display()
        return f"{told} {self.title}" if self.title else told
