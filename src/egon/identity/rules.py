"""Pure rules of sign-in: how long a lock-out lasts, which passwords are acceptable."""

import re
from datetime import timedelta

from egon.kernel.czech import without_diacritics

ALLOWED_FAILURES = 5
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=1)
INVITATION_LASTS = timedelta(days=14)
SHORTEST_PASSWORD = 12  # vyhláška 409/2025 Sb. and its predecessors ask for 12 characters of ordinary users
LONGEST_PASSWORD = 128

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,58}[a-z0-9]")
_WORN_OUT = ("heslo", "password", "qwert", "123456", "abcdef", "kraj2", "letmein", "tajneheslo")


def lock_after(failures: int) -> timedelta | None:
    """How long an account stays locked after this many failures in a row: nothing up to four, then 1 minute, doubling.

    A right password sets the count back; an hour is the most.
    """
    if failures < ALLOWED_FAILURES:
        return None
    return min(FIRST_LOCK * (1 << min(failures - ALLOWED_FAILURES, 10)), LONGEST_LOCK)


def login_of(text: str) -> str:
    """The form in which logins are stored and compared."""
    return text.strip().casefold()


def obstacles_to_login(login: str) -> list[str]:
    """What a new login lacks, in Czech."""
    if _LOGIN.fullmatch(login):
        return []
    return ["Přihlašovací jméno má mít 3 až 60 znaků: malá písmena bez diakritiky, číslice, tečku, pomlčku."]


def obstacles_to_password(new: str, *, login: str, name: str, current: str = "") -> list[str]:
    """Everything that speaks against a new password, in Czech; length counts, prescribed kinds of characters do not."""
    obstacles = []
    if len(new) < SHORTEST_PASSWORD:
        obstacles.append(f"Heslo má mít aspoň {SHORTEST_PASSWORD} znaků. Nejsnáz se pamatuje několik slov za sebou.")
    if len(new) > LONGEST_PASSWORD:
        obstacles.append(f"Heslo smí mít nejvýše {LONGEST_PASSWORD} znaků.")
    plain = without_diacritics(new).casefold()
    own_words = [login, *without_diacritics(name).casefold().split()]
    if any(len(word) > 3 and word in plain for word in own_words):
        obstacles.append("Heslo nesmí obsahovat vaše jméno ani přihlašovací jméno.")
    if new and (len(set(plain)) < 5 or _is_worn_out(plain)):
        obstacles.append("Takové heslo se dá snadno uhodnout. Zvolte jiné.")
    if current and new == current:
        obstacles.append("Nové heslo se musí lišit od současného.")
    return obstacles


def _is_worn_out(plain: str) -> bool:
    """Whether little is left of the password once the commonest pieces are taken out."""
    for piece in _WORN_OUT:
        plain = plain.replace(piece, "")
    return len(plain) < SHORTEST_PASSWORD // 2
