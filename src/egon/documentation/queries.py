"""Reads of the documentation."""

from django.db.models import QuerySet

from egon.documentation.models import InstalledVersion, SystemFacts, Writing


def facts_of_originator() -> SystemFacts:
    """What the present originator stated; empty when it stated nothing."""
    return SystemFacts.objects.first() or SystemFacts()


def installed_versions() -> QuerySet[InstalledVersion]:
    """Versions that ran here, the newest first."""
    return InstalledVersion.objects.order_by("-pk")


def last_writing(*, only_good: bool = False) -> Writing | None:
    """How the last writing of the documentation ended."""
    found = Writing.objects.order_by("-written_at", "-pk")
    return (found.filter(problem="") if only_good else found).first()
