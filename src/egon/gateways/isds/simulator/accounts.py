"""Logins to boxes: passwords, their rules, and the lock-out after repeated failures."""

import hashlib
import hmac
import json
import re
import secrets
import sqlite3
from dataclasses import dataclass
from typing import Final

from egon.gateways.isds.simulator.boxes import USER_TYPES, User
from egon.gateways.isds.simulator.database import Database
from egon.gateways.isds.simulator.refusals import Refusal

ALLOWED_FAILURES: Final = 5
BLOCKED_MS: Final = 10 * 60 * 1000
"""How long a login stays blocked after too many failures (the real time varies with their number and intensity)."""

SCRYPT_COST = 2**12
"""The factor N of scrypt (RFC 7914): some 7 ms; who makes a hundred simulators may lower it."""

_ALLOWED_CHARACTERS: Final = re.compile(r"[a-zA-Z0-9 !#$%&()*+,\-.:=?@\[\]_{|}~]")


class LoginError(Exception):
    """Bad name or password; ``blocked_until`` (ms) is set while the login is blocked."""

    def __init__(self, blocked_until: int | None = None) -> None:
        super().__init__("login failed")
        self.blocked_until = blocked_until


@dataclass(frozen=True, slots=True)
class SecondSteps:
    """What else than a password a login takes: a code by SMS, the mobile key with its communication code."""

    sms: bool = False
    mobile_code: str = ""


class Accounts:
    """All logins of the simulator."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._proofs: dict[str, bytes] = {}
        self._proof_key = secrets.token_bytes(32)

    def create(self, user: User, password: str) -> None:
        """Add a login. An existing one keeps its password and right; creating it again changes nothing."""
        if user.type not in USER_TYPES:
            raise ValueError(f"{user.type!r} není známý typ uživatele.")
        if not user.login or ":" in user.login or not password:
            raise ValueError("Přihlašovací jméno a heslo musí být vyplněné a jméno nesmí obsahovat dvojtečku.")
        with self._database.write() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO account"
                " (login, box_id, isds_id, given_names, last_name, type, privileges, birth_date, password)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(user.login, user.box_id, user.isds_id, user.given_names, user.last_name, user.type),
                    *(user.privileges, user.birth_date, _digest(password)),
                ),
            )

    def find(self, login: str) -> User | None:
        with self._database.read() as connection:
            row = connection.execute("SELECT * FROM account WHERE login = ?", (login,)).fetchone()
        return None if row is None else _user(row)

    def of_box(self, box_id: str) -> list[User]:
        """Users of a box, by login."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT * FROM account WHERE box_id = ? ORDER BY login", (box_id,)).fetchall()
        return [_user(row) for row in rows]

    def second_steps(self, login: str) -> SecondSteps:
        """The second steps of a login; none for an unknown one."""
        with self._database.read() as connection:
            row = connection.execute("SELECT sms, mobile_code FROM account WHERE login = ?", (login,)).fetchone()
        return SecondSteps() if row is None else SecondSteps(bool(row["sms"]), row["mobile_code"])

    def set_second_steps(self, login: str, steps: SecondSteps) -> None:
        """Change what else than a password a login takes."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE account SET sms = ?, mobile_code = ? WHERE login = ?", (steps.sms, steps.mobile_code, login)
            )

    def change(self, user: User) -> None:
        """Change the name, type and rights of a user."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE account SET given_names = ?, last_name = ?, type = ?, privileges = ?, birth_date = ?"
                " WHERE login = ?",
                (user.given_names, user.last_name, user.type, user.privileges, user.birth_date, user.login),
            )

    def remove(self, login: str) -> None:
        """Take a login away for good."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM account WHERE login = ?", (login,))

    def log_in(self, login: str, password: str, *, now: int) -> User:
        """The user behind a name and a password; raises :class:`LoginError` and counts the failure."""
        with self._database.read() as connection:
            row = connection.execute("SELECT * FROM account WHERE login = ?", (login,)).fetchone()
        if row is None:
            raise LoginError
        if row["blocked_until"] > now:
            raise LoginError(row["blocked_until"])
        expired = row["password_expires"] is not None and row["password_expires"] <= now
        if expired or not self._proves(login, password, row["password"]):
            raise LoginError(self._count_failure(login, now))
        if row["failures"]:
            with self._database.write() as connection:
                connection.execute("UPDATE account SET failures = 0 WHERE login = ?", (login,))
        return _user(row)

    def _count_failure(self, login: str, now: int) -> int | None:
        with self._database.write() as connection:
            connection.execute("UPDATE account SET failures = failures + 1 WHERE login = ?", (login,))
            row = connection.execute("SELECT failures FROM account WHERE login = ?", (login,)).fetchone()
            if row["failures"] < ALLOWED_FAILURES:
                return None
            until = now + BLOCKED_MS
            connection.execute("UPDATE account SET failures = 0, blocked_until = ? WHERE login = ?", (until, login))
            return until

    def _proves(self, login: str, password: str, stored: str) -> bool:
        """Slow comparison once, then a quick proof kept in memory: clients send the password with every call."""
        proof = hmac.digest(self._proof_key, f"{login}\0{stored}\0{password}".encode(), "sha256")
        if hmac.compare_digest(self._proofs.get(login, b""), proof):
            return True
        if not _matches(password, stored):
            return False
        self._proofs[login] = proof
        return True

    def password_expires(self, login: str) -> int | None:
        """When the password stops working (ms), ``None`` when never."""
        with self._database.read() as connection:
            row = connection.execute("SELECT password_expires FROM account WHERE login = ?", (login,)).fetchone()
        return None if row is None or row["password_expires"] is None else int(row["password_expires"])

    def set_password_expiry(self, login: str, expires: int | None) -> None:
        with self._database.write() as connection:
            connection.execute("UPDATE account SET password_expires = ? WHERE login = ?", (expires, login))

    def change_password(self, login: str, old: str, new: str) -> None:
        """Change a password by the rules of the manual (WS související s přístupem, 1.9); raises :class:`Refusal`."""
        with self._database.write() as connection:
            row = connection.execute("SELECT * FROM account WHERE login = ?", (login,)).fetchone()
            if not _matches(old, row["password"]):
                raise Refusal("1090", "Zadané staré heslo není aktuálně platné.")
            if old == new:
                raise Refusal("1067", "Nové heslo nesmí být stejné jako staré.")
            _check_new_password(login, new)
            used: list[str] = json.loads(row["old_passwords"])
            if any(_matches(new, digest) for digest in used):
                raise Refusal("1091", "Zadané nové heslo bylo již v minulosti použito.")
            used = [row["password"], *used][:255]
            connection.execute(
                "UPDATE account SET password = ?, old_passwords = ?, password_expires = NULL WHERE login = ?",
                (_digest(new), json.dumps(used), login),
            )


def _check_new_password(login: str, password: str) -> None:
    if not 8 <= len(password) <= 32:
        raise Refusal("1066", "Délka hesla musí být mezi 8 a 32 znaky.")
    for character in password:
        if not _ALLOWED_CHARACTERS.fullmatch(character):
            raise Refusal("1079", f"Heslo nesmí obsahovat znak {character}")
    if not (re.search("[a-z]", password) and re.search("[A-Z]", password) and re.search("[0-9]", password)):
        raise Refusal("1080", "Nové heslo musí obsahovat alespoň jedno velké písmeno, malé písmeno i číslici.")
    if re.search(r"(.)\1\1", password):
        raise Refusal("1081", "Trojí opakování stejného znaku není dovoleno.")
    if login.casefold() in password.casefold():
        raise Refusal("1082", "Nové heslo nesmí obsahovat ID uživatele.")
    if password.casefold().startswith(("qwert", "asdgf", "12345")):
        raise Refusal("1083", "Nové heslo nesmí mít takto triviální tvar.")


def _digest(password: str) -> str:
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}:{_scrypt(password, salt).hex()}"


def _matches(password: str, stored: str) -> bool:
    salt, _, digest = stored.partition(":")
    return hmac.compare_digest(_scrypt(password, bytes.fromhex(salt)), bytes.fromhex(digest))


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=SCRYPT_COST, r=8, p=1, dklen=32)


def _user(row: sqlite3.Row) -> User:
    return User(
        login=row["login"],
        box_id=row["box_id"],
        isds_id=row["isds_id"],
        given_names=row["given_names"],
        last_name=row["last_name"],
        type=row["type"],
        privileges=row["privileges"],
        birth_date=row["birth_date"],
    )
