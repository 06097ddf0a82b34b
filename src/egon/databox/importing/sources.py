"""Finding the messages in what was brought: one ZFO, a ZIP, a folder, a database of Datovka.

Nothing is ever unpacked to the disk, links are not followed, and every read is bounded, so neither a ZIP bomb nor a
name like ``../../etc/passwd`` does any harm. An item that cannot be taken carries its Czech ``problem``.
"""

import os
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

from egon.databox.contents import LIMITS
from egon.kernel.errors import BadContent

LARGEST_FILE: Final = LIMITS.max_size
"""No data message is larger (bytes)."""
MOST_FILES: Final = 500_000
"""Files in one import."""
MOST_SHRINKAGE: Final = 50
"""A ZFO is base64 and DER, it never packs to a fiftieth; what does is a bomb."""
LARGEST_DIRECTORY: Final = 128 * 1024 * 1024
"""The list of contents of a ZIP (bytes); of half a million files it has some 50 MB."""
_TAIL: Final = 70_000
_BOMB_FROM: Final = 10 * 1024 * 1024
_ZFO: Final = ".zfo"
_ENCRYPTED: Final = 0x1
_SQLITE: Final = b"SQLite format 3\x00"


class UnusableSource(BadContent):
    """The source as a whole cannot be gone through; ``message`` says why and what to do."""

    code = "databox.import_source"


@dataclass(frozen=True, slots=True)
class Item:
    """One file: ``name`` is unique in its source, ``read`` gives its bytes or raises ``BadContent``.

    ``outcome`` with ``problem`` says that there is nothing to read, and why.
    """

    name: str
    size: int
    read: Callable[[], bytes]
    outcome: str = ""
    problem: str = ""


def items_of(paths: Sequence[Path]) -> Iterator[Item]:
    """Everything found in the given files and folders, in a stable order. Raises ``UnusableSource``."""
    return _named_apart(_items_of(paths))


def items_of_upload(path: Path, *, name: str) -> Iterator[Item]:
    """Everything found in one file that its owner called ``name``. Raises ``UnusableSource``."""
    return _named_apart(_items_in_file(path, name=name))


def _named_apart(items: Iterable[Item]) -> Iterator[Item]:
    """A ZIP may hold one name twice, and names may differ in what is not printable."""
    seen: dict[str, int] = {}
    for item in items:
        name, times = item.name, seen.get(item.name, 0)
        while name in seen:
            times += 1
            name = f"{item.name} ({times})"
        seen[item.name], seen[name] = max(times, 1), 1
        yield item if name == item.name else replace(item, name=name)


def _items_of(paths: Sequence[Path]) -> Iterator[Item]:
    for path in paths:
        prefix = f"{printable(path.name)}/" if len(paths) > 1 else ""
        if path.is_dir():
            yield from _in_folder(path, prefix=prefix)
        else:
            yield from _items_in_file(path, name=prefix + path.name, prefix=prefix)


def _items_in_file(path: Path, *, name: str, prefix: str = "") -> Iterator[Item]:
    """What one file holds, told by its content rather than by its name."""
    kind = _kind_of(path)
    if kind == "zip":
        yield from _in_zip(path, prefix)
    elif kind == "sqlite":
        from egon.databox.importing import datovka

        yield from datovka.items_in(path, prefix=prefix)
    else:
        yield _single(path, name)


def _kind_of(path: Path) -> str:
    try:
        with _open_regular(path) as stream:
            start = stream.read(len(_SQLITE))
            is_zip = start[:4] in (b"PK\x03\x04", b"PK\x05\x06")
    except OSError as error:
        raise UnusableSource(f"Soubor „{printable(path.name)}“ nelze otevřít ({error.strerror}).") from error
    return "sqlite" if start == _SQLITE else "zip" if is_zip else "file"


def _single(path: Path, name: str) -> Item:
    size = path.stat().st_size
    return _bounded(printable(name), size, lambda: _read_file(path))


def _in_folder(folder: Path, *, prefix: str) -> Iterator[Item]:
    """Files of a folder and its subfolders by name; ZIPs and databases in it are opened, links are not followed."""
    for here, folders, files in os.walk(folder):
        folders.sort()
        for file in sorted(files):
            path = Path(here) / file
            name = printable(prefix + path.relative_to(folder).as_posix())
            yield from _in_folder_file(path, name)


def _in_folder_file(path: Path, name: str) -> Iterator[Item]:
    if not stat.S_ISREG(path.lstat().st_mode):
        yield _refused(name, "Odkazy a zvláštní soubory se nečtou, vložte soubor přímo do složky.")
        return
    try:
        kind = _kind_of(path)
        if kind == "file" and not name.lower().endswith(_ZFO):
            yield _skipped(name, path.stat().st_size)
            return
        yield from _items_in_file(path, name=name, prefix=f"{name}/")
    except UnusableSource as error:
        yield _refused(name, error.message)


def _in_zip(path: Path, prefix: str) -> Iterator[Item]:
    if _directory_size(path) > LARGEST_DIRECTORY:
        raise UnusableSource(f"Archiv obsahuje přes {MOST_FILES} souborů. Rozdělte ho do menších.")
    try:
        archive = zipfile.ZipFile(path)
        entries = sorted((e for e in archive.infolist() if not e.is_dir()), key=lambda e: e.filename)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnusableSource(
            "Archiv ZIP je poškozený nebo neúplný, nic z něj se neuložilo. Vytvořte ho znovu.", detail=str(error)
        ) from error
    _refuse_bomb(entries, packed=path.stat().st_size)
    for entry in entries:
        yield _zip_item(archive, entry, printable(prefix + entry.filename))


def _directory_size(path: Path) -> int:
    """Bytes of the list of contents as the archive states them; the whole list would be read into memory."""
    with _open_regular(path) as stream:
        stream.seek(max(0, path.stat().st_size - _TAIL))
        tail = stream.read(_TAIL)
    large, usual = tail.rfind(b"PK\x06\x06"), tail.rfind(b"PK\x05\x06")
    if large >= 0:
        return int.from_bytes(tail[large + 40 : large + 48], "little")
    return int.from_bytes(tail[usual + 12 : usual + 16], "little") if usual >= 0 else 0


def _refuse_bomb(entries: Sequence[zipfile.ZipInfo], *, packed: int) -> None:
    if len(entries) > MOST_FILES:
        raise UnusableSource(f"Archiv obsahuje přes {MOST_FILES} souborů. Rozdělte ho do menších.")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > _BOMB_FROM and unpacked > packed * MOST_SHRINKAGE:
        raise UnusableSource(
            "Archiv by se rozbalil na mnohonásobek své velikosti, což datové zprávy nedělají. "
            "Nic z něj se neuložilo; zkontrolujte, odkud pochází."
        )


def _zip_item(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Item:
    if not name.lower().endswith(_ZFO) and not entry.filename.lower().endswith(_ZFO):
        inner = entry.filename.lower().endswith((".zip", ".db"))
        return _refused(name, _NESTED, entry.file_size) if inner else _skipped(name, entry.file_size)
    if entry.flag_bits & _ENCRYPTED:
        return _refused(name, "Soubor je v archivu chráněný heslem. Rozbalte archiv a importujte ho bez hesla.")
    if entry.file_size > _BOMB_FROM and entry.file_size > max(entry.compress_size, 1) * MOST_SHRINKAGE:
        return _refused(name, "Soubor by se rozbalil na mnohonásobek své velikosti, což datová zpráva nedělá.")
    return _bounded(name, entry.file_size, lambda: _read_entry(archive, entry))


_NESTED: Final = (
    "Archivy a databáze uvnitř archivu se neotvírají. Rozbalte je do složky, nebo je importujte samostatně."
)


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    # RuntimeError: a password is wanted; the rest is how zipfile and zlib tell of damage.
    try:
        with archive.open(entry) as stream:
            data = stream.read(LARGEST_FILE + 1)
    except Exception as error:
        raise BadContent("Soubor je v archivu poškozený a nejde rozbalit.", detail=str(error)) from error
    return _not_longer(data)


def _read_file(path: Path) -> bytes:
    try:
        with _open_regular(path) as stream:
            return _not_longer(stream.read(LARGEST_FILE + 1))
    except OSError as error:
        raise BadContent(f"Soubor nelze přečíst ({error.strerror}).", detail=str(error)) from error


def _open_regular(path: Path) -> BinaryIO:
    """The file itself, never what a link points to and never a pipe that would make us wait."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(0, "není to obyčejný soubor", str(path))
    return os.fdopen(handle, "rb")


def _not_longer(data: bytes) -> bytes:
    if len(data) > LARGEST_FILE:
        raise BadContent(too_large())
    return data


def too_large() -> str:
    """Why a file was not read."""
    return f"Soubor je větší než {LARGEST_FILE // 1024 // 1024} MB, což datová zpráva být nemůže."


def _bounded(name: str, size: int, read: Callable[[], bytes]) -> Item:
    return _refused(name, too_large(), size) if size > LARGEST_FILE else Item(name, size, read)


def _refused(name: str, problem: str, size: int = 0) -> Item:
    return Item(name, size, _nothing, "refused", problem)


def _skipped(name: str, size: int) -> Item:
    return Item(name, size, _nothing, "skipped", "Soubor nemá příponu .zfo.")


def _nothing() -> bytes:
    raise BadContent("Soubor se nečte.")


def printable(name: str) -> str:
    """A name for the report: no control characters, at most 440 characters of its end; unique names stay so mostly."""
    clean = "".join(c if c.isprintable() else "�" for c in name.encode(errors="replace").decode())
    return clean if len(clean) <= 440 else f"…{clean[-439:]}"
