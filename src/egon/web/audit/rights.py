"""Who may do what: the matrix of roles and operations, to be read and taken away (NSESSS 7.1.1)."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from egon.audit import matrix
from egon.audit.matrix import NO_ROLE, SYSTEM, Reach
from egon.registry.models import ROLE_NAMES
from egon.web.access import ActorRequest, requires_role
from egon.web.audit.views import READERS

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
    rows = [
        {"row": row, "cells": [(HEADINGS[column], matrix.WORDS[reach]) for column, reach in _cells(row)]}
        for row in matrix.matrix()
        if _is_wanted(row, wanted)
    ]
    context = {
        "filter_form": form,
        "rows": rows,
        "headings": [HEADINGS[column] for column in matrix.COLUMNS],
        "crumbs": [{"label": "Transakční protokol", "url": reverse("audit-log")}, {"label": "Kdo co smí"}],
    }
    return render(request, "audit/matrix.html", context)


@requires_role(*READERS)
@require_safe
def matrix_export(request: ActorRequest) -> HttpResponse:
    """``/protokol/opravneni.csv``: the whole matrix, with the mark by which spreadsheets know UTF-8."""
    answer = HttpResponse("\ufeff" + matrix.as_csv(matrix.matrix()), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="opravneni.csv"'
    return answer


def _cells(row: matrix.Row) -> list[tuple[str, Reach]]:
    return list(zip(matrix.COLUMNS, row.reaches, strict=True))


def _is_wanted(row: matrix.Row, wanted: dict[str, Any]) -> bool:
    if wanted.get("oblast") and row.code.partition(".")[0] != wanted["oblast"]:
        return False
    if wanted.get("role") and not dict(_cells(row))[wanted["role"]]:
        return False
    return str(wanted.get("q", "")).casefold() in f"{row.title} {row.code}".casefold()
