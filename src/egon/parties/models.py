"""The jmenný rejstřík: outside persons and bodies the originator writes with (NSESSS 2.8)."""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Cast

from egon.kernel import czech
from egon.parties import rules
from egon.tenancy.models import TenantForeignKey, TenantModel


def new_identifier() -> str:
    """An identifier unique also among other systems (NSESSS 2.7.1)."""
    return str(uuid.uuid4())


class Kind(models.TextChoices):
    """What the party is; it decides which facts identify it."""

    NATURAL = "natural", "fyzická osoba"
    ENTREPRENEUR = "entrepreneur", "podnikající fyzická osoba"
    LEGAL = "legal", "právnická osoba"
    AUTHORITY = "authority", "orgán veřejné moci"


class Source(models.TextChoices):
    """Where the facts come from."""

    TYPED = "typed", "zapsáno ručně"
    DATABOX = "databox", "datová schránka"
    ROB = "rob", "registr obyvatel"
    ROS = "ros", "registr osob"
    IMPORT = "import", "převzato z jiného systému"


class Party(TenantModel):
    """One outside person or body with its address. ``search_key`` and ``sort_key`` follow from the facts."""

    identifier = models.CharField(
        "identifikátor", max_length=50, default=new_identifier, editable=False,
        db_default=Cast(RandomUUID(), models.CharField()),
    )  # fmt: skip
    kind = models.CharField("druh osoby", max_length=12, choices=Kind)
    name = models.CharField("název", max_length=250, help_text="U fyzické osoby se skládá ze jména a příjmení.")
    given_name = models.CharField("jméno", max_length=80, blank=True)
    family_name = models.CharField("příjmení", max_length=80, blank=True)
    birth_date = models.DateField("datum narození", null=True, blank=True)
    ic = models.CharField("IČO", max_length=8, blank=True)
    legal_form = models.CharField("právní forma", max_length=100, blank=True)
    street = models.CharField("ulice", max_length=120, blank=True)
    house_number = models.CharField("číslo popisné", max_length=12, blank=True)
    orientation_number = models.CharField("číslo orientační", max_length=12, blank=True)
    city = models.CharField("obec", max_length=120, blank=True)
    postal_code = models.CharField("PSČ", max_length=12, blank=True)
    country = models.CharField("stát", max_length=2, default="CZ")
    databox_id = models.CharField("datová schránka", max_length=7, blank=True)
    email = models.EmailField("e-mail", blank=True)
    phone = models.CharField("telefon", max_length=40, blank=True)
    source = models.CharField("zdroj", max_length=8, choices=Source, default=Source.TYPED)
    source_reference = models.CharField("označení ve zdroji", max_length=64, blank=True)
    identified_at = models.DateTimeField("ztotožněno", null=True, blank=True)
    verified_at = models.DateTimeField("ověřeno u zdroje", null=True, blank=True)
    merged_into = TenantForeignKey(
        "parties.Party", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    unlinked_since = models.DateField("bez vazby od", null=True, blank=True)
    # Of what an organisation records beyond příloha 8; records know the fields (NSESSS 9.1.1).
    own_values = models.JSONField("vlastní údaje", default=dict, db_default={}, blank=True)
    created_at = models.DateTimeField("zapsáno", auto_now_add=True)
    changed_at = models.DateTimeField("změněno", auto_now=True)
    sort_key = models.CharField(max_length=600, editable=False)
    search_key = models.TextField(editable=False)

    class Meta:
        verbose_name = "osoba jmenného rejstříku"
        verbose_name_plural = "jmenný rejstřík"
        constraints = [models.UniqueConstraint(fields=["tenant", "identifier"], name="parties_party_identifier")]
        indexes = [
            models.Index(fields=["tenant", "sort_key", "id"], name="parties_party_order"),
            models.Index(fields=["tenant", "ic"], name="parties_party_ic"),
            models.Index(fields=["tenant", "databox_id"], name="parties_party_databox"),
            models.Index(
                fields=["tenant", "source", "source_reference"],
                condition=~models.Q(source_reference=""),
                name="parties_party_source",
            ),
            models.Index(
                fields=["tenant", "merged_into"],
                condition=models.Q(merged_into__isnull=False),
                name="parties_party_merged",
            ),
            models.Index(
                fields=["tenant", "unlinked_since", "id"],
                condition=models.Q(unlinked_since__isnull=False),
                name="parties_party_unlinked",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_natural_person(self) -> bool:
        """Whether the facts are personal data whose every reading is logged."""
        return self.kind in (Kind.NATURAL, Kind.ENTREPRENEUR)

    @property
    def address(self) -> str:
        """The postal address on one line: „Dlouhá 12/3, 500 02 Sázava“."""
        numbers = "/".join(part for part in (self.house_number, self.orientation_number) if part)
        line = " ".join(part for part in (self.street or ("č. p." if numbers else ""), numbers) if part)
        town = " ".join(part for part in (_spaced(self.postal_code), self.city) if part)
        abroad = self.country if self.country != "CZ" else ""
        return ", ".join(part for part in (line, town, abroad) if part)

    def renew_keys(self) -> None:
        """Derive the order and the searched text from the facts; called before every save by the operations."""
        self.sort_key = czech.sort_key(f"{self.family_name} {self.given_name}".strip() or self.name)[:600]
        own = (form for value in self.own_values.values() for form in rules.words_of_own(value))
        facts = (self.name, self.ic, self.databox_id, self.city, self.street, self.email, *own)
        self.search_key = czech.without_diacritics(" ".join(facts)).casefold()


class PartyWord(TenantModel):
    """One word a party is found by. Row security lets an index answer how a word begins, not what a text contains."""

    party = TenantForeignKey(Party, on_delete=models.CASCADE, related_name="words")
    # In this order of letters the index answers how a word begins.
    word = models.CharField("slovo", max_length=60, db_collation="C")

    class Meta:
        verbose_name = "slovo jmenného rejstříku"
        verbose_name_plural = "slova jmenného rejstříku"
        indexes = [
            models.Index(fields=["tenant", "word", "party"], name="parties_word"),
            models.Index(fields=["tenant", "party"], name="parties_word_party"),
        ]

    def __str__(self) -> str:
        return self.word


class DestroyedParty(TenantModel):
    """The header of metadata that is left of a destroyed record (příloha 8); no personal data are in it."""

    identifier = models.CharField("identifikátor", max_length=50)
    kind = models.CharField("druh osoby", max_length=12, choices=Kind)
    destroyed_on = models.DateField("zničen")

    append_only = True

    class Meta:
        verbose_name = "zničený záznam jmenného rejstříku"
        verbose_name_plural = "zničené záznamy jmenného rejstříku"
        constraints = [models.UniqueConstraint(fields=["tenant", "identifier"], name="parties_destroyed_identifier")]

    def __str__(self) -> str:
        return self.identifier


class RegisterSettings(TenantModel):
    """How an originator keeps its register; one row.

    Days after which a record without any link is destroyed (NSESSS 2.8.15; empty: never), and whether changes come by
    the notification service of the base registers (2.8.12), with the marker up to which they were taken.
    """

    natural_days = models.PositiveIntegerField("lhůta pro fyzické osoby (dny)", null=True, blank=True)
    legal_days = models.PositiveIntegerField("lhůta pro právnické osoby (dny)", null=True, blank=True)
    uses_notifications = models.BooleanField("notifikace základních registrů", default=False)
    notification_marker = models.CharField("notifikace převzaté po", max_length=200, blank=True)

    class Meta:
        verbose_name = "nastavení jmenného rejstříku"
        verbose_name_plural = "nastavení jmenného rejstříku"
        constraints = [models.UniqueConstraint(fields=["tenant"], name="parties_settings_once")]

    def __str__(self) -> str:
        return "nastavení jmenného rejstříku"


class RoleRight(TenantModel):
    """A right of a role in the register (NSESSS 2.8.19). Without any row the defaults of permissions hold."""

    role = models.CharField("role", max_length=24)
    right = models.CharField("oprávnění", max_length=6)

    class Meta:
        verbose_name = "oprávnění v jmenném rejstříku"
        verbose_name_plural = "oprávnění v jmenném rejstříku"
        constraints = [models.UniqueConstraint(fields=["tenant", "role", "right"], name="parties_right_once")]

    def __str__(self) -> str:
        return f"{self.role}: {self.right}"


class DuplicateState(models.TextChoices):
    """What was decided of two records that may be of one person."""

    OPEN = "open", "k posouzení"
    MERGED = "merged", "sloučeno"
    APART = "apart", "různé osoby"


class Duplicate(TenantModel):
    """Two records that may be of one person (NSESSS 2.8.14); ``party`` is the older one.

    ``moved`` remembers what a merge changed, so that it can be taken back: keys of re-pointed links by table, and the
    facts that were filled in.
    """

    party = TenantForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    other = TenantForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("čím se shodují", max_length=250)
    state = models.CharField("stav", max_length=6, choices=DuplicateState, default=DuplicateState.OPEN)
    found_at = models.DateTimeField("zjištěno")
    found_by = models.CharField("zjistil", max_length=200, blank=True)
    decided_at = models.DateTimeField("rozhodnuto", null=True, blank=True)
    decided_by = models.CharField("rozhodl", max_length=200, blank=True)
    moved = models.JSONField("přesunuté vazby", default=dict)

    log_with = ("party", "other")

    class Meta:
        verbose_name = "dvojice podobných záznamů"
        verbose_name_plural = "dvojice podobných záznamů"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "party", "other"], name="parties_duplicate_once"),
            models.CheckConstraint(condition=models.Q(party__lt=models.F("other")), name="parties_duplicate_order"),
        ]
        indexes = [
            models.Index(fields=["tenant", "state", "-found_at"], name="parties_duplicate_state"),
            models.Index(fields=["tenant", "other"], name="parties_duplicate_other"),
        ]

    def __str__(self) -> str:
        return f"{self.party} a {self.other}"


def _spaced(postal_code: str) -> str:
    return f"{postal_code[:3]} {postal_code[3:]}" if len(postal_code) == 5 else postal_code
