"""How a form runs an operation: a refusal returns to the form with everything that was typed."""

from collections.abc import Callable
from typing import Any

from django import forms

from egon.kernel.errors import DomainError, GatewayError


def attempt[R](form: forms.BaseForm, operation: Callable[..., R], **arguments: Any) -> R | None:
    """Run ``operation``; on a refusal put its message(s) above the form and return None."""
    try:
        return operation(**arguments)
    except (DomainError, GatewayError) as error:
        for message in getattr(error, "obstacles", None) or [error.message]:
            form.add_error(None, str(message))
        return None
