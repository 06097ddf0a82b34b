"""What is looked after while a box is being visited: a new certificate is tried, the password's end is learnt."""

import logging
from datetime import timedelta
from typing import Final

from egon.databox import connection
from egon.databox.models import Box, BoxCertificate, CertificateState, LoginKind
from egon.databox.operations.certificates import accept_certificate, note_trial
from egon.gateways.isds import IsdsClient
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import GatewayError, Misconfigured, Refused
from egon.tenancy.scope import current_tenant_id

logger = logging.getLogger(__name__)

TRIED_EVERY: Final = timedelta(hours=1)
PASSWORD_ASKED_EVERY: Final = timedelta(days=1)


def try_new_certificates(box: Box) -> None:
    """Ask ISDS whether it accepts a certificate added beside the one in use, at most once an hour.

    A refusal leaves everything as it was: the portal may learn of the new certificate later.
    """
    if not LoginKind(box.login_kind).has_certificate:
        return
    now = clock.now()
    for row in box.certificates.filter(state=CertificateState.NEW, valid_from__lte=now).order_by("pk"):
        if row.tried_at is None or now - row.tried_at >= TRIED_EVERY:
            try_certificate(box, row)


def try_certificate(box: Box, row: BoxCertificate) -> bool:
    """One harmless call with this certificate alone; whether ISDS accepted it. Retryable failures say nothing."""
    try:
        with connection.client_for(box, only=row, patient=False) as client:
            client.owner()
    except (Misconfigured, Refused) as error:
        note_trial(row, problem=error.message, at=clock.now())
        return False
    except GatewayError as error:
        logger.info("certificate %s was not tried: %s", row.serial_number, error)
        return False
    accept_certificate(actor=Actor.system(current_tenant_id()), certificate=row, at=clock.now())
    return True


def learn_password_end(box: Box, client: IsdsClient) -> None:
    """GetPasswordInfo once a day for logins that have a password."""
    now = clock.now()
    if not LoginKind(box.login_kind).has_password:
        return
    if box.password_asked_at and now - box.password_asked_at < PASSWORD_ASKED_EVERY:
        return
    try:
        expires = client.password_info().expires
    except Refused as error:  # some users may not ask; that must not stop the box
        logger.info("box %s does not tell the end of its password: %s", box.box_id, error)
        expires = None
    Box.objects.filter(pk=box.pk).update(password_expires_at=expires, password_asked_at=now)
