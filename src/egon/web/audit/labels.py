"""Czech words for what stands in the log: names of parameters, types of entities, values."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from egon.web.formatting import write_date, write_datetime

PARAMETERS: dict[str, str] = {
    "absent": "zastoupený",
    "accepted_at": "doručeno",
    "account": "účet",
    "active": "v činnosti",
    "address": "adresa",
    "addressee": "adresát",
    "addressees": "adresáti",
    "advice": "pokyn, kam dál",
    "after": "nově",
    "annotation": "věc zprávy",
    "approval": "schválení",
    "approver": "schvalovatel",
    "at": "čas",
    "before": "původně",
    "birth_date": "datum narození",
    "blob": "obsah",
    "body": "text",
    "box": "schránka",
    "box_id": "datová schránka",
    "box_type": "typ schránky",
    "certificate": "certifikát",
    "changed_from": "změněno z",
    "channel": "způsob",
    "check_every": "vyhlížet po (s)",
    "check_years": "lhůta kontroly události",
    "city": "obec",
    "classes": "věcných skupin",
    "code": "kód",
    "code_list": "číselník",
    "comment": "připomínka",
    "component": "komponenta",
    "converts_formats": "převod formátů",
    "country": "stát",
    "databox_id": "datová schránka",
    "deadline": "termín",
    "delivered_at": "doručeno",
    "delivery_policy": "způsob stahování",
    "description": "popis",
    "detail": "podrobnost",
    "details": "údaje",
    "digest": "otisk SHA-256",
    "direction": "směr",
    "dispatch": "vypravení",
    "disposal_mark": "skartační znak",
    "disposal_year": "rok skartace",
    "disposal_year_was": "původní rok skartace",
    "dm_id": "číslo datové zprávy",
    "dm_ids": "čísla datových zpráv",
    "document": "dokument",
    "due_at": "znovu se zkusí",
    "duplicate_of": "duplicita k",
    "email": "e-mail",
    "environment_url": "adresa ISDS",
    "event": "událost",
    "failures": "neúspěšných pokusů",
    "family_name": "příjmení",
    "file": "spis",
    "file_mark": "spisová značka",
    "file_mark_format": "tvar spisové značky",
    "files": "soubory",
    "for_typed_files": "pro typové spisy",
    "format": "formát",
    "former_boxes": "dřívější schránky",
    "found_in_list": "nalezeno v seznamu",
    "given_name": "jméno",
    "grant": "role",
    "handover": "předání",
    "happened_at": "nastalo",
    "hold": "pozastavení",
    "holder": "zpracovatel",
    "hours_from": "stahovat od (h)",
    "hours_to": "stahovat do (h)",
    "house_number": "číslo popisné",
    "how": "způsob vyřízení",
    "ic": "IČO",
    "identified_at": "ztotožněno",
    "identifier": "identifikátor",
    "include_closed": "i uzavřené spisy",
    "instruction": "pokyn",
    "is_head": "vedoucí místo",
    "is_records_node": "spisový uzel",
    "item": "položka",
    "items": "zásilky",
    "kind": "druh",
    "link": "vazba",
    "login": "přihlašovací jméno",
    "login_kind": "způsob přihlášení",
    "mark": "skartační znak",
    "message": "zpráva",
    "message_state": "stav zprávy",
    "messages": "zprávy",
    "move_files_to": "spisy přetřídit do",
    "moved": "přetříděno",
    "moved_from": "přesunuto z",
    "moves": "odkud a kam",
    "must_change": "změna hesla při přihlášení",
    "name": "název",
    "new_file": "soubor",
    "next_attempt_at": "další pokus",
    "next_stamp_to": "razítko platí do",
    "not_output_formats": "mimo výstupní formát",
    "note": "poznámka",
    "noticed": "zjištěné nepřevzaté zprávy",
    "numbers_by_file": "čísla jednací ze spisové značky",
    "on": "ke dni",
    "options": "volby odeslání",
    "organisation": "organizace",
    "orientation_number": "číslo orientační",
    "outcome": "výsledek",
    "own_box": "vlastní schránka",
    "page": "stránka seznamu",
    "parent": "nadřízená část",
    "party": "osoba rejstříku",
    "password_changed": "změněno heslo",
    "people": "osoby",
    "person": "osoba",
    "personal_delivery": "do vlastních rukou",
    "phone": "telefon",
    "plan": "spisový plán",
    "policy_before": "původní způsob stahování",
    "position": "funkční místo",
    "postal_code": "PSČ",
    "previous": "předtím",
    "previous_class": "původní věcná skupina",
    "previous_name": "původní obsah",
    "previous_processor": "předchozí zpracovatel",
    "previous_reference_number": "předchozí číslo jednací",
    "previous_regime": "původní režim",
    "previous_subject": "předchozí věc",
    "processor": "zpracovatel",
    "reason": "důvod",
    "recipient": "adresát",
    "recipient_box_id": "schránka adresáta",
    "recipient_name": "adresát",
    "recipient_reference": "značka adresáta",
    "recipient_type": "typ schránky adresáta",
    "recipients": "adresáti",
    "record_class": "spisový znak",
    "records": "záznamy",
    "reference_format": "tvar čísla jednacího",
    "reference_number": "číslo jednací",
    "refused": "nepřetříděno",
    "regime": "skartační režim",
    "remember": "zapamatovat schránku",
    "removed": "odebráno",
    "resorting": "hromadné přetřídění",
    "retention_years": "skartační lhůta (roky)",
    "role": "role",
    "run": "převzetí úložiště",
    "sender": "odesílatel",
    "sender_reference": "značka odesílatele",
    "sending": "odesílaná zpráva",
    "separator": "oddělovač",
    "shown": "zobrazeno",
    "size": "velikost (B)",
    "source": "zdroj",
    "standing_consent": "trvalý skartační souhlas",
    "started_by": "spustil",
    "state": "stav",
    "street": "ulice",
    "subject": "věc",
    "substitute": "zastupující",
    "substitution": "zástup",
    "successor": "nástupce",
    "taken_out_of": "vyjmuto z",
    "target": "nová věcná skupina",
    "template": "šablona",
    "tenant_id": "číslo organizace",
    "text": "hledáno",
    "title_after": "titul za jménem",
    "title_before": "titul před jménem",
    "to": "komu",
    "to_hands": "k rukám",
    "today": "ke dni",
    "total": "celkem",
    "trigger": "spouštěcí událost",
    "unit": "útvar",
    "units": "útvary",
    "valid_from": "platí od",
    "valid_to": "platí do",
    "was_closed_on": "bylo uzavřeno",
    "was_settled_how": "bylo vyřízeno způsobem",
    "was_settled_on": "bylo vyřízeno dne",
    "web": "web",
    "withdrawn_roles": "odebrané role",
    "working_days_only": "jen v pracovní dny",
    "year": "rok",
    "years": "počet let",
}

# Parameters that tell a person nothing: numbers of rows, whole contents, the product's own switches.
HIDDEN = frozenset(
    {"today", "at", "shown", "details", "files", "item", "must_change", "tenant_id", "page", "source", "country"}
)

ENTITIES: dict[str, str] = {
    "circulation.approval": "schválení",
    "circulation.distribution": "oběžník",
    "circulation.handover": "předání",
    "databox.box": "datová schránka",
    "databox.boxcertificate": "certifikát schránky",
    "databox.datamessage": "datová zpráva",
    "databox.messageevent": "událost datové zprávy",
    "databox.messagefile": "příloha datové zprávy",
    "databox.outboxfile": "příloha odesílané zprávy",
    "databox.outboxitem": "odesílaná zpráva",
    "mailroom.dispatch": "vypravení",
    "mailroom.intakeitem": "došlá zásilka",
    "parties.party": "osoba jmenného rejstříku",
    "records.addressee": "adresát",
    "records.casefile": "spis",
    "records.component": "komponenta",
    "records.componentversion": "verze komponenty",
    "records.disposalhold": "pozastavení skartační operace",
    "records.disposalregime": "skartační režim",
    "records.document": "dokument",
    "records.documentaccess": "přístup k dokumentu",
    "records.documentkind": "druh dokumentu",
    "records.documenttemplate": "šablona",
    "records.filingplan": "spisový plán",
    "records.partylink": "vazba na osobu",
    "records.recordclass": "věcná skupina",
    "records.recordssettings": "nastavení spisové služby",
    "records.resorting": "hromadné přetřídění",
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
    "document": "dokumentem",
    "entrepreneur": "podnikající fyzická osoba",
    "head": "vedoucí",
    "incoming": "příchozí",
    "information": "na vědomí",
    "internal": "vlastní",
    "legal": "právnická osoba",
    "mailroom": "podatelna a výpravna",
    "natural": "fyzická osoba",
    "node_administrator": "správce spisového uzlu",
    "noting": "vzetím na vědomí",
    "officer": "zpracovatel",
    "opinion": "ke stanovisku",
    "outgoing": "odesílaný",
    "processing": "k vyřízení",
    "received": "doručený",
    "record": "záznamem na dokumentu",
    "records_keeper": "správce spisovny",
    "referral": "postoupením",
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
