"""What the mailroom's rules refuse."""

from collections.abc import Sequence

from egon.kernel.errors import Conflict, DomainError


class IntakeDecided(Conflict):
    """Somebody has registered or put the item aside meanwhile."""

    code = "mailroom.intake_decided"


class NotRegistrable(DomainError):
    """The item cannot be registered; ``obstacles`` says everything that stands in the way."""

    code = "mailroom.not_registrable"

    def __init__(self, obstacles: Sequence[str]) -> None:
        super().__init__("Podání zatím nelze zaevidovat: " + " ".join(obstacles))
        self.obstacles = list(obstacles)


class NotDispatchable(DomainError):
    """The document cannot be dispatched; ``obstacles`` says everything that stands in the way."""

    code = "mailroom.not_dispatchable"

    def __init__(self, obstacles: Sequence[str]) -> None:
        super().__init__("Dokument zatím nelze vypravit: " + " ".join(obstacles))
        self.obstacles = list(obstacles)


class DispatchUnderWay(Conflict):
    """The document is on its way to this addressee already."""

    code = "mailroom.dispatch_under_way"


class ReasonMissing(DomainError):
    """Putting an item aside needs a reason."""

    code = "mailroom.reason_missing"

    def __init__(self) -> None:
        super().__init__("Napište důvod. Zůstane u podání zapsaný i pro kontrolu.")


class BookTooLong(DomainError):
    """More documents than one print of the register book holds."""

    code = "mailroom.book_too_long"

    def __init__(self, longest: int) -> None:
        super().__init__(f"Za toto období je v deníku víc než {longest} dokumentů. Vytiskněte ho po kratších obdobích.")


class PostRefused(DomainError):
    """Letters cannot be given to the post as they are; ``obstacles`` says everything that stands in the way."""

    code = "mailroom.post_refused"

    def __init__(self, obstacles: Sequence[str]) -> None:
        super().__init__("Nic se nezměnilo: " + " ".join(obstacles))
        self.obstacles = list(obstacles)


class SlipRefused(DomainError):
    """A delivery slip cannot be recorded; ``obstacles`` says everything that stands in the way."""

    code = "mailroom.slip_refused"

    def __init__(self, obstacles: Sequence[str]) -> None:
        super().__init__("Doručenka se nezapsala: " + " ".join(obstacles))
        self.obstacles = list(obstacles)


class NothingToHandOver(DomainError):
    """No paper document waits for the unit without a list."""

    code = "mailroom.nothing_to_hand_over"

    def __init__(self, unit: object) -> None:
        super().__init__(f"Na útvar {unit} nečeká žádná listina, která by ještě nebyla v protokolu. Nic se nezměnilo.")


class BulkNotPossible(DomainError):
    """A table cannot be taken in, or its lines registered; ``obstacles`` says everything."""

    code = "mailroom.bulk_not_possible"

    def __init__(self, what: str, obstacles: Sequence[str]) -> None:
        super().__init__(f"{what} {' '.join(obstacles)}")
        self.obstacles = list(obstacles)
