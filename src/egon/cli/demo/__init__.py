"""``./egon demo``: a whole centre on one machine, with fictional people and a simulator of ISDS."""

from egon.cli.demo.run import main

__all__ = ["main"]
