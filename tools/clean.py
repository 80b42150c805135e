"""Removes everything that was made here. Refuses while the application runs from it."""

import fcntl
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MADE = (
    ".venv", "node_modules", "static/built", "staticfiles", ".mypy_cache", ".ruff_cache", ".pytest_cache",
    ".import_linter_cache", ".hypothesis",
)  # fmt: skip


def main() -> int:
    """Answers the exit code."""
    data = ROOT / ".data"
    for lock in (data / "run.lock", *data.glob("**/users.lock")):
        if lock.exists() and _held(lock):
            sys.stderr.write("Something is running from here; stop it first.\n")
            return 1
    if data.is_symlink():
        shutil.rmtree(data.resolve(), ignore_errors=True)
        data.unlink()
    for made in (data, *(ROOT / name for name in MADE)):
        shutil.rmtree(made, ignore_errors=True)
    for cache in ROOT.rglob("__pycache__"):
        shutil.rmtree(cache, ignore_errors=True)
    return 0


def _held(lock: Path) -> bool:
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


if __name__ == "__main__":
    sys.exit(main())
