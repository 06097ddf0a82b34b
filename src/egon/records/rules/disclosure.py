"""What a person learns of a thing they may not see, and by which way they ask (NSESSS 5.1.2)."""

from egon.records.rules.labels import Labelled


class Disclosure(Labelled):
    """The four levels of the standard, a) to d)."""

    NOTHING = "nothing", "nic, ani zda existuje"
    EXISTENCE = "existence", "že existuje: číslo a zpracovatel"
    BRIEF = "brief", "název, druh, datum vytvoření a zpracovatel"
    METADATA = "metadata", "název a další údaje, ne obsah"

    @property
    def shows_number(self) -> bool:
        """Whether it is told which one it is."""
        return self in (Disclosure.EXISTENCE, Disclosure.METADATA)

    @property
    def shows_name(self) -> bool:
        """Whether its name is told, and when it was made."""
        return self in (Disclosure.BRIEF, Disclosure.METADATA)

    @property
    def shows_more(self) -> bool:
        """Whether all other metadata are told."""
        return self is Disclosure.METADATA


class Way(Labelled):
    """By which way access was asked for, other than by a search among what one may see."""

    ADDRESS = "address", "přímý odkaz na dokument, spis, typový spis nebo součást"
    REFERENCE = "reference", "křížový odkaz z jiného spisu nebo dokumentu"
    LISTING = "listing", "seznam dokumentů spisu, k němuž přístup má"
    NUMBER = "number", "hledání přesného čísla"


def capped(wanted: Disclosure, *, works_here: bool, withheld: bool) -> Disclosure:
    """The level by the rights of who asks: nothing without any role, and of what was taken from them on purpose.

    ``withheld``: a restricted file, a restriction of the administrator, or what is withdrawn or destroyed.
    """
    return wanted if works_here and not withheld else Disclosure.NOTHING
