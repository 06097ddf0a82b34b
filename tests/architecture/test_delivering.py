"""Only GetListOfReceivedMessages delivers (provozní řád ISDS II.4): every place that may call it is known by name."""

import ast
from collections.abc import Iterator
from pathlib import Path

import egon

SOURCES = Path(egon.__file__).parent
MAY_LIST = {
    "databox/fetching.py": "announce_new",  # asked by look_for_new after queries.may_list said yes
    "cli/isds_messages.py": "_list",  # ./egon isds list received --deliver: a person's own command and login
}


def test_received_messages_are_listed_in_known_places_only() -> None:
    found = {
        (str(path.relative_to(SOURCES)), function)
        for path in SOURCES.rglob("*.py")
        if "gateways" not in path.parts
        for function in calling("list_received", path)
    }
    assert found == set(MAY_LIST.items())


def test_the_product_lists_only_after_asking_the_policy() -> None:
    found = {
        (str(path.relative_to(SOURCES)), function)
        for path in SOURCES.rglob("*.py")
        for function in calling("announce_new", path)
    }
    assert found == {("databox/fetching.py", "look_for_new")}
    tree = ast.parse((SOURCES / "databox" / "fetching.py").read_text(encoding="utf-8"))
    asking = next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "look_for_new")
    first = next(node for node in asking.body if isinstance(node, ast.If))
    assert "may_list" in ast.unparse(first.test)
    assert "announce_new" in ast.unparse(first.body[0])


def test_nobody_writes_the_name_of_the_operation_past_the_client() -> None:
    named = [
        str(path.relative_to(SOURCES))
        for path in SOURCES.rglob("*.py")
        if "gateways" not in path.parts
        and any(
            isinstance(node, ast.Constant) and node.value == "GetListOfReceivedMessages"
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    ]
    assert named == []


def calling(name: str, path: Path) -> Iterator[str]:
    """Functions of a module in which something called ``name`` is used."""
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if (isinstance(node, ast.Attribute) and node.attr == name) or (
                    isinstance(node, ast.Name) and node.id == name
                ):
                    yield function.name
