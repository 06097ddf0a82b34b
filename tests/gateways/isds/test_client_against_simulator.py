"""The client and the simulator, each in its own process, go through the life of a message."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from tests.gateways.isds.running import Running

from egon.gateways.cms.facts import SubIndication
from egon.gateways.isds import (
    BoxQuery,
    IsdsBusy,
    IsdsClient,
    IsdsRefused,
    LoginRefused,
    OutgoingFile,
    OutgoingMessage,
    SendingUnclear,
    TrustStore,
    ZfoKind,
    ZfoVerification,
    read_zfo,
    verify_zfo,
)
from egon.gateways.isds.codes import BoxState, MessageState
from egon.gateways.isds.errors import ZfoAltered
from egon.gateways.isds.zfo import Level
from egon.kernel.errors import Ambiguous, Retryable


def _message(recipient: IsdsClient, annotation: str = "Žádost o informace") -> OutgoingMessage:
    files = (
        OutgoingFile("žádost.txt", "Prosím o <informace> & odpověď.".encode(), "text/plain", "main"),
        OutgoingFile("obrázek.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100, "image/png"),
    )
    return OutgoingMessage(recipient.owner().box_id, annotation, files, sender_reference_number="JŘ 1/2026")


def _verify(raw: bytes, simulator: Running) -> ZfoVerification:
    return verify_zfo(read_zfo(raw), TrustStore.from_pem_folder(simulator.roots), datetime.now(UTC))


@pytest.mark.norm("2.3.2a", "2.3.2b", "2.3.2c", "2.3.2e")
def test_a_message_is_sent_listed_downloaded_and_everything_about_it_verified(
    simulator: Running, office: IsdsClient, citizen: IsdsClient
) -> None:
    message = _message(office)
    began = datetime.now(UTC) - timedelta(minutes=5)
    dm_id = citizen.create_message(message)
    record = next(item for item in office.list_received(began) if item.dm_id == dm_id)
    assert (record.envelope.sender, record.envelope.annotation) == ("Jan Řeháček", "Žádost o informace")
    assert record.envelope.sender_reference_number == "JŘ 1/2026"
    raw = office.download_signed(dm_id)
    target = io.BytesIO()
    assert office.download_signed_into(dm_id, target) > 25_000
    zfo = read_zfo(raw)
    assert (zfo.kind, zfo.dm_id) == (ZfoKind.RECEIVED, dm_id)
    assert [(file.name, file.content) for file in zfo.files] == [(file.name, file.content) for file in message.files]
    verification = _verify(raw, simulator)
    assert [(fact.name, fact.sentence) for fact in verification.facts if not fact.passed] == []
    assert verification.summary().level is Level.OK
    assert "RSA-PSS" in verification.algorithm_label
    assert len(verification.facts) == 16
    assert office.authenticate(raw)
    assert office.author(dm_id).user_type == "PRIMARY_USER"
    assert office.plain_author(dm_id).user_type == "PRIMARY_USER"
    office.mark_downloaded(dm_id)
    assert office.envelope(dm_id).state == MessageState.READ
    assert MessageState.READ in [
        change.state for change in citizen.state_changes(began, None) if change.dm_id == dm_id
    ] or (citizen.delivery_info(dm_id).state == MessageState.READ)


@pytest.mark.norm("2.3.2d")
def test_the_sender_gets_his_copy_and_the_receipt(simulator: Running, office: IsdsClient, citizen: IsdsClient) -> None:
    dm_id = citizen.create_message(_message(office, "Podání"))
    office.list_received()
    sent, receipt = citizen.download_sent_signed(dm_id), citizen.signed_delivery_info(dm_id)
    assert (read_zfo(sent).kind, read_zfo(receipt).kind) == (ZfoKind.SENT, ZfoKind.DELIVERY)
    assert [event.kind for event in read_zfo(receipt).events] == [
        event.kind for event in citizen.delivery_info(dm_id).events
    ]
    assert _verify(sent, simulator).summary().level is Level.OK
    assert _verify(receipt, simulator).summary().level is Level.OK
    assert dm_id in [record.dm_id for record in citizen.list_sent()]


@pytest.mark.norm("2.3.2f", "2.3.2g")
def test_the_login_and_the_boxes_are_told(office: IsdsClient, citizen: IsdsClient) -> None:
    office.ping()
    owner = citizen.owner()
    assert (owner.display_name, owner.box_type, owner.state) == ("Jan Řeháček", "FO", BoxState.ACCESSIBLE)
    assert citizen.user().user_type == "PRIMARY_USER"
    office.password_info()
    assert office.check_box(owner.box_id).takes_messages
    found = office.find_box(BoxQuery(box_id=owner.box_id, box_type="FO"))
    assert [box.box_id for box in found.boxes] == [owner.box_id]
    page = office.search_boxes("Středohoří", scope="OVM")
    assert [box.name for box in page.boxes] == ["Krajský úřad Středohoří"]
    assert office.search_boxes("nikdo takový").boxes == ()


def test_refusals_are_told_by_their_codes(simulator: Running, office: IsdsClient, citizen: IsdsClient) -> None:
    with simulator.client("office", "spatne") as stranger, pytest.raises(LoginRefused):
        stranger.ping()
    with pytest.raises(IsdsRefused) as unknown:
        office.check_box("aydaadk")
    assert unknown.value.status in {"5001", "1007"}
    forbidden = OutgoingMessage(
        citizen.owner().box_id, "Věc", (OutgoingFile("a.exe", b"MZ", "application/octet-stream", "main"),)
    )
    with pytest.raises(IsdsRefused) as refused:
        office.create_message(forbidden)
    assert refused.value.status == "1214"
    dm_id = office.create_message(_message(citizen))
    with pytest.raises((IsdsRefused, IsdsBusy)) as not_yet:
        citizen.download_signed(dm_id)
    assert not_yet.value.status == "1222"


@pytest.mark.parametrize("kind", ["drop_after", "half_answer", "nonsense", "soap_503", "drop_before"])
def test_a_sending_that_broke_is_found_among_the_sent_or_was_not_taken(
    kind: str, simulator: Running, office: IsdsClient, citizen: IsdsClient
) -> None:
    message = _message(office, f"Porucha {kind}")
    simulator.fault("CreateMessage", kind)
    with pytest.raises(SendingUnclear) as caught:
        citizen.create_message(message)
    assert isinstance(caught.value, Ambiguous)
    found = [record for record in citizen.list_sent() if record.envelope.annotation == message.annotation]
    assert len(found) == (1 if kind in {"drop_after", "half_answer"} else 0)


@pytest.mark.parametrize("kind", ["half_answer", "nonsense", "soap_503", "drop_after"])
def test_a_download_that_broke_succeeds_when_repeated(
    kind: str, simulator: Running, office: IsdsClient, citizen: IsdsClient
) -> None:
    dm_id = citizen.create_message(_message(office))
    office.list_received()
    simulator.fault("SignedMessageDownload", kind)
    with pytest.raises(Retryable) as caught:
        office.download_signed(dm_id)
    assert not isinstance(caught.value, Ambiguous)
    assert read_zfo(office.download_signed(dm_id)).dm_id == dm_id


def test_an_altered_download_is_found(simulator: Running, office: IsdsClient, citizen: IsdsClient) -> None:
    dm_id = citizen.create_message(_message(office))
    office.list_received()
    simulator.fault("SignedMessageDownload", "altered_zfo")
    altered = office.download_signed(dm_id)
    try:
        assert _verify(altered, simulator).seal_content.sub_indication is SubIndication.HASH_FAILURE
    except ZfoAltered as error:
        assert "změněn" in error.message or "poškozen" in error.message
    assert _verify(office.download_signed(dm_id), simulator).summary().level is Level.OK


def test_a_foreign_root_does_not_make_the_seal_trusted(
    simulator: Running, office: IsdsClient, citizen: IsdsClient
) -> None:
    dm_id = citizen.create_message(_message(office))
    office.list_received()
    zfo = read_zfo(office.download_signed(dm_id))
    unknown = verify_zfo(zfo, TrustStore.empty(), datetime.now(UTC))
    assert unknown.summary().level is Level.WARNING
    renamed = verify_zfo(zfo, TrustStore.from_pem_folder(simulator.roots), datetime.now(UTC), seal_names=("Jiný",))
    assert renamed.summary().level is Level.FAILED
    assert not renamed.seal_owner.passed


def test_a_message_nobody_reads_is_delivered_by_fiction(
    simulator: Running, office: IsdsClient, citizen: IsdsClient
) -> None:
    dm_id = office.create_message(_message(citizen, "Výzva"))
    simulator.advance(timedelta(days=10, hours=1))
    info = office.delivery_info(dm_id)
    assert info.state == MessageState.DELIVERED_BY_FICTION
    assert info.acceptance_time is not None
    assert info.delivery_time is not None
    assert info.acceptance_time - info.delivery_time == timedelta(days=10)
