"""Base registers in memory: what the simulator and tests ask."""

from collections.abc import Iterable

from egon.gateways.base_registers.entries import Changes, Entry, Query, Register


class LocalRegisters:
    """Entries given by hand; a change is noticed by :meth:`changes`."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries: dict[tuple[Register, str], Entry] = {}
        self._changed: list[tuple[Register, str]] = []
        for entry in entries:
            self._entries[entry.register, entry.reference] = entry

    def put(self, entry: Entry) -> None:
        """Write or change an entry."""
        self._entries[entry.register, entry.reference] = entry
        self._changed.append((entry.register, entry.reference))

    def find(self, register: Register, query: Query) -> tuple[Entry, ...]:
        """Entries that agree in every fact asked for, whatever the case of letters."""
        asked = query.given
        if not asked:
            return ()
        found = (entry for entry in self._entries.values() if entry.register is register)
        return tuple(entry for entry in found if all(_same(getattr(entry, key), asked[key]) for key in asked))

    def read(self, register: Register, reference: str) -> Entry | None:
        """The present entry."""
        return self._entries.get((register, reference))

    def changes(self, since: str) -> Changes:
        """What was put since the marker, which is a count here."""
        marker = str(len(self._changed))
        start = int(since) if since.isdecimal() else len(self._changed)
        return Changes(tuple(dict.fromkeys(self._changed[start:])), marker)


def _same(one: object, other: object) -> bool:
    return str(one).casefold() == str(other).casefold()
