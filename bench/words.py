"""Subjects and texts that read like an office's, the same for the same seed."""

import random

_ACTIONS = [
    "Žádost o",
    "Stížnost na",
    "Odvolání proti",
    "Rozhodnutí ve věci",
    "Oznámení o",
    "Výzva k doplnění",
    "Vyjádření k",
    "Zápis z jednání o",
    "Návrh na",
    "Smlouva o",
    "Dodatek ke smlouvě o",
    "Protokol o",
    "Podnět k",
    "Sdělení k",
    "Faktura za",
    "Upozornění na",
]
_MATTERS = [
    "stavební povolení",
    "opravu silnice",
    "dotaci na kulturu",
    "provoz školy",
    "svoz odpadu",
    "kácení dřevin",
    "pronájem nemovitosti",
    "dopravní obslužnost",
    "sociální služby",
    "veřejnou zakázku",
    "přestupek v dopravě",
    "ochranu ovzduší",
    "rekonstrukci mostu",
    "přijetí ke studiu",
    "úhradu zdravotní péče",
    "zápis do rejstříku",
    "územní plán",
    "vodní dílo",
    "krajské muzeum",
    "nájemné",
    "školní stravování",
    "zimní údržbu",
    "parkovací místa",
    "výběrové řízení",
    "poskytnutí informací",
    "majetkové vypořádání",
]
_SURNAMES = [
    "Novák",
    "Svobodová",
    "Dvořák",
    "Černá",
    "Procházka",
    "Kučerová",
    "Veselý",
    "Horáková",
    "Němec",
    "Pokorná",
    "Marek",
    "Benešová",
    "Růžička",
    "Fialová",
    "Sedláček",
    "Doležalová",
    "Zeman",
    "Kolářová",
    "Navrátil",
    "Čermáková",
    "Urban",
    "Vaňková",
    "Blažek",
    "Kříž",
    "Kratochvíl",
    "Řehoř",
    "Šťastný",
    "Žák",
]
_TOWNS = [
    "Sázava",
    "Lípa",
    "Brod",
    "Hradec",
    "Jihlava",
    "Třebíč",
    "Žďár",
    "Pelhřimov",
    "Humpolec",
    "Telč",
    "Polná",
    "Přibyslav",
    "Chotěboř",
    "Ledeč",
    "Světlá",
]
_SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "by",
    "ca",
    "co",
    "da",
    "de",
    "do",
    "du",
    "fa",
    "ha",
    "ho",
    "ja",
    "je",
    "ka",
    "ko",
    "ku",
    "la",
    "le",
    "li",
    "lo",
    "ma",
    "me",
    "mo",
    "na",
    "ne",
    "no",
    "pa",
    "po",
    "ra",
    "ro",
    "sa",
    "so",
    "ta",
    "to",
    "va",
    "vo",
    "za",
]


class Words:
    """A source of texts; its rarer words follow Zipf's law over twenty thousand of them."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._rare = ["".join(self._random.choices(_SYLLABLES, k=self._random.randint(2, 4))) for _ in range(20_000)]
        self._cumulative = _running_sum(1 / rank for rank in range(1, len(self._rare) + 1))

    def subject(self) -> str:
        """``Žádost o stavební povolení, Novák, Sázava``."""
        choose = self._random.choice
        return f"{choose(_ACTIONS)} {choose(_MATTERS)}, {choose(_SURNAMES)}, {choose(_TOWNS)}"

    def text(self, words: int = 10) -> str:
        """So many words more, some of them rare."""
        return " ".join(self._random.choices(self._rare, cum_weights=self._cumulative, k=words))

    def length(self) -> int:
        """Words of a document: of most only the header is known, a few have pages of text. The mean is about sixty."""
        return self._random.choices((10, 60, 200, 1500), weights=(60, 30, 9, 1))[0]

    def name(self) -> str:
        """A person's or firm's name."""
        return f"{self._random.choice(_SURNAMES)} {self._random.choice(_TOWNS)}"

    def number(self, below: int) -> int:
        """An even draw from 0 to ``below`` - 1."""
        return self._random.randrange(below)


def _running_sum(values: object) -> list[float]:
    total, sums = 0.0, []
    for value in values:  # type: ignore[attr-defined]
        total += value
        sums.append(total)
    return sums
