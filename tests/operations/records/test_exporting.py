"""Lists taken away as tables: only what the actor may see, counted in the log, within a limit."""

import pytest
from tests import traces
from tests.records_steps import acting, register

from egon.records import operations as records
from egon.records.errors import ListTooLong
from egon.records.models import CaseFile, Document
from egon.records.operations import exporting

pytestmark = pytest.mark.django_db


def test_only_what_the_actor_may_see_is_taken_away(in_region, received, file):
    hidden = register(in_region, "Cizí dokument")
    officer = acting(in_region.officer)
    documents = records.export_documents(actor=officer, found=Document.objects.order_by("pk"))
    assert received.pk in {one.pk for one in documents}
    assert hidden.pk not in {one.pk for one in documents}
    assert traces.last("records.documents.export").parameters["count"] == len(documents)
    files = records.export_files(actor=officer, found=CaseFile.objects.order_by("pk"))
    assert file.pk in {one.pk for one in files}
    outsider = acting(in_region.outsider)
    assert file.pk not in {one.pk for one in records.export_files(actor=outsider, found=CaseFile.objects.all())}
    assert traces.done("records.files.export") == 2


def test_a_list_too_long_is_refused(in_region, received, monkeypatch):
    monkeypatch.setattr(exporting, "LONGEST_TABLE", 0)
    with pytest.raises(ListTooLong, match="Zužte"):
        records.export_documents(actor=acting(in_region.officer), found=Document.objects.all())
