"""Czech text: order of the alphabet, search without diacritics."""

import unicodedata

# Letters that are letters of their own in Czech (ČSN 97 6030); other accents decide only between equal words.
_OWN_LETTERS = {"č": "c~", "ř": "r~", "š": "s~", "ž": "z~", "ch": "h~"}


def without_diacritics(text: str) -> str:
    """``Žluťoučký`` → ``Zlutoucky``; case is kept."""
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def sort_key(text: str) -> str:
    """A key whose plain byte order is Czech alphabetical order (stored in a column: the database may have no ICU).

    Digits come before letters and are compared as numbers of up to ten places, so that "2" precedes "10".
    """
    primary: list[str] = []
    lowered = unicodedata.normalize("NFC", text).casefold()
    index = 0
    while index < len(lowered):
        if lowered[index].isdecimal():
            end = index
            while end < len(lowered) and lowered[end].isdecimal():
                end += 1
            primary.append(lowered[index:end].lstrip("0").rjust(10, "0"))
            index = end
            continue
        pair = lowered[index : index + 2]
        letter = pair if pair in _OWN_LETTERS else lowered[index]
        primary.append(_OWN_LETTERS.get(letter) or without_diacritics(letter))
        index += len(letter)
    # The separator sorts before every letter, so a word precedes its continuation; accents only break ties.
    return "".join(primary) + "\x01" + lowered
