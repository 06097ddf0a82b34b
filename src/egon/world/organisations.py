"""The region and the organisations it founded. All fictional; identifiers have right check digits."""

from dataclasses import dataclass, field

PASSWORD = "demo-heslo-2026"  # noqa: S105 - the demo prints it; nothing real is behind it
BOX_PASSWORD = "Schranka-2026"  # noqa: S105 - of the simulator only


@dataclass(frozen=True, slots=True)
class Place:
    """An address, with the names ISDS uses for its parts."""

    street: str
    number_in_municipality: str
    number_in_street: str
    zip_code: str
    city: str


@dataclass(frozen=True, slots=True)
class BoxData:
    """A data box of the simulator; ``login`` is the one the product (or the citizen) signs in with."""

    box_id: str
    box_type: str
    login: str
    password: str = BOX_PASSWORD


@dataclass(frozen=True, slots=True)
class OrganisationData:
    """An originator of the demo world; ``key`` is its name in the code."""

    key: str
    code: str
    name: str
    ic: str
    place: Place
    box: BoxData
    is_operator: bool = field(default=False)


REGION = OrganisationData(
    "region",
    "KSA",
    "Kraj Sázavský",
    "09876502",
    Place("Krajské náměstí", "1", "", "28506", "Sázava"),
    BoxData("ksazav9", "OVM", "ksa-spis"),
    is_operator=True,
)
SCHOOL = OrganisationData(
    "school",
    "GLS",
    "Gymnázium Lípa nad Sázavou, příspěvková organizace",
    "09876511",
    Place("Školní", "214", "7", "58233", "Lípa nad Sázavou"),
    BoxData("gymsazu", "OVM_PO", "gls-spis"),
)
HOSPITAL = OrganisationData(
    "hospital",
    "NSK",
    "Nemocnice Sázavského kraje, příspěvková organizace",
    "09876529",
    Place("Nemocniční", "880", "12", "28506", "Sázava"),
    BoxData("nemsazt", "OVM_PO", "nsk-spis"),
)
ROADS = OrganisationData(
    "roads",
    "SUS",
    "Správa a údržba silnic Sázavského kraje, příspěvková organizace",
    "09876537",
    Place("Cestářská", "45", "", "28504", "Uhlířské Předměstí"),
    BoxData("sussazm", "OVM_PO", "sus-spis"),
)

ORGANISATIONS = (REGION, SCHOOL, HOSPITAL, ROADS)
