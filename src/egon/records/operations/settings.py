"""Settings of records: numbering and letterhead, the filing plan, kinds of document, templates."""

from datetime import date

from egon.audit.operation import operation
from egon.kernel import czech
from egon.kernel.actor import Actor
from egon.records import permissions
from egon.records.errors import InvalidInput
from egon.records.models import (
    CaseFile,
    DocumentKind,
    DocumentTemplate,
    FilingPlan,
    RecordClass,
    RecordsSettings,
)
from egon.records.queries import settings_of_originator
from egon.records.rules.numbers import faults_of_pattern
from egon.records.rules.retention import LONGEST_RETENTION, DisposalMark, Trigger
from egon.records.rules.templates import unknown_placeholders


@operation("records.settings.save", title="Nastavení spisové služby", requires=permissions.may_configure)
def configure_numbering(
    *,
    actor: Actor,
    reference_format: str | None = None,
    file_mark_format: str | None = None,
    address: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    web: str | None = None,
    databox_id: str | None = None,
) -> RecordsSettings:
    """Set how records are numbered (NSESSS 2.7.4) and what stands on letters; ``None`` keeps what is there.

    Raises :class:`InvalidInput`.
    """
    settings = settings_of_originator()
    settings.reference_format = reference_format or settings.reference_format
    settings.file_mark_format = file_mark_format or settings.file_mark_format
    faults = [*faults_of_pattern(settings.reference_format), *faults_of_pattern(settings.file_mark_format)]
    if faults:
        raise InvalidInput("Nastavení se neuložilo.", faults)
    letterhead = {"address": address, "phone": phone, "email": email, "web": web, "databox_id": databox_id}
    for field, value in letterhead.items():
        if value is not None:
            setattr(settings, field, value)
    settings.save()
    return settings


@operation("records.plan.save", title="Spisový a skartační plán", requires=permissions.may_configure)
def save_plan(
    *, actor: Actor, name: str, valid_from: date, valid_to: date | None = None, description: str = ""
) -> FilingPlan:
    """Create a filing plan (NSESSS 3.1.7)."""
    if not name.strip() or (valid_to is not None and valid_to < valid_from):
        raise InvalidInput("Plán se neuložil.", ["Vyplňte název a platnost, která nekončí dřív, než začne."])
    return FilingPlan.objects.create(
        name=name.strip(), valid_from=valid_from, valid_to=valid_to, description=description
    )


@operation("records.class.save", title="Věcná skupina", requires=permissions.may_configure)
def save_class(
    *,
    actor: Actor,
    plan: FilingPlan,
    code: str,
    name: str,
    valid_from: date,
    parent: RecordClass | None = None,
    disposal_mark: DisposalMark | None = None,
    retention_years: int | None = None,
    trigger: Trigger = Trigger.CLOSING,
    numbers_by_file: bool = False,
) -> RecordClass:
    """Add a class to a plan (NSESSS 3.1.4); with a regime it is a leaf and holds files (3.1.1, 6.1.4)."""
    faults = []
    if RecordClass.objects.filter(plan=plan, code=code).exists():
        faults.append(f"Spisový znak {code} už v plánu je (NSESSS 3.1.11).")
    if (disposal_mark is None) != (retention_years is None):
        faults.append("Skartační znak a lhůta patří k sobě: vyplňte oba, nebo ani jeden.")
    if retention_years is not None and not 0 <= retention_years <= LONGEST_RETENTION:
        faults.append(f"Skartační lhůta je 0 až {LONGEST_RETENTION} let (zákon č. 499/2004 Sb., § 66 odst. 5).")
    if parent is not None and (parent.holds_files or CaseFile.objects.filter(record_class=parent).exists()):
        faults.append(f"Ve skupině {parent} jsou spisy, jinou skupinu do ní vložit nejde (NSESSS 3.1.1).")
    if faults:
        raise InvalidInput("Věcná skupina se neuložila.", faults)
    return RecordClass.objects.create(
        plan=plan,
        parent=parent,
        code=code,
        name=name,
        sort_key=czech.sort_key(code)[:300],
        disposal_mark=disposal_mark.value if disposal_mark else "",
        retention_years=retention_years,
        trigger=trigger.value,
        holds_files=disposal_mark is not None,
        numbers_by_file=numbers_by_file,
        valid_from=valid_from,
    )


@operation("records.kind.save", title="Druh dokumentu", requires=permissions.may_configure)
def save_kind(*, actor: Actor, name: str, valid_from: date) -> DocumentKind:
    """Add a kind of document to the code list."""
    if not name.strip() or DocumentKind.objects.filter(name=name.strip()).exists():
        raise InvalidInput("Druh dokumentu se neuložil.", ["Název chybí, nebo už takový druh existuje."])
    return DocumentKind.objects.create(name=name.strip(), valid_from=valid_from)


@operation("records.template.save", title="Šablona dokumentu", requires=permissions.may_configure, unlogged=("body",))
def save_template(
    *, actor: Actor, name: str, body: str, subject: str = "", template: DocumentTemplate | None = None
) -> DocumentTemplate:
    """Add a template, or change ``template``.

    Raises :class:`InvalidInput` for placeholders that do not exist and a name that another template has.
    """
    faults = [f"Neznámý údaj {{{{ {name} }}}}." for name in unknown_placeholders(f"{subject} {body}")]
    if not name.strip() or not body.strip():
        faults.append("Vyplňte název a text šablony.")
    others = DocumentTemplate.objects.exclude(pk=template.pk) if template else DocumentTemplate.objects.all()
    if others.filter(name=name.strip()).exists():
        faults.append(f"Šablona „{name.strip()}“ už existuje. Zvolte jiný název, nebo upravte ji.")
    if faults:
        raise InvalidInput("Šablona se neuložila.", faults)
    template = template or DocumentTemplate()
    template.name, template.subject, template.body = name.strip(), subject.strip(), body
    template.save()
    return template
