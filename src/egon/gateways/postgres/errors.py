"""What can go wrong with the embedded server. Messages are Czech: what happened, what was kept, what to do."""

from datetime import timedelta

from egon.kernel.errors import GatewayError, Misconfigured, Retryable


class EmbeddedServerError(GatewayError):
    """Anything about the embedded PostgreSQL."""

    code = "gateway.postgres"


class ServerUnusable(EmbeddedServerError, Misconfigured):
    """The server cannot run here as things are (rights, version of data, missing binaries): somebody has to act."""

    code = "gateway.postgres.unusable"


class ServerBroken(EmbeddedServerError, Retryable):
    """The server did not start or did not stop; its log says why. Starting again may help."""

    code = "gateway.postgres.broken"

    def __init__(self, message: str, *, detail: str = "", after: timedelta = timedelta(seconds=5)) -> None:
        super().__init__(message, detail=detail, after=after)
