"""Pages for what went wrong: what happened, what was kept, what to do next."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string

from egon.web.access import public


def page(request: HttpRequest, status: int, message: str) -> HttpResponse:
    """The error page for a status, with the reason in Czech."""
    template = f"{status}.html" if status in (403, 404, 500, 503) else "refused.html"
    return render(request, template, {"reason": message}, status=status)


@public
def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Django's own refusals (a form without its token, a foreign origin)."""
    return page(request, 403, "Formulář vypršel nebo přišel odjinud. Načtěte stránku znovu a odešlete ho ještě jednou.")


@public
def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """No such address."""
    return page(request, 404, "Na této adrese nic není.")


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """A defect of the product. Written without the shell: the database may be what failed."""
    return HttpResponseServerError(render_to_string("500.html"))
