"""``egon worker``: serve every queue until told to stop."""

from typing import Any, cast

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from egon.jobs import rescue


class Command(BaseCommand):
    """One process, a few threads; jobs under way are finished on SIGTERM."""

    help = "Provádí úlohy na pozadí."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=3, help="kolik úloh najednou")
        parser.add_argument("--one-shot", action="store_true", help="proveď, co čeká, a skonči")

    def handle(self, *args: Any, **options: Any) -> None:
        connector = cast(DjangoConnector, app.connector).get_worker_connector()
        with app.replace_connector(connector) as worker_app:
            worker_app.run_worker(
                queues=None,  # all: jobs are imported only when the worker starts, so no list made here would be whole
                concurrency=options["concurrency"],
                wait=not options["one_shot"],
                fetch_job_polling_interval=1.0,
                shutdown_graceful_timeout=20,
                update_heartbeat_interval=rescue.HEARTBEAT,
                stalled_worker_timeout=rescue.DEAD_AFTER,
                delete_jobs="successful",
            )
