"""``./egon isds`` does its work by itself: list, download, send, verify, receipt, find; no password among arguments."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.gateways.isds.running import PASSWORD, Running

from egon.cli import isds
from egon.cli.__main__ import main as egon
from egon.gateways.isds import IsdsClient, OutgoingFile, OutgoingMessage, TrustStore, read_zfo, verify_zfo
from egon.gateways.isds.zfo.rendering import as_html
from egon.kernel import clock
from egon.kernel.errors import Misconfigured


@pytest.fixture(autouse=True)
def settings(simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The login by environment variables, a folder of its own."""
    monkeypatch.setenv("EGON_ISDS_ENVIRONMENT", simulator.url)
    monkeypatch.setenv("EGON_ISDS_USER", "citizen")
    monkeypatch.setenv("EGON_ISDS_PASSWORD", PASSWORD)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


def _json(capsys: pytest.CaptureFixture[str], *argv: str) -> Any:
    assert isds.main([*argv, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_message_goes_from_one_box_to_the_other(
    simulator: Running,
    office: IsdsClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    box = office.owner().box_id
    (tmp_path / "žádost.txt").write_text("Prosím o informace.", encoding="utf-8")
    sent = _json(capsys, "send", "--to", box, "--subject", "Žádost z řádky", "--reference", "JŘ 7", "žádost.txt")
    assert sent["big"] is False
    listed = _json(capsys, "list", "sent")
    assert (listed[0]["dm_id"], listed[0]["annotation"]) == (sent["dm_id"], "Žádost z řádky")
    monkeypatch.setenv("EGON_ISDS_USER", "office")
    assert egon(["isds", "list", "received"]) == 2
    assert "DORUČÍ" in capsys.readouterr().err
    assert simulator.state_of(sent["dm_id"], box) == 4
    received = _json(capsys, "list", "received", "--deliver")
    assert sent["dm_id"] in {item["dm_id"] for item in received}
    saved = _json(capsys, "download", sent["dm_id"])
    assert Path(saved["file"]).stat().st_size == saved["size"]
    assert _json(capsys, "receipt", sent["dm_id"], "-o", "d.zfo")["size"] > 1000
    assert egon(["isds", "download", sent["dm_id"]]) == 2  # never over an existing file
    assert "už existuje" in capsys.readouterr().err
    facts = _json(
        capsys, "verify", saved["file"], "--trust", str(simulator.roots), "--html", "z.html", "--extract", "p"
    )
    assert (facts["result"], facts["files"][0]["name"]) == ("ok", "žádost.txt")
    assert (tmp_path / "p" / "01 žádost.txt").read_text(encoding="utf-8") == "Prosím o informace."
    assert "Žádost z řádky" in (tmp_path / "z.html").read_text(encoding="utf-8")


def test_a_box_is_found_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert isds.main(["find", "Středohoří"]) == 0
    assert "Krajský úřad Středohoří" in capsys.readouterr().out
    assert isds.main(["find", "Nikdo takový"]) == 1


def test_an_altered_file_is_not_taken_for_genuine(tmp_path: Path, isds_standards: Path) -> None:
    raw = bytearray((isds_standards / "zfo" / "DD_6452235.zfo").read_bytes())
    at = raw.index(b"dmAnnotation>") + 14
    raw[at] ^= 1
    (tmp_path / "z.zfo").write_bytes(raw)
    assert isds.main(["verify", "z.zfo"]) == 1


def test_a_typo_in_the_box_is_found_before_anything_is_sent(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.pdf").write_bytes(b"%PDF")
    assert egon(["isds", "send", "--to", "abcdefg", "--subject", "Věc", "a.pdf"]) == 2
    assert "překlep" in capsys.readouterr().err


def test_a_wrong_password_is_told_in_czech(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    Path("heslo").write_text("spatne\n", encoding="utf-8")
    assert egon(["isds", "list", "sent", "--password-file", "heslo"]) == 2
    assert "odmítl přihlášení účtu citizen" in capsys.readouterr().err


def test_a_password_does_not_belong_into_the_settings() -> None:
    Path("login.toml").write_text('user = "citizen"\npassword = "x"\n', encoding="utf-8")
    with pytest.raises(Misconfigured, match="nepatří"):
        isds.main(["list", "sent", "--config", "login.toml"])


@pytest.mark.parametrize("name", ["DDZ_3401761", "DD_6452235", "signed_sent_xml_message-376701"])
def test_a_real_document_is_shown_to_people(
    name: str, isds_standards: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    zfo = read_zfo((isds_standards / "zfo" / f"{name}.zfo").read_bytes())
    page = as_html(zfo, verify_zfo(zfo, TrustStore.empty(), clock.now()))
    assert zfo.dm_id in page
    assert "<script" not in page
    assert "http://" not in page.replace("http-equiv", "")
    assert isds.main(["verify", str(isds_standards / "zfo" / f"{name}.zfo"), "--pdf", "z.pdf"]) == 0
    assert Path("z.pdf").read_bytes().startswith(b"%PDF")
    assert zfo.dm_id in capsys.readouterr().out


def test_what_a_sender_writes_cannot_become_markup(citizen: IsdsClient, office: IsdsClient) -> None:
    evil = "<script>alert(1)</script>"
    files = (OutgoingFile("a' onclick='x'.txt", b"a", "text/plain", "main"),)
    dm_id = citizen.create_message(OutgoingMessage(office.owner().box_id, evil, files, to_hands="<b>Eva</b>"))
    office.list_received()
    zfo = read_zfo(office.download_signed(dm_id))
    page = as_html(zfo, verify_zfo(zfo, TrustStore.empty(), clock.now()))
    assert evil not in page
    assert "&lt;script&gt;" in page
    assert "<b>Eva" not in page
