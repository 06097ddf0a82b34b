"""``/DS/DsManage``: the box and the user behind the login (db_access.wsdl)."""

from egon.gateways.isds.simulator import clock, refusals
from egon.gateways.isds.simulator.boxes import Box, User
from egon.gateways.isds.simulator.refusals import Refusal
from egon.gateways.isds.simulator.soap import wire
from egon.gateways.isds.simulator.soap.call import Call
from egon.gateways.isds.simulator.soap.wire import q


def owner_info_2(call: Call) -> bytes:
    """The box of the caller."""
    return wire.answer("GetOwnerInfoFromLogin2", f"<q:dbOwnerInfo>{owner_2(call.box)}</q:dbOwnerInfo>", kind="db")


def owner_info(call: Call) -> bytes:
    """The box of the caller in the older form."""
    return wire.answer("GetOwnerInfoFromLogin", f"<q:dbOwnerInfo>{owner(call.box)}</q:dbOwnerInfo>", kind="db")


def user_info_2(call: Call) -> bytes:
    """The person of the login."""
    _require_person(call)
    content = user_2(call.user, call.box)
    return wire.answer("GetUserInfoFromLogin2", f"<q:dbUserInfo>{content}</q:dbUserInfo>", kind="db")


def _require_person(call: Call) -> None:
    """An application that came with a system certificate is nobody's login."""
    if call.user.by_certificate:
        raise Refusal(refusals.NO_USER_RECORD, "K přihlášení systémovým certifikátem neexistuje záznam uživatele.")


def user_2(user: User, box: Box) -> str:
    """``tDbUserInfoExt2``."""
    return "".join(
        (
            wire.needed("aifoIsds", "false"),
            q("pnGivenNames", user.given_names),
            q("pnLastName", user.last_name),
            address_2(box),
            q("biDate", user.birth_date),
            q("isdsID", user.isds_id),
            _rights(user),
        )
    )


def user_info(call: Call) -> bytes:
    """The person of the login in the older form."""
    _require_person(call)
    user = call.user
    first, _, middle = user.given_names.partition(" ")
    login = user.login if 6 <= len(user.login) <= 12 else ""
    content = "".join(
        (
            q("pnFirstName", first),
            q("pnMiddleName", middle),
            q("pnLastName", user.last_name),
            q("pnLastNameAtBirth", ""),
            _address(call.box),
            q("biDate", user.birth_date),
            q("userID", login),
            _rights(user),
        )
    )
    return wire.answer("GetUserInfoFromLogin", f"<q:dbUserInfo>{content}</q:dbUserInfo>", kind="db")


def _rights(user: User) -> str:
    unknown = ("ic", "firmName", "caStreet", "caCity", "caZipCode", "caState")
    rights = q("userType", user.type) + q("userPrivils", str(user.privileges))
    return rights + "".join(q(name, "") for name in unknown)


def password_info(call: Call) -> bytes:
    """When the password expires; nil when never."""
    expires = call.simulator.accounts.password_expires(call.user.login)
    content = q("pswExpDate", "" if expires is None else clock.as_xml(expires))
    return wire.answer("GetPasswordInfo", content, kind="db")


def change_password(call: Call) -> bytes:
    """A new password by the rules of ISDS."""
    _require_person(call)
    old = wire.child(call.request, "dbOldPassword")
    new = wire.child(call.request, "dbNewPassword")
    # A password may contain spaces, so nothing is cut off here.
    call.simulator.accounts.change_password(
        call.user.login,
        "" if old is None or old.text is None else old.text,
        "" if new is None or new.text is None else new.text,
    )
    return wire.answer("ChangeISDSPassword", "", kind="db")


def owner_2(box: Box) -> str:
    """``tDbOwnerInfoExt2``."""
    return "".join(
        (
            q("dbID", box.id),
            wire.needed("aifoIsds", "false"),
            q("dbType", box.type_name),
            q("ic", box.ic),
            q("pnGivenNames", box.given_names),
            q("pnLastName", box.last_name),
            q("firmName", box.name),
            _birth(box),
            address_2(box),
            q("nationality", ""),
            q("dbIdOVM", box.id_ovm if box.is_public_authority else ""),
            q("dbState", str(_shown_state(box))),
            q("dbOpenAddressing", "true" if box.open_addressing else "false"),
            q("dbUpperID", box.upper_id),
        )
    )


def owner(box: Box) -> str:
    """``tDbOwnerInfo``, the older form."""
    first, _, middle = box.given_names.partition(" ")
    return "".join(
        (
            q("dbID", box.id),
            q("dbType", box.type_name),
            q("ic", box.ic),
            q("pnFirstName", first),
            q("pnMiddleName", middle),
            q("pnLastName", box.last_name),
            q("pnLastNameAtBirth", ""),
            q("firmName", box.name),
            _birth(box),
            _address(box),
            q("nationality", ""),
            q("identifier", ""),
            q("registryCode", ""),
            q("dbState", str(_shown_state(box))),
            q("dbEffectiveOVM", "true" if box.is_public_authority else "false"),
            q("dbOpenAddressing", "true" if box.open_addressing else "false"),
        )
    )


def _shown_state(box: Box) -> int:
    """State 6 (closed by law) is told as 2 by web services."""
    return 2 if box.state == 6 else box.state


def _birth(box: Box) -> str:
    return q("biDate", box.birth_date) + q("biCity", "") + q("biCounty", "") + q("biState", "")


def _address(box: Box) -> str:
    address = box.address
    return "".join(
        (
            q("adCity", address.city),
            q("adStreet", address.street),
            q("adNumberInStreet", address.number_in_street),
            q("adNumberInMunicipality", address.number_in_municipality),
            q("adZipCode", address.zip_code),
            q("adState", address.state),
        )
    )


def address_2(box: Box) -> str:
    """``gAddressExt2``."""
    address = box.address
    return "".join(
        (
            q("adCode", address.code),
            q("adCity", address.city),
            q("adDistrict", address.district),
            q("adStreet", address.street),
            q("adNumberInStreet", address.number_in_street),
            q("adNumberInMunicipality", address.number_in_municipality),
            q("adZipCode", address.zip_code),
            q("adState", address.state),
        )
    )
