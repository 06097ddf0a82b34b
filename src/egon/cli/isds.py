"""``./egon isds``: data boxes from the command line, usable by somebody who uses nothing else of ours."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

from egon.cli import isds_documents, isds_messages
from egon.cli.isds_login import add_login_options
from egon.gateways.isds.errors import IsdsRefused

_EPILOGUE: Final = """
přihlášení:
  --user JMENO                       jméno a heslo (heslo: EGON_ISDS_PASSWORD, --password-file, jinak dotaz)
  --certificate SOUBOR               systémový certifikát (PEM nebo PKCS#12)
  --certificate SOUBOR --user JMENO  certifikát s heslem
  --certificate SOUBOR --box ID      hostovaná spisová služba
  --user JMENO --sms | --mobile-key  kód z SMS, mobilní klíč
  Totéž lze uložit do souboru TOML (--config): user, environment, certificate, certificate_key, box, ca_file,
  password_file, certificate_password_file. Heslo se v příkazové řádce nikdy nezadává.

příklady:
  ./egon isds find "krajský úřad"
  ./egon isds list sent --since 2026-03-01
  ./egon isds send --to abcdefg --subject "Žádost" zadost.pdf
  ./egon isds verify zprava.zfo --html zprava.html
"""

type Command = Callable[[argparse.Namespace], Any]


def main(argv: Sequence[str]) -> int:
    """Run one subcommand; exit code 0 done, 1 the answer is no (not verified), 2 refused or failed."""
    given = _parser().parse_args(argv)
    try:
        result = given.run(given)
    except IsdsRefused as refusal:
        print(f"{refusal.message} (kód {refusal.status})", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"Soubor nelze použít: {error.filename or ''} {error.strerror or error}", file=sys.stderr)
        return 2
    if given.json:
        print(json.dumps(result.data, ensure_ascii=False, indent=2, default=str))
    else:
        print(result.text)
    return 0 if result.good else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./egon isds",
        description="Datové schránky: seznamy, stahování, odesílání, ověřování.",
        epilog=_EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="příkazy", metavar="PŘÍKAZ", required=True)
    for add in (
        isds_messages.add_list,
        isds_messages.add_download,
        isds_messages.add_receipt,
        isds_messages.add_send,
        isds_messages.add_find,
        isds_documents.add_verify,
        isds_documents.add_archive,
    ):
        command = add(commands)
        command.add_argument("--json", action="store_true", help="výsledek jako JSON")
        if add is not isds_documents.add_verify:
            add_login_options(command)
    return parser
