"""``egon manage search_reindex``: make the index of the search anew, after what is kept in it changed."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from egon.records import indexing
from egon.records.models import CaseFile, Document, RecordClass
from egon.tenancy.models import Tenant
from egon.tenancy.scope import tenant_scope

_BATCH = 200


class Command(BaseCommand):
    """Goes by batches, each in a transaction of its own; a stopped one goes on by ``--od-dokumentu``."""

    help = "Vytvoří znovu rejstřík hledání: dokumenty, spisy a věcné skupiny."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organizace", help="jen tato organizace (zkratka)")
        parser.add_argument("--od-dokumentu", type=int, default=0, help="pokračovat za dokumentem s tímto klíčem")

    def handle(self, *args: Any, **options: Any) -> None:
        tenants = Tenant.objects.order_by("pk")
        if options["organizace"]:
            tenants = tenants.filter(code=options["organizace"])
        for tenant in tenants:
            with tenant_scope(tenant.pk):
                self._documents(tenant, options["od_dokumentu"])
                for keys in _batches(CaseFile):
                    indexing.index_files(keys)
                for keys in _batches(RecordClass):
                    indexing.index_classes(list(RecordClass.objects.filter(pk__in=keys)))
        self.stdout.write(self.style.SUCCESS("Rejstřík hledání je vytvořený znovu."))

    def _documents(self, tenant: Tenant, after: int) -> None:
        done = 0
        for keys in _batches(Document, after):
            with transaction.atomic():
                for key in keys:
                    indexing.reindex(key)
            done += len(keys)
            self.stdout.write(f"{tenant.code}: {done} dokumentů, poslední {keys[-1]}")


def _batches(model: Any, after: int = 0) -> Iterator[list[int]]:
    while True:
        keys = list(model.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:_BATCH])
        if not keys:
            return
        yield keys
        after = keys[-1]
