"""What ISDS tells about boxes beyond finding them: commercial messages, credit, vault, history, users, constants."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from lxml import etree

from egon.gateways.isds.boxes import BoxUser
from egon.gateways.isds.codes import BoxState
from egon.gateways.isds.reports import date_of
from egon.gateways.isds.safe_xml import bool_of, child, children, int_of, text_of
from egon.gateways.isds.soap import element
from egon.gateways.isds.times import parse_time


@dataclass(frozen=True, slots=True)
class CommercialOffer:
    """One way a box may send commercial messages (``tPDZRec``). ``kind`` is the type (K, E, G, D…) as it came.

    ``remaining`` is the number of messages left, ``None`` when not limited.
    """

    kind: str
    recipient_box: str
    payer_box: str
    expires: datetime | None
    remaining: int | None
    subsidised_id: str = ""


@dataclass(frozen=True, slots=True)
class CreditChange:
    """One movement of credit (``ciRecord``). Amounts are in haléře; ``kind`` is the number of the event."""

    time: datetime | None
    kind: int
    change: int
    after: int
    transaction: str = ""
    recipient_box: str = ""
    message_id: str = ""
    done_by: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """Answer of DataBoxCreditInfo; ``current`` in haléře, ``None`` when the box has no credit."""

    current: int | None
    notification_mail: str
    changes: tuple[CreditChange, ...]


@dataclass(frozen=True, slots=True)
class Vault:
    """Answer of DTInfo (Datový trezor). Types: 0 none, others as ISDS numbers them; capacities in messages."""

    current_type: int
    capacity: int | None
    since: date | None
    until: date | None
    used: int | None
    future_type: int
    future_capacity: int | None
    future_since: date | None
    future_until: date | None
    future_paid: int | None


@dataclass(frozen=True, slots=True)
class ActivityPeriod:
    """A period in which a box had one state (GetDataBoxActivityStatus)."""

    since: datetime | None
    until: datetime | None
    state: BoxState


@dataclass(frozen=True, slots=True)
class Constant:
    """One constant of the system (GetConstants) valid from ``since`` to ``until``."""

    name: str
    value: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class BoxAddress:
    """Answer of GetDataBoxAddress. ``lines`` is the address as it is printed on a letter."""

    code: str
    city: str
    district: str
    street: str
    number_in_street: str
    number_in_municipality: str
    zip_code: str
    country: str
    registration_number: str
    full: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonalBox:
    """A box of a natural person (``tdbPersonalOwnerInfo``), told to public authorities only."""

    box_id: str
    first_name: str
    middle_name: str
    last_name: str
    birth_date: date | None
    birth_city: str
    city: str
    street: str
    zip_code: str


@dataclass(frozen=True, slots=True)
class BoxUserDraft:
    """A user of a box as written by AddDataBoxUser2 and UpdateDataBoxUser2 (``tDbUserInfoExt2``).

    ``privileges`` is the bit sum of ``userPrivils``; ``contact_…`` is where access data are sent.
    """

    given_names: str
    last_name: str
    birth_date: date
    privileges: int
    user_type: str = "ENTRUSTED_USER"
    address_code: str = ""
    city: str = ""
    district: str = ""
    street: str = ""
    number_in_street: str = ""
    number_in_municipality: str = ""
    zip_code: str = ""
    country: str = "CZ"
    ico: str = ""
    firm_name: str = ""
    contact_street: str = ""
    contact_city: str = ""
    contact_zip_code: str = ""
    contact_country: str = ""
    in_population_register: bool = False


@dataclass(frozen=True, slots=True)
class AddedUser:
    """Answer of AddDataBoxUser2: where the access data wait."""

    box_id: str
    access_data_id: str = field(repr=False)


def read_offers(answer: etree._Element) -> tuple[CommercialOffer, ...]:
    """Content of PDZInfo."""
    return tuple(
        CommercialOffer(
            kind=text_of(item, "PDZType").strip(),
            recipient_box=text_of(item, "PDZRecip"),
            payer_box=text_of(item, "PDZPayer"),
            expires=parse_time(text_of(item, "PDZExpire")),
            remaining=int_of(item, "PDZCnt"),
            subsidised_id=text_of(item, "ODZIdent"),
        )
        for item in children(child(answer, "dbPDZRecords"), "dbPDZRecord")
    )


def read_credit(answer: etree._Element) -> Credit:
    """Content of DataBoxCreditInfo."""
    found = children(child(answer, "ciRecords"), "ciRecord")
    return Credit(
        int_of(answer, "currentCredit"), text_of(answer, "notifEmail"), tuple(_change(item) for item in found)
    )


def _change(item: etree._Element) -> CreditChange:
    return CreditChange(
        time=parse_time(text_of(item, "ciEventTime")),
        kind=int_of(item, "ciEventType") or 0,
        change=int_of(item, "ciCreditChange") or 0,
        after=int_of(item, "ciCreditAfter") or 0,
        transaction=text_of(item, "ciTransID"),
        recipient_box=text_of(item, "ciRecipientID"),
        message_id=text_of(item, "ciPDZID"),
        done_by=text_of(item, "ciDoneBy"),
    )


def read_vault(answer: etree._Element) -> Vault:
    """Content of DTInfo."""
    return Vault(
        current_type=int_of(answer, "ActDTType") or 0,
        capacity=int_of(answer, "ActDTCapacity"),
        since=date_of(answer, "ActDTFrom"),
        until=date_of(answer, "ActDTTo"),
        used=int_of(answer, "ActDTCapUsed"),
        future_type=int_of(answer, "FutDTType") or 0,
        future_capacity=int_of(answer, "FutDTCapacity"),
        future_since=date_of(answer, "FutDTFrom"),
        future_until=date_of(answer, "FutDTTo"),
        future_paid=int_of(answer, "FutDTPaid"),
    )


def read_periods(answer: etree._Element) -> tuple[ActivityPeriod, ...]:
    """Content of GetDataBoxActivityStatus."""
    return tuple(
        ActivityPeriod(
            parse_time(text_of(item, "PeriodFrom")),
            parse_time(text_of(item, "PeriodTo")),
            BoxState(int_of(item, "DbState") or 0),
        )
        for item in children(child(answer, "Periods"), "Period")
    )


def read_constants(answer: etree._Element) -> tuple[Constant, ...]:
    """Content of GetConstants."""
    return tuple(
        Constant(text_of(item, "cName"), text_of(item, "cValue"), date_of(item, "cFrom"), date_of(item, "cTo"))
        for item in children(child(answer, "constRecords"), "constRecord")
    )


def read_address(answer: etree._Element) -> BoxAddress:
    """Content of GetDataBoxAddress; lines of ``adFullAddress2`` are divided by a tilde."""
    lines = tuple(line.strip() for line in text_of(answer, "adFullAddress2").split("~") if line.strip())
    return BoxAddress(
        code=text_of(answer, "adCode"),
        city=text_of(answer, "adCity"),
        district=text_of(answer, "adDistrict"),
        street=text_of(answer, "adStreet"),
        number_in_street=text_of(answer, "adNumberInStreet"),
        number_in_municipality=text_of(answer, "adNumberInMunicipality"),
        zip_code=text_of(answer, "adZipCode"),
        country=text_of(answer, "adState"),
        registration_number=text_of(answer, "adRegistrationNumber"),
        full=text_of(answer, "adFullAddress1"),
        lines=lines,
    )


def read_personal_boxes(answer: etree._Element) -> tuple[PersonalBox, ...]:
    """Content of FindPersonalDataBox."""
    return tuple(
        PersonalBox(
            box_id=text_of(item, "dbID"),
            first_name=text_of(item, "pnFirstName"),
            middle_name=text_of(item, "pnMiddleName"),
            last_name=text_of(item, "pnLastName"),
            birth_date=date_of(item, "biDate"),
            birth_city=text_of(item, "biCity"),
            city=text_of(item, "adCity"),
            street=text_of(item, "adStreet"),
            zip_code=text_of(item, "adZipCode"),
        )
        for item in children(child(answer, "dbResults"), "dbOwnerInfo")
    )


def read_users(answer: etree._Element) -> tuple[BoxUser, ...]:
    """Content of GetDataBoxUsers2."""
    return tuple(read_user_info(item) for item in children(child(answer, "dbUsers"), "dbUserInfo"))


def read_user_info(found: etree._Element | None) -> BoxUser:
    """One ``dbUserInfo``; an empty record when there is none."""
    return BoxUser(
        isds_id=text_of(found, "isdsID"),
        user_type=text_of(found, "userType"),
        privileges=int_of(found, "userPrivils") or 0,
        given_names=text_of(found, "pnGivenNames"),
        last_name=text_of(found, "pnLastName"),
        birth_date=date_of(found, "biDate"),
        firm_name=text_of(found, "firmName"),
        ico=text_of(found, "ic"),
    )


def read_send_permission(answer: etree._Element) -> bool:
    """Content of PDZSendInfo."""
    return bool_of(answer, "PDZsiResult") or False


def user_element(name: str, user: BoxUserDraft) -> str:
    """``dbUserInfo`` or ``dbNewUserInfo``: every element in the order of ``tDbUserInfoExt2``."""
    values: dict[str, str | int | bool | None] = {
        "aifoIsds": user.in_population_register,
        "pnGivenNames": user.given_names,
        "pnLastName": user.last_name,
        "adCode": user.address_code,
        "adCity": user.city,
        "adDistrict": user.district,
        "adStreet": user.street,
        "adNumberInStreet": user.number_in_street,
        "adNumberInMunicipality": user.number_in_municipality,
        "adZipCode": user.zip_code,
        "adState": user.country,
        "biDate": user.birth_date.isoformat(),
        "isdsID": None,
        "userType": user.user_type,
        "userPrivils": user.privileges,
        "ic": user.ico,
        "firmName": user.firm_name,
        "caStreet": user.contact_street,
        "caCity": user.contact_city,
        "caZipCode": user.contact_zip_code,
        "caState": user.contact_country,
    }
    return f"<{name}>{''.join(element(key, value) for key, value in values.items())}</{name}>"


_PERSONAL_ORDER: Final = (
    "dbID",
    "aifoIsds",
    "pnFirstName",
    "pnMiddleName",
    "pnLastName",
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
)


def personal_query_element(known: dict[str, str]) -> str:
    """The ``dbOwnerInfo`` of FindPersonalDataBox; nil where nothing is asked."""
    return f"<dbOwnerInfo>{''.join(element(name, known.get(name)) for name in _PERSONAL_ORDER)}</dbOwnerInfo>"
