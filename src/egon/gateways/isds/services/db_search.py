"""``db_search.wsdl``: finding boxes and what is known about them."""

from datetime import date, datetime
from typing import Final

from egon.gateways.isds import box_facts, boxes, messages
from egon.gateways.isds.box_facts import (
    ActivityPeriod,
    BoxAddress,
    CommercialOffer,
    Constant,
    Credit,
    PersonalBox,
    Vault,
)
from egon.gateways.isds.boxes import BoxMatches, BoxQuery, SearchPage
from egon.gateways.isds.codes import BoxState
from egon.gateways.isds.safe_xml import int_of, text_of
from egon.gateways.isds.services.calling import Caller
from egon.gateways.isds.soap import element, empty_element
from egon.gateways.isds.times import format_time
from egon.gateways.isds.transport import broken_answer

PAGE_SIZE: Final = 100
"""The most results ISDSSearch3 gives on one page."""


class BoxSearch(Caller):
    """Operations of ``db_search``. None of them delivers anything."""

    def find_box(self, query: BoxQuery) -> BoxMatches:
        """FindDataBox2: boxes matching exact data of their owner; an empty result is not an error."""
        return boxes.read_matches(self.call("FindDataBox2", boxes.query_element(query)))

    def search_boxes(
        self, text: str, kind: str = "GENERAL", scope: str = "ALL", page: int = 0, *, page_size: int = PAGE_SIZE
    ) -> SearchPage:
        """ISDSSearch3: full text over names and addresses.

        ``kind`` is GENERAL, ADDRESS, ICO, IDOVM or DBID, ``scope`` ALL or a type of box, ``page`` counts from 0.
        The index of ISDS may be three hours old: ask :meth:`check_box` before sending.
        """
        answer = self.call(
            "ISDSSearch3",
            element("searchText", text) if text else empty_element("searchText"),
            element("searchType", kind),
            element("searchScope", scope),
            element("page", page),
            element("pageSize", page_size),
        )
        return boxes.read_search_page(answer)

    def check_box(self, box_id: str) -> BoxState:
        """CheckDataBox: the present state of a box; ``IsdsRefused`` 5001 when there is none of that id."""
        return BoxState(int_of(self.call("CheckDataBox", element("dbID", box_id)), "dbState") or 0)

    def find_personal_box(
        self, *, last_name: str, birth_date: date | None = None, first_name: str = "", city: str = "", street: str = ""
    ) -> tuple[PersonalBox, ...]:
        """FindPersonalDataBox: boxes of natural persons in detail, for public authorities (an old operation)."""
        known = {"pnFirstName": first_name, "pnLastName": last_name, "adCity": city, "adStreet": street}
        if birth_date:
            known["biDate"] = birth_date.isoformat()
        return box_facts.read_personal_boxes(self.call("FindPersonalDataBox", box_facts.personal_query_element(known)))

    def box_list(self, kind: str = "ALL2") -> bytes:
        """GetDataBoxList: a ZIP with the CSV of all boxes (``ALL2``) or of those open to commercial mail (``POA``)."""
        content = messages.base64_or_empty(text_of(self.call("GetDataBoxList", element("dblType", kind)), "dblData"))
        if not content:
            raise broken_answer(False, "odpověď neobsahuje seznam schránek")
        return content

    def commercial_offers(self, box_id: str) -> tuple[CommercialOffer, ...]:
        """PDZInfo: how the box may send commercial messages and how many."""
        return box_facts.read_offers(self.call("PDZInfo", element("PDZSender", box_id)))

    def may_send_commercial(self, box_id: str, kind: str = "Normal") -> bool:
        """PDZSendInfo: whether the box may send a commercial message (``Normal``, ``Init`` or ``VoDZ``)."""
        answer = self.call("PDZSendInfo", element("dbId", box_id), element("PDZType", kind))
        return box_facts.read_send_permission(answer)

    def credit(self, box_id: str, since: date | None = None, until: date | None = None) -> Credit:
        """DataBoxCreditInfo: credit for commercial messages and its movements in those days."""
        answer = self.call(
            "DataBoxCreditInfo",
            element("dbID", box_id),
            element("ciFromDate", since.isoformat() if since else None),
            element("ciTodate", until.isoformat() if until else None),
        )
        return box_facts.read_credit(answer)

    def vault(self, box_id: str) -> Vault:
        """DTInfo: the data vault of a box."""
        return box_facts.read_vault(self.call("DTInfo", element("dbId", box_id)))

    def activity(self, box_id: str, since: datetime, until: datetime) -> tuple[ActivityPeriod, ...]:
        """GetDataBoxActivityStatus: the states a box had; tells whether it could be delivered to on a day."""
        answer = self.call(
            "GetDataBoxActivityStatus",
            element("dbID", box_id),
            element("baFrom", format_time(since)),
            element("baTo", format_time(until)),
        )
        return box_facts.read_periods(answer)

    def constants(self, on: date | None = None) -> tuple[Constant, ...]:
        """GetConstants: limits and prices of the system valid on a day (today by default)."""
        return box_facts.read_constants(self.call("GetConstants", element("constDate", on.isoformat() if on else None)))

    def box_address(self, box_id: str) -> BoxAddress:
        """GetDataBoxAddress: the address of the owner as ISDS keeps it."""
        return box_facts.read_address(self.call("GetDataBoxAddress", element("dbID", box_id)))
