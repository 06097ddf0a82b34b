"""A citizen and a company outside the centre; they have boxes in the simulator and write to the organisations."""

from dataclasses import dataclass

from egon.world.organisations import BoxData, Place


@dataclass(frozen=True, slots=True)
class OutsiderData:
    """Someone who writes to the region. A natural person has given and family names, a company an IČO."""

    key: str
    name: str
    place: Place
    box: BoxData
    user: str
    given_name: str = ""
    family_name: str = ""
    birth_date: str = ""
    ic: str = ""


CITIZEN = OutsiderData(
    "citizen",
    "Josef Procházka",
    Place("Na Mlýnku", "18", "", "28401", "Kutná Lhota"),
    BoxData("janprkq", "FO", "prochazka"),
    "Josef Procházka",
    given_name="Josef",
    family_name="Procházka",
    birth_date="1971-04-23",
)
COMPANY = OutsiderData(
    "company",
    "Stavby Beran s. r. o.",
    Place("Průmyslová", "1502", "3", "28002", "Kolínská Ves"),
    BoxData("stavby2", "PO", "beran"),
    "Milan Beran",
    ic="09876545",
)

OUTSIDERS = (CITIZEN, COMPANY)
