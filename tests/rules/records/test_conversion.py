"""Counting what is in no output format, and names of what was converted."""

import pytest

from egon.records.rules.components import ComponentRole
from egon.records.rules.conversion import ConversionState, FormatFacts, counted, name_as, needs_output_format


@pytest.mark.parametrize(
    ("name", "media_type", "is_output", "named"),
    [
        ("žádost.docx", "application/pdf", True, "žádost.pdf"),
        ("smlouva.PDF", "application/pdf", True, "smlouva.PDF"),
        ("bez přípony", "application/pdf", True, "bez přípony.pdf"),
        ("obraz.bmp", "image/png", True, "obraz.png"),
        ("žádost.docx", "application/pdf", False, "žádost.docx"),
        ("v1.2.odt", "application/pdf", True, "v1.2.pdf"),
    ],
)
def test_a_converted_version_has_the_suffix_of_what_it_became(name, media_type, is_output, named):
    assert name_as(name, media_type, is_output=is_output) == named


def test_components_are_counted_by_what_became_of_them():
    word, archive = ("fmt/412", "a.docx"), ("x-fmt/263", "a.zip")
    found = [FormatFacts(1, *word), FormatFacts(2, *archive), FormatFacts(3, *archive, ConversionState.KEPT)]
    states = (ConversionState.WAITING, ConversionState.FAILED, ConversionState.STOPPED, ConversionState.KEPT)
    found += [FormatFacts(number, *word, state) for number, state in enumerate(states, start=4)]
    formats = counted(found)
    assert (formats.untried, formats.without_way, formats.kept) == (1, 1, 2)
    assert (formats.waiting, formats.failed, formats.stopped) == (1, 1, 1)
    assert (formats.to_convert, formats.all) == (3, 7)
    assert [one.version for one in found if one.is_to_convert] == [1, 5, 6]


def test_messages_with_seals_keep_their_format():
    assert needs_output_format(ComponentRole.MAIN, "fmt/412")
    assert not needs_output_format(ComponentRole.MESSAGE, "fmt/412")
    assert not needs_output_format(ComponentRole.MAIN, "fmt/477")
