"""What is written can be read back: a drawn message goes through the client, the simulator and its seal unchanged."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from egon.gateways.isds import (
    Environment,
    IsdsClient,
    LegalTitle,
    OutgoingFile,
    OutgoingMessage,
    PasswordLogin,
    TrustStore,
    read_zfo,
    verify_zfo,
)
from egon.gateways.isds.simulator import clock
from egon.gateways.isds.zfo import Level

from .conftest import CITIZEN, OFFICE, PASSWORD, Running

VISIBLE = st.characters(categories=("L", "N", "P", "S"))


def text(limit: int, least: int = 0) -> st.SearchStrategy[str]:
    """Words: ISDS drops control characters and spaces around, nothing else."""
    words = st.lists(st.text(VISIBLE, min_size=1, max_size=12), min_size=least, max_size=4)
    return words.map(lambda found: " ".join(found)[:limit].strip())


NUMBER = st.none() | st.integers(0, 10**6)
FILES = st.lists(st.tuples(text(40, 1), st.binary(min_size=1, max_size=5000)), min_size=1, max_size=4)


@pytest.fixture
def clients(isds: Running) -> Iterator[tuple[IsdsClient, IsdsClient]]:
    environment = Environment.at(isds.url)
    with (
        IsdsClient(environment, PasswordLogin(CITIZEN, PASSWORD)) as citizen,
        IsdsClient(environment, PasswordLogin(OFFICE, PASSWORD)) as office,
    ):
        yield citizen, office


def test_a_drawn_message_arrives_unchanged(isds: Running, clients: tuple[IsdsClient, IsdsClient]) -> None:
    citizen, office = clients
    trust = TrustStore.from_pem_folder(Path(isds.simulator.roots))
    fields = st.fixed_dictionaries(
        {
            "annotation": text(255, 1),
            "sender_unit": text(40),
            "sender_unit_number": NUMBER,
            "to_hands": text(30),
            "sender_reference_number": text(50),
            "recipient_reference_number": text(50),
            "sender_file_mark": text(50),
            "recipient_file_mark": text(50),
            "legal_title": st.builds(LegalTitle, NUMBER, NUMBER, text(10), text(10), text(10)),
            "personal_delivery": st.booleans(),
        }
    )

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(fields=fields, files=FILES)
    def check(fields: dict[str, object], files: list[tuple[str, bytes]]) -> None:
        attached = tuple(
            OutgoingFile(f"{name.replace('/', '_')}.csv", b";" + content, "text/csv", "enclosure" if at else "main")
            for at, (name, content) in enumerate(files)
        )
        sent = OutgoingMessage(isds.boxes[OFFICE], files=attached, **fields)  # type: ignore[arg-type]
        number = citizen.create_message(sent)
        office.list_received(limit=1)
        zfo = read_zfo(office.download_signed(number))
        assert {name: getattr(zfo.envelope, name) for name in fields} == fields
        assert [(one.name, one.content) for one in zfo.files] == [(one.name, one.content) for one in attached]
        assert verify_zfo(zfo, trust, clock.utc(isds.simulator.now())).summary().level is Level.OK

    check()
