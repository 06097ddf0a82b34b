"""Příloha č. 8: every row has its place here or a reason; what is mapped is read; headers survive destruction."""

import csv
from datetime import date

import pytest
from tests.records_steps import acting
from tests.runs import go

from egon.circulation.models import Approval, Handover
from egon.databox.models import DataMessage
from egon.documentation.annex import ANNEX, entries_for
from egon.documentation.annex.parties import OF_PARTY
from egon.kernel import clock
from egon.mailroom.models import Envelope, IntakeItem
from egon.parties.models import DestroyedParty, Party, RegisterSettings
from egon.records import operations as records
from egon.records.models import (
    Addressee,
    CaseFile,
    Component,
    DisposalRegime,
    Document,
    DocumentKind,
    FilingPlan,
    FormatConversion,
    RecordClass,
    StoragePlace,
    TemplateSection,
    TypedFile,
    TypedSection,
    Volume,
    Withdrawal,
)
from egon.records.rules.parties import PartyRole
from egon.records.rules.settling import SettledHow

EMPTY = (None, "", [])
DAY = date(2026, 3, 2)


@pytest.fixture
def rows(standards):
    with (standards / "nsesss" / "nsesss-entity-metadata.csv").open(encoding="utf-8", newline="") as annex:
        return list(csv.DictReader(annex))


@pytest.mark.norm("2.1.5")
def test_every_row_of_the_annex_has_its_place_here_or_a_reason(rows):
    ours = [(entity, entry) for entity, (_, entries) in ANNEX.items() for entry in entries]
    for row, (entity, entry) in zip(rows, ours, strict=False):
        assert row["entita"] == entity
        assert row["udaj"].replace("\xa0", " ").startswith(entry.label), (entity, row["udaj"], entry.label)
        assert (row["hlavicka_metadat"] == "ano") == entry.in_header, (entity, row["udaj"])
        assert (entry.read is None) == bool(entry.later), (entity, entry.label)
    assert len(ours) == len(rows)


@pytest.fixture
def lived(in_region, file, received):
    """The demo world, in which one file and its document went through all that a piece of metadata tells of."""
    officer, now, party = acting(in_region.officer), clock.now(), received.sender
    keeper, unit = acting(in_region.records_keeper), in_region.office.units["OD"]
    other = CaseFile.objects.exclude(pk=file.pk).order_by("pk").first()
    for target in ({"document": received}, {"file": file}):
        records.link_party(actor=officer, party=party, role=PartyRole.CONCERNED, at=now, **target)
        records.make_reference(actor=officer, on=DAY, to_file=other, reason="souvisí", **target)
    records.join_files(actor=acting(in_region.head), file=file, to_file=other, on=DAY, reason="táž věc")
    place = records.save_place(actor=keeper, name="Spisovna", valid_from=DAY)
    records.store_paper(actor=officer, file=file, storage_place=place, detail="regál 1")
    records.note_to_file(actor=officer, file=file, body="Spis má přílohy.")
    Handover.objects.create(
        document=received, to_unit=unit, note="Vyřiďte přednostně.", created_at=now, state="accepted", decided_at=now
    )
    Approval.objects.create(
        document=received, round=1, requested_by=in_region.officer, approver=in_region.head, state="approved",
        requested_at=now, decided_at=now,
    )  # fmt: skip
    Envelope.objects.create(document=received, kind="ordinary", posted_on=DAY, envelope_kept=True)
    Addressee.objects.create(
        document=received, party=party, name=party.name, dispatched_at=now, delivered_at=now, sent_by="post"
    )
    Withdrawal.objects.create(
        document=Document.objects.exclude(pk=received.pk).first(),
        state_before="open",
        reason="Dvakrát.",
        withdrawn_at=now,
        withdrawn_by="A",
    )
    Withdrawal.objects.create(file=other, state_before="open", reason="Omyl.", withdrawn_at=now, withdrawn_by="A")
    Document.objects.filter(pk=received.pk).update(
        kind=DocumentKind.objects.first(), sender_reference="ABC-1", channel="post", created_on=DAY
    )
    _message(received, now)
    _plan_and_persons(party, now)
    _converted(received, in_region.officer, now)
    RegisterSettings.objects.update_or_create(defaults={"natural_days": 1000, "legal_days": 1000})
    TypedFile.objects.update(state="closed", closed_on=DAY)
    TypedSection.objects.update(closed_on=DAY)
    last = Volume.objects.order_by("pk").last()
    Volume.objects.filter(pk=last.pk).update(
        state="destroyed", closed_on=DAY, destroyed_on=DAY, destroyed_why="prázdný", disposal_year=2030
    )
    return received


def _message(document, now):
    message = DataMessage.objects.create(
        dm_id="778899", direction="received", zfo_digest="a" * 64, announced_at=now, delivered_at=now
    )
    IntakeItem.objects.create(
        channel="databox", state="registered", data_message=message, document=document, received_at=now
    )


def _plan_and_persons(party, now):
    external = DisposalRegime.objects.order_by("pk").first()
    DisposalRegime.objects.filter(pk=external.pk).update(trigger="external", check_years=5, withdrawn_on=DAY)
    FilingPlan.objects.update(valid_to=DAY, description="Plán kraje")
    RecordClass.objects.filter(pk=RecordClass.objects.order_by("pk").last().pk).update(valid_to=DAY)
    TemplateSection.objects.filter(disposal_regime__isnull=False).update(standing_consent=True)
    other = Party.objects.exclude(pk=party.pk).order_by("pk").first()
    Party.objects.filter(pk=other.pk).update(merged_into=party)
    Party.objects.filter(pk=party.pk).update(
        given_name="Jan", family_name="Dvořák", ic="12345679", databox_id="abcdefg", email="a@example.cz",
        identified_at=now, verified_at=now, unlinked_since=DAY,
    )  # fmt: skip


def _converted(document, person, now):
    """The clause of a converted component is a component of its own."""
    component = Component.objects.filter(document=document).first()
    version = component.versions.first()
    clause = Component.objects.create(
        document=document, name="Doložka.pdf", media_type="application/pdf", role="other", position=9
    )
    FormatConversion.objects.create(
        version=version, result=version, clause=clause, state="done", asked_at=now, asked_by=person
    )


@pytest.fixture
def destroyed(in_region, file, received):
    """The file of ``received`` destroyed under a standing consent, its header as it was before."""
    officer = acting(in_region.officer)
    records.settle_document(actor=officer, document=received, how=SettledHow.BY_NOTING, on=clock.today())
    records.close_file(actor=officer, file=file, on=clock.today())
    RecordClass.objects.filter(pk=file.record_class_id).update(standing_consent=True)
    CaseFile.objects.filter(pk=file.pk).update(disposal_year=clock.today().year)
    entities = [file, received, *Component.objects.filter(document=received)]
    before = {(type(one), one.pk): header_of(type(one).objects.get(pk=one.pk)) for one in entities}
    keeper = acting(in_region.records_keeper)
    go(records.destroy_under_consent(actor=keeper, files=[file], reference="SOA-1/2026"))
    return before


def header_of(entity):
    return {one.label: one.read(entity) for one in entries_for(entity) if one.in_header and one.read is not None}


@pytest.mark.norm("2.1.5")
def test_everything_mapped_is_read(in_region, lived):
    empty = []
    for entity, (model, entries) in ANNEX.items():
        for entry in entries:
            if entry.read is not None and not any(
                entry.read(one) not in EMPTY for one in model.objects.order_by("pk")[:500]
            ):
                empty.append((entity, entry.label))
    # Of destruction and of a decision about it only what was destroyed tells; the next tests read that.
    gone = {"Datum přenosu nebo zničení", "Důvod zničení nebo přenosu", "Identifikace dokumentu, na základě"}
    gone |= {"Datum zničení komponenty", "Datum zničení záznamu"}
    assert [one for one in empty if one[1] not in gone] == []


@pytest.mark.norm("2.1.5", "7.2.9d", "7.2.9e", "7.2.9f")
def test_a_header_is_what_the_annex_says_before_and_after(destroyed):
    for (model, pk), before in destroyed.items():
        entity = model.objects.get(pk=pk)
        after = header_of(entity)
        told = {label for label, value in after.items() if value != before[label]}
        ends = {label for label in told if before[label] in EMPTY}
        assert told == ends, "nothing that was in the header changed"
        assert {label.split()[0] for label in ends} <= {"Datum", "Důvod", "Identifikace"}
        assert all(after[label] not in EMPTY for label in ends)
        assert len(ends) == (1 if model is Component else 3)


@pytest.mark.norm("2.1.5")
def test_the_header_of_a_person_stays_without_personal_data(in_region):
    party = Party.objects.create(
        kind="natural", name="Jan Novák", family_name="Novák", given_name="Jan", sort_key="n", search_key="n",
        unlinked_since=DAY,
    )  # fmt: skip
    records.destroy_party(actor=acting(in_region.administrator), party=party, reason="Omylem zapsaný")
    header = DestroyedParty.objects.get(identifier=party.identifier)
    read = {one.label: one.read(header) for one in OF_PARTY if one.in_header and one.read is not None}
    assert list(read.values()) == [party.identifier, "fyzická osoba", clock.today()]
    assert not {"name", "family_name", "email"} & {field.name for field in DestroyedParty._meta.fields}


def test_places_are_those_of_the_code_list(in_region, lived, file):
    paper = next(one for one in entries_for(file) if one.label.startswith("Fyzické umístění"))
    assert paper.read(file) == f"{StoragePlace.objects.get()}, regál 1"
