"""Filing plans of the demo world: a region with some sixty classes, and a small organisation. Plain data.

A row is (code, content, regime); the regime of a class that only groups others is empty.
"""

REGION = (
    ("50", "Řízení a správa úřadu", ""),
    ("51", "Zastupitelstvo a rada kraje", ""),
    ("51.1", "Zasedání zastupitelstva – zápisy, usnesení, materiály", "A/10"),
    ("51.2", "Schůze rady – zápisy, usnesení, materiály", "A/10"),
    ("51.3", "Výbory zastupitelstva a komise rady", "A/10"),
    ("51.4", "Dotazy a podněty členů zastupitelstva", "S/5"),
    ("52", "Hejtman a jeho sekretariát", ""),
    ("52.1", "Korespondence hejtmana", "A/5"),
    ("52.2", "Záštity, pozvánky a poděkování", "S/5"),
    ("52.3", "Pokyny a oběžníky vedení úřadu", "A/5"),
    ("52.4", "Zahraniční vztahy a přijetí delegací", "A/5"),
    ("53", "Vnitřní předpisy a organizace", ""),
    ("53.1", "Směrnice, příkazy, organizační řád", "A/10"),
    ("53.2", "Porady vedení a odborů", "S/5"),
    ("53.3", "Statistika a výkazy", "S/10"),
    ("54", "Stížnosti, petice, informace", ""),
    ("54.1", "Petice", "A/5"),
    ("54.2", "Stížnosti a podněty", "S/5"),
    ("54.3", "Žádosti o informace podle zákona č. 106/1999 Sb.", "S/5"),
    ("54.4", "Dotazy a sdělení bez dalšího řízení", "S/3"),
    ("55", "Personální práce", ""),
    ("55.1", "Osobní spisy zaměstnanců", "S/50"),
    ("55.2", "Výběrová řízení na zaměstnance", "S/5"),
    ("55.3", "Vzdělávání zaměstnanců", "S/5"),
    ("56", "Kontrola a audit", ""),
    ("56.1", "Vnitřní audit", "S/10"),
    ("56.2", "Přezkoumání hospodaření obcí", "A/10"),
    ("56.3", "Veřejnosprávní kontroly", "S/10"),
    ("57", "Informatika a spisová služba", ""),
    ("57.1", "Provoz informačních systémů", "S/5"),
    ("57.2", "Kybernetická bezpečnost", "S/10"),
    ("57.3", "Spisová služba, skartační řízení", "A/10"),
    ("57.4", "Elektronizace veřejné správy, projekty", "S/10"),
    ("60", "Hospodářská správa a finance", ""),
    ("61", "Rozpočet a účetnictví", ""),
    ("61.1", "Rozpočet kraje, závěrečný účet", "A/10"),
    ("61.2", "Účetní doklady a faktury", "S/10"),
    ("61.3", "Daně a poplatky", "S/10"),
    ("62", "Majetek", ""),
    ("62.1", "Nabývání a převody nemovitostí", "A/10"),
    ("62.2", "Nájemní a užívací smlouvy", "S/10"),
    ("62.3", "Pojištění a škodní události", "S/10"),
    ("63", "Veřejné zakázky a smlouvy", ""),
    ("63.1", "Veřejné zakázky nadlimitní", "A/10"),
    ("63.2", "Veřejné zakázky malého rozsahu", "S/5"),
    ("63.3", "Smlouvy ostatní", "S/10"),
    ("64", "Dotace", ""),
    ("64.1", "Dotační programy kraje", "S/10"),
    ("64.2", "Individuální dotace", "S/10"),
    ("64.3", "Projekty z fondů Evropské unie", "A/10"),
    ("65", "Zřizované organizace", ""),
    ("65.1", "Zřizovací listiny", "A/10"),
    ("65.2", "Hospodaření příspěvkových organizací", "S/10"),
    ("65.3", "Jmenování a odvolání ředitelů", "S/45"),
    ("70", "Školství", ""),
    ("70.1", "Rejstřík škol a školských zařízení", "A/10"),
    ("70.2", "Financování škol a školských zařízení", "S/10"),
    ("70.3", "Odvolání proti rozhodnutí ředitele školy", "S/5"),
    ("70.4", "Soutěže, přehlídky a prevence", "S/5"),
    ("80", "Doprava a silniční hospodářství", ""),
    ("80.1", "Dopravní obslužnost, jízdní řády", "S/5"),
    ("80.2", "Silnice II. a III. třídy – stavby a opravy", "A/10"),
    ("80.3", "Zvláštní užívání a uzavírky silnic", "S/5"),
    ("80.4", "Odvolací řízení ve věcech dopravy", "S/10"),
    ("80.5", "Licence a evidence dopravců", "S/10"),
    ("90", "Životní prostředí a územní plánování", ""),
    ("90.1", "Posuzování vlivů na životní prostředí (EIA)", "A/10"),
    ("90.2", "Odpadové hospodářství", "S/10"),
    ("90.3", "Ochrana přírody a krajiny", "A/10"),
    ("90.4", "Ochrana ovzduší a vod", "S/10"),
    ("90.5", "Zásady územního rozvoje", "A/10"),
    ("90.6", "Závazná stanoviska a vyjádření", "S/5"),
)

ORGANISATION = (
    ("1", "Řízení organizace", ""),
    ("1.1", "Zřízení organizace, vnitřní předpisy", "A/10"),
    ("1.2", "Zápisy z porad", "S/5"),
    ("1.3", "Kontroly a inspekce", "S/10"),
    ("1.4", "Stížnosti a podněty", "S/5"),
    ("1.5", "Korespondence se zřizovatelem", "S/5"),
    ("2", "Hospodaření", ""),
    ("2.1", "Rozpočet a roční uzávěrky", "A/10"),
    ("2.2", "Účetní doklady", "S/10"),
    ("2.3", "Smlouvy a objednávky", "S/10"),
    ("3", "Zaměstnanci", ""),
    ("3.1", "Osobní spisy", "S/50"),
    ("3.2", "Školení a bezpečnost práce", "S/5"),
    ("4", "Hlavní činnost", ""),
    ("4.1", "Výkon hlavní činnosti", "A/10"),
    ("4.2", "Žádosti a rozhodnutí", "S/10"),
    ("4.3", "Běžná korespondence", "S/3"),
    ("4.4", "Projekty a dotace", "S/10"),
)

# In this trigger's classes the period runs from the end of employment, which nobody can know beforehand.
EXTERNAL_TRIGGER = frozenset({"55.1", "65.3", "3.1"})

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
