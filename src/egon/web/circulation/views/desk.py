"""``/``: my desk – what waits for me, each with one next step; numbers and a chart of the week."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from egon.circulation import queries, week
from egon.circulation.queries import InboxItem, Shown, Step
from egon.circulation.rules import days_late
from egon.databox import queries as databox
from egon.kernel import clock
from egon.kernel.actor import Actor, Role
from egon.mailroom import queries as mailroom
from egon.parties import queries as parties
from egon.records import queries as records
from egon.records.disclosure import UNTOLD
from egon.records.rules.states import DocumentState
from egon.web.access import ActorRequest, signed_in
from egon.web.addresses import address_of

PAGE_SIZE = 50

_TAKING = (Step.TAKE_OVER, Step.TAKE_NOTE)
_NEWS = (*_TAKING, Step.DECIDE, Step.GIVE_OPINION)  # what the number in the navigation counts
_WORKING = (
    Step.ADVISE,
    Step.GIVE,
    Step.PUT_IN_FILE,
    Step.SETTLE,
    Step.FINISH_DRAFT,
    Step.REWORK,
    Step.RESUME,
    Step.REASSIGN,
    Step.READ_RESULT,
)

# The tabs of the inbox: address, label, what belongs there.
TABS: tuple[tuple[str, str, Callable[[InboxItem], bool]], ...] = (
    ("", "Vše", lambda item: True),
    ("pozde", "Po termínu", lambda item: item.days_late > 0),
    ("prevzit", "K převzetí", lambda item: item.step in _TAKING),
    ("schvalit", "Ke schválení", lambda item: item.step is Step.DECIDE),
    ("vyjadrit", "K vyjádření", lambda item: item.step is Step.GIVE_OPINION),
    ("pracuji", "Zpracovávám", lambda item: item.step in _WORKING),
    (
        "obezniky",
        "Oběžníky",
        lambda item: item.step is Step.HAND_ON or (item.step is Step.TAKE_NOTE and item.handover_id is not None),
    ),
    ("podatelna", "Podatelna", lambda item: item.step in (Step.ASSIGN, Step.DISPATCH)),
    ("ceka", "Čeká na jiné", lambda item: item.step.is_for_others),
)


_OF_ALL_KINDS = ("", "pozde")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the inbox. ``action`` is a step of one click (POST), otherwise ``url`` leads to it."""

    item: InboxItem
    open_url: str
    url: str
    action: str


@signed_in
@require_safe
def desk(request: ActorRequest) -> HttpResponse:
    """The home page."""
    actor, today = request.actor, clock.today()
    inbox = queries.inbox_of(actor, on=today)
    items = sorted([*inbox.items, *_of_mailroom(actor, today)], key=queries.urgency)
    chosen = next((tab for tab in TABS if tab[0] == request.GET.get("co", "")), TABS[0])
    page = Paginator([item for item in items if chosen[2](item)], PAGE_SIZE).get_page(request.GET.get("strana"))
    counts = mailroom.counts_for_desk(actor, now=clock.now())
    intake = counts.get("waiting", 0)
    request.waiting = {"/": sum(item.step in _NEWS for item in items), "/podatelna/": intake}  # type: ignore[attr-defined]
    numbers = [
        *_numbers(items, inbox.more),
        *_mailroom_numbers(actor, counts),
        *_box_numbers(actor, counts),
        *_access_numbers(counts),
        *_reminders(counts),
        *_register_numbers(actor),
    ]
    context = {
        "rows": [_row(item) for item in page],
        "page": page,
        "tabs": _tabs(items, chosen[0], inbox.more),
        "tab": chosen[0],
        "numbers": numbers,
        "number_waits": any(number["value"] for number in numbers),
        "week": week.of_desk(actor, on=today),
        "nothing_waits": not items,
        "most_of_one_kind": queries.MOST_OF_ONE_KIND if inbox.more else None,
        "today": today,
    }
    return render(request, "circulation/desk.html", context)


def _of_mailroom(actor: Actor, today: date) -> list[InboxItem]:
    """Letters to send and letters that came back, of documents that no restriction hides from the actor."""
    items = [*_to_dispatch(actor, today), *_returned(actor)]
    hidden = records.withheld(actor, (item.document.pk for item in items))
    return [item for item in items if item.document.pk not in hidden]


def _to_dispatch(actor: Actor, today: date) -> list[InboxItem]:
    """Approved documents ready to leave, for the mailroom; a document with more addressees once."""
    if not actor.has(Role.MAILROOM):
        return []
    found: dict[int, InboxItem] = {}
    columns = ("pk", "name", "document__state", "document__case_file__restricted_because")
    addressees = mailroom.to_dispatch().values_list(*columns, *queries.SHOWN_OF_ITS_DOCUMENT)
    for pk, name, state, restricted, *shown in addressees[: queries.MOST_OF_ONE_KIND]:
        document = Shown(*shown)
        if restricted and state != DocumentState.APPROVED:
            # Another addressee has it already: what it is about the mailroom no longer sees.
            document = document._replace(subject=UNTOLD)
        found.setdefault(
            document.pk,
            InboxItem(
                step=Step.DISPATCH,
                document=document,
                since=document.registered_at,
                deadline=document.deadline,
                days_late=days_late(document.deadline, on=today),
                note=f"adresát: {name}",
                addressee_id=pk,
            ),
        )
    return list(found.values())


def _returned(actor: Actor) -> list[InboxItem]:
    """Letters that came back, for the officers who know where else to send them."""
    columns = ("pk", "addressee__name", "problem", "changed_at", *queries.SHOWN_OF_ITS_DOCUMENT)
    found = mailroom.returned_to(actor).values_list(*columns)
    return [
        InboxItem(
            step=Step.ADVISE,
            document=Shown(*shown),
            since=changed_at,
            deadline=None,
            days_late=0,
            note=f"vrátilo se ({name}): {problem}",
            dispatch_id=pk,
        )
        for pk, name, problem, changed_at, *shown in found[: queries.MOST_OF_ONE_KIND]
    ]


def _tabs(items: list[InboxItem], chosen: str, more: bool) -> list[dict[str, Any]]:
    """Only tabs with something in them, the first one and the chosen one always."""
    found = []
    for key, label, belongs in TABS:
        count = sum(map(belongs, items))
        if count or key in ("", chosen):
            cut = _is_cut(count) or (more and key in _OF_ALL_KINDS)
            found.append(
                {
                    "label": label,
                    "url": f"/?co={key}" if key else "/",
                    "active": key == chosen,
                    "count": f"{count}+" if cut else count,
                }
            )
    return found


def _numbers(items: list[InboxItem], more: bool) -> Iterator[dict[str, Any]]:
    """The numbers above the inbox; each leads to what it counts."""
    late = sum(item.days_late > 0 for item in items)
    waiting = sum(not item.step.is_for_others for item in items)
    taking = sum(item.step in _TAKING for item in items)
    deciding = sum(item.step is Step.DECIDE for item in items)
    yield {"value": waiting, "more": more, "label": "čeká na vás", "url": "/"}
    yield {"value": late, "more": more, "label": "po termínu", "url": "/?co=pozde", "late": True}
    yield {"value": taking, "more": _is_cut(taking), "label": "k převzetí", "url": "/?co=prevzit"}
    yield {"value": deciding, "more": _is_cut(deciding), "label": "ke schválení", "url": "/?co=schvalit"}


def _mailroom_numbers(actor: Actor, counts: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    if not actor.has(Role.MAILROOM):
        return
    yield {"value": counts["waiting"], "label": "v podatelně k zaevidování", "url": "/podatelna/"}
    if failed := counts["failed"]:
        yield {"value": failed, "label": "nepodařilo se odeslat", "url": "/podatelna/vypravna/", "late": True}


def _box_numbers(actor: Actor, counts: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """What the data boxes want of this person; only numbers that are not zero."""
    found = [(counts["own"], "do vlastních rukou", "databox:personal", False)]
    if actor.has(Role.MAILROOM):
        found.append((counts["noticed"], "čeká na rozhodnutí o převzetí", "databox:waiting", False))
    if actor.has(Role.MAILROOM, Role.ADMINISTRATOR):
        found.append((counts["threatened"], "nestaženo, ISDS je smaže", "databox:boxes", True))
    if actor.has(Role.ADMINISTRATOR):
        ends = databox.ending_certificates(now=clock.now()).count() + databox.ending_passwords(now=clock.now()).count()
        found.append((ends, "končí přihlášení ke schránce", "databox:boxes", True))
    for value, label, url, late in found:
        if value:
            yield {"value": value, "label": label, "url": reverse(url), "late": late}


def _access_numbers(counts: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """Access to documents and files that somebody offers and that is to be confirmed or refused (NSESSS 7.1.3)."""
    if value := counts["offered"]:
        yield {"value": value, "label": "přístup k potvrzení", "url": reverse("records:access_grants")}


def _reminders(counts: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """What the person is to be reminded of today, and what was not done on days before."""
    if value := counts["reminders"]:
        yield {"value": value, "label": "připomínky na dnes", "url": f"{reverse('records:reminders')}?stav=dnes"}


def _register_numbers(actor: Actor) -> Iterator[dict[str, Any]]:
    """Who keeps the register of outside persons learns of records that may be of one person (NSESSS 2.8.14)."""
    if value := parties.open_duplicates(actor):
        yield {"value": value, "label": "podobné záznamy v rejstříku", "url": reverse("party-duplicates")}


def _is_cut(count: int) -> bool:
    return count >= queries.MOST_OF_ONE_KIND


def _row(item: InboxItem) -> Row:
    document = address_of("records:file" if item.is_file else "records:document", item.document.pk)
    action = ""
    if item.step in _TAKING and item.handover_id:
        action = address_of("circulation:take_over", item.handover_id)
    elif item.step is Step.TAKE_NOTE and item.route_step_id:
        action = address_of("circulation:note_step", item.route_step_id)
    return Row(item, document, _address(item, document), action)


def _address(item: InboxItem, document: str) -> str:
    pk = item.document.pk
    match item.step:
        case Step.REASSIGN if item.is_file:
            return f"{document}#predani"
        case Step.ASSIGN | Step.REASSIGN:
            return address_of("circulation:assign", pk)
        case Step.GIVE:
            return address_of("circulation:give", pk)
        case Step.HAND_ON if item.handover_id:
            return address_of("circulation:hand_on", item.handover_id)
        case Step.DECIDE | Step.GIVE_OPINION if item.route_step_id:
            return address_of("circulation:answer_step", item.route_step_id)
        case Step.DECIDE:
            return f"{document}#schvaleni"
        case Step.RESUME | Step.FOLLOW | Step.READ_RESULT:
            return f"{document}#trasa"
        case Step.PUT_IN_FILE:
            return address_of("records:put_in_file", pk)
        case Step.DISPATCH if item.addressee_id:
            return address_of("mailroom:dispatch_one", item.addressee_id)
        case Step.ADVISE if item.dispatch_id:
            return address_of("mailroom:dispatch_detail", item.dispatch_id)
        case _:
            return document
