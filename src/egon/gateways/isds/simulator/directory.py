"""The directory of boxes: creating, finding and closing them."""

import json
import sqlite3
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any, Final

from egon.gateways.isds.codes import BoxType
from egon.gateways.isds.simulator.boxes import Address, Box, is_box_id, new_box_id
from egon.gateways.isds.simulator.database import Database

_COLUMNS: Final = (
    "id, type, name, given_names, last_name, ic, id_ovm, birth_date, address, state, open_addressing, "
    "commercial_sender, upper_id"
)


class Directory:
    """All boxes of the simulator."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, box_id: str) -> Box | None:
        """The box of an identifier, ``None`` when there is none."""
        with self._database.read() as connection:
            row = connection.execute(f"SELECT {_COLUMNS} FROM box WHERE id = ?", (box_id,)).fetchone()  # noqa: S608
        return None if row is None else _box(row)

    def every(self) -> list[Box]:
        """All boxes by name."""
        with self._database.read() as connection:
            rows = connection.execute(f"SELECT {_COLUMNS} FROM box ORDER BY search_name, id").fetchall()  # noqa: S608
        return [_box(row) for row in rows]

    def save(self, box: Box) -> Box:
        """Create a box or replace its description; an empty ``id`` gets a new valid identifier."""
        if not box.id:
            box = replace(box, id=new_box_id())
        if not is_box_id(box.id):
            raise ValueError(f"{box.id!r} není platný identifikátor datové schránky (nesouhlasí kontrolní znak).")
        if BoxType.of(box.type).isdigit():
            raise ValueError(f"{box.type} není známý typ datové schránky.")
        with self._database.write() as connection:
            connection.execute(
                f"INSERT OR REPLACE INTO box ({_COLUMNS}, search_name, search_address)"  # noqa: S608
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(box.id, box.type, box.name, box.given_names, box.last_name, box.ic, box.id_ovm, box.birth_date),
                    *(json.dumps(asdict(box.address)), box.state, box.open_addressing, box.commercial_sender),
                    *(box.upper_id, folded(box.full_name), folded(box.address.in_one_line())),
                ),
            )
        return box

    def note_state(self, box_id: str, state: int, *, at: int) -> None:
        """Remember since when (ms) a box is in a state."""
        with self._database.write() as connection:
            connection.execute("INSERT INTO box_state (box_id, time, state) VALUES (?, ?, ?)", (box_id, at, state))

    def states(self, box_id: str) -> list[tuple[int, int]]:
        """Past states of a box as ``(since, state)``, the oldest first; before them it was accessible."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT time, state FROM box_state WHERE box_id = ? ORDER BY time, id", (box_id,)
            ).fetchall()
        return [(row["time"], row["state"]) for row in rows]

    def by_exact(self, column: str, value: str) -> list[Box]:
        """Boxes whose ``ic`` or ``id_ovm`` equals ``value``."""
        if column not in {"ic", "id_ovm"}:
            raise ValueError(column)
        query = f"SELECT {_COLUMNS} FROM box WHERE {column} = ? AND state <> 5 ORDER BY search_name, id"  # noqa: S608
        with self._database.read() as connection:
            return [_box(row) for row in connection.execute(query, (value,))]

    def by_words(self, text: str, *, address_only: bool = False) -> list[Box]:
        """Boxes that have every word of ``text`` in their name or address; hits in the name come first."""
        words = folded(text).split()
        if not words:
            return []
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS}, search_name, search_address FROM box WHERE state <> 5"  # noqa: S608
                " ORDER BY search_name, id"
            ).fetchall()
        ranked: list[tuple[int, Box]] = []
        for row in rows:
            in_name = set() if address_only else set(row["search_name"].split())
            in_address = set(row["search_address"].split())
            if all(word in in_name or word in in_address for word in words):
                ranked.append((sum(word not in in_name for word in words), _box(row)))
        return [box for _, box in sorted(ranked, key=lambda pair: pair[0])]


def folded(text: str) -> str:
    """Lower case without diacritics, every other character than a letter or digit a space."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = (c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join("".join(kept).split())


def _box(row: sqlite3.Row) -> Box:
    values: dict[str, Any] = {key: row[key] for key in _names(_COLUMNS)}
    values["address"] = Address(**json.loads(values["address"]))
    for flag in ("open_addressing", "commercial_sender"):
        values[flag] = bool(values[flag])
    return Box(**values)


def _names(columns: str) -> Iterable[str]:
    return (name.strip() for name in columns.split(","))
