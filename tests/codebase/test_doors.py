"""The doors, read off the syntax tree: who may query, who may write, who may publish, who reads the clock."""

import ast
from pathlib import Path

import pytest

from tests.codebase.source import FLOORS, chain, is_edge, modules, relative, tree_of

pytestmark = pytest.mark.codebase

DOORS = {
    "visible_to",
    "traceable",
    "none",
    "held_by",
    "in_population_of",
    "worked_at_by",
    "known_to_exist_by",
    "restricted_of",
    "answerable_to",
    "listed_for",
}
# Names of places that everybody may know, with no row about a person.
PUBLIC = {"Region", "Provider"}
WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"}
# Where writing is the point: actions, what they call below the floor of domain words, and who sets the stage.
WRITERS = {"actions", "listens", "migrations", "management", "line"}
CLOCKS = {("timezone", "now"), ("datetime", "now"), ("date", "today"), ("timezone", "localdate")}
# The edges that read the clock once and hand it on.
CLOCK_EDGES = {
    "middleware",
    "tasks",
    "management",
    "api_keys",
    "views",
    "pages",
    "jobs",
    "notifications",
    "submissions",
}


def undoored(path: Path, tree: ast.AST) -> list[str]:
    """Queries at an edge that go by no door."""
    found = []
    inner = set()
    for node in ast.walk(tree):
        names = chain(node) if isinstance(node, (ast.Attribute, ast.Call)) else []
        if "objects" not in names or names[0] in PUBLIC or id(node) in inner:
            continue
        inner.update(id(part) for part in ast.walk(node))
        after = names[names.index("objects") + 1 :]
        if not after or after[0] not in DOORS:
            found.append(f"{relative(path)}:{node.lineno} {'.'.join(names)}")
    return found


def writes(path: Path, tree: ast.AST) -> list[str]:
    """Rows written where only actions may."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        names = chain(node.func)
        queried = {"objects", "filter", "current", "select_for_update"} & set(names)
        if node.func.attr in WRITES and (queried or node.func.attr in {"save", "delete"}):
            found.append(f"{relative(path)}:{node.lineno} {'.'.join(names)}")
        if node.func.attr == "update" and queried:
            found.append(f"{relative(path)}:{node.lineno} {'.'.join(names)}")
    return found


def publishes(path: Path, tree: ast.AST) -> list[str]:
    """Messages published past `core.jobs.wake`."""
    return [
        f"{relative(path)}:{node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"delay", "apply_async", "send_task"}
    ]


def clock_readings(path: Path, tree: ast.AST) -> list[str]:
    """Readings of the clock below the edge."""
    return [
        f"{relative(path)}:{node.lineno} {'.'.join(chain(node.func))}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and tuple(chain(node.func))[-2:] in CLOCKS and (node.args == [])
    ]


def test_edges_query_by_a_door():
    found = [row for path in modules() if is_edge(path) for row in undoored(path, tree_of(path))]
    assert found == []


def test_only_actions_write():
    found = [
        row
        for path in modules(apps=[floor for floor in FLOORS if floor not in {"core", "accounts"}])
        if not WRITERS & set(path.with_suffix("").parts)
        for row in writes(path, tree_of(path))
    ]
    assert found == []


def test_only_the_job_module_publishes():
    found = [
        row
        for path in modules()
        if relative(path) != "core/jobs.py"
        for row in publishes(path, tree_of(path))
    ]
    assert found == []


def test_only_edges_read_the_clock():
    found = [
        row
        for path in modules()
        if not CLOCK_EDGES & set(path.with_suffix("").parts)
        for row in clock_readings(path, tree_of(path))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("finder", "source"),
    [
        (undoored, "Patient.objects.get(pk=1)"),
        (undoored, "f(Patient.objects)"),
        (writes, "referral.save()"),
        (writes, "Referral.objects.filter(pk=1).update(a=1)"),
        (writes, "Referral.objects.create(a=1)"),
        (publishes, "task.delay(1)"),
        (clock_readings, "timezone.now()"),
        (clock_readings, "date.today()"),
    ],
)
def test_the_finder_bites(finder, source):
    assert finder(Path("referrals/views.py"), ast.parse(source))


@pytest.mark.parametrize(
    ("finder", "source"),
    [
        (undoored, "Patient.objects.visible_to(actor).get(pk=1)"),
        (writes, "answers.update(a=1)"),
        (clock_readings, "timezone.localdate(actor.at)"),
    ],
)
def test_the_finder_lets_the_right_way_pass(finder, source):
    assert finder(Path("referrals/views.py"), ast.parse(source)) == []
