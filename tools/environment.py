"""The variables that the application is run with on one machine: all that the launcher sets."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.folders import ROOT, data_folder
from tools.postgres import APP, DATABASE, OWNER, Postgres
from tools.redis import Redis
from tools.servers import Server

DEFAULT_PORT = "8000"


def secret_key() -> str:
    """A key made once for this machine."""
    note = data_folder() / "secret_key"
    if not note.exists():
        descriptor = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return note.read_text()


def embedded_servers(*, ephemeral: bool = False) -> list[Server]:
    """The servers that are ours to run: those whose address is not set already."""
    folder = data_folder().resolve() / ("test" if ephemeral else "")
    servers: list[Server] = []
    if "DATABASE_URL" not in os.environ:
        servers.append(Postgres(folder / "postgres", ephemeral=ephemeral))
    if "REDIS_URL" not in os.environ:
        servers.append(Redis(folder / "redis"))
    return servers


def variables(servers: list[Server], *, ephemeral: bool = False) -> dict[str, str]:
    """The environment of every process: what is already set wins, save the addresses of our servers."""
    data = data_folder() / ("test" if ephemeral else "")
    port = os.environ.get("PORT", DEFAULT_PORT)
    env = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
        "SECRET_KEY": os.environ.get("SECRET_KEY") or secret_key(),
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "DEMO": "1",
        "INSECURE_COOKIES": "1",
        "PORT": port,
        "SITE_URL": f"http://localhost:{port}",
        "EXPORTS_DIR": str(_made(data / "exports")),
        "READ_SPOOL_DIR": str(_made(data / "spool")),
        "STATIC_ROOT": str(data_folder() / "static"),
        "EMAIL_URL": f"file://{_made(data / 'mail').resolve()}",
        **os.environ,
    }
    for server in servers:
        if isinstance(server, Postgres):
            env["DATABASE_URL"] = server.url(APP, DATABASE)
            env["MIGRATE_DATABASE_URL"] = server.url(OWNER, DATABASE)
            if ephemeral:
                env["ADMIN_DATABASE_URL"] = server.superuser_url("postgres")
        elif isinstance(server, Redis):
            env["REDIS_URL"] = server.url
    return env


@contextmanager
def served(*, ephemeral: bool = False) -> Iterator[dict[str, str]]:
    """The environment, with our servers up for as long as the block runs."""
    servers = embedded_servers(ephemeral=ephemeral)
    try:
        for server in servers:
            server.join()
        yield variables(servers, ephemeral=ephemeral)
    finally:
        for server in reversed(servers):
            server.leave()


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
