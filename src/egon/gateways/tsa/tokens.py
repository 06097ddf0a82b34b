"""RFC 3161 time-stamp tokens: reading them and checking each of their claims."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from egon.gateways.cms import algorithms
from egon.gateways.cms.algorithms import UnknownAlgorithm
from egon.gateways.cms.facts import Fact, SubIndication, failed, indeterminate, passed
from egon.gateways.cms.signed_data import NotSignedData, SignatureCheck, read_signed_data, verify_signed_data
from egon.gateways.cms.trust import TrustStore

_TST_INFO: Final = "1.2.840.113549.1.9.16.1.4"


@dataclass(frozen=True, slots=True)
class Token:
    """What a time stamp says. ``time`` is aware (UTC), ``accuracy`` the authority's own tolerance."""

    time: datetime
    hash_algorithm: str
    imprint: bytes
    serial_number: int
    policy: str
    accuracy: timedelta


@dataclass(frozen=True, slots=True)
class TokenCheck:
    """Facts about a time stamp: imprint, signature, chain – in that order. ``token`` is ``None`` when unreadable."""

    token: Token | None
    imprint: Fact
    signature: Fact
    chain: Fact
    certificate: x509.Certificate | None = None

    @property
    def facts(self) -> tuple[Fact, ...]:
        return (self.imprint, self.signature, self.chain)

    @property
    def intact(self) -> bool:
        """The stamp belongs to the data and is not altered; says nothing about who made it."""
        return self.imprint.passed and self.signature.passed

    @property
    def trusted(self) -> bool:
        """Intact and made by an authority we trust: its time may be relied upon."""
        return self.intact and self.chain.passed


class NotAToken(ValueError):
    """The bytes are not a time-stamp token."""


def read_token(data: bytes) -> Token:
    """What the token says, unchecked. Raises :class:`NotAToken`."""
    try:
        return _info_of(read_signed_data(data).content)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError) as error:
        raise NotAToken(str(error)) from error


def verify_token(
    data: bytes, trust: TrustStore, *, message: bytes | None = None, digest: tuple[str, bytes] | None = None
) -> TokenCheck:
    """Check a token over ``message``, or over an already computed ``digest`` (algorithm in any spelling, value).

    The chain is judged at the time the token states, as its own certificate mostly expires long before the documents.
    """
    try:
        document = read_signed_data(data)
        if document.content_type != _TST_INFO:
            raise NotAToken(document.content_type)
        token = _info_of(document.content)
    except (NotSignedData, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError):
        return _unreadable()
    check = verify_signed_data(document)
    return TokenCheck(
        token=token,
        imprint=_imprint_fact(token, message, digest),
        signature=_signature_fact(check),
        chain=_chain_fact(check, token, trust),
        certificate=check.certificate,
    )


def _info_of(content: bytes) -> Token:
    info = tsp.TSTInfo.load(content, strict=True)
    imprint = info["message_imprint"]
    moment = info["gen_time"].native
    return Token(
        time=moment if moment.tzinfo else moment.replace(tzinfo=UTC),
        hash_algorithm=algorithms.hash_name(imprint["hash_algorithm"]["algorithm"].native),
        imprint=imprint["hashed_message"].native,
        serial_number=info["serial_number"].native,
        policy=info["policy"].dotted,
        accuracy=_accuracy(info["accuracy"]),
    )


def _accuracy(stated: Any) -> timedelta:
    native = stated.native or {}
    return timedelta(
        seconds=native.get("seconds") or 0,
        milliseconds=native.get("millis") or 0,
        microseconds=native.get("micros") or 0,
    )


def _imprint_fact(token: Token, message: bytes | None, digest: tuple[str, bytes] | None) -> Fact:
    try:
        if message is not None:
            same = hmac.compare_digest(algorithms.digest(token.hash_algorithm, message), token.imprint)
        elif digest is not None:
            same = algorithms.hash_name(digest[0]) == token.hash_algorithm and hmac.compare_digest(
                digest[1], token.imprint
            )
        else:
            raise ValueError("a message or a digest is needed")
    except UnknownAlgorithm as error:
        return indeterminate(
            "imprint", SubIndication.SIG_CONSTRAINTS_FAILURE, f"Časové razítko používá neznámý algoritmus ({error})."
        )
    if same:
        return passed("imprint", "Časové razítko patří k těmto údajům.")
    return failed("imprint", SubIndication.HASH_FAILURE, "Časové razítko patří k jiným údajům, otisk nesouhlasí.")


def _signature_fact(check: SignatureCheck) -> Fact:
    for fact in (check.content, check.signature, check.attributes):
        if not fact.passed:
            return Fact("signature", fact.outcome, f"Podpis časového razítka: {fact.sentence}", fact.sub_indication)
    return passed("signature", "Časové razítko není pozměněné.")


def _chain_fact(check: SignatureCheck, token: Token, trust: TrustStore) -> Fact:
    certificate = check.certificate
    if certificate is None:
        return indeterminate(
            "chain",
            SubIndication.NO_SIGNING_CERTIFICATE_FOUND,
            "Certifikát autority časových razítek není k dispozici.",
        )
    if not certificate.not_valid_before_utc <= token.time <= certificate.not_valid_after_utc:
        return failed("chain", SubIndication.CHAIN_CONSTRAINTS_FAILURE, "Certifikát autority v čase razítka neplatil.")
    if not _may_stamp(certificate):
        return failed(
            "chain", SubIndication.CHAIN_CONSTRAINTS_FAILURE, "Certifikát není určen k vydávání časových razítek."
        )
    path = trust.path_for(certificate, check.others, token.time)
    if path.trusted:
        return passed("chain", "Časové razítko vydala důvěryhodná autorita.")
    return indeterminate("chain", path.problem, f"Důvěryhodnost autority časových razítek nelze určit: {path.reason}.")


def _may_stamp(certificate: x509.Certificate) -> bool:
    """The extended key usage allows time stamping (RFC 3161 § 2.3)."""
    return _der_may_stamp(certificate.public_bytes(serialization.Encoding.DER))


@lru_cache(maxsize=256)
def _der_may_stamp(der: bytes) -> bool:
    """Read by asn1crypto: authorities of 2009 put things into other extensions that the stricter library refuses."""
    try:
        usage = asn1_x509.Certificate.load(der).extended_key_usage_value
        return usage is not None and "time_stamping" in usage.native
    except (ValueError, TypeError, KeyError, IndexError):
        return False


def _unreadable() -> TokenCheck:
    sentence = "Časové razítko je poškozené nebo chybí, nelze je přečíst."
    why = SubIndication.FORMAT_FAILURE
    return TokenCheck(
        token=None,
        imprint=failed("imprint", why, sentence),
        signature=failed("signature", why, sentence),
        chain=indeterminate("chain", why, sentence),
    )
