"""Which version of the program runs, and which ran before (NSESSS 10.1.3)."""

import hashlib
from functools import cache
from pathlib import Path

from django.db import connections

import egon
from egon.documentation.models import InstalledVersion
from egon.kernel import clock

_PROGRAM = Path(egon.__file__).parent
_COUNTED = {".py", ".html", ".sql", ".typ", ".csv", ".css", ".js"}


@cache
def fingerprint() -> str:
    """SHA-256 over the names and contents of the program's files."""
    found = hashlib.sha256()
    for path in sorted(_PROGRAM.rglob("*")):
        if path.suffix in _COUNTED and path.is_file():
            found.update(f"{path.relative_to(_PROGRAM).as_posix()}\0".encode())
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def remember_present(*, using: str) -> InstalledVersion | None:
    """Remember the version that runs from now on; nothing when the newest remembered is the same."""
    remembered = InstalledVersion.objects.using(using)
    last = remembered.order_by("-pk").first()
    if last is not None and (last.version, last.fingerprint) == (egon.__version__, fingerprint()):
        return None
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        [migrations] = cursor.fetchone()
    return remembered.create(
        version=egon.__version__, fingerprint=fingerprint(), installed_at=clock.now(), migrations=migrations
    )
