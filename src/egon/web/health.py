"""Whether the web process and its database answer, for those who watch over the installation."""

from django.db import connection
from django.http import HttpRequest, HttpResponse

from egon.web.access import public


@public
def health(request: HttpRequest) -> HttpResponse:
    """200 ``ok`` when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
