"""States and events in time: delivery by login, fiction, erasure, closed boxes, viruses."""

from collections.abc import Callable
from datetime import datetime, timedelta

from egon.gateways.isds.simulator.attachments import EICAR

from .conftest import CITIZEN, COMPANY, OFFICE, Answer, Running, attachment


def record(isds: Running, number: str, login: str) -> Answer:
    return isds.call("dx", "GetDeliveryInfo", f"<dmID>{number}</dmID>", login)


def events(answer: Answer) -> list[str]:
    return [text.partition(":")[0] for text in answer.texts("dmEventDescr")]


def test_only_the_list_of_received_messages_delivers(isds: Running) -> None:
    number = isds.send()
    wanted = f"<dmID>{number}</dmID>"
    isds.call("dz", "DummyOperation")
    isds.call("dx", "GetListOfSentMessages", "<dmStatusFilter>-1</dmStatusFilter>")
    isds.call("dx", "GetMessageStateChanges")
    for service, operation in (("dz", "SignedMessageDownload"), ("dz", "MessageDownload"),
                               ("dx", "MessageEnvelopeDownload"), ("dx", "GetSignedDeliveryInfo"),
                               ("dx", "MarkMessageAsDownloaded")):  # fmt: skip
        assert isds.call(service, operation, wanted).status == "1222"
    assert record(isds, number, CITIZEN).text("dmMessageStatus") == "4"
    isds.deliver()
    assert record(isds, number, CITIZEN).text("dmMessageStatus") == "6"


def test_delivery_reaches_also_messages_outside_the_asked_window(isds: Running) -> None:
    number = isds.send()
    narrow = "<dmFromTime>2000-01-01T00:00:00</dmFromTime><dmToTime>2000-01-02T00:00:00</dmToTime>"
    assert (
        isds.call("dx", "GetListOfReceivedMessages", f"{narrow}<dmStatusFilter>-1</dmStatusFilter>").texts("dmID") == []
    )
    assert record(isds, number, CITIZEN).text("dmMessageStatus") == "6"


def test_fiction_comes_exactly_ten_times_24_hours_after_delivery_into_the_box(isds: Running) -> None:
    number = isds.send(OFFICE, CITIZEN)
    isds.advance(days=9.99)
    assert record(isds, number, OFFICE).text("dmMessageStatus") == "4"
    isds.advance(days=3)
    after = record(isds, number, OFFICE)
    assert after.text("dmMessageStatus") == "5"
    assert events(after) == ["EV0", "EV5", "EV2"]
    times = [datetime.fromisoformat(after.text(name)) for name in ("dmDeliveryTime", "dmAcceptanceTime")]
    assert times[1] - times[0] == timedelta(days=10)
    changes = isds.call("dx", "GetMessageStateChanges", "", OFFICE)
    assert changes.texts("dmMessageStatus") == ["4", "5"]
    assert changes.texts("dmEventTime")[1] == after.text("dmAcceptanceTime")


def test_login_after_fiction_keeps_the_time_of_fiction(isds: Running) -> None:
    number = isds.send(OFFICE, CITIZEN)
    isds.advance(days=11)
    fiction = record(isds, number, OFFICE).text("dmAcceptanceTime")
    isds.deliver(CITIZEN)
    after = record(isds, number, OFFICE)
    assert (after.text("dmMessageStatus"), after.text("dmAcceptanceTime")) == ("6", fiction)
    assert events(after) == ["EV0", "EV5", "EV2", "EV11"]


def test_authority_may_forbid_fiction_and_nobody_else(isds: Running) -> None:
    forbidding = "<dmAllowSubstDelivery>false</dmAllowSubstDelivery>"
    from_office = isds.send(OFFICE, CITIZEN, extra=forbidding)
    from_citizen = isds.send(CITIZEN, OFFICE, extra=forbidding)
    isds.advance(days=11)
    assert record(isds, from_office, OFFICE).text("dmMessageStatus") == "4"
    assert record(isds, from_citizen, CITIZEN).text("dmMessageStatus") == "5"
    assert record(isds, from_citizen, CITIZEN).text("dmAllowSubstDelivery") == "true"


def test_content_is_erased_after_ninety_days_and_proofs_remain(isds: Running) -> None:
    number = isds.send()
    wanted = f"<dmID>{number}</dmID>"
    isds.deliver()
    isds.advance(days=89)
    assert isds.call("dz", "SignedMessageDownload", wanted).status == "0000"
    digest = isds.call("dx", "VerifyMessage", wanted).text("dmHash")
    isds.advance(days=3)
    assert isds.call("dz", "SignedMessageDownload", wanted).status == "1219"
    assert isds.call("dz", "SignedSentMessageDownload", wanted, CITIZEN).status == "1219"
    assert isds.deliver().texts("dmID") == []
    assert record(isds, number, CITIZEN).text("dmMessageStatus") == "9"
    assert isds.call("dx", "VerifyMessage", wanted).text("dmHash") == digest
    assert isds.call("dx", "MessageEnvelopeDownload", wanted).status == "0000"


def test_message_in_a_box_closed_meanwhile_is_undeliverable(isds: Running) -> None:
    number = isds.send(OFFICE, CITIZEN)
    closed = isds.http.post("/api/boxes", json={"id": isds.boxes[CITIZEN], "state": 2})
    assert closed.json()["state"] == 2
    after = record(isds, number, OFFICE)
    assert after.text("dmMessageStatus") == "8"
    assert events(after) == ["EV0", "EV5", "EV3"]
    assert isds.try_send(OFFICE, CITIZEN).status == "1202"
    assert isds.try_send(CITIZEN, OFFICE).status == "1201"


def test_virus_stops_the_message(isds: Running) -> None:
    number = isds.send(files=attachment("virus.txt", EICAR))
    assert isds.deliver().texts("dmID") == []
    after = record(isds, number, CITIZEN)
    assert (after.text("dmMessageStatus"), events(after)) == ("3", ["EV0", "EV8"])
    wanted = f"<dmID>{number}</dmID>"
    assert isds.call("dz", "SignedSentMessageDownload", wanted, CITIZEN).status == "1229"


def test_personal_message_is_delivered_only_to_who_may_read_it(isds: Running) -> None:
    number = isds.send(extra="<dmPersonalDelivery>true</dmPersonalDelivery>")
    ordinary = isds.send()
    seen = dict(zip(*(isds.deliver("clerk").texts(name) for name in ("dmID", "dmMessageStatus")), strict=True))
    assert seen == {number: "4", ordinary: "6"}
    assert events(record(isds, ordinary, CITIZEN))[-1] == "EV12"
    isds.deliver(OFFICE)
    assert events(record(isds, number, CITIZEN))[-1] == "EV11"
    assert isds.call("dz", "SignedMessageDownload", f"<dmID>{number}</dmID>", "clerk").status == "1004"


def test_message_waits_in_state_two_when_delivery_takes_time(start: Callable[..., Running]) -> None:
    isds = start(delivery_delay_ms=60_000)
    number = isds.send()
    wanted = f"<dmID>{number}</dmID>"
    assert isds.call("dz", "SignedSentMessageDownload", wanted, CITIZEN).status == "1229"
    assert isds.deliver().texts("dmID") == []
    isds.advance(seconds=61)
    assert isds.call("dz", "SignedSentMessageDownload", wanted, CITIZEN).status == "0000"
    assert isds.deliver().texts("dmID") == [number]


def test_lists_filter_by_state_time_and_place(isds: Running) -> None:
    first = isds.send()
    isds.advance(days=1)
    second, third = isds.send(annotation="druhá"), isds.send(annotation="třetí")
    isds.deliver()
    isds.call("dx", "MarkMessageAsDownloaded", f"<dmID>{second}</dmID>")

    def listed(content: str) -> list[str]:
        return isds.call("dx", "GetListOfReceivedMessages", content).texts("dmID")

    assert listed("<dmStatusFilter>-1</dmStatusFilter>") == [third, second, first]
    assert listed(f"<dmStatusFilter>{2**7}</dmStatusFilter>") == [second]
    assert listed(f"<dmStatusFilter>{2**6}</dmStatusFilter><dmLimit>1</dmLimit>") == [third]
    page = isds.call("dx", "GetListOfReceivedMessages", "<dmStatusFilter>-1</dmStatusFilter><dmOffset>2</dmOffset>")
    assert (page.texts("dmID"), page.texts("dmOrdinal")) == ([second, first], ["2", "3"])
    times = isds.call("dx", "GetListOfReceivedMessages", "<dmStatusFilter>-1</dmStatusFilter>").texts("dmDeliveryTime")
    zoneless = datetime.fromisoformat(times[2]).replace(tzinfo=None).isoformat()
    assert listed(f"<dmToTime>{zoneless}</dmToTime><dmStatusFilter>-1</dmStatusFilter>") == [first]
    assert isds.call("dx", "GetListOfReceivedMessages", "<dmFromTime>včera</dmFromTime>").status == "2017"


def test_commercial_message_needs_both_sides_to_agree(isds: Running) -> None:
    assert isds.try_send(CITIZEN, COMPANY).status == "1233"
    assert isds.try_send("lawyer", CITIZEN).status == "1233"
    number = isds.send("lawyer", COMPANY)
    listed = isds.deliver(COMPANY)
    assert listed.texts("dmID") == [number]
    assert next(listed.element.iter("{*}dmRecord")).get("dmType") == "K"
    assert isds.send(CITIZEN, OFFICE)
