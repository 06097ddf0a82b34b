"""Answers to "may this actor do that", with the reason a person can understand."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """``allowed`` and, when refused, a Czech ``reason`` to show."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Decision(True)


def denied(reason: str) -> Decision:
    """Refuse, telling why in Czech."""
    return Decision(False, reason)


def allowed_if(condition: bool, reason: str) -> Decision:
    """Allow when ``condition`` holds, otherwise refuse with ``reason``."""
    return ALLOWED if condition else denied(reason)
