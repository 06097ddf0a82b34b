"""Separate facts about a signature: each with its outcome, the code of the norm and a Czech sentence.

Codes are the indications and sub-indications of ETSI EN 319 102-1.
"""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """Main indication of one check."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    INDETERMINATE = "INDETERMINATE"


class SubIndication(StrEnum):
    """Why a check did not pass (EN 319 102-1, table 6); ``NONE`` for those that did."""

    NONE = ""
    FORMAT_FAILURE = "FORMAT_FAILURE"
    HASH_FAILURE = "HASH_FAILURE"
    SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
    SIG_CONSTRAINTS_FAILURE = "SIG_CONSTRAINTS_FAILURE"
    CHAIN_CONSTRAINTS_FAILURE = "CHAIN_CONSTRAINTS_FAILURE"
    CRYPTO_CONSTRAINTS_FAILURE_NO_POE = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
    CERTIFICATE_CHAIN_GENERAL_FAILURE = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    NO_CERTIFICATE_CHAIN_FOUND = "NO_CERTIFICATE_CHAIN_FOUND"
    NO_SIGNING_CERTIFICATE_FOUND = "NO_SIGNING_CERTIFICATE_FOUND"
    REVOKED_NO_POE = "REVOKED_NO_POE"
    REVOKED_CA_NO_POE = "REVOKED_CA_NO_POE"
    TRY_LATER = "TRY_LATER"
    NOT_YET_VALID = "NOT_YET_VALID"
    OUT_OF_BOUNDS_NO_POE = "OUT_OF_BOUNDS_NO_POE"
    EXPIRED = "EXPIRED"
    TIMESTAMP_ORDER_FAILURE = "TIMESTAMP_ORDER_FAILURE"
    SIGNED_DATA_NOT_FOUND = "SIGNED_DATA_NOT_FOUND"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was checked. ``name`` is stable and English, ``sentence`` is for people."""

    name: str
    outcome: Outcome
    sentence: str
    sub_indication: SubIndication = SubIndication.NONE

    @property
    def passed(self) -> bool:
        return self.outcome is Outcome.PASSED


def passed(name: str, sentence: str) -> Fact:
    """A fact that holds."""
    return Fact(name, Outcome.PASSED, sentence)


def failed(name: str, why: SubIndication, sentence: str) -> Fact:
    """A fact that was checked and does not hold."""
    return Fact(name, Outcome.FAILED, sentence, why)


def indeterminate(name: str, why: SubIndication, sentence: str) -> Fact:
    """A fact for which there is not enough to decide."""
    return Fact(name, Outcome.INDETERMINATE, sentence, why)


def worst(facts: tuple[Fact, ...]) -> Outcome:
    """The worst outcome among ``facts``; passed when there are none."""
    outcomes = {fact.outcome for fact in facts}
    if Outcome.FAILED in outcomes:
        return Outcome.FAILED
    return Outcome.INDETERMINATE if Outcome.INDETERMINATE in outcomes else Outcome.PASSED
