"""Units, positions, people, roles and substitutions of one originator (NSESSS 7.1, 7.2)."""

from django.db import models
from django.db.models import F, Q

from egon.identity.models import Account
from egon.kernel.actor import Role
from egon.registry import rules
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


class Unit(TenantModel):
    """A part of the organisation (organizační část); a records node (spisový uzel) receives and keeps records."""

    code = models.CharField("zkratka", max_length=20)
    name = models.CharField("název", max_length=200)
    parent = TenantForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="subunits")
    is_records_node = models.BooleanField("spisový uzel", default=True)
    valid_from = models.DateField("platí od")
    valid_to = models.DateField("platí do", null=True, blank=True, help_text="Poslední den platnosti.")

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
    active = models.BooleanField("pracuje zde", default=True)

    class Meta:
        verbose_name = "osoba"
        verbose_name_plural = "osoby"
        constraints = [models.UniqueConstraint(fields=["tenant", "account"], name="registry_person_account")]
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


class RoleGrant(TenantModel):
    """A role held by a person, for one unit with its subordinate units, or (no unit) for the whole organisation."""

    person = TenantForeignKey("registry.Person", on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField("role", max_length=24, choices=ROLE_CHOICES)
    unit = TenantForeignKey(
        "registry.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="role_grants"
    )

    class Meta:
        verbose_name = "přidělená role"
        verbose_name_plural = "přidělené role"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person", "role", "unit"], nulls_distinct=False, name="registry_grant_once"
            )
        ]
        indexes = [models.Index(fields=["tenant", "role", "unit"], name="registry_grant_role")]

    def __str__(self) -> str:
        where = self.unit.code if self.unit else "celá organizace"
        return f"{self.role_name}: {where}"

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
