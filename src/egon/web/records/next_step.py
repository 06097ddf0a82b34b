"""The one obvious next step of a document, for the person who looks at it."""

from dataclasses import dataclass, field

from django.urls import reverse

from egon.kernel.actor import Actor, Role
from egon.records import permissions
from egon.records.models import Document
from egon.records.rules.states import Direction, DocumentState, FileState
from egon.registry.queries import LEADING

CIRCULATION = "#obeh"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What ``components/next_step.html`` shows; without ``url`` it is a sentence saying who is expected to act."""

    title: str
    text: str = ""
    label: str = ""
    url: str = ""
    secondary: list[dict[str, str]] = field(default_factory=list)


def step_for(actor: Actor, document: Document, replies: list[Document]) -> NextStep:
    """The step; every state has one, also for those who only look."""
    if document.state == DocumentState.WITHDRAWN:
        return _withdrawn(document)
    if document.direction == Direction.RECEIVED:
        return _received(actor, document, replies)
    return _own(actor, document)


def _withdrawn(document: Document) -> NextStep:
    held = document.withdrawals.filter(restored_at__isnull=True).first()
    told = f"{held.withdrawn_by}: {held.reason}" if held else ""
    return NextStep("Dokument je stornovaný", f"{told} Ostatním se jeví jako zničený.".strip())


def _received(actor: Actor, document: Document, replies: list[Document]) -> NextStep:
    match DocumentState(document.state):
        case DocumentState.REGISTERED:
            if actor.has(Role.MAILROOM):
                return NextStep("Předejte dokument útvaru", "Leží v podatelně.", "Předat útvaru", CIRCULATION)
            return NextStep("Dokument leží v podatelně", "Podatelna ho předá útvaru, který ho vyřídí.")
        case DocumentState.ASSIGNED:
            if actor.has_in(document.unit_id, *LEADING):
                return NextStep("Převezměte dokument", "Čeká na převzetí ve vašem útvaru.", "K převzetí", CIRCULATION)
            return NextStep("Dokument čeká na převzetí", f"Převezme ho {document.unit}.")
        case DocumentState.PROCESSING:
            return _processing(actor, document, replies)
        case _:
            return _settled(actor, document)


def _processing(actor: Actor, document: Document, replies: list[Document]) -> NextStep:
    if not permissions.may_work_on(actor, document):
        return NextStep("Dokument se vyřizuje", f"Zpracovává ho {document.holder}.")
    settle = {"label": "Vyřídit jinak", "url": reverse("records:settle", args=[document.pk])}
    if document.case_file is None:
        url = reverse("records:put_in_file", args=[document.pk])
        why = "Každý dokument patří do spisu ještě před vyřizováním; spisový znak mu dá skartační režim."
        return NextStep("Zařaďte dokument do spisu", why, "Vybrat spis", url)
    unfinished = [
        one for one in replies if one.state in (DocumentState.DRAFT, DocumentState.IN_APPROVAL, DocumentState.APPROVED)
    ]
    if unfinished:
        return _waiting_reply(unfinished[-1])
    if any(one.state in (DocumentState.DISPATCHED, DocumentState.DELIVERED) for one in replies):
        return NextStep("Vyřiďte dokument", "Odpověď je odeslaná.", "Vyřídit", settle["url"])
    url = reverse("records:reply", args=[document.pk])
    return NextStep("Napište odpověď", "Ze šablony, s čísly a adresátem už vyplněnými.", "Odpovědět", url, [settle])


def _waiting_reply(reply: Document) -> NextStep:
    url = reverse("records:document", args=[reply.pk])
    if reply.state == DocumentState.DRAFT:
        return NextStep("Dokončete odpověď", f"Odpověď {reply} je rozpracovaná.", "Otevřít odpověď", url)
    where = "čeká na schválení" if reply.state == DocumentState.IN_APPROVAL else "je schválená a čeká na odeslání"
    return NextStep(
        "Odpověď je na cestě", f"Odpověď {reply} {where}.", secondary=[{"label": "Otevřít odpověď", "url": url}]
    )


def _settled(actor: Actor, document: Document) -> NextStep:
    file = document.case_file
    if file is not None and file.state != FileState.CLOSED and permissions.may_work_on_file(actor, file):
        url = reverse("records:file", args=[file.pk])
        return NextStep("Uzavřete spis", f"Dokument je vyřízený, spis {file} ještě ne uzavřený.", "Otevřít spis", url)
    return NextStep("Nic dalšího se nečeká", "Dokument je vyřízený.")


def _own(actor: Actor, document: Document) -> NextStep:
    may_work = bool(permissions.may_work_on(actor, document))
    match DocumentState(document.state):
        case DocumentState.DRAFT if may_work:
            return _draft(document)
        case DocumentState.DRAFT:
            return NextStep("Dokument je rozpracovaný", f"Píše ho {document.holder}.")
        case DocumentState.IN_APPROVAL:
            return NextStep(
                "Dokument čeká na schválení", "Do rozhodnutí se jeho obsah nemění.", "Schvalování", CIRCULATION
            )
        case DocumentState.APPROVED if document.direction == Direction.OUTGOING:
            if actor.has(Role.MAILROOM):
                return NextStep("Odešlete dokument", "Je schválený.", "Do výpravny", reverse("mailroom:dispatch"))
            return NextStep("Dokument čeká na odeslání", "Je schválený, odešle ho výpravna.")
        case DocumentState.APPROVED if may_work:
            return NextStep(
                "Vyřiďte dokument", "Je schválený.", "Vyřídit", reverse("records:settle", args=[document.pk])
            )
        case DocumentState.DISPATCHED:
            return NextStep("Dokument je odeslaný", "Doručenka přijde sama a uloží se k němu.")
        case DocumentState.DELIVERED:
            return _delivered(actor, document)
        case _:
            return _settled(actor, document)


def _draft(document: Document) -> NextStep:
    write = {"label": "Upravit text", "url": reverse("records:write_text", args=[document.pk])}
    if document.case_file is None:
        into = {"label": "Zařadit do spisu", "url": reverse("records:put_in_file", args=[document.pk])}
    else:
        into = None
    if document.component_count == 0:
        return NextStep("Napište text", "Dokument je zatím prázdný.", "Psát", write["url"], [into] if into else [])
    also = [write, *([into] if into else [])]
    return NextStep("Předložte dokument ke schválení", "Až bude hotový.", "Ke schválení", CIRCULATION, also)


def _delivered(actor: Actor, document: Document) -> NextStep:
    answered = document.replies_to
    if answered is not None and answered.settled_on is None and permissions.may_work_on(actor, answered):
        url = reverse("records:settle", args=[answered.pk])
        return NextStep("Vyřiďte původní dokument", f"Odpověď na {answered} je doručená.", "Vyřídit", url)
    return (
        _settled(actor, document) if document.case_file else NextStep("Nic dalšího se nečeká", "Dokument je doručený.")
    )
