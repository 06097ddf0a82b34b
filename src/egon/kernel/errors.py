"""The three families of errors everything else derives from.

A door (page, command, job) decides by type alone what to do:

* :class:`DomainError`: the rules refuse. Shown to the person as it stands; nothing was changed.
* :class:`GatewayError`: something outside failed. Its subclass says whether trying again makes sense.
* anything else is a defect of the product and is reported as such.
"""

from datetime import timedelta


class DomainError(Exception):
    """The rules refuse an operation. ``message`` is Czech and complete: what happened, what was kept, what to do."""

    code = "domain"
    norm: str | None = None

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class AccessDenied(DomainError):
    """The actor may not do this. ``message`` gives the reason in Czech."""

    code = "access.denied"


class NotFound(DomainError):
    """There is no such thing, or the actor must not learn that there is."""

    code = "not_found"


class Conflict(DomainError):
    """Somebody else was faster; the actor has to look at the present state first."""

    code = "conflict"


class GatewayError(Exception):
    """The outside world failed. ``message`` is Czech; ``detail`` is for the administrator."""

    code = "gateway"

    def __init__(self, message: str, *, detail: str = "") -> None:
        super().__init__(message if not detail else f"{message} ({detail})")
        self.message = message
        self.detail = detail


class Retryable(GatewayError):
    """The same call may succeed later. ``after`` is the shortest sensible delay."""

    code = "gateway.retryable"

    def __init__(self, message: str, *, detail: str = "", after: timedelta = timedelta(seconds=30)) -> None:
        super().__init__(message, detail=detail)
        self.after = after


class Ambiguous(Retryable):
    """The call may or may not have taken effect: look before repeating it."""

    code = "gateway.ambiguous"


class Refused(GatewayError):
    """The other side understood and refused; the same call would be refused again."""

    code = "gateway.refused"


class Misconfigured(GatewayError):
    """Credentials, certificate or address are wrong: an administrator has to act, no retry before that."""

    code = "gateway.misconfigured"


class BadContent(GatewayError):
    """What came is not what it claims to be (cut short, altered, oversized, malformed)."""

    code = "gateway.bad_content"
