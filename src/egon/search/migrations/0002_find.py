from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [
        migrations.RunSQL(
            (Path(__file__).parent / "find.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION search_find",
        )
    ]
