"""Routing of pages, sessions and protection of forms."""

import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Final

from egon.gateways.isds.simulator.boxes import Box, User
from egon.gateways.isds.simulator.clock import moment
from egon.gateways.isds.simulator.core import Simulator
from egon.gateways.isds.simulator.pages import forms, layout

COOKIE: Final = "isds_simulator"
MAX_SESSIONS: Final = 1000
_SECURITY: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """What a page needs to know about a request."""

    method: str
    path: str
    query: dict[str, str]
    content_type: str
    cookie: str
    body: bytes
    local: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAnswer:
    """What goes back to the browser."""

    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Session:
    """One browser: a token for its forms, and the login it acts under."""

    key: str
    token: str
    login: str = ""
    told: str = ""
    """What to say on the next page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request together with the session and the simulator: what every page works with."""

    simulator: Simulator
    session: Session
    request: PageRequest
    form: forms.Form
    now: int

    @property
    def user(self) -> User | None:
        return self.simulator.accounts.find(self.session.login) if self.session.login else None

    @property
    def box(self) -> Box | None:
        user = self.user
        return None if user is None else self.simulator.directory.find(user.box_id)

    def page(self, title: str, content: str, *, status: int = 200, current: str = "") -> PageAnswer:
        """An HTML page in the frame, with what there was to say from the step before."""
        told, self.session.told = self.session.told, ""
        box = self.box
        body = layout.page(
            title,
            layout.done(told) + content,
            who="" if box is None else box.full_name,
            token=self.session.token,
            current=current or self.request.path,
            clock=show(self.simulator.clock.now()),
        )
        return PageAnswer(status=status, body=body)

    def go(self, path: str, told: str = "") -> PageAnswer:
        """On to another page, saying there what was done."""
        self.session.told = told
        return PageAnswer(status=303, headers={"Location": path})

    @property
    def token_field(self) -> str:
        return layout.token_field(self.session.token)


View = Callable[[Visit], PageAnswer]
FindView = Callable[[str, str], tuple[View, bool] | None]
"""The page of a method and an address, and whether it needs a login."""


def show(milliseconds: int | None) -> str:
    """A moment the Czech way: ``3. 10. 2018 7:48:36``."""
    if milliseconds is None:
        return "–"
    when = moment(milliseconds)
    return f"{when.day}. {when.month}. {when.year} {when.hour}:{when:%M:%S}"


class Site:
    """All pages of one simulator. Sessions live in memory: a restart logs everybody out."""

    def __init__(self, simulator: Simulator, find: FindView) -> None:
        self._simulator = simulator
        self._find = find
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def answer(self, request: PageRequest) -> PageAnswer:
        """The page of a request, with the cookie and the security headers."""
        session = self._session(request.cookie)
        answer = self._answer(request, session)
        headers = {**_SECURITY, **answer.headers}
        headers["Set-Cookie"] = f"{COOKIE}={session.key}; Path=/; HttpOnly; SameSite=Strict"
        return PageAnswer(status=answer.status, content_type=answer.content_type, body=answer.body, headers=headers)

    def _answer(self, request: PageRequest, session: Session) -> PageAnswer:
        form, broken = _form(request)
        visit = Visit(simulator=self._simulator, session=session, request=request, form=form, now=self._simulator.now())
        if broken:
            return visit.page("Formulář nelze přečíst", layout.trouble(broken), status=400)
        genuine = hmac.compare_digest(form.text("token").encode(), session.token.encode())
        if request.method != "GET" and not genuine:
            message = (
                "Formulář byl otevřen příliš dávno nebo na jiné stránce. Otevřete ho znovu a odešlete ještě jednou."
            )
            return visit.page("Nic se neprovedlo", layout.trouble(message), status=403)
        found = self._find(request.method, request.path)
        if found is None:
            return visit.page("Taková stránka tu není", '<p><a href="/">Zpět na schránky</a></p>', status=404)
        view, needs_login = found
        if needs_login and visit.user is None:
            return visit.go("/", "Nejdříve zvolte schránku, za kterou chcete jednat.")
        return view(visit)

    def _session(self, cookie: str) -> Session:
        try:
            morsel = SimpleCookie(cookie).get(COOKIE)
        except CookieError:
            morsel = None
        with self._lock:
            session = None if morsel is None else self._sessions.get(morsel.value)
            if session is None:
                if len(self._sessions) >= MAX_SESSIONS:
                    self._sessions.pop(next(iter(self._sessions)))
                session = Session(key=secrets.token_urlsafe(24), token=secrets.token_urlsafe(24))
                self._sessions[session.key] = session
        return session


def _form(request: PageRequest) -> tuple[forms.Form, str]:
    if request.method == "GET":
        return forms.Form(fields=dict(request.query)), ""
    try:
        return forms.read(request.content_type, request.body), ""
    except ValueError:
        return forms.Form(), "Formulář přišel neúplný. Nic se neprovedlo, odešlete ho prosím znovu."
