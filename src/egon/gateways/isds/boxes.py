"""Boxes and their users as ISDS describes them, and searching for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from lxml import etree

from egon.gateways.isds.codes import BoxState, BoxType, SendOptions, StatusCode
from egon.gateways.isds.safe_xml import bool_of, child, children, int_of, local_name, text_of
from egon.gateways.isds.soap import element
from egon.gateways.isds.times import parse_time


@dataclass(frozen=True, slots=True)
class BoxQuery:
    """What is known about a box that is looked for (FindDataBox2); empty fields do not restrict.

    ISDS demands enough of them for the kind of box, otherwise it refuses with 1101.
    """

    box_id: str = ""
    box_type: str = ""
    ico: str = ""
    given_names: str = ""
    last_name: str = ""
    firm_name: str = ""
    birth_date: date | None = None
    city: str = ""
    street: str = ""
    number_in_street: str = ""
    number_in_municipality: str = ""
    zip_code: str = ""
    ovm_id: str = ""


@dataclass(frozen=True, slots=True)
class BoxOwner:
    """A box and its owner (``tDbOwnerInfoExt2``). Missing texts are empty; unknown fields are in ``extra``."""

    box_id: str
    box_type: BoxType = field(default_factory=BoxType)
    ico: str = ""
    given_names: str = ""
    last_name: str = ""
    firm_name: str = ""
    birth_date: date | None = None
    birth_city: str = ""
    birth_county: str = ""
    birth_state: str = ""
    address_code: str = ""
    city: str = ""
    district: str = ""
    street: str = ""
    number_in_street: str = ""
    number_in_municipality: str = ""
    zip_code: str = ""
    country: str = ""
    nationality: str = ""
    ovm_id: str = ""
    state: BoxState = field(default_factory=BoxState)
    open_addressing: bool | None = None
    upper_box: str = ""
    in_population_register: bool | None = None
    extra: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def display_name(self) -> str:
        """Firm or authority name, otherwise the person's name."""
        return self.firm_name or f"{self.given_names} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class BoxUser:
    """The user of the login (``tDbUserInfoExt2``). ``privileges`` is the bit sum of ``userPrivils``."""

    isds_id: str = ""
    user_type: str = ""
    privileges: int = 0
    given_names: str = ""
    last_name: str = ""
    birth_date: date | None = None
    firm_name: str = ""
    ico: str = ""


@dataclass(frozen=True, slots=True)
class BoxMatches:
    """Boxes found by FindDataBox2. ``more`` tells that ISDS found over a hundred and cut the list (0003)."""

    boxes: tuple[BoxOwner, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class FoundBox:
    """One result of the full-text search (``tdbResult2``)."""

    box_id: str
    box_type: BoxType
    name: str
    address: str
    birth_date: date | None
    ico: str
    ovm_id: str
    send_options: SendOptions


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of ISDSSearch3. ``total`` is the number of all results, ``position`` the index of the first one."""

    boxes: tuple[FoundBox, ...]
    total: int
    position: int
    is_last: bool


@dataclass(frozen=True, slots=True)
class PasswordInfo:
    """Answer of GetPasswordInfo; ``expires`` is ``None`` for a password that never does."""

    expires: datetime | None


_OWNER_TEXTS: Final = {
    "dbID": "box_id",
    "ic": "ico",
    "pnGivenNames": "given_names",
    "pnLastName": "last_name",
    "firmName": "firm_name",
    "biCity": "birth_city",
    "biCounty": "birth_county",
    "biState": "birth_state",
    "adCode": "address_code",
    "adCity": "city",
    "adDistrict": "district",
    "adStreet": "street",
    "adNumberInStreet": "number_in_street",
    "adNumberInMunicipality": "number_in_municipality",
    "adZipCode": "zip_code",
    "adState": "country",
    "nationality": "nationality",
    "dbIdOVM": "ovm_id",
    "dbUpperID": "upper_box",
}
_OWNER_OTHERS: Final = frozenset({"dbType", "biDate", "dbState", "dbOpenAddressing", "aifoIsds"})

_QUERY_ORDER: Final = (
    "dbID",
    "dbType",
    "ic",
    "pnGivenNames",
    "pnLastName",
    "firmName",
    "biDate",
    "biCity",
    "biCounty",
    "biState",
    "adCode",
    "adCity",
    "adDistrict",
    "adStreet",
    "adNumberInStreet",
    "adNumberInMunicipality",
    "adZipCode",
    "adState",
    "nationality",
    "dbIdOVM",
    "dbState",
    "dbOpenAddressing",
    "dbUpperID",
)
_QUERY_FIELDS: Final = {**_OWNER_TEXTS, "dbType": "box_type"}


def query_element(query: BoxQuery) -> str:
    """The ``dbOwnerInfo`` of FindDataBox2: every element in the order of the XSD, nil where nothing is asked."""
    known = {item.name: getattr(query, item.name) for item in fields(query)}
    values = {name: known.get(_QUERY_FIELDS.get(name, "")) for name in _QUERY_ORDER}
    values["biDate"] = query.birth_date.isoformat() if query.birth_date else None
    return f"<dbOwnerInfo>{''.join(element(name, value) for name, value in values.items())}</dbOwnerInfo>"


def read_owner(found: etree._Element) -> BoxOwner:
    """One ``dbOwnerInfo``."""
    texts = {field_name: text_of(found, name) for name, field_name in _OWNER_TEXTS.items()}
    known = _OWNER_TEXTS.keys() | _OWNER_OTHERS
    return BoxOwner(
        **texts,
        box_type=BoxType.of(text_of(found, "dbType")),
        birth_date=_date_of(found, "biDate"),
        state=BoxState(int_of(found, "dbState") or 0),
        open_addressing=bool_of(found, "dbOpenAddressing"),
        in_population_register=bool_of(found, "aifoIsds"),
        extra=MappingProxyType({local_name(item): item.text or "" for item in found if local_name(item) not in known}),
    )


def read_matches(answer: etree._Element) -> BoxMatches:
    """Content of FindDataBox2."""
    owners = children(child(answer, "dbResults"), "dbOwnerInfo")
    status = text_of(child(answer, "dbStatus"), "dbStatusCode")
    return BoxMatches(tuple(read_owner(item) for item in owners), more=status == StatusCode.TOO_MANY_FOUND)


def read_search_page(answer: etree._Element) -> SearchPage:
    """Content of ISDSSearch3."""
    found = children(child(answer, "dbResults"), "dbResult")
    last = bool_of(answer, "lastPage")
    return SearchPage(
        boxes=tuple(_found_box(item) for item in found),
        total=int_of(answer, "totalCount") or 0,
        position=int_of(answer, "position") or 0,
        is_last=True if last is None else last,
    )


def _found_box(item: etree._Element) -> FoundBox:
    return FoundBox(
        box_id=text_of(item, "dbID"),
        box_type=BoxType.of(text_of(item, "dbType")),
        name=text_of(item, "dbName"),
        address=text_of(item, "dbAddress"),
        birth_date=_date_of(item, "dbBiDate"),
        ico=text_of(item, "dbICO"),
        ovm_id=text_of(item, "dbIdOVM"),
        send_options=SendOptions(text_of(item, "dbSendOptions")),
    )


def read_user(answer: etree._Element) -> BoxUser:
    """Content of GetUserInfoFromLogin2; an empty record for logins without a user (system certificate)."""
    found = child(answer, "dbUserInfo")
    return BoxUser(
        isds_id=text_of(found, "isdsID"),
        user_type=text_of(found, "userType"),
        privileges=int_of(found, "userPrivils") or 0,
        given_names=text_of(found, "pnGivenNames"),
        last_name=text_of(found, "pnLastName"),
        birth_date=_date_of(found, "biDate"),
        firm_name=text_of(found, "firmName"),
        ico=text_of(found, "ic"),
    )


def read_password_info(answer: etree._Element) -> PasswordInfo:
    """Content of GetPasswordInfo."""
    return PasswordInfo(parse_time(text_of(answer, "pswExpDate")))


def _date_of(element_: etree._Element | None, name: str) -> date | None:
    try:
        return date.fromisoformat(text_of(element_, name)[:10])
    except ValueError:
        return None
