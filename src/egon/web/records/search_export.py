"""What was found and is shown, as a file taken away at once (NSESSS 5.2.11)."""

from collections.abc import Sequence
from typing import Final

from django.http import HttpResponse

from egon.kernel.actor import Actor
from egon.records import permissions
from egon.search import Hit
from egon.web.records.search_rows import HEADER, rows_of, sheet_of
from egon.web.records.sheets import Facts
from egon.web.records.views.printing import sheet_answer
from egon.web.tables import table_answer

FORMS: Final = ("csv", "xlsx", "pdf")


def file_of(actor: Actor, hits: Sequence[Hit], *, form: str, facts: Facts, more: bool) -> HttpResponse:
    """The hits, which the actor may see, in their order; ``facts`` say what was sought."""
    rows = rows_of(hits, hides=permissions.hidden_states(actor))
    if form != "pdf":
        return table_answer(HEADER, rows, name="hledani", form=form)
    return sheet_answer(sheet_of(actor, rows, facts=facts, more=more), "hledani")
