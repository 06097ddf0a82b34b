"""Two-dimensional codes (QR, ISO/IEC 18004) for what we print."""

from io import BytesIO

import segno


def code_image(text: str) -> str:
    """A QR code of ``text`` as SVG; a quarter of it may be unreadable."""
    drawn = BytesIO()
    segno.make_qr(text, error="q").save(drawn, kind="svg", border=2, xmldecl=False, dark="#000", light=None)
    return drawn.getvalue().decode()
