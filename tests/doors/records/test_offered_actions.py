"""Pages offer what the operation behind would let be done, and nothing it would refuse (NSESSS 7.1.1, 7.1.6)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.records_steps import acting, record_class

from egon.audit.operation import may
from egon.circulation import operations as circulation
from egon.kernel import clock
from egon.kernel.actor import LimitKind
from egon.records import operations as records
from egon.registry import operations as registry


@pytest.fixture
def file(in_region, received):
    return records.open_file(
        actor=acting(in_region.officer), record_class=record_class("80.1"), unit=received.unit,
        processor=in_region.officer, document=received,
    )  # fmt: skip


def forbid(world, *codes):
    for code in codes:
        registry.set_restriction(
            actor=acting(world.administrator), kind=LimitKind.FUNCTION, about=code, title=code, person=world.officer,
            reason="střet zájmů", at=clock.now(),
        )  # fmt: skip


# The function that is taken away, the page, and what offers it there.
OFFERED = [
    ("records.file.settle", "/spisy/{file}/", "Vyřídit spis…"),
    ("records.file.edit", "/spisy/{file}/", "/spisy/{file}/udaje/"),
    ("circulation.route.start", "/spisy/{file}/", "/obeh/spis/{file}/kroky/"),
    ("circulation.route.start", "/dokumenty/{document}/", "/obeh/dokument/{document}/kroky/"),
    ("records.document.withdraw", "/dokumenty/{document}/", "/dokumenty/{document}/storno/"),
    ("records.file.take_out", "/dokumenty/{document}/", "/dokumenty/{document}/spis/vyjmout/"),
    ("circulation.document.assign", "/dokumenty/{document}/", "/obeh/dokument/{document}/utvaru/"),
    ("records.document.create", "/dokumenty/", "/dokumenty/novy/"),
    ("records.access.grant", "/dokumenty/{document}/pristup/", "/dokumenty/{document}/pristup/pridelit/"),
]


@pytest.mark.norm("7.1.6")
@pytest.mark.parametrize(("code", "page", "offer"), OFFERED)
def test_what_the_administrator_took_away_is_not_offered(browser, in_region, file, received, code, page, offer):
    keys = {"file": file.pk, "document": received.pk}
    address, sought = page.format(**keys), offer.format(**keys)
    assert sought in browser(in_region.officer).get(address).content.decode()
    forbid(in_region, code)
    answer = browser(in_region.officer).get(address)
    assert answer.status_code == 200
    assert sought not in answer.content.decode()


def test_what_is_asked_before_is_what_the_operation_asks(in_region, file, received):
    officer, outsider = acting(in_region.officer), acting(in_region.outsider)
    asked = {"actor": officer, "file": file}
    assert may(records.settle_file, **asked) and may(circulation.start_route, **asked)
    refused = may(records.settle_file, actor=outsider, file=file)
    assert not refused and "smí pracovat" in refused.reason
    forbid(in_region, "records.file.settle")
    refused = may(records.settle_file, actor=acting(in_region.officer), file=file)
    assert not refused and "omezil" in refused.reason


def test_asking_before_costs_no_query_of_who_has_no_restrictions(in_region, file, received):
    officer = acting(in_region.officer)
    with CaptureQueriesContext(connection) as asked:
        may(records.settle_file, actor=officer, file=file)
        may(records.edit_file, actor=officer, file=file)
        may(records.withdraw_document, actor=officer, document=received)
    assert len(asked) == 0
