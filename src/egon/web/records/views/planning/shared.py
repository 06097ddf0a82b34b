"""What the pages of the filing plan share: tabs, the way here, doing an operation behind a button."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.urls import reverse

from egon.kernel.actor import Role
from egon.kernel.errors import AccessDenied, DomainError, NotFound
from egon.records import permissions
from egon.records.models import DisposalRegime, FilingPlan, RecordClass
from egon.web.access import ActorRequest

KEEPERS = (Role.RECORDS_KEEPER, Role.ADMINISTRATOR)


def tabs(request: ActorRequest, active: str) -> list[dict[str, Any]]:
    """The parts of keeping the plan; events are judged by the records keeper only."""
    parts = [
        ("tree", "Platný plán", "records:plan"),
        ("versions", "Verze a import", "records:plan_versions"),
        ("regimes", "Skartační režimy", "records:regimes"),
        ("resortings", "Přetřídění", "records:resortings"),
        ("closing", "Uzavírání spisů", "records:closing_settings"),
    ]
    if permissions.may_appraise(request.actor):
        parts.append(("triggers", "Spouštěcí události", "records:triggers"))
    return [{"label": label, "url": reverse(name), "active": key == active} for key, label, name in parts]


def crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """The way here; the last step is the page itself."""
    return [{"label": label, "url": url} for label, url in (("Spisový plán", reverse("records:plan")), *steps)]


def do(request: ActorRequest, success: str, operation: Callable[..., Any], **arguments: Any) -> Any:
    """Run an operation behind a button; its success or its refusal is shown on the next page. None when refused."""
    try:
        result = operation(actor=request.actor, **arguments)
    except DomainError as refusal:
        for text in getattr(refusal, "obstacles", None) or [refusal.message]:
            messages.error(request, text)
        return None
    messages.success(request, success)
    return result if result is not None else True


def plan_by(pk: int) -> FilingPlan:
    """A version of the plan. Raises :class:`NotFound`."""
    plan = FilingPlan.objects.filter(pk=pk).first()
    if plan is None:
        raise NotFound("Takový spisový plán tu není.")
    return plan


def class_by(request: ActorRequest, pk: int) -> RecordClass:
    """A class; of a draft only for who keeps the plan. Raises :class:`NotFound`, :class:`AccessDenied` (7.1.6b)."""
    shown = RecordClass.objects.select_related("plan", "parent", "disposal_regime", "successor")
    found = shown.filter(pk=pk).first()
    if found is None or (found.plan.draft and not permissions.may_configure(request.actor)):
        raise NotFound("Taková věcná skupina tu není.")
    if not (decision := permissions.may_touch(request.actor, [found], reads=True)):
        raise AccessDenied(decision.reason)
    return found


def regime_by(pk: int) -> DisposalRegime:
    """A regime. Raises :class:`NotFound`."""
    regime = DisposalRegime.objects.filter(pk=pk).first()
    if regime is None:
        raise NotFound("Takový skartační režim tu není.")
    return regime
