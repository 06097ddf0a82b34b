"""The register book: printing it is written down, for it carries names of many people out of the product."""

from datetime import date
from typing import Final

from egon.audit import log
from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.mailroom import permissions, queries
from egon.mailroom.errors import BookTooLong
from egon.records.models import Document
from egon.registry.models import Unit

LONGEST: Final = 3000
"""Documents in one print."""


@operation("mailroom.book.print", title="Tisk podacího deníku", requires=permissions.may_read_book, reads=True)
def print_book(
    *, actor: Actor, since: date, until: date, direction: str = "", unit: Unit | None = None
) -> list[Document]:
    """Documents of the book to be printed, in the order of registering. Raises ``BookTooLong``."""
    found = queries.register_book(actor, since=since, until=until, direction=direction, unit=unit)
    rows = list(found[: LONGEST + 1])
    if len(rows) > LONGEST:
        raise BookTooLong(LONGEST)
    log.note(count=len(rows))
    return rows
