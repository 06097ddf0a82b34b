"""Large messages: upload, sending, downloads, MTOM and plain SOAP, what is refused, archive time stamps."""

import base64
import hashlib
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree

from .conftest import CITIZEN, COMPANY, OFFICE, PASSWORD, V20, Answer, Running, attachment, envelope, read_answer

SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
BIG = bytes(range(256)) * (19 * 4096)  # 19 MB
WHOLE = "multipart/related, application/xop+xml, application/soap+xml"


def mtom_upload(content: bytes, name: str = "data.csv", mime: str = "text/csv") -> tuple[bytes, str]:
    """The body and the content type of an upload as a well known client writes it."""
    root = (
        f'<Envelope xmlns="{SOAP12}"><Body><UploadAttachment xmlns="{V20}"><dmFile dmMimeType="{mime}" '
        f'dmFileDescr="{name}"><dmEncodedContent><inc:Include xmlns:inc="http://www.w3.org/2004/08/xop/include" '
        'href="cid:att_1"/></dmEncodedContent></dmFile></UploadAttachment></Body></Envelope>'
    )
    head = b'\r\nContent-Type: application/xop+xml; charset=UTF-8; type="application/soap+xml"\r\n'
    body = b"".join(
        (
            *(b"--hranice", head, b"Content-ID: <rootpart@soapui.org>\r\n\r\n", root.encode(), b"\r\n"),
            *(b"--hranice\r\nContent-Type: text/plain\r\nContent-ID: <att_1>\r\n\r\n", content, b"\r\n--hranice--\r\n"),
        )
    )
    kind = 'multipart/related; type="application/xop+xml"; start="<rootpart@soapui.org>"; boundary=hranice'
    return body, kind


def upload(isds: Running, content: bytes = BIG, login: str = CITIZEN, **described: str) -> Answer:
    body, kind = mtom_upload(content, **described)
    response = isds.http.post("/DS/vodz", content=body, headers={"Content-Type": kind}, auth=(login, PASSWORD))
    assert response.status_code == 200, response.text
    return read_answer(response)


def external(uploaded: Answer, **changed: str) -> str:
    values = {
        "dmFileMetaType": "main",
        "dmAttID": uploaded.text("dmAttID"),
        "dmAttHash1": uploaded.text("dmAttHash1"),
        "dmAttHash1Alg": "SHA-256",
        "dmAttHash2": uploaded.text("dmAttHash2"),
        "dmAttHash2Alg": "SHA3-256",
    } | changed
    return f"<dmExtFile {' '.join(f'{name}="{value}"' for name, value in values.items())}/>"


def try_send(isds: Running, files: str, sender: str = CITIZEN, recipient: str = OFFICE) -> Answer:
    return isds.call("vodz", "CreateBigMessage", envelope(isds.boxes[recipient], files=files), sender)


def send(isds: Running, content: bytes = BIG) -> str:
    small = attachment("průvodní dopis.txt", meta="enclosure")
    answer = try_send(isds, external(upload(isds, content)) + small)
    assert answer.status == "0000", answer.response.text
    return answer.text("dmID")


def test_large_message_goes_through_and_keeps_its_bytes(isds: Running) -> None:
    uploaded = upload(isds)
    assert uploaded.text("dmAttHash1") == hashlib.sha256(BIG).hexdigest()
    assert uploaded.text("dmAttHash2") == hashlib.sha3_256(BIG).hexdigest()
    assert etree.QName(uploaded.element.getroottree().getroot()).namespace == SOAP12
    number = try_send(isds, external(uploaded)).text("dmID")
    listed = isds.deliver()
    assert next(listed.element.iter("{*}dmRecord")).get("dmVODZ") == "true"
    wanted = f"<dmID>{number}</dmID>"
    whole = isds.call("vodz", "BigMessageDownload", wanted)
    assert base64.b64decode(whole.text("dmEncodedContent")) == BIG
    dm = whole.response.content
    described = dm[dm.index(b"<p:dmDm") : dm.index(b"</p:dmDm>") + 9]
    assert base64.b64decode(whole.text("dmHash")) == hashlib.sha256(described).digest()
    one = isds.call("vodz", "DownloadAttachment", f"{wanted}<attNum>0</attNum>")
    assert base64.b64decode(one.text("dmEncodedContent")) == BIG
    shown = next(isds.call("dx", "MessageEnvelopeDownload", wanted).element.iter("{*}dmReturnedMessageEnvelope"))
    assert (shown.get("dmVODZ"), shown.get("attsNum")) == ("true", "1")
    assert isds.simulator.uploads.used(isds.boxes[CITIZEN]) == 0
    for operation, login in (("SignedBigMessageDownload", OFFICE), ("SignedSentBigMessageDownload", CITIZEN)):
        zfo = isds.call("vodz", operation, wanted, login).text("dmSignature")
        genuine = isds.call("vodz", "AuthenticateBigMessage", f"<dmMessage>{zfo}</dmMessage>", COMPANY)
        assert genuine.text("dmAuthResult") == "true"
    altered = base64.b64encode(base64.b64decode(zfo).replace(b"Informace", b"informace").replace(b"19", b"91", 1))
    told = isds.call("vodz", "AuthenticateBigMessage", f"<dmMessage>{altered.decode()}</dmMessage>")
    assert (told.status, told.texts("dmAuthResult")) in (("0000", ["false"]), ("2200", []))


def mtom_parts(response: httpx.Response) -> tuple[bytes, list[bytes]]:
    found = re.search(r'boundary="([^"]+)"', response.headers["Content-Type"])
    assert found is not None
    parts = response.content.split(f"--{found[1]}".encode())[1:-1]
    bodies = [part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for part in parts]
    return bodies[0], bodies[1:]


@pytest.mark.parametrize("operation", ["BigMessageDownload", "DownloadAttachment", "SignedBigMessageDownload"])
def test_answer_comes_with_mtom_to_who_asks_for_it(isds: Running, operation: str) -> None:
    number = send(isds)
    isds.deliver()
    index = "<attNum>0</attNum>" if operation == "DownloadAttachment" else ""
    body = (
        f'<Envelope xmlns="{SOAP12}"><Body><{operation} xmlns="{V20}"><dmID>{number}</dmID>{index}</{operation}>'
        "</Body></Envelope>"
    ).encode()
    response = isds.http.post("/DS/vodz", content=body, headers={"Accept": WHOLE}, auth=(OFFICE, PASSWORD))
    assert response.headers["Content-Type"].startswith("multipart/related")
    root, contents = mtom_parts(response)
    assert len(root) < 20_000
    assert len(list(etree.fromstring(root).iter("{*}Include"))) == len(contents)
    if operation == "SignedBigMessageDownload":
        plain = isds.post("vodz", body)
        assert b"dmSignature>MIA" in plain.content
        assert contents[0][:2] == b"\x30\x80"
    else:
        assert contents[0] == BIG


def test_large_and_ordinary_services_are_not_mixed_up(isds: Running) -> None:
    ordinary, big = isds.send(), send(isds)
    isds.deliver()
    for service, operation, number, login in (
        ("dz", "MessageDownload", big, OFFICE),
        ("dz", "SignedMessageDownload", big, OFFICE),
        ("dz", "SignedSentMessageDownload", big, CITIZEN),
        ("vodz", "BigMessageDownload", ordinary, OFFICE),
        ("vodz", "SignedBigMessageDownload", ordinary, OFFICE),
        ("vodz", "SignedSentBigMessageDownload", ordinary, CITIZEN),
    ):
        assert isds.call(service, operation, f"<dmID>{number}</dmID>", login).status == "1281", operation


def test_what_is_wrong_with_a_large_message(isds: Running) -> None:
    uploaded = upload(isds)
    assert try_send(isds, external(uploaded, dmAttHash1="00")).status == "1288"
    assert try_send(isds, external(uploaded, dmAttHash2="00")).status == "1289"
    assert try_send(isds, external(uploaded, dmAttHash2Alg="MD5")).status == "1289"
    assert try_send(isds, external(uploaded), COMPANY).status == "1293"
    assert try_send(isds, external(uploaded, dmAttID="7")).status == "1294"
    inline = attachment("velký.csv", b"x" * (20 * 1024 * 1024 + 1), "text/csv", "enclosure")
    assert try_send(isds, external(uploaded) + inline).status == "1295"
    assert try_send(isds, attachment()).status == "1214"
    assert try_send(isds, external(upload(isds, b"malo"))).status == "1297"
    assert upload(isds, mime="").status == "2035"
    assert upload(isds, name="program.exe").status == "1214"
    number = try_send(isds, external(uploaded)).text("dmID")
    assert try_send(isds, external(uploaded)).status == "1294"
    isds.deliver()
    for index in ("1", "-1", ""):
        asked = f"<dmID>{number}</dmID><attNum>{index}</attNum>"
        assert isds.call("vodz", "DownloadAttachment", asked).status == "1299"


def test_uploads_have_a_quota_and_go_after_two_hours_but_survive_a_restart(start: Callable[..., Running]) -> None:
    isds = start()
    isds.simulator.uploads.quota = 10
    assert upload(isds, b"deset znak").status == "0000"
    assert upload(isds, b"x").status == "1286"
    isds.stop()
    isds = start()
    box = isds.boxes[CITIZEN]
    assert len(isds.http.get("/api/uploads", params={"box": box}).json()) == 1
    isds.advance(seconds=7201)
    assert isds.http.get("/api/uploads", params={"box": box}).json() == []


def test_upload_in_plain_soap_with_base64(isds: Running) -> None:
    content = attachment("a.csv", b"obsah", "text/csv")
    uploaded = isds.call("vodz", "UploadAttachment", content, CITIZEN)
    assert uploaded.text("dmAttHash1") == hashlib.sha256(b"obsah").hexdigest()
    bad = content.replace("</dmEncodedContent>", "=***</dmEncodedContent>")
    assert isds.call("vodz", "UploadAttachment", bad, CITIZEN).status == "1214"


@pytest.mark.parametrize("spoiled", ["cut", "boundary", "no root"])
def test_broken_mtom(isds: Running, spoiled: str) -> None:
    body, kind = mtom_upload(b"obsah")
    if spoiled == "cut":
        body = body[:-30]
    elif spoiled == "boundary":
        kind = kind.replace("hranice", "jina")
    else:
        body = b"--hranice--\r\n"
    response = isds.http.post("/DS/vodz", content=body, headers={"Content-Type": kind}, auth=(CITIZEN, PASSWORD))
    assert response.status_code == 599


def archive(isds: Running, document: str) -> Answer:
    return isds.call("arch", "ArchiveISDSDocument", f"<dmMessage>{document}</dmMessage>")


def test_archive_stamps_follow_the_rules(isds: Running) -> None:
    number = isds.send()
    isds.deliver()
    message = isds.call("dz", "SignedMessageDownload", f"<dmID>{number}</dmID>").text("dmSignature")
    assert archive(isds, base64.b64encode(b"nic").decode()).status == "2200"
    altered = base64.b64decode(message).replace(b"dmAnnotation>", b"dmAnnotatiom>", 1)
    assert archive(isds, base64.b64encode(altered).decode()).status == "2201"
    assert archive(isds, message).status == "2209"
    isds.advance(days=1.01)
    first = archive(isds, message)
    assert first.status == "0000"
    stamped = first.text("dmResultDoc")
    genuine = isds.call("dz", "AuthenticateMessage", f"<dmMessage>{stamped}</dmMessage>")
    assert genuine.text("dmAuthResult") == "true"
    isds.advance(days=2)
    assert archive(isds, stamped).status == "2206"
    isds.simulator.archive_every_day = True
    assert archive(isds, stamped).status == "0000"
    isds.simulator.archive_every_day = False
    isds.advance(days=4 * 365)
    second = archive(isds, stamped)
    assert second.status == "0000"
    assert second.text("nextStampTo") > first.text("nextStampTo")
    isds.advance(days=2 * 365)
    assert archive(isds, stamped).status == "2205"
    assert archive(isds, second.text("dmResultDoc")).status in {"0000", "2206"}


def test_delivery_record_gets_its_first_stamp_at_once(isds: Running) -> None:
    number = isds.send()
    record = isds.call("dx", "GetSignedDeliveryInfo", f"<dmID>{number}</dmID>", CITIZEN).text("dmSignature")
    stamped = archive(isds, record)
    assert stamped.status == "0000"
    assert archive(isds, stamped.text("dmResultDoc")).status == "2209"


def test_too_many_archivings_at_once(isds: Running) -> None:
    box = isds.boxes[OFFICE]
    with isds.simulator.archiving.place(box), isds.simulator.archiving.place(box):
        assert archive(isds, "").status == "2210"
    assert archive(isds, "").status == "2200"


def test_large_message_stays_after_a_restart(start: Callable[..., Running]) -> None:
    isds: Any = start()
    number = send(isds)
    isds.stop()
    isds = start()
    isds.deliver()
    one = isds.call("vodz", "DownloadAttachment", f"<dmID>{number}</dmID><attNum>1</attNum>")
    assert base64.b64decode(one.text("dmEncodedContent")) == b"obsah"


def test_a_stop_waits_for_calls_under_way_and_nothing_of_them_is_left(isds: Running, tmp_path: Path) -> None:
    isds.simulator.faults.add(operation="UploadAttachment", kind="delay", seconds=3600)
    body, kind = mtom_upload(b"obsah")
    ask = {"content": body, "headers": {"Content-Type": kind}, "auth": (CITIZEN, PASSWORD)}
    with ThreadPoolExecutor() as another:
        called = another.submit(httpx.post, f"{isds.url}/DS/vodz", **ask, timeout=30)
        while not called.done() and isds.simulator.faults.every():
            time.sleep(0.005)
        isds.stop()
        assert list((tmp_path / "incoming").iterdir()) == []
        assert read_answer(called.result()).status == "0000"
