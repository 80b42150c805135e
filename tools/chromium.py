"""A Chromium to drive: the machine's own, else Playwright's, else the system's package."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Root needs --no-sandbox; the rest keeps a browser on a closed network from calling home.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


def executable() -> str:
    """The path of a Chromium, installing one when there is none; names what to do when that fails."""
    return _named() or _on_path() or _from_playwright() or _from_system() or _give_up()


def _named() -> str | None:
    return os.environ.get("CHROMIUM")


def _on_path() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def _from_playwright() -> str | None:
    if found := _downloaded():
        return found
    _try([sys.executable, "-m", "playwright", "install", "chromium"])
    return _downloaded()


def _downloaded() -> str | None:
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    found = sorted(folder.glob("chromium-*/chrome-linux*/chrome"))
    return str(found[-1]) if found else None


def _from_system() -> str | None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _try(["apt-get", "update", "-qq"])
        _try(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"])
    return _on_path()


def _try(command: list[str]) -> None:
    """A way that may be closed; the next one is tried, so its failure is said and not raised."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    except (OSError, subprocess.TimeoutExpired) as problem:
        sys.stderr.write(f"{' '.join(command)}: {problem}\n")
        return
    if done.returncode:
        sys.stderr.write(f"{' '.join(command)}: {done.stderr.strip()[-300:]}\n")


def _give_up() -> str:
    raise SystemExit("No Chromium was found and none could be installed; set CHROMIUM to the path of one.")


if __name__ == "__main__":
    sys.stdout.write(executable() + "\n")
