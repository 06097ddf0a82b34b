"""Checking a raw signature by the algorithm CMS names: RSA PKCS#1 v1.5, RSA-PSS and ECDSA."""

import hashlib
from typing import Any, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

type Asn1 = Any
"""A value of asn1crypto, which has no type information."""

_HASHES: Final[dict[str, type[hashes.HashAlgorithm]]] = {
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
    "sha3_256": hashes.SHA3_256,
    "sha3_384": hashes.SHA3_384,
    "sha3_512": hashes.SHA3_512,
}
WEAK_HASHES: Final = frozenset({"md5", "sha1"})
_BY_TEXT: Final = {"SHA": "sha1", "SHA1": "sha1", "SHA3256": "sha3_256", "SHA3384": "sha3_384", "SHA3512": "sha3_512"}


class UnknownAlgorithm(ValueError):
    """We cannot judge this algorithm."""


def hash_name(text: str) -> str:
    """The name we use for a hash given in any spelling: ``SHA-1``, ``sha-256``, ``SHA256``."""
    plain = text.upper().replace("-", "").replace("_", "")
    name = _BY_TEXT.get(plain, plain.lower())
    if name not in _HASHES:
        raise UnknownAlgorithm(text)
    return name


def digest(name: str, data: bytes | memoryview) -> bytes:
    """The digest of ``data``. Raises :class:`UnknownAlgorithm`."""
    return hashlib.new(hash_name(name), data, usedforsecurity=False).digest()


def signature_matches(public_key: object, algorithm: Asn1, digest_name: str, signature: bytes, data: bytes) -> bool:
    """Whether ``signature`` over ``data`` belongs to ``public_key``.

    ``algorithm`` is asn1crypto's ``SignedDigestAlgorithm``; ``digest_name`` the hash of the SignerInfo, used where the
    algorithm itself names none. Raises :class:`UnknownAlgorithm`.
    """
    kind = algorithm.signature_algo
    try:
        if isinstance(public_key, rsa.RSAPublicKey) and kind == "rsassa_pkcs1v15":
            public_key.verify(signature, data, padding.PKCS1v15(), _hash(_own_hash(algorithm, digest_name)))
        elif isinstance(public_key, rsa.RSAPublicKey) and kind == "rsassa_pss":
            scheme, chosen = _pss(algorithm)
            public_key.verify(signature, data, scheme, chosen)
        elif isinstance(public_key, ec.EllipticCurvePublicKey) and kind == "ecdsa":
            public_key.verify(signature, data, ec.ECDSA(_hash(_own_hash(algorithm, digest_name))))
        else:
            raise UnknownAlgorithm(f"{kind} / {type(public_key).__name__}")
    except InvalidSignature:
        return False
    except UnsupportedAlgorithm as error:
        raise UnknownAlgorithm(str(error)) from error
    return True


def label_of(algorithm: Asn1, digest_name: str) -> str:
    """The name of a signature algorithm for people, e.g. ``RSA-PSS, SHA-256``."""
    names = {"rsassa_pkcs1v15": "RSA PKCS#1 v1.5", "rsassa_pss": "RSA-PSS", "ecdsa": "ECDSA"}
    try:
        kind = algorithm.signature_algo
    except ValueError:
        return str(algorithm["algorithm"].dotted)
    return f"{names.get(kind, kind)}, {digest_name.upper().replace('SHA', 'SHA-').replace('SHA-3_', 'SHA3-')}"


def _hash(name: str) -> hashes.HashAlgorithm:
    if name not in _HASHES:
        raise UnknownAlgorithm(name)
    return _HASHES[name]()


def _own_hash(algorithm: Asn1, digest_name: str) -> str:
    """The hash inside the signature algorithm (``sha256_rsa``), or that of the SignerInfo (``rsassa_pkcs1v15``)."""
    try:
        own = str(algorithm.hash_algo)
    except ValueError:
        return digest_name
    if own != digest_name:
        raise UnknownAlgorithm(f"{own} / {digest_name}")
    return own


def _pss(algorithm: Asn1) -> tuple[padding.PSS, hashes.HashAlgorithm]:
    parameters = algorithm["parameters"]
    chosen = _hash(parameters["hash_algorithm"]["algorithm"].native)
    if parameters["mask_gen_algorithm"]["algorithm"].native != "mgf1":
        raise UnknownAlgorithm("mask generation")
    mask = _hash(parameters["mask_gen_algorithm"]["parameters"]["algorithm"].native)
    return padding.PSS(padding.MGF1(mask), parameters["salt_length"].native), chosen
