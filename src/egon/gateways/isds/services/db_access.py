"""``db_access.wsdl`` and the part of ``db_manipulations.wsdl`` for the users of one's own box."""

from egon.gateways.isds import box_facts, boxes
from egon.gateways.isds.box_facts import AddedUser, BoxUserDraft
from egon.gateways.isds.boxes import BoxOwner, BoxUser, PasswordInfo
from egon.gateways.isds.safe_xml import child, text_of
from egon.gateways.isds.services.calling import Caller
from egon.gateways.isds.soap import element, empty_element
from egon.gateways.isds.transport import broken_answer


class BoxAccess(Caller):
    """Operations of ``db_access`` and ``db_manipulations``. Managing users needs the privilege of an administrator."""

    def owner(self) -> BoxOwner:
        """GetOwnerInfoFromLogin2: the box this login belongs to."""
        found = child(self.call("GetOwnerInfoFromLogin2", empty_element("dbDummy")), "dbOwnerInfo")
        if found is None:
            raise broken_answer(False, "odpověď neobsahuje údaje o schránce")
        return boxes.read_owner(found)

    def user(self) -> BoxUser:
        """GetUserInfoFromLogin2: the user of this login (2102 for logins by a system certificate)."""
        return boxes.read_user(self.call("GetUserInfoFromLogin2", empty_element("dbDummy")))

    def password_info(self) -> PasswordInfo:
        """GetPasswordInfo: until when the password is valid."""
        return boxes.read_password_info(self.call("GetPasswordInfo", empty_element("dbDummy")))

    def change_password(self, old: str, new: str) -> None:
        """ChangeISDSPassword: the login keeps using the old one, so open a new client afterwards.

        Raises ``ChangeUnclear`` when the answer was lost: either password may be the valid one.
        """
        self.call("ChangeISDSPassword", element("dbOldPassword", old), element("dbNewPassword", new))

    def box_users(self, box_id: str) -> tuple[BoxUser, ...]:
        """GetDataBoxUsers2: people who may use the box."""
        return box_facts.read_users(self.call("GetDataBoxUsers2", element("dbID", box_id)))

    def add_box_user(self, box_id: str, user: BoxUserDraft, *, mail: str = "") -> AddedUser:
        """AddDataBoxUser2: access data go by post, or to ``mail``. Raises ``ChangeUnclear`` when the answer is lost."""
        extra = [element("dbVirtual", True), element("email", mail)] if mail else []
        answer = self.call(
            "AddDataBoxUser2", element("dbID", box_id), box_facts.user_element("dbUserInfo", user), *extra
        )
        return AddedUser(text_of(answer, "dbID") or box_id, text_of(answer, "dbAccessDataId"))

    def update_box_user(self, box_id: str, isds_id: str, user: BoxUserDraft) -> None:
        """UpdateDataBoxUser2: replaces data and privileges of a user (``isds_id`` from :meth:`box_users`)."""
        self.call(
            "UpdateDataBoxUser2",
            element("dbID", box_id),
            element("isdsID", isds_id),
            box_facts.user_element("dbNewUserInfo", user),
        )

    def delete_box_user(self, box_id: str, isds_id: str) -> None:
        """DeleteDataBoxUser2: the person may not use the box any more."""
        self.call("DeleteDataBoxUser2", element("dbID", box_id), element("isdsID", isds_id))
