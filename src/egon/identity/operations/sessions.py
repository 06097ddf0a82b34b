"""Ending what is signed in: by the person, by an administrator, and with every change of the password."""

from egon.audit.log import note
from egon.audit.operation import operation
from egon.identity import permissions
from egon.identity.events import SessionsEnded
from egon.identity.models import Account, Session
from egon.kernel.actor import Actor
from egon.kernel.events import publish


@operation(
    "identity.sessions.end_own",
    title="Odhlášení na ostatních zařízeních",
    requires=permissions.may_change_own,
    unlogged=("keep",),
)
def sign_out_elsewhere(*, actor: Actor, account: Account, keep: str) -> int:
    """End all one's sessions but the present one (its key is ``keep``). Returns how many."""
    return end_sessions(account, keep=keep)


@operation("identity.sessions.end", title="Odhlášení osoby všude", requires=permissions.may_reset)
def sign_out_everywhere(*, actor: Actor, account: Account) -> int:
    """End all sessions of an account; the password stays. Returns how many."""
    return end_sessions(account)


def end_sessions(account: Account, *, keep: str = "") -> int:
    """Forget the sessions, for operations that end them; whoever used them is asked to sign in at the next step."""
    ended, _ = Session.objects.filter(account=account).exclude(session_key=keep).delete()
    note(sessions=ended)
    publish(SessionsEnded(account.pk))
    return ended
