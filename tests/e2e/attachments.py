"""Attachments of letters, made by the tests themselves."""

from pathlib import Path

import typst
from PIL import Image, ImageDraw

_REQUEST = """
#set document(title: "Žádost", date: none)
#set page(paper: "a4", margin: 2.5cm)
#set text(lang: "cs", size: 11pt)
#align(right)[Kutná Lhota 1. listopadu]
*Žádost o opravu silnice II/339*

Dobrý den,

na silnici II/339 u Kutné Lhoty je po zimě hluboký výtluk, na kterém si v minulém týdnu poškodila auta
už tři vozidla. Prosím o jeho opravu a o sdělení, kdy k ní dojde. Místo je na přiložené fotografii.

S pozdravem

Josef Procházka
"""


def request(path: Path) -> Path:
    """A one-page letter as PDF/A."""
    source = path.with_suffix(".typ")
    source.write_text(_REQUEST.replace("date: none", "date: datetime(year: 2026, month: 11, day: 1)"), encoding="utf-8")
    path.write_bytes(typst.compile(str(source), format="pdf", pdf_standards="a-2b"))
    return path


def photograph(path: Path) -> Path:
    """A drawn road with a pothole, as JPEG."""
    image = Image.new("RGB", (900, 600), (176, 196, 214))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 240, 900, 600), fill=(96, 128, 78))
    draw.polygon([(330, 240), (570, 240), (880, 600), (20, 600)], fill=(92, 92, 96))
    for top in range(250, 600, 70):
        draw.polygon([(446, top), (454, top), (458, top + 36), (442, top + 36)], fill=(236, 236, 228))
    draw.ellipse((500, 430, 660, 500), fill=(48, 44, 42))
    draw.ellipse((525, 442, 640, 490), fill=(70, 62, 56))
    image.save(path, quality=85)
    return path
