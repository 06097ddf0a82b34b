"""``egon audit verify``: recompute the hash chain of every originator's log."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from egon.audit import sealing
from egon.kernel import clock
from egon.tenancy.models import Tenant
from egon.tenancy.scope import tenant_scope


class Command(BaseCommand):
    """Exit code 1 when anything was changed, added or removed."""

    help = "Přepočítá řetěz pečetí transakčního protokolu a vypíše každou změnu."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organizace", help="jen tato organizace (zkratka)")

    def handle(self, *args: Any, **options: Any) -> None:
        tenants = Tenant.objects.order_by("pk")
        if options["organizace"]:
            tenants = tenants.filter(code=options["organizace"])
        broken = [tenant.code for tenant in tenants if not self._verify(tenant)]
        if broken:
            self.stdout.write(self.style.ERROR(f"Protokol byl změněn: {', '.join(broken)}."))
            raise SystemExit(1)
        self.stdout.write(self.style.SUCCESS("Transakční protokol je neporušený."))

    def _verify(self, tenant: Tenant) -> bool:
        started = time.perf_counter()
        with tenant_scope(tenant.pk):
            sealing.seal_new_records(now=clock.now())
            result = sealing.verify()
        seconds = time.perf_counter() - started
        self.stdout.write(
            f"{tenant.code}: {result.records} záznamů v {result.links} článcích, "
            f"{result.unsealed} čeká na pečeť ({seconds:.1f} s)"
        )
        for finding in result.findings:
            self.stdout.write(self.style.ERROR(f"  {finding.message}"))
        return result.intact
