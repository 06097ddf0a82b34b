"""Base registers over HTTP with JSON, as the simulator speaks; and none at all."""

from typing import Any, Final, NoReturn

import httpx

from egon.gateways.base_registers.entries import Changes, Entry, Query, Register
from egon.kernel.errors import BadContent, Misconfigured, Refused, Retryable

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 20.0
_LARGEST_ANSWER: Final = 4 * 1024 * 1024


class RemoteRegisters:
    """A client of one server. ``token`` is sent as a bearer token when there is one."""

    def __init__(self, url: str, token: str = "") -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def find(self, register: Register, query: Query) -> tuple[Entry, ...]:
        """``POST /{register}/find``. Raises ``GatewayError``."""
        asked = query.given
        if query.birth_date:
            asked["birth_date"] = query.birth_date.isoformat()
        answer = self._ask("POST", f"/{register}/find", json=asked)
        return tuple(_entry(told) for told in _list_of(answer, "entries"))

    def read(self, register: Register, reference: str) -> Entry | None:
        """``GET /{register}/entry?reference=``. Raises ``GatewayError``."""
        found = _list_of(self._ask("GET", f"/{register}/entry", params={"reference": reference}), "entries")
        return _entry(found[0]) if found else None

    def changes(self, since: str) -> Changes:
        """``GET /changes?since=``. Raises ``GatewayError``."""
        answer = self._ask("GET", "/changes", params={"since": since})
        try:
            references = tuple(
                (Register(one["register"]), str(one["reference"])) for one in _list_of(answer, "changes")
            )
            return Changes(references, str(answer["marker"]))
        except (KeyError, ValueError, TypeError) as error:
            _broken(error)

    def _ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
        try:
            answer = httpx.request(
                method, f"{self._url}{path}", headers=self._headers, timeout=timeout, trust_env=False, **more
            )
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise Misconfigured("Adresa základních registrů není platná.", detail=str(error)) from error
        except httpx.HTTPError as error:
            raise Retryable("Základní registry teď neodpovídají.", detail=type(error).__name__) from error
        _judge(answer)
        try:
            told = answer.json()
        except ValueError as error:
            _broken(error)
        return told if isinstance(told, dict) else _broken(TypeError("not an object"))


class AbsentRegisters:
    """No base registers are connected: every question says so."""

    def find(self, register: Register, query: Query) -> tuple[Entry, ...]:
        """Always raises ``Misconfigured``."""
        _absent()

    def read(self, register: Register, reference: str) -> Entry | None:
        """Always raises ``Misconfigured``."""
        _absent()

    def changes(self, since: str) -> Changes:
        """Always raises ``Misconfigured``."""
        _absent()


def _absent() -> NoReturn:
    raise Misconfigured("Základní registry nejsou připojené.", detail="EGON_BASE_REGISTERS_URL")


def _judge(answer: httpx.Response) -> None:
    status = f"HTTP {answer.status_code}"
    if answer.status_code in (401, 403):
        raise Misconfigured("Základní registry odmítly přihlášení.", detail=status)
    if answer.status_code == 429 or answer.status_code >= 500:
        raise Retryable("Základní registry teď neodpovídají.", detail=status)
    if answer.status_code != 200:
        raise Refused("Základní registry dotaz odmítly.", detail=status)
    if len(answer.content) > _LARGEST_ANSWER:
        raise BadContent("Odpověď základních registrů je příliš velká.")


def _list_of(answer: dict[str, Any], key: str) -> list[Any]:
    found = answer.get(key)
    return found if isinstance(found, list) else _broken(KeyError(key))


def _entry(told: Any) -> Entry:
    try:
        return Entry.from_json(told)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        _broken(error)


def _broken(error: Exception) -> NoReturn:
    raise BadContent("Odpovědi základních registrů nejde rozumět.", detail=str(error)) from error
