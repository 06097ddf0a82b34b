"""How files are closed here: whether closing settles them, and whose class joined files go into."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from egon.records import operations, queries
from egon.records.rules.joining import JoinedInto
from egon.web.access import ActorRequest, requires_role
from egon.web.records.plan_forms import ClosingForm
from egon.web.records.views.planning.shared import KEEPERS, crumbs, do, tabs


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def closing_settings(request: ActorRequest) -> HttpResponse:
    """Two choices that hold for all files closed from now on (NSESSS 3.2.8, 4.1.5)."""
    present = queries.settings_of_originator()
    held = {"settled_by_closing": present.settled_by_closing, "joined_into": present.joined_into}
    # A POST without a ticked box is empty of fields, and still a POST.
    form = ClosingForm(request.POST if request.method == "POST" else None, initial=held)
    if form.is_valid():
        chosen = {**form.given, "joined_into": JoinedInto(form.cleaned_data["joined_into"])}
        do(request, "Nastavení je uložené, platí pro spisy uzavřené od teď.", operations.configure_numbering, **chosen)
        return redirect("records:closing_settings")
    context = {"tabs": tabs(request, "closing"), "form": form, "crumbs": crumbs(("Uzavírání spisů", ""))}
    return render(request, "records/plan/closing.html", context)
