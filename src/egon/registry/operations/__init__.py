"""Writes of the registry: units and positions, people, roles and substitutions, code lists."""

from egon.registry.operations.changes import (
    UNITS_LIST,
    change_batch,
    confirm_changes,
    drop_changes,
    propose_codes,
    propose_people,
    resume_changes,
    stop_changes,
)
from egon.registry.operations.code_lists import add_code, edit_code
from egon.registry.operations.people import (
    add_person,
    deactivate_person,
    edit_person,
    give_account,
    reactivate_person,
)
from egon.registry.operations.roles import appoint_substitute, end_substitution, grant_role, withdraw_role
from egon.registry.operations.units import create_position, create_unit, edit_unit, fill_position, remove_position

__all__ = [
    "UNITS_LIST",
    "add_code",
    "add_person",
    "appoint_substitute",
    "change_batch",
    "confirm_changes",
    "create_position",
    "create_unit",
    "deactivate_person",
    "drop_changes",
    "edit_code",
    "edit_person",
    "edit_unit",
    "end_substitution",
    "fill_position",
    "give_account",
    "grant_role",
    "propose_codes",
    "propose_people",
    "reactivate_person",
    "remove_position",
    "resume_changes",
    "stop_changes",
    "withdraw_role",
]
