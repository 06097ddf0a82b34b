"""What a file printed whole may hold, and how its parts are called (NSESSS 5.2.13); bulk prints (5.2.8)."""

from typing import Final

from egon.records.rules.labels import Labelled


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


class Printed(Labelled):
    """Of what a bulk print is made; the value is the column of an item that names it."""

    FILES = "file", "spisy"
    DOCUMENTS = "document", "dokumenty"
    TYPED_FILES = "typed_file", "typové spisy"
    SECTIONS = "section", "součásti typových spisů"
    VOLUMES = "volume", "díly typových spisů"


class BulkPrint(Labelled):
    """What a bulk print makes of each chosen entity (NSESSS 5.2.8, 5.2.13)."""

    COVER = "cover", "spisové obaly"
    DOCUMENTS = "documents", "seznamy dokumentů spisů"
    FILE_METADATA = "file_metadata", "metadata spisů"
    FILE_HISTORY = "file_history", "historie spisů"
    WHOLE = "whole", "celé spisy"
    METADATA = "metadata", "metadata dokumentů"
    HISTORY = "history", "historie dokumentů"
    TYPED_FILES = "typed_files", "seznamy spisů po dílech"
    TYPED_METADATA = "typed_metadata", "metadata typových spisů"
    SECTION_METADATA = "section_metadata", "metadata součástí typových spisů"
    VOLUME_COVER = "volume_cover", "obaly dílů"
    VOLUME_FILES = "volume_files", "seznamy spisů dílů"

    @property
    def of(self) -> Printed:
        """Of what it is made."""
        return _MADE_OF.get(self, Printed.FILES)


_MADE_OF: Final = {
    BulkPrint.METADATA: Printed.DOCUMENTS,
    BulkPrint.HISTORY: Printed.DOCUMENTS,
    BulkPrint.TYPED_FILES: Printed.TYPED_FILES,
    BulkPrint.TYPED_METADATA: Printed.TYPED_FILES,
    BulkPrint.SECTION_METADATA: Printed.SECTIONS,
    BulkPrint.VOLUME_COVER: Printed.VOLUMES,
    BulkPrint.VOLUME_FILES: Printed.VOLUMES,
}


MOST_ITEMS: Final = 500
LARGEST_PRINT: Final = 200 * 2**20
"""Items and bytes of one bulk print."""
KEPT_DAYS: Final = 7


def faults_of_bulk(what: BulkPrint | None, chosen: int) -> list[str]:
    """Why a bulk print cannot start, all of it."""
    faults = [] if what else ["Vyberte, co se má vytisknout."]
    if chosen == 0:
        faults.append("Vyberte alespoň jednu položku.")
    if chosen > MOST_ITEMS:
        faults.append(f"Najednou jde vytisknout nejvýš {MOST_ITEMS} položek, vybráno je {chosen}. Zužte výběr filtrem.")
    return faults
