"""A filing plan as a table: read from what people keep, written for spreadsheets."""

import pytest

from egon.gateways.nsesss import PlanUnreadable
from egon.records.plan_table import read_table, write_table

HEAD = "Spisový znak;Obsah;Skartační znak;Lhůta;Spouštěcí událost;Kontrola;Poznámka\n"


def read(text, **changes):
    return read_table((HEAD + text).encode(), name="Plán", **changes)


def test_rows_in_any_order_make_a_tree():
    plan = read("1.10;Desátá;S;5\n1;Správa\n1.2;Druhá;A;10;po skončení smlouvy;7;pozn.\n")
    assert [one.code for one in plan.classes] == ["1", "1.2", "1.10"]
    assert [one.parent for one in plan.classes] == [None, 0, 0]
    assert (plan.classes[1].regime.trigger, plan.classes[1].regime.check_years) == ("po skončení smlouvy", 7)
    assert plan.classes[1].where == "řádek 4 (1.2)"


@pytest.mark.parametrize("separator", [".", "-", "/", " "])
def test_the_separator_is_told_by_the_codes(separator):
    assert read(f"1;A\n1{separator}1;B;S;5\n").separator == separator


def test_older_encodings_and_other_delimiters_are_read():
    text = "spisovy znak,OBSAH,skartacni znak,lhuta\r\n1,Žádosti,S,5\r\n"
    assert read_table(text.encode("cp1250"), name="Plán").classes[0].name == "Žádosti"


def test_all_faults_come_with_their_lines():
    with pytest.raises(PlanUnreadable) as refused:
        read("1;Správa\n2.1;Sirotek;S;5\n1.1;Lhůta slovem;S;pět\n1.2;Kontrola;S;5;něco;brzy\n")
    assert [fault.partition(":")[0] for fault in refused.value.faults] == ["řádek 4", "řádek 5", "řádek 3"]


@pytest.mark.parametrize("content", [b"", b"a;b\n1;2\n", HEAD.encode()])
def test_what_is_no_table_is_refused(content):
    with pytest.raises(PlanUnreadable):
        read_table(content, name="Plán")


def test_a_written_table_is_read_back_and_runs_no_formula():
    plan = read("1;Správa\n1.1;=1+1;S;5;po skončení smlouvy;7;pozn.\n")
    content = write_table(plan)
    assert "'=1+1" in content.decode("utf-8-sig")
    again = read_table(content, name="Plán")
    assert [(one.code, one.regime) for one in again.classes] == [(one.code, one.regime) for one in plan.classes]
