from django.db import migrations, models

TENANT = "SELECT set_config('app.tenant_id', %s, true)"
FILLED = "UPDATE audit_logseal SET last_record_id = record_ids[array_length(record_ids, 1)] WHERE tenant_id = %s"


def tell_last_records(apps, schema_editor):
    """Give every link the last of its records; the owner, too, sees one organisation at a time."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM tenancy_tenant ORDER BY id")
        for (tenant,) in cursor.fetchall():
            cursor.execute(TENANT, [str(tenant)])
            cursor.execute(FILLED, [tenant])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0004_refused_indexed"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.AddField("logseal", "last_record_id", models.BigIntegerField(null=True)),
        migrations.RunPython(tell_last_records, migrations.RunPython.noop),
        migrations.AlterField("logseal", "last_record_id", models.BigIntegerField()),
        migrations.AddIndex(
            "logseal", models.Index(fields=["tenant", "last_record_id"], name="audit_seal_last_record")
        ),
    ]
