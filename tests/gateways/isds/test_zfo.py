"""Every real ZFO is read and its digests recomputed; every altered one is refused or flagged by the right fact."""

import base64
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from egon.gateways.cms.facts import Fact, Outcome, SubIndication
from egon.gateways.isds import TrustStore, Zfo, ZfoKind, ZfoLimits, ZfoVerification, read_zfo, verify_zfo
from egon.gateways.isds.errors import ZfoAltered, ZfoCutShort, ZfoError, ZfoNotCms, ZfoNotIsds, ZfoTooLarge
from egon.gateways.isds.zfo import Level
from egon.gateways.isds.zfo.scan import Scan
from egon.gateways.tsa.tokens import read_token

pytestmark = pytest.mark.filterwarnings("ignore:Attribute's length")
NOW = datetime(2026, 7, 1, tzinfo=UTC)
SAMPLES = {
    "DDZ_3401761": (ZfoKind.RECEIVED, "3401761", ["test_01.txt", "test_02.txt"]),
    "DD_6452235": (ZfoKind.DELIVERY, "6452235", []),
    "ODZ_with_xml_attachment": (ZfoKind.SENT, "1668286", ["test.xml"]),
    "received_message-330141": (ZfoKind.RECEIVED, "330141", ["odpoved_OVM.pdf"]),
    "signed_delivered-DD_170272": (ZfoKind.DELIVERY, "170272", []),
    "signed_sent_message-151874": (ZfoKind.SENT, "151874", ["postsignum_qca_root.cer"]),
    "signed_sent_xml_message-376701": (ZfoKind.SENT, "376701", ["in-line.xml"] * 6),
}
MESSAGES = [name for name, (kind, _, _) in SAMPLES.items() if kind is not ZfoKind.DELIVERY]


def _raw(folder: Path, name: str) -> bytes:
    return (folder / "zfo" / f"{name}.zfo").read_bytes()


def _verify(zfo: Zfo) -> ZfoVerification:
    return verify_zfo(zfo, TrustStore.empty(), NOW)


def _outcome(verification: ZfoVerification, name: str) -> tuple[Outcome, SubIndication]:
    fact = verification.fact(name)
    assert isinstance(fact, Fact), name
    return fact.outcome, fact.sub_indication


@pytest.mark.parametrize("name", SAMPLES)
def test_every_real_zfo_is_read(name: str, isds_standards: Path) -> None:
    raw = _raw(isds_standards, name)
    zfo = read_zfo(raw)
    assert (zfo.kind, zfo.dm_id, [file.name for file in zfo.files]) == SAMPLES[name]
    assert read_zfo(io.BytesIO(raw)) == zfo
    assert zfo.envelope.sender
    assert zfo.envelope.recipient_box
    assert zfo.hash is not None
    assert read_token(zfo.timestamp_token).imprint == zfo.hash.value
    assert zfo.state.known
    assert zfo.delivery_time is not None
    assert zfo.delivery_time.tzinfo is not None


@pytest.mark.parametrize("name", SAMPLES)
def test_a_real_zfo_is_intact_and_its_origin_undetermined_without_roots(name: str, isds_standards: Path) -> None:
    verification = _verify(read_zfo(_raw(isds_standards, name)))
    passed = ["seal_content", "seal_signature", "seal_attributes", "seal_owner"]
    passed += ["message_timestamp_imprint", "message_timestamp_signature"] + ["message_hash"] * (name in MESSAGES)
    assert {fact: _outcome(verification, fact)[0] for fact in passed} == dict.fromkeys(passed, Outcome.PASSED)
    undetermined = (Outcome.INDETERMINATE, SubIndication.NO_CERTIFICATE_CHAIN_FOUND)
    assert _outcome(verification, "seal_chain") == undetermined
    assert _outcome(verification, "message_timestamp_chain") == undetermined
    assert _outcome(verification, "seal_validity")[1] is SubIndication.OUT_OF_BOUNDS_NO_POE
    assert verification.summary().level is Level.WARNING
    assert (verification.message_hash is None) == (name not in MESSAGES)


@pytest.mark.parametrize("name", MESSAGES)
def test_the_digest_is_over_the_raw_bytes_of_dmdm(name: str, isds_standards: Path) -> None:
    zfo = read_zfo(_raw(isds_standards, name))
    raw = bytes(zfo.dm_bytes)
    assert re.fullmatch(rb"<p:dmDm[ >].*</p:dmDm>", raw, re.DOTALL)
    assert zfo.hash is not None
    assert hashlib.new(zfo.hash.algorithm.replace("-", ""), raw).digest() == zfo.hash.value


def test_a_seal_time_stamp_is_checked_where_there_is_one(isds_standards: Path) -> None:
    stamped = _verify(read_zfo(_raw(isds_standards, "DDZ_3401761")))
    assert _outcome(stamped, "seal_timestamp_imprint")[0] is Outcome.PASSED
    assert _outcome(stamped, "seal_timestamp_signature")[0] is Outcome.PASSED
    assert _outcome(stamped, "time_order")[0] is Outcome.PASSED
    assert stamped.seal_timestamp_time == datetime(2015, 3, 2, 11, 3, 8, 153000, tzinfo=UTC)
    assert _verify(read_zfo(_raw(isds_standards, "DD_6452235"))).seal_timestamp == ()


def test_a_hash_of_the_past_is_named_as_weak(isds_standards: Path) -> None:
    verification = _verify(read_zfo(_raw(isds_standards, "signed_sent_message-151874")))
    assert _outcome(verification, "seal_algorithm")[1] is SubIndication.CRYPTO_CONSTRAINTS_FAILURE_NO_POE


def test_events_of_a_delivery_receipt_are_read(isds_standards: Path) -> None:
    zfo = read_zfo(_raw(isds_standards, "DD_6452235"))
    assert [event.kind for event in zfo.events] == ["EV0", "EV5"]
    assert all(event.time is not None for event in zfo.events)


def test_xml_attachments_are_kept_as_they_were_written(isds_standards: Path) -> None:
    contents = [file.content for file in read_zfo(_raw(isds_standards, "signed_sent_xml_message-376701")).files]
    assert contents[1:5] == [b"<p>Text1</p>", b"<p>Text1</p><p>Text2</p>", b"Text1", b"<empty></empty>"]
    assert contents[0].startswith(b'<root xmlns:ns="urn:local">')


@pytest.mark.parametrize("name", SAMPLES)
def test_a_flipped_byte_anywhere_in_the_sealed_xml_is_found(name: str, isds_standards: Path) -> None:
    raw = _raw(isds_standards, name)
    start, end = raw.index(b"<q:"), raw.rindex(b"Response>")
    for step in range(10):
        _assert_flagged(raw, start + (end - start) * step // 10 + 1)


def _assert_flagged(raw: bytes, place: int) -> None:
    altered = raw[:place] + bytes((raw[place] ^ 0x01,)) + raw[place + 1 :]
    try:
        verification = _verify(read_zfo(altered))
    except ZfoAltered:
        return
    except (ZfoNotCms, ZfoCutShort):
        # The byte stood between the pieces of the content: nothing tells such a file from one that is no ZFO.
        assert b"\x04" in altered[place - 4 : place + 1]
        return
    assert verification.summary().level is Level.FAILED, place
    assert verification.seal_content.sub_indication is SubIndication.HASH_FAILURE


def _places(raw: bytes, zfo: Zfo) -> Iterator[tuple[int, set[str]]]:
    """Places in a ZFO and the facts that must fail when a byte there changes."""
    signer, is_message = zfo.signed.signer, zfo.kind is not ZfoKind.DELIVERY
    inside = {"seal_content", "message_hash"} if is_message else {"seal_content"}
    for element in (b"p:dmID>", b"p:dbIDSender>", b"p:dmRecipient>", b"p:dmAnnotation>"):
        yield raw.index(b"<" + element) + len(element) + 2, inside
    yield raw.index(b"<q:dmMessageStatus>") + len(b"<q:dmMessageStatus>"), {"seal_content"}
    delivered = raw.index(b"<q:dmDeliveryTime>") + len(b"<q:dmDeliveryTime>")
    yield delivered + 3, {"seal_content"}
    stated = raw.index(b">", raw.index(b"<q:dmHash")) + 3
    yield stated, inside | {"message_timestamp_imprint"}
    digest = next(one["values"][0] for one in signer["signed_attrs"] if one["type"].native == "message_digest")
    yield raw.rindex(digest.native) + 4, {"seal_content", "seal_signature"}
    time = next(one["values"][0] for one in signer["signed_attrs"] if one["type"].native == "signing_time")
    yield raw.rindex(time.dump()) + len(time.dump()) - 2, {"seal_signature"}
    yield raw.rindex(signer["signature"].native) + 9, {"seal_signature"}


@pytest.mark.parametrize("name", SAMPLES)
def test_one_byte_changed_in_ten_places_is_told_by_the_right_fact(name: str, isds_standards: Path) -> None:
    raw = _raw(isds_standards, name)
    places = list(_places(raw, read_zfo(raw)))
    assert len({place for place, _ in places}) == 10
    for place, expected in places:
        digit = bytes((raw[place] ^ 1,))
        altered = _verify(read_zfo(raw[:place] + digit + raw[place + 1 :]))
        failed = {fact.name for fact in altered.facts if fact.outcome is Outcome.FAILED}
        assert failed == expected | (failed & {"seal_timestamp_imprint"}), (place, raw[place - 20 : place + 5])
        assert altered.summary().level is Level.FAILED


@pytest.mark.parametrize("name", SAMPLES)
def test_a_flipped_byte_of_the_signature_is_found(name: str, isds_standards: Path) -> None:
    raw = _raw(isds_standards, name)
    value = read_zfo(raw).signed.signer["signature"].native
    place = raw.index(value)
    for offset in range(0, len(value), len(value) // 10):
        altered = bytearray(raw)
        altered[place + offset] ^= 0x40
        verification = _verify(read_zfo(bytes(altered)))
        assert _outcome(verification, "seal_signature") == (Outcome.FAILED, SubIndication.SIG_CRYPTO_FAILURE)
        assert verification.summary().level is Level.FAILED


@pytest.mark.parametrize("name", SAMPLES)
def test_no_single_byte_of_the_signed_parts_can_change_unnoticed(name: str, isds_standards: Path) -> None:
    """Bytes outside the sealed XML, all over the structure: refused, failed, or at least never better than before."""
    raw = _raw(isds_standards, name)
    before = len([fact for fact in _verify(read_zfo(raw)).facts if fact.passed])
    after_content = raw.rindex(b"Response>") + 20
    for place in range(after_content, len(raw), max(1, (len(raw) - after_content) // 40)):
        altered = bytearray(raw)
        altered[place] ^= 0x04
        try:
            verification = _verify(read_zfo(bytes(altered)))
        except ZfoError:
            continue
        assert len([fact for fact in verification.facts if fact.passed]) <= before
        assert verification.summary().level is not Level.OK


def test_content_exchanged_for_another_is_found_by_each_fact_alone(isds_standards: Path) -> None:
    zfo = read_zfo(_raw(isds_standards, "DDZ_3401761"))
    other = read_zfo(_raw(isds_standards, "received_message-330141"))
    wrong_stamp = _verify(replace(zfo, timestamp_token=other.timestamp_token))
    assert _outcome(wrong_stamp, "message_timestamp_imprint") == (Outcome.FAILED, SubIndication.HASH_FAILURE)
    assert _outcome(wrong_stamp, "message_hash")[0] is Outcome.PASSED
    shifted = replace(zfo, dm_range=(zfo.dm_range[0], zfo.dm_range[1] - 1))
    assert _outcome(_verify(shifted), "message_hash") == (Outcome.FAILED, SubIndication.HASH_FAILURE)
    stampless = _verify(replace(zfo, timestamp_token=b""))
    assert _outcome(stampless, "message_timestamp_imprint")[1] is SubIndication.SIGNED_DATA_NOT_FOUND


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_cut_short_is_told_apart(name: str, isds_standards: Path) -> None:
    raw = _raw(isds_standards, name)
    for part in range(1, 10):
        with pytest.raises(ZfoCutShort, match="chybí jeho konec"):
            read_zfo(raw[: len(raw) * part // 10])
    with pytest.raises(ZfoCutShort):
        read_zfo(raw[:-1])


@pytest.mark.parametrize(
    "raw", [b"", b"PK\x03\x04 zip", b"%PDF-1.7 ...", b"<?xml version='1.0'?><a/>", b"0" * 100, b"\x30\x03\x02\x01\x01"]
)
def test_what_is_not_a_signed_document_is_told_apart(raw: bytes) -> None:
    with pytest.raises(ZfoNotCms, match="není datová zpráva"):
        read_zfo(raw)


class _Endless(io.RawIOBase):
    """200 MB of nothing that counts what was taken."""

    def __init__(self) -> None:
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        assert 0 <= size <= 200_000_000
        self.taken += size
        return bytes(size)


def test_a_file_over_the_limit_is_not_read_to_the_end() -> None:
    endless = _Endless()
    with pytest.raises(ZfoTooLarge, match="1 MB"):
        read_zfo(endless, ZfoLimits(max_size=1024 * 1024))  # type: ignore[arg-type]
    assert endless.taken == 1024 * 1024 + 1


@lru_cache
def _stranger() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kdosi jiný")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW - timedelta(days=1), NOW + timedelta(days=1))
    return key, builder.sign(key, hashes.SHA256())


def _signed(xml: bytes) -> bytes:
    """``xml`` properly signed by somebody else."""
    key, certificate = _stranger()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(xml).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


BOMB = (
    b'<!DOCTYPE a [<!ENTITY a "%s">%s]>'
    b'<q:MessageDownloadResponse xmlns:q="http://isds.czechpoint.cz/v20/message" x="&j;"/>'
    % (
        b"A" * 100,
        b"".join(b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 10) for c in b"bcdefghij"),
    )
)
MESSAGE = """<q:MessageDownloadResponse xmlns:q="http://isds.czechpoint.cz/v20/message" a=">">
<q:dmReturnedMessage dmType="X"><{p}:dmDm xmlns:{p}="http://isds.czechpoint.cz/v20" b="a>b"><{p}:dmID>1</{p}:dmID>
<{p}:dmFiles>{files}</{p}:dmFiles></{p}:dmDm ><q:dmMessageStatus>4</q:dmMessageStatus>
</q:dmReturnedMessage></q:MessageDownloadResponse>"""


def test_an_xml_bomb_is_refused_before_it_grows() -> None:
    with pytest.raises(ZfoAltered, match="DOCTYPE"):
        read_zfo(_signed(BOMB))


def test_envelopes_beyond_measure_are_refused() -> None:
    deep = b"<q:MessageDownloadResponse xmlns:q='http://isds.czechpoint.cz/v20/message'>" + b"<a>" * 100_000
    wide = MESSAGE.format(p="p", files="<x/>" * 30_000).encode()
    for bomb in (deep, wide):
        with pytest.raises(ZfoAltered, match="složitou"):
            read_zfo(_signed(bomb))


@pytest.mark.parametrize(
    "xml", [b"<a/>", b"ahoj", b"\xff\xfe<\x00a\x00", b"<?xml version='1.0' encoding='iso-8859-2'?><a/>"]
)
def test_another_signed_document_is_told_apart(xml: bytes) -> None:
    with pytest.raises(ZfoNotIsds):
        read_zfo(_signed(xml))


def test_a_damaged_attachment_is_told_apart() -> None:
    files = "<p:dmFile><p:dmEncodedContent>ab*d</p:dmEncodedContent></p:dmFile>"
    with pytest.raises(ZfoAltered, match="poškozená"):
        read_zfo(_signed(MESSAGE.format(p="p", files=files).encode()))


def test_a_message_sealed_by_somebody_else_is_flagged() -> None:
    xml = MESSAGE.format(p="p", files="").encode()
    verification = _verify(read_zfo(_signed(xml)))
    assert verification.seal_signature.passed
    assert _outcome(verification, "seal_owner") == (Outcome.FAILED, SubIndication.SIG_CONSTRAINTS_FAILURE)
    assert "Kdosi jiný" in verification.seal_owner.sentence
    assert verification.summary().level is Level.FAILED


def test_an_altered_zfo_that_cannot_be_read_is_called_altered(isds_standards: Path) -> None:
    raw = _raw(isds_standards, "DDZ_3401761")
    with pytest.raises(ZfoAltered, match="změněn"):
        read_zfo(raw.replace(b"<p:dmID>", b"<p:dmID<"))


def test_a_message_inside_an_xml_attachment_does_not_fool_the_digest() -> None:
    inner = "<p:dmDm><p:dmID>999</p:dmID></p:dmDm><!-- </p:dmDm> --><![CDATA[</p:dmDm>]]>"
    content = base64.encodebytes(b"obsah" * 50).decode()
    mixed = f"<!-- x -->{content[:30]}<![CDATA[{content[30:]}]]>"
    files = (
        f"<p:dmFile><p:dmXMLContent>{inner}</p:dmXMLContent></p:dmFile>"
        f"<p:dmFile><p:dmEncodedContent>{mixed}</p:dmEncodedContent></p:dmFile>"
        "<p:dmFile><p:dmEncodedContent/></p:dmFile>"
    )
    xml = MESSAGE.format(p="p", files=files).encode()
    scan = Scan(xml, ZfoLimits())
    assert scan.dm_range == (xml.index(b"<p:dmDm xmlns"), xml.index(b"</p:dmDm >") + len(b"</p:dmDm >"))
    assert scan.content_of(1) == b"obsah" * 50
    assert scan.content_of(2) == b""
    assert b"999" in scan.content_of(0)


@pytest.mark.parametrize("prefix", ["p", "dm", "ns0"])
def test_any_prefix_and_large_attachments_are_read(prefix: str) -> None:
    content = bytes(range(256)) * 8192
    encoded = base64.b64encode(content).decode()
    files = f"<{prefix}:dmFile><{prefix}:dmEncodedContent>{encoded}</{prefix}:dmEncodedContent></{prefix}:dmFile>"
    xml = MESSAGE.format(p=prefix, files=files).encode()
    scan = Scan(xml, ZfoLimits())
    assert scan.dm_range is not None
    assert xml[scan.dm_range[0] :].startswith(f"<{prefix}:dmDm ".encode())
    assert scan.contents == [content]
