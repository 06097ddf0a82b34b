"""Code lists with validity from/to: kept, narrowed, and carried by příloha 7 (NSESSS 2.7.3)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from egon.gateways.nsesss import CodeData, CodeListData, write_code_list
from egon.kernel import clock
from egon.kernel.actor import Actor, Role
from egon.kernel.errors import NotFound
from egon.registry import change_queries, operations, queries
from egon.registry.models import CodeListItem, Unit
from egon.tenancy.models import Tenant
from egon.web.access import ActorRequest, requires_role
from egon.web.files import saved
from egon.web.forms import attempt
from egon.web.registry.forms import CodeEditForm, CodeFilter, CodeForm
from egon.web.registry.views.telling import crumbs, tabs

PAGE_SIZE = 50
_ORDERS = {
    "ciselnik": ("code_list", "code"),
    "kod": ("code", "code_list"),
    "nazev": ("name", "code_list"),
    "od": ("valid_from", "code"),
    "do": ("valid_to", "code"),
}


@requires_role(Role.ADMINISTRATOR)
def code_list_page(request: ActorRequest) -> HttpResponse:
    """``/sprava/ciselniky/``: items narrowed by list, words and validity, and a form for a new one."""
    chosen = request.GET.get("ciselnik", "")
    form = CodeForm(request.POST or None, initial={"valid_from": clock.today(), "code_list": chosen})
    if request.method == "POST" and form.is_valid():
        item = attempt(form, operations.add_code, actor=request.actor, **form.cleaned_data)
        if item is not None:
            messages.success(request, f"Položka {item.code} je v číselníku {item.code_list}.")
            return redirect("registry-code-lists")
    lists = change_queries.code_lists()
    filter_form = CodeFilter(request.GET or None, names=[name for name, _ in lists])
    page = Paginator(_narrowed(filter_form, request.GET.get("razeni", "")), PAGE_SIZE).get_page(
        request.GET.get("strana")
    )
    context = {
        "tabs": tabs("codes"),
        "page": page,
        "form": form,
        "filter_form": filter_form,
        "lists": lists,
        "units_list": operations.UNITS_LIST,
        "units_count": queries.units().count(),
        "today": clock.today(),
    }
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


@requires_role(Role.ADMINISTRATOR)
@require_safe
def export_codes(request: ActorRequest, name: str) -> HttpResponse:
    """``/sprava/ciselniky/<name>.xml``: a code list by příloha 7; the units are one, too."""
    codes = _units() if name == operations.UNITS_LIST else _codes(name)
    organisation = Tenant.objects.get(pk=request.actor.tenant_id)
    xml = write_code_list(codes, source=organisation.code, author=_author(request.actor), at=clock.now())
    return saved(xml, f"{name}.xml")


def _narrowed(form: CodeFilter, order: str) -> QuerySet[CodeListItem]:
    wanted = form.cleaned_data if form.is_valid() else {}
    found = CodeListItem.objects.all()
    if wanted.get("ciselnik"):
        found = found.filter(code_list=wanted["ciselnik"])
    for word in wanted.get("q", "").split():
        found = found.filter(Q(code__icontains=word) | Q(name__icontains=word))
    valid = queries.valid_on(clock.today())
    if wanted.get("platnost"):
        found = found.filter(valid if wanted["platnost"] == "dnes" else ~valid)
    columns = _ORDERS.get(order.removeprefix("-"), _ORDERS["ciselnik"])
    back = "-" if order.startswith("-") else ""
    return found.order_by(*(f"{back}{column}" for column in columns), "pk")


def _codes(name: str) -> CodeListData:
    items = list(CodeListItem.objects.filter(code_list=name).order_by("code"))
    if not items:
        raise NotFound("Takový číselník v této organizaci není.")
    return CodeListData(name, name, [_item(one) for one in items])


def _units() -> CodeListData:
    units = queries.units().select_related("parent")
    return CodeListData(
        operations.UNITS_LIST,
        "Organizační součásti",
        [_item(one, f"nadřízená součást: {one.parent.code}" if one.parent else "") for one in units],
    )


def _item(one: CodeListItem | Unit, description: str = "") -> CodeData:
    today = clock.today()
    active = one.valid_from <= today and (one.valid_to is None or one.valid_to >= today)
    return CodeData(one.code, one.name, one.valid_from, one.valid_to, active, description)


def _author(actor: Actor) -> str:
    return f"{actor.person_id or actor.name}"
