"""Content-addressed storage of components, data messages and packages.

A blob is named by the SHA-256 of its bytes and lies in its originator's own folder. First the blob, then the row that
names it: a blob without a row is removed by the sweep, a row without its blob never comes to be.
"""

from egon.storage.blobs import BlobRef, exists, open_blob, put, read
from egon.storage.errors import (
    BlobDamaged,
    BlobMissing,
    BlobTooLarge,
    StorageBroken,
    StorageError,
    StorageFull,
    StorageReadOnly,
)
from egon.storage.references import register_references
from egon.storage.sweep import remove

__all__ = [
    "BlobDamaged",
    "BlobMissing",
    "BlobRef",
    "BlobTooLarge",
    "StorageBroken",
    "StorageError",
    "StorageFull",
    "StorageReadOnly",
    "exists",
    "open_blob",
    "put",
    "read",
    "register_references",
    "remove",
]
