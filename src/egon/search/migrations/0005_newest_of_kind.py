from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0004_find_within"), ("tenancy", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["tenant", "entity_type", "-sort_at", "-id"], name="search_entry_newest_of"),
        ),
        migrations.RemoveIndex(model_name="entry", name="search_entry_newest"),
        migrations.RunSQL((Path(__file__).parent / "find.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
