"""Our own source as syntax trees, for tests about the code base."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ["core", "accounts", "organisations", "pathways", "assessments", "referrals", "reports", "desk"]


def modules(*, apps: list[str] | None = None) -> Iterator[Path]:
    """Every module of the floors, without migrations."""
    for app in apps or FLOORS:
        yield from (path for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts)


def relative(path: Path) -> str:
    """The path as it is written in a finding."""
    return path.relative_to(ROOT).as_posix() if path.is_absolute() else path.as_posix()


def is_edge(path: Path) -> bool:
    """Whether a module meets the outside: a page, a form, the API."""
    # `place_forms` is as much an edge as `forms`.
    named = path.stem.endswith("_forms")
    parts = set(path.with_suffix("").parts)
    kinds = {"views", "pages", "forms", "api", "api_views", "serializers"}
    return (named or bool(parts & kinds)) and "core" not in parts


def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(path.read_text())


def chain(node: ast.AST) -> list[str]:
    """The names of an attribute chain without its calls: `A.objects.filter(x)` gives A, objects, filter."""
    names: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Name):
            names.append(node.id)
            break
        else:
            break
    return names[::-1]
