"""``/DS/DsManage``: users of a box (db_manipulations.wsdl); needs the right to administer the box."""

import secrets
from dataclasses import replace

from egon.gateways.isds.simulator import boxes, refusals
from egon.gateways.isds.simulator.boxes import User
from egon.gateways.isds.simulator.refusals import Refusal
from egon.gateways.isds.simulator.soap import access, wire
from egon.gateways.isds.simulator.soap.call import Call

_ADDED_TYPES = frozenset({"ENTRUSTED_USER", "ADMINISTRATOR"})


def list_users(call: Call) -> bytes:
    """Users of the caller's box."""
    box_id = _administered(call)
    users = "".join(
        f"<q:dbUserInfo>{access.user_2(user, call.box)}</q:dbUserInfo>"
        for user in call.simulator.accounts.of_box(box_id)
    )
    return wire.answer("GetDataBoxUsers2", f"<q:dbUsers>{users}</q:dbUsers>", kind="db")


def add_user(call: Call) -> bytes:
    """A new entrusted person or administrator. The access data are shown by ``GET /api/access-data``."""
    box_id = _administered(call)
    described = wire.child(call.request, "dbUserInfo")
    login = secrets.token_hex(4)
    user = _changed(User(login=login, box_id=box_id, isds_id=f"DS_{secrets.token_hex(4)}d", type=""), described)
    if not user.last_name:
        raise refusals.bad_envelope("chybí příjmení uživatele (pnLastName).")
    call.simulator.accounts.create(user, f"Z{secrets.token_hex(6)}z9A"[:14])
    content = wire.needed("dbID", box_id) + wire.needed("dbAccessDataId", f"AD{login}")
    return wire.answer("AddDataBoxUser2", content, kind="db")


def update_user(call: Call) -> bytes:
    """Another name or other rights of a user."""
    user = _named(call)
    call.simulator.accounts.change(_changed(user, wire.child(call.request, "dbNewUserInfo")))
    return wire.answer("UpdateDataBoxUser2", "", kind="db")


def delete_user(call: Call) -> bytes:
    """Take a user away; the last person entitled by law cannot be taken away."""
    user = _named(call)
    if user.is_primary:
        raise refusals.no_right()
    call.simulator.accounts.remove(user.login)
    return wire.answer("DeleteDataBoxUser2", "", kind="db")


def _administered(call: Call) -> str:
    box_id = call.own_box()
    call.require(boxes.ADMINISTER)
    return box_id


def _named(call: Call) -> User:
    _administered(call)
    isds_id = call.text("isdsID")
    for user in call.simulator.accounts.of_box(call.user.box_id):
        if user.isds_id == isds_id:
            return user
    raise Refusal(refusals.UNKNOWN_USER, "Uživatel s tímto identifikátorem ve schránce není.")


def _changed(user: User, described: wire.Request | None) -> User:
    """A user with the name, type and rights of ``tDbUserInfoExt2``; the primary type is never given away."""
    kind = wire.text(described, "userType") or user.type or "ENTRUSTED_USER"
    if kind != user.type and kind not in _ADDED_TYPES:
        raise refusals.no_right()
    privileges = wire.text(described, "userPrivils")
    if privileges and not privileges.isdecimal():
        raise refusals.bad_envelope("userPrivils má být celé číslo.")
    return replace(
        user,
        type=kind,
        given_names=wire.text(described, "pnGivenNames") or user.given_names,
        last_name=wire.text(described, "pnLastName") or user.last_name,
        birth_date=wire.text(described, "biDate")[:10] or user.birth_date,
        privileges=int(privileges) & boxes.EVERY_PRIVILEGE if privileges else user.privileges,
    )
