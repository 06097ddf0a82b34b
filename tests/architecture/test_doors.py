"""Every way in has an access decision; every operation has its permission, title and test; every queue is served."""

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

import egon
from egon.audit.operation import operations
from egon.jobs.job import jobs
from egon.web.audit import labels

TESTS = Path(__file__).parents[1]


def routes(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.callback


def import_everything():
    for module in pkgutil.walk_packages(egon.__path__, "egon."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)


@pytest.mark.norm("7.1.1")
def test_every_route_declares_who_may_open_it():
    undecided = [path for path, view in routes() if not getattr(view, "access", None)]
    assert undecided == []


@pytest.mark.norm("7.1.1")
def test_only_these_routes_are_public():
    public = sorted(path for path, view in routes() if view.access == "public")
    assert public == ["health", "pozvanka/<str:token>/", "prihlaseni/"]


def test_every_operation_has_a_czech_title_and_a_test():
    import_everything()
    text = "\n".join(path.read_text() for path in TESTS.rglob("test_*.py"))
    specs = [spec for spec in operations() if spec.function.__module__.startswith("egon.")]
    assert len(specs) > 20
    assert [spec.code for spec in specs if not spec.title.strip()] == []
    untested = [spec.code for spec in specs if not re.search(rf"\b{spec.function.__name__}\b", text)]
    assert untested == []


def test_what_operations_log_has_a_czech_name():
    import_everything()
    names = {
        name
        for spec in operations()
        if spec.function.__module__.startswith("egon.")
        for name in inspect.signature(spec.function).parameters
        if name != "actor" and name not in spec.unlogged
    }
    unnamed = ", ".join(sorted(names - set(labels.PARAMETERS)))
    assert unnamed == ""


def test_every_job_module_is_known_to_the_worker():
    import_everything()
    modules = {spec.function.__module__ for spec in jobs()}
    assert modules <= set(settings.PROCRASTINATE_IMPORT_PATHS)


@pytest.mark.parametrize("path", sorted(Path(egon.__path__[0]).rglob("*.py")), ids=str)
def test_no_module_has_a_name_that_says_nothing(path):
    assert path.stem not in {"utils", "util", "helpers", "helper", "manager", "managers", "misc", "common"}
