"""Kinds of document and templates of letters of the demo world. Plain data."""

KINDS = ("Žádost", "Stížnost", "Podnět", "Faktura", "Smlouva", "Rozhodnutí", "Oznámení", "Sdělení", "Pozvánka", "Zápis")

TEMPLATES = (
    (
        "Odpověď na žádost",
        "Odpověď na Vaši žádost",
        """Dobrý den,

dne {{ doruceno }} jsme obdrželi Vaše podání ve věci „{{ vec }}“, které evidujeme pod č. j. {{ cj }}.

K Vaší žádosti sdělujeme:

- doplňte první bod odpovědi,
- doplňte druhý bod odpovědi.

V případě dotazů se na nás obraťte; uveďte prosím naše číslo jednací.

S pozdravem""",
    ),
    (
        "Výzva k doplnění podání",
        "Výzva k doplnění podání",
        """Dobrý den,

Vaše podání ve věci „{{ vec }}“, doručené dne {{ doruceno }}, nelze vyřídit, protože neobsahuje všechny náležitosti.

# Co je potřeba doplnit

1. doplňte chybějící údaj,
2. doplňte chybějící přílohu.

Podání prosím doplňte **do 15 dnů** od doručení této výzvy.

S pozdravem""",
    ),
    (
        "Postoupení podle příslušnosti",
        "Postoupení podání",
        """Dobrý den,

{{ organizace }} obdržel dne {{ doruceno }} podání ve věci „{{ vec }}“ (č. j. {{ cj }}). K jeho vyřízení není příslušný,
a proto je postupuje Vám. Odesílatele {{ odesilatel }} jsme o postoupení vyrozuměli.

S pozdravem""",
    ),
    (
        "Vzetí na vědomí",
        "Sdělení k Vašemu podání",
        """Dobrý den,

potvrzujeme, že jsme dne {{ doruceno }} obdrželi Vaše podání ve věci „{{ vec }}“. Jeho obsah bereme na vědomí.

S pozdravem""",
    ),
)
