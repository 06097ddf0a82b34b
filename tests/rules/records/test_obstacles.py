"""Everything that stands in the way is told at once."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egon.records.rules.closing import (
    ComponentFacts,
    DocumentFacts,
    FileFacts,
    Fix,
    PartyFacts,
    check_before_closing,
    obstacles_to_settling_file,
)
from egon.records.rules.components import ComponentRole
from egon.records.rules.conversion import ConversionState
from egon.records.rules.settling import Reply, SettledHow, SettlingFacts, obstacles_to_settling
from egon.records.rules.states import Direction, DocumentState, FileState

TODAY = date(2026, 11, 22)
READY = SettlingFacts(
    reference_number="KSA 1/2026",
    direction=Direction.RECEIVED,
    state=DocumentState.PROCESSING,
    registered_on=date(2026, 11, 1),
    file_mark="S-KSA 1/2026",
    has_sender=True,
    component_count=1,
)
PDF = ComponentFacts("dopis.pdf", ComponentRole.MAIN, "fmt/476", "PDF/A-2a")
SETTLED = DocumentFacts("KSA 1/2026", Direction.RECEIVED, DocumentState.SETTLED, is_settled=True, components=(PDF,))
FILE = FileFacts("S-KSA 1/2026", "Oprava silnice", FileState.OPEN, date(2026, 11, 1), True, True, (SETTLED,))


def settling(facts, how=SettledHow.BY_NOTING, note="", on=TODAY):
    return obstacles_to_settling(facts, how=how, note=note, on=on)


def test_a_document_in_a_file_is_settled_by_taking_note():
    assert settling(READY) == []


@pytest.mark.norm("3.2.7")
def test_all_obstacles_to_settling_come_at_once():
    facts = replace(READY, file_mark=None, has_sender=False, component_count=0, state=DocumentState.ASSIGNED)
    found = settling(facts, how=SettledHow.BY_REFERRAL, on=date(2026, 10, 1))
    assert len(found) == 6
    assert any("§ 12 odst. 1" in one for one in found)


def test_settling_by_a_document_needs_a_reply_that_left():
    assert settling(READY, SettledHow.BY_DOCUMENT)
    sent = replace(READY, replies=[Reply("KSA 2/2026", DocumentState.DELIVERED)])
    assert settling(sent, SettledHow.BY_DOCUMENT) == []


@pytest.mark.parametrize("state", [DocumentState.DRAFT, DocumentState.IN_APPROVAL, DocumentState.APPROVED])
def test_an_unfinished_reply_stands_in_the_way_of_any_manner(state):
    facts = replace(READY, replies=[Reply("KSA 2/2026", state)])
    assert any("KSA 2/2026" in one for one in settling(facts))


def test_a_withdrawn_reply_does_not():
    assert settling(replace(READY, replies=[Reply("KSA 2/2026", DocumentState.WITHDRAWN)])) == []


@given(how=st.sampled_from(list(SettledHow)), state=st.sampled_from(list(DocumentState)))
def test_an_outgoing_document_is_never_settled_by_itself(how, state):
    assert settling(replace(READY, direction=Direction.OUTGOING, state=state), how, "záznam")


@pytest.mark.norm("3.2.9")
def test_a_file_with_settled_documents_is_closed():
    check = check_before_closing(FILE, on=TODAY)
    assert (check.obstacles, check.warnings) == ([], [])


@pytest.mark.norm("3.4.2")
def test_all_obstacles_to_closing_come_at_once():
    unsettled = DocumentFacts("KSA 2/2026", Direction.RECEIVED, DocumentState.PROCESSING, False, has_sender=False)
    draft = DocumentFacts("KSA 3/2026", Direction.OUTGOING, DocumentState.DRAFT, False, has_addressee=False)
    facts = replace(FILE, subject=" ", has_processor=False, has_regime=False, documents=(unsettled, draft))
    found = check_before_closing(facts, on=date(2026, 1, 1)).obstacles
    for words in ("stručný obsah", "zpracovatele", "skartační režim", "KSA 2/2026 není vyřízený",
                  "KSA 3/2026 není odeslaný",
                  "chybí odesílatel", "chybí adresát", "nemůže předcházet"):  # fmt: skip
        assert any(words in one for one in found), words
    assert len(found) == 10


def test_a_closed_file_is_not_closed_again():
    assert check_before_closing(replace(FILE, state=FileState.CLOSED), on=TODAY).obstacles


def test_an_empty_file_is_neither_settled_nor_closed_and_withdrawn_documents_do_not_count():
    withdrawn = DocumentFacts("KSA 2/2026", Direction.INTERNAL, DocumentState.WITHDRAWN, False)
    facts = replace(FILE, documents=(withdrawn,))
    assert obstacles_to_settling_file(facts, on=TODAY)
    assert check_before_closing(facts, on=TODAY).obstacles


def test_a_file_is_settled_with_documents_that_are_being_processed():
    working = DocumentFacts("KSA 2/2026", Direction.RECEIVED, DocumentState.PROCESSING, False, components=(PDF,))
    assert obstacles_to_settling_file(replace(FILE, documents=(SETTLED, working)), on=TODAY) == []


def test_other_than_output_formats_are_told_but_sealed_messages_are_not():
    word = ComponentFacts("dopis.docx", ComponentRole.ATTACHMENT, "fmt/412", "dokument Word (docx)")
    zfo = ComponentFacts("zprava.zfo", ComponentRole.MESSAGE, "")
    check = check_before_closing(replace(FILE, documents=(replace(SETTLED, components=(PDF, word, zfo)),)), on=TODAY)
    assert check.obstacles == []
    assert len(check.warnings) == 1
    assert "dopis.docx" in check.warnings[0]


def closing(*documents, **changes):
    return check_before_closing(replace(FILE, documents=documents or (SETTLED,), **changes), on=TODAY)


@pytest.mark.norm("3.2.9b")
@pytest.mark.parametrize(
    ("changes", "fix", "subject"),
    [
        ({"has_sender": False}, Fix.DOCUMENT_DATA, 7),
        ({"missing_own": ["Kód"]}, Fix.DOCUMENT_DATA, 7),
        ({"has_processor": False}, Fix.DOCUMENT, 7),
        ({"components": ()}, Fix.DOCUMENT, 7),
        ({"is_on_paper": True, "paper_is_counted": False}, Fix.PAPER_PART, 7),
        ({"parties": (PartyFacts(31, has_contact=False),)}, Fix.PARTY, 31),
        ({"parties": (PartyFacts(None, has_contact=False),)}, Fix.DOCUMENT, 7),
        ({"direction": Direction.OUTGOING, "has_addressee": False}, Fix.DOCUMENT, 7),
    ],
)
def test_what_a_package_needs_of_a_document_is_asked_for_with_a_way_to_it(changes, fix, subject):
    (found,) = closing(replace(SETTLED, pk=7, **changes)).found
    assert (found.fix, found.subject) == (fix, subject)
    assert found.text.endswith(".")


@pytest.mark.norm("3.2.9b")
@pytest.mark.parametrize(
    ("changes", "fix"),
    [
        ({"subject": " "}, Fix.FILE),
        ({"has_processor": False}, Fix.FILE),
        ({"has_regime": False}, Fix.FILE),
        ({"missing_own": ["Kód"]}, Fix.FILE),
    ],
)
def test_what_a_package_needs_of_a_file_is_asked_for_with_a_way_to_it(changes, fix):
    (found,) = closing(**changes).found
    assert found.fix is fix


@pytest.mark.norm("3.2.9b")
def test_a_file_with_paper_says_where_it_lies():
    paper = replace(SETTLED, is_on_paper=True, components=())
    (found,) = closing(paper, paper_is_placed=False).found
    assert (found.fix, "§ 12 odst. 6 písm. i" in found.text) == (Fix.PAPER, True)
    assert closing(paper).found == []
    assert closing(paper_is_placed=False).found == [], "nothing of it is on paper"


@pytest.mark.norm("3.2.9a")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "převede se při uzavření"),
        ({"conversion": ConversionState.WAITING}, "právě se převádí"),
        ({"conversion": ConversionState.FAILED, "conversion_note": "Je zašifrovaný."}, "nepovedl: Je zašifrovaný."),
        ({"conversion": ConversionState.KEPT, "conversion_note": "výkres"}, "zůstane tak: výkres"),
        ({"format_id": "x-fmt/263"}, "převést ho nejde"),
    ],
)
def test_formats_are_checked_and_told(changes, said):
    component = replace(ComponentFacts("a.docx", ComponentRole.MAIN, "fmt/412", "Word", 3), **changes)
    check = closing(replace(SETTLED, components=(component, PDF)))
    assert check.found == []
    (warning,) = check.warnings
    assert said in warning
    assert [one.version for one in check.formats] == [3]


def test_receipts_and_messages_keep_their_format():
    receipt = ComponentFacts("dorucenka.zfo", ComponentRole.RECEIPT, "fmt/999")
    assert closing(replace(SETTLED, components=(PDF, receipt))).warnings == []
