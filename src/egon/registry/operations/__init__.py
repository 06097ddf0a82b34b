"""Writes of the registry: units and positions, people, roles and substitutions, code lists."""

from egon.registry.operations.calendar import add_days_off, remove_day_off
from egon.registry.operations.changes import (
    CHANGES,
    UNITS_LIST,
    confirm_changes,
    drop_changes,
    propose_codes,
    propose_people,
    resume_changes,
    stop_changes,
)
from egon.registry.operations.code_lists import add_code, edit_code
from egon.registry.operations.directory import (
    ask_directory,
    configure_directory,
    fail_directory,
    take_directory,
)
from egon.registry.operations.own_roles import (
    delete_own_role,
    grant_own_role,
    save_own_role,
    withdraw_own_role,
)
from egon.registry.operations.people import (
    add_person,
    deactivate_person,
    edit_person,
    give_account,
    reactivate_person,
)
from egon.registry.operations.restrictions import lift_restriction, note_refused_entry, set_restriction
from egon.registry.operations.roles import appoint_substitute, end_substitution, grant_role, withdraw_role
from egon.registry.operations.units import (
    create_position,
    create_unit,
    edit_unit,
    fill_position,
    remove_position,
    succeed_unit,
)

__all__ = [
    "CHANGES",
    "UNITS_LIST",
    "add_code",
    "add_days_off",
    "add_person",
    "appoint_substitute",
    "ask_directory",
    "configure_directory",
    "confirm_changes",
    "create_position",
    "create_unit",
    "deactivate_person",
    "delete_own_role",
    "drop_changes",
    "edit_code",
    "edit_person",
    "edit_unit",
    "end_substitution",
    "fail_directory",
    "fill_position",
    "give_account",
    "grant_own_role",
    "grant_role",
    "lift_restriction",
    "note_refused_entry",
    "propose_codes",
    "propose_people",
    "reactivate_person",
    "remove_day_off",
    "remove_position",
    "resume_changes",
    "save_own_role",
    "set_restriction",
    "stop_changes",
    "succeed_unit",
    "take_directory",
    "withdraw_own_role",
    "withdraw_role",
]
