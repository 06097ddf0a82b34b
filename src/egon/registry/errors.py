"""What the rules of the registry refuse."""

from collections.abc import Sequence

from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied, DomainError


class RegistryRefused(DomainError):
    """A change of the organisation that would break it; all reasons together."""

    code = "registry.refused"

    def __init__(self, obstacles: Sequence[str]) -> None:
        super().__init__(" ".join(obstacles))
        self.obstacles = list(obstacles)


class EntryRefused(AccessDenied):
    """An administrator's restriction keeps the person out of the organisation's records (NSESSS 7.1.6)."""

    code = "registry.entry_refused"

    def __init__(self, actor: Actor) -> None:
        super().__init__(
            "Správce vám dočasně nebo trvale odebral přístup do spisové služby této organizace. Vaše práce zůstala, "
            "jak byla. Obraťte se na správce."
        )
        self.actor = actor
