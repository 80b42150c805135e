"""The read log: who read what about whom, kept before anything read leaves the house."""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction

from accounts.models import Access

Action = Access.Action

# What must never go unrecorded: it reaches people outside one's own, or leaves the house. The rest may be noted in
# the spool for a while, because a care team that cannot open its own people's records is the greater harm.
FAIL_CLOSED = frozenset({Action.SEARCH, Action.TRACE, Action.PRINT, Action.EXPORT, Action.API})


@dataclass
class Reads:
    """What one request has read. Views add to it; the middleware writes it once, before the first byte leaves."""

    entries: dict[tuple[str, str], dict[int, None]] = field(default_factory=dict)
    must_be_logged: bool = False
    is_written: bool = False

    def saw(
        self,
        patient_ids: Iterable[int],
        action: str = Action.VIEW,
        reason: str = "",
        *,
        must_be_logged: bool = False,
    ) -> None:
        """Note that the answer shows something about these people, or that a search found nobody.

        With `must_be_logged`, as when the glass is broken, or for an action of FAIL_CLOSED, the answer is withheld
        when the log cannot be written.
        """
        if self.is_written:
            raise RuntimeError("What an answer shows is noted before the answer begins to leave.")
        self.must_be_logged |= must_be_logged or action in FAIL_CLOSED
        self.entries.setdefault((str(action), reason), {}).update(dict.fromkeys(patient_ids))

    def denied(self, reason: str) -> None:
        """Turn whatever was found before the door closed into one attempt that was refused."""
        people: dict[int, None] = {}
        for found in self.entries.values():
            people |= found
        self.entries = {(str(Action.DENIED), reason): people}
        self.must_be_logged = False

    def rows(self) -> list[dict[str, Any]]:
        """One row an action and reason, as the statement and the spool want them."""
        return [
            {"action": action, "reason": reason, "patients": list(people)}
            for (action, reason), people in self.entries.items()
        ]


# One statement, so one round trip and all or nothing without a transaction around it.
_WRITE = """
WITH seen AS MATERIALIZED (
    SELECT nextval('accounts_access_id_seq') AS id, entry.*
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS entry(action text, reason text, patients bigint[])
), logged AS (
    INSERT INTO accounts_access
        (id, at, request_id, user_id, role, service_ids, action, page, status, reason, people, address)
    SELECT id, %(at)s, %(request_id)s, %(user_id)s, %(role)s, %(service_ids)s::jsonb, action, %(page)s, %(status)s,
        reason, cardinality(patients), %(address)s::inet
    FROM seen
)
INSERT INTO accounts_accessedpatient (access_id, at, patient_id)
SELECT id, %(at)s, unnest(patients) FROM seen
"""


def write(record: dict[str, Any]) -> None:
    """Put one request's reads into the log."""
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {**record, "rows": json.dumps(record["rows"]), "service_ids": json.dumps(record["service_ids"])},
        )


def spool(record: dict[str, Any]) -> None:
    """Note one request's reads on this machine's disk, safely there when this returns."""
    with _locked("spool.lock"), _spool_file().open("a") as file:
        file.write(json.dumps(record) + "\n")
        file.flush()
        os.fsync(file.fileno())


def take_up_spool() -> int:
    """Put what the spool holds into the log, each request once however often this is tried; how many were put."""
    with _locked("taking.lock", wait=False) as is_ours:
        if not is_ours:
            return 0
        with _locked("spool.lock"):
            if _spool_file().exists():
                # A name that sorts by time; one left by a taker that died is taken up too.
                taken = _folder() / f"taken-{_spool_file().stat().st_mtime_ns}.jsonl"
                _spool_file().rename(taken)
        return sum(_take_up(path) for path in sorted(_folder().glob("taken-*.jsonl")))


def _take_up(path: Path) -> int:
    put = 0
    with path.open() as file, transaction.atomic():
        for record in map(json.loads, file):
            # Already there when an earlier taker died after its commit and before it removed the file.
            if Access.objects.filter(request_id=record["request_id"], at=record["at"]).exists():
                continue
            write(record)
            put += 1
    path.unlink()
    return put


def _folder() -> Path:
    folder = Path(settings.READ_SPOOL_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _spool_file() -> Path:
    return _folder() / "reads.jsonl"


@contextmanager
def _locked(name: str, *, wait: bool = True) -> Iterator[bool]:
    """Hold a lock between the processes of this machine; False when it is not to be had at once."""
    with (_folder() / name).open("a") as file:
        try:
            _lock(file, wait)
        except BlockingIOError:
            yield False
        else:
            yield True


def _lock(file: IO[str], wait: bool) -> None:
    fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
