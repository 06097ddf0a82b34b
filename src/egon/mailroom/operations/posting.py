"""Dispatch by post: an envelope is prepared, gets its number, and is given to the post with others."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from egon import numbering
from egon.audit import log
from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.mailroom import permissions, rules
from egon.mailroom.errors import NotDispatchable, PostRefused, ReasonMissing
from egon.mailroom.models import (
    Channel,
    Dispatch,
    DispatchState,
    EnvelopeSize,
    PostBatch,
    PostedLetter,
    PostService,
)
from egon.mailroom.operations.dispatching import create_dispatch, require_ready, tell_document
from egon.records.locking import lock
from egon.records.models import Addressee, Document


@operation("mailroom.post.prepare", title="Příprava dopisu", requires=permissions.may_dispatch)
def prepare_letter(
    *,
    actor: Actor,
    document: Document,
    addressee: Addressee,
    service: str,
    address: str,
    at: datetime,
    envelope: str = EnvelopeSize.DL,
    weight: int | None = None,
) -> PostedLetter:
    """Make an envelope for one addressee; the letter waits until it is given to the post. Vyhláška 259/2012 Sb. § 18.

    ``weight`` in grams. Raises ``NotDispatchable`` with every obstacle, ``DispatchUnderWay`` when it is on its way.
    """
    lock(document)
    require_ready(document, addressee)
    lines = [line.strip() for line in address.splitlines() if line.strip()]
    found = [] if lines else ["Chybí adresa. Napište ji po řádcích, jak má stát na obálce."]
    if weight is not None and not 0 < weight <= rules.HEAVIEST:
        found.append(f"Hmotnost zadejte v gramech, od 1 do {rules.HEAVIEST}.")
    if found:
        raise NotDispatchable(found)
    dispatch = create_dispatch(document, addressee, Channel.POST, DispatchState.WAITING, at)
    return PostedLetter.objects.create(
        dispatch=dispatch,
        service=PostService(service),
        size=EnvelopeSize(envelope),
        weight=weight,
        address="\n".join(lines),
    )


@operation("mailroom.post.take_back", title="Vyřazení připraveného dopisu", requires=permissions.may_dispatch)
def take_back_letter(*, actor: Actor, letter: PostedLetter, reason: str, at: datetime) -> Dispatch:
    """The letter does not go by post, its document waits in dispatch again. Raises ``PostRefused`` once posted."""
    if not reason.strip():
        raise ReasonMissing
    [row] = _waiting([letter])
    dispatch = Dispatch.objects.select_for_update().get(pk=row.dispatch_id)
    dispatch.state, dispatch.changed_at = DispatchState.FAILED, at
    dispatch.problem = f"Dopis byl vyřazen před podáním na poště: {reason.strip()}"
    dispatch.save(update_fields=["state", "changed_at", "problem"])
    return dispatch


@operation(
    "mailroom.post.number", title="Zápis podacích čísel", requires=permissions.may_dispatch, unlogged=("numbers",)
)
def number_letters(*, actor: Actor, numbers: Mapping[int, str]) -> list[PostedLetter]:
    """Write numbers of the post by the id of a prepared letter. Raises ``PostRefused`` with every obstacle."""
    rows = _waiting(PostedLetter.objects.filter(pk__in=numbers))
    for row in rows:
        row.post_number = rules.clean_post_number(numbers[row.pk])
    _require(rules.obstacles_to_numbers([(_name(row), row.post_number) for row in rows]))
    PostedLetter.objects.bulk_update(rows, ["post_number"])
    log.note(post_numbers={_name(row): row.post_number for row in rows})
    return rows


@operation("mailroom.post.hand_in", title="Podání dopisů na poště", requires=permissions.may_dispatch)
def post_letters(*, actor: Actor, letters: Sequence[PostedLetter], at: datetime) -> PostBatch:
    """Give prepared letters to the post: they get one numbered posting sheet and count as sent. All or none.

    Raises ``PostRefused`` with every obstacle, also when a colleague gave some of them in meanwhile.
    """
    rows = _waiting(letters)
    _require(rules.obstacles_to_posting([(_name(row), row.service, row.post_number) for row in rows]))
    year = at.astimezone(PRAGUE).year
    batch = PostBatch.objects.create(
        number=f"{numbering.take('post_batch', year)}/{year}", posted_at=at, posted_by=actor.name
    )
    for row in rows:
        row.batch = batch
        row.save(update_fields=["batch"])
        _sent(actor, row, at)
    log.note(count=len(rows))
    return batch


def _sent(actor: Actor, letter: PostedLetter, at: datetime) -> None:
    dispatch = letter.dispatch
    dispatch.state, dispatch.changed_at, dispatch.sent_at = DispatchState.SENT, at, at
    dispatch.note = " ".join(part for part in (letter.get_service_display(), letter.post_number) if part)
    dispatch.save(update_fields=["state", "changed_at", "sent_at", "note"])
    tell_document(actor, dispatch.addressee, DispatchState.SENT, at, channel=dispatch.channel)


def _waiting(letters: Iterable[PostedLetter]) -> list[PostedLetter]:
    """The letters locked, in one order for everybody. Raises ``PostRefused`` when some of them wait no longer."""
    wanted = sorted({letter.pk for letter in letters})
    found = PostedLetter.objects.select_for_update(of=("self",)).filter(pk__in=wanted)
    rows = list(found.select_related("dispatch", "dispatch__addressee", "dispatch__document").order_by("pk"))
    gone = [row for row in rows if row.batch_id or row.dispatch.state != DispatchState.WAITING]
    _require([f"{_name(row)}: dopis už nečeká, mezitím ho vyřídil někdo jiný." for row in gone])
    return rows


def _require(obstacles: list[str]) -> None:
    if obstacles:
        raise PostRefused(obstacles)


def _name(letter: PostedLetter) -> str:
    return str(letter.dispatch.addressee.name)
