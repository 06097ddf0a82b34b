"""Tables of the mailroom: what waits to be registered, and how documents leave."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import PROTECT, F

from egon.jobs.runs.models import Run, RunItem
from egon.mailroom.bulk_rules import Founding
from egon.records.rules import labels
from egon.tenancy.models import TenantForeignKey, TenantModel


class Channel(models.TextChoices):
    """How something came or leaves (vyhláška 259/2012 Sb. § 2)."""

    DATABOX = "databox", "datová schránka"
    ZFO_UPLOAD = "zfo_upload", "nahraný soubor ZFO"
    POST = "post", "pošta"
    IN_PERSON = "in_person", "osobně"
    COURIER = "courier", "kurýr"
    EMAIL = "email", "e-mail"
    TABLE = "table", "z tabulky"  # how it is in the inbox; how such a document was delivered the table does not say


class IntakeState(models.TextChoices):
    """What the mailroom did with an item."""

    WAITING = "waiting", "čeká na zaevidování"
    REGISTERED = "registered", "zaevidováno"
    REJECTED = "rejected", "neevidováno"
    DUPLICATE = "duplicate", "duplicita"
    ATTACHED = "attached", "přiloženo k odeslané zprávě"


class IntakeItem(TenantModel):
    """Something delivered that the mailroom has to register, or say why it does not."""

    channel = models.CharField("způsob doručení", max_length=12, choices=Channel)
    state = models.CharField("stav", max_length=10, choices=IntakeState, default=IntakeState.WAITING)
    data_message = TenantForeignKey("databox.DataMessage", on_delete=PROTECT, related_name="+", null=True)
    received_at = models.DateTimeField("doručeno")
    subject = models.CharField("věc", max_length=255, blank=True)
    sender_name = models.CharField("odesílatel", max_length=255, blank=True)
    sender_box_id = models.CharField("schránka odesílatele", max_length=7, blank=True)
    files_count = models.PositiveSmallIntegerField("počet příloh", default=0)
    files_size = models.BigIntegerField("velikost příloh", default=0)
    checks_level = models.CharField("kontroly", max_length=8, blank=True)
    problem = models.TextField("potíž", blank=True)
    document = TenantForeignKey("records.Document", on_delete=PROTECT, related_name="+", null=True)
    duplicate_of = TenantForeignKey("mailroom.IntakeItem", on_delete=PROTECT, related_name="+", null=True)
    reason = models.TextField("důvod", blank=True)
    decided_at = models.DateTimeField("rozhodnuto", null=True)
    decided_by = models.CharField("rozhodl", max_length=200, blank=True)

    is_untold = False
    """Whether the reader sees its number alone; ``queries.hide_items`` says so of rows to be shown."""

    class Meta:
        verbose_name = "podání"
        verbose_name_plural = "podání"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "data_message"],
                condition=models.Q(data_message__isnull=False),
                name="mailroom_intake_message_once",
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "state", "-received_at", "-id"], name="mailroom_intake_inbox"),
            models.Index(fields=["tenant", "document"], name="mailroom_intake_document"),
        ]

    def __str__(self) -> str:
        return self.subject or f"podání {self.pk}"


class LetterKind(models.TextChoices):
    """How a paper letter came to us."""

    ORDINARY = "ordinary", "obyčejná zásilka"
    RECORDED = "recorded", "doporučená zásilka"
    WITH_RECEIPT = "with_receipt", "doporučená s dodejkou"
    OWN_HANDS = "own_hands", "do vlastních rukou"
    PARCEL = "parcel", "balík"
    COURIER = "courier", "kurýrem"
    IN_PERSON = "in_person", "osobně do podatelny"


class Envelope(TenantModel):
    """What the envelope of a paper letter tells; its sheets and annexes are the document's (``records.PaperPart``).

    Vyhláška 259/2012 Sb. § 3 odst. 3, § 5.
    """

    document = TenantForeignKey("records.Document", on_delete=PROTECT, related_name="+", verbose_name="dokument")
    kind = models.CharField("druh zásilky", max_length=12, choices=LetterKind)
    post_number = models.CharField("podací číslo", max_length=30, blank=True)
    posted_on = models.DateField("podáno k přepravě", null=True)
    to_hands = models.CharField("k rukám", max_length=120, blank=True)
    defects = models.CharField("vady", max_length=255, blank=True)
    envelope_kept = models.BooleanField("obálka ponechána")
    unopened = models.BooleanField("předána neotevřená", default=False, db_default=False)

    class Meta:
        verbose_name = "obálka"
        verbose_name_plural = "obálky"
        constraints = [models.UniqueConstraint(fields=["tenant", "document"], name="mailroom_envelope_once")]
        indexes = [
            models.Index(
                fields=["tenant", "post_number"], condition=~models.Q(post_number=""), name="mailroom_envelope_number"
            )
        ]

    def __str__(self) -> str:
        return self.post_number or self.get_kind_display()


class DispatchState(models.TextChoices):
    """How far a document has got on its way to one addressee."""

    WAITING = "waiting", "ve frontě"
    HANDED = "handed", "předáno"
    SENT = "sent", "odesláno"
    DELIVERED = "delivered", "doručeno"
    FAILED = "failed", "nepodařilo se"


class Dispatch(TenantModel):
    """Sending of one document to one addressee by one channel (vypravení). A failed one may be followed by another."""

    document = TenantForeignKey("records.Document", on_delete=PROTECT, related_name="+", verbose_name="dokument")
    addressee = TenantForeignKey("records.Addressee", on_delete=PROTECT, related_name="+", verbose_name="adresát")
    channel = models.CharField("způsob", max_length=12, choices=Channel)
    state = models.CharField("stav", max_length=10, choices=DispatchState, default=DispatchState.WAITING)
    outbox_item = TenantForeignKey("databox.OutboxItem", on_delete=PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField("předáno k odeslání")
    changed_at = models.DateTimeField("změněno")
    sent_at = models.DateTimeField("odesláno", null=True)
    delivered_at = models.DateTimeField("doručeno", null=True)
    note = models.CharField("poznámka", max_length=255, blank=True)
    problem = models.TextField("co se nepovedlo", blank=True)
    advice = models.TextField("pokyn zpracovatele", blank=True)
    advised_at = models.DateTimeField("pokyn dán", null=True)
    advised_by = models.CharField("pokyn dal", max_length=200, blank=True)

    class Meta:
        verbose_name = "vypravení"
        verbose_name_plural = "vypravení"
        constraints = [
            # One way to one addressee at a time: never two messages for the same letter.
            models.UniqueConstraint(
                fields=["tenant", "addressee"], condition=~models.Q(state="failed"), name="mailroom_dispatch_once"
            ),
            models.UniqueConstraint(
                fields=["tenant", "outbox_item"],
                condition=models.Q(outbox_item__isnull=False),
                name="mailroom_dispatch_outbox",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "state", "-changed_at"], name="mailroom_dispatch_state"),
            models.Index(
                "tenant",
                F("changed_at").desc(nulls_last=True),
                F("id").desc(nulls_last=True),
                name="mailroom_dispatch_changed",
            ),
            models.Index(fields=["tenant", "created_at"], name="mailroom_dispatch_created"),
            models.Index(fields=["tenant", "document"], name="mailroom_dispatch_document"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.addressee}"


class PostService(models.TextChoices):
    """How a letter goes by post."""

    ORDINARY = "ordinary", "obyčejně"
    RECORDED = "recorded", "doporučeně"
    WITH_RECEIPT = "with_receipt", "doporučeně s dodejkou"
    OWN_HANDS = "own_hands", "do vlastních rukou"
    ADDRESSEE_ONLY = "only_hands", "do vlastních rukou výhradně jen adresáta"
    PARCEL = "parcel", "balík"


class EnvelopeSize(models.TextChoices):
    """Envelopes we print."""

    DL = "DL", "DL (220 × 110 mm)"
    C5 = "C5", "C5 (229 × 162 mm)"
    C4 = "C4", "C4 (324 × 229 mm)"


class PostBatch(TenantModel):
    """Letters given to the post at once (poštovní podací arch)."""

    number = models.CharField("číslo archu", max_length=20)
    posted_at = models.DateTimeField("podáno")
    posted_by = models.CharField("podal", max_length=200)

    class Meta:
        verbose_name = "podací arch"
        verbose_name_plural = "podací archy"
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="mailroom_batch_number")]
        indexes = [models.Index(fields=["tenant", "-posted_at", "-id"], name="mailroom_batch_posted")]

    def __str__(self) -> str:
        return self.number


class PostedLetter(TenantModel):
    """One envelope of a dispatch by post, from its preparing to the slip that comes back."""

    dispatch = TenantForeignKey("mailroom.Dispatch", on_delete=PROTECT, related_name="+", verbose_name="vypravení")
    service = models.CharField("služba", max_length=12, choices=PostService)
    size = models.CharField("obálka", max_length=2, choices=EnvelopeSize)
    weight = models.PositiveIntegerField("hmotnost v gramech", null=True)
    address = models.TextField("adresa")
    post_number = models.CharField("podací číslo", max_length=30, blank=True)
    batch = TenantForeignKey("mailroom.PostBatch", on_delete=PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "dopis"
        verbose_name_plural = "dopisy"
        constraints = [models.UniqueConstraint(fields=["tenant", "dispatch"], name="mailroom_letter_dispatch")]
        indexes = [
            models.Index(fields=["tenant", "batch"], name="mailroom_letter_batch"),
            models.Index(
                fields=["tenant", "post_number"], condition=~models.Q(post_number=""), name="mailroom_letter_number"
            ),
        ]

    def __str__(self) -> str:
        return self.post_number or self.get_service_display()


class HandoverList(TenantModel):
    """Paper documents carried to one unit together (předávací protokol). Vyhláška 259/2012 Sb. § 13."""

    number = models.CharField("číslo protokolu", max_length=20)
    unit = TenantForeignKey("registry.Unit", on_delete=PROTECT, related_name="+", verbose_name="útvar")
    created_at = models.DateTimeField("sestaveno")
    created_by = models.CharField("sestavil", max_length=200)

    class Meta:
        verbose_name = "předávací protokol"
        verbose_name_plural = "předávací protokoly"
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="mailroom_list_number")]
        indexes = [models.Index(fields=["tenant", "-created_at", "-id"], name="mailroom_list_created")]

    def __str__(self) -> str:
        return self.number


class ListedHandover(TenantModel):
    """One hand-over of a document on a list; a hand-over is on one list at most."""

    listing = TenantForeignKey("mailroom.HandoverList", on_delete=PROTECT, related_name="items")
    handover = TenantForeignKey("circulation.Handover", on_delete=PROTECT, related_name="+")

    class Meta:
        verbose_name = "položka předávacího protokolu"
        verbose_name_plural = "položky předávacího protokolu"
        constraints = [models.UniqueConstraint(fields=["tenant", "handover"], name="mailroom_listed_once")]
        indexes = [models.Index(fields=["tenant", "listing"], name="mailroom_listed_list")]


class BulkRun(Run):
    """A table from which documents are registered, line by line, in the background."""

    name = models.CharField("soubor", max_length=200)
    header = ArrayField(models.CharField(max_length=250), verbose_name="záhlaví")
    meanings = ArrayField(models.CharField(max_length=30, blank=True), verbose_name="významy sloupců", default=list)
    founding = models.CharField(
        "noví odesílatelé", max_length=8, choices=labels.choices(Founding), blank=True, default=""
    )
    brought_at = models.DateTimeField("nahráno")
    brought_by = TenantForeignKey("registry.Person", on_delete=PROTECT, related_name="+", verbose_name="nahrál")

    called = "Evidence z tabulky"
    done_words = ("Zaevidováno", "Nezaevidováno")

    class Meta:
        verbose_name = "tabulka k zaevidování"
        verbose_name_plural = "tabulky k zaevidování"
        indexes = [models.Index(fields=["tenant", "-brought_at"], name="mailroom_bulk_brought")]

    def __str__(self) -> str:
        return self.name


class BulkLine(RunItem):
    """One line of a table, and what became of it."""

    run = TenantForeignKey("mailroom.BulkRun", on_delete=models.CASCADE, related_name="items")
    number = models.PositiveIntegerField("řádek")
    cells = ArrayField(models.TextField(), verbose_name="hodnoty")
    document = TenantForeignKey("records.Document", on_delete=PROTECT, related_name="+", null=True)

    class Meta:
        verbose_name = "řádek tabulky"
        verbose_name_plural = "řádky tabulky"
        constraints = [models.UniqueConstraint(fields=["tenant", "run", "number"], name="mailroom_bulk_line_once")]
        indexes = [models.Index(fields=["tenant", "run", "state", "id"], name="mailroom_bulk_line_state")]

    def __str__(self) -> str:
        return f"řádek {self.number}"
