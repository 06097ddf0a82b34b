"""Typed files (typové spisy): templates on classes of the plan, typed files, their sections and volumes."""

from django.db import models
from django.db.models import Q

from egon.records.models.plan import new_identifier
from egon.records.rules import labels
from egon.records.rules.retention import DisposalMark, Trigger
from egon.records.rules.typed import Period, TypedState, VolumeState, written_period
from egon.tenancy.models import TenantForeignKey, TenantModel


class TemplateSection(TenantModel):
    """A section (součást) of the template of a class for typed files. NSESSS 3.3.5, 3.3.6, příloha 8.

    Only a leaf has a regime and a period of its volumes. What is used changes in its name and period alone (3.3.8).
    """

    identifier = models.CharField("identifikátor", max_length=50, default=new_identifier, editable=False)
    record_class = TenantForeignKey("records.RecordClass", on_delete=models.PROTECT, related_name="template_sections")
    parent = TenantForeignKey(
        "records.TemplateSection", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    code = models.CharField("spisový znak", max_length=30)
    name = models.CharField("název", max_length=250)
    sort_key = models.CharField(max_length=300, editable=False)
    disposal_regime = TenantForeignKey(
        "records.DisposalRegime", on_delete=models.PROTECT, null=True, blank=True, related_name="template_sections"
    )
    period = models.CharField("období dílu", max_length=8, choices=labels.choices(Period), blank=True)
    period_years = models.PositiveSmallIntegerField("období dílu v letech", null=True, blank=True)
    numbers_by_file = models.BooleanField("čísla jednací ze spisové značky", default=False)
    standing_consent = models.BooleanField("trvalý skartační souhlas", default=False)
    converts_formats = models.BooleanField("při trvalém souhlasu se formáty převádějí", default=True)

    log_with = ("record_class",)

    class Meta:
        verbose_name = "součást šablony typového spisu"
        verbose_name_plural = "součásti šablon typových spisů"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "identifier"], name="records_template_sec_identifier"),
            models.UniqueConstraint(fields=["tenant", "record_class", "code"], name="records_template_sec_code"),
            models.CheckConstraint(
                condition=Q(disposal_regime__isnull=True, period="")
                | (Q(disposal_regime__isnull=False) & ~Q(period="")),
                name="records_template_sec_leaf",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "parent"], name="records_template_sec_parent"),
            models.Index(fields=["tenant", "disposal_regime"], name="records_template_sec_regime"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def is_leaf(self) -> bool:
        """Whether it holds volumes, and no other sections."""
        return self.disposal_regime_id is not None

    @property
    def regime(self) -> str:
        """``S/5``; empty for a section that only groups others."""
        return self.disposal_regime.written if self.disposal_regime else ""

    @property
    def written_period(self) -> str:
        """The period of volumes as people write it."""
        return written_period(self.period, self.period_years)


class SectionMapping(TenantModel):
    """Into which section of another class's template a section goes when typed files are re-sorted. NSESSS 3.3.4."""

    source = TenantForeignKey("records.TemplateSection", on_delete=models.PROTECT, related_name="mapped_to")
    target = TenantForeignKey("records.TemplateSection", on_delete=models.PROTECT, related_name="mapped_from")

    class Meta:
        verbose_name = "přiřazení součástí šablon"
        verbose_name_plural = "přiřazení součástí šablon"
        constraints = [models.UniqueConstraint(fields=["tenant", "source", "target"], name="records_mapping_once")]
        indexes = [models.Index(fields=["tenant", "target"], name="records_mapping_target")]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class TypedFile(TenantModel):
    """A typed file (typový spis), made from the template of its class. It has no disposal regime. NSESSS 3.3.1, 3.3.17.

    Into a ``shared`` one everybody who works with documents may put files, also of other units.
    """

    identifier = models.CharField("identifikátor", max_length=40)
    name = models.CharField("název", max_length=250)
    record_class = TenantForeignKey("records.RecordClass", on_delete=models.PROTECT, related_name="typed_files")
    class_code = models.CharField("spisový znak", max_length=30)
    unit = TenantForeignKey("registry.Unit", on_delete=models.PROTECT, related_name="+")
    processor = TenantForeignKey("registry.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    shared = models.BooleanField("spisy do něj zakládají i jiné útvary", default=False)
    state = models.CharField("stav", max_length=6, choices=labels.choices(TypedState), default=TypedState.OPEN.value)
    opened_on = models.DateField("založen")
    closed_on = models.DateField("uzavřen", null=True, blank=True)
    own_values = models.JSONField("vlastní údaje", default=dict, db_default={}, blank=True)

    class Meta:
        verbose_name = "typový spis"
        verbose_name_plural = "typové spisy"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "identifier"], name="records_typed_identifier"),
            models.CheckConstraint(
                condition=Q(state=TypedState.OPEN.value, closed_on__isnull=True)
                | Q(state=TypedState.CLOSED.value, closed_on__isnull=False),
                name="records_typed_closed_on",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "name", "id"], name="records_typed_name"),
            models.Index(fields=["tenant", "record_class", "state"], name="records_typed_class"),
            models.Index(fields=["tenant", "unit"], name="records_typed_unit"),
            models.Index(fields=["tenant", "processor"], name="records_typed_processor"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """What names it where its name, which may be a person's, must not stand: the identifier."""
        return self.identifier

    @property
    def is_open(self) -> bool:
        """Whether files may come in."""
        return self.state == TypedState.OPEN


class TypedSection(TenantModel):
    """A section (součást) of a typed file: either other sections or volumes are in it. NSESSS 3.3.3.

    Its code, name and regime are those of the section of the template it was made from.
    """

    identifier = models.CharField("identifikátor", max_length=50, default=new_identifier, editable=False)
    typed_file = TenantForeignKey("records.TypedFile", on_delete=models.PROTECT, related_name="sections")
    parent = TenantForeignKey(
        "records.TypedSection", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    template = TenantForeignKey("records.TemplateSection", on_delete=models.PROTECT, related_name="sections")
    state = models.CharField("stav", max_length=6, choices=labels.choices(TypedState), default=TypedState.OPEN.value)
    opened_on = models.DateField("vytvořena")
    closed_on = models.DateField("uzavřena", null=True, blank=True)
    own_values = models.JSONField("vlastní údaje", default=dict, db_default={}, blank=True)

    log_with = ("typed_file",)

    class Meta:
        verbose_name = "součást typového spisu"
        verbose_name_plural = "součásti typových spisů"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "identifier"], name="records_section_identifier"),
            models.UniqueConstraint(fields=["tenant", "typed_file", "template"], name="records_section_once"),
        ]
        indexes = [
            models.Index(fields=["tenant", "template"], name="records_section_template"),
            models.Index(fields=["tenant", "parent"], name="records_section_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.typed_file}: {self.template}"

    @property
    def full_name(self) -> str:
        """The identifier of the typed file and the code of the section: no name, which may be a person's."""
        return f"{self.typed_file.identifier}, {self.template.code}"

    @property
    def is_open(self) -> bool:
        """Whether files may come in."""
        return self.state == TypedState.OPEN


class Volume(TenantModel):
    """A volume (díl): files of a section from one period, disposed of together. NSESSS 3.3.14, 3.3.19, příloha 8.

    The regime is the section's at the time of opening. Of a destroyed one only the header is left.
    """

    identifier = models.CharField("identifikátor", max_length=50, default=new_identifier, editable=False)
    section = TenantForeignKey("records.TypedSection", on_delete=models.PROTECT, related_name="volumes")
    number = models.PositiveIntegerField("pořadí")
    state = models.CharField("stav", max_length=9, choices=labels.choices(VolumeState), default=VolumeState.OPEN.value)
    opened_on = models.DateField("založen", null=True, blank=True)
    ends_on = models.DateField("poslední den období", null=True, blank=True)
    closed_on = models.DateField("uzavřen", null=True, blank=True)
    disposal_mark = models.CharField("skartační znak", max_length=1, blank=True, choices=labels.choices(DisposalMark))
    retention_years = models.PositiveSmallIntegerField("skartační lhůta", null=True, blank=True)
    trigger = models.CharField("spouštěcí událost", max_length=12, blank=True, choices=labels.choices(Trigger))
    check_years = models.PositiveSmallIntegerField("lhůta kontroly spouštěcí události", null=True, blank=True)
    trigger_year = models.PositiveSmallIntegerField("rok spouštěcí události", null=True, blank=True)
    resolved_mark = models.CharField(
        "skartační znak po vyřešení konfliktu", max_length=1, blank=True, choices=labels.choices(DisposalMark)
    )
    disposal_year = models.PositiveSmallIntegerField("rok vyřazení", null=True, blank=True)
    paper_note = models.CharField("poznámka k listinám", max_length=250, blank=True)  # where they lie: StoredPaper
    own_values = models.JSONField("vlastní údaje", default=dict, db_default={}, blank=True)
    destroyed_on = models.DateField("zničen", null=True, blank=True)
    destroyed_why = models.CharField("důvod zničení", max_length=250, blank=True)

    log_with = ("section",)

    class Meta:
        verbose_name = "díl typového spisu"
        verbose_name_plural = "díly typových spisů"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "identifier"], name="records_volume_identifier"),
            models.UniqueConstraint(fields=["tenant", "section", "number"], name="records_volume_number"),
            # NSESSS 3.3.3 písm. c): just one open volume; that there is one is kept by the operations.
            models.UniqueConstraint(
                fields=["tenant", "section"], condition=Q(state=VolumeState.OPEN.value), name="records_volume_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state=VolumeState.DESTROYED.value, destroyed_on__isnull=False)
                | Q(opened_on__isnull=False, ends_on__isnull=False, retention_years__isnull=False),
                name="records_volume_header",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "ends_on"], condition=Q(state=VolumeState.OPEN.value), name="records_volume_ending"
            )
        ]

    def __str__(self) -> str:
        return f"díl {self.number}"

    @property
    def full_name(self) -> str:
        """The identifier of the typed file, the code of the section, the number: no name, which may be a person's."""
        return f"{self.section.full_name}, {self}"

    @property
    def regime(self) -> str:
        """``S/5``; empty for a destroyed one."""
        return f"{self.disposal_mark}/{self.retention_years}" if self.disposal_mark else ""

    @property
    def final_mark(self) -> str:
        """The mark that counts at disposal (NSESSS 6.1.8)."""
        return self.resolved_mark or self.disposal_mark
