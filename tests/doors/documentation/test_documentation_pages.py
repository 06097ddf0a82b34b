"""The documentation is written to files outside the database, says what the standard wants, and has its page."""

from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pypdfium2
import pytest
from django.core.management import call_command
from tests.doors.browser import signed_in
from tests.records_steps import acting

import egon
from egon.audit import sealing
from egon.audit.models import LogSeal
from egon.documentation import releases, versions
from egon.documentation.models import InstalledVersion, Writing
from egon.documentation.operations import save_facts
from egon.documentation.releases import Change, Release
from egon.documentation.versions import remember_present
from egon.gateways.formats import identify
from egon.kernel import clock
from egon.kernel.actor import Actor, Role
from egon.records import queries as records
from egon.registry.models import ROLE_NAMES
from egon.tenancy.scope import tenant_scope
from egon.web.documentation import contents, files, jobs
from egon.web.documentation.limits import LIMITS
from egon.web.formatting import write_file_size
from egon.web.records.forms import LARGEST_FILE

PDF_A_2A = "fmt/476"
STATED = {
    "supplier": "Dodavatel a. s.",
    "trial_from": date(2026, 1, 2),
    "regular_from": date(2026, 4, 3),
    "ended_on": date(2031, 5, 4),
    "attested_on": date(2026, 3, 5),
    "attested_version": "0.0.9",
    "migrated_data": "spisová služba 2004 až 2025",
    "connected_systems": "evidence smluv",
    "changes": "stěhování serveru",
    "scope": "celá agenda úřadu",
    "open_data": "žádná se neposkytují",
    "contacts": "Ondřej Svoboda, 777 000 000",
}


@pytest.fixture
def folder(tmp_path, settings):
    settings.DOCUMENTATION_DIR = tmp_path / "dokumentace"
    return settings.DOCUMENTATION_DIR


@pytest.fixture
def written(in_region, world, folder):
    """The text of the HTML after the administrator stated everything."""
    remember_present(using="default")
    save_facts(actor=acting(world.administrator), **STATED)
    assert files.write(Actor.system(world.region.pk)).problem == ""
    return (folder / world.region.code / files.HTML).read_text(encoding="utf-8")


def chapter(text, heading):
    part = text[text.index(f"<h2>{heading}") :]
    return part[: part.index("</section>")]


def missing_of(told, text):
    return [(heading, one) for heading, wanted in told.items() for one in wanted if one not in chapter(text, heading)]


@pytest.mark.norm("10.1.1a", "10.1.1b", "10.1.1c", "10.1.1d", "10.1.1e", "10.1.1g", "10.1.1h", "10.1.1k")
def test_product_supplier_dates_attest_and_migrated_data_are_told(written):
    told = {
        "a) ": ["eGON Centrum", egon.__version__],
        "b) ": ["Dodavatel a. s."],
        "c) ": ["2.\u00a01.\u00a02026"],
        "d) ": ["3.\u00a04.\u00a02026"],
        "e) ": ["5.\u00a03.\u00a02026", "0.0.9"],
        "g) ": ["spisová služba 2004 až 2025"],
        "h) ": ["včetně komponent"],
        "k) ": ["4.\u00a05.\u00a02031"],
    }
    assert missing_of(told, written) == []


@pytest.mark.norm("10.1.1f")
def test_all_eight_limits_are_told(written):
    part = chapter(written, "f) ")
    assert len(LIMITS) == 8
    assert [label for label, value in LIMITS if label not in part or value not in part] == []
    assert write_file_size(LARGEST_FILE) in part


@pytest.mark.norm("10.1.1i", "10.1.1j", "10.1.1l", "10.1.1m", "10.1.1n", "10.1.1o")
def test_connections_changes_technology_scope_laws_and_open_data_are_told(written):
    told = {
        "i) ": ["Informační systém datových schránek", "evidence smluv", "kapitoly 8.1"],
        "j) ": ["stěhování serveru", versions.fingerprint()[:16]],
        "l) ": ["PostgreSQL", "Python", "Knihovna django"],
        "m) ": ["celá agenda úřadu"],
        "n) ": ["499/2004"],
        "o) ": ["žádná se neposkytují"],
    }
    assert missing_of(told, written) == []


@pytest.mark.norm("10.1.1p", "10.1.1q")
def test_roles_are_told_with_administrators_and_their_places(written, world):
    part = chapter(written, "p) ")
    assert world.administrator.name in part and world.records_keeper.name in part
    position = world.administrator.positions.first()
    assert f"{position.name}, {position.unit}" in part
    assert world.officer.name not in part
    assert [name for name in ROLE_NAMES.values() if name not in chapter(written, "q) ")] == []
    assert len(ROLE_NAMES) == len(Role)


@pytest.mark.norm("10.1.2")
def test_files_are_read_without_the_product_and_replaced_only_when_whole(written, world, folder, monkeypatch):
    paths = [folder / world.region.code / name for name in (files.HTML, files.PDF)]
    assert "<link" not in written and "<script" not in written and "src=" not in written
    pdf = paths[1].read_bytes()
    assert identify(pdf, "d.pdf").pronom_id == PDF_A_2A
    pages = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    assert "Ondřej Svoboda, 777 000 000" in pages
    monkeypatch.setattr(files, "_made", lambda actor: {files.HTML: b"nova", files.PDF: b"nova"})
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    failed = files.write(Actor.system(world.region.pk))
    assert "No space left on device" in failed.problem
    assert paths[1].read_bytes() == pdf
    assert sorted(path.name for path in paths[0].parent.iterdir()) == [files.HTML, files.PDF]


@pytest.mark.norm("10.1.3a", "10.1.3b", "10.1.3c", "10.1.3d", "10.1.3e")
def test_attested_and_running_versions_differences_and_patches_are_told(in_region, world, folder, monkeypatch):
    change = Change("nové hlášení", "žádost původců", "projděte příručku")
    newer = Release(version="0.1.0", functions_changed=True, changes=[change])
    attested = Release(version="0.0.9", changes=[Change("stará věc", "x", "y")])
    monkeypatch.setattr(releases, "RELEASES", [newer, attested])
    remember_present(using="default")
    first = InstalledVersion.objects.order_by("pk").last()
    InstalledVersion.objects.create(
        version=first.version, fingerprint="abcdef0123456789" * 4, installed_at="2026-11-01T08:00Z", migrations=1
    )
    save_facts(actor=acting(world.administrator), **STATED)
    files.write(Actor.system(world.region.pk))
    written = (folder / world.region.code / files.HTML).read_text(encoding="utf-8")
    present = chapter(written, "Atestovaná a provozovaná verze")
    assert "0.0.9" in present and egon.__version__ in present and versions.fingerprint() in present
    changes = chapter(written, "Změny provozované verze")
    assert all(one in changes for one in ("nové hlášení", "žádost původců", "projděte příručku", "změněna"))
    assert "stará věc" not in changes
    patches = chapter(written, "Opravy")
    assert "abcdef0123456789" in patches


def test_a_patch_changes_the_program_and_not_its_version_or_was_released_as_one(monkeypatch):
    monkeypatch.setattr(releases, "RELEASES", [Release(version="2.1", is_patch=True), Release(version="2")])
    newest_first = [InstalledVersion(version=version) for version in ("2.1", "2", "2", "1")]
    assert contents.patches_among(newest_first) == [newest_first[0], newest_first[1]]
    assert contents.patches_among([]) == []


def test_it_also_holds_the_boxes_the_chain_the_plan_and_the_configuration(in_region, world, folder):
    sealing.seal_new_records(now=clock.now() + timedelta(days=1))
    files.write(Actor.system(world.region.pk))
    written = (folder / world.region.code / files.HTML).read_text(encoding="utf-8")
    seal = LogSeal.objects.order_by("-position").first()
    assert f"č. {seal.position}, {seal.hash.hex()}" in chapter(written, "Stav dat")
    plan = records.current_plan(on=clock.today())
    assert plan.name in chapter(written, "Verze spisového")
    assert records.settings_of_originator().reference_format in written
    assert "80.1" in chapter(written, "Platný plán")


def test_the_command_writes_all_organisations_or_one_into_a_given_folder(world, tmp_path):
    told = StringIO()
    call_command("documentation_write", to=tmp_path, organizace=world.school.tenant.code, stdout=told)
    assert (tmp_path / world.school.tenant.code / files.PDF).is_file() and world.school.tenant.code in told.getvalue()
    assert not (tmp_path / world.region.code).exists()
    (tmp_path / "soubor").write_text("x")
    with pytest.raises(SystemExit):
        call_command("documentation_write", to=tmp_path / "soubor", organizace=world.school.tenant.code, stdout=told)


def test_the_nightly_job_writes_and_notes_it(in_region, world, folder):
    jobs.write_documentation()
    writing = Writing.objects.get()
    assert (writing.problem, writing.written_by) == ("", "eGON Centrum")
    assert (Path(writing.folder) / files.HTML).is_file()


def test_the_page_states_facts_writes_and_gives_the_files(world, folder):
    client = signed_in("svoboda")
    assert "Zatím nebyla vytvořena" in client.get("/sprava/dokumentace/").content.decode()
    assert client.get(f"/sprava/dokumentace/soubor/{files.PDF}").status_code == 404
    refused = client.post("/sprava/dokumentace/", {"supplier": "Kdosi", "attested_version": "1"}).content.decode()
    assert "Atest má den i verzi" in refused and "Kdosi" in refused
    saved = client.post("/sprava/dokumentace/", {"supplier": "Kdosi", "trial_from": "2026-01-01"}, follow=True)
    assert "Údaje jsou uložené" in saved.content.decode()
    page = client.post("/sprava/dokumentace/vytvorit/", follow=True).content.decode()
    assert "Dokumentace je vytvořená" in page and files.HTML in page
    answer = client.get(f"/sprava/dokumentace/soubor/{files.HTML}")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "Kdosi" in answer.content.decode()
    assert client.get("/sprava/dokumentace/soubor/secret_key").status_code == 404


@pytest.mark.parametrize("login", ["fiala", "dvorak"])
def test_others_open_none_of_it(world, login):
    client = signed_in(login)
    assert client.get("/sprava/dokumentace/").status_code == 403
    assert client.post("/sprava/dokumentace/vytvorit/").status_code == 403
    assert client.get(f"/sprava/dokumentace/soubor/{files.PDF}").status_code == 403
    with tenant_scope(world.region.pk):
        assert not Writing.objects.exists()
