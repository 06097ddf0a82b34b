"""Envelopes with addresses, the service of the post and a code, as PDF/A-2a; each is a page of its size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from egon.gateways.pdfa.codes import code_image
from egon.gateways.pdfa.documents import render_template

ENVELOPE_SIZES: Final = {"DL": (220, 110), "C5": (229, 162), "C4": (324, 229)}
"""Width and height in millimetres (ISO 269)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedEnvelope:
    """What stands on one envelope; ``code`` is read back from the slip, ``mark`` is what people call the letter."""

    size: str
    sender_lines: Sequence[str]
    address_lines: Sequence[str]
    code: str
    mark: str
    service: str = ""


def render_envelopes(envelopes: Sequence[PrintedEnvelope], *, author: str, on: date) -> bytes:
    """The envelopes as PDF, in the order given. Raises :class:`~egon.gateways.pdfa.RenderingFailed`."""
    data = {
        "envelopes": [
            {
                "size": list(ENVELOPE_SIZES[one.size]),
                "sender": list(one.sender_lines),
                "address": list(one.address_lines),
                "code": code_image(one.code),
                "alt": one.code,
                "mark": one.mark,
                "service": one.service,
            }
            for one in envelopes
        ]
    }
    return render_template("envelopes.typ", data, title="Obálky", author=author, on=on)
