"""Choices out of people, units and other long lists: a short one is a list to choose from, a long one is searched.

A form declares ``SoughtChoice(Person.objects.none(), source="osoby")`` and fills it by :func:`egon.web.forms.offer`.
Up to :data:`LONGEST_LIST` things are written as a ``<select>``. More of them are a field for a part of the name: with
JavaScript it suggests while one types (``/nabidka/<source>/``), without it the form comes back with those found.
"""

from egon.web.offers.fields import SoughtChoice, SoughtOption
from egon.web.offers.offered import LONGEST_LIST, MOST_FOUND, Offered, Part
from egon.web.offers.seeking import Option

__all__ = ["LONGEST_LIST", "MOST_FOUND", "Offered", "Option", "Part", "SoughtChoice", "SoughtOption"]
