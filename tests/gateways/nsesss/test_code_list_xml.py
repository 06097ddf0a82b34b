"""Code lists by příloha 7: what we write passes the official schema, what we read is what was written."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from lxml import etree

from egon.gateways.nsesss import CodeData, CodeListData, CodeListUnreadable, read_code_list, write_code_list


@pytest.fixture(scope="session")
def export_schema(standards):
    """The official schema of příloha 7."""
    return etree.XMLSchema(file=str(standards / "nsesss" / "xsd" / "ermsExportPrenos.xsd"))


@pytest.fixture
def codes():
    return CodeListData(
        "barvy",
        "Barvy <desek> & štítků",
        [
            CodeData("M", "Modrá", date(2020, 1, 1)),
            CodeData("Č", "Červená", date(2020, 1, 1), date(2026, 6, 30), active=False, description="jen do června"),
        ],
    )


def written(codes):
    return write_code_list(codes, source="eGON Centrum kraje", author="svoboda", at=datetime(2026, 7, 1, tzinfo=UTC))


def test_what_is_written_passes_the_schema(export_schema, codes):
    export_schema.assertValid(etree.fromstring(written(codes)))
    export_schema.assertValid(etree.fromstring(written(CodeListData("prazdny", "Prázdný", []))))


def test_what_is_written_is_read_back(codes):
    found = read_code_list(written(codes))
    assert [replace(item, line=0) for item in found.items] == codes.items
    assert (found.identifier, found.name) == (codes.identifier, codes.name)


def test_all_faults_come_at_once_with_their_lines(codes):
    xml = written(codes).decode().replace("2026-06-30", "30. 6.").replace("<IdPolozky>M</IdPolozky>", "")
    xml = xml.replace("<Text>Červená</Text>", "<Text></Text>").replace("barvy", "")
    with pytest.raises(CodeListUnreadable) as refusal:
        read_code_list(xml.encode())
    assert len(refusal.value.faults) == 4
    assert sum(fault.startswith("Řádek ") for fault in refusal.value.faults) == 3


def test_a_code_given_twice_is_a_fault(codes):
    twice = CodeListData("x", "x", [codes.items[0], codes.items[0]])
    with pytest.raises(CodeListUnreadable, match="podruhé"):
        read_code_list(written(twice))


@pytest.mark.parametrize(
    "content", [b"", b"<a", b"<a/>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"\x00\xff\xfe", b"<Export/>"]
)
def test_what_is_no_code_list_is_refused(content):
    with pytest.raises(CodeListUnreadable):
        read_code_list(content)
