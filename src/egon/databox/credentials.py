"""The login of a box as the gateway takes it: unsealed for one client at a time, never kept."""

from egon.databox import secrets
from egon.databox.models import Box, BoxCertificate, CertificateState, LoginKind
from egon.gateways.isds.certificates import ClientCertificate
from egon.gateways.isds.logins import (
    HostedRecordsLogin,
    Login,
    PasswordLogin,
    SystemCertificateLogin,
    UserCertificateLogin,
)
from egon.kernel import clock
from egon.kernel.errors import Misconfigured


def login_of(box: Box, *, only: BoxCertificate | None = None) -> Login:
    """How the product logs in to a box; with ``only`` by that very certificate (a new one that is being tried).

    Raises ``Misconfigured`` when a certificate is missing or the installation's secret was changed.
    """
    kind = LoginKind(box.login_kind)
    if kind is LoginKind.PASSWORD:
        return PasswordLogin(box.login, secrets.unseal(box.sealed_password))
    certificates = (unsealed(only),) if only else _certificates_of(box)
    if kind is LoginKind.USER:
        return UserCertificateLogin(box.login, secrets.unseal(box.sealed_password), certificates)
    if kind is LoginKind.HOSTED:
        return HostedRecordsLogin(box.box_id, certificates)
    return SystemCertificateLogin(certificates, label=f"systémový certifikát schránky {box.box_id}")


def sealed(certificate: ClientCertificate) -> str:
    """Certificate and key as they may be stored."""
    return secrets.seal(certificate.to_pem().decode("ascii"))


def unsealed(row: BoxCertificate) -> ClientCertificate:
    """The certificate with its key."""
    pem = secrets.unseal(row.sealed).encode("ascii")
    return ClientCertificate.from_pem(pem, pem)


def _certificates_of(box: Box) -> tuple[ClientCertificate, ...]:
    """Those in use; before any was accepted, and after the last of them ended, the new ones as well."""
    rows = list(box.certificates.exclude(state=CertificateState.RETIRED).order_by("-valid_from"))
    if not rows:
        raise Misconfigured(
            f"Schránka {box.box_id} se má přihlašovat certifikátem, ale žádný nemá. Nic se nestáhlo ani neodeslalo; "
            "správce certifikát nahraje v nastavení schránky."
        )
    now = clock.now()
    in_use = [row for row in rows if row.state == CertificateState.IN_USE and row.valid_until > now]
    return tuple(unsealed(row) for row in in_use or rows)
