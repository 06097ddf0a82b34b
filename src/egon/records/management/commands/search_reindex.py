"""``egon manage search_reindex``: make the index of the search anew, after what is kept in it changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from egon.records import reindexing
from egon.tenancy.models import Tenant
from egon.tenancy.scope import tenant_scope


class Command(BaseCommand):
    """Goes by batches, each in a transaction of its own; a stopped one goes on by ``--druh`` and ``--od``."""

    help = "Vytvoří znovu rejstřík hledání: spisy, typové spisy, jejich součásti, věcné skupiny a dokumenty."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organizace", help="jen tato organizace (zkratka)")
        parser.add_argument("--druh", choices=[*reindexing.KINDS], help="jen tento druh")
        parser.add_argument("--od", type=int, default=0, help="pokračovat za tímto klíčem (s --druh)")

    def handle(self, *args: Any, **options: Any) -> None:
        tenants = Tenant.objects.order_by("pk")
        if options["organizace"]:
            tenants = tenants.filter(code=options["organizace"])
        kinds = [options["druh"]] if options["druh"] else [*reindexing.KINDS]
        for tenant in tenants:
            with tenant_scope(tenant.pk):
                for kind in kinds:
                    self._index(tenant, kind, options["od"] if options["druh"] else 0)
        self.stdout.write(self.style.SUCCESS("Rejstřík hledání je vytvořený znovu."))

    def _index(self, tenant: Tenant, kind: str, after: int) -> None:
        done = 0
        for keys in reindexing.index_anew(kind, after=after):
            done += len(keys)
            self.stdout.write(f"{tenant.code}: {kind} {done}, poslední {keys[-1]}")
