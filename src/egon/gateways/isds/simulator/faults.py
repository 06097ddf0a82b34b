"""Faults on request: what can go wrong between a client and ISDS, made to happen at will."""

import itertools
import random
import threading
from dataclasses import asdict, dataclass
from typing import Any, Final

KINDS: Final[dict[str, str]] = {
    "delay": "odpověď přijde později",
    "drop_before": "spojení se přeruší dřív, než se požadavek provede",
    "drop_after": "požadavek se provede, ale odpověď nepřijde",
    "half_answer": "požadavek se provede, přijde jen polovina odpovědi",
    "html_401": "odpověď 401 s textem HTML",
    "soap_503": "odpověď 503 „plánovaná údržba“",
    "nonsense": "místo odpovědi přijde nesmysl",
    "stall": "spojení mlčí, odpověď nepřijde",
    "duplicate_list": "první zpráva v seznamu se objeví dvakrát",
    "wrong_encoding": "odpověď je v jiném kódování, než hlásí",
    "status": "odpověď nese zvolený stavový kód a nic se neprovede",
    "altered_zfo": "ve staženém ZFO je změněný jeden bajt",
}
ANY_OPERATION: Final = "*"


@dataclass(slots=True, kw_only=True)
class Fault:
    """A fault waiting for its calls. ``count`` is how many calls it still strikes; ``seconds`` for delay and stall."""

    id: int
    operation: str
    kind: str
    seconds: float = 0.0
    count: int = 1
    probability: float = 1.0
    code: str = ""
    """The status code told by the kind ``status``."""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Faults:
    """Faults in the order they were set; each call meets at most one of them. They do not survive a restart."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        # Chance here only decides which calls break; nothing secret depends on it.
        self._chance = random.Random()  # noqa: S311

    def add(
        self,
        *,
        operation: str,
        kind: str,
        seconds: float = 0.0,
        count: int = 1,
        probability: float = 1.0,
        code: str = "",
    ) -> Fault:
        """Set a fault; ``ValueError`` with a Czech explanation when it makes no sense."""
        if kind not in KINDS:
            raise ValueError(f"Neznámý druh poruchy „{kind}“. Známé druhy: {', '.join(KINDS)}.")
        if not 0 <= seconds <= 3600 or count < 1 or not 0 < probability <= 1:
            raise ValueError("Porucha má mít 0 až 3600 sekund, počet alespoň 1 a pravděpodobnost nad 0 do 1.")
        if kind == "status" and not (len(code) == 4 and code.isdecimal()):
            raise ValueError("Stavový kód má čtyři číslice, například 3006.")
        fault = Fault(
            id=next(self._ids),
            operation=operation or ANY_OPERATION,
            kind=kind,
            seconds=seconds,
            count=count,
            probability=probability,
            code=code,
        )
        with self._lock:
            self._faults.append(fault)
        return fault

    def every(self) -> list[Fault]:
        with self._lock:
            return list(self._faults)

    def clear(self, fault_id: int | None = None) -> None:
        """Take away one fault, or all of them."""
        with self._lock:
            self._faults = [fault for fault in self._faults if fault_id is not None and fault.id != fault_id]

    def strike(self, operation: str) -> Fault | None:
        """The fault that this call meets, used up by it; ``None`` when the call goes well."""
        with self._lock:
            for fault in self._faults:
                if fault.operation not in {operation, ANY_OPERATION}:
                    continue
                if fault.probability < 1 and self._chance.random() >= fault.probability:
                    continue
                fault.count -= 1
                if fault.count == 0:
                    self._faults.remove(fault)
                return fault
        return None
