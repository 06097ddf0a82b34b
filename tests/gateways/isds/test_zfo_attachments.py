"""Attachments are taken out beside the parser, however their base64 is written; positions stay exact."""

import base64
from collections.abc import Callable

import pytest

from egon.gateways.isds.errors import ZfoAltered, ZfoNotIsds
from egon.gateways.isds.zfo import ZfoLimits
from egon.gateways.isds.zfo.scan import Scan

CONTENT = bytes(range(256)) * 100
PLAIN = base64.b64encode(CONTENT).decode()
WRITINGS: dict[str, Callable[[], str]] = {
    "one line": lambda: PLAIN,
    "lines": lambda: base64.encodebytes(CONTENT).decode(),
    "lines of Windows": lambda: base64.encodebytes(CONTENT).decode().replace("\n", "\r\n"),
    "references": lambda: base64.encodebytes(CONTENT).decode().replace("\n", "&#xD;\n"),
    "character data": lambda: f"<![CDATA[{PLAIN}]]>",
    "half as character data": lambda: f"{PLAIN[:20000]}<![CDATA[{PLAIN[20000:]}]]>",
    "a comment at the end": lambda: f"{PLAIN}<!-- dmEncodedContent>{'A' * 5000} -->",
}


def _scan(written: str, name: str = "a") -> Scan:
    first = f'<p:dmFile d="{name}"><p:dmEncodedContent>{written}</p:dmEncodedContent></p:dmFile>'
    second = f"<p:dmFile><p:dmEncodedContent >{PLAIN}</p:dmEncodedContent></p:dmFile>"
    text = f'<r><h><p:dmDm xmlns:p="u"><p:dmFiles>{first}{second}</p:dmFiles></p:dmDm></h></r>'
    return Scan(text.encode(), ZfoLimits())


@pytest.mark.parametrize("writing", WRITINGS)
def test_every_writing_of_base64_is_read(writing: str) -> None:
    scan = _scan(WRITINGS[writing]())
    assert [scan.content_of(0), scan.content_of(1)] == [CONTENT, CONTENT]
    assert scan.dm_range is not None
    start, end = scan.dm_range
    whole = scan._content
    assert whole[start:].startswith(b"<p:dmDm ")
    assert whole[:end].endswith(b"</p:dmDm>")


@pytest.mark.parametrize("wrong", ["!", "=", "<b>A</b>", "é"])
@pytest.mark.parametrize("at", [0, 9000, len(PLAIN)])
def test_what_is_not_base64_is_not_passed_over(wrong: str, at: int) -> None:
    with pytest.raises((ZfoAltered, ZfoNotIsds)):
        _scan(PLAIN[:at] + wrong + PLAIN[at:])


def test_text_that_looks_like_an_attachment_stays_a_name() -> None:
    name = f"dmEncodedContent>{'A' * 5000}"
    scan = _scan(PLAIN, name)
    file = scan.root[0][0][0][0]
    assert file.get("d") == name
    assert scan.content_of(0) == CONTENT
