"""Where files lie: half written under one name, whole under another, so that none is ever had half."""

import contextlib
import os
import secrets
import shutil
import time
from array import array
from collections.abc import Iterator
from pathlib import Path

from django.core.files.storage import storages

from reports.models import Export

HALF = "half-"
# Files that no row knows, left by a worker killed between naming a file and saying so.
ORPHANS_AFTER_SECONDS = 25 * 60 * 60


def folder() -> Path:
    """The folder of exports, made if it is not there; nobody else's account may look inside."""
    path = Path(storages["exports"].path(""))
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


@contextlib.contextmanager
def half_folder(export: Export) -> Iterator[Path]:
    """A folder to write in. What earlier attempts left of this export goes first; what is left at the end, too."""
    for left in folder().glob(f"{HALF}{export.public_id}-*"):
        _remove(left)
    path = folder() / f"{HALF}{export.public_id}-{secrets.token_hex(4)}"
    path.mkdir(mode=0o700)
    try:
        yield path
    finally:
        _remove(path)


def _remove(path: Path) -> None:
    """Take a file, or a folder with what is in it, away; that it has gone already is as good."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def put(half: Path, form: str, people: "array[int]") -> str:
    """Give a whole file its random name, with the ids of the people in it beside it; the name."""
    name = f"{secrets.token_urlsafe(24)}.{form}"
    with people_file(name).open("wb") as beside:
        people.tofile(beside)
    with half.open("rb+") as file:
        os.fsync(file.fileno())
    half.replace(folder() / name)
    return name


def people_in(name: str) -> list[int]:
    """The ids of the people in a file, for the read log."""
    people = array("q")
    people.frombytes(people_file(name).read_bytes())
    return people.tolist()


def people_file(name: str) -> Path:
    """Where the ids of the people in a file lie."""
    return folder() / f"{name}.people"


def remove(name: str) -> None:
    """Take a file away, and what lies beside it."""
    (folder() / name).unlink(missing_ok=True)
    people_file(name).unlink(missing_ok=True)


def remove_orphans(known: set[str], *, now: float | None = None) -> int:
    """Take away what no row knows and nobody can be writing any more; how many files."""
    before = (time.time() if now is None else now) - ORPHANS_AFTER_SECONDS
    found = [
        path
        for path in folder().iterdir()
        if path.name.removesuffix(".people") not in known and path.stat().st_mtime < before
    ]
    for path in found:
        _remove(path)
    return len(found)
