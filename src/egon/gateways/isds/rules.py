"""What ISDS would refuse, told before anything is sent. Pure functions; all obstacles come back together, in Czech.

Sources: WSDL 3.11 (lengths), manual "WS manipulace s datovými zprávami" (extensions, check character), operating
rules of 2026 (numbers and sizes of attachments).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from egon.gateways.isds.attachment_types import CONTAINERS, CONTENT_TYPES, extension_of
from egon.gateways.isds.outgoing import OutgoingFile, OutgoingMessage

MAX_TOTAL_SIZE: Final = 20 * 1024 * 1024
"""Bytes of all attachments of an ordinary message together."""
MAX_BIG_SIZE: Final = 100 * 1024 * 1024
"""Bytes of all attachments of a large message (VoDZ) together (operating rules, since January 2024)."""
MAX_ATTACHMENTS: Final = 100
MAX_CONTAINERS: Final = 10
MAX_NAME: Final = 255
MAX_ANNOTATION: Final = 255
MAX_REFERENCE: Final = 50
MAX_TO_HANDS: Final = 30

_BOX_ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"
_BOX_LENGTH: Final = 7
_FORBIDDEN_IN_NAME: Final = frozenset('/\\:*?"<>|')
_ROLES: Final = frozenset({"main", "enclosure", "signature", "meta"})


def box_check_character(first_six: str) -> str:
    """The seventh character of a box id (Luhn modulo 32, manual 1.3.3.1); ``ValueError`` for foreign characters."""
    total = 0
    for index, char in enumerate(first_six):
        value = _BOX_ALPHABET.index(char) * (2 if index % 2 else 1)
        total += value // 32 + value % 32
    return _BOX_ALPHABET[-total % 32]


def is_box_id(text: str) -> bool:
    """Whether ``text`` can be the id of a data box: seven characters of the alphabet, the last one checking."""
    if len(text) != _BOX_LENGTH or any(char not in _BOX_ALPHABET for char in text):
        return False
    return box_check_character(text[:-1]) == text[-1]


def obstacles_to_sending(message: OutgoingMessage) -> list[str]:
    """Everything that stands in the way of sending ``message`` as an ordinary data message; empty when nothing does."""
    return [*_envelope_obstacles(message), *obstacles_to_attaching(message.files)]


@dataclass(frozen=True, slots=True)
class DescribedFile:
    """An attachment without its content; ``size`` in bytes."""

    name: str
    size: int
    mime_type: str
    role: str


def obstacles_to_attaching(files: Sequence[OutgoingFile]) -> list[str]:
    """Everything that stands in the way of these attachments, alone and together, as an ordinary message."""
    described = [DescribedFile(file.name, len(file.content), file.mime_type, file.role) for file in files]
    return obstacles_to_described(described, largest=MAX_TOTAL_SIZE)


def obstacles_to_described(files: Sequence[DescribedFile], *, largest: int = MAX_BIG_SIZE) -> list[str]:
    """As :func:`obstacles_to_attaching`, without contents; ``largest`` is the most bytes of all together."""
    found = [
        obstacle for file in files for obstacle in file_obstacles(file.name, file.size, file.mime_type, largest=largest)
    ]
    if not files:
        found.append("Zpráva nemá žádnou přílohu, ISDS vyžaduje alespoň jednu.")
    if len(files) > MAX_ATTACHMENTS:
        found.append(f"Zpráva má {len(files)} příloh, nejvýše jich smí být {MAX_ATTACHMENTS}.")
    containers = sum(extension_of(file.name) in CONTAINERS for file in files)
    if containers > MAX_CONTAINERS:
        found.append(f"Zpráva má {containers} archivů ZIP nebo ASiC, nejvýše jich smí být {MAX_CONTAINERS}.")
    total = sum(file.size for file in files)
    if total > largest:
        found.append(f"Přílohy mají dohromady {_megabytes(total)} MB, {_limit(largest)}.")
    found.extend(_role_obstacles(files))
    return found


def file_obstacles(name: str, size: int, mime_type: str, *, largest: int = MAX_TOTAL_SIZE) -> list[str]:
    """Everything that stands in the way of one attachment: its name, extension, content type and size in bytes."""
    shown = f"Příloha „{name}“"
    found = [f"{shown}: {problem}" for problem in _name_problems(name)]
    extension = extension_of(name)
    accepted = CONTENT_TYPES.get(extension)
    if accepted is None:
        kind = f"typ .{extension}" if extension else "soubor bez přípony"
        found.append(f"{shown}: {kind} ISDS nepřijímá. Převeďte ji například do PDF.")
    elif not mime_type:
        found.append(f"{shown}: chybí typ obsahu (MIME).")
    elif not _is_accepted(mime_type, extension, accepted):
        found.append(f"{shown}: typ obsahu {mime_type} neodpovídá příponě .{extension}.")
    if size <= 0:
        found.append(f"{shown} je prázdná (0 bajtů).")
    elif size > largest:
        found.append(f"{shown} má {_megabytes(size)} MB, {_limit(largest)}.")
    return found


def _is_accepted(mime_type: str, extension: str, accepted: tuple[str, ...]) -> bool:
    """Content types are compared without parameters; the bare extension was seen in real messages and is taken."""
    plain = mime_type.partition(";")[0].strip().lower()
    return plain in accepted or plain == extension


def _name_problems(name: str) -> Iterable[str]:
    if not name.strip():
        yield "chybí název souboru."
    if len(name) > MAX_NAME:
        yield f"název má {len(name)} znaků, nejvýše smí mít {MAX_NAME}."
    forbidden = sorted(_FORBIDDEN_IN_NAME & set(name))
    if forbidden:
        yield f"název obsahuje nepovolené znaky ({' '.join(forbidden)})."
    if name.strip(". ") == "" and name.strip():
        yield "název tvoří jen tečky."
    if any(ord(char) < 32 or ord(char) == 127 for char in name):
        yield "název obsahuje řídicí znaky."


def _role_obstacles(files: Sequence[DescribedFile]) -> Iterable[str]:
    unknown = sorted({file.role for file in files} - _ROLES)
    if unknown:
        yield f"Neznámý druh přílohy: {', '.join(unknown)}."
    if files and files[0].role != "main":
        yield "První příloha musí být označena jako hlavní dokument zprávy."
    if sum(file.role == "main" for file in files) > 1:
        yield "Hlavní dokument zprávy smí být jen jeden."


def _envelope_obstacles(message: OutgoingMessage) -> Iterable[str]:
    if not is_box_id(message.recipient_box):
        yield f"Identifikátor schránky příjemce „{message.recipient_box}“ není platný, zkontrolujte překlep."
    if not message.annotation.strip():
        yield "Chybí věc (předmět) zprávy."
    limits = (
        ("Věc zprávy", message.annotation, MAX_ANNOTATION),
        ("Číslo jednací odesílatele", message.sender_reference_number, MAX_REFERENCE),
        ("Spisová značka odesílatele", message.sender_file_mark, MAX_REFERENCE),
        ("Číslo jednací příjemce", message.recipient_reference_number, MAX_REFERENCE),
        ("Spisová značka příjemce", message.recipient_file_mark, MAX_REFERENCE),
        ("Údaj „k rukám“", message.to_hands, MAX_TO_HANDS),
    )
    for label, text, limit in limits:
        if len(text) > limit:
            yield f"{label}: {len(text)} znaků, nejvýše smí být {limit}."


def _limit(largest: int) -> str:
    kind = "běžná zpráva" if largest <= MAX_TOTAL_SIZE else "i velkoobjemová zpráva"
    return f"{kind} smí mít nejvýše {largest // 1024 // 1024} MB"


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}".replace(".", ",")
