"""Feeds damaged documents to the readers until the time is over: ``python fuzzing.py SECONDS SEED``.

Runs as its own process under a limit of memory. Every input has to be read, or refused by ``BadContent`` or
``Retryable``; anything else, or an input that takes longer than ``HANG``, is written out and ends the run.
"""

import io
import random
import resource
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509

from egon.gateways.cms.trust import TrustStore, load_certificate
from egon.gateways.isds import messages, reports
from egon.gateways.isds.soap import answer_of
from egon.gateways.isds.streamed import StreamedAnswer
from egon.gateways.isds.zfo import read_zfo, verify_zfo
from egon.gateways.isds.zfo.rendering import as_html
from egon.kernel.errors import BadContent, GatewayError

CORPUS = Path(__file__).parent / "corpus"
MEMORY = 500 * 1024 * 1024
HANG = 10
NOW = datetime(2026, 7, 1, tzinfo=UTC)
TOKENS = [
    b"<",
    b"</p:dmDm>",
    b"<p:dmDm>",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"&b;",
    b"\x00",
    b"\xff\xfe",
    b"\x30\x80",
    b"\x00\x00",
    b"\x30\x84\x7f\xff\xff\xff",
    b"\x24\x80",
    b'xsi:nil="true"',
    b"<![CDATA[",
    b"<!--",
    b"\r\n--B\r\n",
    b"\r\n--B--",
    b"cid:",
    b"9" * 400,
    b"<a>" * 80,
]


def damaged(raw: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """``raw`` changed in one to eight ways."""
    data = bytearray(raw)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(data) + 1)
        span = min(len(data) - at, chance.choice([1, 2, 8, 64, 1024]))
        match chance.randrange(8):
            case 0:
                data[at : at + span] = chance.randbytes(span)
            case 1:
                del data[at : at + span]
            case 2:
                data[at:at] = data[at : at + span] * chance.choice([1, 2, 50])
            case 3:
                data[at:at] = chance.choice(TOKENS)
            case 4:
                del data[at:]
            case 5:
                other = chance.choice(others)
                begin = chance.randrange(len(other) + 1)
                data[at : at + span] = other[begin : begin + 256]
            case 6 if at < len(data):
                data[at] ^= 1 << chance.randrange(8)
            case _:
                data[at : at + span] = chance.choice([b"\x00", b"\xff", b"\x80"]) * span
    return bytes(data[: 4 * 1024 * 1024])


@lru_cache
def trust() -> TrustStore:
    """The authorities of the documents that carry data about revocation, so that it is judged, too."""
    documents = [read_zfo(path.read_bytes()) for path in sorted(CORPUS.glob("revocation-*.zfo"))]
    certificates = {load_certificate(der) for document in documents for der in document.signed.certificates}
    return TrustStore([one for one in certificates if _is_authority(one)])


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def read_document(raw: bytes) -> None:
    """The way of a ZFO: reading, verifying, showing."""
    zfo = read_zfo(raw)
    as_html(zfo, verify_zfo(zfo, trust(), NOW))


def read_answer(raw: bytes) -> None:
    """The way of a SOAP answer held in memory."""
    readers: dict[str, Callable[[Any], object]] = {
        "GetListOfReceivedMessages": lambda answer: messages.read_records(answer, messages.ReceivedRecord),
        "GetDeliveryInfo": messages.read_delivery_info,
        "MessageDownload": reports.read_downloaded,
    }
    for operation, read in readers.items():
        if operation.encode() in raw:
            read(answer_of(raw, operation))
            return
    answer_of(raw, "DummyOperation")


def read_stream(raw: bytes) -> None:
    """The way of a large answer: the content type stands on the first line."""
    kind, _, body = raw.partition(b"\n")
    answer = StreamedAnswer("SignedBigMessageDownload", lambda _place: io.BytesIO())
    clean = bytes(byte for byte in kind if byte not in b"\r\n\x00")
    answer.start(httpx.Headers([(b"Content-Type", clean)]))
    for at in range(0, len(body), 700):
        answer.feed(body[at : at + 700])
    answer.finish()


READERS = {".zfo": read_document, ".xml": read_answer, ".mtom": read_stream}


def main(seconds: float, seed: int) -> int:
    """Number of inputs is printed; 1 when one of them broke a reader."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY * 2, MEMORY * 2))  # address space, of which libraries map much
    signal.signal(signal.SIGALRM, _hanging)
    chance = random.Random(seed)
    corpus = [(path.suffix, path.read_bytes()) for path in sorted(CORPUS.iterdir()) if path.suffix in READERS]
    by_kind = {kind: [raw for suffix, raw in corpus if suffix == kind] for kind in READERS}
    trust()
    deadline, count = time.monotonic() + seconds, 0
    while time.monotonic() < deadline:
        kind, raw = chance.choice(corpus)
        tried = damaged(raw, chance, by_kind[kind])
        count += 1
        signal.alarm(HANG)
        try:
            READERS[kind](tried)
        except (BadContent, GatewayError):
            pass
        except BaseException as error:
            found = Path(f"fuzz-{seed}-{count}{kind}")
            found.write_bytes(tried)
            sys.stderr.write(f"{found.absolute()}: {type(error).__name__}: {error}\n")
            raise
        finally:
            signal.alarm(0)
    # Not ru_maxrss: after a vfork it counts the memory of the parent.
    status = Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) // 1024
    sys.stdout.write(f"{count} inputs, {peak} MB\n")
    return 0


def _hanging(*_: object) -> None:
    raise TimeoutError(f"a reader hangs longer than {HANG} s")


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2])))
