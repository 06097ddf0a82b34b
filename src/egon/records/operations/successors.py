"""A class of the plan in force does not change: another one with the same code follows it (NSESSS 3.3.7, 6.1.1)."""

from datetime import date
from typing import Any

from egon.records import indexing, own_metadata
from egon.records.models import RecordClass
from egon.records.plan_queries import day_before


def replace_class(record_class: RecordClass, on: date, **settings: Any) -> RecordClass:
    """Close a class the day before and open its successor; ``settings`` is what the new one holds and how."""
    # Closed first: an open code may be in the plan only once.
    record_class.valid_to = day_before(on)
    record_class.save(update_fields=["valid_to"])
    successor = RecordClass.objects.create(
        plan=record_class.plan,
        parent=record_class.parent,
        code=record_class.code,
        name=record_class.name,
        note=record_class.note,
        sort_key=record_class.sort_key,
        valid_from=on,
        **settings,
    )
    own_metadata.carry([(record_class, successor)])
    indexing.index_classes([successor])
    record_class.successor = successor
    record_class.save(update_fields=["successor"])
    return successor
