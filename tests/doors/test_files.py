"""Files that pages answer with."""

import pytest

from egon.web.files import saved, shown
from egon.web.tables import table_answer


@pytest.mark.parametrize(
    ("name", "kind"),
    [("osoby.csv", "text/csv; charset=utf-8"), ("obal.pdf", "application/pdf"), ("vse.zip", "application/zip")],
)
def test_the_ending_tells_the_type_and_no_proxy_keeps_it(name, kind):
    for answer, how in ((saved(b"obsah", name), "attachment"), (shown(b"obsah", name), "inline")):
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Content-Disposition"].startswith(how)


def test_a_name_with_letters_and_quotes_breaks_no_header():
    told = saved(b"", 'žádost "první"\r\nX: 1.pdf').headers["Content-Disposition"]
    assert "\r" not in told and "\n" not in told and "%C5%BE%C3%A1dost" in told


def test_what_people_wrote_is_no_formula_in_a_spreadsheet():
    told = table_answer(["Adresát"], [["=HYPERLINK(1)"], ["\t=1"], ["Novák"]], name="arch", form="csv")
    assert told.content.decode("utf-8-sig").splitlines() == ["Adresát", "'=HYPERLINK(1)", "'\t=1", "Novák"]
