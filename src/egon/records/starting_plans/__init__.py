"""Filing plans to start from: of a region, a school, a hospital and a road maintenance. Tables as people would import.

They are proposals: marks and periods are usual, but the archive of the originator has its word in each of them.
"""

from dataclasses import dataclass
from pathlib import Path

from egon.gateways.nsesss import PlanData
from egon.records.plan_table import read_table

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class StartingPlan:
    """One plan to start from; ``key`` is the name of its table."""

    key: str
    name: str

    def read(self, *, name: str = "") -> PlanData:
        """The plan as data, called ``name`` when one is given."""
        content = (_FOLDER / f"{self.key}.csv").read_bytes()
        return read_table(content, name=name or f"Spisový a skartační plán – {self.name}", separator=".")


STARTING_PLANS = {
    plan.key: plan
    for plan in (
        StartingPlan("kraj", "krajský úřad"),
        StartingPlan("skola", "střední škola"),
        StartingPlan("nemocnice", "nemocnice"),
        StartingPlan("silnice", "správa a údržba silnic"),
    )
}
