"""``python -m egon.cli``: find the command and hand over. Modules of commands are imported only when they are used."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from egon.kernel.errors import DomainError, GatewayError

INTERRUPTED = 130


@dataclass(frozen=True)
class Entry:
    """One command: what it says about itself and where its function is (``module:function(argv) -> exit code``)."""

    help: str
    target: str

    def load(self) -> Callable[[Sequence[str]], int | None]:
        module, function = self.target.split(":")
        loaded: Callable[[Sequence[str]], int | None] = getattr(import_module(module), function)
        return loaded


COMMANDS = {
    "demo": Entry("spustí ukázkové centrum se smyšlenými lidmi a simulátorem ISDS", "egon.cli.demo:main"),
    "setup": Entry("připraví databázi pro skutečný provoz", "egon.cli.product:setup"),
    "web": Entry("spustí webový server", "egon.cli.product:web"),
    "worker": Entry("spustí zpracování úloh na pozadí", "egon.cli.product:worker"),
    "migrate": Entry("převede databázi na tuto verzi programu", "egon.cli.product:migrate"),
    "audit": Entry("audit verify: ověří transakční protokol", "egon.cli.product:audit"),
    "databox": Entry("schránky organizací: import uložených zpráv, přehled zdraví", "egon.cli.product:databox"),
    "isds": Entry("datové schránky: seznamy, stahování, odesílání, ověřování ZFO", "egon.cli.isds:main"),
    "isds-simulator": Entry("spustí samotný simulátor datových schránek", "egon.gateways.isds.simulator.__main__:main"),
    "documentation": Entry("zapíše dokumentaci systému (NSESSS 10.1) mimo databázi", "egon.cli.product:documentation"),
    "manage": Entry("spustí libovolný správcovský příkaz (manage help je vypíše)", "egon.cli.product:manage"),
    "shell": Entry("otevře konzoli Pythonu nad daty", "egon.cli.product:shell"),
    "test": Entry("spustí testy; parametry předá pytestu (třeba -k podatelna)", "egon.cli.development:test"),
    "check": Entry("zkontroluje styl, typy, závislosti vrstev, migrace a šablony", "egon.cli.check:main"),
    "bench": Entry("změří výkon", "egon.cli.development:bench"),
    "norms": Entry("sestaví tabulku, který test dokládá který požadavek normy", "egon.cli.norms:main"),
    "lock": Entry("znovu sestaví zámkové soubory knihoven", "egon.cli.development:lock"),
}


def overview() -> str:
    """The list of commands, in Czech."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name.ljust(width)}  {entry.help}" for name, entry in COMMANDS.items()]
    return "\n".join(
        ["eGON Centrum", "", "Použití: ./egon PŘÍKAZ [parametry]", "", *lines, "", "Podrobnosti: ./egon PŘÍKAZ --help"]
    )


def main(argv: Sequence[str]) -> int:
    """Run one command; returns the exit code (2: unknown command or a refusal with a Czech message)."""
    if not argv or argv[0] in ("-h", "--help", "help"):
        print(overview())
        return 0 if argv else 2
    entry = COMMANDS.get(argv[0])
    if entry is None:
        print(f"Příkaz „{argv[0]}“ neznám.\n", file=sys.stderr)
        print(overview(), file=sys.stderr)
        return 2
    try:
        return entry.load()(argv[1:]) or 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except DomainError as refusal:
        print(refusal.message, file=sys.stderr)
        return 2
    except GatewayError as failure:
        print(failure, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
