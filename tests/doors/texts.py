"""What people read on a page or in a print, its white space made single."""

import re
from io import BytesIO

import pypdfium2


def text_of_page(answer):
    """The text of a page without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def text_of_pdf(answer):
    """The text of a PDF, for lines break where there is no more room."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf"), answer.content[:300]
    pages = pypdfium2.PdfDocument(BytesIO(answer.content))
    return " ".join("\n".join(page.get_textpage().get_text_range() for page in pages).split())
