"""What records do when something happens below them."""

from egon.identity.events import SessionsEnded
from egon.records.models import CheckOut


def close_links(event: SessionsEnded) -> None:
    """Who is signed out everywhere saves from office programs no more; what was saved stays."""
    theirs = CheckOut.objects.filter(person__account=event.account_id).exclude(link_hash="")
    theirs.update(link_hash="", link_until=None, lock_token="", lock_until=None)
