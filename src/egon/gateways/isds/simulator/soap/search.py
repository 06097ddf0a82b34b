"""``/DS/df``: finding boxes (db_search.wsdl)."""

import re
from collections.abc import Callable
from typing import Final
from xml.sax.saxutils import escape

from egon.gateways.isds.codes import BoxType, StatusCode
from egon.gateways.isds.simulator import boxes, refusals
from egon.gateways.isds.simulator.boxes import Box
from egon.gateways.isds.simulator.directory import folded
from egon.gateways.isds.simulator.refusals import Refusal
from egon.gateways.isds.simulator.soap import access, wire
from egon.gateways.isds.simulator.soap.call import Call
from egon.gateways.isds.simulator.soap.wire import q

MAX_FOUND: Final = 100
MAX_PAGE_SIZE: Final = 100
MAX_PAGE: Final = 99
_HIGHLIGHT: Final = ("|$*HL_START*$|", "|$*HL_END*$|")
_NOTHING: Final = "Podmínkám neodpovídá žádná datová schránka."


def check_data_box(call: Call) -> bytes:
    """Whether a box exists and takes messages."""
    call.require(boxes.SEARCH_BOXES)
    box_id = call.text("dbID")
    if not boxes.is_box_id(box_id):
        raise Refusal(refusals.MALFORMED_BOX_ID, "Chybný formát identifikátoru datové schránky.")
    box = call.simulator.directory.find(box_id)
    if box is None:
        raise Refusal(StatusCode.BOX_UNKNOWN, "Datová schránka neexistuje.")
    return wire.answer("CheckDataBox", f"<q:dbState>{2 if box.state == 6 else box.state}</q:dbState>", kind="db")


def find_data_box(call: Call) -> bytes:
    """Boxes by their owner, the older form."""
    return _find(call, "FindDataBox", access.owner)


def find_data_box_2(call: Call) -> bytes:
    """Boxes by their owner (manual WS vyhledávání, 2.1)."""
    return _find(call, "FindDataBox2", access.owner_2)


def _find(call: Call, operation: str, write: Callable[[Box], str]) -> bytes:
    call.require(boxes.SEARCH_BOXES)
    asked = wire.child(call.request, "dbOwnerInfo")
    found = _matching(call, asked)
    if not call.box.is_public_authority:
        strangers = [box for box in found if not box.is_public_authority]
        if len(strangers) > 1:
            raise Refusal(refusals.AMBIGUOUS_SEARCH, "Parametry vyhledávání nedávají jednoznačný výsledek.")
        visible = [box for box in found if box.is_public_authority or box.open_addressing]
        if found and not visible:
            message = "Do této schránky není možno zaslat Poštovní datovou zprávu."
            return _results(operation, [], write, refusals.NO_COMMERCIAL_MESSAGES, message)
        found = visible
    if not found:
        return _results(operation, [], write, StatusCode.NOTHING_FOUND, _NOTHING)
    if len(found) > MAX_FOUND:
        message = "Výsledek vyhledávání je příliš rozsáhlý, vrací se jen jeho část."
        return _results(operation, found[:MAX_FOUND], write, StatusCode.TOO_MANY_FOUND, message)
    return _results(operation, found, write, wire.OK, wire.OK_TEXT)


def _results(operation: str, found: list[Box], write: Callable[[Box], str], status: str, message: str) -> bytes:
    owners = "".join(f"<q:dbOwnerInfo>{write(box)}</q:dbOwnerInfo>" for box in found)
    content = f"<q:dbResults>{owners}</q:dbResults>"
    return wire.answer(operation, content, status=status, message=message, kind="db")


def _matching(call: Call, asked: wire.Request | None) -> list[Box]:
    directory = call.simulator.directory
    state = wire.text(asked, "dbState")
    box_id = wire.text(asked, "dbID")
    id_ovm = wire.text(asked, "dbIdOVM")
    if box_id:
        box = directory.find(box_id)
        found = [] if box is None or box.state == 5 else [box]
    elif id_ovm:
        found = directory.by_exact("id_ovm", id_ovm)
    else:
        found = _by_description(call, asked)
    if state in {"1", "2", "3", "4"}:
        found = [box for box in found if (2 if box.state == 6 else box.state) == int(state)]
    return found


def _by_description(call: Call, asked: wire.Request | None) -> list[Box]:
    ic, firm, last = (wire.text(asked, name) for name in ("ic", "firmName", "pnLastName"))
    given = wire.text(asked, "pnGivenNames") or wire.text(asked, "pnFirstName")
    if not ic and len(firm) < 2 and len(last) < 2:
        raise Refusal(StatusCode.TOO_FEW_CRITERIA, "Pro vyhledání je zadáno příliš málo údajů.")
    kinds = _scope(wire.text(asked, "dbType"))
    city = folded(wire.text(asked, "adCity"))
    birth_date = wire.text(asked, "biDate")

    def fits(box: Box) -> bool:
        return (
            (kinds is None or box.type in kinds)
            and (not ic or box.ic == ic)
            and folded(firm) in folded(box.name)
            and folded(last) in folded(box.last_name)
            and folded(given) in folded(box.given_names)
            and (not city or folded(box.address.city) == city)
            and (not birth_date or box.birth_date == birth_date)
        )

    everyone = call.simulator.directory.every()
    return [box for box in everyone if box.state != 5 and fits(box)]


def _scope(name: str) -> frozenset[int] | None:
    """Numbers of box types that a name of a type or a group covers; ``None`` for all of them."""
    groups: dict[str, frozenset[int]] = {
        "OVM": frozenset(range(10, 20)),
        "OVM_MAIN": frozenset({10, 14, 15, 16}),
        "PO": frozenset({16, *range(20, 30)}),
        "PO_BASE": frozenset({20}),
        "PFO": frozenset({*range(30, 40), 50}),
        "PFO_BASE": frozenset({30}),
    }
    if not name or name == "ALL":
        return None
    number = BoxType.of(name).number
    return groups.get(name, frozenset() if number is None else frozenset({number}))


def isds_search_2(call: Call) -> bytes:
    """Full-text search, the older form."""
    return _search(call, "ISDSSearch2", _result_2)


def isds_search_3(call: Call) -> bytes:
    """Full-text search (manual WS vyhledávání, 2.2)."""
    return _search(call, "ISDSSearch3", _result_3)


def _search(call: Call, operation: str, write: Callable[[Call, Box, list[str]], str]) -> bytes:
    call.require(boxes.SEARCH_BOXES)
    page, size = call.number("page", 0) or 0, call.number("pageSize", MAX_PAGE_SIZE // 2)
    size = MAX_PAGE_SIZE // 2 if size is None else size
    if page < 0 or size < 0:
        raise Refusal("1155", "Neplatné vstupní parametry.")
    if page > MAX_PAGE:
        raise Refusal(StatusCode.BAD_SEARCH_PAGE, "Příliš velké číslo stránky.")
    if size > MAX_PAGE_SIZE:
        raise Refusal("1156", "Příliš velká hodnota pageSize.")
    found = [box for box in _searched(call) if box.state != 5]
    start = page * size
    shown = found[start : start + size]
    words = folded(call.text("searchText")).split() if wire.flag(call.request, "highlighting", default=False) else []
    results = "".join(f"<q:dbResult>{write(call, box, words)}</q:dbResult>" for box in shown)
    content = (
        f"<q:totalCount>{len(found)}</q:totalCount><q:currentCount>{len(shown)}</q:currentCount>"
        f"<q:position>{start}</q:position><q:lastPage>{'true' if start + size >= len(found) else 'false'}</q:lastPage>"
        f"<q:dbResults>{results}</q:dbResults>"
    )
    return wire.answer(operation, content, kind="db")


def _searched(call: Call) -> list[Box]:
    directory = call.simulator.directory
    phrase = call.text("searchText")
    kind = call.text("searchType") or "GENERAL"
    if not phrase:
        raise Refusal("1152", "Nezadaná vyhledávací fráze.")
    if kind == "DBID":
        if not boxes.is_box_id(phrase):
            raise Refusal("1153", "Neplatné DB ID.")
        box = directory.find(phrase)
        return [] if box is None else [box]
    if kind == "ICO":
        if not phrase.isdecimal() or len(phrase) > 8:
            raise Refusal("1154", "Neplatné IČO.")
        return directory.by_exact("ic", phrase) or directory.by_exact("ic", phrase.zfill(8))
    if kind == "IDOVM":
        return directory.by_exact("id_ovm", phrase)
    if kind not in {"GENERAL", "ADDRESS"}:
        raise Refusal("1155", "Neplatné vstupní parametry.")
    found = directory.by_words(phrase, address_only=kind == "ADDRESS")
    kinds = _scope(call.text("searchScope"))
    found = [box for box in found if kinds is None or box.type in kinds]
    if kind == "GENERAL":
        exact = [directory.find(phrase)] if boxes.is_box_id(phrase) else []
        if re.fullmatch(r"\d{8}", phrase):
            exact = [*directory.by_exact("ic", phrase)]
        first = [box for box in exact if box is not None]
        found = [*first, *(box for box in found if box.id not in {one.id for one in first})]
    return found


def _result_3(call: Call, box: Box, words: list[str]) -> str:
    return _common(call, box, words) + q("dbIdOVM", box.id_ovm) + _send_options(call, box)


def _result_2(call: Call, box: Box, words: list[str]) -> str:
    authority = "true" if box.is_public_authority else "false"
    return f"{_common(call, box, words)}<q:dbEffectiveOVM>{authority}</q:dbEffectiveOVM>{_send_options(call, box)}"


def _common(call: Call, box: Box, words: list[str]) -> str:
    birth = box.birth_date if call.box.is_public_authority else ""
    return "".join(
        (
            wire.needed("dbID", box.id),
            wire.needed("dbType", box.type_name),
            wire.needed("dbName", _highlighted(box.full_name, words)),
            wire.needed("dbAddress", _highlighted(box.address.in_one_line(), words)),
            q("dbBiDate", birth),
            q("dbICO", box.ic),
        )
    )


def _highlighted(text: str, words: list[str]) -> str:
    if not words:
        return text
    start, end = _HIGHLIGHT
    return re.sub(r"\w+", lambda word: f"{start}{word[0]}{end}" if folded(word[0]) in words else word[0], text)


def _send_options(call: Call, box: Box) -> str:
    return f"<q:dbSendOptions>{escape(send_options(call.box, box))}</q:dbSendOptions>"


def send_options(sender: Box, box: Box) -> str:
    """What ``sender`` may send to ``box``: DZ, PDZ, NONE or DISABLED."""
    if box.state != 1:
        return "DISABLED"
    if sender.is_public_authority or box.is_public_authority:
        return "DZ"
    return "PDZ" if box.open_addressing else "NONE"
