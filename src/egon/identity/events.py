"""What identity tells those above it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SessionsEnded:
    """The account was signed out everywhere, or everywhere else."""

    account_id: int
