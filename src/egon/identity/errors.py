"""What the rules of identity refuse."""

from collections.abc import Sequence

from egon.kernel.errors import DomainError


class SignInRefused(DomainError):
    """One message for all reasons, so that nobody learns which logins exist (NSESSS 7.1)."""

    code = "identity.sign_in_refused"

    def __init__(self) -> None:
        super().__init__(
            "Přihlášení se nepodařilo: jméno nebo heslo nesouhlasí, nebo je účet po opakovaných chybách na čas "
            "zablokován. Zkuste to za chvíli znovu, nebo požádejte správce o nové heslo."
        )


class NoOrganisation(DomainError):
    """The password is right, but there is nowhere to work."""

    code = "identity.no_organisation"

    def __init__(self) -> None:
        super().__init__("Váš účet nemá přístup do žádné organizace. Požádejte o něj správce své organizace.")


class AccountRefused(DomainError):
    """An account or its password is not acceptable; all reasons together."""

    code = "identity.account_refused"

    def __init__(self, obstacles: Sequence[str]) -> None:
        super().__init__(" ".join(obstacles))
        self.obstacles = list(obstacles)


class InvitationRefused(DomainError):
    """A link that sets no password (any more)."""

    code = "identity.invitation_refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"{why} O nový odkaz požádejte správce své organizace. Heslo se nezměnilo.")
