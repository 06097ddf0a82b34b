"""Paper letters: registered with the facts of their envelopes, found by the code of their labels."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.letters import citizen_as_party

from egon.audit.models import LogRecord
from egon.kernel import clock
from egon.kernel.errors import AccessDenied, NotFound
from egon.mailroom import operations, queries
from egon.mailroom.errors import NotRegistrable
from egon.mailroom.models import Envelope, IntakeItem
from egon.mailroom.rules import EnvelopeFacts
from egon.records import storing_queries
from egon.records.models import Document
from egon.tenancy.scope import tenant_scope

pytestmark = pytest.mark.django_db

RECORDED = EnvelopeFacts(kind="recorded", sheets=2, annexes=1, post_number="rr 473124829 cz", to_hands=" paní Nová ")


def register(world: Any, envelope: EnvelopeFacts = RECORDED, **more: Any) -> Document:
    clerk = world.actor(world.clerk)
    now = clock.now()
    facts = {"sender": citizen_as_party(clerk), "subject": "Žádost o dotaci", "delivered_at": now, "at": now}
    return operations.register_letter(actor=clerk, envelope=envelope, **(facts | more))


def test_a_letter_is_registered_with_its_envelope_and_handed_to_its_unit(in_region: Any) -> None:
    document = register(in_region, unit=in_region.units["OD"])
    assert (document.channel, document.state, document.unit.code) == ("post", "assigned", "OD")
    envelope = queries.envelope_of(document)
    assert envelope is not None
    assert (envelope.post_number, envelope.to_hands) == ("RR473124829CZ", "paní Nová")
    assert storing_queries.paper_part_of(document).sheets == 2
    shown = IntakeItem.objects.get(document=document)
    assert (shown.state, shown.channel, shown.decided_by) == (
        "registered",
        "post",
        in_region.actor(in_region.clerk).name,
    )


def test_all_obstacles_are_told_at_once_and_nothing_is_written(in_region: Any) -> None:
    register(in_region)
    before = (Document.objects.count(), IntakeItem.objects.count(), Envelope.objects.count())
    wrong = replace(RECORDED, sheets=0, annexes=0, other_annexes=1, posted_on=clock.today() + timedelta(days=3))
    with pytest.raises(NotRegistrable) as refusal:
        register(in_region, wrong, sender=None, subject=" ", delivered_at=clock.now() + timedelta(hours=1))
    assert len(refusal.value.obstacles) == 6
    assert "už je zaevidovaná jako" in refusal.value.obstacles[-1]
    assert (Document.objects.count(), IntakeItem.objects.count(), Envelope.objects.count()) == before


def test_only_the_mailroom_registers_letters(in_region: Any) -> None:
    before = Document.objects.count()
    for person in (in_region.officer, in_region.outsider, in_region.auditor):
        with pytest.raises(AccessDenied):
            operations.register_letter(
                actor=in_region.actor(person),
                envelope=RECORDED,
                sender=None,
                subject="X",
                delivered_at=clock.now(),
                at=clock.now(),
            )
    assert Document.objects.count() == before


def test_a_correction_keeps_in_the_log_what_was_read_before(in_region: Any) -> None:
    document = register(in_region)
    clerk = in_region.actor(in_region.clerk)
    corrected = operations.correct_envelope(actor=clerk, document=document, envelope=replace(RECORDED, sheets=5))
    assert storing_queries.paper_part_of(document).sheets == 5
    told = LogRecord.objects.filter(operation="mailroom.letter.correct").latest("pk").parameters
    assert (told["before"], told["after"]) == ({"sheets": 2}, {"sheets": 5})
    with pytest.raises(AccessDenied):
        operations.correct_envelope(
            actor=in_region.actor(in_region.officer), document=document, envelope=replace(RECORDED, sheets=9)
        )
    assert storing_queries.paper_part_of(document).sheets == 5
    assert LogRecord.objects.filter(operation="records.document.paper").count() == 1
    operations.correct_envelope(
        actor=clerk, document=document, envelope=replace(RECORDED, sheets=5, defects="roztržená")
    )
    corrected.refresh_from_db()
    assert corrected.defects == "roztržená"
    assert LogRecord.objects.filter(operation="records.document.paper").count() == 1


def test_what_was_counted_belongs_to_the_document(in_region: Any) -> None:
    document = register(in_region, replace(RECORDED, carrier="plan", bundles=2))
    facts = storing_queries.paper_part_of(document).facts
    assert (facts.carrier, facts.sheets, facts.annexes, facts.bundles) == ("plan", 2, 1, 2)


def test_a_document_is_found_by_every_code_also_from_a_wrongly_set_scanner(in_region: Any) -> None:
    document = register(in_region)
    clerk = in_region.actor(in_region.clerk)
    american_on_czech = document.identifier.translate(str.maketrans("1234567890-yzYZ", "+ěščřžýáíé=zyZY"))
    codes = (
        document.identifier,
        f" {document.identifier.lower()} ",
        american_on_czech,
        document.reference_number,
        "RR 473124829 CZ",
    )
    for code in codes:
        assert queries.document_of_code(clerk, code) == document, code


def test_a_code_opens_only_what_one_may_see(in_region: Any) -> None:
    document = register(in_region)
    for person in (in_region.outsider, in_region.officer):
        with pytest.raises(NotFound):
            queries.document_of_code(in_region.actor(person), document.identifier)
    clerk = in_region.actor(in_region.clerk)
    for nothing in ("", "   ", "KRV-1999-000001"):
        with pytest.raises(NotFound):
            queries.document_of_code(clerk, nothing)


def test_another_organisation_sees_no_envelope(world: Any) -> None:
    with tenant_scope(world.region.pk):
        register(world)
    with tenant_scope(world.school.tenant.pk):
        assert not Envelope.objects.exists()
