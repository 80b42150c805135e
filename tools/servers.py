"""A server that several commands may share: the first one starts it, the last one to leave stops it."""

import fcntl
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from tools.folders import for_server


class ServerError(RuntimeError):
    """A server did not start; the message says where its log is."""


def free_port() -> int:
    """A port on the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def port_is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def alive(pid: int | None) -> bool:
    """Whether a process of this id runs; one that ended and was not yet waited for does not."""
    if not pid:
        return False
    try:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _program(pid: int | None) -> str:
    """The name of a process's program."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except FileNotFoundError:
        told = subprocess.run(
            ["ps", "-p", str(pid), "-o", "comm="], capture_output=True, text=True, check=False
        )
        return told.stdout.strip()


def wait_until(condition: Callable[[], bool], seconds: float, every: float = 0.02) -> bool:
    """Asks until the answer is yes or the time is up; answers which."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(every)
    return True


class Server:
    """One server in one folder. Subclasses say how it is prepared, its command, and when it answers."""

    name = "server"
    program = "server"
    stop_signal = signal.SIGTERM
    kill_after = 10.0

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._joined: IO[str] | None = None
        # Our own child, when it was we who started the server; it may outlive us for others' sake.
        self._child: subprocess.Popen[bytes] | None = None

    # What subclasses say.

    def prepare(self) -> None:
        """Makes whatever must be there before the first start."""

    def command(self, port: int) -> list[str]:
        """The command that runs the server in the foreground."""
        raise NotImplementedError

    def pid(self) -> int | None:
        """The process that holds the folder, as the server itself noted it."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Whether the server takes requests now."""
        raise NotImplementedError

    def first_use(self) -> None:
        """Runs after each start, before anybody else may use the server."""

    # What commands call.

    @property
    def port(self) -> int:
        """The loopback port, kept from one start to the next so that addresses stay true."""
        return int((self.folder / "port").read_text())

    @property
    def log(self) -> Path:
        """Where the server writes what it has to say."""
        return self.folder / "log"

    def running(self) -> bool:
        """Whether the server's process is there, and not a stranger that got its number after a restart."""
        pid = self.pid()
        return self._alive(pid) and self.program in _program(pid)

    @property
    def joined(self) -> bool:
        """Whether this command uses the server now."""
        return self._joined is not None

    def join(self) -> None:
        """Uses the server, starting it when nobody has."""
        for_server(self.folder)
        with self._starting():
            self._joined = (self.folder / "users.lock").open("w")
            fcntl.flock(self._joined, fcntl.LOCK_SH)
            if not self.running():
                self._start()

    def leave(self) -> None:
        """Stops using the server; the last to leave stops it."""
        if self._joined is None:
            return
        with self._starting():
            try:
                fcntl.flock(self._joined, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                self.stop()
            self._joined.close()
            self._joined = None

    def ensure(self) -> bool:
        """Starts the server again if it is gone; answers whether it was."""
        if self.running():
            return False
        with self._starting():
            if self.running():
                return False
            self._start()
        return True

    def stop(self) -> None:
        """Asks the server to end, and ends it when it does not."""
        if self.running() and not self._end(self.stop_signal, self.kill_after):
            self._end(signal.SIGKILL, 5)

    def kill(self) -> None:
        """Ends the server without warning, as a power cut would."""
        self._end(signal.SIGKILL, 5)

    def _end(self, number: int, within: float) -> bool:
        """Sends a signal and waits for the process itself: its note goes earlier, while it still holds the port."""
        pid = self.pid()
        self.signal(number)
        return wait_until(lambda: not self._alive(pid), within)

    def _alive(self, pid: int | None) -> bool:
        if self._child:
            self._child.poll()
        return alive(pid)

    def signal(self, number: int) -> None:
        """Sends a signal to the server's process."""
        if pid := self.pid():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    @contextmanager
    def _starting(self) -> Iterator[None]:
        with (self.folder / "start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _start(self) -> None:
        self.prepare()
        port = self._choose_port()
        with self.log.open("ab") as log:
            # A session of its own, so that ctrl-C reaches the launcher first and it keeps the order.
            child = self._child = subprocess.Popen(
                self.command(port), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, **self.account(),
            )  # fmt: skip
        if not wait_until(lambda: child.poll() is not None or self.answers(), 30) or not self.answers():
            raise ServerError(f"{self.name} did not start; see {self.log}\n{_tail(self.log)}")
        self.first_use()

    def account(self) -> dict[str, Any]:
        """Popen's words for the account that the server runs as; ours unless a subclass says otherwise."""
        return {}

    def _choose_port(self) -> int:
        note = self.folder / "port"
        if note.exists() and port_is_free(int(note.read_text())):
            return int(note.read_text())
        port = free_port()
        note.write_text(str(port))
        note.chmod(0o644)
        return port


def _tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
