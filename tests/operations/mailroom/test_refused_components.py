"""A component not accepted is not stored; a PDF/A tells why, its sender and time stay (NSESSS 2.1.7, 2.1.8)."""

import io
from typing import Any

import pikepdf
import pypdfium2
import pytest
from tests import traces
from tests.letters import citizen_as_party

from egon import storage
from egon.databox import fetching
from egon.databox.models import Box
from egon.kernel import clock
from egon.mailroom import operations
from egon.mailroom.errors import NotRegistrable
from egon.mailroom.models import IntakeItem
from egon.mailroom.refusals import Refusals
from egon.mailroom.rules import RefusedBecause
from egon.records import queries
from egon.records.models import ComponentVersion, Document

pytestmark = pytest.mark.django_db

FILES = (
    ("zadost.txt", "Prosím o povolení.".encode(), "text/plain"),
    ("vykres.txt", b"0" * 3000, "text/plain"),
)


@pytest.fixture
def item(in_region: Any, isds: Any) -> IntakeItem:
    box = Box.objects.get()
    isds.write("Žádost s výkresem", to=box.box_id, files=FILES)
    fetching.fetch_box(box.pk)
    return IntakeItem.objects.get()


def register(world: Any, item: IntakeItem, refusals: Refusals | None = None) -> Document:
    clerk = world.actor(world.clerk)
    return operations.register_intake(
        actor=clerk, item=item, sender=citizen_as_party(clerk), subject="Žádost", at=clock.now(), refusals=refusals
    )


def text_of(digest: str) -> str:
    pdf = pypdfium2.PdfDocument(storage.read(digest))
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())


@pytest.mark.norm("2.1.7")
def test_a_refused_component_is_replaced_by_the_reason_and_the_sender_stays(item: IntakeItem, in_region: Any) -> None:
    drawing = item.data_message.files.get(name="vykres.txt")
    document = register(in_region, item, Refusals({drawing.pk: RefusedBecause.FORMAT}, "Pošlete výkres jako PDF."))
    assert not ComponentVersion.objects.filter(component__document=document, digest=drawing.digest).exists()
    by_name = {view.component.name: view.latest for view in queries.components_of(document)}
    assert "zadost.txt" in by_name and "vykres.txt" not in by_name
    rendition = by_name[f"Neulozeno_{drawing.position}.pdf"]
    told = text_of(rendition.digest)
    for expected in ("vykres.txt", "nepřijímaný datový formát", "Pošlete výkres jako PDF", "Procházka"):
        assert expected in told
    with pikepdf.open(io.BytesIO(storage.read(rendition.digest))) as pdf, pdf.open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "2"
    assert document.sender.name == "Josef Procházka"
    assert document.delivered_at == item.received_at.replace(microsecond=0)
    assert traces.last("mailroom.intake.register").parameters["refused"] == {"vykres.txt": "nepřijímaný datový formát"}


@pytest.mark.norm("2.1.7")
def test_all_components_may_be_refused_and_the_sender_and_time_are_kept(item: IntakeItem, in_region: Any) -> None:
    files = list(item.data_message.files.all())
    document = register(in_region, item, Refusals({file.pk: RefusedBecause.SIZE for file in files}))
    main = [view.latest for view in queries.components_of(document) if view.component.role == "main"]
    assert "nepřijímaná velikost" in text_of(main[0].digest)
    assert document.sender is not None and document.delivered_at is not None


def test_a_defect_has_to_be_described(item: IntakeItem, in_region: Any) -> None:
    file = item.data_message.files.first()
    with pytest.raises(NotRegistrable, match="Popište vadu"):
        register(in_region, item, Refusals({file.pk: RefusedBecause.DEFECT}, " "))
    item.refresh_from_db()
    assert item.document is None


@pytest.mark.norm("2.1.8")
def test_the_size_of_each_component_of_a_message_is_recorded(item: IntakeItem, in_region: Any) -> None:
    document = register(in_region, item)
    sizes = {view.component.name: view.latest.size for view in queries.components_of(document)}
    for name, content, _ in FILES:
        assert sizes[name] == len(content)
    assert all(view.latest.size == len(storage.read(view.latest.digest)) for view in queries.components_of(document))
