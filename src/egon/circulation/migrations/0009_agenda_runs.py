import django.db.models.deletion
from django.db import migrations, models

import egon.tenancy.models
from egon.jobs.runs.migrating import count_items, in_every_tenant, rename_reference

# Runs tell the name of who started them; the person who gets returned documents back stays in ``handed_by``.
_NAMED = """
    UPDATE circulation_agenda SET started_by = left(
        concat_ws(', ', concat_ws(' ', nullif(title_before, ''), given_name, family_name), nullif(title_after, '')), 200
    ) FROM registry_person WHERE registry_person.id = circulation_agenda.handed_by_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("circulation", "0008_routes_of_files"),
        ("registry", "0007_unit_successor"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="agendaitem",
            name="circulation_agenda_state",
        ),
        migrations.RenameField(
            model_name="agenda",
            old_name="started_by",
            new_name="handed_by",
        ),
        migrations.RenameField(
            model_name="agendaitem",
            old_name="agenda",
            new_name="run",
        ),
        rename_reference("circulation_agenda", "started_by_id", "handed_by_id"),
        rename_reference("circulation_agendaitem", "agenda_id", "run_id"),
        migrations.AddField(
            model_name="agenda",
            name="done",
            field=models.PositiveIntegerField(default=0, verbose_name="hotovo"),
        ),
        migrations.AddField(
            model_name="agenda",
            name="problem",
            field=models.TextField(blank=True, verbose_name="co se nepovedlo"),
        ),
        migrations.AddField(
            model_name="agenda",
            name="refused",
            field=models.PositiveIntegerField(default=0, verbose_name="odmítnuto"),
        ),
        migrations.AddField(
            model_name="agenda",
            name="started_by",
            field=models.CharField(blank=True, max_length=200, verbose_name="spustil"),
        ),
        migrations.AddField(
            model_name="agenda",
            name="stopped_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="naposledy zastaveno"),
        ),
        migrations.AddField(
            model_name="agenda",
            name="stopped_by",
            field=models.CharField(blank=True, max_length=200, verbose_name="zastavil"),
        ),
        migrations.AddField(
            model_name="agenda",
            name="total",
            field=models.PositiveIntegerField(default=0, verbose_name="celkem"),
        ),
        migrations.AlterField(
            model_name="agenda",
            name="finished_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="dokončeno"),
        ),
        migrations.AlterField(
            model_name="agenda",
            name="handed_by",
            field=egon.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.person",
                verbose_name="kdo předává",
            ),
        ),
        migrations.AlterField(
            model_name="agenda",
            name="started_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="spuštěno"),
        ),
        migrations.AlterField(
            model_name="agenda",
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
            model_name="agendaitem",
            name="message",
            field=models.CharField(blank=True, max_length=1000, verbose_name="proč ne"),
        ),
        migrations.AlterField(
            model_name="agendaitem",
            name="state",
            field=models.CharField(
                choices=[("waiting", "čeká"), ("done", "provedeno"), ("refused", "neprovedeno")],
                default="waiting",
                max_length=8,
                verbose_name="stav",
            ),
        ),
        migrations.AddIndex(
            model_name="agendaitem",
            index=models.Index(fields=["tenant", "run", "state", "id"], name="circulation_agenda_state"),
        ),
        in_every_tenant(_NAMED),
        count_items("circulation_agenda", "circulation_agendaitem"),
    ]
