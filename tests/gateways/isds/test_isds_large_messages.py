"""A large message from one box to another through the simulator: sent, received, verified, archived."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.gateways.isds.running import Running

from egon.gateways.isds import (
    ExternalFile,
    IsdsClient,
    IsdsRefused,
    MemoryLedger,
    OutgoingFile,
    OutgoingMessage,
    Recipient,
    Source,
    TrustStore,
    read_zfo,
    verify_zfo,
)
from egon.gateways.isds.collecting import collect_attachments
from egon.gateways.isds.dispatch import Attachment, send
from egon.gateways.isds.zfo import Level
from egon.kernel.errors import Retryable

MEGABYTE = 1024 * 1024


def _trust(simulator: Running) -> TrustStore:
    return TrustStore.from_pem_folder(simulator.roots)


def test_a_large_message_is_sent_received_and_verified(
    simulator: Running, office: IsdsClient, citizen: IsdsClient, tmp_path: Path
) -> None:
    line = "Řádek výkresu\n".encode()
    content = line * (23 * MEGABYTE // len(line))
    (tmp_path / "výkres.txt").write_bytes(content)
    attachments = [
        Attachment("výkres.txt", Source.of_path(tmp_path / "výkres.txt"), "text/plain", "main"),
        Attachment("průvodka.txt", Source.of_bytes("Posílám výkres.".encode()), "text/plain"),
    ]
    sent = send(citizen, OutgoingMessage(office.owner().box_id, "Výkres", ()), attachments, MemoryLedger())
    assert sent.is_big
    record = next(item for item in office.list_received() if item.dm_id == sent.dm_id)
    assert record.is_big
    with pytest.raises(IsdsRefused, match="1281"):
        office.download_signed(sent.dm_id)
    target = io.BytesIO()
    office.download_big_signed_into(sent.dm_id, target)
    zfo = read_zfo(target.getvalue())
    assert [file.name for file in zfo.files] == ["výkres.txt", "průvodka.txt"]
    assert zfo.files[0].content == content
    assert verify_zfo(zfo, _trust(simulator), datetime.now(UTC)).summary().level is Level.OK
    assert office.authenticate_big(Source.of_bytes(target.getvalue()))
    part = io.BytesIO()
    found = office.download_attachment_into(sent.dm_id, 0, part)
    assert (found.name, found.size, part.getvalue()) == ("výkres.txt", len(content), content)
    with pytest.raises(IsdsRefused, match="1299"):
        office.download_attachment_into(sent.dm_id, 7, io.BytesIO())
    opened: list[io.BytesIO] = []

    def open_target(_place: object) -> io.BytesIO:
        opened.append(io.BytesIO())
        return opened[-1]

    plain = office.download_big_unsigned(sent.dm_id, open_target)
    assert [file.name for file in plain.files] == ["výkres.txt", "průvodka.txt"]
    assert opened[0].getvalue() == content
    back = io.BytesIO()
    citizen.download_big_sent_signed_into(sent.dm_id, back)
    assert read_zfo(back.getvalue()).dm_id == sent.dm_id


def test_a_large_message_is_collected_by_attachments_and_goes_on_where_it_ended(
    simulator: Running, office: IsdsClient, citizen: IsdsClient, tmp_path: Path
) -> None:
    contents = [b"radek;1\n" * (MEGABYTE * 19 // 8), b"radek;2\n" * 40_000, b"radek;3\n"]
    attachments = [
        Attachment(f"../{number}.csv", Source.of_bytes(content), "text/csv", "enclosure" if number else "main")
        for number, content in enumerate(contents)
    ]
    uploaded = [citizen.upload_attachment(one.source, one.name, one.mime_type) for one in attachments]
    message = OutgoingMessage(office.owner().box_id, "Na části", ())
    external = [ExternalFile(one, "enclosure" if at else "main") for at, one in enumerate(uploaded)]
    dm_id = citizen.create_big_message(message, external)
    office.list_received()
    simulator.fault("DownloadAttachment", "delay", seconds=0)  # spares the first one
    simulator.fault("DownloadAttachment", "half_answer")
    with pytest.raises(Retryable):
        collect_attachments(office, dm_id, tmp_path / "prilohy")
    whole = tmp_path / "prilohy" / "000"
    before = whole.stat()
    assert not (tmp_path / "prilohy" / "001").exists()
    found = collect_attachments(office, dm_id, tmp_path / "prilohy")
    assert [path.read_bytes() for _, path in found] == contents
    assert [told.name for told, _ in found] == [one.name for one in attachments]
    assert (whole.stat().st_ino, whole.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    with pytest.raises(IsdsRefused, match="1211"):
        collect_attachments(office, "1", tmp_path / "nic")


def test_a_sealed_message_gets_an_archive_stamp(simulator: Running, office: IsdsClient, citizen: IsdsClient) -> None:
    file = OutgoingFile("a.txt", b"text", "text/plain", "main")
    (outcome,) = citizen.create_messages(OutgoingMessage("", "Věc", (file,)), [Recipient(office.owner().box_id)])
    assert outcome.sent
    office.list_received()
    document = Source.of_bytes(office.download_signed(outcome.dm_id))
    with pytest.raises(IsdsRefused, match="2209"):
        office.archive(document, io.BytesIO())
    simulator.advance(timedelta(hours=25))
    stamped = io.BytesIO()
    done = office.archive(document, stamped)
    assert done.next_stamp_to is not None
    assert stamped.getvalue() != document.read()
    zfo = read_zfo(stamped.getvalue())
    assert zfo.dm_id == outcome.dm_id
    assert verify_zfo(zfo, _trust(simulator), datetime.now(UTC)).seal_signature.passed
