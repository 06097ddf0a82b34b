"""What the page shows of components: which one is open, and how it is shown."""

from dataclasses import dataclass

from django.urls import reverse

from egon import storage
from egon.kernel.errors import GatewayError
from egon.records.models import ComponentVersion
from egon.records.queries import ComponentView
from egon.records.rules.components import ComponentRole
from egon.web import formatting

LARGEST_TEXT = 200_000  # bajtů textu, který se vypíše přímo do stránky


@dataclass(frozen=True, slots=True)
class Attachment:
    """What ``components/attachment_preview.html`` shows."""

    name: str
    media_type: str
    size: int
    url: str
    download_url: str
    text: str = ""
    problem: str = ""


def chosen(components: list[ComponentView], wanted: str) -> ComponentVersion | None:
    """The version asked for by its number; otherwise the main component, otherwise the first that can be shown."""
    for view in components:
        for version in view.versions:
            if str(version.pk) == wanted:
                return version
    ordered = sorted(components, key=lambda view: (view.component.role != ComponentRole.MAIN, not _is_shown(view)))
    return ordered[0].latest if ordered else None


def attachment_of(version: ComponentVersion) -> Attachment:
    """The version as the page shows it; text is read here, everything else by the browser."""
    download_url = reverse("records:download", args=[version.pk])
    text, problem = _text_of(version)
    return Attachment(
        name=version.file_name,
        media_type=version.media_type,
        size=version.size,
        url=reverse("records:preview", args=[version.pk]) + _viewer_options(version),
        download_url=download_url,
        text=text,
        problem=problem,
    )


def _viewer_options(version: ComponentVersion) -> str:
    """A PDF opens at the width of the page, without the viewer's own column of thumbnails."""
    return "#navpanes=0&view=FitH" if formatting.preview_kind(version.media_type) == "pdf" else ""


def _is_shown(view: ComponentView) -> bool:
    return formatting.preview_kind(view.latest.media_type) != "none"


def _text_of(version: ComponentVersion) -> tuple[str, str]:
    if formatting.preview_kind(version.media_type) != "text" or version.size > LARGEST_TEXT:
        return "", ""
    try:
        content = storage.read(version.digest)
    except GatewayError as error:
        return "", error.message
    try:
        return content.decode(), ""
    except UnicodeDecodeError:
        return content.decode("cp1250", errors="replace"), ""
