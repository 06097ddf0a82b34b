"""Pages of registering from a table."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.doors.browser import signed_in
from tests.letters import citizen_as_party
from tests.runs import go

from egon.gateways.tables import write_csv
from egon.mailroom.models import BulkRun
from egon.records.models import Document
from egon.tenancy.scope import tenant_scope

pytestmark = pytest.mark.django_db

HEADER = ["Věc", "Odesílatel", "Doručeno"]


def upload(rows: list[list[str]]) -> dict[str, Any]:
    return {"upload": SimpleUploadedFile("podněty.csv", write_csv(HEADER, rows))}


def test_a_table_is_brought_mapped_checked_and_registered(world: Any) -> None:
    clerk = signed_in(world.clerk.account.login)
    with tenant_scope(world.region.pk):
        sender = citizen_as_party(world.actor(world.clerk)).name
    rows = [["Podnět z tabulky", sender, "2. 1. 2026 8:30"], ["Vadný", "Nikdo Takový", "včera"]]
    assert "Zatím žádná tabulka" in clerk.get("/podatelna/tabulky/").content.decode()
    columns = clerk.post("/podatelna/tabulky/", upload(rows)).headers["Location"]
    page = clerk.get(columns).content.decode()
    assert "Podnět z tabulky" in page and 'value="subject" selected' in page
    refused = clerk.post(columns, {"sloupec-0": "", "sloupec-1": "sender", "sloupec-2": "delivered"})
    assert refused.status_code == 422 and "je věc" in refused.content.decode()
    address = clerk.post(columns, {"sloupec-0": "subject", "sloupec-1": "sender", "sloupec-2": "delivered"})
    address = address.headers["Location"]
    page = clerk.get(address).content.decode()
    assert "Nikdo Takový" in page and "není datum" in page and "1 z 2" in page
    assert "Nikdo Takový" in clerk.get(f"{address}chyby.csv").content.decode()
    assert clerk.post(f"{address}spustit/").status_code == 302
    assert "Zastavit" in clerk.get(address).content.decode()
    clerk.post(f"{address}zastavit/")
    clerk.post(f"{address}pokracovat/")
    with tenant_scope(world.region.pk):
        go(BulkRun.objects.get())
        assert Document.objects.filter(subject="Podnět z tabulky").count() == 1
    inbox = clerk.get("/podatelna/", {"stav": "registered", "zpusob": "table"}).content.decode()
    assert "Podnět z tabulky" in inbox and "z tabulky" in inbox
    assert "Podnět z tabulky" not in clerk.get("/podatelna/", {"stav": "registered", "zpusob": "post"}).content.decode()
    page = clerk.get(address).content.decode()
    assert "dokončeno" in page and "Nikdo Takový" in page
    assert "1 z 2" in clerk.get("/podatelna/tabulky/").content.decode()
    told = clerk.get(f"{address}chyby.csv").content.decode("utf-8-sig")
    assert "Vadný" in told and "proč ne" in told
    clerk.post(f"{address}zahodit/")
    with tenant_scope(world.region.pk):
        assert BulkRun.objects.exists()


def test_only_the_mailroom_gets_in(world: Any) -> None:
    officer = signed_in(world.officer.account.login)
    assert officer.get("/podatelna/tabulky/").status_code == 403
    assert officer.post("/podatelna/tabulky/1/spustit/").status_code == 403
