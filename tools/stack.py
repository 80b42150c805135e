"""A whole application on a database of its own: web, worker, beat and Redis, for journeys and drills.

    with stack.running(env, patients=150) as one:
        get(one.url)
        one.kill("worker")

Parts are "web", "worker", "beat", "redis" and, with `own_postgres`, "postgres".
"""

import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from tools import databases, processes
from tools.folders import data_folder
from tools.postgres import APP, OWNER, Postgres, binary
from tools.redis import Redis
from tools.servers import Server, free_port, wait_until
from tools.supervise import Child

FEW_PATIENTS = 150
# A start under load on two cores; a drill measures its own, shorter limits.
READY_WITHIN = 60.0


class NotReady(RuntimeError):
    """The web did not answer in time; the message carries the end of the log."""


class Stack:
    """The running parts, and what can be done to each."""

    def __init__(
        self,
        env: dict[str, str],
        port: int,
        children: dict[str, Child],
        servers: dict[str, Server],
        log_path: Path,
    ) -> None:
        self.env = env
        self.url = f"http://127.0.0.1:{port}"
        self.children = children
        self.servers = servers
        self.log_path = log_path

    @property
    def database(self) -> str:
        """The name of the database that this stack has to itself."""
        return databases.name_in(self.env["DATABASE_URL"])

    def start(self, part: str) -> None:
        """Starts a part that is down."""
        if part in self.servers:
            self.servers[part].ensure()
        elif not self.children[part].running():
            self.children[part].start()

    def stop(self, part: str) -> None:
        """Stops a part in order."""
        (self.servers.get(part) or self.children[part]).stop()

    def kill(self, part: str) -> None:
        """Ends a part without warning (SIGKILL)."""
        (self.servers.get(part) or self.children[part]).kill()

    def restart(self, part: str) -> None:
        """Stops a part in order and starts it again."""
        self.stop(part)
        self.start(part)

    def running(self, part: str) -> bool:
        """Whether a part is up."""
        return (self.servers.get(part) or self.children[part]).running()

    def empty_redis(self) -> None:
        """Redis comes back with nothing in it, as a new machine would."""
        redis = self.servers["redis"]
        assert isinstance(redis, Redis)
        redis.stop()
        redis.empty()
        redis.ensure()

    def status(self, path: str) -> int:
        """The status that a GET of this path has; 0 when nobody answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            return 0

    def wait_ready(self, seconds: float = READY_WITHIN) -> float:
        """Waits until the web takes requests; answers how many seconds it took."""
        began = time.monotonic()
        if not wait_until(lambda: self.status("/health/ready") == 200, seconds, every=0.1):
            end = "\n".join(self.log_path.read_text(errors="replace").splitlines()[-40:])
            raise NotReady(f"{self.url} was not ready within {seconds:.0f} s\n{end}")
        return time.monotonic() - began


@contextmanager
def running(
    env: dict[str, str], *, patients: int | None = None, source: str | None = None,
    own_postgres: bool = False, parts: Sequence[str] = ("beat", "worker", "web"),
    extra: dict[str, str] | None = None, ready: bool = True,
) -> Iterator[Stack]:  # fmt: skip
    """A stack on a copy of a template: `source` by name, else one seeded with `patients`, else an empty one.

    `env` is the launcher's environment (os.environ inside `exec`); `extra` is for this stack alone.
    """
    source = source or (databases.seeded(env, patients=patients) if patients else databases.migrated(env))
    port = free_port()
    with ExitStack() as undo:
        folder = Path(tempfile.mkdtemp(prefix="stack-", dir=data_folder().resolve() / "test"))
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)
        servers: dict[str, Server] = {"redis": Redis(folder / "redis")}
        if own_postgres:
            servers["postgres"] = Postgres(folder / "postgres", ephemeral=True)
        for server in servers.values():
            server.join()
            undo.callback(server.leave)
        env = _own_env(env, source, servers, undo)
        env |= _addresses(folder, port, servers["redis"]) | (extra or {})
        log_path = data_folder() / "test" / f"{folder.name}.log"
        log = undo.enter_context(log_path.open("w"))
        one = Stack(env, port, _children(env, folder, parts, log), servers, log_path)
        for child in one.children.values():
            undo.callback(child.stop)
            child.start()
        if ready and "web" in parts:
            one.wait_ready()
        yield one


def _children(env: dict[str, str], folder: Path, parts: Sequence[str], log: IO[str]) -> dict[str, Child]:
    return {name: processes.child(name, env, folder, log=log) for name in parts}


def _addresses(folder: Path, port: int, redis: Server) -> dict[str, str]:
    assert isinstance(redis, Redis)
    made = {key: folder / name for key, name in (("EXPORTS_DIR", "exports"), ("READ_SPOOL_DIR", "spool"))}
    mail = folder / "mail"
    for place in (*made.values(), mail):
        place.mkdir()
    return {
        "PORT": str(port),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "REDIS_URL": redis.url,
        "EMAIL_URL": f"file://{mail}",
        **{key: str(place) for key, place in made.items()},
    }


def _own_env(env: dict[str, str], source: str, servers: dict[str, Server], undo: ExitStack) -> dict[str, str]:
    """The environment with a copy of the template that nobody else uses."""
    postgres = servers.get("postgres")
    if isinstance(postgres, Postgres):
        _carry_over(databases.named(databases.admin_url(env), source), postgres)
        return {
            **env,
            "DATABASE_URL": postgres.url(APP),
            "MIGRATE_DATABASE_URL": postgres.url(OWNER),
            "ADMIN_DATABASE_URL": postgres.superuser_url("postgres"),
        }
    name = databases.copy(env, source, label="stack")
    undo.callback(databases.drop, env, name)
    return databases.env_for(env, name)


def _carry_over(source_url: str, target: Postgres) -> None:
    """Copies a database into another cluster, with its owners and privileges."""
    target.execute(
        "postgres", "DROP DATABASE pathways", f"CREATE DATABASE pathways OWNER {OWNER} TEMPLATE template0"
    )
    command = [str(binary("pg_dump")), "-Fc", "-Z0", source_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as dump:
        subprocess.run(
            [str(binary("pg_restore")), "--exit-on-error", "-d", target.superuser_url()],
            stdin=dump.stdout,
            check=True,
        )
        if dump.wait():
            raise RuntimeError("pg_dump of the template failed.")
