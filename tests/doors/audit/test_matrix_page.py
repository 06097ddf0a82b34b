"""The matrix of roles and operations on its page and as a file."""

import pytest
from tests.doors.browser import signed_in

pytestmark = pytest.mark.django_db


def test_auditor_reads_who_may_close_a_file(world):
    page = signed_in("stastna").get("/protokol/opravneni/?q=uzavření spisu").content.decode()
    rows = page.partition("<tbody>")[2]
    assert "records.file.close" in rows and rows.count("<tr>") == 1
    assert '<td data-label="vedoucí">svůj útvar</td>' in rows
    assert '<td data-label="zpracovatel">své</td>' in rows


def test_filter_by_role_leaves_only_what_the_role_may(world):
    client = signed_in("svoboda")
    page = client.get("/protokol/opravneni/?role=mailroom&oblast=mailroom").content.decode()
    assert "mailroom.intake.register" in page and "mailroom.intake.receive" not in page
    empty = client.get("/protokol/opravneni/?q=takova-neni").content.decode()
    assert "Žádná operace nevyhovuje" in empty
    assert client.get("/protokol/opravneni/?oblast=x&role=y").status_code == 200


def test_file_holds_the_whole_matrix(world):
    answer = signed_in("stastna").get("/protokol/opravneni.csv")
    assert answer.content.decode("utf-8-sig").startswith("operation,title,officer,head,")
    assert "records.file.close" in answer.content.decode()


def test_officer_does_not_read_the_matrix(world):
    client = signed_in("dvorak")
    assert client.get("/protokol/opravneni/").status_code == 403
    assert client.get("/protokol/opravneni.csv").status_code == 403
