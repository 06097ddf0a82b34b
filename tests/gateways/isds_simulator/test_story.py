"""One message from its sending to its reading, over real HTTP."""

from .conftest import CITIZEN, OFFICE, Running


def test_message_goes_from_citizen_to_office_and_back_comes_the_delivery_record(isds: Running) -> None:
    number = isds.send()
    assert isds.call("dz", "SignedMessageDownload", f"<dmID>{number}</dmID>").status == "1222"
    listed = isds.deliver(OFFICE)
    assert listed.texts("dmID") == [number]
    assert listed.text("dmMessageStatus") == "6"
    assert listed.text("dmAnnotation") == "Žádost o informace"
    assert listed.text("dmSender") == "Jan Řeháček"
    zfo = isds.call("dz", "SignedMessageDownload", f"<dmID>{number}</dmID>").binary("dmSignature")
    assert b"MessageDownloadResponse" in zfo
    assert isds.call("dx", "MarkMessageAsDownloaded", f"<dmID>{number}</dmID>").status == "0000"
    record = isds.call("dx", "GetDeliveryInfo", f"<dmID>{number}</dmID>", CITIZEN)
    assert [text.partition(":")[0] for text in record.texts("dmEventDescr")] == ["EV0", "EV5", "EV11"]
    assert record.text("dmMessageStatus") == "7"
    changes = isds.call("dx", "GetMessageStateChanges", "<dmFromTime/><dmToTime/>", CITIZEN)
    assert changes.texts("dmMessageStatus") == ["4", "6"]
