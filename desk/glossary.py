"""Whether every class and address that the glossary names is there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.urls import URLPattern, get_resolver

from desk.reference import ROOT

GLOSSARY = ROOT / "docs" / "glossary.md"
_CODE = re.compile(r"`([^`]+)`")


def addresses(patterns: Any = None, before: str = "/") -> Iterator[str]:
    """Every address of the application, with `…` where an id stands."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        address = before + re.sub(r"<[^>]+>", "…", str(entry.pattern))
        if isinstance(entry, URLPattern):
            yield address
        else:
            yield from addresses(entry.url_patterns, address)


def terms(path: Path = GLOSSARY) -> Iterator[tuple[str, str, str]]:
    """Each word of the glossary with the class and the address it names, empty where it names none."""
    for line in path.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 4 and cells[0] not in ("word", "---"):
            yield cells[0], _code_in(cells[1]), _code_in(cells[2])


def _code_in(cell: str) -> str:
    found = _CODE.search(cell)
    return found.group(1) if found else ""


def missing(path: Path = GLOSSARY) -> list[str]:
    """A sentence for each class and address that the glossary names and that is not there."""
    known = list(addresses())
    found = []
    for word, label, address in terms(path):
        if label and not _is_model(label):
            found.append(f"{word}: there is no class {label}.")
        if address and not any(one.startswith(address) for one in known):
            found.append(f"{word}: there is no address {address}.")
    return found


def _is_model(label: str) -> bool:
    try:
        apps.get_model(label)
    except (LookupError, ValueError):
        return False
    return True
