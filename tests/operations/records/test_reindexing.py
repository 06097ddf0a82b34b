"""The index made anew is the index that was: every kind with entries is made again, with the same words and facets."""

import io

import pytest
from django.core.management import call_command
from tests.records_steps import acting, register
from tests.typed_steps import file_in, section, typed_class, typed_file

from egon.records import operations as records
from egon.records import reindexing, searching
from egon.search.models import Entry

pytestmark = pytest.mark.django_db


def entries():
    """Everything that is found, but for the keys of the index itself."""
    return {
        row[:2]: row[2:] for row in Entry.objects.values_list("entity_type", "entity_id", "title", "sort_at", "tsv")
    }


def anew(world, *options):
    out = io.StringIO()
    call_command("search_reindex", "--organizace", world.region.code, *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def filled(in_region):
    """A document in a file of a typed file, beside everything the demo world has."""
    typed = typed_file(in_region, typed_class(in_region))
    file = file_in(in_region, section(typed, "1.2"), subject="Údržba výtahu")
    document = register(in_region, "Revize výtahu")
    unit = in_region.office.units["OD"]
    records.place_in_unit(actor=acting(in_region.clerk), document=document, unit=unit, holder=in_region.officer)
    document.refresh_from_db()
    records.put_in_file(actor=acting(in_region.officer), document=document, file=file)
    return in_region


def test_every_kind_with_entries_is_made_anew_as_it_was(filled):
    before = entries()
    kinds = {kind for kind, _ in before}
    assert kinds == set(reindexing.KINDS) == set(searching.KINDS)
    Entry.objects.all().delete()
    anew(filled)
    assert entries() == before


def test_one_kind_goes_on_from_where_it_was_stopped(filled):
    before = entries()
    sections = sorted(key for kind, key in before if kind == "records.typedsection")
    Entry.objects.all().delete()
    told = anew(filled, "--druh", "records.typedsection", "--od", str(sections[0]))
    assert {key for kind, key in entries() if kind == "records.typedsection"} == set(sections[1:])
    assert len(entries()) == len(sections) - 1
    assert f"poslední {sections[-1]}" in told
