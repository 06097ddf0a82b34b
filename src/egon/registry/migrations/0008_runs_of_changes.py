from django.db import migrations, models

from egon.jobs.runs.migrating import count_items, in_every_tenant, rename_reference


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0007_unit_successor"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="proposedchange",
            name="registry_change_state",
        ),
        migrations.RenameField(
            model_name="proposedchange",
            old_name="change_set",
            new_name="run",
        ),
        rename_reference("registry_proposedchange", "change_set_id", "run_id"),
        migrations.AddField(
            model_name="changeset",
            name="done",
            field=models.PositiveIntegerField(default=0, verbose_name="hotovo"),
        ),
        migrations.AddField(
            model_name="changeset",
            name="problem",
            field=models.TextField(blank=True, verbose_name="co se nepovedlo"),
        ),
        migrations.AddField(
            model_name="changeset",
            name="refused",
            field=models.PositiveIntegerField(default=0, verbose_name="odmítnuto"),
        ),
        migrations.AddField(
            model_name="changeset",
            name="started_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="spuštěno"),
        ),
        migrations.AddField(
            model_name="changeset",
            name="started_by",
            field=models.CharField(blank=True, max_length=200, verbose_name="spustil"),
        ),
        migrations.AddField(
            model_name="changeset",
            name="stopped_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="naposledy zastaveno"),
        ),
        migrations.AddField(
            model_name="changeset",
            name="stopped_by",
            field=models.CharField(blank=True, max_length=200, verbose_name="zastavil"),
        ),
        migrations.AddField(
            model_name="changeset",
            name="total",
            field=models.PositiveIntegerField(default=0, verbose_name="celkem"),
        ),
        in_every_tenant("UPDATE registry_changeset SET state = 'draft' WHERE state = 'proposed'"),
        migrations.AlterField(
            model_name="changeset",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "čeká na spuštění"),
                    ("running", "probíhá"),
                    ("stopped", "zastaveno"),
                    ("failed", "přerušeno chybou"),
                    ("finished", "dokončeno"),
                    ("dropped", "zahozeno"),
                ],
                default="draft",
                max_length=8,
                verbose_name="stav",
            ),
        ),
        migrations.AlterField(
            model_name="proposedchange",
            name="message",
            field=models.CharField(blank=True, max_length=1000, verbose_name="proč ne"),
        ),
        migrations.AlterField(
            model_name="proposedchange",
            name="state",
            field=models.CharField(
                choices=[("waiting", "čeká"), ("done", "provedeno"), ("refused", "neprovedeno")],
                default="waiting",
                max_length=8,
                verbose_name="stav",
            ),
        ),
        migrations.AddIndex(
            model_name="proposedchange",
            index=models.Index(fields=["tenant", "run", "state", "id"], name="registry_change_state"),
        ),
        count_items("registry_changeset", "registry_proposedchange"),
    ]
