"""Příloha č. 8 of NSESSS: every piece of metadata it asks for, with where it lives here, or why it is not yet.

One table for the sheet of metadata, for what a header keeps (7.2.9), and for the proof that nothing is
left out (2.1.5).
"""

from egon.documentation.annex.entries import Entry, Value, known_of, stored
from egon.documentation.annex.table import ANNEX, entries_for

__all__ = ["ANNEX", "Entry", "Value", "entries_for", "known_of", "stored"]
