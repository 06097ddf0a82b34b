"""Writes of reorganisations: planned, started on their day, done thing by thing in the background."""

from egon.reorganisation.operations.moving import move_entity
from egon.reorganisation.operations.runs import (
    REORGANISING,
    begin_reorganisation,
    cancel_reorganisation,
    resume_reorganisation,
    start_reorganisation,
    stop_reorganisation,
)

__all__ = [
    "REORGANISING",
    "begin_reorganisation",
    "cancel_reorganisation",
    "move_entity",
    "resume_reorganisation",
    "start_reorganisation",
    "stop_reorganisation",
]
