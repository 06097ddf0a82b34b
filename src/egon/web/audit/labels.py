"""Czech words for what stands in the log: names of parameters, types of entities, values."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from egon.web.formatting import write_date, write_datetime

PARAMETERS: dict[str, str] = {
    "absent": "zastoupený",
    "account": "účet",
    "addressee": "adresát",
    "after": "nově",
    "annotation": "věc zprávy",
    "approver": "schvalovatel",
    "before": "původně",
    "birth_date": "datum narození",
    "box": "schránka",
    "channel": "způsob",
    "city": "obec",
    "code": "kód",
    "code_list": "číselník",
    "comment": "připomínka",
    "databox_id": "datová schránka",
    "deadline": "termín",
    "delivered_at": "doručeno",
    "direction": "směr",
    "dm_id": "číslo datové zprávy",
    "document": "dokument",
    "email": "e-mail",
    "failures": "neúspěšných pokusů",
    "family_name": "příjmení",
    "file": "spis",
    "file_mark": "spisová značka",
    "format": "formát",
    "given_name": "jméno",
    "handover": "předání",
    "holder": "zpracovatel",
    "house_number": "číslo popisné",
    "how": "způsob vyřízení",
    "ic": "IČO",
    "identifier": "identifikátor",
    "instruction": "pokyn",
    "is_head": "vedoucí místo",
    "is_records_node": "spisový uzel",
    "kind": "druh",
    "login": "přihlašovací jméno",
    "message": "zpráva",
    "name": "název",
    "note": "poznámka",
    "on": "ke dni",
    "organisation": "organizace",
    "orientation_number": "číslo orientační",
    "parent": "nadřízená část",
    "party": "osoba rejstříku",
    "person": "osoba",
    "phone": "telefon",
    "position": "funkční místo",
    "postal_code": "PSČ",
    "reason": "důvod",
    "record_class": "spisový znak",
    "recipient": "adresát",
    "reference_number": "číslo jednací",
    "role": "role",
    "sender": "odesílatel",
    "sender_reference": "značka odesílatele",
    "source": "zdroj",
    "street": "ulice",
    "subject": "věc",
    "substitute": "zastupující",
    "title_after": "titul za jménem",
    "title_before": "titul před jménem",
    "unit": "organizační část",
    "units": "organizační části",
    "valid_from": "platí od",
    "valid_to": "platí do",
    "withdrawn_roles": "odebrané role",
}

# Parameters that tell a person nothing: numbers of rows, whole contents, the product's own switches.
HIDDEN = frozenset(
    {"today", "at", "shown", "details", "files", "must_change", "tenant_id", "page", "source", "country"}
)

ENTITIES: dict[str, str] = {
    "circulation.approval": "schválení",
    "circulation.distribution": "oběžník",
    "circulation.handover": "předání",
    "databox.box": "datová schránka",
    "databox.datamessage": "datová zpráva",
    "databox.outboxitem": "odesílaná zpráva",
    "mailroom.dispatch": "vypravení",
    "mailroom.intakeitem": "došlá zásilka",
    "parties.party": "osoba jmenného rejstříku",
    "records.addressee": "adresát",
    "records.casefile": "spis",
    "records.component": "komponenta",
    "records.componentversion": "verze komponenty",
    "records.document": "dokument",
    "records.documenttemplate": "šablona",
    "records.filingplan": "spisový plán",
    "records.recordclass": "věcná skupina",
    "registry.codelistitem": "položka číselníku",
    "registry.person": "osoba",
    "registry.position": "funkční místo",
    "registry.rolegrant": "přidělená role",
    "registry.substitution": "zástup",
    "registry.unit": "organizační část",
}

ADDRESSES: dict[str, str] = {
    "parties.party": "/rejstrik/{}/",
    "records.document": "/dokumenty/{}/",
    "records.casefile": "/spisy/{}/",
    "registry.person": "/sprava/osoby/{}/",
    "registry.unit": "/sprava/organizace/{}/",
}

VALUES: dict[str, str] = {
    "administrator": "správce systému",
    "auditor": "auditor",
    "authority": "orgán veřejné moci",
    "centre_administrator": "správce krajského centra",
    "databox": "datová schránka",
    "entrepreneur": "podnikající fyzická osoba",
    "head": "vedoucí",
    "incoming": "příchozí",
    "information": "na vědomí",
    "internal": "vlastní",
    "legal": "právnická osoba",
    "mailroom": "podatelna a výpravna",
    "natural": "fyzická osoba",
    "node_administrator": "správce spisového uzlu",
    "officer": "zpracovatel",
    "opinion": "ke stanovisku",
    "outgoing": "odesílaný",
    "processing": "k vyřízení",
    "received": "doručený",
    "records_keeper": "správce spisovny",
    "secretariat": "sekretariát",
    "typed": "zapsáno ručně",
}


def parameter_name(name: str) -> str:
    """A parameter in Czech, or its own name with spaces when we have no word for it."""
    return PARAMETERS.get(name, name.replace("_", " "))


def entity_name(entity_type: str) -> str:
    """A type of entity in Czech."""
    return ENTITIES.get(entity_type, entity_type)


def address_of(entity_type: str, entity_id: int) -> str:
    """The page of an entity, empty when it has none."""
    return ADDRESSES.get(entity_type, "").format(entity_id)


def readable(value: Any) -> str:
    """A logged value as a person reads it: Czech dates, words instead of codes, lists with commas."""
    match value:
        case None:
            return ""
        case bool():
            return "ano" if value else "ne"
        case str():
            return VALUES.get(value) or _time_or_text(value)
        case list():
            return ", ".join(filter(None, map(readable, value)))
        case Mapping():
            return ", ".join(f"{parameter_name(name)}: {readable(item) or 'nic'}" for name, item in value.items())
        case _:
            return str(value)


def _time_or_text(text: str) -> str:
    if len(text) < 10 or text[4:5] != "-" or text[7:8] != "-":
        return text
    try:
        return write_date(date.fromisoformat(text)) if len(text) == 10 else write_datetime(datetime.fromisoformat(text))
    except ValueError:
        return text
