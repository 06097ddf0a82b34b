"""The page of the documentation: its state, its files, what the administrator states, versions that ran."""

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import egon
from egon.documentation import operations, queries, versions
from egon.kernel.actor import Role
from egon.kernel.errors import NotFound
from egon.web.access import ActorRequest, requires_role
from egon.web.audit.history import entries_for
from egon.web.documentation import files
from egon.web.documentation.forms import FactsForm
from egon.web.files import saved
from egon.web.forms import attempt
from egon.web.registry.views.telling import crumbs, tabs

_FILES = (files.HTML, files.PDF)


@requires_role(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def documentation(request: ActorRequest) -> HttpResponse:
    """``/sprava/dokumentace/`` (NSESSS 10.1)."""
    facts = queries.facts_of_originator()
    form = FactsForm(request.POST or None, instance=facts)
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, operations.save_facts, actor=request.actor, **form.cleaned_data)
        if saved is not None:
            messages.success(request, "Údaje jsou uložené. Do dokumentace se dostanou při jejím příštím vytvoření.")
            return redirect("documentation")
    folder = files.folder_of(request.actor)
    context = {
        "tabs": tabs("documentation"),
        "form": form,
        "last": queries.last_writing(),
        "present": [name for name in _FILES if (folder / name).is_file()],
        "folder": str(folder),
        "is_beside_data": Path(settings.DATA_DIR) in folder.parents,
        "installed": queries.installed_versions()[:20],
        "version": egon.__version__,
        "fingerprint": versions.fingerprint(),
        "history": entries_for(facts) if facts.pk else [],
        "crumbs": crumbs(("Dokumentace", "")),
    }
    return render(request, "documentation/page.html", context)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def write_now(request: ActorRequest) -> HttpResponse:
    """Write it at once, not only at night."""
    writing = files.write(request.actor)
    if writing.problem:
        messages.error(request, writing.problem)
    else:
        messages.success(request, "Dokumentace je vytvořená.")
    return redirect("documentation")


@requires_role(Role.ADMINISTRATOR)
@require_safe
def download(request: ActorRequest, name: str) -> HttpResponse:
    """A file of the last documentation. Raises :class:`NotFound`."""
    path = files.folder_of(request.actor) / name
    if name not in _FILES or not path.is_file():
        raise NotFound("Dokumentace zatím není vytvořená.")
    return saved(path.read_bytes(), name)
