"""``field__begins``: the operator ``^@``, which row security lets an index answer, unlike ``LIKE``."""

from typing import Any

from django.db.models import CharField, Lookup


@CharField.register_lookup
class Begins(Lookup):
    """The text begins with these characters, small and capital letters told apart."""

    lookup_name = "begins"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """``column ^@ value``."""
        column, given = self.process_lhs(compiler, connection)
        value, sought = self.process_rhs(compiler, connection)
        return f"{column} ^@ {value}", (*given, *sought)
