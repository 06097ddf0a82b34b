"""``egon documentation``: write the documentation of all originators, or of one, also into another folder."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from egon.kernel.actor import Actor
from egon.tenancy.models import Tenant
from egon.tenancy.scope import tenant_scope
from egon.web.documentation import files


class Command(BaseCommand):
    """Exit code 1 when some of it could not be written."""

    help = "Zapíše dokumentaci systému podle NSESSS 10.1 jako HTML a PDF/A mimo databázi."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, metavar="SLOŽKA", help="kam (výchozí EGON_DOCUMENTATION_DIR)")
        parser.add_argument("--organizace", metavar="ZKRATKA", help="jen jedna organizace")

    def handle(self, *args: Any, **options: Any) -> None:
        found = Tenant.objects.filter(active=True).order_by("code")
        if options["organizace"]:
            found = found.filter(code=options["organizace"])
        if not found:
            raise CommandError("Taková organizace tu není.", returncode=2)
        failed = False
        for tenant in found:
            with tenant_scope(tenant.pk):
                writing = files.write(Actor.system(tenant.pk, "příkazová řádka"), options["to"])
            failed = failed or bool(writing.problem)
            self.stdout.write(f"{tenant.code}: {writing.problem or writing.folder}")
        if failed:
            raise SystemExit(1)
