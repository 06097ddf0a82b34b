"""What a person does in a box: lists, a message, a new message."""

import base64
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import quote

from lxml import etree

from egon.gateways.isds.codes import MessageState
from egon.gateways.isds.simulator import attachments, boxes, documents, sending
from egon.gateways.isds.simulator.attachments import Attachment
from egon.gateways.isds.simulator.boxes import Box, User
from egon.gateways.isds.simulator.contents import Region
from egon.gateways.isds.simulator.envelopes import Envelope, cleaned
from egon.gateways.isds.simulator.pages import layout
from egon.gateways.isds.simulator.pages.site import PageAnswer, Visit, show
from egon.gateways.isds.simulator.records import Message, Window
from egon.gateways.isds.simulator.refusals import Refusal
from egon.gateways.isds.simulator.soap.outgoing import StoredRegion

PAGE_SIZE: Final = 50
MAX_RECIPIENTS_SHOWN: Final = 20
WAITING: Final = frozenset({4, 5})


def _user(visit: Visit) -> User:
    user = visit.user
    if user is None:
        raise LookupError(visit.session.login)
    return user


def _state(state: int) -> str:
    return f'<span class="tag s{state}">{escape(MessageState(state).label)}</span>'


def received(visit: Visit) -> PageAnswer:
    """Messages in the box. Looking at the list delivers nothing here; opening a message does."""
    return _list(visit, "Přijaté zprávy", "/schranka/prijate", incoming=True)


def sent(visit: Visit) -> PageAnswer:
    """Messages sent from the box."""
    return _list(visit, "Odeslané zprávy", "/schranka/odeslane", incoming=False)


def _list(visit: Visit, title: str, path: str, *, incoming: bool) -> PageAnswer:
    number = visit.form.text("strana")
    page = max(int(number), 1) if number.isdecimal() and len(number) < 9 else 1
    window = Window(offset=(page - 1) * PAGE_SIZE + 1, limit=PAGE_SIZE + 1)
    box_id = _user(visit).box_id
    found = (
        visit.simulator.messages.received(box_id, window) if incoming else visit.simulator.messages.sent(box_id, window)
    )
    rows = "".join(_row(one, incoming=incoming) for one in found[:PAGE_SIZE])
    listed = f'<ul class="list">{rows}</ul>' if rows else "<p>Zatím tu není žádná zpráva.</p>"
    newer = f'<a class="button quiet" href="{path}?strana={page - 1}">Novější</a>' if page > 1 else ""
    older = f'<a class="button quiet" href="{path}?strana={page + 1}">Starší</a>' if len(found) > PAGE_SIZE else ""
    return visit.page(title, f'{listed}<div class="actions">{newer}{older}</div>', current=path)


def _row(message: Message, *, incoming: bool) -> str:
    other = f"od: {message.sender_name}" if incoming else f"pro: {message.recipient_name}"
    moment = message.delivered or message.submitted
    big = " · velkoobjemová" if message.big else ""
    return (
        f'<li><a class="title" href="/schranka/zprava/{message.id}">{escape(message.annotation)}</a>'
        f'{_state(message.state)}<span class="sub">{escape(other)} · {show(moment)} · č. {message.id}{big}</span></li>'
    )


# -- one message -------------------------------------------------------------------------------------------------------


def _own(visit: Visit) -> Message | None:
    found = re.match(r"/schranka/zprava/(\d+)", visit.request.path)
    message = None if found is None else visit.simulator.messages.find(found.group(1))
    box_id = _user(visit).box_id
    if message is None or box_id not in {message.sender_box, message.recipient_box}:
        return None
    if message.recipient_box == box_id and message.state < 4:
        return None
    return message


def _missing(visit: Visit) -> PageAnswer:
    problem = layout.trouble("Zpráva neexistuje nebo nepatří k této schránce.")
    return visit.page("Zpráva tu není", problem, status=404)


def message(visit: Visit) -> PageAnswer:
    """A message with its attachments, times and events. One not delivered yet is only offered for opening."""
    shown = _own(visit)
    if shown is None:
        return _missing(visit)
    incoming = shown.recipient_box == _user(visit).box_id
    if incoming and shown.state in WAITING:
        content = (
            f'<div class="card"><p>Zprávu poslal(a) <strong>{escape(shown.sender_name)}</strong>, do schránky byla '
            f"dodána {show(shown.delivered)}.</p><p>Otevřením se zpráva doručí přihlášením oprávněné osoby.</p>"
            f'<form method="post">{visit.token_field}<div class="actions"><button>Otevřít a tím doručit</button></div>'
            "</form></div>"
        )
    else:
        content = _files(visit, shown) + _facts(shown) + _events(visit, shown)
    back = "/schranka/prijate" if incoming else "/schranka/odeslane"
    return visit.page(shown.annotation, f"<p>{_state(shown.state)}</p>{content}", current=back)


def open_message(visit: Visit) -> PageAnswer:
    """Deliver a received message by login and mark it as read."""
    shown = _own(visit)
    user = _user(visit)
    if shown is None or shown.recipient_box != user.box_id:
        return _missing(visit)
    if not user.may_read(personal=shown.personal):
        problem = layout.trouble("Tuto zprávu nemáte právo číst. Zpráva zůstala nedoručená.")
        return visit.page("Nemáte oprávnění", problem, status=403)
    visit.simulator.messages.deliver_by_login(user, now=visit.now, only=shown.id)
    visit.simulator.messages.mark_read(shown.id)
    return visit.go(f"/schranka/zprava/{shown.id}")


def _facts(shown: Message) -> str:
    envelope = etree.fromstring(f'<e xmlns:p="p" xmlns:xsi="xsi">{shown.envelope}</e>')
    values = {etree.QName(one).localname: one.text or "" for one in envelope}
    facts = [
        ("Číslo zprávy", str(shown.id)),
        ("Odesílatel", f"{shown.sender_name}, {shown.sender_box}"),
        ("Příjemce", f"{shown.recipient_name}, {shown.recipient_box}"),
        ("K rukám", values.get("dmToHands", "")),
        ("Číslo jednací odesílatele", values.get("dmSenderRefNumber", "")),
        ("Spisová značka odesílatele", values.get("dmSenderIdent", "")),
        ("Číslo jednací příjemce", values.get("dmRecipientRefNumber", "")),
        ("Spisová značka příjemce", values.get("dmRecipientIdent", "")),
        ("Podána", show(shown.submitted)),
        ("Dodána", show(shown.delivered)),
        ("Doručena", show(shown.accepted)),
    ]
    rows = "".join(f"<dt>{label}</dt><dd>{escape(value)}</dd>" for label, value in facts if value)
    return f'<h2>Údaje zprávy</h2><div class="card"><dl>{rows}</dl></div>'


def _events(visit: Visit, shown: Message) -> str:
    rows = "".join(
        f"<dt>{show(moment)}</dt><dd>{escape(text)}</dd>" for moment, text in visit.simulator.messages.events(shown.id)
    )
    return (
        f'<h2>Průběh doručování</h2><div class="card"><dl>{rows}</dl><div class="actions">'
        f'<a class="button quiet" href="/schranka/zprava/{shown.id}/dorucenka.zfo">Stáhnout doručenku (ZFO)</a>'
        "</div></div>"
    )


@dataclass(frozen=True, slots=True)
class _Stored:
    name: str
    size: int
    load: Callable[[], bytes]


def _stored(visit: Visit, shown: Message) -> list[_Stored]:
    if shown.big:
        return _stored_big(visit, shown)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    whole = visit.simulator.messages.whole(shown).replace(b"<p:dmDm ", b'<p:dmDm xmlns:xsi="xsi" ', 1)
    stored: list[_Stored] = []
    for one in etree.fromstring(whole, parser).iter("{*}dmFile"):
        part = one[0]
        is_markup = etree.QName(part).localname == "dmXMLContent"
        content = etree.tostring(part) if is_markup else base64.b64decode(part.text or "")
        stored.append(_Stored(one.get("dmFileDescr", ""), len(content), partial(bytes, content)))
    return stored


def _stored_big(visit: Visit, shown: Message) -> list[_Stored]:
    """Attachments of a large message; only the one asked for is read."""
    content = visit.simulator.messages.content(shown)

    def load(region: Region) -> bytes:
        return b"".join(StoredRegion(content.path, region).raw())

    return [_Stored(region.name, region.size, partial(load, region)) for region in content.regions]


def _files(visit: Visit, shown: Message) -> str:
    try:
        stored = _stored(visit, shown)
    except Refusal as refusal:
        return layout.trouble(refusal.message)
    rows = "".join(
        f'<li><a class="title" href="/schranka/zprava/{shown.id}/priloha/{order}">{escape(one.name)}</a>'
        f'<span class="sub">{_size(one.size)}</span></li>'
        for order, one in enumerate(stored)
    )
    zfo = f'<a class="button quiet" href="/schranka/zprava/{shown.id}/zprava.zfo">Stáhnout zprávu (ZFO)</a>'
    return f'<h2>Přílohy</h2><ul class="list">{rows}</ul><div class="actions">{zfo}</div>'


def _size(size: int) -> str:
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:.1f} kB".replace(".", ",") if size < 1_000_000 else f"{size / 1e6:.1f} MB".replace(".", ",")


def _readable(visit: Visit) -> Message | None:
    shown = _own(visit)
    user = _user(visit)
    if shown is None:
        return None
    if shown.sender_box == user.box_id:
        return shown
    return shown if shown.state not in WAITING and user.may_read(personal=shown.personal) else None


def attachment(visit: Visit) -> PageAnswer:
    """An attachment for saving; never shown inside the page."""
    shown = _readable(visit)
    if shown is None:
        return _missing(visit)
    order = int(visit.request.path.rpartition("/")[2])
    try:
        stored = _stored(visit, shown)
    except Refusal as refusal:
        return visit.page("Přílohu nelze stáhnout", layout.trouble(refusal.message), status=410)
    if order >= len(stored):
        return _missing(visit)
    return _download(stored[order].name, stored[order].load())


def message_zfo(visit: Visit) -> PageAnswer:
    """The sealed message."""
    shown = _readable(visit)
    if shown is None:
        return _missing(visit)
    incoming = shown.recipient_box == _user(visit).box_id
    try:
        return _download(f"DZ_{shown.id}.zfo", _sealed(visit, shown, incoming=incoming))
    except Refusal as refusal:
        return visit.page("Zprávu nelze stáhnout", layout.trouble(refusal.message), status=410)


def _sealed(visit: Visit, shown: Message, *, incoming: bool) -> bytes:
    if not shown.big:
        return documents.message_zfo(visit.simulator, shown, sent=not incoming)
    with tempfile.TemporaryDirectory(dir=visit.simulator.incoming) as folder:
        path = Path(folder) / "zprava.zfo"
        documents.big_zfo(visit.simulator, shown, path, sent=not incoming)
        return path.read_bytes()


def delivery_zfo(visit: Visit) -> PageAnswer:
    """The sealed delivery record."""
    shown = _readable(visit)
    if shown is None:
        return _missing(visit)
    return _download(f"DD_{shown.id}.zfo", documents.delivery_zfo(visit.simulator, shown))


def _download(name: str, content: bytes) -> PageAnswer:
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    headers = {"Content-Disposition": disposition}
    return PageAnswer(content_type="application/octet-stream", body=content, headers=headers)


# -- a new message -----------------------------------------------------------------------------------------------------


def compose(visit: Visit, problem: str = "") -> PageAnswer:
    """Find a recipient by name, IČO or identifier, then write."""
    chosen = visit.simulator.directory.find(visit.form.text("komu"))
    title = "Nová zpráva"
    if chosen is None:
        return visit.page(title, layout.trouble(problem) + _search(visit), current="/schranka/nova")
    content = layout.trouble(problem) + _letter(visit, chosen)
    return visit.page(title, content, status=400 if problem else 200, current="/schranka/nova")


def _search(visit: Visit) -> str:
    phrase = visit.form.text("hledat")
    form = (
        '<form class="card" method="get" action="/schranka/nova"><label for="hledat">Komu</label>'
        f'<input id="hledat" name="hledat" value="{escape(phrase)}" required>'
        '<p class="hint">Název, jméno, adresa, IČO nebo identifikátor schránky.</p>'
        '<div class="actions"><button>Vyhledat příjemce</button></div></form>'
    )
    if not phrase:
        return form
    directory = visit.simulator.directory
    found = [directory.find(phrase.lower())] if boxes.is_box_id(phrase.lower()) else []
    candidates = (
        [one for one in found if one is not None] or directory.by_exact("ic", phrase) or directory.by_words(phrase)
    )
    rows = "".join(
        f'<li><a class="title" href="/schranka/nova?komu={one.id}">{escape(one.full_name)}</a>'
        f'<span class="sub">{escape(one.address.in_one_line())} · {one.id}</span></li>'
        for one in candidates[:MAX_RECIPIENTS_SHOWN]
        if one.id != _user(visit).box_id
    )
    return form + (f'<ul class="list">{rows}</ul>' if rows else "<p>Takovou schránku simulátor nezná.</p>")


def _letter(visit: Visit, recipient: Box) -> str:
    def field(name: str, label: str, *, longest: int, needed: bool = False) -> str:
        value = escape(visit.form.text(name))
        required = " required" if needed else ""
        return (
            f'<div><label for="{name}">{label}</label>'
            f'<input id="{name}" name="{name}" maxlength="{longest}" value="{value}"{required}></div>'
        )

    files = "".join(
        f'<label for="soubor{order}">{order}. příloha</label>'
        f'<input id="soubor{order}" type="file" name="soubor" multiple>'
        for order in (1, 2)
    )
    return (
        f'<form class="card" method="post" action="/schranka/nova" enctype="multipart/form-data">{visit.token_field}'
        f'<input type="hidden" name="komu" value="{recipient.id}"><p>Příjemce: <strong>{escape(recipient.full_name)}'
        f'</strong>, {recipient.id} · <a href="/schranka/nova">změnit</a></p>'
        f'{field("vec", "Věc", longest=255, needed=True)}<div class="grid">'
        f"{field('cj', 'Naše číslo jednací', longest=50)}"
        f"{field('sz', 'Naše spisová značka', longest=50)}{field('vase_cj', 'Vaše číslo jednací', longest=50)}"
        f"{field('vase_sz', 'Vaše spisová značka', longest=50)}{field('k_rukam', 'K rukám', longest=30)}</div>"
        '<label class="row"><input type="checkbox" name="vlastni" value="1">Do vlastních rukou</label>'
        f'<h2>Přílohy</h2>{files}<p class="hint">V každém poli lze vybrat i více souborů najednou; dohromady nejvýše '
        '20 MB.</p><div class="actions"><button>Odeslat zprávu</button></div></form>'
    )


def send(visit: Visit) -> PageAnswer:
    """Send a message by the same rules as over SOAP."""
    form = visit.form
    files = [
        Attachment(
            name=cleaned(one.name),
            mime_type=attachments.mime_type_of(one.name) or "application/octet-stream",
            content=one.content,
            meta_type="main" if order == 0 else "enclosure",
        )
        for order, one in enumerate(form.files)
    ]
    envelope = Envelope(
        recipient_box=form.text("komu"),
        annotation=cleaned(form.text("vec")),
        sender_ref_number=cleaned(form.text("cj")),
        sender_ident=cleaned(form.text("sz")),
        recipient_ref_number=cleaned(form.text("vase_cj")),
        recipient_ident=cleaned(form.text("vase_sz")),
        to_hands=cleaned(form.text("k_rukam")),
        personal_delivery=form.text("vlastni") == "1",
        publish_own_id=True,
    )
    simulator = visit.simulator
    try:
        number = sending.send(
            simulator.directory, simulator.messages, author=_user(visit), envelope=envelope, files=files, now=visit.now
        )
    except Refusal as refusal:
        return compose(visit, f"{refusal.message} Zpráva nebyla odeslána, opravte ji a přílohy vyberte znovu.")
    return visit.go(f"/schranka/zprava/{number}", f"Zpráva č. {number} byla odeslána.")
