"""Guesses sent all at once queue up and are all counted: the lock-out cannot be outrun."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from egon.identity import operations as identity
from egon.identity.errors import SignInRefused
from egon.identity.models import Account

GUESSES = 12
AT = datetime(2026, 7, 1, 6, 0, tzinfo=UTC)


def test_the_fifth_of_many_guesses_at_once_locks(own_database: Any) -> None:
    start = threading.Barrier(GUESSES)

    def guess(number: int) -> bool:
        try:
            Account.objects.exists()  # the connection is open before the race begins
            start.wait(timeout=20)
            identity.sign_in(login="dvorak", password=f"spatne-heslo-{number}", ip="10.0.0.7", at=AT)
        except SignInRefused:
            return True
        finally:
            connection.close()
        return False

    with ThreadPoolExecutor(GUESSES) as pool:
        assert all(pool.map(guess, range(GUESSES)))
    account = Account.objects.get(login="dvorak")
    assert account.failed_attempts == 5  # those that came during the lock are not looked at
    assert account.locked_until
    assert account.locked_until > AT
