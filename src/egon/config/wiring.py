"""EVENT → reactions: the one table that says who listens to whom; and who guards operations."""

from collections.abc import Mapping, Sequence

from egon.audit.operation import Guard
from egon.circulation import paper_queries
from egon.circulation import reactions as circulation
from egon.databox import events as databox
from egon.databox import reactions as databox_reactions
from egon.identity import events as identity
from egon.kernel.events import Reaction
from egon.mailroom import reactions as mailroom
from egon.records import converting, indexing, permissions, reactions, texts
from egon.records import events as records
from egon.records.on_paper import Teller

# What binds who has restrictions, whatever their roles let them do.
GUARDS: Sequence[Guard] = [permissions.may_touch]

# Who knows which documents lie on paper, beside records themselves.
ON_PAPER: Sequence[Teller] = [paper_queries.having_places]

REACTIONS: Mapping[type, Sequence[Reaction]] = {
    identity.SessionsEnded: [reactions.close_links],
    databox.DataMessagesReceived: [mailroom.take_in],
    databox.PersonalMessageReleased: [mailroom.show_released],
    databox.OutboxStateChanged: [mailroom.follow_sending],
    databox.SentCopyStored: [mailroom.file_sealed_copy],
    databox.DeliveryReceiptStored: [mailroom.file_sealed_copy],
    records.DocumentChanged: [indexing.reindex_document, texts.ask_to_read],
    records.DocumentSettled: [indexing.reindex_document, circulation.end_route],
    records.WithdrawalAsked: [mailroom.hold_withdrawal],
    records.DocumentWithdrawn: [indexing.reindex_document, circulation.end_route, circulation.stop_handing],
    records.DocumentRestored: [indexing.reindex_document, texts.ask_to_read, circulation.resume_handing],
    records.DocumentToBeErased: [databox_reactions.erase_messages],
    records.DocumentDestroyed: [indexing.reindex_document],
    records.ConversionAsked: [converting.ask],
    records.FileOpened: [indexing.reindex_file],
    records.FileChanged: [indexing.reindex_file],
    records.FileClosed: [indexing.reindex_file, circulation.end_route_of_file, circulation.stop_handing_of_file],
    records.FileWithdrawn: [indexing.reindex_file, circulation.end_route_of_file, circulation.stop_handing_of_file],
    records.FilesResorted: [indexing.reindex_files],
    records.TypedFileChanged: [indexing.reindex_typed_file],
}
