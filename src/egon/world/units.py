"""Units of the organisations: code, name, whether it is a records node, code of the unit above."""

from dataclasses import dataclass
from datetime import date

VALID_FROM = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class UnitData:
    """A unit of an organisation of the demo world."""

    code: str
    name: str
    is_records_node: bool = True
    parent: str = ""


UNITS: dict[str, tuple[UnitData, ...]] = {
    "region": (
        UnitData("SEK", "Sekretariát hejtmana"),
        UnitData("KH", "Odbor kancelář hejtmana"),
        UnitData("POD", "Podatelna a výpravna"),
        UnitData("OI", "Odbor informatiky"),
        UnitData("OD", "Odbor dopravy"),
        UnitData("ODS", "Oddělení silničního hospodářství", is_records_node=False, parent="OD"),
        UnitData("OS", "Odbor školství"),
        UnitData("OZP", "Odbor životního prostředí"),
        UnitData("OE", "Odbor ekonomiky"),
    ),
    "school": (UnitData("RED", "Ředitelství"),),
    "hospital": (
        UnitData("RED", "Ředitelství"),
        UnitData("POD", "Podatelna", is_records_node=False, parent="RED"),
        UnitData("INT", "Interní oddělení"),
        UnitData("CHI", "Chirurgické oddělení"),
        UnitData("EKO", "Ekonomický úsek"),
    ),
    "roads": (
        UnitData("RED", "Ředitelství"),
        UnitData("TEC", "Technický úsek"),
        UnitData("EKO", "Ekonomický úsek"),
    ),
}
