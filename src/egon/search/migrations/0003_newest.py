from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0002_find"), ("tenancy", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["tenant", "-sort_at", "-id"], name="search_entry_newest"),
        ),
        migrations.RunSQL((Path(__file__).parent / "find.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
