"""Who may do what: the matrix of roles and operations, to be read and taken away (NSESSS 7.1.1)."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from egon.audit import matrix
from egon.audit.matrix import NO_ROLE, SYSTEM, Reach
from egon.kernel.actor import Limit, LimitKind
from egon.kernel.clock import today
from egon.registry import queries as registry
from egon.registry.models import ROLE_NAMES, OwnRole
from egon.web.access import ActorRequest, requires_role
from egon.web.audit.views import READERS
from egon.web.files import saved

AREAS = {
    "records": "Dokumenty, spisy a plán", "circulation": "Oběh", "mailroom": "Podatelna a výpravna",
    "databox": "Datové schránky", "parties": "Jmenný rejstřík", "registry": "Organizace", "identity": "Účty",
}  # fmt: skip
# Short enough for the head of a narrow column.
HEADINGS = {
    **{role.value: name.partition(" (")[0] for role, name in ROLE_NAMES.items()},
    NO_ROLE: "bez role",
    SYSTEM: "systém sám",
}


RESTRICTED = "omezeno"


class MatrixFilter(forms.Form):
    """Part of the product, role, and words of the operation's name."""

    q = forms.CharField(label="Operace", required=False, max_length=80)
    oblast = forms.ChoiceField(label="Oblast", required=False, choices=[("", "Všechny"), *AREAS.items()])
    role = forms.ChoiceField(label="Smí", required=False, choices=[("", "Kdokoli"), *HEADINGS.items()])


@requires_role(*READERS)
@require_safe
def matrix_page(request: ActorRequest) -> HttpResponse:
    """``/protokol/opravneni/``: one row an operation, one column a role."""
    form = MatrixFilter(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    own_roles, limits = list(registry.own_roles()), _limits_of_roles()
    rows = [
        {"row": row, "cells": [*_told(row, limits), *((role.name, _of_own(row, role)) for role in own_roles)]}
        for row in matrix.matrix()
        if _is_wanted(row, wanted)
    ]
    context = {
        "filter_form": form,
        "rows": rows,
        "headings": [*(HEADINGS[column] for column in matrix.COLUMNS), *(role.name for role in own_roles)],
        "crumbs": [{"label": "Transakční protokol", "url": reverse("audit-log")}, {"label": "Kdo co smí"}],
    }
    return render(request, "audit/matrix.html", context)


@requires_role(*READERS)
@require_safe
def matrix_export(request: ActorRequest) -> HttpResponse:
    """``/protokol/opravneni.csv``: the whole matrix, with the mark by which spreadsheets know UTF-8."""
    return saved(f"\ufeff{matrix.as_csv(matrix.matrix())}".encode(), "opravneni.csv")


def _limits_of_roles() -> dict[str, list[Limit]]:
    """Functions that a restriction takes today from everybody with a role (NSESSS 7.1.6)."""
    found: dict[str, list[Limit]] = {}
    of_functions = registry.restrictions().filter(registry.in_force(today()), kind=LimitKind.FUNCTION.value)
    for one in of_functions.exclude(role=""):
        found.setdefault(one.role, []).append(Limit(LimitKind.FUNCTION, one.about))
    return found


def _told(row: matrix.Row, limits: dict[str, list[Limit]]) -> list[tuple[str, str]]:
    """The cells of the fixed roles; what a restriction takes from all who have the role is said."""
    return [
        (HEADINGS[column], RESTRICTED if reach and _is_taken(row, limits.get(column, [])) else matrix.WORDS[reach])
        for column, reach in _cells(row)
    ]


def _is_taken(row: matrix.Row, limits: list[Limit]) -> bool:
    return any(limit.forbids(row.code) for limit in limits)


def _of_own(row: matrix.Row, role: OwnRole) -> str:
    """How far an own role reaches: as far as the best of the roles it is made of, unless it lacks the operation."""
    reaches = dict(_cells(row))
    return "" if row.code in role.without else matrix.WORDS[max(reaches[base] for base in role.bases)]


def _cells(row: matrix.Row) -> list[tuple[str, Reach]]:
    return list(zip(matrix.COLUMNS, row.reaches, strict=True))


def _is_wanted(row: matrix.Row, wanted: dict[str, Any]) -> bool:
    if wanted.get("oblast") and row.code.partition(".")[0] != wanted["oblast"]:
        return False
    if wanted.get("role") and not dict(_cells(row))[wanted["role"]]:
        return False
    return str(wanted.get("q", "")).casefold() in f"{row.title} {row.code}".casefold()
