"""What can go wrong with the storage: what happened, what was kept, what to do next."""

from datetime import timedelta

from egon.kernel.errors import BadContent, DomainError, GatewayError, Misconfigured, Retryable


class StorageError(GatewayError):
    """Anything about the storage of files."""

    code = "storage"


class StorageFull(StorageError, Retryable):
    """No space is left on the disk (or within the quota). Nothing was written."""

    code = "storage.full"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "V úložišti souborů došlo místo, soubor se neuložil a nic dalšího se nezměnilo. "
            "Zkuste to prosím později; správce systému musí uvolnit nebo přidat místo na disku.",
            detail=detail,
            after=timedelta(minutes=5),
        )


class StorageBroken(StorageError, Retryable):
    """The disk reported an error while reading or writing."""

    code = "storage.broken"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "Úložiště souborů ohlásilo chybu disku. Dříve uložené soubory zůstaly beze změny. "
            "Zkuste to prosím za chvíli znovu; trvá-li chyba, obraťte se na správce systému.",
            detail=detail,
            after=timedelta(minutes=1),
        )


class StorageReadOnly(StorageError, Misconfigured):
    """The folder of the storage cannot be written to."""

    code = "storage.read_only"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "Do úložiště souborů nelze zapisovat, soubor se neuložil a nic dalšího se nezměnilo. "
            "Správce systému musí zkontrolovat práva složky úložiště.",
            detail=detail,
        )


class BlobMissing(StorageError, BadContent):
    """The storage does not have what a row refers to."""

    code = "storage.missing"

    def __init__(self, digest: str) -> None:
        super().__init__(
            "Obsah souboru v úložišti chybí. Údaje o souboru zůstaly zachovány; "
            "požádejte správce systému o obnovu úložiště ze zálohy.",
            detail=f"sha256 {digest}",
        )


class BlobDamaged(StorageError, BadContent):
    """What lies on the disk is not what was stored: its checksum differs."""

    code = "storage.damaged"

    def __init__(self, digest: str) -> None:
        super().__init__(
            "Obsah souboru v úložišti je poškozený (nesouhlasí kontrolní součet), proto se nevydal. "
            "Údaje o souboru zůstaly zachovány; požádejte správce systému o obnovu úložiště ze zálohy.",
            detail=f"sha256 {digest}",
        )


class BlobTooLarge(DomainError):
    """More bytes came than the caller allows."""

    code = "storage.too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"Soubor je větší než povolených {_in_megabytes(limit)}. Neuložil se a nic dalšího se nezměnilo. "
            "Zmenšete ho nebo rozdělte a nahrajte znovu."
        )


def _in_megabytes(size: int) -> str:
    """``20971520`` → ``20 MB``; small limits in bytes."""
    if size < 1_048_576:
        return f"{size} B"
    return f"{size / 1_048_576:.1f}".rstrip("0").rstrip(".").replace(".", ",") + " MB"
