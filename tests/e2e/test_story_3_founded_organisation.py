"""The third story: a school with two people does the first story in its own space, and sees nothing of the region's."""

from playwright.sync_api import expect
from tests.e2e import attachments, steps
from tests.e2e.story import Story

SUBJECT = "Žádost o přijetí k přestupu do druhého ročníku"
REGIONS = "Stížnost na hluk z krajské silnice"
SCHOOL = "Gymnázium Lípa nad Sázavou"


def test_the_school_works_in_its_own_space(centre, window, signed_in, tmp_path):
    files = [attachments.request(tmp_path / "zadost.pdf"), attachments.photograph(tmp_path / "vytluk.jpg")]
    citizen = window(url=centre.isds_url)
    person = "Josef Procházka"
    steps.write_to_region(citizen, person=person, recipient="Kraj Sázavský", subject=REGIONS, files=files)
    steps.write_to_region(citizen, person=person, recipient=SCHOOL, subject=SUBJECT, files=files)

    region = signed_in("novakova")
    steps.fetch_until(region, REGIONS)
    region.get_by_role("link", name=REGIONS).click()
    regions_item = region.url
    region.get_by_role("button", name="Zaevidovat").click()
    region.get_by_role("link", name="Otevřít dokument").click()
    regions_document = region.url

    # The whole story once more also proves that nothing in it needs JavaScript.
    clerk, director = signed_in("ticha", javascript=False), signed_in("uceny", javascript=False)
    story = Story(
        subject=SUBJECT,
        unit="RED Ředitelství",
        approver="RNDr. Vladimír Učený",
        citizen=citizen,
        clerk=clerk,
        head=director,
        officer=clerk,
        picture=lambda *_args, **_options: None,
    )
    story.the_message_lies_in_the_mailroom()
    story.the_clerk_registers_it()
    assert story.reference.startswith("GLS ")
    story.the_head_takes_it_over_and_gives_it("Blanka Tichá")
    story.the_officer_puts_it_in_a_new_file()
    story.the_officer_replies(attachments.photograph(tmp_path / "priloha.jpg"))
    story.the_head_returns_it_once_and_approves_the_second_time()
    story.the_mailroom_dispatches_it()
    story.the_citizen_reads_it("Gymnázium")
    story.the_receipt_comes_back_by_itself()
    story.the_officer_settles_it_and_closes_the_file()
    story.the_history_tells_it_all()

    for person_of_school in (clerk, director):
        for address in (regions_document, regions_item):
            answer = person_of_school.goto(address)
            assert answer.status in (403, 404)
        for page in ("/", "/dokumenty/", "/spisy/", f"/hledat/?q={REGIONS}", "/rejstrik/"):
            person_of_school.goto(page)
            expect(person_of_school.locator("body")).not_to_contain_text("hluk z krajské silnice", use_inner_text=True)
            expect(person_of_school.locator("body")).not_to_contain_text("KSA ")
    region.goto(f"/hledat/?q={SUBJECT}")
    expect(region.locator("main")).not_to_contain_text(story.reference)
