"""A simulator of base registers for tests, with a person and a company."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from django.conf import settings

from egon.gateways.base_registers import Entry, LocalRegisters, Register
from egon.gateways.base_registers.simulator import RegistersServer

PERSON = Entry(
    register=Register.ROB, reference="aifo-1", kind="natural", given_name="Eva", family_name="Ověřená",
    birth_date=date(1980, 2, 29), street="Dlouhá", house_number="12", city="Žďár", postal_code="59101",
    databox_id="6bnaawp",
)  # fmt: skip
COMPANY = Entry(
    register=Register.ROS, reference="70890366", kind="legal", name="Čistá voda, a. s.", ic="70890366",
    legal_form="akciová společnost", street="Vodní", house_number="1", city="Brno", postal_code="60200",
)  # fmt: skip
TRADER = Entry(
    register=Register.ROS, reference="27074358", kind="entrepreneur", name="Eva Ověřená – květiny", given_name="Eva",
    family_name="Ověřená", birth_date=date(1980, 2, 29), ic="27074358", legal_form="fyzická osoba podnikající",
    street="Tržní", house_number="3", city="Brno", postal_code="60200",
)  # fmt: skip


@dataclass(frozen=True)
class RunningRegisters:
    """The simulator in a thread of this process."""

    local: LocalRegisters
    server: RegistersServer

    @property
    def url(self) -> str:
        return self.server.url


@pytest.fixture
def registers() -> Iterator[RunningRegisters]:
    """Base registers that the product is connected to."""
    local = LocalRegisters([PERSON, COMPANY, TRADER])
    server = RegistersServer(("127.0.0.1", 0), local)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    before, settings.BASE_REGISTERS_URL = settings.BASE_REGISTERS_URL, server.url
    yield RunningRegisters(local, server)
    settings.BASE_REGISTERS_URL = before
    server.shutdown()
    server.server_close()
    thread.join()
