"""Several people at the same moment: no number is lost or given twice, one decision wins."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from tests.records_steps import acting, register

from egon import storage
from egon.kernel import clock
from egon.kernel.errors import Conflict, DomainError
from egon.records import operations as records
from egon.records.errors import ContentChanged
from egon.records.models import CaseFile, CheckOut, Document
from egon.records.operations import NewFile
from egon.records.operations.editing import present_digest, save_working_copy
from egon.records.rules.editing import Condition
from egon.records.rules.settling import SettledHow
from egon.records.rules.states import Direction
from egon.tenancy.scope import tenant_scope

PEOPLE = 6


def at_once(world, work):
    """Run ``work(index)`` by several threads, each on its own connection; errors are returned, not raised."""

    def one(index):
        try:
            with tenant_scope(world.region.pk):
                return work(index)
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as pool:
        return list(pool.map(one, range(PEOPLE)))


@pytest.mark.norm("2.7.2")
def test_documents_registered_at_once_have_numbers_without_gap_and_duplicate(own_database, world):
    with tenant_scope(world.region.pk):
        first = Document.objects.count()
    documents = at_once(world, lambda index: register(world, f"Žádost {index}"))
    given = sorted(int(document.identifier[-6:]) for document in documents)
    assert given == list(range(first + 1, first + 1 + PEOPLE))


def test_documents_put_into_one_file_at_once_get_different_orders(own_database, world):
    with tenant_scope(world.region.pk):
        file = CaseFile.objects.get(subject__startswith="Dotaz k jízdnímu")
        documents = [register(world, f"Doplnění {index}") for index in range(PEOPLE)]
        for document in documents:
            records.place_in_unit(
                actor=acting(world.clerk), document=document, unit=world.office.units["OD"], holder=world.officer
            )
    officer = None
    with tenant_scope(world.region.pk):
        officer = acting(world.officer)
    at_once(
        world,
        lambda index: records.put_in_file(
            actor=officer, document=documents[index], file=CaseFile.objects.get(pk=file.pk)
        ),
    )
    with tenant_scope(world.region.pk):
        orders = (
            Document.objects.filter(case_file=file).order_by("order_in_file").values_list("order_in_file", flat=True)
        )
        assert sorted(orders) == list(range(1, PEOPLE + 2))


def test_of_several_who_settle_at_once_exactly_one_wins_and_the_others_learn_who(own_database, world):
    with tenant_scope(world.region.pk):
        pk = Document.objects.get(subject__startswith="Dotaz k jízdnímu").pk
        officer = acting(world.officer)
    seen = []
    with tenant_scope(world.region.pk):
        seen = [Document.objects.get(pk=pk) for _ in range(PEOPLE)]

    def settle(index):
        return records.settle_document(actor=officer, document=seen[index], how=SettledHow.BY_NOTING, on=clock.today())

    results = at_once(world, settle)
    refused = [result for result in results if isinstance(result, Conflict)]
    assert len(refused) == PEOPLE - 1
    assert all("Mgr. Petr Dvořák" in error.message for error in refused)


def test_of_several_programs_that_save_what_they_opened_exactly_one_is_kept(own_database, world):
    """Each believes in the same content (If-Match, and the tag in the header If); asked before the lock, all would."""
    with tenant_scope(world.region.pk):
        officer = acting(world.officer)
        stored = [storage.put(f"verze {index}".encode()) for index in range(PEOPLE)]
        draft = records.create_document(
            actor=officer, direction=Direction.INTERNAL, subject="Smlouva",
            files=[NewFile("smlouva.txt", "text/plain", storage.put(b"puvodni"))],
        )  # fmt: skip
        taken = records.check_out(actor=officer, document=draft, component=draft.components.get())
        believed = present_digest(taken)

    def save(index):
        by_tag = index % 2 == 0
        return save_working_copy(
            actor=officer, document=Document.objects.get(pk=draft.pk), check_out=CheckOut.objects.get(pk=taken.pk),
            new_file=NewFile("smlouva.txt", "text/plain", stored[index]), at=clock.now(),
            conditions=[[Condition(tag=f'"{believed}"')]] if by_tag else [], expected=None if by_tag else [believed],
        )  # fmt: skip

    results = at_once(world, save)
    refused = [one for one in results if isinstance(one, ContentChanged)]
    [kept] = [index for index, one in enumerate(results) if isinstance(one, CheckOut)]
    assert len(refused) == PEOPLE - 1
    with tenant_scope(world.region.pk):
        assert CheckOut.objects.get(pk=taken.pk).working_digest == stored[kept].digest
