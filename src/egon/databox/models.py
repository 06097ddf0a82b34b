"""Tables of the data boxes: the boxes, what came, what is to be sent, and what ISDS says happened to it."""

from typing import Any

from django.db import models
from django.db.models import PROTECT, F

import egon.databox.importing.tables  # noqa: F401 - tables of this domain, too
from egon.tenancy.models import TenantForeignKey, TenantModel


class DeliveryPolicy(models.TextChoices):
    """When the product asks ISDS for new messages, which is what delivers them (Provozní řád II.4)."""

    AT_ONCE = "at_once", "průběžně (doporučeno pro orgány veřejné moci)"
    ON_DEMAND = "on_demand", "jen na pokyn podatelny"
    WATCH = "watch", "jen sledovat, o převzetí rozhodne podatelna"


class LoginKind(models.TextChoices):
    """Ways of logging in that need no person (``egon.gateways.isds.logins``)."""

    PASSWORD = "password", "jméno a heslo"
    SYSTEM = "system", "systémový certifikát spisové služby (doporučeno)"
    USER = "user", "jméno, heslo a certifikát uživatele"
    HOSTED = "hosted", "certifikát hostované spisové služby"

    @property
    def has_password(self) -> bool:
        return self in (LoginKind.PASSWORD, LoginKind.USER)

    @property
    def has_certificate(self) -> bool:
        return self is not LoginKind.PASSWORD


class Box(TenantModel):
    """A data box of the originator and the login the product uses. The password is stored sealed, never logged.

    ``listing_asked_at``: a person ordered to list (and so to deliver) what waits; it stands here until it is done.
    ``looked_at`` is the last listing or look at notifications, ``swept_at`` the last listing far into the past.
    """

    box_id = models.CharField("identifikátor schránky", max_length=7)
    name = models.CharField("název", max_length=200)
    box_type = models.CharField("typ schránky", max_length=20, blank=True)
    login_kind = models.CharField("způsob přihlášení", max_length=10, choices=LoginKind, default=LoginKind.PASSWORD)
    login = models.CharField("přihlašovací jméno", max_length=60, blank=True)
    sealed_password = models.TextField("heslo (zašifrované)", blank=True)
    password_expires_at = models.DateTimeField("heslo platí do", null=True)
    password_asked_at = models.DateTimeField("na platnost hesla se ptalo", null=True)
    environment_url = models.URLField("adresa ISDS", blank=True, help_text="Prázdná znamená adresu celé instalace.")
    delivery_policy = models.CharField(
        "stahování zpráv", max_length=10, choices=DeliveryPolicy, default=DeliveryPolicy.AT_ONCE
    )
    check_every = models.PositiveIntegerField("nové zprávy vyhlížet po (s)", default=60)
    hours_from = models.PositiveSmallIntegerField("stahovat od (h)", null=True)
    hours_to = models.PositiveSmallIntegerField("stahovat do (h)", null=True)
    working_days_only = models.BooleanField("stahovat jen v pracovní dny", default=False)
    active = models.BooleanField("používá se", default=True)
    keeps_stamped = models.BooleanField("prodlužuje archivní razítka", default=True)

    looked_at = models.DateTimeField("naposledy se díval", null=True)
    listing_asked_at = models.DateTimeField("pokyn k převzetí", null=True)
    swept_at = models.DateTimeField("vypsáno s velkým překryvem", null=True)
    notified_since = models.DateTimeField("sledována od", null=True)
    noticed_until = models.DateTimeField("upozornění přečtena do", null=True)
    last_contact_at = models.DateTimeField("poslední spojení", null=True)
    last_error = models.TextField("poslední chyba", blank=True)
    last_error_detail = models.TextField("podrobnost chyby", blank=True)
    last_error_at = models.DateTimeField("čas chyby", null=True)
    failures = models.PositiveIntegerField("neúspěchy za sebou", default=0)
    next_attempt_at = models.DateTimeField("další pokus nejdříve", null=True)
    needs_administrator = models.BooleanField("čeká na správce", default=False)
    listed_until = models.DateTimeField("přijaté zprávy vypsány do", null=True)
    states_until = models.DateTimeField("stavy zjištěny do", null=True)
    states_asked_at = models.DateTimeField("na stavy se ptalo", null=True)

    class Meta:
        verbose_name = "datová schránka"
        verbose_name_plural = "datové schránky"
        constraints = [models.UniqueConstraint(fields=["tenant", "box_id"], name="databox_box_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.box_id})"


class CertificateState(models.TextChoices):
    """A new certificate is tried beside the one in use; when ISDS accepts it, the old one falls away."""

    NEW = "new", "zkouší se"
    IN_USE = "in_use", "používá se"
    RETIRED = "retired", "vyřazen"


class BoxCertificate(TenantModel):
    """A certificate a box logs in with. The key is stored sealed and is wiped when the certificate is retired."""

    box = TenantForeignKey(Box, on_delete=PROTECT, related_name="certificates", verbose_name="schránka")
    state = models.CharField("stav", max_length=10, choices=CertificateState, default=CertificateState.NEW)
    sealed = models.TextField("certifikát s klíčem (zašifrované)", blank=True)
    subject = models.CharField("držitel", max_length=300)
    issuer = models.CharField("vydavatel", max_length=300)
    serial_number = models.CharField("číslo", max_length=60)
    fingerprint = models.CharField("otisk SHA-256", max_length=64)
    valid_from = models.DateTimeField("platí od")
    valid_until = models.DateTimeField("platí do")
    added_at = models.DateTimeField("nahrán")
    tried_at = models.DateTimeField("naposledy vyzkoušen", null=True)
    problem = models.TextField("proč ho ISDS nepřijal", blank=True)
    retired_at = models.DateTimeField("vyřazen", null=True)

    log_with = ("box",)

    class Meta:
        verbose_name = "certifikát schránky"
        verbose_name_plural = "certifikáty schránek"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "box", "fingerprint"],
                condition=~models.Q(state="retired"),
                name="databox_certificate_once",
            )
        ]
        indexes = [models.Index(fields=["tenant", "box", "valid_until"], name="databox_certificate_end")]

    def __str__(self) -> str:
        return f"certifikát {self.serial_number}"


class Direction(models.TextChoices):
    """Which of the three sealed things a row is about."""

    RECEIVED = "received", "přijatá zpráva"
    SENT = "sent", "odeslaná zpráva"
    RECEIPT = "receipt", "doručenka"


class Progress(models.TextChoices):
    """How far the product has got with fetching a message."""

    NOTICED = "noticed", "čeká na rozhodnutí o převzetí"
    ANNOUNCED = "announced", "čeká na stažení"
    COMPLETE = "complete", "stažena"
    UNREADABLE = "unreadable", "stažena, obsah nejde přečíst"
    FAILED = "failed", "nešla stáhnout"


class DataMessage(TenantModel):
    """One data message, once per box and direction; a row of a message from a ``.zfo`` file has no box.

    ``delivered_at`` is dodání, ``accepted_at`` doručení. ``checks`` holds the separate facts found about seal, hash and
    time stamps, each with its outcome, ETSI EN 319 102-1 indication and Czech sentence.

    A received message ``do vlastních rukou`` keeps its subject in ``hidden_annotation`` until the named person releases
    it, so that no list and no search can show it.
    """

    box = TenantForeignKey(Box, on_delete=PROTECT, related_name="messages", null=True, verbose_name="schránka")
    dm_id = models.CharField("ID zprávy", max_length=20)
    direction = models.CharField("druh", max_length=8, choices=Direction)
    progress = models.CharField("stažení", max_length=10, choices=Progress, default=Progress.ANNOUNCED)
    state = models.SmallIntegerField("stav v ISDS", default=0)

    sender_box_id = models.CharField("schránka odesílatele", max_length=7, blank=True)
    sender_name = models.CharField("odesílatel", max_length=255, blank=True)
    sender_address = models.CharField("adresa odesílatele", max_length=255, blank=True)
    sender_type = models.CharField("typ schránky odesílatele", max_length=20, blank=True)
    recipient_box_id = models.CharField("schránka příjemce", max_length=7, blank=True)
    recipient_name = models.CharField("příjemce", max_length=255, blank=True)
    recipient_address = models.CharField("adresa příjemce", max_length=255, blank=True)
    annotation = models.CharField("věc", max_length=255, blank=True)
    sender_reference = models.CharField("číslo jednací odesílatele", max_length=50, blank=True)
    sender_file_mark = models.CharField("spisová značka odesílatele", max_length=50, blank=True)
    recipient_reference = models.CharField("naše číslo jednací", max_length=50, blank=True)
    recipient_file_mark = models.CharField("naše spisová značka", max_length=50, blank=True)
    to_hands = models.CharField("k rukám", max_length=255, blank=True)
    legal_title = models.CharField("zmocnění", max_length=255, blank=True)
    personal_delivery = models.BooleanField("do vlastních rukou", default=False)
    hidden_annotation = models.CharField("věc pro adresáta do vlastních rukou", max_length=255, blank=True)
    named_person = TenantForeignKey(
        "registry.Person", on_delete=PROTECT, related_name="+", null=True, verbose_name="adresát do vlastních rukou"
    )
    released_at = models.DateTimeField("předáno k evidenci", null=True)
    delivered_at = models.DateTimeField("dodáno", null=True)
    accepted_at = models.DateTimeField("doručeno", null=True)
    announced_size_kb = models.PositiveIntegerField("velikost příloh podle ISDS (kB)", default=0)
    is_big = models.BooleanField("velkoobjemová", default=False)

    zfo_digest = models.CharField("otisk ZFO", max_length=64, blank=True)
    zfo_size = models.BigIntegerField("velikost ZFO", default=0)
    content_hash = models.CharField("otisk obsahu (dmHash)", max_length=128, blank=True)
    checks = models.JSONField("výsledky kontrol", default=list)
    checks_level = models.CharField("celkem", max_length=8, blank=True)
    problem = models.TextField("co se nepovedlo", blank=True)
    attempts = models.PositiveSmallIntegerField("pokusy o stažení", default=0)
    next_attempt_at = models.DateTimeField("další pokus nejdříve", null=True)
    announced_at = models.DateTimeField("vypsána")
    stored_at = models.DateTimeField("uložena", null=True)
    next_stamp_to = models.DateField("další archivní razítko nejpozději", null=True)
    stamp_due_at = models.DateTimeField("o razítko se žádá nejdříve", null=True)
    stamp_problem = models.TextField("co brání archivnímu razítku", blank=True)

    class Meta:
        verbose_name = "datová zpráva"
        verbose_name_plural = "datové zprávy"
        constraints = [
            # The register of message ids (Provozní řád II.17): whatever ISDS lists twice is taken in once.
            models.UniqueConstraint(fields=["tenant", "box", "dm_id", "direction"], name="databox_message_once"),
            models.UniqueConstraint(
                fields=["tenant", "zfo_digest"],
                condition=models.Q(box__isnull=True) & ~models.Q(zfo_digest=""),
                name="databox_uploaded_zfo_once",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "dm_id"], name="databox_message_dm_id"),
            models.Index(fields=["tenant", "zfo_digest"], name="databox_message_digest"),
            models.Index(
                "tenant", F("delivered_at").desc(nulls_last=True), F("id").desc(), name="databox_message_browsed"
            ),
            models.Index(
                fields=["tenant", "box", "id"],
                condition=models.Q(progress="announced"),
                name="databox_message_to_fetch",
            ),
            models.Index(
                fields=["tenant", "box", "id"],
                condition=models.Q(progress="failed"),
                name="databox_message_not_fetched",
            ),
            models.Index(
                "tenant",
                "checks_level",
                F("delivered_at").desc(nulls_last=True),
                F("id").desc(),
                condition=~models.Q(checks_level="ok"),
                name="databox_message_doubtful",
            ),
            models.Index(fields=["tenant", "stamp_due_at"], name="databox_message_stamp_due"),
            models.Index(
                fields=["tenant", "box", "next_stamp_to"],
                condition=models.Q(next_stamp_to__isnull=False),
                name="databox_message_stamped",
            ),
            models.Index(
                fields=["tenant", "box", "id"],
                condition=models.Q(next_stamp_to__isnull=True, progress="complete"),
                name="databox_message_unstamped",
            ),
            models.Index(
                fields=["tenant", "box", "id"],
                condition=~models.Q(stamp_problem=""),
                name="databox_message_unstampable",
            ),
            models.Index(
                fields=["tenant", "box", "id"],
                condition=models.Q(progress="noticed"),
                name="databox_message_noticed",
            ),
            models.Index(
                fields=["tenant", "named_person", "-id"],
                condition=models.Q(named_person__isnull=False),
                name="databox_message_personal",
            ),
        ]

    def __str__(self) -> str:
        return f"datová zpráva {self.dm_id}"

    @property
    def is_hidden(self) -> bool:
        """Received into somebody's own hands and not released by them: others see the envelope only."""
        return self.direction == Direction.RECEIVED and self.personal_delivery and self.released_at is None


class MessageFile(TenantModel):
    """One attachment as it stood in the message; content is a blob in the storage."""

    message = TenantForeignKey(DataMessage, on_delete=PROTECT, related_name="files", db_index=False)
    position = models.PositiveSmallIntegerField("pořadí")
    name = models.CharField("název", max_length=255)
    media_type = models.CharField("typ obsahu", max_length=120, blank=True)
    role = models.CharField("úloha v obálce", max_length=20, blank=True)
    digest = models.CharField("otisk", max_length=64)
    size = models.BigIntegerField("velikost")
    format_id = models.CharField("formát (PRONOM)", max_length=30, blank=True)
    format_name = models.CharField("název formátu", max_length=120, blank=True)
    format_ok = models.BooleanField("formát v pořádku", null=True)
    problem = models.TextField("co je špatně", blank=True)

    class Meta:
        verbose_name = "příloha datové zprávy"
        verbose_name_plural = "přílohy datových zpráv"
        constraints = [models.UniqueConstraint(fields=["tenant", "message", "position"], name="databox_file_position")]

    def __str__(self) -> str:
        return self.name


class MessageEvent(TenantModel):
    """One line of the delivery record of a message (EV0 submitted, EV5 put into the box, EV11 login…)."""

    message = TenantForeignKey(DataMessage, on_delete=PROTECT, related_name="events", db_index=False)
    happened_at = models.DateTimeField("čas")
    kind = models.CharField("druh", max_length=8, blank=True)
    description = models.CharField("popis", max_length=255)

    class Meta:
        verbose_name = "událost datové zprávy"
        verbose_name_plural = "události datových zpráv"
        indexes = [models.Index(fields=["tenant", "message", "happened_at"], name="databox_event_message")]

    def __str__(self) -> str:
        return self.description


class ArchiveStamp(TenantModel):
    """A version of a sealed message with one more archive time stamp; the original stays beside it byte for byte."""

    message = TenantForeignKey(DataMessage, on_delete=PROTECT, related_name="stamps", db_index=False)
    digest = models.CharField("otisk", max_length=64)
    size = models.BigIntegerField("velikost")
    stamped_at = models.DateTimeField("orazítkováno")
    next_stamp_to = models.DateField("další razítko nejpozději", null=True)

    class Meta:
        verbose_name = "archivní razítko"
        verbose_name_plural = "archivní razítka"
        constraints = [models.UniqueConstraint(fields=["tenant", "message", "digest"], name="databox_stamp_once")]

    def __str__(self) -> str:
        return f"archivní razítko zprávy {self.message.dm_id}"


class Payment(models.TextChoices):
    """Who pays for a commercial message (PDZ) between boxes of which none is a public authority (``dmType``)."""

    CONTRACT = "K", "ze smlouvy odesílatele"
    CREDIT = "E", "z kreditu odesílatele"
    INITIATING = "I", "ze smlouvy odesílatele i s odpovědí"
    REPLY = "O", "platí adresát (odpověď na jeho iniciační zprávu)"


class OutboxState(models.TextChoices):
    """States of sending. ``sending`` is committed before the call, so a crash leaves it behind to be reconciled."""

    QUEUED = "queued", "čeká na odeslání"
    SENDING = "sending", "odesílá se"
    AMBIGUOUS = "ambiguous", "ověřuje se, zda ISDS zprávu přijal"
    SENT = "sent", "odesláno, čeká na doručení"
    DELIVERED = "delivered", "doručeno"
    UNDELIVERABLE = "undeliverable", "nedoručeno"
    REFUSED = "refused", "ISDS zprávu odmítl"
    FAILED = "failed", "nepodařilo se odeslat"
    CANCELLED = "cancelled", "odeslání zrušeno"


class OutboxItem(TenantModel):
    """A message to be sent once. ``token`` travels in its envelope, so that it is recognised among the sent ones.

    The same document for several boxes may leave by one call; then its messages share the token and each is recognised
    by token and recipient's box. ``message_state`` is the newest state told, ``delivered_state`` the delivering one.
    """

    box = TenantForeignKey(Box, on_delete=PROTECT, related_name="outbox", verbose_name="schránka")
    document = TenantForeignKey("records.Document", on_delete=PROTECT, related_name="+", verbose_name="dokument")
    message = TenantForeignKey(DataMessage, on_delete=PROTECT, related_name="sendings", null=True)
    receipt = TenantForeignKey(DataMessage, on_delete=PROTECT, related_name="+", null=True)
    token = models.CharField("značka odeslání", max_length=16)
    state = models.CharField("stav", max_length=13, choices=OutboxState, default=OutboxState.QUEUED)

    recipient_box_id = models.CharField("schránka příjemce", max_length=7)
    recipient_type = models.CharField("typ schránky příjemce", max_length=20, blank=True)
    recipient_name = models.CharField("příjemce", max_length=255, blank=True)
    annotation = models.CharField("věc", max_length=255)
    reference_number = models.CharField("číslo jednací", max_length=50, blank=True)
    file_mark = models.CharField("spisová značka", max_length=50, blank=True)
    recipient_reference = models.CharField("číslo jednací příjemce", max_length=50, blank=True)
    recipient_file_mark = models.CharField("spisová značka příjemce", max_length=50, blank=True)
    to_hands = models.CharField("k rukám", max_length=30, blank=True)
    personal_delivery = models.BooleanField("do vlastních rukou", default=False)
    allow_fiction = models.BooleanField("náhradní doručení", default=True)
    law = models.PositiveIntegerField("číslo zákona", null=True)
    law_year = models.PositiveIntegerField("rok zákona", null=True)
    law_section = models.CharField("paragraf", max_length=10, blank=True)
    law_paragraph = models.CharField("odstavec", max_length=10, blank=True)
    law_point = models.CharField("písmeno", max_length=10, blank=True)
    publish_level = models.PositiveSmallIntegerField("zveřejněné údaje odesílatele", null=True)
    payment = models.CharField("poštovní datová zpráva", max_length=1, choices=Payment, blank=True)
    is_big = models.BooleanField("velkoobjemová", default=False)

    created_at = models.DateTimeField("zařazeno")
    attempts = models.PositiveSmallIntegerField("pokusy", default=0)
    first_attempt_at = models.DateTimeField("první pokus", null=True)
    last_attempt_at = models.DateTimeField("poslední pokus", null=True)
    next_attempt_at = models.DateTimeField("další pokus nejdříve", null=True)
    dm_id = models.CharField("ID zprávy", max_length=20, blank=True)
    message_state = models.SmallIntegerField("stav v ISDS", default=0)
    state_asked_at = models.DateTimeField("na stav se ptalo", null=True)
    sent_at = models.DateTimeField("odesláno", null=True)
    put_in_box_at = models.DateTimeField("dodáno do schránky", null=True)
    delivered_at = models.DateTimeField("doručeno", null=True)
    delivered_state = models.SmallIntegerField("jak doručeno", default=0)
    problem = models.TextField("co se nepovedlo", blank=True)
    problem_detail = models.TextField("podrobnost", blank=True)

    class Meta:
        verbose_name = "odesílaná zpráva"
        verbose_name_plural = "odesílané zprávy"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "token", "recipient_box_id"], name="databox_outbox_token"),
            models.UniqueConstraint(
                fields=["tenant", "box", "dm_id"], condition=~models.Q(dm_id=""), name="databox_outbox_dm_id"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "document"], name="databox_outbox_document"),
            models.Index(
                fields=["tenant", "box", "id"],
                condition=models.Q(state__in=["queued", "sending", "ambiguous", "sent"]),
                name="databox_outbox_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"odeslání „{self.annotation}“ do schránky {self.recipient_box_id}"


class OutboxFile(TenantModel):
    """One attachment of a message to be sent; the content is a blob that the document's component points to as well."""

    item = TenantForeignKey(OutboxItem, on_delete=PROTECT, related_name="files", db_index=False)
    position = models.PositiveSmallIntegerField("pořadí")
    name = models.CharField("název", max_length=255)
    media_type = models.CharField("typ obsahu", max_length=120)
    role = models.CharField("úloha v obálce", max_length=20)
    digest = models.CharField("otisk", max_length=64)
    size = models.BigIntegerField("velikost")
    upload = models.JSONField("nahráno do ISDS", null=True)

    class Meta:
        verbose_name = "příloha odesílané zprávy"
        verbose_name_plural = "přílohy odesílaných zpráv"
        constraints = [models.UniqueConstraint(fields=["tenant", "item", "position"], name="databox_outfile_position")]

    def __str__(self) -> str:
        return self.name


def lock[M: TenantModel](model: type[M], pk: int) -> M:
    """The row as it stands now, locked until the end of the transaction."""
    manager: Any = model._default_manager
    found: M = manager.select_for_update().get(pk=pk)
    return found
