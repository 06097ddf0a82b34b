"""The configuration of the organisation as PDF."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from egon.gateways.pdfa import render_sheet
from egon.kernel.actor import Role
from egon.web.access import ActorRequest, requires_role
from egon.web.files import shown
from egon.web.registry.configuration import configuration_sheet


@requires_role(Role.ADMINISTRATOR)
@require_safe
def print_configuration(request: ActorRequest) -> HttpResponse:
    """``/sprava/konfigurace.pdf``: what is set today (NSESSS 5.2.14)."""
    return shown(render_sheet(configuration_sheet(request.actor)), "konfigurace.pdf")
