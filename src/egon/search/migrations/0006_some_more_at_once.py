from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("search", "0005_newest_of_kind")]

    operations = [
        migrations.RunSQL((Path(__file__).parent / "find.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop)
    ]
