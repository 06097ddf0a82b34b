"""What archiving adds is verified too: each stamp, what it covers, and whether it came in time."""

import base64
from datetime import datetime, timedelta

import pytest

from egon.gateways.cms.facts import Outcome, SubIndication
from egon.gateways.isds import TrustStore, ZfoVerification, read_zfo, verify_zfo
from egon.gateways.isds.simulator import clock
from egon.gateways.isds.zfo import Level

from .conftest import Running
from .test_big_messages import archive

STAMP_FACTS = [f"seal_archive_stamp_1_{part}" for part in ("imprint", "signature", "chain")]


class Archived:
    """A message with archive stamps, and what a reader thinks of it at the simulator's time."""

    def __init__(self, isds: Running) -> None:
        self.isds = isds
        number = isds.send()
        isds.deliver()
        self.content = isds.call("dz", "SignedMessageDownload", f"<dmID>{number}</dmID>").binary("dmSignature")

    def stamp(self) -> bytes:
        answer = archive(self.isds, base64.b64encode(self.content).decode())
        assert answer.status == "0000"
        self.content = answer.binary("dmResultDoc")
        return self.content

    def seen(self, content: bytes = b"", later: timedelta = timedelta()) -> ZfoVerification:
        trust = TrustStore.from_pem_folder(self.isds.simulator.roots)
        at: datetime = clock.utc(self.isds.simulator.now()) + later
        return verify_zfo(read_zfo(content or self.content), trust, at)


@pytest.fixture
def archived(isds: Running) -> Archived:
    return Archived(isds)


def test_each_archive_stamp_is_verified(archived: Archived) -> None:
    assert archived.seen().seal_level == "CAdES-T"
    archived.isds.advance(days=1.1)
    archived.stamp()
    first = archived.seen()
    assert (first.seal_level, first.summary().level) == ("CAdES-A", Level.OK)
    assert [fact.name for fact in first.seal_archive_stamps] == STAMP_FACTS
    archived.isds.advance(days=4 * 365)
    archived.stamp()
    second = archived.seen()
    assert second.summary().level is Level.OK
    assert len(second.seal_archive_stamps) == 6
    assert first.stamps_valid_until is not None
    assert second.stamps_valid_until is not None


def test_a_changed_older_stamp_is_found_by_the_newer_one(archived: Archived) -> None:
    seal_stamp = archived.seen()
    assert seal_stamp.seal_timestamp_time is not None
    archived.isds.advance(days=1.1)
    whole = archived.stamp()
    zfo = read_zfo(whole)
    token = next(
        one["values"][0].dump()
        for one in zfo.signed.signer["unsigned_attrs"]
        if one["type"].native == "signature_time_stamp_token"
    )
    place = whole.index(token) + len(token) - 5  # inside the signature of the older stamp
    altered = whole[:place] + bytes((whole[place] ^ 1,)) + whole[place + 1 :]
    seen = archived.seen(altered)
    fact = seen.fact("seal_archive_stamp_1_imprint")
    assert fact is not None
    assert (fact.outcome, fact.sub_indication) == (Outcome.FAILED, SubIndication.HASH_FAILURE)
    assert seen.summary().level is Level.FAILED


def test_a_changed_archive_stamp_is_found(archived: Archived) -> None:
    archived.isds.advance(days=1.1)
    whole = archived.stamp()
    token = next(
        one["values"][0].dump()
        for one in read_zfo(whole).signed.signer["unsigned_attrs"]
        if one["type"].dotted == "0.4.0.1733.2.4"
    )
    found = set()
    for part in range(1, 10):
        place = whole.index(token) + len(token) * part // 10
        altered = whole[:place] + bytes((whole[place] ^ 1,)) + whole[place + 1 :]
        seen = archived.seen(altered)
        assert seen.summary().level is not Level.OK, part
        found |= {fact.name for fact in seen.facts if not fact.passed}
    assert found <= {*STAMP_FACTS, "seal_stamps_in_time"}


def test_stamps_that_nobody_renewed_stop_proving(archived: Archived) -> None:
    archived.isds.advance(days=1.1)
    archived.stamp()
    until = archived.seen().stamps_valid_until
    assert until is not None
    left = until - clock.utc(archived.isds.simulator.now())
    assert archived.seen(later=left - timedelta(hours=1)).summary().level is Level.OK
    over = archived.seen(later=left + timedelta(hours=1))
    assert over.seal_stamps_in_time is not None
    assert over.seal_stamps_in_time.sub_indication is SubIndication.OUT_OF_BOUNDS_NO_POE
    assert over.summary().level is Level.WARNING
