"""The filing plan: its versions, classes and disposal regimes, and bulk re-sorting between classes."""

import uuid
from datetime import date

from django.db import models
from django.db.models import Q

from egon.jobs.runs.models import Run, RunItem
from egon.records.rules import labels
from egon.records.rules.plan import Separator
from egon.records.rules.retention import DisposalMark, Trigger
from egon.tenancy.models import TenantForeignKey, TenantModel


def exactly_one(*names: str) -> Q:
    """The condition that just one of the references is filled in."""
    found = Q()
    for name in names:
        found |= Q(**{f"{other}__isnull": other != name for other in names})
    return found


def new_identifier() -> str:
    """An identifier unique also among other systems (NSESSS 2.7.1); an imported entity keeps its own."""
    return str(uuid.uuid4())


class DisposalRegime(TenantModel):
    """A disposal regime (skartační režim): mark, period, triggering event. NSESSS 6.1.5, 6.1.6.

    Never changes once it is used; a withdrawn one stays where it is but is given to nothing new (6.1.1, 6.1.2).
    """

    identifier = models.CharField("identifikátor", max_length=50, default=new_identifier, editable=False)
    name = models.CharField("název", max_length=200)
    mark = models.CharField("skartační znak", max_length=1, choices=labels.choices(DisposalMark))
    years = models.PositiveSmallIntegerField("skartační lhůta")
    trigger = models.CharField("spouštěcí událost", max_length=12, choices=labels.choices(Trigger))
    event = models.CharField("vnější událost", max_length=200, blank=True)
    check_years = models.PositiveSmallIntegerField("lhůta kontroly události", null=True, blank=True)
    reason = models.TextField("odůvodnění", blank=True)
    withdrawn_on = models.DateField("znepřístupněn", null=True, blank=True)

    class Meta:
        verbose_name = "skartační režim"
        verbose_name_plural = "skartační režimy"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "identifier"], name="records_regime_identifier"),
            # NSESSS 6.1.6 písm. e): an external event needs the number of years after which it is asked about.
            models.CheckConstraint(
                condition=Q(trigger=Trigger.EXTERNAL.value, check_years__isnull=False)
                | (~Q(trigger=Trigger.EXTERNAL.value) & Q(check_years__isnull=True)),
                name="records_regime_check_years",
            ),
        ]

    def __str__(self) -> str:
        return self.written

    @property
    def written(self) -> str:
        """The regime as people write it: ``S/5``."""
        return f"{self.mark}/{self.years}"

    @property
    def runs_from(self) -> str:
        """From what the period runs, in Czech."""
        return self.event or Trigger(self.trigger).label


class FilingPlan(TenantModel):
    """A filing plan (spisový a skartační plán): the classes valid in a period. NSESSS 3.1.7.

    A draft is edited freely and holds no files; of the others just one has no end.
    """

    identifier = models.CharField("identifikátor", max_length=50, default=new_identifier, editable=False)
    name = models.CharField("název", max_length=200)
    description = models.TextField("popis", blank=True)
    valid_from = models.DateField("platí od")
    valid_to = models.DateField("platí do", null=True, blank=True)
    separator = models.CharField(
        "oddělovač", max_length=1, choices=labels.choices(Separator), default=Separator.DOT.value
    )
    draft = models.BooleanField("návrh", default=True)

    class Meta:
        verbose_name = "spisový a skartační plán"
        verbose_name_plural = "spisové a skartační plány"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "identifier"], name="records_plan_identifier"),
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(draft=False, valid_to__isnull=True), name="records_plan_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_valid(self, on: date) -> bool:
        """Whether the plan is in force on a day."""
        return not self.draft and self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class RecordClass(TenantModel):
    """A class of the plan (věcná skupina). Only a leaf has a disposal regime and holds files. NSESSS 3.1.1, 3.1.2."""

    identifier = models.CharField("identifikátor", max_length=50, default=new_identifier, editable=False)
    plan = TenantForeignKey("records.FilingPlan", on_delete=models.PROTECT, related_name="classes")
    parent = TenantForeignKey(
        "records.RecordClass", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    code = models.CharField("spisový znak", max_length=30)
    name = models.CharField("obsah", max_length=250)
    note = models.TextField("poznámka", blank=True)
    sort_key = models.CharField(max_length=300, editable=False)
    disposal_regime = TenantForeignKey(
        "records.DisposalRegime", on_delete=models.PROTECT, null=True, blank=True, related_name="classes"
    )
    holds_files = models.BooleanField("vkládají se spisy", default=False)
    for_typed_files = models.BooleanField("určena pro typové spisy", default=False)
    numbers_by_file = models.BooleanField(
        "čísla jednací ze spisové značky", default=False, help_text="Jinak se číslují průběžně v roce (NSESSS 2.7.4)."
    )
    standing_consent = models.BooleanField("trvalý skartační souhlas", default=False)
    converts_formats = models.BooleanField("při trvalém souhlasu se formáty převádějí", default=True)
    valid_from = models.DateField("otevřena od")
    valid_to = models.DateField("uzavřena ke dni", null=True, blank=True)
    successor = TenantForeignKey(
        "records.RecordClass", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors"
    )
    own_values = models.JSONField("vlastní údaje", default=dict, db_default={}, blank=True)

    class Meta:
        verbose_name = "věcná skupina"
        verbose_name_plural = "věcné skupiny"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "identifier"], name="records_class_identifier"),
            # NSESSS 3.1.11: codes are unique within one plan; a closed class leaves its code to its successor (6.1.1).
            models.UniqueConstraint(
                fields=["tenant", "plan", "code"], condition=Q(valid_to__isnull=True), name="records_class_code"
            ),
            models.CheckConstraint(
                condition=Q(holds_files=True, disposal_regime__isnull=False, for_typed_files=False)
                | Q(holds_files=False, disposal_regime__isnull=True),
                name="records_class_regime",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "plan", "sort_key"], name="records_class_order"),
            models.Index(fields=["tenant", "parent"], name="records_class_parent"),
            models.Index(fields=["tenant", "disposal_regime"], name="records_class_by_regime"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def regime(self) -> str:
        """``S/5`` or ``A/10``; empty for a class that only groups others."""
        return self.disposal_regime.written if self.disposal_regime else ""

    def is_open(self, on: date) -> bool:
        """Whether files may be put in on a day: the class is open and its plan in force (NSESSS 3.1.8)."""
        opened = self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
        return opened and self.plan.is_valid(on)


class Resorting(Run):
    """A bulk re-sorting of files between classes, done in the background. NSESSS 3.1.9, 3.2.14, 3.4.3, 6.1.1."""

    reason = models.CharField("důvod", max_length=250)
    include_closed = models.BooleanField("i uzavřené spisy", default=False)

    called = "Přetřídění"
    done_words = ("Přetříděno", "Nepřetříděno")

    class Meta:
        verbose_name = "hromadné přetřídění"
        verbose_name_plural = "hromadná přetřídění"
        indexes = [models.Index(fields=["tenant", "-started_at"], name="records_resorting_started")]

    def __str__(self) -> str:
        return f"hromadné přetřídění č. {self.pk}"


class ResortingItem(RunItem):
    """One file, or one typed file, of a bulk re-sorting: from where to where, and what became of it."""

    run = TenantForeignKey("records.Resorting", on_delete=models.PROTECT, related_name="items")
    file = TenantForeignKey("records.CaseFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    typed_file = TenantForeignKey(
        "records.TypedFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = TenantForeignKey("records.RecordClass", on_delete=models.PROTECT, related_name="+")
    target = TenantForeignKey("records.RecordClass", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "spis k přetřídění"
        verbose_name_plural = "spisy k přetřídění"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "run", "file"], name="records_resorting_once"),
            models.UniqueConstraint(fields=["tenant", "run", "typed_file"], name="records_resorting_typed_once"),
            models.CheckConstraint(condition=exactly_one("file", "typed_file"), name="records_resorting_of_one"),
        ]
        indexes = [models.Index(fields=["tenant", "run", "state", "id"], name="records_resorting_state")]

    def __str__(self) -> str:
        return str(self.file or self.typed_file)


class DisposalHold(TenantModel):
    """A hold of disposal (pozastavení skartační operace) over one thing with everything below it. NSESSS 6.1.13.

    ``LEVELS`` name what may be held: a class, a typed file, its section, its volume, a file.
    """

    LEVELS = ("record_class", "typed_file", "section", "volume", "file")

    record_class = TenantForeignKey(
        "records.RecordClass", on_delete=models.PROTECT, null=True, blank=True, related_name="holds"
    )
    typed_file = TenantForeignKey(
        "records.TypedFile", on_delete=models.PROTECT, null=True, blank=True, related_name="holds"
    )
    section = TenantForeignKey(
        "records.TypedSection", on_delete=models.PROTECT, null=True, blank=True, related_name="holds"
    )
    volume = TenantForeignKey("records.Volume", on_delete=models.PROTECT, null=True, blank=True, related_name="holds")
    file = TenantForeignKey("records.CaseFile", on_delete=models.PROTECT, null=True, blank=True, related_name="holds")
    reason = models.CharField("důvod", max_length=250)
    placed_on = models.DateField("pozastaveno")
    placed_by = models.CharField("pozastavil", max_length=200)
    lifted_on = models.DateField("zrušeno", null=True, blank=True)
    lifted_by = models.CharField("zrušil", max_length=200, blank=True)

    log_with = LEVELS

    class Meta:
        verbose_name = "pozastavení skartační operace"
        verbose_name_plural = "pozastavení skartačních operací"
        constraints = [
            models.CheckConstraint(
                condition=exactly_one("record_class", "typed_file", "section", "volume", "file"),
                name="records_hold_over_one",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "file"], name="records_hold_file"),
            models.Index(fields=["tenant", "record_class"], name="records_hold_class"),
            models.Index(fields=["tenant", "typed_file"], name="records_hold_typed"),
            models.Index(fields=["tenant", "section"], name="records_hold_section"),
            models.Index(fields=["tenant", "volume"], name="records_hold_volume"),
        ]

    def __str__(self) -> str:
        return f"pozastavení skartační operace: {self.reason}"
