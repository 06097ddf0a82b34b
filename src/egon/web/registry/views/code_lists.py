"""Code lists with validity from/to."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.errors import NotFound
from egon.registry import operations
from egon.registry.models import CodeListItem
from egon.web.access import ActorRequest, requires_role
from egon.web.forms import attempt
from egon.web.registry.forms import CodeEditForm, CodeForm
from egon.web.registry.views.telling import crumbs, tabs


@requires_role(Role.ADMINISTRATOR)
def code_list_page(request: ActorRequest) -> HttpResponse:
    """``/sprava/ciselniky/``: all items by list, and a form for a new one."""
    form = CodeForm(request.POST or None, initial={"valid_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        item = attempt(form, operations.add_code, actor=request.actor, **form.cleaned_data)
        if item is not None:
            messages.success(request, f"Položka {item.code} je v číselníku {item.code_list}.")
            return redirect("registry-code-lists")
    items = CodeListItem.objects.order_by("code_list", "code")
    context = {"tabs": tabs("codes"), "items": items, "form": form, "today": clock.today()}
    return render(request, "registry/code_lists.html", context)


@requires_role(Role.ADMINISTRATOR)
def edit_code(request: ActorRequest, pk: int) -> HttpResponse:
    """``/sprava/ciselniky/<pk>/``: name and validity of an item."""
    item = CodeListItem.objects.filter(pk=pk).first()
    if item is None:
        raise NotFound("Taková položka v číselnících této organizace není.")
    form = CodeEditForm(request.POST) if request.method == "POST" else CodeEditForm.of(item)
    if request.method == "POST" and form.is_valid():
        changed = attempt(form, operations.edit_code, actor=request.actor, item=item, **form.cleaned_data)
        if changed is not None:
            messages.success(request, "Položka je uložena.")
            return redirect("registry-code-lists")
    steps = crumbs(("Číselníky", "/sprava/ciselniky/"), (f"{item.code_list}: {item.code}", ""))
    return render(request, "registry/code.html", {"item": item, "form": form, "crumbs": steps})
