"""Archive time stamps over a signature: ``archive-time-stamp-v3`` of ETSI EN 319 122-1, 5.5.3.

Such a stamp covers the content, the signature, and by digests every certificate and every older stamp beside it.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Final

from asn1crypto import algos, core

from egon.gateways.cms import algorithms
from egon.gateways.cms.algorithms import UnknownAlgorithm
from egon.gateways.cms.facts import Fact, SubIndication, failed, indeterminate
from egon.gateways.cms.signed_data import SignedDocument, read_signed_data
from egon.gateways.cms.trust import TrustStore
from egon.gateways.tsa.tokens import NotAToken, TokenCheck, read_token, verify_token

_STAMP: Final = "0.4.0.1733.2.4"
_OLDER_STAMPS: Final = frozenset({"1.2.840.113549.1.9.16.2.27", "1.2.840.113549.1.9.16.2.48"})
_INDEX: Final = "0.4.0.19122.1.5"
_FIELDS: Final = ("version", "sid", "digest_algorithm", "signed_attrs", "signature_algorithm", "signature")
_UNREADABLE: Final = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)


class _Digests(core.SequenceOf):  # type: ignore[misc]
    _child_spec = core.OctetString


class _Index(core.Sequence):  # type: ignore[misc]
    """``ATSHashIndexV3``."""

    _fields: ClassVar[list[Any]] = [
        ("algorithm", algos.DigestAlgorithm),
        ("certificates", _Digests),
        ("revocation", _Digests),
        ("unsigned", _Digests),
    ]


@dataclass(frozen=True, slots=True)
class _Value:
    """One value of one unsigned attribute, both encoded; ``kind`` is the identifier in dots."""

    kind: str
    name: bytes
    content: bytes


def verify_archive_stamps(document: SignedDocument, trust: TrustStore) -> tuple[TokenCheck, ...]:
    """Checks of the archive stamps of a document, the oldest first; each as :func:`verify_token` gives it.

    Stamps of the older versions 1 and 2 are told as undetermined: there was no sample of them to check against.
    """
    try:
        values = list(_unsigned_values(document.signer))
        checks = [_check(value, values, document, trust) for value in values if value.kind == _STAMP]
        older = [_undetermined() for value in values if value.kind in _OLDER_STAMPS]
    except _UNREADABLE:
        return (_undetermined(),)
    return (*older, *sorted(checks, key=_time_of))


def _time_of(check: TokenCheck) -> float:
    return check.token.time.timestamp() if check.token else float("inf")


def _unsigned_values(signer: Any) -> Iterator[_Value]:
    if signer is None:
        return
    for attribute in signer["unsigned_attrs"]:
        for value in attribute["values"]:
            yield _Value(attribute["type"].dotted, attribute["type"].dump(), value.dump())


def _check(stamp: _Value, values: list[_Value], document: SignedDocument, trust: TrustStore) -> TokenCheck:
    try:
        token, encoded = read_token(stamp.content), _index_of(stamp.content)
        covered = _covered_bytes(document, token.hash_algorithm) + encoded
        check = verify_token(stamp.content, trust, message=covered)
        missing = _not_there(_Index.load(encoded, strict=True), document, values)
    except (NotAToken, UnknownAlgorithm, *_UNREADABLE):
        return verify_token(b"", trust, message=b"")
    return replace(check, imprint=missing) if missing and check.imprint.passed else check


def _covered_bytes(document: SignedDocument, hash_algorithm: str) -> bytes:
    """Type of content, digest of content and the fields of the signature as they stand in the document."""
    content_type = bytes(core.ObjectIdentifier(document.content_type).dump())
    digest = algorithms.digest(hash_algorithm, document.content)
    return content_type + digest + b"".join(document.signer[name].dump() for name in _FIELDS)


def _index_of(token: bytes) -> bytes:
    for attribute in read_signed_data(token).signer["unsigned_attrs"]:
        if attribute["type"].dotted == _INDEX:
            return bytes(attribute["values"][0].dump())
    raise NotAToken("no index of digests")


def _not_there(index: Any, document: SignedDocument, values: list[_Value]) -> Fact | None:
    """A fact when something the stamp covered is missing or changed in the document."""
    name = index["algorithm"]["algorithm"].native
    present = {
        "certificates": document.certificates,
        "revocation": document.revocation,
        "unsigned": tuple(value.name + value.content for value in values),
    }
    for part, pieces in present.items():
        digests = [algorithms.digest(name, piece) for piece in pieces]
        for stated in index[part]:
            if not any(hmac.compare_digest(stated.native, digest) for digest in digests):
                sentence = "Část podpisu, kterou razítko chránilo, chybí nebo je změněná."
                return failed("imprint", SubIndication.HASH_FAILURE, sentence)
    return None


def _undetermined() -> TokenCheck:
    def unknown(name: str) -> Fact:
        sentence = "Archivní razítko je ve starší podobě, kterou tento program neověřuje."
        return indeterminate(name, SubIndication.SIG_CONSTRAINTS_FAILURE, sentence)

    return TokenCheck(None, unknown("imprint"), unknown("signature"), unknown("chain"))


def last_moment_of_proof(stamps: tuple[TokenCheck, ...]) -> datetime | None:
    """Until when the earliest stamp can be proved, by its own certificate or by a later stamp made in time."""
    known = [(check.token.time, check.certificate) for check in stamps if check.token]
    until: datetime | None = None
    for time, certificate in known:
        if certificate is not None and (until is None or time <= until):
            until = max(until or certificate.not_valid_after_utc, certificate.not_valid_after_utc)
    return until
