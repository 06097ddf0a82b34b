"""Letters by post: prepared, numbered, given to the post all or none, each once."""

from typing import Any

import pytest
from tests.letters import approved_letter_to

from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.mailroom import operations, queries
from egon.mailroom.errors import DispatchUnderWay, NotDispatchable, PostRefused, ReasonMissing
from egon.mailroom.models import Dispatch, PostBatch, PostedLetter
from egon.records.models import Addressee
from egon.tenancy.scope import tenant_scope

pytestmark = pytest.mark.django_db

NUMBERS = ("RR473124829CZ", "RR123456785CZ")


@pytest.fixture
def addressees(in_region: Any) -> list[Addressee]:
    """Two addressees of one approved letter."""
    return approved_letter_to(in_region, ["", ""])


def prepare(world: Any, addressee: Addressee, **more: Any) -> PostedLetter:
    facts = {"service": "recorded", "address": " Dlouhá 12 \n\n 500 02 Sázava ", "at": clock.now()}
    return operations.prepare_letter(
        actor=world.actor(world.clerk), document=addressee.document, addressee=addressee, **(facts | more)
    )


def test_letters_get_one_sheet_and_their_document_counts_as_sent(in_region: Any, addressees: list[Addressee]) -> None:
    clerk = in_region.actor(in_region.clerk)
    letters = [prepare(in_region, addressee) for addressee in addressees]
    assert letters[0].address == "Dlouhá 12\n500 02 Sázava"
    assert list(queries.letters_to_post()) == letters
    operations.number_letters(
        actor=clerk, numbers=dict(zip([letter.pk for letter in letters], ["rr 473124829 cz", NUMBERS[1]], strict=True))
    )
    batch = operations.post_letters(actor=clerk, letters=letters, at=clock.now())
    assert [letter.post_number for letter in queries.letters_in(batch)] == list(NUMBERS)
    assert batch.number == f"1/{clock.today().year}"
    assert [batch.count for batch in queries.batches()] == [2]
    assert {row.state for row in Dispatch.objects.all()} == {"sent"}
    addressees[0].refresh_from_db()
    assert (addressees[0].state, addressees[0].document.state) == ("dispatched", "dispatched")
    assert not queries.letters_to_post().exists()


def test_all_obstacles_are_told_and_nothing_is_posted(in_region: Any, addressees: list[Addressee]) -> None:
    clerk = in_region.actor(in_region.clerk)
    letters = [prepare(in_region, addressee) for addressee in addressees]
    with pytest.raises(PostRefused) as refusal:
        operations.post_letters(actor=clerk, letters=letters, at=clock.now())
    assert len(refusal.value.obstacles) == 2
    same = {letter.pk: "RR473124828CZ" for letter in letters}
    with pytest.raises(PostRefused) as refusal:
        operations.number_letters(actor=clerk, numbers=same)
    assert len(refusal.value.obstacles) == 3  # two mistyped, one repeated
    with pytest.raises(PostRefused):
        operations.post_letters(actor=clerk, letters=[], at=clock.now())
    assert not PostBatch.objects.exists()
    assert set(PostedLetter.objects.values_list("post_number", flat=True)) == {""}


def test_a_letter_is_posted_once_and_goes_by_one_way(in_region: Any, addressees: list[Addressee]) -> None:
    clerk = in_region.actor(in_region.clerk)
    letter = prepare(in_region, addressees[0], service="ordinary")
    with pytest.raises(DispatchUnderWay):
        prepare(in_region, addressees[0])
    operations.post_letters(actor=clerk, letters=[letter], at=clock.now())
    for late in (
        lambda: operations.post_letters(actor=clerk, letters=[letter], at=clock.now()),
        lambda: operations.number_letters(actor=clerk, numbers={letter.pk: NUMBERS[0]}),
        lambda: operations.take_back_letter(actor=clerk, letter=letter, reason="Omyl", at=clock.now()),
    ):
        with pytest.raises(PostRefused):
            late()
    assert PostBatch.objects.count() == 1


def test_a_letter_taken_back_waits_in_dispatch_again(in_region: Any, addressees: list[Addressee]) -> None:
    clerk = in_region.actor(in_region.clerk)
    letter = prepare(in_region, addressees[0])
    with pytest.raises(ReasonMissing):
        operations.take_back_letter(actor=clerk, letter=letter, reason=" ", at=clock.now())
    operations.take_back_letter(actor=clerk, letter=letter, reason="Pošle se schránkou", at=clock.now())
    assert addressees[0] in queries.to_dispatch()
    prepare(in_region, addressees[0], service="ordinary")


def test_what_an_envelope_lacks_is_told_at_once(in_region: Any, addressees: list[Addressee]) -> None:
    with pytest.raises(NotDispatchable) as refusal:
        prepare(in_region, addressees[0], address=" \n ", weight=60_000)
    assert len(refusal.value.obstacles) == 2
    assert not Dispatch.objects.exists()


def test_others_may_not_and_another_organisation_sees_nothing(world: Any) -> None:
    with tenant_scope(world.region.pk):
        [addressee] = approved_letter_to(world, [""])
        letter = prepare(world, addressee, service="ordinary")
        officer = world.actor(world.officer)
        for attempt in (
            lambda: operations.post_letters(actor=officer, letters=[letter], at=clock.now()),
            lambda: operations.number_letters(actor=officer, numbers={letter.pk: NUMBERS[0]}),
            lambda: operations.take_back_letter(actor=officer, letter=letter, reason="X", at=clock.now()),
        ):
            with pytest.raises(AccessDenied):
                attempt()
        letter.refresh_from_db()
        assert (letter.post_number, letter.batch) == ("", None)
    with tenant_scope(world.school.tenant.pk):
        assert not queries.letters_to_post().exists()
