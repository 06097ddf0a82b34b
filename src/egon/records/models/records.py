"""Files, documents with their components, and who may see them."""

from dataclasses import fields as fields_of

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from egon.records.models.plan import new_identifier
from egon.records.rules import labels
from egon.records.rules.components import ComponentForm, ComponentRole
from egon.records.rules.conversion import name_as
from egon.records.rules.disclosure import Disclosure
from egon.records.rules.joining import JoinedInto
from egon.records.rules.paper import LONGEST_ANNEXES, Carrier, PaperFacts
from egon.records.rules.parties import PartyRole
from egon.records.rules.retention import DisposalMark, Trigger
from egon.records.rules.settling import SettledHow
from egon.records.rules.states import Direction, DocumentState, FileState
from egon.tenancy.models import TenantForeignKey, TenantModel


class RecordsSettings(TenantModel):
    """How an originator numbers its records and what stands on its letters; one row an originator."""

    reference_format = models.CharField("tvar čísla jednacího", max_length=80, default="{code} {number}/{year} {unit}")
    file_mark_format = models.CharField("tvar spisové značky", max_length=80, default="S-{code} {number}/{year}")
    identifier_format = models.CharField("tvar identifikátoru", max_length=80, default="{code}-{year}-{number:06}")
    settled_by_closing = models.BooleanField("uzavření spis i vyřídí", default=True, db_default=True)
    destroys_withdrawn_after = models.PositiveSmallIntegerField(
        "znepřístupněné se zničí po dnech", null=True, blank=True
    )
    header_extras = models.JSONField("další údaje hlavičky", default=list, db_default=[], blank=True)
    allows_withdrawal = models.BooleanField("dokumenty a spisy jde znepřístupnit", default=True, db_default=True)
    joined_into = models.CharField(
        "spojené spisy patří do skupiny", max_length=5, choices=labels.choices(JoinedInto),
        default=JoinedInto.FIRST.value, db_default=JoinedInto.FIRST.value,
    )  # fmt: skip
    disclosed_by_address = models.CharField(
        "nepovolaný se dozví z přímého odkazu", max_length=9, choices=labels.choices(Disclosure),
        default=Disclosure.NOTHING.value, db_default=Disclosure.NOTHING.value,
    )  # fmt: skip
    disclosed_by_reference = models.CharField(
        "nepovolaný se dozví z křížového odkazu", max_length=9, choices=labels.choices(Disclosure),
        default=Disclosure.NOTHING.value, db_default=Disclosure.NOTHING.value,
    )  # fmt: skip
    disclosed_by_listing = models.CharField(
        "nepovolaný se dozví ze seznamu dokumentů spisu", max_length=9, choices=labels.choices(Disclosure),
        default=Disclosure.METADATA.value, db_default=Disclosure.METADATA.value,
    )  # fmt: skip
    disclosed_by_number = models.CharField(
        "nepovolaný se dozví z hledání čísla", max_length=9, choices=labels.choices(Disclosure),
        default=Disclosure.NOTHING.value, db_default=Disclosure.NOTHING.value,
    )  # fmt: skip
    address = models.TextField("adresa", blank=True, help_text="Po řádcích, jak má stát v záhlaví dopisu.")
    phone = models.CharField("telefon", max_length=40, blank=True)
    email = models.EmailField("e-mail", blank=True)
    web = models.CharField("web", max_length=80, blank=True)
    databox_id = models.CharField("datová schránka", max_length=7, blank=True)

    class Meta:
        verbose_name = "nastavení spisové služby"
        verbose_name_plural = "nastavení spisové služby"
        constraints = [models.UniqueConstraint(fields=["tenant"], name="records_settings_once")]

    def __str__(self) -> str:
        return "nastavení spisové služby"


class DocumentKind(TenantModel):
    """A kind of document (druh dokumentu): žádost, stížnost, faktura… NSESSS 4.2.1.

    A document has at most one (4.2.2). The regime of a kind never changes (4.2.4).
    """

    name = models.CharField("název", max_length=120)
    description = models.CharField("popis", max_length=500, blank=True, default="", db_default="")
    valid_from = models.DateField("používá se od")
    valid_to = models.DateField("používá se do", null=True, blank=True)
    disposal_regime = TenantForeignKey(
        "records.DisposalRegime", on_delete=models.PROTECT, null=True, blank=True, related_name="kinds"
    )

    class Meta:
        verbose_name = "druh dokumentu"
        verbose_name_plural = "druhy dokumentů"
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="records_kind_name")]

    def __str__(self) -> str:
        return self.name


class CaseFile(TenantModel):
    """A file (spis): all documents of one matter, with the disposal regime of its class. Vyhláška 259/2012 § 12."""

    identifier = models.CharField("identifikátor", max_length=40)
    file_mark = models.CharField("spisová značka", max_length=80)
    subject = models.CharField("stručný obsah", max_length=250)
    record_class = TenantForeignKey("records.RecordClass", on_delete=models.PROTECT, related_name="files")
    class_code = models.CharField("spisový znak", max_length=30)
    volume = TenantForeignKey(
        "records.Volume", on_delete=models.PROTECT, null=True, blank=True, related_name="files"
    )  # of a file in a typed file; its class is then the one of the typed file, its code that of the section
    disposal_mark = models.CharField("skartační znak", max_length=1, choices=labels.choices(DisposalMark))
    retention_years = models.PositiveSmallIntegerField("skartační lhůta")
    trigger = models.CharField("spouštěcí událost", max_length=12, choices=labels.choices(Trigger))
    numbers_by_file = models.BooleanField("čísla jednací ze spisové značky", default=False)
    unit = TenantForeignKey("registry.Unit", on_delete=models.PROTECT, related_name="+")
    processor = TenantForeignKey("registry.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    first_processor = TenantForeignKey(
        "registry.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    handed_over = models.BooleanField("předán jinému", default=False, db_default=False)
    state = models.CharField("stav", max_length=9, choices=labels.choices(FileState), default=FileState.OPEN.value)
    opened_on = models.DateField("založen")
    settled_on = models.DateField("vyřízen", null=True, blank=True)
    closed_on = models.DateField("uzavřen", null=True, blank=True)
    disposal_year = models.PositiveSmallIntegerField("rok zařazení do skartačního řízení", null=True, blank=True)
    resolved_mark = models.CharField(
        "skartační znak po vyřešení konfliktu", max_length=1, blank=True, default="", db_default="",
        choices=labels.choices(DisposalMark),
    )  # fmt: skip
    check_years = models.PositiveSmallIntegerField("lhůta kontroly spouštěcí události", null=True, blank=True)
    trigger_year = models.PositiveSmallIntegerField("rok spouštěcí události", null=True, blank=True)
    trigger_check_year = models.PositiveSmallIntegerField("rok kontroly spouštěcí události", null=True, blank=True)
    last_order = models.PositiveIntegerField("poslední pořadové číslo", default=0)
    restricted_because = models.CharField("vyhrazen, protože", max_length=250, blank=True, default="", db_default="")
    own_values = models.JSONField("vlastní údaje", default=dict, db_default={}, blank=True)

    class Meta:
        verbose_name = "spis"
        verbose_name_plural = "spisy"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "identifier"], name="records_file_identifier"),
            models.UniqueConstraint(fields=["tenant", "file_mark"], name="records_file_mark"),
            models.CheckConstraint(
                condition=~Q(state=FileState.CLOSED.value) | Q(closed_on__isnull=False), name="records_file_closed_on"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-opened_on", "-id"], name="records_file_opened"),
            models.Index(fields=["tenant", "unit", "-opened_on"], include=["state"], name="records_file_unit"),
            models.Index(fields=["tenant", "state", "-opened_on"], name="records_file_state"),
            models.Index(fields=["tenant", "processor", "state"], include=["id"], name="records_file_processed"),
            models.Index(fields=["tenant", "record_class", "opened_on"], name="records_file_class"),
            models.Index(fields=["tenant", "class_code", "id"], name="records_file_code"),
            models.Index(fields=["tenant", "volume"], condition=Q(volume__isnull=False), name="records_file_volume"),
            models.Index(
                fields=["tenant", "trigger_check_year", "closed_on"],
                condition=Q(state=FileState.CLOSED.value, disposal_year__isnull=True),
                name="records_file_awaiting",
            ),
            # Every list leaves restricted files out; there are few of them.
            models.Index(fields=["tenant", "id"], condition=~Q(restricted_because=""), name="records_file_restricted"),
        ]

    def __str__(self) -> str:
        return self.file_mark

    @property
    def regime(self) -> str:
        """The disposal regime as people write it: ``S/5``."""
        return f"{self.disposal_mark}/{self.retention_years}"

    def is_restricted(self) -> bool:
        """Whether only named people see it (vyhrazený spis)."""
        return self.restricted_because != ""

    @property
    def final_mark(self) -> str:
        """The mark that counts at disposal: the result of a conflict of regimes, otherwise the file's own (6.1.8)."""
        return self.resolved_mark or self.disposal_mark


class Document(TenantModel):
    """A document: received, outgoing or internal. Vyhláška 259/2012 § 10 odst. 2; NSESSS 2.1.2, 2.1.5."""

    identifier = models.CharField("identifikátor", max_length=40)
    reference_number = models.CharField("číslo jednací", max_length=100)
    numbered_by_file = models.BooleanField("číslo jednací ze spisové značky", default=False, db_default=False)
    serial_number = models.PositiveIntegerField("pořadové číslo v období", null=True, blank=True)
    direction = models.CharField("směr", max_length=8, choices=labels.choices(Direction))
    kind = TenantForeignKey("records.DocumentKind", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    subject = models.CharField("věc", max_length=250)
    unit = TenantForeignKey("registry.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    holder = TenantForeignKey("registry.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    first_processor = TenantForeignKey(
        "registry.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    handed_over = models.BooleanField("předán jinému", default=False, db_default=False)
    was_filed = models.BooleanField("byl ve spisu", default=False, db_default=False)
    case_file = TenantForeignKey(
        "records.CaseFile", on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    order_in_file = models.PositiveIntegerField("pořadí ve spisu", null=True, blank=True)
    state = models.CharField("stav", max_length=12, choices=labels.choices(DocumentState))
    channel = models.CharField("způsob doručení", max_length=20, blank=True)
    delivered_at = models.DateTimeField("doručeno", null=True, blank=True)
    registered_at = models.DateTimeField("zaevidováno")
    created_on = models.DateField("vytvořeno", null=True, blank=True)
    sender = TenantForeignKey("parties.Party", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sender_reference = models.CharField("značka odesílatele", max_length=100, blank=True)
    deadline = models.DateField("termín", null=True, blank=True)
    note = models.TextField("poznámka", blank=True)
    replies_to = TenantForeignKey(
        "records.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="replies"
    )
    component_count = models.PositiveIntegerField("počet komponent", default=0)
    settled_on = models.DateField("vyřízeno", null=True, blank=True)
    settled_how = models.CharField("způsob vyřízení", max_length=12, blank=True, choices=labels.choices(SettledHow))
    settled_note = models.TextField("záznam o vyřízení", blank=True)
    # Values of own metadata by the key of their field: read with the row, so they cost no query (ADR 14).
    own_values = models.JSONField("vlastní údaje", default=dict, db_default={}, blank=True)

    class Meta:
        verbose_name = "dokument"
        verbose_name_plural = "dokumenty"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "identifier"], name="records_document_identifier"),
            models.UniqueConstraint(fields=["tenant", "reference_number"], name="records_document_reference"),
            models.UniqueConstraint(fields=["tenant", "case_file", "order_in_file"], name="records_document_order"),
        ]
        indexes = [
            models.Index(fields=["tenant", "-registered_at", "-id"], name="records_doc_registered"),
            # With the state included the index alone counts what a unit has.
            models.Index(fields=["tenant", "unit", "-registered_at"], include=["state"], name="records_doc_unit"),
            # With the columns included the index alone says what a holder sees.
            models.Index(fields=["tenant", "holder", "state"], include=["id", "case_file"], name="records_doc_held"),
            models.Index(fields=["tenant", "state", "-registered_at"], name="records_doc_state"),
            # What is rare is not found by walking from the newest; most documents stay out of it.
            models.Index(
                fields=["tenant", "direction", "-registered_at"],
                condition=~Q(direction=Direction.RECEIVED.value),
                name="records_doc_direction",
            ),
            models.Index(fields=["tenant", "sender"], name="records_doc_sender"),
            models.Index(
                fields=["tenant", "kind", "-registered_at"], condition=Q(kind__isnull=False), name="records_doc_kind"
            ),
            models.Index(fields=["tenant", "replies_to"], name="records_doc_replies"),
            models.Index(fields=["tenant", "settled_on"], name="records_doc_settled"),
            models.Index(fields=["tenant", "deadline", "id"], name="records_doc_deadline"),
            # What is late is counted on every desk: with these columns the index alone says who sees it.
            models.Index(
                fields=["tenant", "deadline"],
                include=["id", "direction", "state", "unit", "holder", "case_file"],
                condition=Q(settled_on__isnull=True),
                name="records_doc_late",
            ),
        ]

    def __str__(self) -> str:
        return self.reference_number

    def places(self) -> "list[CaseFile]":
        """The file it is in; when it was withdrawn and not put back, the one whose restrictions hold over it still.

        One query, and none of what was never filed.
        """
        if self.case_file is not None or not self.was_filed:
            return [self.case_file] if self.case_file else []
        left = CaseFile.objects.filter(withdrawn_documents__document=self, withdrawn_documents__put_back=False)
        return list(left.order_by("pk").distinct())

    def is_restricted(self) -> bool:
        """Whether only those in it in person see it: by its file, or by the one it was withdrawn from."""
        return any(file.is_restricted() for file in self.places())


class FormerNumber(TenantModel):
    """A reference number that a document had before it was moved to another file; it stays findable. NSESSS 3.4.8."""

    document = TenantForeignKey("records.Document", on_delete=models.PROTECT, related_name="former_numbers")
    reference_number = models.CharField("dřívější číslo jednací", max_length=100)
    replaced_at = models.DateTimeField("do")

    class Meta:
        verbose_name = "dřívější číslo jednací"
        verbose_name_plural = "dřívější čísla jednací"
        ordering = ["replaced_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "reference_number"], name="records_former_reference"),
        ]
        indexes = [models.Index(fields=["tenant", "document"], name="records_former_document")]

    def __str__(self) -> str:
        return self.reference_number


class PaperPart(TenantModel):
    """The analogue part of a document; a document without one is digital. Vyhláška 259/2012 § 3 odst. 3, § 10 odst. 2.

    Where it is, circulation knows; the log tells what was written here before.
    """

    document = TenantForeignKey("records.Document", on_delete=models.PROTECT, related_name="paper_parts")
    carrier = models.CharField("nosič", max_length=8, choices=labels.choices(Carrier))
    sheets = models.PositiveIntegerField("počet listů", default=0)
    annexes = models.PositiveIntegerField("počet listinných příloh", default=0)
    bundles = models.PositiveIntegerField("počet svazků", default=0)
    other_annexes = models.PositiveIntegerField("počet nelistinných příloh", default=0)
    other_annexes_note = models.CharField("popis nelistinných příloh", max_length=LONGEST_ANNEXES, blank=True)

    log_with = ("document",)

    class Meta:
        verbose_name = "analogová část dokumentu"
        verbose_name_plural = "analogové části dokumentů"
        constraints = [models.UniqueConstraint(fields=["tenant", "document"], name="records_paper_once")]

    def __str__(self) -> str:
        return Carrier(self.carrier).label

    @property
    def facts(self) -> PaperFacts:
        """What is written down of it."""
        return PaperFacts(**{field.name: getattr(self, field.name) for field in fields_of(PaperFacts)})


class Addressee(TenantModel):
    """To whom an outgoing document goes. Name and address are kept as they were written on the letter."""

    document = TenantForeignKey("records.Document", on_delete=models.PROTECT, related_name="addressees")
    party = TenantForeignKey("parties.Party", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField("jméno nebo název", max_length=250)
    address = models.TextField("adresa", blank=True)
    databox_id = models.CharField("datová schránka", max_length=7, blank=True)
    state = models.CharField("stav doručení", max_length=12, blank=True)
    dispatched_at = models.DateTimeField("odesláno", null=True, blank=True)
    sent_by = models.CharField("způsob odeslání", max_length=20, blank=True, default="", db_default="")
    delivered_at = models.DateTimeField("doručeno", null=True, blank=True)

    class Meta:
        verbose_name = "adresát"
        verbose_name_plural = "adresáti"
        indexes = [
            models.Index(fields=["tenant", "document"], name="records_addressee_document"),
            models.Index(fields=["tenant", "party"], name="records_addressee_party"),
        ]

    def __str__(self) -> str:
        return self.name


class PartyLink(TenantModel):
    """Another person of the jmenný rejstřík in a document or a file. NSESSS 2.8.3, 2.8.5."""

    document = TenantForeignKey(
        "records.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="party_links"
    )
    file = TenantForeignKey(
        "records.CaseFile", on_delete=models.PROTECT, null=True, blank=True, related_name="party_links"
    )
    party = TenantForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    role = models.CharField("role", max_length=14, choices=labels.choices(PartyRole))
    note = models.CharField("poznámka", max_length=250, blank=True)
    linked_at = models.DateTimeField("zapsáno")
    linked_by = models.CharField("zapsal", max_length=200)

    log_with = ("document", "file", "party")

    class Meta:
        verbose_name = "vazba na osobu"
        verbose_name_plural = "vazby na osoby"
        constraints = [
            models.CheckConstraint(
                condition=Q(document__isnull=True, file__isnull=False) | Q(document__isnull=False, file__isnull=True),
                name="records_link_to_one",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "document"], name="records_link_document"),
            models.Index(fields=["tenant", "file"], name="records_link_file"),
            models.Index(fields=["tenant", "party"], name="records_link_party"),
        ]

    def __str__(self) -> str:
        return f"{self.party} ({self.get_role_display()})"


class Component(TenantModel):
    """A component: one digital part of a document; its content lives in numbered versions. NSESSS 2.1.1, 2.1.2."""

    identifier = models.CharField(
        "identifikátor", max_length=50, default=new_identifier, editable=False,
        db_default=Cast(RandomUUID(), models.CharField()),
    )  # fmt: skip
    document = TenantForeignKey("records.Document", on_delete=models.PROTECT, related_name="components")
    name = models.CharField("název", max_length=255)
    media_type = models.CharField("typ obsahu", max_length=120)
    role = models.CharField("úloha", max_length=10, choices=labels.choices(ComponentRole))
    position = models.PositiveIntegerField("pořadí")
    removed_at = models.DateTimeField("odebrána", null=True, blank=True)
    own_values = models.JSONField("vlastní údaje", default=dict, db_default={}, blank=True)
    kept_format = models.CharField("formát zničené", max_length=210, blank=True, default="", db_default="")
    destroyed_at = models.DateTimeField("zničena", null=True, blank=True)

    class Meta:
        verbose_name = "komponenta"
        verbose_name_plural = "komponenty"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "document", "position"], name="records_component_position"),
            models.UniqueConstraint(fields=["tenant", "identifier"], name="records_component_identifier"),
        ]

    def __str__(self) -> str:
        return self.name


class ComponentVersion(TenantModel):
    """One state of a component's content. Never changed; what is newer has a higher number."""

    component = TenantForeignKey("records.Component", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("verze")
    digest = models.CharField("otisk SHA-256", max_length=64)
    size = models.BigIntegerField("velikost v bajtech")
    media_type = models.CharField("typ obsahu", max_length=120)
    format_id = models.CharField("formát podle PRONOM", max_length=40, blank=True)
    format_name = models.CharField("formát", max_length=160, blank=True)
    form = models.CharField("forma", max_length=8, choices=labels.choices(ComponentForm))
    source_text = models.TextField("text, z něhož vznikla", blank=True)
    comment = models.CharField("co se změnilo", max_length=250, blank=True, default="", db_default="")
    created_at = models.DateTimeField("vytvořena")
    created_by = TenantForeignKey("registry.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "verze komponenty"
        verbose_name_plural = "verze komponent"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "component", "number"], name="records_version_number"),
        ]
        indexes = [models.Index(fields=["tenant", "digest"], name="records_version_digest")]

    def __str__(self) -> str:
        return f"verze {self.number}"

    @property
    def file_name(self) -> str:
        """Under what name it is taken away: the component's, with the suffix of what a conversion made of it."""
        return name_as(self.component.name, self.media_type, is_output=self.form == ComponentForm.OUTPUT)


class DocumentAccess(TenantModel):
    """A unit or a person who may see a document beside those who work on it (rozdělovník, k vyjádření)."""

    document = TenantForeignKey("records.Document", on_delete=models.PROTECT, related_name="accesses")
    unit = TenantForeignKey("registry.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = TenantForeignKey("registry.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("důvod", max_length=250)
    granted_at = models.DateTimeField("od")

    class Meta:
        verbose_name = "přístup k dokumentu"
        verbose_name_plural = "přístupy k dokumentům"
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, person__isnull=True) | Q(unit__isnull=True, person__isnull=False),
                name="records_access_to_one",
            ),
            models.UniqueConstraint(
                fields=["tenant", "document", "unit", "person"], nulls_distinct=False, name="records_access_once"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "unit", "document"], name="records_access_unit"),
            models.Index(fields=["tenant", "person", "document"], name="records_access_person"),
        ]

    def __str__(self) -> str:
        return str(self.unit or self.person)


class DocumentTemplate(TenantModel):
    """A template of a letter; the text may contain the placeholders listed in :mod:`egon.records.rules.templates`."""

    name = models.CharField("název", max_length=120)
    subject = models.CharField("věc", max_length=250, blank=True)
    body = models.TextField("text")
    active = models.BooleanField("používá se", default=True)

    class Meta:
        verbose_name = "šablona dokumentu"
        verbose_name_plural = "šablony dokumentů"
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="records_template_name")]

    def __str__(self) -> str:
        return self.name


class TemplateVersion(TenantModel):
    """One state of a template; the newest is what letters are made from, an older one may be taken back."""

    template = TenantForeignKey("records.DocumentTemplate", on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField("verze")
    subject = models.CharField("věc", max_length=250, blank=True)
    body = models.TextField("text")
    saved_at = models.DateTimeField("uložena")
    saved_by = models.CharField("uložil", max_length=200)

    log_with = ("template",)

    class Meta:
        verbose_name = "verze šablony"
        verbose_name_plural = "verze šablon"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "template", "number"], name="records_template_version"),
        ]

    def __str__(self) -> str:
        return f"verze {self.number}"
