"""The filing plan with disposal regimes, to be printed (NSESSS 5.2.10)."""

from egon.gateways.pdfa import Section, Sheet
from egon.kernel.actor import Actor
from egon.kernel.clock import today
from egon.records import plan_queries
from egon.records.models import FilingPlan
from egon.records.plan_queries import TreeRow
from egon.web.formatting import NBSP, write_date
from egon.web.records.sheets import organisation_of

_COLUMNS = (("Spisový znak", 3), ("Věcná skupina", 10), ("Skartační režim", 2), ("Lhůta běží od", 4), ("Otevřena", 4))


def plan_sheet(actor: Actor, plan: FilingPlan) -> Sheet:
    """Every class of a plan in its order, the closed ones too; what is below is moved to the right."""
    rows = plan_queries.tree_of(plan, on=today(), also_closed=True)
    until = f" do {write_date(plan.valid_to)}" if plan.valid_to else ""
    return Sheet(
        organisation=organisation_of(actor),
        title=plan.name,
        subtitle="návrh, který zatím neplatí" if plan.draft else "",
        date=today(),
        facts=[
            ("Platí", f"od {write_date(plan.valid_from)}{until}"),
            ("Identifikátor", plan.identifier),
            *([("Popis", plan.description)] if plan.description else []),
            ("Skupin", str(len(rows))),
            ("Vytištěno", write_date(today())),
        ],
        sections=[
            Section(columns=_COLUMNS, rows=[_cells(one) for one in rows], empty="Plán nemá žádnou věcnou skupinu.")
        ],
        landscape=True,
    )


def _cells(one: TreeRow) -> list[str]:
    typed = " (pro typové spisy)" if one.for_typed_files else ""
    name = f"{4 * NBSP * one.depth}{one.name}{typed}"
    return [one.code, name, one.regime, one.runs_from, "uzavřená" if one.is_closed else "otevřená"]
