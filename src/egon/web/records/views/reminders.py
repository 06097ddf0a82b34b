"""Reminders: the list of one's own and of those set to others, setting one, putting it off, done, deleted."""

from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egon.kernel.clock import today
from egon.records import operations, queries, reminder_queries
from egon.records.models import CaseFile, Document, Reminder
from egon.records.reminder_queries import ReminderView
from egon.web.access import ActorRequest, signed_in
from egon.web.formatting import write_date
from egon.web.forms import attempt
from egon.web.records.paging import page_of
from egon.web.records.reminder_forms import ChangeForm, ReminderFilter, ReminderForm
from egon.web.records.views.planning.shared import do

_ORDER: Final = {"den": "day", "nastaveno": "set_at"}


@signed_in
@require_safe
def reminders(request: ActorRequest) -> HttpResponse:
    """``/pripominky/``: filtered, sorted and paged; of what the actor does not see any more nothing is told."""
    form, on = ReminderFilter(request.GET), today()
    asked = form.cleaned_data if form.is_valid() else {}
    to_others = asked.get("koho") == "jinym"
    found = reminder_queries.reminders_of(request.actor, set_to_others=to_others).filter(_conditions(asked, on))
    wanted = request.GET.get("razeni", "")
    if column := _ORDER.get(wanted.removeprefix("-")):
        sign = "-" if wanted.startswith("-") else ""
        found = found.order_by(f"{sign}{column}", f"{sign}pk")
    page = page_of(found, request, lambda keys: reminder_queries.views(request.actor, keys))
    context = {
        "filter_form": form,
        "page": page,
        "rows": [_row(view, on) for view in page],
        "to_others": to_others,
        "here": request.get_full_path(),
        "crumbs": [{"label": "Můj stůl", "url": "/"}, {"label": "Připomínky"}],
    }
    return render(request, "records/reminders.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def remind_of_document(request: ActorRequest, pk: int) -> HttpResponse:
    """A reminder of a document."""
    return _set(request, queries.document_for(request.actor, pk))


@signed_in
@require_http_methods(["GET", "POST"])
def remind_of_file(request: ActorRequest, pk: int) -> HttpResponse:
    """A reminder of a file."""
    return _set(request, queries.file_for(request.actor, pk))


@signed_in
@require_http_methods(["GET", "POST"])
def change_reminder(request: ActorRequest, pk: int) -> HttpResponse:
    """Put a reminder off, say it otherwise, or delete it."""
    reminder = reminder_queries.reminder_for(request.actor, pk)
    view = reminder_queries.view_of(request.actor, reminder)
    form = ChangeForm(request.POST or None, initial={"day": max(reminder.day, today()), "note": view.note})
    if not view.note:
        del form.fields["note"]  # another's words about what the actor does not see any more
    if request.method == "POST" and form.is_valid():
        changed = attempt(form, operations.change_reminder, actor=request.actor, reminder=reminder, **form.cleaned_data)
        if changed is not None:
            messages.success(request, f"Připomeneme {write_date(changed.day)}.")
            return redirect("records:reminders")
    context = {
        "form": form,
        "reminder": reminder,
        "told": _told(view.entity) if view.entity else "",
        "url": _url(view.entity) if view.entity else "",
        "crumbs": [
            {"label": "Připomínky", "url": reverse("records:reminders")},
            {"label": f"Na {write_date(reminder.day)}"},
        ],
    }
    return render(request, "records/reminder.html", context)


@signed_in
@require_POST
def finish_reminder(request: ActorRequest, pk: int) -> HttpResponse:
    """The reminder has done its work."""
    reminder = reminder_queries.reminder_for(request.actor, pk)
    do(request, "Připomínka je vyřízená.", operations.finish_reminder, reminder=reminder)
    return _back(request)


@signed_in
@require_POST
def delete_reminder(request: ActorRequest, pk: int) -> HttpResponse:
    """Forget a reminder."""
    reminder = reminder_queries.reminder_for(request.actor, pk)
    do(request, "Připomínka je smazaná.", operations.delete_reminder, reminder=reminder)
    return redirect("records:reminders")


def _set(request: ActorRequest, entity: Document | CaseFile) -> HttpResponse:
    form = ReminderForm(request.POST or None)
    of = {"document" if isinstance(entity, Document) else "file": entity}
    if request.method == "POST" and form.is_valid():
        made: Reminder | None = attempt(form, operations.set_reminder, actor=request.actor, **of, **form.cleaned_data)
        if made is not None:
            whom = "vám" if made.person_id == request.actor.person_id else str(made.person)
            messages.success(request, f"Připomeneme {whom} {write_date(made.day)}.")
            return redirect(_url(entity))
    context: dict[str, Any] = {
        "heading": "Připomenout",
        "form": form,
        "submit": "Nastavit připomínku",
        "back": _url(entity),
        "lead": f"{_told(entity)}. V ten den se připomínka objeví na stole a v seznamu připomínek.",
        "crumbs": [{"label": str(entity), "url": _url(entity)}, {"label": "Připomenout"}],
    }
    return render(request, "records/form_page.html", context)


def _conditions(asked: dict[str, Any], on: date) -> Q:
    state = asked.get("stav", "")
    conditions = {
        ReminderFilter.DUE: Q(done_at__isnull=True, day__lte=on),
        ReminderFilter.AHEAD: Q(done_at__isnull=True, day__gt=on),
        ReminderFilter.DONE: Q(done_at__isnull=False),
        ReminderFilter.ALL: Q(),
    }
    found = conditions.get(state, Q(done_at__isnull=True))
    if asked.get("od"):
        found &= Q(day__gte=asked["od"])
    if asked.get("do"):
        found &= Q(day__lte=asked["do"])
    return found


def _row(view: ReminderView, on: date) -> dict[str, Any]:
    reminder = view.reminder
    return {
        "reminder": reminder,
        "note": view.note,
        "entity": view.entity,
        "url": _url(view.entity) if view.entity else "",
        "is_due": reminder.done_at is None and reminder.day <= on,
        "is_late": reminder.done_at is None and reminder.day < on,
    }


def _told(entity: Document | CaseFile) -> str:
    return f"{'Dokument' if isinstance(entity, Document) else 'Spis'} {entity}, {entity.subject}"


def _url(entity: Document | CaseFile) -> str:
    return reverse("records:document" if isinstance(entity, Document) else "records:file", args=[entity.pk])


def _back(request: ActorRequest) -> HttpResponse:
    """To the list as it was filtered, or to the page the reminder was done on."""
    wanted = request.POST.get("zpet", "")
    is_own = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return redirect(wanted if is_own else reverse("records:reminders"))
