"""Writes of the data boxes: boxes themselves, receiving, sending, and what ISDS told afterwards."""

from egon.databox.operations.boxes import add_box, edit_box, resume_box
from egon.databox.operations.centre import look_at_centre
from egon.databox.operations.certificates import accept_certificate, add_certificate, remove_certificate
from egon.databox.operations.deciding import deliver_waiting, follow_noticed, notice_messages
from egon.databox.operations.importing import go_on_with_import, start_import, stop_import
from egon.databox.operations.personal import name_person, release_personal
from egon.databox.operations.receiving import (
    Arrival,
    announce_messages,
    fetch_again,
    fetch_now,
    give_up_download,
    store_messages,
    upload_zfo,
)
from egon.databox.operations.sending import (
    begin_sending,
    begin_sending_together,
    cancel_sending,
    confirm_sent,
    mark_ambiguous,
    mark_failed,
    mark_refused,
    queue_messages,
    requeue,
)
from egon.databox.operations.stamping import give_up_stamping, stamp_again, store_stamp, switch_stamps
from egon.databox.operations.tracking import record_state

__all__ = [
    "Arrival",
    "accept_certificate",
    "add_box",
    "add_certificate",
    "announce_messages",
    "begin_sending",
    "begin_sending_together",
    "cancel_sending",
    "confirm_sent",
    "deliver_waiting",
    "edit_box",
    "fetch_again",
    "fetch_now",
    "follow_noticed",
    "give_up_download",
    "give_up_stamping",
    "go_on_with_import",
    "look_at_centre",
    "mark_ambiguous",
    "mark_failed",
    "mark_refused",
    "name_person",
    "notice_messages",
    "queue_messages",
    "record_state",
    "release_personal",
    "remove_certificate",
    "requeue",
    "resume_box",
    "stamp_again",
    "start_import",
    "stop_import",
    "store_messages",
    "store_stamp",
    "switch_stamps",
    "upload_zfo",
]
