"""Is a ZFO what ISDS gave out? A record of separate facts – never one yes or no.

Sources: operator's description of ZFO (seal, ``dmHash``, ``dmQTimestamp``), ETSI EN 319 102-1 for outcomes and codes.
Revocation is judged by the data at hand, those in the file and those beside the trusted roots; nothing is fetched.
"""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from cryptography import x509
from cryptography.x509.oid import NameOID

from egon.gateways.cms import algorithms
from egon.gateways.cms.algorithms import UnknownAlgorithm
from egon.gateways.cms.facts import Fact, Outcome, SubIndication, failed, indeterminate, passed, worst
from egon.gateways.cms.revocation import RevocationData, data_inside, revocation_fact
from egon.gateways.cms.signed_data import SignatureCheck, verify_signed_data
from egon.gateways.cms.trust import PathResult, TrustStore
from egon.gateways.isds.times import PRAGUE
from egon.gateways.isds.zfo.model import Zfo, ZfoKind
from egon.gateways.tsa.archive_stamps import last_moment_of_proof, verify_archive_stamps
from egon.gateways.tsa.tokens import TokenCheck, verify_token

SEAL_NAMES: Final = ("Informační systém datových schránek",)
"""How the common name of the seal's certificate begins, in production and in the test environment."""

_CLOCK_TOLERANCE: Final = timedelta(minutes=1)


class Level(StrEnum):
    """How a screen shows the result."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Summary:
    """The level for a screen and the sentences of the facts that led to it."""

    level: Level
    sentence: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ZfoVerification:
    """Facts about the seal, its time stamp, the message digest and the time stamp of the submission.

    ``None`` where the thing does not exist: a seal without a time stamp, a delivery receipt without its digested data,
    no data about revocation. ``seal_stamps_in_time``: the first stamp can still be proved, by its own certificate or by
    archive stamps added in time; ``stamps_valid_until`` says until when. ``message_time`` is the submission proved by
    ``dmQTimestamp``; times are aware.
    """

    checked_at: datetime
    seal_content: Fact
    seal_signature: Fact
    seal_attributes: Fact
    seal_algorithm: Fact
    seal_owner: Fact
    seal_chain: Fact
    seal_validity: Fact
    seal_revocation: Fact | None
    seal_timestamp: tuple[Fact, ...]
    seal_archive_stamps: tuple[Fact, ...]
    seal_stamps_in_time: Fact | None
    time_order: Fact | None
    message_hash: Fact | None
    message_timestamp: tuple[Fact, ...]
    algorithm_label: str
    seal_level: str
    seal_subject: str
    seal_serial_number: str
    seal_valid_from: datetime | None
    seal_valid_until: datetime | None
    seal_signing_time: datetime | None
    seal_timestamp_time: datetime | None
    stamps_valid_until: datetime | None
    message_time: datetime | None

    @property
    def facts(self) -> tuple[Fact, ...]:
        """All facts in the order in which a screen lists them."""
        single = (
            self.seal_content,
            self.seal_signature,
            self.seal_attributes,
            self.seal_algorithm,
            self.seal_owner,
            self.seal_chain,
            self.seal_validity,
        )
        revocation = (self.seal_revocation,) if self.seal_revocation else ()
        stamps = (*self.seal_timestamp, *self.seal_archive_stamps)
        optional = tuple(fact for fact in (self.seal_stamps_in_time, self.time_order, self.message_hash) if fact)
        return (*single, *revocation, *stamps, *optional, *self.message_timestamp)

    def fact(self, name: str) -> Fact | None:
        """The fact of that name, ``None`` when it does not apply."""
        return next((item for item in self.facts if item.name == name), None)

    def summary(self) -> Summary:
        """One level for a screen; the reasons are the sentences of all facts that did not pass."""
        outcome = worst(self.facts)
        reasons = tuple(fact.sentence for fact in self.facts if fact.outcome is outcome)
        if outcome is Outcome.FAILED:
            return Summary(
                Level.FAILED, "Soubor neodpovídá tomu, co ISDS zapečetil. Nepovažujte jej za pravý.", reasons
            )
        if outcome is Outcome.INDETERMINATE:
            intact = self.seal_content.passed and self.seal_signature.passed
            sentence = "Soubor nebyl změněn, ale jeho původ nelze plně ověřit."
            return Summary(Level.WARNING, sentence if intact else "Pečeť souboru nelze ověřit.", reasons)
        return Summary(Level.OK, "Pečeť, otisk i časová razítka jsou v pořádku.")


def verify_zfo(
    zfo: Zfo, trust: TrustStore, at: datetime, *, seal_names: tuple[str, ...] = SEAL_NAMES
) -> ZfoVerification:
    """Check everything a ZFO says about itself, as seen at ``at`` (aware). Raises nothing for bad content."""
    seal = verify_signed_data(zfo.signed)
    stamp = verify_token(seal.timestamp_token, trust, message=seal.signature_value) if seal.timestamp_token else None
    archive = verify_archive_stamps(zfo.signed, trust)
    submission = _submission_check(zfo, trust)
    reference, proven = _reference_time(seal, stamp, at)
    certificate = seal.certificate
    path = trust.path_for(certificate, seal.others, reference) if certificate else PathResult()
    at_hand = RevocationData(trust.revocation_lists) + data_inside(zfo.signed)
    revoked = revocation_fact("seal_revocation", path.chain, at_hand, reference if proven else at)
    provable_until = last_moment_of_proof(((stamp,) if stamp else ()) + archive)
    return ZfoVerification(
        checked_at=at,
        seal_content=replace(seal.content, name="seal_content"),
        seal_signature=replace(seal.signature, name="seal_signature"),
        seal_attributes=replace(seal.attributes, name="seal_attributes"),
        seal_algorithm=replace(seal.algorithm, name="seal_algorithm"),
        seal_owner=_owner_fact(certificate, seal_names),
        seal_chain=_chain_fact(path, revoked),
        seal_validity=_validity_fact(certificate, reference, proven=proven),
        seal_revocation=revoked,
        seal_timestamp=_renamed(stamp, "seal_timestamp", "Razítko pečeti") if stamp else (),
        seal_archive_stamps=_archive_facts(archive),
        seal_stamps_in_time=_in_time_fact(provable_until, at),
        time_order=_order_fact(stamp, submission),
        message_hash=_hash_fact(zfo),
        message_timestamp=_submission_facts(submission),
        algorithm_label=seal.algorithm_label,
        seal_level=seal.level,
        seal_subject=certificate.subject.rfc4514_string() if certificate else "",
        seal_serial_number=f"{certificate.serial_number:X}" if certificate else "",
        seal_valid_from=certificate.not_valid_before_utc if certificate else None,
        seal_valid_until=certificate.not_valid_after_utc if certificate else None,
        seal_signing_time=seal.signing_time,
        seal_timestamp_time=stamp.token.time if stamp and stamp.token else None,
        stamps_valid_until=provable_until,
        message_time=submission.token.time if submission and submission.token else None,
    )


def _reference_time(seal: SignatureCheck, stamp: TokenCheck | None, at: datetime) -> tuple[datetime, bool]:
    """The time for which the seal's certificate is judged, and whether it is proven that the seal existed then."""
    if stamp and stamp.token and stamp.trusted:
        return stamp.token.time, True
    if seal.certificate and _is_valid(seal.certificate, at):
        return at, True
    claimed = stamp.token.time if stamp and stamp.token else seal.signing_time
    return claimed or at, False


def _owner_fact(certificate: x509.Certificate | None, seal_names: tuple[str, ...]) -> Fact:
    if certificate is None:
        return _no_certificate("seal_owner")
    names = [str(item.value) for item in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    if any(name.startswith(expected) for name in names for expected in seal_names):
        return passed("seal_owner", f"Pečeť je vystavena na: {names[0]}.")
    shown = names[0] if names else "držitel bez jména"
    return failed(
        "seal_owner", SubIndication.SIG_CONSTRAINTS_FAILURE, f"Soubor nezapečetil ISDS, pečeť patří jinému: {shown}."
    )


def _chain_fact(path: PathResult, revocation: Fact | None) -> Fact:
    if not path.chain:
        return _no_certificate("seal_chain")
    if path.trusted:
        unknown = "" if revocation else " (údaje o jeho odvolání nejsou k dispozici)"
        return passed("seal_chain", f"Certifikát pečeti vydala důvěryhodná autorita{unknown}.")
    return indeterminate("seal_chain", path.problem, f"Důvěryhodnost pečeti nelze určit: {path.reason}.")


def _validity_fact(certificate: x509.Certificate | None, reference: datetime, *, proven: bool) -> Fact:
    name = "seal_validity"
    if certificate is None:
        return _no_certificate(name)
    if reference < certificate.not_valid_before_utc:
        return indeterminate(name, SubIndication.NOT_YET_VALID, "Certifikát pečeti v době zapečetění ještě neplatil.")
    if reference > certificate.not_valid_after_utc:
        return indeterminate(name, SubIndication.EXPIRED, "Certifikát pečeti v době zapečetění už neplatil.")
    if not proven:
        until = certificate.not_valid_after_utc.astimezone(PRAGUE)
        return indeterminate(
            name,
            SubIndication.OUT_OF_BOUNDS_NO_POE,
            f"Certifikát pečeti vypršel {until:%d.%m.%Y} a důvěryhodné časové razítko, které by dokázalo dřívější "
            "vznik pečeti, k dispozici není.",
        )
    return passed(name, "Certifikát pečeti v rozhodné době platil.")


def _hash_fact(zfo: Zfo) -> Fact | None:
    """The digest over the raw bytes of ``dmDm``; a delivery receipt lacks the attachments for it."""
    name = "message_hash"
    if zfo.kind is ZfoKind.DELIVERY:
        return None
    if zfo.hash is None:
        return indeterminate(name, SubIndication.SIGNED_DATA_NOT_FOUND, "Zpráva neuvádí otisk svého obsahu.")
    try:
        computed = algorithms.digest(zfo.hash.algorithm, zfo.dm_bytes)
    except UnknownAlgorithm as error:
        return indeterminate(name, SubIndication.SIG_CONSTRAINTS_FAILURE, f"Neznámý algoritmus otisku ({error}).")
    if hmac.compare_digest(computed, zfo.hash.value):
        return passed(name, f"Otisk zprávy souhlasí ({zfo.hash.algorithm}).")
    return failed(name, SubIndication.HASH_FAILURE, "Otisk zprávy nesouhlasí, její obsah byl změněn.")


def _submission_check(zfo: Zfo, trust: TrustStore) -> TokenCheck | None:
    """The time stamp of the submission over the stated digest; ``None`` when the document carries none."""
    if not zfo.timestamp_token:
        return None
    if zfo.hash is not None:
        return verify_token(zfo.timestamp_token, trust, digest=(zfo.hash.algorithm, zfo.hash.value))
    return verify_token(zfo.timestamp_token, trust, message=bytes(zfo.dm_bytes))


def _submission_facts(check: TokenCheck | None) -> tuple[Fact, ...]:
    if check is None:
        sentence = "Dokument neobsahuje časové razítko podání."
        return (indeterminate("message_timestamp_imprint", SubIndication.SIGNED_DATA_NOT_FOUND, sentence),)
    return _renamed(check, "message_timestamp", "Razítko podání")


def _order_fact(stamp: TokenCheck | None, submission: TokenCheck | None) -> Fact | None:
    """A seal is made when a message is downloaded, never before it was submitted."""
    if not (stamp and stamp.token and submission and submission.token):
        return None
    if stamp.token.time + _CLOCK_TOLERANCE < submission.token.time:
        return failed(
            "time_order", SubIndication.TIMESTAMP_ORDER_FAILURE, "Pečeť má časové razítko starší než podání zprávy."
        )
    return passed("time_order", "Pořadí časových razítek je správné.")


def _archive_facts(checks: tuple[TokenCheck, ...]) -> tuple[Fact, ...]:
    return tuple(
        fact
        for number, check in enumerate(checks, 1)
        for fact in _renamed(check, f"seal_archive_stamp_{number}", f"Archivní razítko {number}")
    )


def _in_time_fact(until: datetime | None, at: datetime) -> Fact | None:
    if until is None:
        return None
    name, day = "seal_stamps_in_time", until.astimezone(PRAGUE)
    if at <= until:
        return passed(name, f"Časová razítka pečeti lze ověřit do {day:%d.%m.%Y}.")
    return indeterminate(
        name,
        SubIndication.OUT_OF_BOUNDS_NO_POE,
        f"Časová razítka pečeti bylo možné ověřit jen do {day:%d.%m.%Y} a další archivní razítko nepřibylo včas.",
    )


def _renamed(check: TokenCheck, prefix: str, label: str) -> tuple[Fact, ...]:
    return tuple(
        replace(fact, name=f"{prefix}_{fact.name}", sentence=f"{label}: {fact.sentence}") for fact in check.facts
    )


def _no_certificate(name: str) -> Fact:
    return indeterminate(
        name, SubIndication.NO_SIGNING_CERTIFICATE_FOUND, "Certifikát pečeti v souboru chybí nebo je poškozený."
    )


def _is_valid(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
