"""``demo_world``: create the demo world, or tell its logins or its boxes as JSON."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from egon import world
from egon.world import telling


class Command(BaseCommand):
    help = "Vytvoří, co v ukázkovém světě chybí; s volbou jen vypíše jeho údaje jako JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--logins", action="store_true", help="vypíše přihlášení lidí")
        what.add_argument("--boxes-json", action="store_true", help="vypíše datové schránky pro simulátor ISDS")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["logins"]:
            self._print(telling.logins())
        elif options["boxes_json"]:
            self._print(telling.boxes())
        else:
            made = world.build()
            people = sum(len(organisation.people) for organisation in made)
            self.stdout.write(f"Ukázkový svět je připraven: organizací {len(made.organisations)}, osob {people}.")

    def _print(self, told: Any) -> None:
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
