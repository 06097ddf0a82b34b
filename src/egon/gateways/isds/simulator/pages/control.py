"""The clock and the faults."""

from html import escape
from typing import Final

from egon.gateways.isds.simulator.clock import DAY_MS
from egon.gateways.isds.simulator.faults import KINDS
from egon.gateways.isds.simulator.pages import layout
from egon.gateways.isds.simulator.pages.site import PageAnswer, Visit, show
from egon.gateways.isds.simulator.soap import router

_STEPS: Final = (("1 hodinu", 3600), ("1 den", 86400), ("10 dnů a 1 minutu", 864060), ("91 dnů", 91 * 86400))


def clock_page(visit: Visit, problem: str = "") -> PageAnswer:
    """What time it is, and buttons to move it on."""
    offset = visit.simulator.clock.offset_ms
    buttons = "".join(
        f'<button class="quiet" name="sekundy" value="{s}">Posunout o {label}</button>' for label, s in _STEPS
    )
    ahead = f" (o {offset / DAY_MS:.1f} dne napřed)".replace(".", ",") if offset else " (jde podle skutečného času)"
    content = (
        f'{layout.trouble(problem)}<div class="card"><p>V simulátoru je <strong>{show(visit.now)}</strong>{ahead}.</p>'
        '<p class="hint">Nepřečtené zprávy se doručí fikcí 10 × 24 hodin po dodání; obsah se smaže po 90 dnech '
        "od doručení přihlášením. Hodiny lze posunout jen dopředu.</p>"
        f'<form method="post" action="/hodiny">{visit.token_field}<div class="actions">{buttons}</div></form></div>'
        f'<form class="card" method="post" action="/hodiny">{visit.token_field}<label for="dny">Jiný počet dnů</label>'
        '<input id="dny" name="dny" inputmode="decimal" required><div class="actions"><button>Posunout</button></div>'
        "</form>"
    )
    return visit.page("Hodiny simulátoru", content, status=400 if problem else 200, current="/hodiny")


def advance(visit: Visit) -> PageAnswer:
    """Move the clock on."""
    try:
        if visit.form.text("sekundy"):
            seconds = float(visit.form.text("sekundy"))
        else:
            seconds = float(visit.form.text("dny").replace(",", ".")) * 86400
        if not 0 < seconds <= 3650 * 86400:
            raise ValueError(seconds)
    except ValueError:
        return clock_page(visit, "Zadejte počet dnů větší než 0 a nejvýše 3650. Hodiny zůstaly, kde byly.")
    visit.simulator.clock.advance(round(seconds * 1000))
    return visit.go("/hodiny", f"Hodiny jsou posunuté, v simulátoru je {show(visit.simulator.now())}.")


def faults_page(visit: Visit, problem: str = "") -> PageAnswer:
    """Faults that wait for their calls, and a form for another."""
    rows = "".join(
        f'<li><span class="title">{escape(KINDS[fault.kind])}</span><span class="tag">ještě {fault.count}×</span>'
        f'<span class="sub">{escape(fault.operation)} · pravděpodobnost {fault.probability:g} · {fault.seconds:g} s'
        "</span></li>"
        for fault in visit.simulator.faults.every()
    )
    clear = (
        f'<form method="post" action="/poruchy/zrusit">{visit.token_field}<div class="actions">'
        '<button class="quiet">Zrušit všechny poruchy</button></div></form>'
    )
    waiting = f'<ul class="list">{rows}</ul>{clear}' if rows else "<p>Žádná porucha není nastavená.</p>"
    kinds = "".join(f'<option value="{kind}">{escape(text)}</option>' for kind, text in KINDS.items())
    names = sorted({name for service in router.SERVICES.values() for name in service})
    operations = "".join(f"<option>{name}</option>" for name in names)
    form = (
        f'<h2>Nová porucha</h2><form class="card" method="post" action="/poruchy">{visit.token_field}'
        f'<label for="druh">Co se má stát</label><select id="druh" name="druh">{kinds}</select>'
        '<label for="sluzba">Při volání služby</label><select id="sluzba" name="sluzba">'
        f'<option value="*">kterékoli</option>{operations}</select><div class="grid">'
        '<div><label for="pocet">Kolikrát</label><input id="pocet" name="pocet" value="1" inputmode="numeric"></div>'
        '<div><label for="vteriny">Sekund (zpoždění, mlčení)</label>'
        '<input id="vteriny" name="vteriny" value="5" inputmode="decimal"></div>'
        '<div><label for="kod">Stavový kód (jen u poruchy „zvolený stavový kód“)</label>'
        '<input id="kod" name="kod" inputmode="numeric" maxlength="4"></div>'
        '<div><label for="nahoda">Pravděpodobnost (0–1)</label>'
        '<input id="nahoda" name="nahoda" value="1" inputmode="decimal"></div></div>'
        '<div class="actions"><button>Nastavit poruchu</button></div></form>'
    )
    return visit.page(
        "Poruchy", layout.trouble(problem) + waiting + form, status=400 if problem else 200, current="/poruchy"
    )


def add_fault(visit: Visit) -> PageAnswer:
    """Set a fault."""
    form = visit.form
    try:
        visit.simulator.faults.add(
            operation=form.text("sluzba"),
            kind=form.text("druh"),
            seconds=float(form.text("vteriny").replace(",", ".") or 0),
            count=int(form.text("pocet") or 1),
            probability=float(form.text("nahoda").replace(",", ".") or 1),
            code=form.text("kod"),
        )
    except ValueError:
        message = (
            "Počet má být celé číslo od 1, sekundy 0 až 3600, pravděpodobnost nad 0 do 1 a stavový kód čtyři číslice. "
            "Nic se nenastavilo."
        )
        return faults_page(visit, message)
    return visit.go("/poruchy", "Porucha je nastavená.")


def clear_faults(visit: Visit) -> PageAnswer:
    """Take all faults away."""
    visit.simulator.faults.clear()
    return visit.go("/poruchy", "Všechny poruchy jsou zrušené.")
