"""Large messages pass through in both directions without being held in memory, and an interrupted upload goes on."""

import base64
import hashlib
import io
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egon.gateways.isds import (
    Environment,
    FileLedger,
    IsdsClient,
    IsdsRefused,
    MemoryLedger,
    OutgoingMessage,
    PasswordLogin,
    Source,
)
from egon.gateways.isds.dispatch import Attachment, send
from egon.gateways.isds.mtom import Attached, mtom_request
from egon.gateways.isds.multipart import MultipartReader, media_type, plain_content_id
from egon.gateways.isds.sources import SourceChanged
from egon.gateways.isds.streamed import StreamedAnswer
from egon.kernel.errors import Retryable

SOURCES = Path(__file__).resolve().parents[3] / "src"
MEGABYTE = 1024 * 1024
V20 = "http://isds.czechpoint.cz/v20"
OK = "<dmStatus><dmStatusCode>0000</dmStatusCode><dmStatusMessage>ok</dmStatusMessage></dmStatus>"
MEMORY_LIMIT = 120 * MEGABYTE


def _envelope(operation: str, inner: str) -> str:
    return (
        f'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><{operation}Response xmlns="{V20}">'
        f"{inner}</{operation}Response></e:Body></e:Envelope>"
    )


@dataclass
class Store:
    """What the server keeps and does; ``fail_uploads`` are numbers of uploads it drops."""

    operations: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    uploads: int = 0
    fail_uploads: set[int] = field(default_factory=set)
    wrong_hash: bool = False
    create_status: str = "0000"
    download_size: int = 1000
    mtom: bool = True
    url: str = ""


def _pieces(size: int) -> Iterator[bytes]:
    block = bytes(range(256)) * 256
    while size > 0:
        yield block[:size]
        size -= len(block)


class _Handler(BaseHTTPRequestHandler):
    server: Any
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_POST(self) -> None:
        store: Store = self.server.store
        length = int(self.headers["Content-Length"])
        first, digests = self._read(length)
        operation = re.search(rb"<s:Body><([\w-]+)", first)
        assert operation, first[:500]
        name = operation.group(1).decode()
        store.operations.append(name)
        store.requests.append(first.decode("latin-1"))
        if name == "UploadAttachment":
            self._upload(store, digests)
        elif name == "CreateBigMessage":
            status = OK.replace("0000", store.create_status)
            self._answer(_envelope(name, f"<dmID>777</dmID>{status}" if "0000" in status else status))
        else:
            self._download(store, name)

    def _read(self, length: int) -> tuple[bytes, list[str]]:
        """The XML and, for multipart, digests of the one attached content; nothing is held."""
        if "multipart" not in self.headers["Content-Type"]:
            return self.rfile.read(length), []
        boundary = media_type(self.headers["Content-Type"])[1]["boundary"]
        head = b""
        while head.count(b"\r\n\r\n") < 2:
            head += self.rfile.readline()
        tail = len(f"\r\n--{boundary}--\r\n")
        left = length - len(head) - tail
        hashes = [hashlib.sha256(), hashlib.sha3_256()]
        while left:
            piece = self.rfile.read(min(left, 65536))
            left -= len(piece)
            for item in hashes:
                item.update(piece)
        assert self.rfile.read(tail) == f"\r\n--{boundary}--\r\n".encode()
        return head, [item.hexdigest() for item in hashes]

    def _upload(self, store: Store, digests: list[str]) -> None:
        store.uploads += 1
        if store.uploads in store.fail_uploads:
            self.close_connection = True
            return
        first = "00" * 32 if store.wrong_hash else digests[0]
        self._answer(
            _envelope(
                "UploadAttachment",
                f'<dmAttID>att{store.uploads}</dmAttID><dmAttHash1 AttHashAlg="SHA-256">{first}</dmAttHash1>'
                f'<dmAttHash2 AttHashAlg="SHA3-256">{digests[1]}</dmAttHash2>{OK}',
            )
        )

    def _download(self, store: Store, name: str) -> None:
        if store.mtom:
            include = '<x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="cid:zfo%40isds"/>'
            xml = _envelope(name, f"<dmSignature>{include}</dmSignature>{OK}").encode()
            head = b"--B\r\nContent-Type: application/xop+xml\r\nContent-ID: <r>\r\n\r\n%s\r\n--B\r\n" % xml
            head += b"Content-Type: application/octet-stream\r\nContent-ID: <zfo@isds>\r\n\r\n"
            end, size = b"\r\n--B--\r\n", store.download_size
            kind = 'multipart/related; type="application/xop+xml"; start="<r>"; boundary="B"'
        else:
            whole = _envelope(name, f"<dmSignature>@</dmSignature>{OK}").encode()
            head, end = whole.split(b"@")
            size, kind = 4 * -(-store.download_size // 3), "application/soap+xml"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(head) + size + len(end)))
        self.end_headers()
        self.wfile.write(head)
        for piece in _pieces(store.download_size) if store.mtom else _base64_pieces(store.download_size):
            self.wfile.write(piece)
        self.wfile.write(end)

    def _answer(self, xml: str) -> None:
        body = xml.encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/soap+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _base64_pieces(size: int) -> Iterator[bytes]:
    rest = b""
    for piece in _pieces(size):
        data = rest + piece
        usable = len(data) - len(data) % 3
        rest = data[usable:]
        yield base64.b64encode(data[:usable])
    yield base64.b64encode(rest)


@pytest.fixture
def store() -> Iterator[Store]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.store = Store(url=f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server.store
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def client(store: Store) -> Iterator[IsdsClient]:
    with IsdsClient(Environment("velké", base_url=store.url, read_timeout=10), PasswordLogin("a", "b")) as opened:
        yield opened


def test_what_arrived_is_compared_with_what_was_read(client: IsdsClient, store: Store) -> None:
    content = b"%PDF" + bytes(range(256)) * 1000
    uploaded = client.upload_attachment(Source.of_bytes(content), "plán.pdf", "application/pdf")
    assert (uploaded.att_id, uploaded.hash1) == ("att1", hashlib.sha256(content).hexdigest())
    assert uploaded.hash2 == hashlib.sha3_256(content).hexdigest()
    store.wrong_hash = True
    with pytest.raises(Retryable, match="otisk"):
        client.upload_attachment(Source.of_bytes(content), "plán.pdf", "application/pdf")


@pytest.mark.parametrize("mtom", [True, False])
def test_a_large_message_is_downloaded_in_both_shapes(mtom: bool, client: IsdsClient, store: Store) -> None:
    store.mtom, store.download_size = mtom, 3 * MEGABYTE + 1
    target = io.BytesIO()
    assert client.download_big_signed_into("1", target) == store.download_size
    assert target.getvalue() == b"".join(_pieces(store.download_size))
    assert "/DS/vodz" not in store.requests[0]  # the path is in the address, the body carries only the question


def _attachments(tmp_path: Path) -> list[Attachment]:
    found = []
    for name, size in (("prvni.pdf", 12), ("druhy.pdf", 11)):
        path = tmp_path / name
        with path.open("wb") as file:
            file.truncate(size * MEGABYTE)
        found.append(Attachment(name, Source.of_path(path), "application/pdf", "enclosure" if found else "main"))
    return found


def test_an_interrupted_upload_goes_on_where_it_ended(client: IsdsClient, store: Store, tmp_path: Path) -> None:
    message, attachments = OutgoingMessage("mw7dqvw", "Plány", ()), _attachments(tmp_path)
    ledger = FileLedger(tmp_path / "nahrano.json")
    store.fail_uploads = {2}
    with pytest.raises(Retryable):
        send(client, message, attachments, ledger)
    done = send(client, message, attachments, FileLedger(tmp_path / "nahrano.json"))
    assert (done.dm_id, done.is_big) == ("777", True)
    assert store.operations == ["UploadAttachment"] * 3 + ["CreateBigMessage"]
    assert 'dmAttID="att1"' in store.requests[-1]
    assert 'dmAttID="att3"' in store.requests[-1]
    assert json.loads((tmp_path / "nahrano.json").read_text()) == {}


def test_uploads_isds_lost_are_uploaded_anew(client: IsdsClient, store: Store, tmp_path: Path) -> None:
    message, attachments, ledger = OutgoingMessage("mw7dqvw", "Plány", ()), _attachments(tmp_path), MemoryLedger()
    store.create_status = "1294"
    with pytest.raises(IsdsRefused, match="1294"):
        send(client, message, attachments, ledger)
    store.create_status = "0000"
    send(client, message, attachments, ledger)
    assert store.uploads == 4


def test_a_content_that_changes_while_being_sent_is_not_sent(client: IsdsClient, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"x" * 1000)
    source = Source.of_path(path)
    path.write_bytes(b"x" * 900)
    with pytest.raises(SourceChanged):
        client.upload_attachment(source, "a.pdf", "application/pdf")


_MEASURED = """
import re, sys
from pathlib import Path
from egon.gateways.isds import Environment, IsdsClient, OutgoingMessage, PasswordLogin, MemoryLedger, Source
from egon.gateways.isds.dispatch import Attachment, send
url, folder, size = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
with IsdsClient(Environment("velke", base_url=url), PasswordLogin("a", "b")) as client:
    file = folder / "velky.pdf"
    with file.open("wb") as made:
        made.truncate(size)
    message = OutgoingMessage("mw7dqvw", "Plany", ())
    attachment = Attachment("velky.pdf", Source.of_path(file), "application/pdf", "main")
    assert send(client, message, [attachment], MemoryLedger()).is_big
    with (folder / "prijato.zfo").open("wb") as target:
        assert client.download_big_signed_into("1", target) == size
# Not ru_maxrss: after a vfork it counts the memory of the parent.
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(int(peak.group(1)) * 1024)
"""


@pytest.mark.parametrize("mtom", [True, False])
def test_a_hundred_megabytes_pass_in_a_small_process(mtom: bool, store: Store, tmp_path: Path) -> None:
    store.mtom, store.download_size = mtom, 100 * MEGABYTE
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, store.url, str(tmp_path), str(store.download_size)],
        env={"PYTHONPATH": str(SOURCES)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) <= MEMORY_LIMIT, f"{int(done.stdout) / MEGABYTE:.0f} MB"


@given(contents=st.lists(st.binary(max_size=300), min_size=1, max_size=4), data=st.data())
@settings(max_examples=60, deadline=None)
def test_what_is_written_as_multipart_is_read_however_it_is_cut(contents: list[bytes], data: st.DataObject) -> None:
    attached = [Attached(Source.of_bytes(content)) for content in contents]
    body = mtom_request("X", "".join(item.reference("a") for item in attached), *attached)
    written = b"".join(body)
    assert len(written) == body.length
    parts: list[tuple[str, bytearray]] = []

    def open_part(head: Message) -> Any:
        parts.append((plain_content_id(str(head["Content-ID"])), bytearray()))
        return parts[-1][1].extend

    reader = MultipartReader(media_type(body.content_type)[1]["boundary"], open_part)
    rest = written
    while rest:
        size = data.draw(st.integers(1, 90))
        reader.feed(rest[:size])
        rest = rest[size:]
    reader.close()
    assert bytes(parts[0][1]) == body.xml
    assert [(name, bytes(content)) for name, content in parts[1:]] == [
        (item.content_id, content) for item, content in zip(attached, contents, strict=True)
    ]


def test_content_that_looks_like_a_delimiter_is_content() -> None:
    tricky = b"\r\n--B\x00\r\n--BB\r\n--\r\n-"
    found = bytearray()
    reader = MultipartReader("B", lambda _head: found.extend)
    for byte in b"--B\r\nContent-ID: a\r\n\r\n" + tricky + b"\r\n--B--":
        reader.feed(bytes([byte]))
    reader.close()
    assert bytes(found) == tricky


BROKEN = {
    "no boundary": ("multipart/related", b"x"),
    "no end": ('multipart/related; boundary="B"', b"--B\r\n\r\n<a/>"),
    "no document": (
        'multipart/related; boundary="B"',
        b"--B\r\n\r\n"
        + _envelope(
            "SignedBigMessageDownload",
            '<dmSignature><x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="cid:z"/></dmSignature>' + OK,
        ).encode()
        + b"\r\n--B--",
    ),
    "doctype": ("application/soap+xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
    "not base64": ("text/xml", _envelope("SignedBigMessageDownload", "<dmSignature>a!</dmSignature>" + OK).encode()),
    "deep": ("text/xml", b"<a>" * 100),
    "nothing": ("text/xml", b""),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_large_answer_is_asked_for_again(case: str) -> None:
    kind, body = BROKEN[case]
    answer = StreamedAnswer("SignedBigMessageDownload", lambda _place: io.BytesIO())
    with pytest.raises(Retryable):
        answer.start(httpx.Headers({"Content-Type": kind}))
        answer.feed(body)
        answer.finish()
