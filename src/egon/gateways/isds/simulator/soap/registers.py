"""``/DS/df``: lists of boxes, their past states and addresses (manual WS vyhledávání, 2.4 and 2.9)."""

import base64
import csv
import io
import zipfile
from typing import Final

from egon.gateways.isds.codes import StatusCode
from egon.gateways.isds.simulator import boxes, clock, refusals
from egon.gateways.isds.simulator.boxes import Box
from egon.gateways.isds.simulator.directory import folded
from egon.gateways.isds.simulator.refusals import Refusal
from egon.gateways.isds.simulator.soap import access, wire
from egon.gateways.isds.simulator.soap.call import Call
from egon.gateways.isds.simulator.soap.wire import needed, q

_ALL: Final = (
    *("dbID", "aifoIsds", "dbType", "pnGivenNames", "pnLastName", "biDate", "firmName", "ic", "adAddressPoint"),
    *("adCity", "adDistrict", "adStreet", "adNumberInStreet", "adNumberInMunicipality", "adZipCode", "adState"),
    *("nationality", "lastChangeDate"),
)


def box_list(call: Call) -> bytes:
    """All active boxes (ALL2, only for authorities with a certificate) or those taking commercial messages (POA)."""
    kind = call.text("dblType") or "ALL2"
    day = clock.moment(call.now).strftime("%Y%m%d")
    active = [box for box in call.simulator.directory.every() if box.state == 1]
    if kind == "ALL2" and call.user.by_certificate and call.box.is_public_authority:
        packed = _zipped(f"actds{day}.csv", _ALL, [_row(box) for box in active])
    elif kind == "POA":
        rows: list[tuple[str, ...]] = [(box.id, box.ic) for box in active if box.open_addressing]
        packed = _zipped(f"puboa{day}.csv", ("dbID", "ic"), rows)
    else:
        raise refusals.no_right()
    content = f"<q:dblData>{base64.b64encode(packed).decode('ascii')}</q:dblData>"
    return wire.answer("GetDataBoxList", content, kind="db")


def _row(box: Box) -> tuple[str, ...]:
    address = box.address
    return (
        *(box.id, "", box.type_name, box.given_names, box.last_name, box.birth_date, box.name, box.ic, address.code),
        *(address.city, address.district, address.street, address.number_in_street, address.number_in_municipality),
        *(address.zip_code, address.state, "", ""),
    )


def _zipped(name: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(rows)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text.getvalue())
    return packed.getvalue()


def activity(call: Call) -> bytes:
    """When a box was accessible (1) and when not (0); only for authorities with a certificate."""
    if not (call.user.by_certificate and call.box.is_public_authority):
        raise refusals.no_right()
    box = _asked_box(call)
    since = call.moment("baFrom")
    until = call.moment("baTo")
    until = call.now if until is None else min(until, call.now)
    if since is not None and since > until:
        raise Refusal("1058", "Začátek období je pozdější než jeho konec.")
    content = needed("dbID", box.id) + f"<q:Periods>{_periods(call, box, since, until)}</q:Periods>"
    return wire.answer("GetDataBoxActivityStatus", content, kind="db")


def _periods(call: Call, box: Box, since: int | None, until: int) -> str:
    changes = call.simulator.directory.states(box.id)
    began = min(since if since is not None else until, *(time for time, _ in changes), until) if changes else since
    start = until if began is None else began
    if since is not None:
        start = since
    marks: list[tuple[int, int]] = [(start, 1 if changes or box.state == 1 else 0)]
    for time, state in changes:
        accessible = 1 if state == 1 else 0
        if time <= start:
            marks[0] = (start, accessible)
        elif time < until and marks[-1][1] != accessible:
            marks.append((time, accessible))
    ends = [time for time, _ in marks[1:]] + [until]
    return "".join(
        f"<q:Period>{needed('PeriodFrom', clock.as_xml(begin))}{needed('PeriodTo', clock.as_xml(end))}"
        f"<q:DbState>{state}</q:DbState></q:Period>"
        for (begin, state), end in zip(marks, ends, strict=True)
    )


def address(call: Call) -> bytes:
    """The address of a box owner, in parts and in lines split by ``~``. The service adds a status the XSD forgets."""
    call.require(boxes.SEARCH_BOXES)
    box = _asked_box(call)
    lines = "~".join(part for part in (box.full_name, *box.address.in_one_line().split(", ")) if part)
    content = access.address_2(box) + q("adRegistrationNumber", "") + q("adFullAddress1", box.address.in_one_line())
    return wire.answer("GetDataBoxAddress", content + q("adFullAddress2", lines), kind="db")


def find_personal(call: Call) -> bytes:
    """Boxes of natural persons; only for authorities."""
    if not call.box.is_public_authority:
        raise refusals.no_right()
    asked = wire.child(call.request, "dbOwnerInfo")
    box_id, last = wire.text(asked, "dbID"), wire.text(asked, "pnLastName")
    if not box_id and len(last) < 2:
        raise Refusal(StatusCode.TOO_FEW_CRITERIA, "Pro vyhledání je zadáno příliš málo údajů.")
    first, born = wire.text(asked, "pnFirstName"), wire.text(asked, "biDate")[:10]
    found = [
        box
        for box in call.simulator.directory.every()
        if box.is_natural_person
        and box.state != 5
        and (not box_id or box.id == box_id)
        and folded(last) in folded(box.last_name)
        and folded(first) in folded(box.given_names)
        and (not born or box.birth_date == born)
    ]
    content = "".join(f"<q:dbOwnerInfo>{_person(box)}</q:dbOwnerInfo>" for box in found[:100])
    status, message = (wire.OK, wire.OK_TEXT) if found else ("0002", "Podmínkám neodpovídá žádná datová schránka.")
    content = f"<q:dbResults>{content}</q:dbResults>"
    return wire.answer("FindPersonalDataBox", content, status=status, message=message, kind="db")


def _person(box: Box) -> str:
    first, _, middle = box.given_names.partition(" ")
    names = (("pnFirstName", first), ("pnMiddleName", middle), ("pnLastName", box.last_name))
    birth = q("biDate", box.birth_date) + "".join(q(name, "") for name in ("biCity", "biCounty", "biState"))
    person = "".join(q(name, value) for name, value in names)
    return f"{q('dbID', box.id)}{q('aifoIsds', 'false')}{person}{birth}{access.address_2(box)}{q('nationality', '')}"


def _asked_box(call: Call) -> Box:
    box_id = call.text("dbID")
    if not boxes.is_box_id(box_id):
        raise Refusal(refusals.MALFORMED_BOX_ID, "Chybný formát identifikátoru datové schránky.")
    box = call.simulator.directory.find(box_id)
    if box is None:
        raise Refusal(StatusCode.BOX_UNKNOWN, "Datová schránka neexistuje.")
    return box
