"""Base registers: ROB (natural persons) and ROS (companies, entrepreneurs, authorities) behind one port.

Whoever connects a real information system of the base registers (through its own AIS) writes one class with the methods
of :class:`BaseRegisters`, or puts a server that speaks as :mod:`egon.gateways.base_registers.simulator` in front of it.
"""

from egon.gateways.base_registers.entries import BaseRegisters, Changes, Entry, Query, Register
from egon.gateways.base_registers.local import LocalRegisters
from egon.gateways.base_registers.remote import AbsentRegisters, RemoteRegisters

__all__ = [
    "AbsentRegisters",
    "BaseRegisters",
    "Changes",
    "Entry",
    "LocalRegisters",
    "Query",
    "Register",
    "RemoteRegisters",
]
