"""Writes of identity: signing in and out, passwords, accounts and memberships."""

from egon.identity.operations.accounts import (
    add_membership,
    change_password,
    create_account,
    end_membership,
    new_first_password,
    reset_password,
    unlock_account,
)
from egon.identity.operations.invitations import (
    accept_invitation,
    invitation_with,
    invite,
    revoke_invitation,
    use_invitation,
)
from egon.identity.operations.sessions import sign_out_elsewhere, sign_out_everywhere
from egon.identity.operations.sign_in import SignIn, leave, sign_in, switch_organisation

__all__ = [
    "SignIn",
    "accept_invitation",
    "add_membership",
    "change_password",
    "create_account",
    "end_membership",
    "invitation_with",
    "invite",
    "leave",
    "new_first_password",
    "reset_password",
    "revoke_invitation",
    "sign_in",
    "sign_out_elsewhere",
    "sign_out_everywhere",
    "switch_organisation",
    "unlock_account",
    "use_invitation",
]
