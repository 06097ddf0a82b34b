"""Full text and keys over entities, with Czech stemming and without diacritics."""
