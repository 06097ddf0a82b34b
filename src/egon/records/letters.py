"""Making the PDF/A of a written document: letterhead of the originator, numbers, addressee, text (§ 16)."""

from datetime import date

from egon import storage
from egon.gateways import pdfa
from egon.records.models import Addressee, Component, Document, RecordsSettings
from egon.records.queries import settings_of_originator
from egon.records.rules.components import ComponentRole
from egon.records.rules.states import Direction
from egon.registry import queries as registry
from egon.registry.models import Person
from egon.storage import BlobRef
from egon.tenancy.models import Tenant
from egon.tenancy.scope import current_tenant_id

PDF = "application/pdf"


def render(document: Document, text: str, *, on: date) -> bytes:
    """The letter as PDF/A. ``text`` is our small markup; it is passed on as data and never as a program."""
    settings = settings_of_originator()
    tenant = Tenant.objects.get(pk=current_tenant_id())
    return pdfa.render_letter(
        pdfa.Letter(
            organisation=tenant.name,
            address_lines=_lines(settings.address),
            reference_number=document.reference_number,
            your_reference=_your_reference(document),
            date=on,
            officer=document.holder.name if document.holder else "",
            contact=_contact(settings, document.holder),
            addressee_lines=_addressee_lines(document),
            subject=document.subject,
            body=pdfa.parse_body(text),
            file_mark=document.case_file.file_mark if document.case_file else "",
            signer_lines=_signer_lines(document),
            annexes=_annexes(document),
        )
    )


def store(document: Document, text: str, *, on: date) -> BlobRef:
    """Render the letter and keep it in the storage."""
    return storage.put(render(document, text, on=on))


def _your_reference(document: Document) -> str:
    """The sender's own mark of what is answered (vyhláška 259/2012 § 16 odst. 2 písm. b)."""
    return document.replies_to.sender_reference if document.replies_to else ""


def _signer_lines(document: Document) -> list[str]:
    """Name and position of who signs: the head of the unit (vyhláška 259/2012 § 16 odst. 2 písm. d)."""
    head = registry.head_of(document.unit) if document.unit else None
    if head is None:
        return []
    position = head.positions.filter(is_head=True).first()
    return [head.name, *([position.name] if position else [])]


def _annexes(document: Document) -> list[str]:
    """Names of the annexes, as they stand at the end of the letter."""
    annexes = Component.objects.filter(document=document, role=ComponentRole.ATTACHMENT.value, removed_at__isnull=True)
    return list(annexes.order_by("position").values_list("name", flat=True))


def _contact(settings: RecordsSettings, officer: Person | None) -> str:
    email = officer.email if officer and officer.email else settings.email
    return "\n".join(part for part in (settings.phone, email) if part)


def _addressee_lines(document: Document) -> list[str]:
    if document.direction != Direction.OUTGOING:
        return []
    addressees = list(document.addressees.order_by("pk"))
    if len(addressees) > 1:
        return ["Dle rozdělovníku"]
    return _lines_of(addressees[0]) if addressees else []


def _lines_of(addressee: Addressee) -> list[str]:
    box = [f"datová schránka: {addressee.databox_id}"] if addressee.databox_id else []
    return [addressee.name, *_lines(addressee.address), *box]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
