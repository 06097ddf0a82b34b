"""``/sds/ws/call``: the public directory of boxes, plain XML without a login.

Since February 2024 it knows practically only public authorities and legal persons (facts 1.2); at most a hundred come.
"""

from typing import Final
from xml.sax.saxutils import escape

from lxml import etree

from egon.gateways.isds.namespaces import PUBLIC_DIRECTORY
from egon.gateways.isds.simulator.boxes import Box
from egon.gateways.isds.simulator.directory import Directory, folded
from egon.gateways.isds.simulator.soap import wire
from egon.kernel.errors import BadContent

MAX_FOUND: Final = 100
_SUFFIX: Final = "Request"


def answer(directory: Directory, body: bytes) -> bytes:
    """The answer to GetInfo and SearchSubject; raises :class:`BadContent` for anything else."""
    asked = wire.parse(body)
    name = etree.QName(asked)
    operation = name.localname.removesuffix(_SUFFIX)
    if name.namespace != PUBLIC_DIRECTORY or operation not in {"GetInfo", "SearchSubject"}:
        raise BadContent("Veřejný seznam takový dotaz nezná.")
    found = _by_key(directory, asked) if operation == "GetInfo" else _by_name(directory, asked)
    listed = "".join(_person(box) for box in found if box.state == 1 and _is_public(box))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{operation}Response xmlns="{PUBLIC_DIRECTORY}">{listed}'
        f"</{operation}Response>"
    ).encode()


def _is_public(box: Box) -> bool:
    return box.is_public_authority or 20 <= box.type < 30


def _by_key(directory: Directory, asked: wire.Request) -> list[Box]:
    box_id, ico = wire.text(asked, "DataboxId"), wire.text(asked, "Ico")
    if box_id:
        box = directory.find(box_id)
        return [] if box is None else [box]
    return directory.by_exact("ic", ico) if ico else []


def _by_name(directory: Directory, asked: wire.Request) -> list[Box]:
    words = folded(wire.text(asked, "Nazev")).split()
    boxes = directory.every() if words else []
    return [box for box in boxes if set(words) <= set(folded(box.full_name).split())][:MAX_FOUND]


def _person(box: Box) -> str:
    address = box.address
    parts = (
        ("AdresaTextem", address.in_one_line()),
        ("ObecNazev", address.city),
        ("CastObceNazev", address.district),
        ("UliceNazev", address.street),
        ("PostaKod", address.zip_code),
        ("CisloDomovni", address.number_in_municipality),
        ("CisloOrientacni", address.number_in_street),
    )
    return (
        f"<Osoba><Ico>{escape(box.ic)}</Ico><NazevOsoby>{escape(box.full_name)}</NazevOsoby><ISDS>{box.id}</ISDS>"
        f"<PDZ>{'true' if box.open_addressing else 'false'}</PDZ>"
        f"<TypSubjektu>{'OVM' if box.is_public_authority else 'PO'}</TypSubjektu>"
        f"<AdresaSidla>{''.join(f'<{name}>{escape(text)}</{name}>' for name, text in parts if text)}</AdresaSidla>"
        "</Osoba>"
    )
