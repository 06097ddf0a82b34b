"""Refusals of records management. Each message says what happened, what was kept and what to do next."""

from collections.abc import Sequence

from django.db.models import Model

from egon.kernel.errors import Conflict, DomainError, NotFound


class Obstructed(DomainError):
    """Something cannot be done; ``obstacles`` are all the reasons at once."""

    code = "records.obstructed"

    def __init__(self, message: str, obstacles: Sequence[str]) -> None:
        super().__init__(f"{message} {' '.join(obstacles)}")
        self.obstacles = list(obstacles)


class DocumentNotSettlable(Obstructed):
    """A document cannot be settled yet (vyhláška 259/2012 § 14)."""

    code = "records.document.not_settlable"


class FileNotSettlable(Obstructed):
    """A file cannot be settled yet."""

    code = "records.file.not_settlable"
    norm = "3.2.6"


class FileNotClosable(Obstructed):
    """A file cannot be closed yet."""

    code = "records.file.not_closable"
    norm = "3.2.9"


class NotEditable(DomainError):
    """The content may not change any more: the document was received, is being approved, or is approved."""

    code = "records.document.not_editable"


class NotInThisState(DomainError):
    """The step does not fit the state of the document or file."""

    code = "records.state"


class Hidden(NotFound):
    """The document or file is there, but the actor may not see it: a door says the same as for what is not there.

    Unless the organisation lets something of it be told (NSESSS 5.1.2); ``entity`` is for that and for the log.
    """

    code = "records.hidden"

    def __init__(self, message: str, entity: Model) -> None:
        super().__init__(message)
        self.entity = entity


class ClassHoldsNoFiles(DomainError):
    """Files are put into open leaf classes only."""

    code = "records.class.holds_no_files"
    norm = "3.1.1"


class PlanNotUsable(Obstructed):
    """A filing plan cannot be taken in, or put in force."""

    code = "records.plan.not_usable"
    norm = "3.1.7"


class ClassNotClosable(Obstructed):
    """A class of the plan cannot be closed yet."""

    code = "records.class.not_closable"
    norm = "3.4.2"


class TemplateNotUsable(Obstructed):
    """A template of typed files is wrong, or templates do not correspond."""

    code = "records.template.not_usable"
    norm = "3.3.6"


class TypedFileNotClosable(Obstructed):
    """A typed file or its section cannot be closed yet."""

    code = "records.typed.not_closable"
    norm = "3.3.13"


class TypedFileNotOpenable(Obstructed):
    """A typed file cannot be opened again: its class has ended."""

    code = "records.typed.not_openable"
    norm = "3.2.13"


class FileNotResortable(Obstructed):
    """A file cannot go into the chosen class."""

    code = "records.file.not_resortable"
    norm = "3.1.8"


class FileNotJoinable(Obstructed):
    """Two files cannot be joined by a fixed cross-reference."""

    code = "records.file.not_joinable"
    norm = "4.1.2"


class InvalidInput(Obstructed):
    """What was filled in cannot be used."""

    code = "records.invalid"


class NotDestroyable(Obstructed):
    """A document or a file must not be destroyed on this ground."""

    code = "records.not_destroyable"
    norm = "7.2.1"


class ListTooLong(DomainError):
    """More rows than one print or table holds."""

    code = "records.list_too_long"

    def __init__(self, longest: int) -> None:
        super().__init__(
            f"Seznam má víc než {longest} řádků a nevytvořil se. Zužte ho filtrem, nebo ho berte po částech."
        )


class FileNotPrintable(Obstructed):
    """A file is too large to be made into one PDF."""

    code = "records.file.not_printable"
    norm = "5.2.13"


class ContentChanged(Conflict):
    """The content is not the one a program believes it is replacing (RFC 9110, If-Match)."""

    code = "records.component.content_changed"


class ProgramLocked(DomainError):
    """Another program has the component locked for itself."""

    code = "records.component.program_locked"
