"""``egon databox health``: state of all organisations' boxes, for people and for whoever watches the installation."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from egon.databox import centre
from egon.databox.operations import look_at_centre
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.tenancy.models import Tenant
from egon.tenancy.scope import tenant_scope


class Command(BaseCommand):
    """Exit code 1 when some box has a trouble (not with ``--json`` and ``--prometheus``)."""

    help = "Vypíše stav datových schránek všech organizací centra, bez obsahu zpráv."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="jako JSON")
        parser.add_argument("--prometheus", action="store_true", help="ve formátu sběrače textových souborů Prometheus")

    def handle(self, *args: Any, **options: Any) -> None:
        operator = Tenant.objects.filter(is_operator=True).first()
        if operator is None:
            raise CommandError("Centrum nemá organizaci, která ho provozuje.", returncode=2)
        now = clock.now()
        with tenant_scope(operator.pk):
            boxes = look_at_centre(actor=Actor.system(operator.pk, "příkazová řádka"), at=now)
        if options["json"]:
            self.stdout.write(json.dumps(centre.as_json(boxes, now=now), ensure_ascii=False, indent=2, default=str))
        elif options["prometheus"]:
            self.stdout.write(centre.as_prometheus(boxes, now=now), ending="")
        elif not self._told(boxes, now):
            raise SystemExit(1)

    def _told(self, boxes: list[centre.BoxHealth], now: Any) -> bool:
        """Write one box a line; whether all are well."""
        troubled = False
        for box in boxes:
            self.stdout.write(f"{box.code} {box.box_id}: {centre.condition_of(box, now=now).label}")
            for trouble in centre.troubles_of(box, now=now):
                troubled = True
                self.stdout.write(f"  {trouble}")
        return not troubled
