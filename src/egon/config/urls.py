"""Addresses of the pages. Every view declares its access decision (egon.web.access)."""

from django.urls import include, path

from egon.web.health import health
from egon.web.styleguide import styleguide

urlpatterns = [
    path("health", health),
    path("styl/", styleguide, name="styleguide"),
    path("", include("egon.web.circulation.urls")),
    path("", include("egon.web.identity.urls")),
    path("sprava/dokumentace/", include("egon.web.documentation.urls")),
    path("sprava/", include("egon.web.registry.urls")),
    path("nabidka/", include("egon.web.offers.urls")),
    path("rejstrik/", include("egon.web.parties.urls")),
    path("", include("egon.web.records.urls")),
    path("podatelna/", include("egon.web.mailroom.urls")),
    path("schranky/", include("egon.web.databox.urls")),
    path("dav/", include("egon.web.dav.urls")),
    path("protokol/", include("egon.web.audit.urls")),
]

handler403 = "egon.web.errors.forbidden"
handler404 = "egon.web.errors.not_found"
handler500 = "egon.web.errors.server_error"
