"""Every reading of a restricted file is written down (NSESSS 7.4.2)."""

from egon.audit.operation import anyone, operation
from egon.kernel.actor import Actor
from egon.records.models import CaseFile, Component, Document


@operation("records.restricted.read", title="Čtení vyhrazeného spisu", requires=anyone, reads=True)
def note_reading(
    *, actor: Actor, file: CaseFile, document: Document | None = None, component: Component | None = None
) -> None:
    """Write down that the actor was shown a restricted file, its document or the content of a component.

    Whether they may be shown it the query has decided; what they did with it may have taken their access away since.
    """
