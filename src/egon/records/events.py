"""What records tell to others, inside the transaction in which it became true."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class DocumentRegistered:
    """A document came into being, received or own."""

    document_id: int


@dataclass(frozen=True, slots=True)
class DocumentChanged:
    """Metadata, text, components or the place of a document changed."""

    document_id: int


@dataclass(frozen=True, slots=True)
class DocumentSettled:
    """A document was settled."""

    document_id: int


@dataclass(frozen=True, slots=True)
class WithdrawalAsked:
    """A document is about to be withdrawn. Who listens adds what stands in the way: all of it is told at once."""

    document_id: int
    obstacles: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DocumentWithdrawn:
    """A document was withdrawn (stornován)."""

    document_id: int


@dataclass(frozen=True, slots=True)
class DocumentRestored:
    """A withdrawn document is accessible again."""

    document_id: int


@dataclass(frozen=True, slots=True)
class DocumentToBeErased:
    """All of a document but its header is about to be erased; what others keep of its content must go now."""

    document_id: int


@dataclass(frozen=True, slots=True)
class DocumentDestroyed:
    """Only the header of a document is left."""

    document_id: int


@dataclass(frozen=True, slots=True)
class FileOpened:
    """A file was opened."""

    file_id: int


@dataclass(frozen=True, slots=True)
class FileChanged:
    """Metadata or the state of a file changed."""

    file_id: int


@dataclass(frozen=True, slots=True)
class FilesResorted:
    """Files went into other classes of the plan, many at once."""

    file_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FileClosed:
    """A file was closed."""

    file_id: int


@dataclass(frozen=True, slots=True)
class FileWithdrawn:
    """A file was withdrawn (stornován)."""

    file_id: int


@dataclass(frozen=True, slots=True)
class ConversionAsked:
    """Components of a file are to be changed into output formats, or that goes on."""

    file_id: int


@dataclass(frozen=True, slots=True)
class TypedFileChanged:
    """A typed file was founded, or its data or state changed."""

    typed_file_id: int
