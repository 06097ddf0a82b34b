"""Templates of letters: kept in versions, taken out of use and back."""

from datetime import datetime

from egon.audit import log
from egon.audit.operation import operation
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.records import permissions
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import DocumentTemplate, TemplateVersion
from egon.records.rules.templates import unknown_placeholders


@operation("records.template.save", title="Šablona dokumentu", requires=permissions.may_configure, unlogged=("body",))
def save_template(
    *,
    actor: Actor,
    name: str,
    body: str,
    subject: str = "",
    template: DocumentTemplate | None = None,
    at: datetime | None = None,
) -> DocumentTemplate:
    """Add a template, or change ``template``; another text is its next version.

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
    if template is not None:
        _keep_present(template, at or clock.now())
    template = template or DocumentTemplate()
    is_other = template.pk is None or (template.subject, template.body) != (subject.strip(), body)
    template.name, template.subject, template.body = name.strip(), subject.strip(), body
    template.save()
    if is_other:
        _add_version(actor, template, at or clock.now())
    return template


@operation("records.template.restore", title="Návrat k verzi šablony", requires=permissions.may_configure)
def restore_template(*, actor: Actor, version: TemplateVersion, at: datetime | None = None) -> DocumentTemplate:
    """Take an older text back, as the newest version; what was between stays. Raises :class:`InvalidInput`."""
    return save_template(
        actor=actor,
        name=version.template.name,
        subject=version.subject,
        body=version.body,
        template=version.template,
        at=at,
    )


@operation("records.template.disable", title="Vyřazení šablony", requires=permissions.may_configure)
def disable_template(*, actor: Actor, template: DocumentTemplate) -> DocumentTemplate:
    """Offer a template no more; what was written from it stays."""
    return _set_active(template, active=False)


@operation("records.template.enable", title="Obnovení šablony", requires=permissions.may_configure)
def enable_template(*, actor: Actor, template: DocumentTemplate) -> DocumentTemplate:
    """Offer a disabled template again."""
    return _set_active(template, active=True)


def _set_active(template: DocumentTemplate, *, active: bool) -> DocumentTemplate:
    if template.active == active:
        raise NotInThisState(f"Šablona „{template}“ se už {'' if active else 'ne'}používá.")
    template.active = active
    template.save(update_fields=["active"])
    return template


def _keep_present(template: DocumentTemplate, at: datetime) -> None:
    """A template older than its versions gets the present text as the first one."""
    if not template.versions.exists():
        TemplateVersion.objects.create(
            template=template, number=1, subject=template.subject, body=template.body, saved_at=at, saved_by=""
        )


def _add_version(actor: Actor, template: DocumentTemplate, at: datetime) -> None:
    last = TemplateVersion.objects.filter(template=template).order_by("-number").first()
    number = last.number + 1 if last else 1
    TemplateVersion.objects.create(
        template=template,
        number=number,
        subject=template.subject,
        body=template.body,
        saved_at=at,
        saved_by=actor.name[:200],
    )
    log.note(version=number)
