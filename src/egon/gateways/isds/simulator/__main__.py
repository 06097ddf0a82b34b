"""``python -m egon.gateways.isds.simulator --port 8900 --data DIR``."""

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from egon.gateways.isds.simulator import clock, seed
from egon.gateways.isds.simulator.core import Simulator
from egon.gateways.isds.simulator.server import SimulatorServer


def main(argv: Sequence[str] | None = None) -> int:
    """Run the simulator until SIGTERM or Ctrl-C; the exit status."""
    options = _parser().parse_args(argv)
    logging.basicConfig(level=logging.DEBUG if options.verbose else logging.INFO, format="%(message)s")
    simulator = Simulator(
        options.data,
        starts_at=options.clock,
        seal_bits=options.seal_bits,
        delivery_delay_ms=round(options.delivery_delay * 1000),
    )
    try:
        for file in options.seed:
            seed.from_file(simulator, file)
        simulator.archive_every_day = options.archive_every_day
        server = SimulatorServer((options.host, options.port), simulator)
        tls = _tls(options, simulator)
    except (OSError, ValueError, KeyError) as failure:
        simulator.close()
        sys.stderr.write(f"Simulátor se nespustil: {failure}\n")
        return 1
    _serve(server, tls, simulator)
    return 0


def _tls(options: argparse.Namespace, simulator: Simulator) -> SimulatorServer | None:
    """The second port, for client certificates; ``None`` when it was not asked for."""
    if options.tls_port is None:
        return None
    return SimulatorServer((options.host, options.tls_port), simulator, tls=True)


def _serve(server: SimulatorServer, tls: SimulatorServer | None, simulator: Simulator) -> None:
    host, port = server.server_address[:2]
    shown = host.decode() if isinstance(host, bytes | bytearray) else host
    sys.stdout.write(f"Simulátor ISDS: http://{shown}:{port}/ (kořenový certifikát v {simulator.roots})\n")
    if tls is not None:
        sys.stdout.write(f"S TLS: https://{shown}:{tls.server_address[1]}/ (autorita {simulator.tls_authority})\n")
        threading.Thread(target=tls.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    sys.stdout.flush()

    def stop(signum: int, frame: object) -> None:
        # shutdown() waits for the loop that this very thread runs, so another one has to call it.
        simulator.stopping.set()
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        server.serve_forever(poll_interval=0.1)
    finally:
        server.server_close()
        if tls is not None:
            tls.shutdown()
            tls.server_close()
        simulator.close()


def _moment(text: str) -> int:
    try:
        return clock.from_xml(text)
    except ValueError as unreadable:
        raise argparse.ArgumentTypeError(f"{text!r} není datum a čas (například 2026-03-01T08:00:00)") from unreadable


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="isds-simulator", description="Simulátor datových schránek (ISDS).")
    parser.add_argument("--host", default="127.0.0.1", help="adresa, na které poslouchá")
    parser.add_argument("--port", type=int, default=8900, help="port (0 = volný)")
    parser.add_argument("--data", type=Path, required=True, help="složka, ve které si vše pamatuje")
    parser.add_argument("--seed", type=Path, action="append", default=[], help="JSON se schránkami a přihlášeními")
    parser.add_argument("--clock", type=_moment, help="čas, od kterého běží hodiny nového simulátoru")
    parser.add_argument("--delivery-delay", type=float, default=0.0, help="sekundy mezi podáním a dodáním")
    parser.add_argument("--seal-bits", type=int, choices=(2048, 3072, 4096), default=3072, help="délka klíče pečeti")
    parser.add_argument("--tls-port", type=int, help="port s TLS a klientskými certifikáty (0 = volný)")
    parser.add_argument(
        "--archive-every-day", action="store_true", help="další archivní razítko už po 24 hodinách (veřejný test)"
    )
    parser.add_argument("--verbose", action="store_true", help="vypisuje každý požadavek")
    return parser


if __name__ == "__main__":
    sys.exit(main())
