"""Counting the reports of large originators in the background."""

from datetime import datetime, timedelta
from typing import Final

from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.kernel.actor import Actor
from egon.records import kept_reports
from egon.records.models import KeptReport
from egon.records.report_queries import REPORTS

KEPT_FOR: Final = timedelta(days=30)


@operation("records.report.count", title="Spočtení hlášení", requires=only_system)
def count_report(*, actor: Actor, report: str, asked: str, at: datetime) -> KeptReport:
    """Count a report and keep the rows (NSESSS 7.3.3, 7.3.5); those nobody counted anew for a month go."""
    rows = REPORTS[report].rows(kept_reports.period_of(asked))
    kept, _ = KeptReport.objects.update_or_create(
        key=report, asked=asked, defaults={"rows": kept_reports.to_json(rows), "counted_at": at}
    )
    KeptReport.objects.filter(counted_at__lt=at - KEPT_FOR).delete()
    log.note(count=len(rows))
    return kept
