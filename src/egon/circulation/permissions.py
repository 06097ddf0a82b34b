"""Who may hand over, take over, approve and distribute."""

from egon.circulation.models import Agenda, Approval, Handover, Route, RouteStep, RouteTemplate
from egon.circulation.route_rules import StepPurpose
from egon.kernel.access import ALLOWED, Decision, allowed_if
from egon.kernel.actor import Actor, Role
from egon.records import permissions as records
from egon.records.models import CaseFile, Document
from egon.records.rules.states import Direction
from egon.registry.models import Person, Unit

LEADING = (Role.HEAD, Role.NODE_ADMINISTRATOR, Role.SECRETARIAT)


def may_assign_to_unit(actor: Actor, document: Document) -> Decision:
    """The mailroom for what came, otherwise whoever has the document or leads the unit that has it."""
    return allowed_if(
        actor.has(Role.MAILROOM) or _has(actor, document),
        "Předat dokument jinému útvaru smí podatelna, zpracovatel dokumentu nebo vedoucí jeho útvaru.",
    )


def may_hand_to_named(actor: Actor, document: Document) -> Decision:
    """The mailroom, for what came and lies there still."""
    return allowed_if(
        actor.has(Role.MAILROOM) and document.direction == Direction.RECEIVED and document.unit_id is None,
        "K rukám předává podatelna, a jen došlý dokument, který ještě nemá žádný útvar.",
    )


def may_give(actor: Actor, document: Document) -> Decision:
    """Whoever has the document or leads the unit that has it."""
    return allowed_if(_has(actor, document), "Dokument smí předat jen ten, kdo ho má, nebo vedoucí jeho útvaru.")


def may_take_over(actor: Actor, handover: Handover) -> Decision:
    """The person addressed or their substitute; without a person, who leads or administers the unit."""
    if handover.to_person_id is not None:
        what = "Spis" if handover.file_id is not None else "Dokument"
        return allowed_if(
            actor.is_one_of([handover.to_person_id]),
            f"{what} je předán konkrétní osobě ({handover.to_person}), převzít ho smí jen ona nebo její zástup.",
        )
    return allowed_if(
        actor.has_in(handover.to_unit_id, *LEADING),
        f"Za útvar {handover.to_unit} přebírá jeho vedoucí, sekretariát nebo správce spisového uzlu.",
    )


def may_send_back(actor: Actor, handover: Handover) -> Decision:
    """Whoever may take it over, and whoever did."""
    return allowed_if(
        bool(may_take_over(actor, handover)) or actor.is_one_of([handover.decided_by_id]),
        "Vrátit předané smí jen ten, komu to bylo předáno.",
    )


def may_hand_on(actor: Actor, handover: Handover) -> Decision:
    """Whoever may take it over for the unit, and whoever did."""
    return allowed_if(
        bool(may_take_over(actor, handover)) or actor.is_one_of([handover.decided_by_id]),
        "Předat oběžník lidem v útvaru smí ten, kdo za útvar přebírá.",
    )


def may_recall(actor: Actor, handover: Handover) -> Decision:
    """Whoever handed it over, or their substitute; of a file also who processes it, for it is theirs until taken."""
    file = handover.file
    return allowed_if(
        actor.is_one_of([handover.from_person_id, file.processor_id if file is not None else None]),
        "Odvolat předání smí jen ten, kdo předával, u spisu i jeho zpracovatel.",
    )


def may_hand_file(actor: Actor, file: CaseFile) -> Decision:
    """Who works on the file: its processor, their substitute, who leads its unit."""
    return records.may_work_on_file(actor, file)


def may_note_return(actor: Actor, handover: Handover) -> Decision:
    """Whoever handed the file over, or their substitute."""
    return allowed_if(actor.is_one_of([handover.from_person_id]), "Vrácení bere na vědomí ten, kdo spis předal.")


def may_request_approval(actor: Actor, document: Document) -> Decision:
    """Whoever writes the draft."""
    return allowed_if(actor.is_one_of([document.holder_id]), "Ke schválení dokument předkládá jeho zpracovatel.")


def may_decide(actor: Actor, approval: Approval) -> Decision:
    """The approver or their substitute; nobody approves what they asked for themselves."""
    return allowed_if(
        actor.is_one_of([approval.approver_id]) and actor.person_id != approval.requested_by_id,
        f"O schválení rozhoduje {approval.approver}.",
    )


def may_cancel_approval(actor: Actor, approval: Approval) -> Decision:
    """Whoever asked for it."""
    return allowed_if(actor.is_one_of([approval.requested_by_id]), "Žádost o schválení odvolá jen ten, kdo ji podal.")


def may_send_circular(actor: Actor) -> Decision:
    """Secretariats and heads."""
    return allowed_if(actor.has(Role.SECRETARIAT, Role.HEAD), "Oběžníky rozesílá sekretariát nebo vedoucí útvaru.")


def may_distribute(actor: Actor, document: Document) -> Decision:
    """Secretariats and heads, for documents they have."""
    return allowed_if(
        actor.has(Role.SECRETARIAT, Role.HEAD) and _has(actor, document),
        "Oběžník rozesílá sekretariát nebo vedoucí, a to dokument, který má u sebe.",
    )


def may_start_route(actor: Actor, document: Document | None = None, file: CaseFile | None = None) -> Decision:
    """Whoever has the document or leads the unit that has it; of a file who works on it."""
    if file is not None:
        return records.may_work_on_file(actor, file)
    if document is None:
        return Decision(False, "Není co poslat do oběhu.")
    return allowed_if(_has(actor, document), "Oběh dokumentu sestavuje ten, kdo dokument má, nebo vedoucí jeho útvaru.")


def may_answer_step(actor: Actor, step: RouteStep) -> Decision:
    """The person, who leads the unit, or who holds the role; substitutes too. Nobody approves their own."""
    if step.purpose == StepPurpose.APPROVAL and actor.person_id == step.route.composed_by_id:
        return Decision(False, "Vlastní dokument nemůžete schválit sami, ani v zástupu.")
    if step.to_person_id is not None:
        theirs = actor.is_one_of([step.to_person_id])
    elif step.to_unit_id is not None:
        theirs = actor.has_in(step.to_unit_id, *LEADING)
    else:
        theirs = any(grant.role == step.to_role for grant in actor.grants)
    return allowed_if(theirs, f"Na řadě je {step.addressee}.")


def may_steer_route(actor: Actor, route: Route) -> Decision:
    """Whoever composed it, and whoever has the document now or processes the file."""
    has = route.document.holder_id if route.document is not None else route.file.processor_id if route.file else None
    return allowed_if(
        actor.is_system or actor.is_one_of([route.composed_by_id, has]),
        "Oběh mění jen ten, kdo ho sestavil, nebo kdo dokument právě má nebo spis zpracovává.",
    )


def may_note_end(actor: Actor, route: Route) -> Decision:
    """Whoever may change the route."""
    return may_steer_route(actor, route)


def may_skip_step(actor: Actor, step: RouteStep) -> Decision:
    """Whoever may change its route."""
    return may_steer_route(actor, step.route)


KEEPING_TEMPLATES = (Role.ADMINISTRATOR, Role.RECORDS_KEEPER, Role.SECRETARIAT, Role.HEAD)


def may_save_template(actor: Actor, for_all: bool = False, template: RouteTemplate | None = None) -> Decision:
    """Everybody their own; those of the organisation by heads, secretariats, the records keeper, the administrator."""
    if template is not None and template.owner_id not in (None, actor.person_id):
        return Decision(False, "Tato šablona je osobní, mění ji jen její vlastník.")
    if for_all or (template is not None and template.owner_id is None):
        return allowed_if(
            actor.has(*KEEPING_TEMPLATES),
            "Šablony celé organizace mění vedoucí, sekretariát, správce spisovny a správce systému.",
        )
    return allowed_if(actor.person_id is not None, "Váš účet nemá v této organizaci osobu. Obraťte se na správce.")


def may_delete_template(actor: Actor, template: RouteTemplate) -> Decision:
    """Whoever may change it."""
    return may_save_template(actor, template=template)


def may_place_paper(actor: Actor, document: Document) -> Decision:
    """Whoever has the document or leads its unit, the mailroom, the records keeper."""
    return allowed_if(
        actor.has(Role.MAILROOM, Role.RECORDS_KEEPER) or _has(actor, document),
        "Kde je papír, zapisuje ten, kdo dokument má, vedoucí jeho útvaru, podatelna nebo správce spisovny.",
    )


def may_hand_over_agenda(actor: Actor, leaver: Person) -> Decision:
    """The person themselves, the head of a unit they work in, the administrator."""
    if actor.is_one_of([leaver.pk]) or actor.has(Role.ADMINISTRATOR):
        return ALLOWED
    works_in = leaver.positions.values_list("unit", flat=True)
    return allowed_if(
        any(actor.has_in(unit, Role.HEAD) for unit in works_in),
        f"Agendu předává ten, čí je ({leaver}), vedoucí jeho útvaru, nebo správce systému.",
    )


def may_steer_agenda(actor: Actor, run: Agenda) -> Decision:
    """Whoever may start it."""
    return may_hand_over_agenda(actor, run.leaver)


def _has(actor: Actor, document: Document) -> bool:
    return actor.is_one_of([document.holder_id]) or actor.has_in(document.unit_id or -1, *LEADING)


def leads_everywhere(actor: Actor) -> bool:
    """Whether the actor administers all records nodes and so takes over on behalf of any unit."""
    return any(grant.role is Role.NODE_ADMINISTRATOR and grant.unit_id is None for grant in actor.grants)


def leads(actor: Actor, unit: Unit) -> bool:
    """Whether the actor takes over on behalf of this unit."""
    return actor.has_in(unit.pk, *LEADING)
