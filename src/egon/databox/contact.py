"""How contact with ISDS goes, as the page of boxes shows it. Technical state, so it is not in the transaction log."""

from datetime import datetime

from egon.databox.models import Box
from egon.databox.rules import delay_after, maintenance_end
from egon.kernel.errors import GatewayError, Misconfigured, Retryable


def note_success(box: Box, *, at: datetime) -> None:
    """ISDS answered everything."""
    Box.objects.filter(pk=box.pk).update(
        last_contact_at=at, failures=0, last_error="", last_error_detail="", next_attempt_at=None
    )


def note_failure(box: Box, error: GatewayError, *, at: datetime) -> None:
    """ISDS failed: try again after a growing delay, or stop until an administrator acts.

    A wrong password must not be tried again: ISDS locks the login out after a few failures.
    """
    service_ends = maintenance_end(at)
    if service_ends and isinstance(error, Retryable):
        Box.objects.filter(pk=box.pk).update(next_attempt_at=service_ends)  # weekly service of ISDS is no failure
        return
    failures = box.failures + 1
    delay = delay_after(failures)
    if isinstance(error, Retryable):
        delay = max(delay, min(error.after, delay * 2))
    Box.objects.filter(pk=box.pk).update(
        failures=failures,
        last_error=error.message,
        last_error_detail=error.detail,
        last_error_at=at,
        next_attempt_at=at + delay,
        needs_administrator=isinstance(error, Misconfigured),
    )
