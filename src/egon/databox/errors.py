"""What the rules of data boxes refuse."""

from collections.abc import Sequence

from egon.kernel.errors import Conflict, DomainError


class MessageNotSendable(DomainError):
    """The message cannot be queued; ``obstacles`` says everything that stands in the way."""

    code = "databox.not_sendable"

    def __init__(self, obstacles: Sequence[str]) -> None:
        super().__init__("Zprávu nelze zařadit k odeslání: " + " ".join(obstacles))
        self.obstacles = list(obstacles)


class BoxNotUsable(DomainError):
    """The data of a box are wrong; ``obstacles`` says everything."""

    code = "databox.box"

    def __init__(self, obstacles: Sequence[str]) -> None:
        super().__init__("Schránku nelze uložit: " + " ".join(obstacles))
        self.obstacles = list(obstacles)


class ImportNotPossible(DomainError):
    """An import cannot begin; ``obstacles`` says everything that stands in the way."""

    code = "databox.import"

    def __init__(self, obstacles: Sequence[str]) -> None:
        super().__init__("Import nelze zahájit: " + " ".join(obstacles))
        self.obstacles = list(obstacles)


class CertificateNotUsable(DomainError):
    """A login certificate is refused; ``obstacles`` says everything."""

    code = "databox.certificate"

    def __init__(self, obstacles: Sequence[str]) -> None:
        super().__init__("Certifikát nelze nahrát: " + " ".join(obstacles))
        self.obstacles = list(obstacles)


class AlreadyUnderWay(Conflict):
    """Sending has got further meanwhile; it cannot be taken back."""

    code = "databox.under_way"


class MessageKnown(DomainError):
    """The same message lies in the register already (same id and content)."""

    code = "databox.message_known"

    def __init__(self, dm_id: str, message_id: int) -> None:
        super().__init__(
            f"Datová zpráva {dm_id} už v podatelně je, soubor se proto podruhé neuložil. "
            "Otevřete původní záznam; nic dalšího není třeba dělat."
        )
        self.message_id = message_id
