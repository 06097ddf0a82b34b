"""A data message as components of a document: the sealed message itself, its main file, its attachments."""

from egon.databox.models import DataMessage, Direction, MessageFile, Progress
from egon.mailroom.envelopes import rendered_header
from egon.mailroom.refusals import Refusals, rendition
from egon.mailroom.rules import main_position
from egon.records import queries as records
from egon.records.models import Document
from egon.records.operations import NewFile
from egon.records.rules.components import ComponentRole
from egon.storage import BlobRef

ZFO_TYPE = "application/vnd.software602.filler.form-xml-zip"
ZFO_FORMAT = "x-isds/zfo"  # PRONOM has no identifier of its own for the sealed documents of ISDS
_NAMES = {Direction.RECEIVED: "Datova_zprava", Direction.SENT: "Odeslana_zprava", Direction.RECEIPT: "Dorucenka"}


def components_of_message(message: DataMessage, refusals: Refusals | None = None) -> list[NewFile]:
    """The main file first, then the other attachments, the rendered header, last the sealed message byte for byte.

    An empty attachment (0 bytes) is no component; it stays in the sealed message. What is refused is replaced by a
    PDF/A that says why (NSESSS 2.1.7).
    """
    refusals = refusals or Refusals()
    files = [file for file in message.files.order_by("position") if file.size]
    if files:
        main = files.pop(main_position([file.role for file in files]))
        roles = [(main, ComponentRole.MAIN), *((file, ComponentRole.ATTACHMENT) for file in files)]
        found = [
            rendition(message, file, refusals, role) if file.pk in refusals.by_file else _component(file, role)
            for file, role in roles
        ]
    else:
        found = []
    if message.progress == Progress.COMPLETE:
        found.append(rendered_header(message))
    return [*found, sealed_copy(message)]


def sealed_copy(message: DataMessage) -> NewFile:
    """The ZFO of a message or receipt as a component of its own."""
    is_receipt = message.direction == Direction.RECEIPT
    return NewFile(
        name=f"{_NAMES[Direction(message.direction)]}_{message.dm_id}.zfo",
        media_type=ZFO_TYPE,
        blob=BlobRef(message.zfo_digest, message.zfo_size),
        role=(ComponentRole.RECEIPT if is_receipt else ComponentRole.MESSAGE).value,
        format=ZFO_FORMAT,
        format_name="zapečetěná datová zpráva (ZFO)",
    )


def is_filed(document: Document, file: NewFile) -> bool:
    """Whether the document has a component with the same content already."""
    return any(
        file.blob.digest == version.digest for view in records.components_of(document) for version in view.versions
    )


def _component(file: MessageFile, role: ComponentRole) -> NewFile:
    return NewFile(
        name=file.name,
        media_type=file.media_type,
        blob=BlobRef(file.digest, file.size),
        role=role.value,
        format=file.format_id,
        format_name=file.format_name,
    )
