"""Which page answers which address, and whether it needs a box to act for."""

import re
from typing import Final

from egon.gateways.isds.simulator.pages import box, control, entrance, operator
from egon.gateways.isds.simulator.pages.site import View

_NUMBER: Final = r"\d{1,18}"
_ROUTES: Final[list[tuple[str, str, View, bool]]] = [
    ("GET", "/", entrance.boxes, False),
    ("POST", "/prihlasit", entrance.log_in, False),
    ("POST", "/odhlasit", entrance.log_out, False),
    ("GET", "/schranka/prijate", box.received, True),
    ("GET", "/schranka/odeslane", box.sent, True),
    ("GET", "/schranka/nova", box.compose, True),
    ("POST", "/schranka/nova", box.send, True),
    ("GET", f"/schranka/zprava/{_NUMBER}", box.message, True),
    ("POST", f"/schranka/zprava/{_NUMBER}", box.open_message, True),
    ("GET", f"/schranka/zprava/{_NUMBER}/priloha/\\d{{1,3}}", box.attachment, True),
    ("GET", f"/schranka/zprava/{_NUMBER}/zprava.zfo", box.message_zfo, True),
    ("GET", f"/schranka/zprava/{_NUMBER}/dorucenka.zfo", box.delivery_zfo, True),
    ("GET", "/hodiny", control.clock_page, False),
    ("POST", "/hodiny", control.advance, False),
    ("GET", "/poruchy", control.faults_page, False),
    ("POST", "/poruchy", control.add_fault, False),
    ("GET", "/provozovatel", operator.overview, False),
    ("POST", "/provozovatel", operator.change, False),
    ("POST", "/provozovatel/mobilni-klic", operator.decide, False),
    ("POST", "/provozovatel/sluzba", operator.provide, False),
    ("POST", "/poruchy/zrusit", control.clear_faults, False),
]


def find(method: str, path: str) -> tuple[View, bool] | None:
    """The page of an address and whether it needs a login."""
    for wanted, pattern, view, needs_login in _ROUTES:
        if wanted == method and re.fullmatch(pattern, path):
            return view, needs_login
    return None
