"""Certificates a box logs in with. A new one is tried beside the old one, which falls away when ISDS accepts it."""

from datetime import datetime

from egon.audit.operation import only_system, operation
from egon.databox import credentials, permissions
from egon.databox.certificate_rules import certificate_obstacles
from egon.databox.errors import BoxNotUsable, CertificateNotUsable
from egon.databox.models import Box, BoxCertificate, CertificateState, lock
from egon.databox.operations.boxes import forget_failures
from egon.databox.rules import fits
from egon.gateways.isds.certificates import ClientCertificate
from egon.kernel.actor import Actor

_ALIVE = (CertificateState.NEW, CertificateState.IN_USE)


@operation(
    "databox.certificate.add",
    title="Nahrání certifikátu ke schránce",
    requires=permissions.may_administer_boxes,
    unlogged=("certificate",),
)
def add_certificate(*, actor: Actor, box: Box, certificate: ClientCertificate, at: datetime) -> BoxCertificate:
    """Add a certificate beside the present one; ISDS is asked about it at the next contact.

    Raises ``CertificateNotUsable`` with every obstacle.
    """
    row = lock(Box, box.pk)
    obstacles = certificate_obstacles(certificate, at=at)
    if row.certificates.filter(fingerprint=certificate.fingerprint, state__in=_ALIVE).exists():
        obstacles.append("Tento certifikát už ke schránce nahraný je.")
    if obstacles:
        raise CertificateNotUsable(obstacles)
    forget_failures(row)
    row.save()
    return BoxCertificate.objects.create(
        box=row,
        sealed=credentials.sealed(certificate),
        subject=fits(certificate.subject, 300),
        issuer=fits(certificate.certificate.issuer.rfc4514_string(), 300),
        serial_number=f"{certificate.certificate.serial_number:X}"[:60],
        fingerprint=certificate.fingerprint,
        valid_from=certificate.valid_from,
        valid_until=certificate.valid_until,
        added_at=at,
    )


@operation("databox.certificate.accept", title="Certifikát přijat ISDS", requires=only_system)
def accept_certificate(*, actor: Actor, certificate: BoxCertificate, at: datetime) -> BoxCertificate:
    """ISDS accepted a new certificate: it is used from now on, the former ones are retired and their keys wiped."""
    lock(Box, certificate.box_id)
    row = lock(BoxCertificate, certificate.pk)
    if row.state != CertificateState.NEW:
        return row
    for former in row.box.certificates.filter(state=CertificateState.IN_USE):
        _retire(former, at)
    row.state, row.tried_at, row.problem = CertificateState.IN_USE, at, ""
    row.save()
    return row


@operation(
    "databox.certificate.remove", title="Vyřazení certifikátu schránky", requires=permissions.may_administer_boxes
)
def remove_certificate(*, actor: Actor, certificate: BoxCertificate, at: datetime) -> BoxCertificate:
    """Retire a certificate and wipe its key. Raises ``BoxNotUsable`` for the only one the box logs in with."""
    box = lock(Box, certificate.box_id)
    row = lock(BoxCertificate, certificate.pk)
    others = box.certificates.filter(state__in=_ALIVE, valid_until__gt=at).exclude(pk=row.pk)
    if row.state == CertificateState.IN_USE and not others.exists():
        raise BoxNotUsable(["Schránka by neměla čím se přihlásit. Nejdřív nahrajte nový certifikát."])
    if row.state != CertificateState.RETIRED:
        _retire(row, at)
    return row


def note_trial(certificate: BoxCertificate, *, problem: str, at: datetime) -> None:
    """Remember that ISDS did not accept it yet (technical state, so not in the log): the old one is used on."""
    BoxCertificate.objects.filter(pk=certificate.pk).update(tried_at=at, problem=problem)


def _retire(row: BoxCertificate, at: datetime) -> None:
    row.state, row.sealed, row.retired_at = CertificateState.RETIRED, "", at
    row.save()
