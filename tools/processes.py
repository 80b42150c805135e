"""The commands of web, worker and beat, the same on a laptop, in journeys and in drills."""

import sys
from pathlib import Path
from typing import IO

from tools.supervise import Child

# With the servers' own (4 and 6 seconds) these add up to less than the 30 seconds that a stop may take.
GRACE = {"web": 6.0, "worker": 8.0, "beat": 3.0}


def command(name: str, folder: Path) -> list[str]:
    """The command of one of the three processes; beat keeps its note of last runs in the folder."""
    celery = [sys.executable, "-m", "celery", "-A", "config"]
    return {
        "web": [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"],
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", "--without-gossip"],
        "beat": [*celery, "beat", "--loglevel", "INFO", "--pidfile=", "-s", str(folder / "beat-schedule")],
    }[name]


def child(name: str, env: dict[str, str], folder: Path, *, log: IO[str] | None = None) -> Child:
    """One of the three processes, ready to start."""
    return Child(name, command(name, folder), env, grace=GRACE[name], log=log)
