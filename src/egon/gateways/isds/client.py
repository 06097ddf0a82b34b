"""The client of ISDS: one object per box login, one method per operation."""

from types import TracebackType
from typing import Self

from egon.gateways.isds.services.big_messages import BigMessages
from egon.gateways.isds.services.db_access import BoxAccess
from egon.gateways.isds.services.db_search import BoxSearch
from egon.gateways.isds.services.dm_info import MessageInformation
from egon.gateways.isds.services.dm_operations import MessageOperations


class IsdsClient(MessageOperations, MessageInformation, BoxSearch, BoxAccess, BigMessages):
    """Speaks with ISDS for one login. Every method makes one request; nothing is repeated by itself.

    Its operations stand in ``services/``, one module per WSDL. Errors common to all: ``Misconfigured`` (login refused,
    wrong address), ``Retryable`` (outage, broken answer), ``IsdsBusy`` and ``IsdsRefused`` (ISDS answered with a status
    code). Give all clients of an installation one :class:`~egon.gateways.isds.limiter.Limiter`. Safe to share between
    threads.
    """

    def close(self) -> None:
        """Drop open connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
