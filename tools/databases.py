"""Test databases: a migrated template made once, and quick copies of it.

The template's name carries a hash of what shaped it, so a change of a migration makes a new one by itself.
Copies carry the id of the process that made them, so that those of a killed run are dropped by the next.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import psycopg2
from psycopg2 import sql

from tools.folders import ROOT
from tools.servers import alive

Env = dict[str, str]
LONDON = ZoneInfo("Europe/London")
APPS = (
    "core", "accounts", "organisations", "pathways", "assessments", "referrals", "outcomes", "reports", "desk",
    "config",
)  # fmt: skip
# Any number that nobody else locks; one builder at a time.
BUILDING = 7_206_114
KEPT_TEMPLATES = 4
_numbers = count(1)
_one_at_a_time = threading.Lock()


def named(url: str, database: str) -> str:
    """The same address with another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def name_in(url: str) -> str:
    """The database of an address."""
    return urlsplit(url).path.lstrip("/")


def admin_url(env: Env) -> str:
    """Who makes and drops databases: the superuser of an embedded test cluster, else the owner role."""
    return env.get("ADMIN_DATABASE_URL") or env["MIGRATE_DATABASE_URL"]


def env_for(env: Env, database: str) -> Env:
    """The environment with both roles pointed at another database."""
    changed = {key: named(env[key], database) for key in ("DATABASE_URL", "MIGRATE_DATABASE_URL")}
    return {**env, **changed}


@contextmanager
def connection(url: str) -> Iterator[Any]:
    """A cursor of its own connection, each statement committed."""
    opened = psycopg2.connect(url)
    try:
        opened.autocommit = True
        with opened.cursor() as cursor:
            yield cursor
    finally:
        opened.close()


def migrated(env: Env) -> str:
    """The name of a template with every migration applied, built when it is not there."""
    return _template(env, f"test_{_shape_of_tables()}", _migrate, base=_nearest(env))


def seeded(env: Env, *, patients: int, years: int = 2, seed: int = 1) -> str:
    """The name of a template with made-up people; their journeys end today, so it is a new one every day."""
    shape = _hash(_every_module(), f"{patients} {years} {seed} {datetime.now(tz=LONDON).date()}")
    base = migrated(env)

    def fill(env: Env) -> None:
        manage(env, "seed", "--patients", str(patients), "--years", str(years), "--seed", str(seed))

    return _template(env, f"seeded_{shape}", fill, base=base)


def copy(env: Env, source: str, *, label: str = "copy") -> str:
    """A fresh copy of a template, in about a tenth of a second; `drop` it when done."""
    with _one_at_a_time:
        name = f"{source}_{label}_{os.getpid()}_{next(_numbers)}"
    with connection(admin_url(env)) as cursor:
        _create(cursor, name, source)
    return name


def vacuum(env: Env, name: str) -> None:
    """Leaves a database as autovacuum would in a while: rows that went in at once are read as in one long in use."""
    with connection(named(admin_url(env), name)) as cursor:
        cursor.execute("VACUUM ANALYZE")


def drop(env: Env, name: str) -> None:
    """Drops a copy, ending whatever is still connected to it."""
    with connection(admin_url(env)) as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def manage(env: Env, *arguments: str) -> None:
    """One manage.py command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")


def _migrate(env: Env) -> None:
    # Without Django's checks: a page that is broken just now is no reason to have no database for the other tests.
    manage(env, "migrate", "--skip-checks", "--verbosity", "0")
    name = name_in(env["DATABASE_URL"])
    with connection(admin_url(env)) as cursor:
        note = sql.SQL("COMMENT ON DATABASE {} IS {}")
        cursor.execute(note.format(sql.Identifier(name), sql.Literal(json.dumps(_migrations()))))


def _nearest(env: Env) -> str | None:
    """The template that lacks the fewest migrations and has none that is changed or gone: a start for the next."""
    wanted = _migrations().items()
    with connection(admin_url(env)) as cursor:
        cursor.execute(
            "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database WHERE datname ~ '^test_[0-9a-f]+$'"
        )
        applied = {name: json.loads(note) for name, note in cursor.fetchall() if note}
    usable = {name: len(found) for name, found in applied.items() if found.items() <= wanted}
    return max(usable, key=lambda name: usable[name], default=None)


def _migrations() -> dict[str, str]:
    """What each migration holds, and what every one of them stands on."""
    files = [path for app in APPS for path in (ROOT / app).glob("migrations/**/*") if path.is_file()]
    files += [ROOT / "requirements.txt", ROOT / "tools" / "postgres_template.sql"]
    return {str(path.relative_to(ROOT)): _hash([path], "") for path in files if path.suffix != ".pyc"}


def _template(env: Env, name: str, fill: Any, *, base: str | None = None) -> str:
    with connection(admin_url(env)) as cursor:
        if _exists(cursor, name):
            return name
        cursor.execute("SELECT pg_advisory_lock(%s)", [BUILDING])
        try:
            if not _exists(cursor, name):
                _sweep(cursor)
                half = f"{name}_half"
                cursor.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(half))
                )
                _create(cursor, half, base or "template1")
                fill(env_for(env, half))
                cursor.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                        sql.Identifier(half), sql.Identifier(name)
                    )
                )
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [BUILDING])
    return name


def _create(cursor: Any, name: str, source: str) -> None:
    owner = urlsplit(os.environ.get("MIGRATE_DATABASE_URL", "")).username or "pathways_owner"
    cursor.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
            sql.Identifier(name), sql.Identifier(source), sql.Identifier(owner)
        )
    )


def _exists(cursor: Any, name: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return cursor.fetchone() is not None


def _sweep(cursor: Any) -> None:
    """Drops copies whose process is gone, and all but the newest templates."""
    cursor.execute("SELECT datname FROM pg_database WHERE datname ~ '^(test|seeded)_' ORDER BY oid DESC")
    templates = []
    for (name,) in cursor.fetchall():
        if copied := re.search(r"_([0-9]+)_[0-9]+$", name):
            if not alive(int(copied[1])):
                cursor.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
                )
        elif not name.endswith("_half"):
            templates.append(name)
    for kind in ("test_", "seeded_"):
        for name in [one for one in templates if one.startswith(kind)][KEPT_TEMPLATES:]:
            # A template that another run is copying refuses; it goes another time.
            try:
                cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
            except psycopg2.errors.ObjectInUse:
                continue


def _shape_of_tables() -> str:
    """Changes with the migrations, and with what decides the privileges that every `migrate` ends with."""
    files = [
        path for app in APPS for path in (*(ROOT / app).glob("models*/**/*.py"), ROOT / app / "models.py")
    ]
    files += [ROOT / app / "apps.py" for app in APPS]
    files += [ROOT / "config" / "settings.py", ROOT / "core" / "privileges.py"]
    return _hash(files, json.dumps(_migrations(), sort_keys=True))


def _every_module() -> list[Path]:
    return [path for app in (*APPS, "synthetic") for path in (ROOT / app).rglob("*.py")]


def _hash(files: list[Path], more: str) -> str:
    digest = hashlib.sha256(more.encode())
    for path in sorted(files):
        if path.exists():
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
