"""Which reminders cannot be."""

from datetime import date

from egon.records.rules.reminders import LONGEST_REMINDER, MOST_OPEN, faults_of_reminder

TODAY = date(2026, 11, 25)


def test_a_reminder_of_today_with_a_note_is_fine():
    assert faults_of_reminder(day=TODAY, note="zavolat", today=TODAY, waiting=MOST_OPEN - 1) == []


def test_every_fault_is_told_at_once():
    assert len(faults_of_reminder(day=date(2026, 11, 24), note="", today=TODAY, waiting=MOST_OPEN)) == 3
    far = faults_of_reminder(day=date(2037, 1, 1), note="x" * (LONGEST_REMINDER + 1), today=TODAY)
    assert ["let dopředu" in far[0], "znaků" in far[1]] == [True, True]
