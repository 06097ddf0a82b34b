"""A simulator of base registers: ``python -m egon.gateways.base_registers.simulator --port 8095 --file entries.json``.

``POST /{rob|ros}/find`` with the facts of a query, ``GET /{rob|ros}/entry?reference=``, ``GET /changes?since=``;
``PUT /entry`` writes or changes an entry. The file is a list of entries as :meth:`Entry.as_json` writes them.
"""

import argparse
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from egon.gateways.base_registers.entries import Entry, Query, Register
from egon.gateways.base_registers.local import LocalRegisters

_LARGEST_REQUEST = 64 * 1024


class RegistersServer(ThreadingHTTPServer):
    """Serves one :class:`LocalRegisters`."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], registers: LocalRegisters) -> None:
        super().__init__(address, _Handler)
        self.registers = registers

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: RegistersServer

    def do_GET(self) -> None:
        path, asked = self._asked()
        registers = self.server.registers
        match path:
            case ["changes"]:
                changes = registers.changes(asked.get("since", ""))
                told = [{"register": register, "reference": reference} for register, reference in changes.references]
                self._answer({"changes": told, "marker": changes.marker})
            case ["rob" | "ros" as register, "entry"]:
                found = registers.read(Register(register), asked.get("reference", ""))
                self._answer({"entries": [found.as_json()] if found else []})
            case _:
                self.send_error(404)

    def do_POST(self) -> None:
        match self._asked()[0]:
            case ["rob" | "ros" as register, "find"]:
                facts = Entry.from_json({**self._body(), "register": register, "reference": "?", "kind": "natural"})
                query = Query(**{name: getattr(facts, name) for name in Query.__dataclass_fields__})
                found = self.server.registers.find(Register(register), query)
                self._answer({"entries": [entry.as_json() for entry in found]})
            case _:
                self.send_error(404)

    def do_PUT(self) -> None:
        self.server.registers.put(Entry.from_json(self._body()))
        self._answer({})

    def _asked(self) -> tuple[list[str], dict[str, str]]:
        parts = urlsplit(self.path)
        return parts.path.strip("/").split("/"), {key: values[0] for key, values in parse_qs(parts.query).items()}

    def _body(self) -> dict[str, Any]:
        length = min(int(self.headers.get("Content-Length") or 0), _LARGEST_REQUEST)
        told = json.loads(self.rfile.read(length))
        return told if isinstance(told, dict) else {}

    def _answer(self, told: dict[str, Any]) -> None:
        content = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: tests run it in their own process."""


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="Simulátor základních registrů")
    parser.add_argument("--port", type=int, default=8095)
    parser.add_argument("--file", type=Path, help="záznamy ve formátu JSON")
    chosen = parser.parse_args()
    entries = json.loads(chosen.file.read_text(encoding="utf-8")) if chosen.file else []
    server = RegistersServer(("127.0.0.1", chosen.port), LocalRegisters(map(Entry.from_json, entries)))
    sys.stdout.write(f"Základní registry (simulátor): {server.url}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
