"""The demo world told to others: the table of logins, and the boxes for the simulator of ISDS."""

from collections.abc import Iterator
from typing import Any

from egon.world.organisations import ORGANISATIONS, PASSWORD, BoxData, Place
from egon.world.outside import OUTSIDERS
from egon.world.people import PEOPLE


def logins() -> list[dict[str, str]]:
    """Everyone who can sign in to the product; someone in two organisations is listed in both."""
    return [
        {
            "name": one.name,
            "login": one.login,
            "password": PASSWORD,
            "role": f"{one.post} ({one.unit})",
            "organisation": organisation.code,
        }
        for organisation in ORGANISATIONS
        for one in PEOPLE[organisation.key]
    ]


def boxes() -> dict[str, list[dict[str, Any]]]:
    """The simulator's seed: boxes of the organisations, the citizen and the company, with the logins to them."""
    return {"boxes": [*_boxes_of_organisations(), *_boxes_of_outsiders()]}


def _boxes_of_organisations() -> Iterator[dict[str, Any]]:
    for one in ORGANISATIONS:
        user = _user(one.box, f"Spisová služba {one.code}", "ENTRUSTED_USER")
        yield {
            "id": one.box.box_id,
            "type": one.box.box_type,
            "name": one.name,
            "ic": one.ic,
            "address": _address(one.place),
            "users": [user],
        }


def _boxes_of_outsiders() -> Iterator[dict[str, Any]]:
    for one in OUTSIDERS:
        yield {
            "id": one.box.box_id,
            "type": one.box.box_type,
            "name": one.name,
            "given_names": one.given_name,
            "last_name": one.family_name,
            "birth_date": one.birth_date,
            "ic": one.ic,
            "address": _address(one.place),
            "users": [_user(one.box, one.user, "PRIMARY_USER")],
        }


def _user(box: BoxData, name: str, kind: str) -> dict[str, str]:
    return {"login": box.login, "password": box.password, "name": name, "type": kind}


def _address(place: Place) -> dict[str, str]:
    return {
        "street": place.street,
        "number_in_municipality": place.number_in_municipality,
        "number_in_street": place.number_in_street,
        "zip_code": place.zip_code,
        "city": place.city,
    }
