# ruff: noqa: E501 - tables of people read best one a line
"""People of the demo world in their fixed roles. ``key`` is the person's name in the code and in tests."""

from dataclasses import dataclass

from egon.kernel.actor import Role

R = Role


@dataclass(frozen=True, slots=True)
class PersonData:
    """A person: login, unit and post there, roles as ``(role, unit code)`` with an empty code for everywhere."""

    key: str
    name: str
    login: str
    unit: str
    post: str
    roles: tuple[tuple[Role, str], ...]
    is_head: bool = False
    title_before: str = ""
    title_after: str = ""

    @property
    def given_name(self) -> str:
        """Everything before the last word of the name."""
        return self.name.rpartition(" ")[0]

    @property
    def family_name(self) -> str:
        """The last word of the name."""
        return self.name.rpartition(" ")[2]


def _head(key: str, name: str, login: str, unit: str, title_before: str = "") -> PersonData:
    roles = ((R.HEAD, unit), (R.OFFICER, unit))
    return PersonData(key, name, login, unit, "vedoucí odboru", roles, is_head=True, title_before=title_before)


def _node_administrator(name: str, login: str, unit: str) -> PersonData:
    roles = ((R.NODE_ADMINISTRATOR, unit), (R.OFFICER, unit))
    return PersonData(f"node_admin_{unit}", name, login, unit, "správce spisového uzlu", roles)


REGION = (
    PersonData("clerk", "Jana Nováková", "novakova", "POD", "pracovnice podatelny", ((R.MAILROOM, ""), (R.OFFICER, "POD"))),
    PersonData("officer", "Petr Dvořák", "dvorak", "OD", "referent dopravy", ((R.OFFICER, "OD"),), title_before="Mgr."),
    _head("head", "Marie Horáková", "horakova", "OD", "Ing."),
    PersonData("substitute", "Jiří Růžička", "ruzicka", "OD", "zástupce vedoucí odboru", ((R.OFFICER, "OD"),), title_before="Ing."),
    PersonData("officer2", "Lucie Krejčí", "krejci", "OS", "referentka školství", ((R.OFFICER, "OS"),), title_before="Mgr."),
    _head("head2", "Tomáš Beneš", "benes", "OS", "PaedDr."),
    PersonData("secretariat", "Alena Malá", "mala", "SEK", "vedoucí sekretariátu", ((R.SECRETARIAT, "SEK"), (R.OFFICER, "SEK")), is_head=True),
    PersonData("records_keeper", "Karel Fiala", "fiala", "KH", "správce spisovny", ((R.RECORDS_KEEPER, ""),), title_before="Ing."),
    PersonData("administrator", "Ondřej Svoboda", "svoboda", "OI", "správce systému", ((R.ADMINISTRATOR, ""), (R.CENTRE_ADMINISTRATOR, ""))),
    PersonData("auditor", "Věra Šťastná", "stastna", "KH", "interní auditorka", ((R.AUDITOR, ""),), title_before="JUDr."),
    PersonData("outsider", "Zdeněk Kučera", "kucera", "OE", "účetní", ((R.OFFICER, "OE"),)),
    PersonData("commuter", "Hana Společná", "spolecna", "OE", "metodička účetnictví", ((R.OFFICER, "OE"),), title_before="Ing."),
    _head("head_KH", "Radek Vondra", "vondra", "KH", "Mgr."),
    _head("head_OI", "Michal Říha", "riha", "OI", "Ing."),
    _head("head_OZP", "Eva Lesná", "lesna", "OZP", "RNDr."),
    _head("head_OE", "Pavel Kolář", "kolar", "OE", "Ing."),
    _node_administrator("Jitka Pokorná", "pokorna", "SEK"),
    _node_administrator("Ivana Veselá", "vesela", "KH"),
    _node_administrator("Dana Poštová", "postova", "POD"),
    _node_administrator("Jakub Žák", "zak", "OI"),
    _node_administrator("Lenka Cestová", "cestova", "OD"),
    _node_administrator("Martina Školová", "skolova", "OS"),
    _node_administrator("Filip Rybář", "rybar", "OZP"),
    _node_administrator("Renata Peňázová", "penazova", "OE"),
)  # fmt: skip

SCHOOL = (
    PersonData(
        "clerk", "Blanka Tichá", "ticha", "RED", "vedoucí kanceláře",
        ((R.MAILROOM, ""), (R.OFFICER, "RED"), (R.NODE_ADMINISTRATOR, "RED"), (R.RECORDS_KEEPER, "")),
    ),
    PersonData(
        "director", "Vladimír Učený", "uceny", "RED", "ředitel",
        ((R.HEAD, "RED"), (R.OFFICER, "RED"), (R.ADMINISTRATOR, ""), (R.AUDITOR, "")), is_head=True, title_before="RNDr.",
    ),
)  # fmt: skip

HOSPITAL = (
    PersonData("clerk", "Simona Bílá", "bila", "POD", "pracovnice podatelny", ((R.MAILROOM, ""), (R.OFFICER, "RED"))),
    PersonData("director", "Aleš Zdravý", "zdravy", "RED", "ředitel", ((R.HEAD, ""), (R.OFFICER, "RED")), is_head=True, title_before="MUDr.", title_after="MBA"),
    PersonData("head", "Klára Vnitřní", "vnitrni", "INT", "primářka", ((R.HEAD, "INT"), (R.OFFICER, "INT")), is_head=True, title_before="MUDr.", title_after="Ph.D."),
    PersonData("officer", "Nikola Pilná", "pilna", "INT", "dokumentaristka", ((R.OFFICER, "INT"), (R.NODE_ADMINISTRATOR, "INT"))),
    PersonData("head2", "David Řezáč", "rezac", "CHI", "primář", ((R.HEAD, "CHI"), (R.OFFICER, "CHI")), is_head=True, title_before="MUDr."),
    PersonData("officer2", "Petra Stehlíková", "stehlikova", "CHI", "dokumentaristka", ((R.OFFICER, "CHI"), (R.NODE_ADMINISTRATOR, "CHI"))),
    PersonData("economist", "Ludmila Hrubá", "hruba", "EKO", "vedoucí účtárny", ((R.HEAD, "EKO"), (R.OFFICER, "EKO"), (R.NODE_ADMINISTRATOR, "EKO")), is_head=True, title_before="Ing."),
    PersonData("administrator", "Libor Drát", "drat", "RED", "správce informačních systémů", ((R.ADMINISTRATOR, ""), (R.RECORDS_KEEPER, ""), (R.NODE_ADMINISTRATOR, "RED"))),
)  # fmt: skip

ROADS = (
    PersonData("clerk", "Božena Krátká", "kratka", "RED", "asistentka ředitele", ((R.MAILROOM, ""), (R.OFFICER, "RED"), (R.NODE_ADMINISTRATOR, ""))),
    PersonData("director", "Stanislav Široký", "siroky", "RED", "ředitel", ((R.HEAD, ""), (R.OFFICER, "RED"), (R.ADMINISTRATOR, "")), is_head=True, title_before="Ing."),
    PersonData("officer", "Roman Asfalt", "asfalt", "TEC", "cestmistr", ((R.OFFICER, "TEC"),)),
    PersonData("head", "Miloš Kámen", "kamen", "TEC", "vedoucí technického úseku", ((R.HEAD, "TEC"), (R.OFFICER, "TEC")), is_head=True, title_before="Ing."),
    PersonData("economist", "Hana Společná", "spolecna", "EKO", "ekonomka (na část úvazku)", ((R.OFFICER, "EKO"), (R.RECORDS_KEEPER, "")), title_before="Ing."),
)  # fmt: skip

PEOPLE: dict[str, tuple[PersonData, ...]] = {
    "region": REGION,
    "school": SCHOOL,
    "hospital": HOSPITAL,
    "roads": ROADS,
}

ABSENT, SUBSTITUTE = "head", "substitute"  # the region's substitution, beginning on the day the world is made
SUBSTITUTION_DAYS = 300
