"""The first story: a data message arrives, circulates, is answered, dispatched, delivered, and its file is closed."""

from tests.e2e import attachments, steps
from tests.e2e.story import Story

SUBJECT = "Žádost o opravu silnice II/339 u Kutné Lhoty"


def test_the_whole_story(centre, window, signed_in, picture, tmp_path):
    files = [attachments.request(tmp_path / "zadost.pdf"), attachments.photograph(tmp_path / "vytluk.jpg")]
    citizen = window(url=centre.isds_url)
    steps.write_to_region(citizen, person="Josef Procházka", recipient="Kraj Sázavský", subject=SUBJECT, files=files)
    picture(citizen, "01-obcan-poslal-zpravu")

    story = Story(
        subject=SUBJECT,
        unit="OD Odbor dopravy",
        approver="Ing. Marie Horáková",
        citizen=citizen,
        clerk=signed_in("novakova"),
        head=signed_in("horakova"),
        officer=signed_in("dvorak"),
        picture=picture,
    )
    story.the_message_lies_in_the_mailroom()
    story.the_clerk_registers_it()
    story.the_head_takes_it_over_and_gives_it("Mgr. Petr Dvořák")
    story.the_officer_puts_it_in_a_new_file()
    story.the_officer_replies(attachments.photograph(tmp_path / "oznaceni-mista.jpg"))
    story.the_head_returns_it_once_and_approves_the_second_time()
    story.the_mailroom_dispatches_it()
    story.the_citizen_reads_it("Kraj Sázavský")
    story.the_receipt_comes_back_by_itself()
    story.the_officer_settles_it_and_closes_the_file()
    story.the_history_tells_it_all()
    verified = centre.command("-m", "egon.cli", "audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
