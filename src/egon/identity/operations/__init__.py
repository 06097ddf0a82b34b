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
from egon.identity.operations.sign_in import SignIn, leave, sign_in, switch_organisation

__all__ = [
    "SignIn",
    "add_membership",
    "change_password",
    "create_account",
    "end_membership",
    "leave",
    "new_first_password",
    "reset_password",
    "sign_in",
    "switch_organisation",
    "unlock_account",
]
