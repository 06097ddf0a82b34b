"""Logins by certificate: checked when uploaded, kept sealed, a new one tried beside the old one."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
from tests import traces
from tests.strangers import of_school

from egon.databox import certificate_rules, connection, fetching, operations, queries, upkeep
from egon.databox.errors import BoxNotUsable, CertificateNotUsable
from egon.databox.models import Box, BoxCertificate, CertificateState, LoginKind
from egon.gateways.isds import ClientCertificate
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied, Misconfigured
from egon.mailroom.models import IntakeItem
from egon.tenancy.scope import WrongTenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(in_region: Any, isds: Any) -> Box:
    return Box.objects.get()


def switch(box: Box, kind: LoginKind, isds: Any) -> Box:
    return operations.edit_box(
        actor=Actor.system(box.tenant_id),
        box=box,
        name=box.name,
        login=box.login,
        login_kind=kind,
        environment_url=isds.secure(),
    )


def add(box: Box, certificate: ClientCertificate) -> BoxCertificate:
    actor = Actor.system(box.tenant_id)
    return operations.add_certificate(actor=actor, box=box, certificate=certificate, at=clock.now())


def look(box: Box) -> Box:
    Box.objects.filter(pk=box.pk).update(next_attempt_at=None, looked_at=None)
    fetching.fetch_box(box.pk)
    box.refresh_from_db()
    return box


@pytest.mark.parametrize("kind", [LoginKind.SYSTEM, LoginKind.USER, LoginKind.HOSTED])
def test_a_box_fetches_by_each_kind_of_certificate(box: Box, isds: Any, kind: LoginKind) -> None:
    told = {LoginKind.SYSTEM: "system", LoginKind.USER: "user", LoginKind.HOSTED: "hspis"}[kind]
    isds.write("Podnět", to=box.box_id)
    switch(box, kind, isds)
    row = add(box, isds.certificate(box.box_id, kind=told, login=box.login))
    look(box)
    row.refresh_from_db()
    assert (box.last_error, row.state) == ("", CertificateState.IN_USE)
    assert IntakeItem.objects.get().subject == "Podnět"


def test_a_box_without_its_certificate_waits_for_the_administrator(box: Box, isds: Any) -> None:
    switch(box, LoginKind.SYSTEM, isds)
    look(box)
    assert box.needs_administrator
    assert "správce certifikát nahraje" in box.last_error
    add(box, isds.certificate(box.box_id))
    assert not look(box).needs_administrator


def test_a_new_certificate_is_tried_beside_the_old_one_which_then_falls_away(box: Box, isds: Any) -> None:
    switch(box, LoginKind.SYSTEM, isds)
    old = add(box, isds.certificate(box.box_id))
    look(box)
    coming = isds.certificate(box.box_id, registered=False)
    new = add(box, coming)
    look(box)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (box.last_error, old.state, new.state) == ("", CertificateState.IN_USE, CertificateState.NEW)
    assert new.problem
    isds.register(coming, box.box_id)
    assert upkeep.try_certificate(box, new)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, old.sealed, new.state, new.problem) == (
        CertificateState.RETIRED, "", CertificateState.IN_USE, "",
    )  # fmt: skip
    isds.write("Podnět", to=box.box_id)
    look(box)
    assert IntakeItem.objects.count() == 1


def test_the_key_is_sealed_and_out_of_the_log(box: Box, isds: Any) -> None:
    certificate = isds.certificate(box.box_id)
    row = add(box, certificate)
    assert "PRIVATE KEY" not in row.sealed
    record = traces.last("databox.certificate.add")
    assert traces.speaks_of(record, box)
    assert "PRIVATE KEY" not in str(record.parameters)
    assert (row.fingerprint, row.valid_until) == (certificate.fingerprint, certificate.valid_until)


def packed(certificate: ClientCertificate, password: str) -> bytes:
    protection = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return pkcs12.serialize_key_and_certificates(
        b"x", certificate.key, certificate.certificate, certificate.chain or None, protection
    )


def test_a_file_is_read_with_its_password_only(box: Box, isds: Any) -> None:
    certificate = isds.certificate(box.box_id)
    data = packed(certificate, "tajne")
    assert certificate_rules.read_certificate(data, "tajne").fingerprint == certificate.fingerprint
    for wrong, password in [(data, "spatne"), (b"nic", ""), (b"-----BEGIN nic", "")]:
        with pytest.raises(Misconfigured) as refusal:
            certificate_rules.read_certificate(wrong, password)
        assert "Zkontrolujte soubor a heslo" in certificate_rules.why_unreadable(refusal.value)
    other = isds.certificate(box.box_id)
    alone = certificate.to_pem().partition(b"-----BEGIN PRIVATE KEY")[0]
    with pytest.raises(Misconfigured, match="nepatří"):
        certificate_rules.read_certificate(alone, "", key=other.to_pem())


def test_everything_wrong_with_a_certificate_is_told_at_once(box: Box, isds: Any) -> None:
    certificate = isds.certificate(box.box_id)
    stranger = isds.certificate(box.box_id)
    with pytest.raises(CertificateNotUsable) as refusal:
        operations.add_certificate(
            actor=Actor.system(box.tenant_id),
            box=box,
            certificate=ClientCertificate(certificate.certificate, certificate.key, (stranger.certificate,)),
            at=certificate.valid_until + timedelta(days=1),
        )
    assert len(refusal.value.obstacles) == 2
    add(box, certificate)
    with pytest.raises(CertificateNotUsable, match="už ke schránce nahraný"):
        add(box, certificate)
    assert BoxCertificate.objects.count() == 1


def test_ends_of_certificates_and_passwords_are_told_in_time(box: Box, isds: Any) -> None:
    now = clock.now()
    look(box)
    assert box.password_asked_at is not None
    Box.objects.update(password_expires_at=now + timedelta(days=13))
    assert list(queries.ending_passwords(now=now)) == [box]
    assert not queries.ending_passwords(now=now - timedelta(days=2)).exists()
    switch(box, LoginKind.SYSTEM, isds)
    row = add(box, isds.certificate(box.box_id, days=40))
    assert not queries.ending_certificates(now=now).exists()  # it is not in use yet
    look(box)
    assert list(queries.ending_certificates(now=now)) == [row]
    assert not queries.ending_passwords(now=now).exists()  # no password is used any more


def test_a_login_that_may_not_ask_about_its_password_works_on(box: Box, isds: Any) -> None:
    isds.write("Podnět", to=box.box_id)
    isds.break_("GetPasswordInfo", "status", code="1004", count=5)
    look(box)
    assert (box.last_error, box.password_expires_at) == ("", None)
    assert box.password_asked_at is not None
    assert IntakeItem.objects.count() == 1


def test_the_only_certificate_is_not_thrown_away(box: Box, isds: Any) -> None:
    system = Actor.system(box.tenant_id)
    switch(box, LoginKind.SYSTEM, isds)
    row = add(box, isds.certificate(box.box_id))
    look(box)
    with pytest.raises(BoxNotUsable, match="nahrajte nový"):
        operations.remove_certificate(actor=system, certificate=row, at=clock.now())
    add(box, isds.certificate(box.box_id, registered=False))
    removed = operations.remove_certificate(actor=system, certificate=row, at=clock.now())
    assert (removed.state, removed.sealed) == (CertificateState.RETIRED, "")


@pytest.mark.parametrize("who", ["clerk", "head", "auditor"])
def test_only_administrators_change_certificates(in_region: Any, box: Box, isds: Any, who: str) -> None:
    row, new, actor = add(box, isds.certificate(box.box_id)), isds.certificate(box.box_id), None
    actor = in_region.actor(getattr(in_region, who))
    for refused in (
        lambda one: operations.add_certificate(actor=one, box=box, certificate=new, at=clock.now()),
        lambda one: operations.remove_certificate(actor=one, certificate=row, at=clock.now()),
        lambda one: operations.accept_certificate(actor=one, certificate=row, at=clock.now()),
    ):
        with pytest.raises(AccessDenied):
            refused(actor)
        with pytest.raises(WrongTenant):
            refused(of_school(in_region, in_region.actor(in_region.administrator)))
    row.refresh_from_db()
    assert (BoxCertificate.objects.count(), row.state) == (1, CertificateState.NEW)


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("produkce", "datovka.gov.cz"),
        ("test", "datovka-test.gov.cz"),
        ("produkce-kivs", "datovka.cms2.cz"),
        ("test-stara", "czebox.cz"),
    ],
)
def test_an_environment_is_data(address: str, domain: str) -> None:
    assert connection.environment(address).domain == domain
    assert connection.environment("https://isds.kraj.cz/").base_url == "https://isds.kraj.cz"


def test_a_nonsensical_address_and_hours_are_refused_together(box: Box) -> None:
    with pytest.raises(BoxNotUsable) as refusal:
        operations.edit_box(
            actor=Actor.system(box.tenant_id),
            box=box,
            name=box.name,
            login=box.login,
            environment_url="nekde",
            hours_from=18,
            hours_to=7,
        )
    assert len(refusal.value.obstacles) == 2
