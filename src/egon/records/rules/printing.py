"""What a file printed whole may hold, and how its parts are called (NSESSS 5.2.13)."""


def obstacles_to_printing(components: int, size: int, *, most: int, largest: int) -> list[str]:
    """Why a file would not be made into one PDF while somebody waits; sizes in bytes."""
    obstacles = []
    if components > most:
        obstacles.append(f"Spis má {components} komponent, najednou jich jde vytisknout nejvýš {most}.")
    if size > largest:
        obstacles.append(f"Komponenty mají {size // 2**20} MB, najednou jde vytisknout nejvýš {largest // 2**20} MB.")
    return obstacles


def part_number(document: int, component: int | None = None) -> str:
    """``001`` of a document by its place in the file, ``001–02`` of its component; both from one."""
    return f"{document:03d}" if component is None else f"{document:03d}–{component:02d}"
