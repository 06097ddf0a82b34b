"""Tables of the transaction log. The application may only add and read rows (NSESSS 7.4)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from egon.tenancy.models import TenantModel


class Outcome(models.TextChoices):
    """How an attempt ended."""

    DONE = "done", "provedeno"
    DENIED = "denied", "odepřeno"


class LogRecord(TenantModel):
    """One thing done, or attempted, by someone, about some entities."""

    append_only = True

    recorded_at = models.DateTimeField("čas")
    request_id = models.UUIDField("požadavek")
    operation = models.CharField("operace", max_length=80)
    outcome = models.CharField("výsledek", max_length=8, choices=Outcome)
    account_id = models.BigIntegerField("účet", null=True)
    person_id = models.BigIntegerField("osoba", null=True)
    actor_name = models.CharField("provedl", max_length=200)
    # Between commas (",head,officer,"), so that one is found in it; what the actor held at that moment.
    roles = models.CharField("role", max_length=250, blank=True, default="", db_default="")
    ip = models.CharField("adresa", max_length=45, blank=True)
    subjects = models.JSONField("entity", default=list)  # [[entity type, id, label], ...]
    parameters = models.JSONField("parametry", default=dict)
    message = models.TextField("zpráva", blank=True)

    class Meta:
        verbose_name = "záznam transakčního protokolu"
        verbose_name_plural = "záznamy transakčního protokolu"
        indexes = [
            models.Index(fields=["tenant", "recorded_at"], name="audit_record_time"),
            models.Index(fields=["tenant", "account_id", "recorded_at"], name="audit_record_account"),
            # The auditor's filters, newest first (NSESSS 5.1.9).
            models.Index(fields=["tenant", "person_id", "recorded_at"], name="audit_record_person"),
            models.Index(fields=["tenant", "operation", "recorded_at"], name="audit_record_operation"),
            models.Index(fields=["tenant", "roles", "recorded_at"], name="audit_record_roles"),
            models.Index(
                fields=["tenant", "outcome", "recorded_at"],
                condition=~models.Q(outcome="done"),
                name="audit_record_refused",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.recorded_at:%Y-%m-%d %H:%M:%S}"


class LogSubject(TenantModel):
    """An index: which records speak of an entity. It repeats :attr:`LogRecord.subjects`, which are sealed."""

    append_only = True

    record_id = models.BigIntegerField()
    entity_type = models.CharField(max_length=60)
    entity_id = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "entity_type", "entity_id", "record_id"], name="audit_subject_entity")
        ]

    def __str__(self) -> str:
        return f"{self.entity_type} {self.entity_id}"


class LogSeal(TenantModel):
    """A link of the hash chain: the digests of a batch of records and the hash over them and the previous link."""

    append_only = True

    position = models.BigIntegerField("pořadí")
    sealed_at = models.DateTimeField("čas pečetění")
    record_ids = ArrayField(models.BigIntegerField())
    # The last of them in a column of its own: the links still looked at are found without reading the lists of all.
    last_record_id = models.BigIntegerField()
    digests = models.BinaryField()  # 32 bytes a record, in the order of record_ids
    low_water = models.BigIntegerField()  # every record up to this id was sealed when the batch was made
    form = models.SmallIntegerField("způsob výpočtu", default=1)  # see sealing.FORM
    previous_hash = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "position"], name="audit_seal_position")]
        indexes = [models.Index(fields=["tenant", "last_record_id"], name="audit_seal_last_record")]

    def __str__(self) -> str:
        return f"pečeť {self.position}"
