"""Kinds of documents as a code list: added, described, taken out of use, removed while unused (NSESSS 4.2)."""

from datetime import date

from egon.audit.log import note_changes
from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.records import permissions
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import DisposalRegime, Document, DocumentKind
from egon.records.rules.kinds import faults_of_kind, is_in_use
from egon.records.rules.plan import faults_of_regime
from egon.records.rules.retention import Trigger


@operation("records.kind.save", title="Druh dokumentu", requires=permissions.may_configure)
def save_kind(
    *,
    actor: Actor,
    name: str,
    valid_from: date,
    valid_to: date | None = None,
    description: str = "",
    regime: DisposalRegime | None = None,
    kind: DocumentKind | None = None,
) -> DocumentKind:
    """Add a kind, perhaps with a disposal regime of its own, or change ``kind`` in anything but its regime.

    The regime given to a new kind never changes (NSESSS 4.2.4, 6.1.1, 6.1.4). Documents keep a kind that is no longer
    in use. Raises :class:`InvalidInput` with every fault.
    """
    name = " ".join(name.split())
    others = DocumentKind.objects.exclude(pk=kind.pk) if kind else DocumentKind.objects.all()
    is_taken = bool(name) and others.filter(name=name).exists()
    faults = faults_of_kind(name=name, name_is_taken=is_taken, valid_from=valid_from, valid_to=valid_to)
    if kind is None:
        faults += _faults_of_regime(regime) if regime else []
    elif (regime.pk if regime else None) != kind.disposal_regime_id:
        faults.append("Skartační režim druhu se nemění (NSESSS 4.2.4). Ukončete tento druh a založte nový.")
    if faults:
        raise InvalidInput("Druh dokumentu se neuložil.", faults)
    new = {"name": name, "valid_from": valid_from, "valid_to": valid_to, "description": description.strip()[:500]}
    if kind is None:
        return DocumentKind.objects.create(**new, disposal_regime=regime)
    note_changes({key: getattr(kind, key) for key in new}, new)
    for key, value in new.items():
        setattr(kind, key, value)
    kind.save(update_fields=list(new))
    return kind


@operation("records.kind.delete", title="Odstranění druhu dokumentu", requires=permissions.may_configure)
def delete_kind(*, actor: Actor, kind: DocumentKind) -> None:
    """Remove a kind that no document has. Raises :class:`NotInThisState` for a used one."""
    if Document.objects.filter(kind=kind).exists():
        raise NotInThisState(
            f"Druh „{kind}“ mají dokumenty, odstranit ho nejde. Můžete nastavit poslední den jeho používání."
        )
    DocumentKind.objects.filter(pk=kind.pk).delete()


def require_in_use(kind: DocumentKind | None, *, on: date, refusal: str) -> None:
    """Raise :class:`InvalidInput` when a document is to get a kind that is not in use on a day."""
    if kind is not None and not is_in_use(kind.valid_from, kind.valid_to, on=on):
        raise InvalidInput(refusal, [f"Druh „{kind}“ se už nepoužívá, nebo ještě nepoužívá. Vyberte jiný."])


def _faults_of_regime(regime: DisposalRegime) -> list[str]:
    faults = faults_of_regime(
        mark=regime.mark,
        years=regime.years,
        trigger=Trigger(regime.trigger),
        check_years=regime.check_years,
        for_kind=True,
    )
    if regime.withdrawn_on is not None:
        faults.append(f"režim {regime} je znepřístupněný, přiřadit ho nejde (NSESSS 6.1.1).")
    return [fault[0].upper() + fault[1:] for fault in faults]
