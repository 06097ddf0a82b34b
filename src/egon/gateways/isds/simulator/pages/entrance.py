"""Choosing the box to act for."""

from html import escape

from egon.gateways.isds.codes import BoxState, BoxType
from egon.gateways.isds.simulator.accounts import LoginError
from egon.gateways.isds.simulator.boxes import Box
from egon.gateways.isds.simulator.pages import layout
from egon.gateways.isds.simulator.pages.site import PageAnswer, Visit, show


def boxes(visit: Visit, problem: str = "") -> PageAnswer:
    """All boxes with a button for each of their users, and a form for a name and a password."""
    everyone = visit.simulator.directory.every()
    rows = "".join(_row(visit, box) for box in everyone) if visit.request.local else ""
    listed = f'<ul class="list">{rows}</ul>' if rows else "<p>Simulátor zatím nemá žádnou schránku.</p>"
    choose = f"<h2>Vstoupit jako</h2>{listed}" if visit.request.local else ""
    form = (
        '<h2>Přihlásit se jménem a heslem</h2><form class="card" method="post" action="/prihlasit">'
        f'{visit.token_field}<div class="grid"><div><label for="jmeno">Přihlašovací jméno</label>'
        '<input id="jmeno" name="jmeno" autocomplete="username" required></div><div><label for="heslo">Heslo</label>'
        '<input id="heslo" name="heslo" type="password" autocomplete="current-password" required></div></div>'
        '<div class="actions"><button>Přihlásit se</button></div></form>'
    )
    return visit.page("Za koho chcete jednat?", layout.trouble(problem) + choose + form, status=403 if problem else 200)


def _row(visit: Visit, box: Box) -> str:
    buttons = "".join(
        f'<form method="post" action="/prihlasit">{visit.token_field}'
        f'<input type="hidden" name="jako" value="{escape(user.login)}">'
        f'<button class="quiet" aria-label="Vstoupit jako {escape(user.full_name)}, {escape(box.full_name)}">'
        f"{escape(user.full_name)}</button></form>"
        for user in visit.simulator.accounts.of_box(box.id)
    )
    kind = escape(BoxType.of(box.type).label)
    state = "" if box.state == 1 else f" · <strong>{escape(BoxState(box.state).label)}</strong>"
    ic = f" · IČO {escape(box.ic)}" if box.ic else ""
    return (
        f'<li><span class="title">{escape(box.full_name)}</span><span class="actions" style="margin:0">{buttons}</span>'
        f'<span class="sub">{box.id} · {kind}{ic}{state}</span></li>'
    )


def log_in(visit: Visit) -> PageAnswer:
    """Enter a box. Without a password only from the machine the simulator runs on."""
    chosen = visit.form.text("jako")
    if chosen and visit.request.local:
        user = visit.simulator.accounts.find(chosen)
        if user is None:
            return boxes(visit, "Takový uživatel tu není.")
    else:
        try:
            user = visit.simulator.accounts.log_in(
                visit.form.text("jmeno"), visit.form.fields.get("heslo", ""), now=visit.now
            )
        except LoginError as failure:
            until = failure.blocked_until
            blocked = "" if until is None else f" Přihlášení je blokováno do {show(until)}."
            return boxes(visit, f"Přihlašovací jméno nebo heslo nesouhlasí.{blocked}")
    visit.session.login = user.login
    return visit.go("/schranka/prijate")


def log_out(visit: Visit) -> PageAnswer:
    """Leave the box."""
    visit.session.login = ""
    return visit.go("/", "Odhlásili jste se ze schránky.")
