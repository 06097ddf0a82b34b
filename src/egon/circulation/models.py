"""Tables of circulation: who handed what to whom, who approves, what went to many units at once."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import F, Q

from egon.circulation.agenda_rules import KIND_NAMES
from egon.circulation.route_rules import (
    ANSWER_NAMES,
    ROUTE_STATE_NAMES,
    STEP_STATE_NAMES,
    RouteState,
    StepPurpose,
    StepState,
)
from egon.circulation.route_rules import PURPOSE_NAMES as STEP_PURPOSE_NAMES
from egon.circulation.rules import (
    APPROVAL_STATE_NAMES,
    HANDOVER_STATE_NAMES,
    PURPOSE_NAMES,
    ApprovalState,
    HandoverState,
    Purpose,
)
from egon.jobs.runs.models import Run, RunItem
from egon.jobs.runs.states import RunState
from egon.registry.models import ROLE_CHOICES
from egon.tenancy.models import TenantForeignKey, TenantModel


def _choices(names: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(str(value), name) for value, name in names.items()]


# A hand-over, a route, and each of its steps, is of a document or of a file.
_OF_ONE = Q(document__isnull=True, file__isnull=False) | Q(document__isnull=False, file__isnull=True)


class Distribution(TenantModel):
    """One document sent to several units at once (oběžník), to be taken over by a deadline."""

    log_with = ("document",)

    document = TenantForeignKey("records.Document", on_delete=models.PROTECT, related_name="distributions")
    created_by = TenantForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("rozesláno")
    deadline = models.DateField("převzít do", null=True, blank=True)
    instruction = models.TextField("pokyn", blank=True)

    class Meta:
        verbose_name = "oběžník"
        verbose_name_plural = "oběžníky"
        indexes = [
            models.Index(fields=["tenant", "-created_at"], name="circulation_distribution_new"),
            models.Index(fields=["tenant", "document"], name="circulation_distribution_doc"),
        ]

    def __str__(self) -> str:
        return f"oběžník {self.document}"


class Handover(TenantModel):
    """Handing a document or a whole file to a unit or person (předání a převzetí, NSESSS 2.7.5, 2.7.6).

    ``passed_on_from``: the circular passed on in a unit, or the hand-over of the file with which a document came.
    ``noted_at``: when the sender took note that the file came back; documents tell it by where they are.
    """

    log_with = ("document", "file")

    document = TenantForeignKey("records.Document", on_delete=models.PROTECT, null=True, related_name="handovers")
    file = TenantForeignKey("records.CaseFile", on_delete=models.PROTECT, null=True, related_name="handovers")
    purpose = models.CharField("účel", max_length=12, choices=_choices(PURPOSE_NAMES), default=Purpose.PROCESSING.value)
    state = models.CharField(
        "stav", max_length=10, choices=_choices(HANDOVER_STATE_NAMES), default=HandoverState.WAITING.value
    )
    from_person = TenantForeignKey("registry.Person", on_delete=models.PROTECT, null=True, related_name="+")
    from_unit = TenantForeignKey("registry.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    to_unit = TenantForeignKey("registry.Unit", on_delete=models.PROTECT, related_name="+")
    to_person = TenantForeignKey("registry.Person", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField("pokyn", blank=True)
    deadline = models.DateField("termín", null=True, blank=True)
    created_at = models.DateTimeField("předáno")
    decided_at = models.DateTimeField("převzato, vráceno nebo odvoláno", null=True)
    decided_by = TenantForeignKey("registry.Person", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField("důvod vrácení", blank=True)
    distribution = TenantForeignKey(Distribution, on_delete=models.PROTECT, null=True, related_name="handovers")
    passed_on_from = TenantForeignKey("self", on_delete=models.PROTECT, null=True, related_name="passed_on")
    noted_at = models.DateTimeField("vrácení vzato na vědomí", null=True)

    class Meta:
        verbose_name = "předání"
        verbose_name_plural = "předání"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "document"],
                condition=Q(state=HandoverState.WAITING, purpose=Purpose.PROCESSING),
                name="circulation_one_waiting_for_processing",
            ),
            models.UniqueConstraint(
                fields=["tenant", "file"],
                condition=Q(state=HandoverState.WAITING),
                name="circulation_one_waiting_of_file",
            ),
            models.CheckConstraint(condition=_OF_ONE, name="circulation_handover_of_one"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "to_unit", "created_at"],
                condition=Q(state=HandoverState.WAITING),
                name="circulation_waiting_unit",
            ),
            models.Index(
                fields=["tenant", "to_person", "created_at"],
                condition=Q(state=HandoverState.WAITING),
                name="circulation_waiting_person",
            ),
            models.Index(
                fields=["tenant", "from_unit"],
                condition=Q(state=HandoverState.WAITING),
                name="circulation_waiting_from",
            ),
            models.Index(
                fields=["tenant", "from_person", "decided_at"],
                condition=Q(state=HandoverState.RETURNED),
                name="circulation_returned",
            ),
            models.Index(fields=["tenant", "document", "created_at"], name="circulation_handover_doc"),
            models.Index(
                fields=["tenant", "file", "created_at"],
                condition=Q(file__isnull=False),
                name="circulation_handover_file",
            ),
            models.Index(
                fields=["tenant", "decided_by", "decided_at"],
                condition=Q(state=HandoverState.TAKEN, purpose=Purpose.INFORMATION, to_person__isnull=True),
                name="circulation_to_hand_on",
            ),
            models.Index(fields=["tenant", "distribution"], name="circulation_handover_distr"),
            models.Index(fields=["tenant", "passed_on_from"], name="circulation_handover_passed"),
        ]

    def __str__(self) -> str:
        return f"{self.entity} → {self.addressee}"

    @property
    def entity(self) -> Any:
        """The document or the file that is handed over."""
        return self.document if self.document_id is not None else self.file

    @property
    def addressee(self) -> str:
        """To whom it was handed, for people."""
        return str(self.to_person or self.to_unit)


class Approval(TenantModel):
    """A draft shown to the one who approves it (schvalování); a return starts another round."""

    log_with = ("document",)

    document = TenantForeignKey("records.Document", on_delete=models.PROTECT, related_name="approvals")
    round = models.PositiveSmallIntegerField("kolo")
    requested_by = TenantForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    approver = TenantForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        "stav", max_length=10, choices=_choices(APPROVAL_STATE_NAMES), default=ApprovalState.WAITING.value
    )
    requested_at = models.DateTimeField("předloženo")
    note = models.TextField("průvodní slovo", blank=True)
    decided_at = models.DateTimeField("rozhodnuto", null=True)
    decided_by = TenantForeignKey("registry.Person", on_delete=models.PROTECT, null=True, related_name="+")
    comment = models.TextField("vyjádření", blank=True)

    class Meta:
        verbose_name = "schválení"
        verbose_name_plural = "schválení"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "document", "round"], name="circulation_approval_round"),
            models.UniqueConstraint(
                fields=["tenant", "document"],
                condition=Q(state=ApprovalState.WAITING),
                name="circulation_one_waiting_approval",
            ),
            models.CheckConstraint(
                condition=~Q(requested_by=F("approver")), name="circulation_approved_by_another_person"
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "approver", "requested_at"],
                condition=Q(state=ApprovalState.WAITING),
                name="circulation_approval_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.document}, {self.round}. kolo"


class RouteStop(TenantModel):
    """What a step of a route and a step of a template have in common: its place, addressee, purpose and limit."""

    place = models.PositiveSmallIntegerField("pořadí")
    purpose = models.CharField("účel", max_length=12, choices=_choices(STEP_PURPOSE_NAMES))
    to_person = TenantForeignKey("registry.Person", on_delete=models.PROTECT, null=True, related_name="+")
    to_unit = TenantForeignKey("registry.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    to_role = models.CharField("role", max_length=24, blank=True, choices=ROLE_CHOICES)
    days = models.PositiveSmallIntegerField("lhůta (pracovní dny)", null=True)
    instruction = models.TextField("pokyn", blank=True)

    class Meta:
        abstract = True

    @property
    def addressee(self) -> str:
        """Whose turn it is, for people."""
        return str(self.to_person or self.to_unit or f"role: {self.get_to_role_display()}")


class Route(TenantModel):
    """A document or a file on its way through steps (oběh po krocích), composed by who has it (NSESSS 2.7.6).

    ``noted_at``: when who composed the route of a file took note of how it ended; documents tell it by their state.
    """

    log_with = ("document", "file")

    document = TenantForeignKey("records.Document", on_delete=models.PROTECT, null=True, related_name="routes")
    file = TenantForeignKey("records.CaseFile", on_delete=models.PROTECT, null=True, related_name="routes")
    composed_by = TenantForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField("spuštěno")
    state = models.CharField(
        "stav", max_length=10, choices=_choices(ROUTE_STATE_NAMES), default=RouteState.RUNNING.value
    )
    freezes = models.BooleanField("uzamkl obsah", default=False)
    ended_at = models.DateTimeField("skončilo", null=True)
    ended_by = TenantForeignKey("registry.Person", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField("důvod", blank=True)
    noted_at = models.DateTimeField("konec vzat na vědomí", null=True)

    class Meta:
        verbose_name = "oběh po krocích"
        verbose_name_plural = "oběhy po krocích"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "document"], condition=Q(state=RouteState.RUNNING), name="circulation_one_route"
            ),
            models.UniqueConstraint(
                fields=["tenant", "file"], condition=Q(state=RouteState.RUNNING), name="circulation_one_route_of_file"
            ),
            models.CheckConstraint(condition=_OF_ONE, name="circulation_route_of_one"),
        ]
        indexes = [
            models.Index(fields=["tenant", "document", "-id"], name="circulation_route_doc"),
            models.Index(fields=["tenant", "file", "-id"], name="circulation_route_file"),
            # Routes of files lie on the desk of who composed them until their end is noted.
            models.Index(
                fields=["tenant", "composed_by", "started_at"],
                condition=Q(file__isnull=False, noted_at__isnull=True),
                name="circulation_route_composed",
            ),
        ]

    def __str__(self) -> str:
        return f"oběh {self.entity}"

    @property
    def entity(self) -> Any:
        """The document or the file that circulates."""
        return self.document if self.document_id is not None else self.file


class RouteStep(RouteStop):
    """One step of a route: whose turn it is, since when and until when, and what they said."""

    log_with = ("document", "file")

    route = TenantForeignKey(Route, on_delete=models.PROTECT, related_name="steps")
    document = TenantForeignKey("records.Document", on_delete=models.PROTECT, null=True, related_name="+")
    file = TenantForeignKey("records.CaseFile", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField("stav", max_length=10, choices=_choices(STEP_STATE_NAMES), default=StepState.PLANNED.value)
    started_at = models.DateTimeField("na řadě od", null=True)
    deadline = models.DateField("termín", null=True)
    decided_at = models.DateTimeField("rozhodnuto", null=True)
    decided_by = TenantForeignKey("registry.Person", on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.CharField("odpověď", max_length=12, blank=True, choices=_choices(ANSWER_NAMES))
    comment = models.TextField("vyjádření", blank=True)
    added_because = models.TextField("důvod doplnění", blank=True)

    class Meta:
        verbose_name = "krok oběhu"
        verbose_name_plural = "kroky oběhu"
        constraints = [
            models.CheckConstraint(
                condition=Q(to_person__isnull=False, to_unit__isnull=True, to_role="")
                | Q(to_person__isnull=True, to_unit__isnull=False, to_role="")
                | (Q(to_person__isnull=True, to_unit__isnull=True) & ~Q(to_role="")),
                name="circulation_step_one_addressee",
            ),
            models.CheckConstraint(condition=_OF_ONE, name="circulation_step_of_one"),
        ]
        indexes = [
            models.Index(fields=["tenant", "route", "place"], name="circulation_step_route"),
            models.Index(
                fields=["tenant", "to_person", "started_at"],
                condition=Q(state=StepState.WAITING),
                name="circulation_step_person",
            ),
            models.Index(
                fields=["tenant", "to_unit", "started_at"],
                condition=Q(state=StepState.WAITING),
                name="circulation_step_unit",
            ),
            models.Index(
                fields=["tenant", "to_role", "started_at"],
                condition=Q(state=StepState.WAITING),
                name="circulation_step_role",
            ),
        ]

    @property
    def entity(self) -> Any:
        """The document or the file that is shown."""
        return self.document if self.document_id is not None else self.file

    def __str__(self) -> str:
        return f"{self.place}. krok: {self.addressee} {STEP_PURPOSE_NAMES[StepPurpose(self.purpose)]}"


class RouteTemplate(TenantModel):
    """Steps saved to be used again: one's own, or (without an owner) the organisation's."""

    name = models.CharField("název", max_length=120)
    owner = TenantForeignKey("registry.Person", on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField("změněno")

    class Meta:
        verbose_name = "šablona oběhu"
        verbose_name_plural = "šablony oběhu"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "owner", "name"], nulls_distinct=False, name="circulation_template_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class RouteTemplateStep(RouteStop):
    """One step of a template."""

    template = TenantForeignKey(RouteTemplate, on_delete=models.CASCADE, related_name="steps")

    class Meta:
        verbose_name = "krok šablony oběhu"
        verbose_name_plural = "kroky šablon oběhu"
        indexes = [models.Index(fields=["tenant", "template", "place"], name="circulation_template_step")]


class Agenda(Run):
    """The work of one person handed to another (předání agendy), done in the background."""

    log_with = ("leaver", "heir")

    leaver = TenantForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    heir = TenantForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("důvod", max_length=250)
    handed_by = TenantForeignKey(
        "registry.Person", on_delete=models.PROTECT, related_name="+", verbose_name="kdo předává"
    )

    called = "Předání agendy"
    done_words = ("Předáno", "Nepředáno")

    class Meta:
        verbose_name = "předání agendy"
        verbose_name_plural = "předání agend"
        constraints = [
            models.CheckConstraint(condition=~Q(leaver=F("heir")), name="circulation_agenda_two_people"),
            models.UniqueConstraint(
                fields=["tenant", "leaver"],
                condition=Q(state=RunState.RUNNING),
                name="circulation_agenda_one_running",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "-started_at"], name="circulation_agenda_new")]

    def __str__(self) -> str:
        return f"agenda: {self.leaver} → {self.heir}"


class AgendaItem(RunItem):
    """One thing of an agenda, and what became of it."""

    run = TenantForeignKey(Agenda, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField("druh", max_length=8, choices=_choices(KIND_NAMES))
    typed_file = TenantForeignKey("records.TypedFile", on_delete=models.PROTECT, null=True, related_name="+")
    document = TenantForeignKey("records.Document", on_delete=models.PROTECT, null=True, related_name="+")
    case_file = TenantForeignKey("records.CaseFile", on_delete=models.PROTECT, null=True, related_name="+")
    handover = TenantForeignKey(Handover, on_delete=models.PROTECT, null=True, related_name="+")
    approval = TenantForeignKey(Approval, on_delete=models.PROTECT, null=True, related_name="+")
    route_step = TenantForeignKey(RouteStep, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "položka předání agendy"
        verbose_name_plural = "položky předání agend"
        indexes = [models.Index(fields=["tenant", "run", "state", "id"], name="circulation_agenda_state")]

    def __str__(self) -> str:
        about = self.typed_file or self.document or self.case_file
        return str(about or self.handover or self.approval or self.route_step)


class PaperPlace(TenantModel):
    """Where the paper of a document is, or was (umístění listinné podoby, NSESSS 2.7.5). One row a move."""

    log_with = ("document",)

    document = TenantForeignKey("records.Document", on_delete=models.PROTECT, related_name="paper_places")
    unit = TenantForeignKey("registry.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    person = TenantForeignKey("registry.Person", on_delete=models.PROTECT, null=True, related_name="+")
    place = TenantForeignKey(
        "records.StoragePlace", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="místo uložení"
    )
    room = models.CharField("místnost, regál", max_length=120, blank=True)
    note = models.CharField("poznámka", max_length=250, blank=True)
    since = models.DateTimeField("od")
    recorded_by = TenantForeignKey("registry.Person", on_delete=models.PROTECT, null=True, related_name="+")
    is_present = models.BooleanField("je tam", default=True)

    class Meta:
        verbose_name = "umístění papíru"
        verbose_name_plural = "umístění papíru"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "document"], condition=Q(is_present=True), name="circulation_paper_one_place"
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | Q(person__isnull=False) | Q(place__isnull=False) | ~Q(room=""),
                name="circulation_paper_somewhere",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "document", "since"], name="circulation_paper_doc"),
            models.Index(fields=["tenant", "person"], condition=Q(is_present=True), name="circulation_paper_person"),
            models.Index(fields=["tenant", "unit"], condition=Q(is_present=True), name="circulation_paper_unit"),
            models.Index(fields=["tenant", "place"], condition=Q(place__isnull=False), name="circulation_paper_place"),
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, [str(self.person or ""), str(self.unit or ""), str(self.place or ""), self.room]))
