"""Writing small OLE2 compounds ([MS-CFB]) for tests: every stream lies in whole sectors, names in a chain."""

import struct

_SECTOR, _SMALLEST = 512, 4096  # shorter streams would have to lie in the mini stream
_FREE, _END, _FAT, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound with the streams; ``folder/name`` makes a storage."""
    names: dict[str, bytes | None] = {}
    for path, content in streams.items():
        folders = path.split("/")[:-1]
        names |= {"/".join(folders[:depth]): None for depth in range(1, len(folders) + 1)} | {path: content}
    sectors, entries = bytearray(), []
    chains: list[int] = []
    for path, content in names.items():
        start, size = _END, 0
        if content is not None:
            padded = content + b"\0" * max(0, _SMALLEST - len(content))
            start, size = len(chains), len(padded)
            count = -(-size // _SECTOR)
            chains += [*range(start + 1, start + count), _END]
            sectors += padded + b"\0" * (count * _SECTOR - size)
        entries.append((path, 2 if content is not None else 1, start, size))
    places = [path for path, content in names.items() if content is None]

    def chained(folder: str) -> list[int]:
        return [number for number, path in enumerate(names, start=1) if path.rpartition("/")[0] == folder]

    following, first = {}, {}
    for folder in ("", *places):
        children = chained(folder)
        first[folder] = children[0] if children else _NONE
        following |= dict(zip(children, [*children[1:], _NONE], strict=True))
    directory = _entry("Root Entry", 5, _END, 0, _NONE, first[""])
    for number, (path, kind, start, size) in enumerate(entries, start=1):
        child = first[path] if kind == 1 else _NONE
        directory += _entry(path.rpartition("/")[2], kind, start, size, following[number], child)
    directory += b"\0" * (-len(directory) % _SECTOR)
    at_directory, count = len(chains), len(directory) // _SECTOR
    chains += [*range(at_directory + 1, at_directory + count), _END]
    at_fat = len(chains)
    chains.append(_FAT)
    fat = struct.pack(f"<{len(chains)}I", *chains)
    fat += struct.pack("<I", _FREE) * ((_SECTOR - len(fat)) // 4)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, at_directory, 0, _SMALLEST, _END, 0, _END, 0)
    header += struct.pack("<109I", at_fat, *[_FREE] * 108)
    return header + bytes(sectors) + directory + fat


def message(subject: str, body: str, attachments: dict[str, bytes]) -> bytes:
    """A message of Outlook, as [MS-OXMSG] stores it."""
    return compound(_streams_of_message(subject, body, attachments))


def forwarded(subject: str, body: str) -> bytes:
    """A message of Outlook attached to another one."""
    inner = _streams_of_message(subject, body, {})
    within = {f"__attach_version1.0_#00000000/__substg1.0_3701000D/{name}": part for name, part in inner.items()}
    return compound(_streams_of_message("Přeposílám", "viz příloha", {}) | within)


def _streams_of_message(subject: str, body: str, attachments: dict[str, bytes]) -> dict[str, bytes]:
    streams = {
        "__properties_version1.0": b"\0" * 32,
        "__substg1.0_0037001F": subject.encode("utf-16-le"),
        "__substg1.0_0C1A001F": "Jan Novák".encode("utf-16-le"),
        "__substg1.0_1000001E": body.encode("cp1250"),
    }
    for number, (name, content) in enumerate(attachments.items()):
        folder = f"__attach_version1.0_#{number:08X}"
        streams[f"{folder}/__substg1.0_3707001F"] = name.encode("utf-16-le")
        streams[f"{folder}/__substg1.0_37010102"] = content
    return streams


def _entry(name: str, kind: int, start: int, size: int, following: int, child: int) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    entry = written.ljust(64, b"\0") + struct.pack("<HBBIII", len(written), kind, 1, _NONE, following, child)
    return entry + b"\0" * 36 + struct.pack("<IIII", start, size, 0, 0)[:12]
