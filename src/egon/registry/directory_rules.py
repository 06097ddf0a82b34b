"""Rules of the directory: what its entries say of people, in the shape a proposal compares. Pure functions."""

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from egon.gateways.directory import Entry
from egon.identity.rules import login_of, obstacles_to_login
from egon.registry.change_rules import Faulty, Row
from egon.registry.people_table import row_of

NEEDED = ("personal_number", "given_name", "family_name")
_NEEDED_NAMES = {"personal_number": "osobní číslo", "given_name": "jméno", "family_name": "příjmení"}
_MOST_NAMED = 5
USUAL_PORTS = frozenset({389, 636, 3268, 3269})


@dataclass(frozen=True, slots=True)
class DirectoryPeople:
    """What can be taken over, what cannot and why, and a word about what was left out."""

    rows: list[Row]
    faulty: list[Faulty]
    note: str = ""


def people_of(entries: Sequence[Entry], *, units: Mapping[str, str]) -> DirectoryPeople:
    """People of the directory. ``units`` gives the code of a unit by its code or name in lower case.

    A unit that is not known here is not compared; who lacks a number or a name, or shares it, is told as faulty.
    """
    rows: list[Row] = []
    faulty: list[Faulty] = []
    unknown: dict[str, int] = {}
    seen: set[str] = set()
    for entry in entries:
        record = dict(entry.values)
        record["unit"] = _unit_of(record, units, unknown)
        fault = _fault_of(record, seen)
        if fault:
            faulty.append(
                Faulty(entry.dn, fault, record["personal_number"], record.get("login", ""), record.get("email", ""))
            )
            continue
        seen |= _marks(record)
        rows.append(row_of(record))
    return DirectoryPeople(rows, faulty, _note(unknown))


def may_be_reached(host: str, port: int, allowed: Sequence[str]) -> bool:
    """Whether the installation lets organisations connect there; ``allowed`` are ``name``, ``name:port`` or ``name:*``.

    A name alone allows the usual ports of directories. Names are compared as written, whatever they resolve to.
    """
    wanted = _host(host)
    for one in allowed:
        name, has_port, told = one.rpartition(":") if not one.endswith("]") else (one, "", "")
        if not has_port and _host(one) == wanted and port in USUAL_PORTS:
            return True
        if has_port and _host(name) == wanted and told in ("*", str(port)):
            return True
    return False


def not_allowed(host: str, port: int) -> str:
    """Why the organisation's directory cannot be there, and what to do."""
    return (
        f"Na server {host}:{port} se odtud nesmí připojovat, není mezi adresáři povolenými pro tuto instalaci. "
        "Požádejte správce krajského centra, ať ho povolí (nastavení EGON_DIRECTORY_HOSTS)."
    )


def obstacles_to_directory(*, attributes: Mapping[str, str], limit_percent: int, authority: str) -> list[str]:
    """What makes settings of a directory unusable, in Czech."""
    obstacles = [
        f"Chybí název údaje v adresáři pro {_NEEDED_NAMES[name]}." for name in NEEDED if not attributes.get(name)
    ]
    if not 0 <= limit_percent <= 100:
        obstacles.append("Mez úbytku je v procentech, od 0 do 100.")
    if authority.strip():
        try:
            ssl.create_default_context(cadata=authority.strip())
        except (ssl.SSLError, ValueError, TypeError):
            obstacles.append("Certifikát autority není ve tvaru PEM.")
    return obstacles


def _host(name: str) -> str:
    return name.strip().rstrip(".").strip("[]").casefold()


def _unit_of(record: Mapping[str, str], units: Mapping[str, str], unknown: dict[str, int]) -> str:
    told = record.get("unit", "")
    code = units.get(told.casefold(), "")
    if told and not code:
        unknown[told] = unknown.get(told, 0) + 1
    return code if record.get("position") else ""


def _fault_of(record: Mapping[str, str], seen: set[str]) -> str:
    missing = [_NEEDED_NAMES[name] for name in NEEDED if not record.get(name)]
    if missing:
        return f"V adresáři chybí: {', '.join(missing)}."
    if record.get("login") and obstacles_to_login(login_of(record["login"])):
        return f"Přihlašovací jméno „{record['login']}“ tu nejde použít."
    if _marks(record) & seen:
        return "Osobní číslo nebo přihlašovací jméno má v adresáři i někdo jiný."
    return ""


def _marks(record: Mapping[str, str]) -> set[str]:
    """What only one person may have."""
    marks = {f"number {record['personal_number']}"}
    return marks | {f"login {login_of(record['login'])}"} if record.get("login") else marks


def _note(unknown: Mapping[str, int]) -> str:
    if not unknown:
        return ""
    named = ", ".join(sorted(unknown)[:_MOST_NAMED]) + (" a další" if len(unknown) > _MOST_NAMED else "")
    told = f"U {sum(unknown.values())} osob adresář uvádí útvar, který tu není, místo se u nich neporovnalo: {named}."
    return told[:250]
