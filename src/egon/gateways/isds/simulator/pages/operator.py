"""What only the operator of ISDS could do: maintenance, throttling, the vault, credit; what came to telephones."""

from html import escape

from egon.gateways.isds.simulator.clock import DAY_MS
from egon.gateways.isds.simulator.pages import layout
from egon.gateways.isds.simulator.pages.site import PageAnswer, Visit, show

_THROTTLING = (("", "neomezovat"), ("3008", "omezit (kód 3008)"), ("3009", "omezit (kód 3009)"))


def overview(visit: Visit, problem: str = "") -> PageAnswer:
    """The switches, telephones, vaults, notifications and uploads of all boxes."""
    content = layout.trouble(problem) + _switches(visit) + _phones(visit) + _boxes(visit) + _forms(visit)
    return visit.page("Provozovatel", content, status=400 if problem else 200, current="/provozovatel")


def _switches(visit: Visit) -> str:
    switches = visit.simulator.switches
    chosen = "".join(
        f'<option value="{code}"{" selected" if switches.throttle == code else ""}>{label}</option>'
        for code, label in _THROTTLING
    )
    checked = " checked" if switches.maintenance else ""
    unstamped = " checked" if switches.stamping_down else ""
    return (
        f'<form class="card" method="post" action="/provozovatel">{visit.token_field}<h2>Provoz služeb</h2>'
        f'<label class="row"><input type="checkbox" name="udrzba" value="1"{checked}>Plánovaná údržba: všechny webové '
        'služby odpovídají 503</label><label class="row"><input type="checkbox" name="razitka" value="1"'
        f"{unstamped}>Autorita časových razítek neodpovídá: zprávy se stahují bez razítka (0005)</label>"
        '<label for="omezeni">Omezování četnosti volání (jednou za 3 s)</label>'
        f'<select id="omezeni" name="omezeni">{chosen}</select><div class="actions"><button>Nastavit</button></div>'
        "</form>"
    )


def _phones(visit: Visit) -> str:
    shown = visit.simulator.sessions.shown()
    rows = "".join(
        f'<li><span class="title">Kód {escape(one["code"])}</span><span class="sub">SMS pro {escape(one["login"])}'
        "</span></li>"
        for one in shown["sms"]
    )
    for one in shown["mobile_key"]:
        login = escape(one["login"])
        rows += (
            f'<li><span class="title">{escape(one["application"] or "Aplikace")} žádá o přihlášení</span>'
            f'<form method="post" action="/provozovatel/mobilni-klic">{visit.token_field}'
            f'<input type="hidden" name="login" value="{login}"><button name="volba" value="ano">Potvrdit</button> '
            '<button class="quiet" name="volba" value="ne">Odmítnout</button></form>'
            f'<span class="sub">mobilní klíč uživatele {login}</span></li>'
        )
    listed = f'<ul class="list">{rows}</ul>' if rows else "<p>Žádná SMS ani žádost o potvrzení.</p>"
    return f"<h2>Telefony uživatelů</h2>{listed}"


def _boxes(visit: Visit) -> str:
    simulator = visit.simulator
    rows = ""
    for box in simulator.directory.every():
        facts: list[str] = []
        vault = simulator.vaults.of_box(box.id, now=visit.now)
        if vault is not None:
            facts.append(f"trezor {vault.used} z {vault.capacity} zpráv do {show(vault.until)}")
        since = simulator.messages.registered_since(box.id)
        if since is not None:
            facts.append(f"upozornění bez doručení od {show(since)}")
        credit = simulator.credit.balance(box.id)
        if credit:
            facts.append(f"kredit {credit / 100:.2f} Kč".replace(".", ","))
        facts += [f"nahráno {one.name} ({one.size} B)" for one in simulator.uploads.of_box(box.id)]
        if facts:
            rows += (
                f'<li><span class="title">{escape(box.full_name)}</span><span class="tag">{box.id}</span>'
                f'<span class="sub">{escape(" · ".join(facts))}</span></li>'
            )
    listed = f'<ul class="list">{rows}</ul>' if rows else "<p>Žádná schránka nic z toho nemá.</p>"
    return f"<h2>Trezory, upozornění, kredit a nahrané písemnosti</h2>{listed}"


def _forms(visit: Visit) -> str:
    options = "".join(
        f'<option value="{box.id}">{escape(box.full_name)}</option>' for box in visit.simulator.directory.every()
    )
    return (
        f'<form class="card" method="post" action="/provozovatel/sluzba">{visit.token_field}<h2>Trezor nebo kredit</h2>'
        f'<label for="schranka">Schránka</label><select id="schranka" name="schranka">{options}</select>'
        '<div class="grid"><div><label for="kapacita">Kapacita trezoru (zpráv)</label>'
        '<input id="kapacita" name="kapacita" inputmode="numeric"></div>'
        '<div><label for="kredit">Nabít kredit (Kč)</label><input id="kredit" name="kredit" inputmode="numeric"></div>'
        '</div><div class="actions"><button>Zřídit</button></div></form>'
    )


def change(visit: Visit) -> PageAnswer:
    """Set maintenance and throttling."""
    code = visit.form.text("omezeni")
    if code not in {known for known, _ in _THROTTLING}:
        return overview(visit, "Neznámý způsob omezení. Nic se nezměnilo.")
    visit.simulator.switches.change(
        maintenance=visit.form.text("udrzba") == "1", throttle=code, stamping_down=visit.form.text("razitka") == "1"
    )
    return visit.go("/provozovatel", "Nastavení je uložené.")


def decide(visit: Visit) -> PageAnswer:
    """Confirm or refuse a login by the mobile key."""
    accept = visit.form.text("volba") == "ano"
    visit.simulator.sessions.decide(visit.form.text("login"), accept=accept)
    return visit.go("/provozovatel", "Přihlášení je potvrzené." if accept else "Přihlášení je odmítnuté.")


def provide(visit: Visit) -> PageAnswer:
    """Give a box a vault for a year, or credit."""
    box = visit.simulator.directory.find(visit.form.text("schranka"))
    capacity, credit = visit.form.text("kapacita"), visit.form.text("kredit")
    numbers = [one for one in (capacity, credit) if one]
    sound = bool(numbers) and all(one.isdecimal() and 0 < int(one) <= 1_000_000 for one in numbers)
    if box is None or not sound:
        return overview(visit, "Zadejte celé číslo od 1 do 1 000 000. Nic se nezřídilo.")
    if capacity:
        until = visit.now + 365 * DAY_MS
        visit.simulator.vaults.open(box.id, capacity=int(capacity), since=visit.now, until=until)
    if credit:
        visit.simulator.credit.charge(box.id, int(credit) * 100, now=visit.now)
    return visit.go("/provozovatel", f"Schránka {box.full_name} je zařízená.")
