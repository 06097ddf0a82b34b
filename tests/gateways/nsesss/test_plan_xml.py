"""Filing plans by příloha 5: what we write passes the official schema, what we read is what was written."""

from dataclasses import replace
from datetime import date

import pytest
from lxml import etree

from egon.gateways.nsesss import ClassData, PlanData, PlanUnreadable, Publisher, RegimeData, read_plan, write_plan

SOURCE = "eGON Centrum"


@pytest.fixture(scope="session")
def plan_schema(standards):
    """The official schema of příloha 5."""
    return etree.XMLSchema(file=str(standards / "nsesss" / "xsd" / "nsesss-plan.xsd"))


def regime(mark="S", years=5, trigger="rok uzavření spisu", check=None):
    return RegimeData(mark, years, trigger, check, identifier=f"r-{mark}{years}", name=f"{mark}/{years}", reason="zvyk")


@pytest.fixture
def plan():
    opened = date(2025, 1, 1)
    return PlanData(
        name="Spisový a skartační plán <kraje> & organizací",
        separator=".",
        description="Pro zkoušku.",
        valid_from=opened,
        valid_to=date(2026, 12, 31),
        identifier="plan-1",
        publisher=Publisher("Kraj Sázavský", "09876502", "Krajské náměstí 1, Sázava"),
        classes=[
            ClassData("50", "Správa", identifier="c1", opened_on=opened, note="Skupiny úřadu."),
            ClassData("50.1", "Porady", parent=0, regime=regime(), identifier="c2", opened_on=opened),
            ClassData(
                "50.2",
                "Smlouvy",
                parent=0,
                regime=regime("A", 10, "po skončení platnosti smlouvy", 5),
                numbers_by_file=True,
                standing_consent=True,
                identifier="c3",
                opened_on=opened,
                closed_on=date(2026, 6, 30),
            ),
            ClassData("60", "Zřízené organizace", for_typed_files=True, identifier="c4", opened_on=opened),
        ],
    )


def test_what_is_written_passes_the_schema(plan_schema, plan):
    plan_schema.assertValid(etree.fromstring(write_plan(plan, source=SOURCE)))


def test_what_is_written_is_read_back(plan):
    found = read_plan(write_plan(plan, source=SOURCE))
    assert replace(found, classes=()) == replace(plan, classes=())
    assert [replace(one, where="") for one in found.classes] == list(plan.classes)
    assert found.classes[2].where == "skupina 50.2"


def test_deep_trees_and_other_separators_are_read(plan):
    chain = [ClassData("/".join(["1"] * depth), f"Úroveň {depth}", parent=depth - 2 if depth > 1 else None,
                       identifier=f"x{depth}", opened_on=date(2025, 1, 1)) for depth in range(1, 12)]  # fmt: skip
    found = read_plan(write_plan(replace(plan, classes=chain, separator="/"), source=SOURCE))
    assert found.separator == "/"
    assert [one.code for one in found.classes] == [one.code for one in chain]
    assert [one.parent for one in found.classes] == [one.parent for one in chain]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "XML"),
        (b"not xml", "XML"),
        (b"<a/>", "není spisový plán"),
        (b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "XML"),
        (b'<SpisovyPlan xmlns="http://www.mvcr.cz/nsesss/v4" ID="p"/>', "nemá název"),
    ],
)
def test_what_is_no_plan_is_refused(content, told):
    with pytest.raises(PlanUnreadable, match=told):
        read_plan(content)


def test_all_faults_of_a_file_come_at_once(plan):
    content = write_plan(plan, source=SOURCE).decode()
    content = content.replace("<SkartacniLhuta>5</SkartacniLhuta>", "<SkartacniLhuta>pět</SkartacniLhuta>")
    content = content.replace("<DatumUzavreni>2026-06-30</DatumUzavreni>", "<DatumUzavreni>včera</DatumUzavreni>")
    with pytest.raises(PlanUnreadable) as refused:
        read_plan(content.encode())
    text = "\n".join(refused.value.faults)
    assert "skupina 50.1" in text
    assert "skupina 50.2: „včera“ není datum" in text


def test_a_plan_that_the_schema_would_refuse_is_not_written(plan):
    with pytest.raises(ValueError, match="identifier"):
        write_plan(replace(plan, identifier=""), source=SOURCE)
    with pytest.raises(ValueError, match="50"):
        write_plan(replace(plan, classes=[replace(plan.classes[0], opened_on=None)]), source=SOURCE)
