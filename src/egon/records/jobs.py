"""Background entry points of this domain."""

from egon.jobs.job import job, periodic
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.tenancy.scope import current_tenant_id


@job("records.count_report", queue="records")
def count_report(*, key: str, asked: str) -> None:
    """Count a report of a large originator and keep what came out."""
    from egon.records import operations

    operations.count_report(actor=Actor.system(current_tenant_id()), report=key, asked=asked, at=clock.now())


@job("records.index_sections", queue="records")
def index_sections(*, template_section_id: int) -> None:
    """Let the search know the new name of a section in all typed files; done again it does the same."""
    from egon.records import indexing

    indexing.index_sections_of(template_section_id)


@periodic("10 3 * * *")
@job("records.review_parties", queue="records")
def review_parties() -> None:
    """Every night: find records of the jmenný rejstřík without any link and destroy those whose period has passed.

    Each is destroyed in a transaction of its own; a killed job goes on the next night.
    """
    from egon.parties import queries as parties
    from egon.records import operations

    actor, today = Actor.system(current_tenant_id()), clock.today()
    operations.review_unlinked(actor=actor, on=today)
    for party in parties.expired(on=today):
        # One merged into another may have gone with it.
        if parties.still_there(party):
            operations.destroy_expired(actor=actor, party=party, on=today)


@periodic("5 0 * * *")
@job("records.roll_volumes", queue="records")
def roll_volumes() -> None:
    """Every night: close volumes whose period is over, and re-sort typed files of ended classes (NSESSS 3.3.4, 3.3.14).

    Each volume in a transaction of its own. What a killed job or nights without one left undone waits in the tables:
    the next night does it, and whoever files into an overdue volume before that closes it (``current_volume``).
    """
    from egon.records import operations, typed_queries

    actor, today = Actor.system(current_tenant_id()), clock.today()
    for record_class in typed_queries.ended_classes(on=today):
        target = typed_queries.mapped_successor(record_class, on=today)
        if target is not None:
            reason = f"Uzavření skupiny {record_class.code}"
            operations.start_typed_resorting(actor=actor, source=record_class, target=target, reason=reason)
    for volume in typed_queries.due_volumes(on=today):
        operations.roll_volume(actor=actor, section=volume.section, on=today)


@job("records.read_texts", queue="records.texts")
def read_texts(*, document_id: int) -> None:
    """Read the text of components of a document; done again it reads only what is missing."""
    from egon.records import texts

    texts.read_document(document_id)


@periodic("* * * * *")
@job("records.read_new", queue="records.texts")
def read_new() -> None:
    """Every minute: ask for the texts of documents registered lately."""
    from egon.records import texts

    texts.ask_for_recent(now=clock.now())


@periodic("40 1 * * *")
@job("records.read_missed", queue="records.texts")
def read_missed() -> None:
    """Every night: ask for the texts of documents whose reading was missed."""
    from egon.records import texts

    texts.ask_for_missed()


def _conversion_failed(*, file_id: int, error: Exception) -> None:
    from egon.records import converting

    converting.give_up(file_id, error)


@job("records.convert_formats", queue="records.conversions", on_failure=_conversion_failed)
def convert_formats(*, file_id: int) -> None:
    """Change components of a file into output formats one by one; a killed job goes on from the next one."""
    from egon.records import converting

    converting.work(file_id)


@periodic("20 * * * *")
@job("records.erase_contents", queue="records")
def erase_contents() -> None:
    """Every hour and after each run: remove contents of what was destroyed from the storage."""
    from egon.records import erasing

    erasing.remove_doomed()


@periodic("30 3 * * *")
@job("records.destroy_withdrawn", queue="records")
def destroy_withdrawn() -> None:
    """Every night: destroy what was withdrawn longer ago than is set (NSESSS 7.2.16)."""
    from egon.records import operations

    operations.destroy_expired_withdrawn(actor=Actor.system(current_tenant_id()))
