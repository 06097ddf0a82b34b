"""What an administrator may add to the header of metadata that survives destruction (NSESSS 7.2.10)."""

from collections.abc import Mapping
from typing import Final

# What příloha 8 marks as the header itself is kept always: numbers, subject, and the facts of the destruction.
EXTRAS: Final[Mapping[str, str]] = {
    "registered": "datum zaevidování nebo založení",
    "delivered": "datum doručení",
    "settled": "datum vyřízení",
    "closed": "datum uzavření spisu",
    "kind": "druh dokumentu",
    "processor": "zpracovatel",
    "unit": "útvar",
    "class": "spisový znak",
    "regime": "skartační režim",
    "withdrawn": "datum a důvod znepřístupnění",
}
