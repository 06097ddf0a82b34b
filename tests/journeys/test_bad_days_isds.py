"""Bad input and bad days around ISDS: a clear Czech message, nothing lost, nothing half done."""

import errno
import os
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from tests.letters import citizen_as_party

from egon import storage
from egon.databox import contents, fetching, operations
from egon.databox.models import Box, DataMessage, Progress
from egon.gateways.isds.errors import ZfoCutShort
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import BadContent
from egon.mailroom import operations as mailroom
from egon.mailroom.models import IntakeItem, IntakeState
from egon.records.models import Document

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(in_region: Any, isds: Any) -> Box:
    return Box.objects.get()


def look_into(box: Box) -> Box:
    """What the worker does, without waiting for delays."""
    Box.objects.filter(pk=box.pk).update(next_attempt_at=None, looked_at=None)
    DataMessage.objects.update(next_attempt_at=None)
    fetching.fetch_box(box.pk)
    box.refresh_from_db()
    return box


@pytest.mark.parametrize("operation", ["GetListOfReceivedMessages", "SignedMessageDownload"])
@pytest.mark.parametrize("kind", ["soap_503", "nonsense", "half_answer", "drop_before", "drop_after", "stall"])
def test_a_failure_of_isds_is_shown_and_the_message_comes_later(
    box: Box,
    isds: Any,
    operation: str,
    kind: str,
) -> None:
    isds.write("Podání v zlý den", to=box.box_id)
    isds.break_(operation, kind, seconds=60)
    with isds.little_patience() if kind == "stall" else nullcontext():
        look_into(box)
    failing = DataMessage.objects.filter(progress=Progress.ANNOUNCED).first()
    told = failing.problem if failing else box.last_error
    assert told.endswith("."), told
    assert not box.needs_administrator
    assert not IntakeItem.objects.exists()
    isds.mend()
    look_into(box)
    assert IntakeItem.objects.get().subject == "Podání v zlý den"
    assert (box.last_error, box.failures) == ("", 0)


def test_a_refused_login_is_not_tried_again_until_an_administrator_acts(box: Box, isds: Any) -> None:
    isds.write("Podání", to=box.box_id)
    isds.break_("*", "html_401", count=1)
    look_into(box)
    assert box.needs_administrator
    assert "odmítl přihlášení" in box.last_error
    assert "opravte" in box.last_error
    look_into(box)
    assert not DataMessage.objects.exists()  # not even asked: ISDS would lock the login out
    operations.edit_box(
        actor=Actor.system(box.tenant_id), box=box, name=box.name, login=box.login, password="Schranka-2026"
    )
    look_into(box)
    assert IntakeItem.objects.count() == 1


def test_a_message_that_never_comes_through_ends_in_a_visible_state(box: Box, isds: Any) -> None:
    isds.write("Nestažitelná", to=box.box_id)
    isds.break_("SignedMessageDownload", "nonsense", count=100)
    for _ in range(12):
        look_into(box)
    message, item = DataMessage.objects.get(), IntakeItem.objects.get()
    assert message.progress == Progress.FAILED
    assert "12 pokusech" in item.problem
    isds.mend()
    operations.fetch_again(actor=Actor.system(box.tenant_id), message=message)
    look_into(box)
    item.refresh_from_db()
    assert (item.problem, item.files_count) == ("", 1)


def test_a_full_disk_loses_nothing(box: Box, isds: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    isds.write("Podání při plném disku", to=box.box_id)

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        look_into(box)
    message = DataMessage.objects.get()
    assert message.progress == Progress.ANNOUNCED
    assert "místo" in message.problem
    assert not IntakeItem.objects.exists()
    look_into(box)
    assert IntakeItem.objects.get().subject == "Podání při plném disku"


def test_a_dangerous_name_and_an_empty_file_do_no_harm(box: Box, isds: Any, standards: Any) -> None:
    data = (standards / "isds" / "zfo" / "received_message-330141.zfo").read_bytes()
    hostile = resealed(data, lambda xml: rename_first_file(xml, "../../etc/passwd.exe"))
    content = contents.read_upload(hostile, at=clock.now())
    message = operations.upload_zfo(actor=Actor.system(box.tenant_id), content=content, at=clock.now())
    first = message.files.order_by("position").first()
    assert (first.name, first.format_ok) == ("passwd.exe", False)
    assert message.checks_level == "failed"


def test_an_attachment_without_a_byte_is_told_and_the_rest_is_registered(box: Box, in_region: Any) -> None:
    blob = storage.put(b"")
    assert blob.size == 0
    message = DataMessage.objects.create(
        box=box, dm_id="77", direction="received", progress="complete", annotation="Prázdná příloha",
        zfo_digest=storage.put(b"zfo").digest, zfo_size=3, announced_at=clock.now(), accepted_at=clock.now(),
    )  # fmt: skip
    message.files.create(position=1, name="prazdny.txt", digest=blob.digest, size=0, role="main")
    clerk = in_region.actor(in_region.clerk)
    [item] = mailroom.receive_items(actor=Actor.system(box.tenant_id), messages=[message], at=clock.now())
    document = mailroom.register_intake(
        actor=clerk, item=item, sender=citizen_as_party(clerk), subject="Prázdná příloha", at=clock.now()
    )
    assert [component.role for component in document.components.all()] == ["header", "message"]


def test_a_zfo_cut_short_is_refused_and_nothing_is_kept(box: Box, standards: Any) -> None:
    data = (standards / "isds" / "zfo" / "DDZ_3401761.zfo").read_bytes()
    with pytest.raises(ZfoCutShort) as refusal:
        contents.read_upload(data[: len(data) // 2], at=clock.now())
    assert "neúplný" in refusal.value.message
    assert not DataMessage.objects.exists()


def test_an_altered_zfo_is_taken_in_with_the_right_fact_failed(box: Box, standards: Any) -> None:
    data = (standards / "isds" / "zfo" / "DDZ_3401761.zfo").read_bytes()
    altered = resealed(data, lambda xml: xml.replace(b"</p:dmAnnotation>", b"!</p:dmAnnotation>"))
    assert altered != data
    content = contents.read_upload(altered, at=clock.now())
    failed = {fact["name"] for fact in content.checks if fact["outcome"] == "FAILED"}
    assert {"seal_content", "message_hash"} <= failed
    assert content.level == "failed"


def test_a_seal_of_an_unknown_authority_leaves_the_origin_undetermined(box: Box, standards: Any) -> None:
    data = (standards / "isds" / "zfo" / "DDZ_3401761.zfo").read_bytes()
    content = contents.read_upload(data, at=clock.now())
    chain = next(fact for fact in content.checks if fact["name"] == "seal_chain")
    assert (chain["outcome"], content.level) == ("INDETERMINATE", "warning")


def test_a_foreign_seal_is_told_by_the_name_of_its_owner(box: Box, standards: Any) -> None:
    data = (standards / "isds" / "zfo" / "DDZ_3401761.zfo").read_bytes()
    content = contents.read_upload(sealed_by_a_stranger(data), at=clock.now())
    facts = {fact["name"]: fact for fact in content.checks}
    assert facts["seal_signature"]["outcome"] == "PASSED"
    assert facts["seal_owner"]["outcome"] == "FAILED"
    assert "Podvodník" in facts["seal_owner"]["sentence"]
    assert content.level == "failed"


@pytest.mark.parametrize(
    "content",
    [b"\0" * 200_000_000, b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'x'>]><a>&b;</a>"],
    ids=["200 MB of nothing", "bare XML with a bomb"],
)
def test_rubbish_is_refused_quickly(box: Box, content: bytes) -> None:
    started = clock.now()
    with pytest.raises(BadContent) as refusal:
        contents.read_upload(content, at=started)
    assert refusal.value.message.endswith(".")
    assert clock.now() - started < timedelta(seconds=5)


def test_an_xml_bomb_inside_a_seal_is_refused(box: Box, standards: Any) -> None:
    data = (standards / "isds" / "zfo" / "DDZ_3401761.zfo").read_bytes()
    bomb = b'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 1000 + b'">]><z>&b;</z>'
    with pytest.raises(BadContent) as refusal:
        contents.read_upload(resealed(data, lambda _: bomb), at=clock.now())
    assert refusal.value.message.endswith(".")


def test_two_clerks_registering_the_same_message_make_one_document(box: Box, isds: Any, in_region: Any) -> None:
    from egon.mailroom.errors import IntakeDecided

    isds.write("Podání", to=box.box_id)
    look_into(box)
    clerk = in_region.actor(in_region.clerk)
    sender = citizen_as_party(clerk)
    first, second = IntakeItem.objects.get(), IntakeItem.objects.get()
    mailroom.register_intake(actor=clerk, item=first, sender=sender, subject="Podání", at=clock.now())
    registered = Document.objects.filter(subject="Podání").count()
    with pytest.raises(IntakeDecided) as refusal:
        mailroom.register_intake(actor=clerk, item=second, sender=sender, subject="Podání", at=clock.now())
    assert clerk.name in refusal.value.message
    assert Document.objects.filter(subject="Podání").count() == registered == 1
    assert IntakeItem.objects.get().state == IntakeState.REGISTERED


def resealed(data: bytes, change: Any) -> bytes:
    """The ZFO with its sealed XML changed and the signature left as it was."""
    document = cms.ContentInfo.load(data)
    signed = document["content"]
    xml = bytes(signed["encap_content_info"]["content"].native)
    return bytes(
        cms.ContentInfo(
            {
                "content_type": "signed_data",
                "content": cms.SignedData(
                    {
                        "version": signed["version"].native,
                        "digest_algorithms": signed["digest_algorithms"],
                        "encap_content_info": {"content_type": "data", "content": change(xml)},
                        "certificates": signed["certificates"],
                        "signer_infos": signed["signer_infos"],
                    }
                ),
            }
        ).dump()
    )


def rename_first_file(xml: bytes, name: str) -> bytes:
    head, _, rest = xml.partition(b'dmFileDescr="')
    return head + b'dmFileDescr="' + name.encode() + rest[rest.index(b'"') :]


def sealed_by_a_stranger(data: bytes) -> bytes:
    """The same XML under a sound signature of somebody else."""
    xml = bytes(cms.ContentInfo.load(data)["content"]["encap_content_info"]["content"].native)
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Podvodník")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() - timedelta(days=1))
        .not_valid_after(clock.now() + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    builder = pkcs7.PKCS7SignatureBuilder().set_data(xml).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
