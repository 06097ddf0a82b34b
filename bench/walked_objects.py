"""Which things to open the pages of: for each kind the oldest, the newest and those made large on purpose."""

import re
from collections.abc import Callable, Iterable

from django.db.models import Model, QuerySet

from egon.audit.models import LogRecord
from egon.circulation.models import Agenda, Approval, Distribution, Handover, Route, RouteStep, RouteTemplate
from egon.databox.models import Box, DataMessage
from egon.mailroom.models import Dispatch, HandoverList, IntakeItem, PostBatch, PostedLetter
from egon.parties.models import Duplicate, Party
from egon.records.models import (
    Addressee,
    CaseFile,
    CheckOut,
    ComponentVersion,
    Document,
    FilingPlan,
    RecordClass,
    Resorting,
)
from egon.records.models.plan import DisposalRegime
from egon.records.report_queries import REPORTS
from egon.registry.models import CodeListItem, Person, Unit

NOT_WALKED = {
    "/dav/": "potřebuje tajnou adresu",
    "/odhlaseni/": "odhlásí toho, kdo měří",
    "/health": "bez přihlášení",
    "/prihlaseni/": "bez přihlášení",
}

# The first prefix that fits a route tells what its number is.
_KINDS: tuple[tuple[str, Callable[[], QuerySet[Model]]], ...] = (
    ("/obeh/dokument/", lambda: Document.objects.all()),
    ("/obeh/predani/", lambda: Handover.objects.all()),
    ("/obeh/schvaleni/", lambda: Approval.objects.all()),
    ("/obeh/krok/", lambda: RouteStep.objects.all()),
    ("/obeh/trasa/", lambda: Route.objects.all()),
    ("/obeh/sablony/", lambda: RouteTemplate.objects.all()),
    ("/obeh/agenda/osoba/", lambda: Person.objects.all()),
    ("/obeh/agenda/", lambda: Agenda.objects.all()),
    ("/obezniky/", lambda: Distribution.objects.all()),
    ("/dokumenty/", lambda: Document.objects.all()),
    ("/komponenty/", lambda: ComponentVersion.objects.filter(media_type="text/plain")),
    ("/upravy/", lambda: CheckOut.objects.all()),
    ("/spisy/", lambda: CaseFile.objects.all()),
    ("/plan/verze/", lambda: FilingPlan.objects.all()),
    ("/plan/skupiny/", lambda: RecordClass.objects.all()),
    ("/plan/rezimy/", lambda: DisposalRegime.objects.all()),
    ("/plan/pretrideni/", lambda: Resorting.objects.all()),
    ("/pristup/osoby/", lambda: Person.objects.all()),
    ("/podatelna/vypravna/posta/archy/", lambda: PostBatch.objects.all()),
    ("/podatelna/vypravna/dorucenky/", lambda: PostedLetter.objects.all()),
    ("/podatelna/protokoly/", lambda: HandoverList.objects.all()),
    ("/podatelna/vypravna/adresat/", lambda: Addressee.objects.all()),
    ("/podatelna/vypravna/dokument/", lambda: Document.objects.filter(direction="outgoing")),
    ("/podatelna/vypravna/", lambda: Dispatch.objects.all()),
    ("/podatelna/zasilka/", lambda: Document.objects.filter(channel="post")),
    ("/podatelna/", lambda: IntakeItem.objects.all()),
    ("/schranky/zprava/", lambda: DataMessage.objects.all()),
    ("/schranky/", lambda: Box.objects.all()),
    ("/sprava/organizace/", lambda: Unit.objects.all()),
    ("/sprava/osoby/", lambda: Person.objects.all()),
    ("/sprava/ciselniky/", lambda: CodeListItem.objects.all()),
    ("/rejstrik/duplicity/", lambda: Duplicate.objects.all()),
    ("/rejstrik/", lambda: Party.objects.all()),
    ("/protokol/", lambda: LogRecord.objects.all()),
)


def objects_for(route: str) -> list[str] | None:
    """Addresses of a route in the organisation in scope; None when it is not walked, empty when there is nothing."""
    if any(route.startswith(prefix) for prefix in NOT_WALKED):
        return None
    if "<slug:key>" in route:
        return [route.replace("<slug:key>", key) for key in REPORTS]
    arguments = re.findall(r"<[^>]+>", route)
    if not arguments:
        return [_SPECIAL.get(route, route)]
    if len(arguments) > 1:
        return None
    found = next((kind() for prefix, kind in _KINDS if route.startswith(prefix)), None)
    return None if found is None else [route.replace(arguments[0], str(pk)) for pk in _chosen(found)]


_SPECIAL = {"/hledat/": "/hledat/?q=smlouva"}


def _chosen(found: QuerySet[Model]) -> Iterable[int]:
    """Ends, something from the middle, and what has more rows than others."""
    if found.model is Document:
        return dict.fromkeys([*_ends(found), *_ends(found.filter(holder__family_name="Dvořák"))])
    if found.model is CaseFile:
        return dict.fromkeys([*_ends(found), *found.order_by("-last_order").values_list("pk", flat=True)[:1]])
    if found.model is RecordClass:
        return dict.fromkeys([*_ends(found), *_ends(found.filter(holds_files=True))])
    if found.model is Person:
        return dict.fromkeys([*_ends(found), *_ends(found.filter(family_name__in=["Dvořák", "Horáková"]))])
    return _ends(found)


def _ends(found: QuerySet[Model]) -> list[int]:
    oldest = found.order_by("pk").values_list("pk", flat=True).first()
    newest = found.order_by("-pk").values_list("pk", flat=True).first()
    return [pk for pk in dict.fromkeys([oldest, newest]) if pk is not None]
