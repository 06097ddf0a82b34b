"""Background entry points of the data boxes.

What is to be done stands in the tables, never only in a queue: the tick looks every twenty seconds and asks for it,
so a job lost with a killed worker is asked for again. The work itself is imported where it is done, because the
operations ask for these jobs.
"""

from datetime import timedelta

from egon.jobs.job import defer, job, periodic
from egon.kernel import clock


@periodic("* * * * * */20")
@job("databox.tick", queue="databox")
def tick() -> None:
    """Ask for everything that is due in the boxes of one originator."""
    from egon.databox import queries

    now = clock.now()
    for box_id in queries.boxes_due(now=now):
        ask_to_fetch(box_id)
    for outbox_id in queries.sendings_due(now=now):
        ask_to_send(outbox_id)


@job("databox.fetch", queue="databox")
def fetch(*, box_id: int) -> None:
    """Look into one box: list, download, states of what was sent."""
    from egon.databox import fetching

    fetching.fetch_box(box_id)


@job("databox.send", queue="databox")
def send(*, outbox_id: int) -> None:
    """Bring one sending a step further: send it, or find out whether it was sent."""
    from egon.databox import sending

    sending.send(outbox_id)


@periodic("15 2 * * *")
@job("databox.stamp", queue="databox.stamps")
def stamp() -> None:
    """Renew archive time stamps at night; goes on with another round while there is more."""
    from egon.databox import stamping

    if stamping.stamp_due() >= stamping.MOST_AT_ONCE:
        defer(stamp, after=timedelta(seconds=5), only_one="databox.stamp")


def ask_to_fetch(box_id: int, *, urgent: bool = False) -> None:
    """Have a box looked into once this transaction commits; an urgent look does not wait for the regular one."""
    only_one = f"databox.fetch:{box_id}:{'now' if urgent else 'tick'}"
    defer(fetch, box_id=box_id, only_one=only_one)


def ask_to_send(outbox_id: int) -> None:
    """Have a sending brought further once this transaction commits."""
    defer(send, outbox_id=outbox_id, only_one=f"databox.send:{outbox_id}")
