"""``@operation``: checks permission, changes rows, writes the log, publishes facts, all in one transaction."""

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from egon.audit import log
from egon.audit.models import Outcome
from egon.kernel.access import ALLOWED, Decision, denied
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied
from egon.tenancy.scope import WrongTenant, current_tenant_id

Permission = Callable[..., Decision]


@dataclass(frozen=True)
class OperationSpec:
    """What the product knows of one operation: its code in the log, its Czech title, who may do it."""

    code: str
    title: str
    requires: Permission
    function: Callable[..., Any]
    unlogged: tuple[str, ...] = ()
    reads: bool = False


_registered: dict[str, OperationSpec] = {}
_by_function: dict[Callable[..., Any], OperationSpec] = {}

# What binds an actor beside the permission, by the things an operation is about: asked only of who has restrictions.
Guard = Callable[[Actor, Sequence[models.Model], bool], Decision]
_guards: list[Guard] = []


def guard_by(guards: Iterable[Guard]) -> None:
    """Install what is asked of actors with restrictions: (actor, entities, whether it only reads). Replaces others."""
    _guards[:] = guards


def operations() -> Iterator[OperationSpec]:
    """Every operation of the modules imported so far, by code."""
    yield from (_registered[code] for code in sorted(_registered))


def title_of(code: str) -> str:
    """The Czech title of an operation, or its code when the log remembers one the product no longer has."""
    spec = _registered.get(code)
    return spec.title if spec else code


def anyone(actor: Actor) -> Decision:
    """Permission of operations that every signed-in person of the originator may do."""
    return ALLOWED


def only_system(actor: Actor) -> Decision:
    """Permission of operations that only the product itself does (jobs)."""
    return Decision(actor.is_system, "Tuto operaci provádí jen systém sám.")


def operation[**P, R](
    code: str, *, title: str, requires: Permission, unlogged: tuple[str, ...] = (), reads: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a keyword-only function the one way to do something.

    ``requires`` is called with those of the operation's arguments that it names; ``unlogged`` are arguments whose
    value must not enter the log (passwords, contents). ``reads``: it changes nothing of what it is about. A refusal is
    logged too, in a transaction of its own.
    Raises :class:`AccessDenied` when the permission says no.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        wanted = _names_of(requires)

        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            if args:
                raise TypeError(f"{code}: an operation takes keywords only")
            actor = _actor_in_scope(kwargs)
            decision = _decide(code, requires, wanted, kwargs, reads)
            if not decision:
                _log_refusal(code, actor, kwargs, decision.reason, unlogged)
                raise AccessDenied(decision.reason)
            with transaction.atomic(), log.collecting_notes() as notes:
                result = function(*args, **kwargs)
                log.record(
                    code,
                    actor=actor,
                    subjects=log.entities_in([*kwargs.values(), result]),
                    parameters={**_told(kwargs, unlogged), **notes},
                )
            return result

        if code in _registered and _registered[code].function.__qualname__ != function.__qualname__:
            raise ValueError(f"operation {code} exists already")
        _registered[code] = _by_function[run] = OperationSpec(code, title, requires, run, unlogged, reads)
        return run

    return decorate


def may(function: Callable[..., Any], **arguments: Any) -> Decision:
    """Whether an operation would be let through: what a page asks before it offers it. Nothing is written.

    Takes those arguments that the permission and the restrictions look at: the actor and what it is about.
    """
    spec = _by_function[function]
    return _decide(spec.code, spec.requires, _names_of(spec.requires), arguments, spec.reads)


def _decide(code: str, requires: Permission, wanted: Iterable[str], kwargs: Mapping[str, Any], reads: bool) -> Decision:
    """The permission, asked of the roles that include the operation, and then the restrictions."""
    actor: Actor = kwargs["actor"]
    asked = {name: kwargs[name] for name in wanted if name in kwargs}
    decision = requires(**asked | ({"actor": actor.doing(code)} if "actor" in asked else {}))
    return _unless_restricted(code, actor, kwargs, reads) if decision and actor.limits else decision


def _unless_restricted(code: str, actor: Actor, kwargs: Any, reads: bool) -> Decision:
    """What an administrator's restrictions say (NSESSS 7.1.6). Who is restricted may always sign out."""
    if not code.startswith("identity.") and actor.is_forbidden(code) and not (reads and _only_changes(actor, code)):
        return denied(f"Tuto funkci ({title_of(code)}) vám správce omezil. Obraťte se na něj.")
    entities = list(log.entities_in(kwargs.values()))
    refusals = (guard(actor, entities, reads) for guard in _guards)
    return next((decision for decision in refusals if not decision), ALLOWED)


def _only_changes(actor: Actor, code: str) -> bool:
    """Whether what forbids the function is the prohibition of all changes, which leaves reading."""
    return not any(one.forbids(code) and one.about != "*" for one in actor.limits)


def _names_of(requires: Permission) -> frozenset[str]:
    return frozenset(inspect.signature(requires).parameters)


def _actor_in_scope(kwargs: Any) -> Actor:
    actor = kwargs.get("actor")
    if not isinstance(actor, Actor):
        raise TypeError("an operation needs its actor")
    if actor.tenant_id != current_tenant_id():
        raise WrongTenant(f"actor of tenant {actor.tenant_id} in the scope of {current_tenant_id()}")
    return actor


def _told(kwargs: Any, unlogged: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in kwargs.items() if name != "actor" and name not in unlogged}


def _log_refusal(code: str, actor: Actor, kwargs: Any, reason: str, unlogged: tuple[str, ...]) -> None:
    with transaction.atomic():
        log.record(
            code,
            actor=actor,
            outcome=Outcome.DENIED,
            subjects=log.entities_in(kwargs.values()),
            parameters=_told(kwargs, unlogged),
            message=reason,
        )
