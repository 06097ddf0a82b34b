"""Boxes and logins from JSON: the seed file of a demo and the body of ``POST /api/boxes``."""

import json
import secrets
from dataclasses import fields
from pathlib import Path
from typing import Any

from egon.gateways.isds.codes import BoxType
from egon.gateways.isds.simulator.boxes import EVERY_PRIVILEGE, Address, Box, User
from egon.gateways.isds.simulator.core import Simulator


def from_file(simulator: Simulator, file: Path) -> list[Box]:
    """Create what ``{"boxes": [...]}`` of a file describes. Doing it again changes nothing that was there."""
    described = json.loads(file.read_text(encoding="utf-8"))
    return [create(simulator, one) for one in described["boxes"]]


def create(simulator: Simulator, described: dict[str, Any]) -> Box:
    """One box with its users; a box that exists already is left as it is. ``ValueError`` on nonsense."""
    box = _existing(simulator, described) or simulator.directory.save(_box(described))
    for one in described.get("users", []):
        user, password = _user(one, box)
        simulator.accounts.create(user, password)
    return box


def _existing(simulator: Simulator, described: dict[str, Any]) -> Box | None:
    """By identifier, or (where the file leaves it out) by a login that is already there."""
    if described.get("id"):
        return simulator.directory.find(str(described["id"]))
    for one in described.get("users", []):
        user = simulator.accounts.find(str(one.get("login", "")))
        if user is not None:
            return simulator.directory.find(user.box_id)
    return None


def _box(described: dict[str, Any]) -> Box:
    kind = BoxType.of(described["type"]).number
    if kind is None:
        raise ValueError(f"{described['type']!r} není známý typ datové schránky.")
    return Box(
        id=str(described.get("id", "")),
        type=kind,
        name=str(described.get("name", "")) if kind != 40 else "",
        given_names=_person(described)[0],
        last_name=_person(described)[1],
        ic=str(described.get("ic", "")),
        id_ovm=str(described.get("id_ovm", described.get("ic", ""))),
        birth_date=str(described.get("birth_date", "")),
        address=_address(described.get("address") or {}),
        state=int(described.get("state", 1)),
        open_addressing=bool(described.get("open_addressing", False)),
        commercial_sender=bool(described.get("commercial_sender", False)),
        upper_id=str(described.get("upper_id", "")),
    )


def _person(described: dict[str, Any]) -> tuple[str, str]:
    """Given names and last name; for a natural person they may stand together in ``name``."""
    if described.get("last_name"):
        return str(described.get("given_names", "")), str(described["last_name"])
    if BoxType.of(described["type"]).number == 40:
        return _split(str(described.get("name", "")))
    return "", ""


def _split(name: str) -> tuple[str, str]:
    given, _, last = name.strip().rpartition(" ")
    return given, last


def _address(described: dict[str, Any]) -> Address:
    names = {one.name for one in fields(Address)}
    unknown = set(described) - names
    if unknown:
        raise ValueError(f"Neznámé údaje adresy: {', '.join(sorted(unknown))}. Známé: {', '.join(sorted(names))}.")
    return Address(**{name: str(value) for name, value in described.items()})


def _user(described: dict[str, Any], box: Box) -> tuple[User, str]:
    given, last = _split(str(described.get("name", "")))
    user = User(
        login=str(described["login"]),
        box_id=box.id,
        isds_id=f"DS_{secrets.token_hex(4)}d",
        given_names=str(described.get("given_names", given)),
        last_name=str(described.get("last_name", last)),
        type=str(described.get("type", "PRIMARY_USER")),
        privileges=int(described.get("privileges", EVERY_PRIVILEGE)),
        birth_date=str(described.get("birth_date", "")),
    )
    return user, str(described["password"])
