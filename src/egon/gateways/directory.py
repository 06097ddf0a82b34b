"""People of an organisation in its directory (LDAP, Active Directory): a port and its LDAP side, without Django.

Always over TLS whose certificate is checked; read in pages, because Active Directory gives a thousand entries at once.
"""

import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import ldap3
from ldap3.core import exceptions as ldap_errors
from ldap3.utils.log import OFF, set_library_log_detail_level

from egon.kernel.errors import Misconfigured, Refused, Retryable

PAGE: Final = 500
PATIENCE: Final = 20
MOST_ENTRIES: Final = 50_000
DEFAULT_FILTER: Final = "(&(objectClass=person)(sn=*))"
# What Active Directory calls what we want; OpenLDAP has employeeNumber and uid instead.
DEFAULT_ATTRIBUTES: Final[Mapping[str, str]] = {
    "personal_number": "employeeID",
    "given_name": "givenName",
    "family_name": "sn",
    "email": "mail",
    "login": "sAMAccountName",
    "unit": "department",
    "position": "title",
}

set_library_log_detail_level(OFF)  # its log would carry names and passwords


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its distinguished name, and our names of values with what it holds (empty when nothing)."""

    dn: str
    values: Mapping[str, str]


class Directory(Protocol):
    """Whatever knows the people of an organisation."""

    def people(self) -> Iterator[Entry]:
        """Everybody, in no order. Raises ``Retryable``, ``Misconfigured`` or ``Refused``."""
        ...


@dataclass(frozen=True, slots=True)
class LdapDirectory:
    """A directory reached by LDAP: ``ldaps`` on its own port, otherwise StartTLS before anything is said."""

    host: str
    port: int
    base: str
    bind_dn: str
    password: str = field(repr=False)
    starttls: bool = False
    search_filter: str = DEFAULT_FILTER
    attributes: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULT_ATTRIBUTES))
    authority: str = ""  # PEM of the certificate authority; the system's ones when empty

    def people(self) -> Iterator[Entry]:
        """Everybody the filter chooses, page by page."""
        try:
            yield from self._read()
        except ldap_errors.LDAPException as error:
            raise _told(error) from error

    def _read(self) -> Iterator[Entry]:
        with self._connected() as connection:
            wanted = sorted({name for name in self.attributes.values() if name})
            found = connection.extend.standard.paged_search(
                self.base, self.search_filter, attributes=wanted, paged_size=PAGE, generator=True
            )
            for number, entry in enumerate(one for one in found if one.get("type") == "searchResEntry"):
                if number >= MOST_ENTRIES:
                    raise Misconfigured(f"Adresář vrátil víc než {MOST_ENTRIES} osob. Zužte filtr.")
                yield Entry(entry["dn"], self._values(entry["raw_attributes"]))

    def _connected(self) -> Any:
        server = ldap3.Server(
            self.host,
            port=self.port,
            use_ssl=not self.starttls,
            tls=ldap3.Tls(validate=ssl.CERT_REQUIRED, ca_certs_data=self.authority or None),
            get_info=ldap3.NONE,
            connect_timeout=PATIENCE,
        )
        before = ldap3.AUTO_BIND_TLS_BEFORE_BIND if self.starttls else ldap3.AUTO_BIND_NO_TLS
        return ldap3.Connection(
            server,
            user=self.bind_dn,
            password=self.password,
            auto_bind=before,
            read_only=True,
            auto_referrals=False,
            receive_timeout=PATIENCE,
            raise_exceptions=True,
            check_names=False,
        )

    def _values(self, raw: Mapping[str, Sequence[bytes]]) -> dict[str, str]:
        held = {name.lower(): values for name, values in raw.items()}
        return {ours: _first(held.get(theirs.lower(), ())) for ours, theirs in self.attributes.items() if theirs}


def _first(values: Sequence[bytes]) -> str:
    return " ".join(values[0].decode(errors="replace").split()) if values else ""


def _told(error: Exception) -> Exception:
    """The error by what can be done about it."""
    detail = f"{type(error).__name__}: {error}"
    match error:
        case ldap_errors.LDAPInvalidCredentialsResult():
            return Misconfigured("Adresář odmítl přihlašovací jméno nebo heslo.", detail=detail)
        case ldap_errors.LDAPNoSuchObjectResult() | ldap_errors.LDAPInvalidDNSyntaxResult():
            return Misconfigured("V adresáři není místo, kde se mají osoby hledat (báze).", detail=detail)
        case ldap_errors.LDAPInvalidFilterError():
            return Misconfigured("Filtr osob adresář nepřečte.", detail=detail)
        case ldap_errors.LDAPStartTLSError():
            return Misconfigured("Adresář neumí šifrované spojení StartTLS, nebo se nepodařilo.", detail=detail)
        case _ if "CERTIFICATE_VERIFY_FAILED" in detail:
            return Misconfigured("Certifikátu adresáře nejde věřit. Vložte certifikát jeho autority.", detail=detail)
        case _ if "doesn't match any name" in detail:
            return Misconfigured("Certifikát adresáře zní na jiné jméno než zadaný server.", detail=detail)
        case ldap_errors.LDAPOperationResult():
            return Refused("Adresář dotaz odmítl.", detail=detail)
        case _:
            return Retryable("Adresář neodpovídá.", detail=detail)
