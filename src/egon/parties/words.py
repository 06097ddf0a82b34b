"""Words of the jmenný rejstřík: how a record is found among hundreds of thousands while a letter lies on the desk."""

import re

from egon.kernel.czech import without_diacritics
from egon.parties.models import Party, PartyWord

LONGEST = 60


def words_of(text: str) -> set[str]:
    """Words of a text without diacritics, in lower case: as they stand (``s.r.o.``), and their parts (``s``, ``r``)."""
    plain = without_diacritics(text).casefold()
    return {word[:LONGEST] for word in (*plain.split(), *re.findall(r"\w+", plain))}


def sought_in(text: str) -> list[str]:
    """Beginnings of words a person typed, each to be found."""
    return [word[:LONGEST] for word in without_diacritics(text).casefold().split()]


def pattern_of(word: str) -> str:
    """The regular expression of a search key in which some word begins so; the same as the words tell."""
    return rf"(^|[^[:alnum:]]){re.escape(word)}"


def save_with_words(party: Party) -> None:
    """Store a record whose keys were renewed, with the words it is found by."""
    is_new = party.pk is None
    party.save()
    wanted = words_of(party.search_key)
    present = set() if is_new else set(PartyWord.objects.filter(party=party).values_list("word", flat=True))
    if present - wanted:
        PartyWord.objects.filter(party=party, word__in=present - wanted).delete()
    PartyWord.objects.bulk_create(PartyWord(party=party, word=word) for word in sorted(wanted - present))
