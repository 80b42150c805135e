"""Keeping processes up: start, restart after a death with a growing pause, stop in a given order."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import IO, Protocol

from tools.servers import Server

# A child that lived this long is well again: its next death is restarted at once.
WELL_AFTER = 30.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0


def say(name: str, line: str) -> None:
    """One prefixed line on standard output."""
    sys.stdout.write(f"{name:>8} | {line}\n")
    sys.stdout.flush()


class Kept(Protocol):
    """What a supervisor keeps up."""

    name: str

    def start(self) -> None:
        """Begins."""

    def running(self) -> bool:
        """Whether it is up now."""

    def stop(self) -> None:
        """Ends it in order, or by force."""


class Child:
    """A process of ours, in a session of its own, its output prefixed with its name."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        env: dict[str, str],
        *,
        grace: float = 10.0,
        log: IO[str] | None = None,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.env = env
        self.grace = grace
        self.log = log
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Starts the process and a thread that passes its lines on."""
        self.process = subprocess.Popen(
            self.command, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True,
        )  # fmt: skip
        threading.Thread(target=self._pass_on, args=(self.process,), daemon=True).start()

    def running(self) -> bool:
        """Whether the process is there."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Asks the process to end; after its grace ends it and everything it started."""
        if not self.process or not self.running():
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(self.grace)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """Ends the process and everything it started without warning."""
        if self.process:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return
            self.process.wait(5)

    def _pass_on(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        with process.stdout:
            for line in process.stdout:
                if self.log:
                    self.log.write(f"{self.name:>8} | {line}")
                    self.log.flush()
                else:
                    say(self.name, line.rstrip("\n"))


class KeptServer:
    """A server that may be shared with other commands: brought back when it dies, ended by the last one out."""

    def __init__(self, server: Server) -> None:
        self.name = server.name
        self.server = server

    def start(self) -> None:
        """Joins it, or brings it back."""
        self.server.join() if not self.server.joined else self.server.ensure()

    def running(self) -> bool:
        """Whether its process is there."""
        return self.server.running()

    def stop(self) -> None:
        """Leaves it."""
        self.server.leave()


class Supervisor:
    """Keeps things up until told to stop; they are given in the order of starting and stop in the reverse."""

    def __init__(self, kept: Sequence[Kept], *, tell: Callable[[str, str], None] = say) -> None:
        self.kept = list(kept)
        self.tell = tell
        self._ending = threading.Event()
        self._pauses: dict[str, float] = {}
        self._started: dict[str, float] = {}
        self._due: dict[str, float] = {}

    def start(self) -> None:
        """Starts everything that is not up."""
        for one in self.kept:
            if not one.running():
                self._begin(one)

    def end(self, *_: object) -> None:
        """Asks `watch` to return; a signal handler."""
        self._ending.set()

    def watch(self, every: float = 0.3, after: Callable[[], None] = lambda: None) -> None:
        """Looks after everything until the end is asked for; `after` runs after each look."""
        while not self._ending.wait(every):
            self.look()
            after()

    def look(self) -> None:
        """One round: whatever is down is started when its pause is over."""
        now = time.monotonic()
        for one in self.kept:
            if one.running():
                continue
            if one.name not in self._due:
                self._due[one.name] = now + self._pause(one.name, now)
                self.tell(one.name, f"ended; starting again in {self._due[one.name] - now:.1f} s")
            if now >= self._due[one.name]:
                self._begin(one)

    def stop(self) -> None:
        """Stops everything, the last started first."""
        for one in reversed(self.kept):
            if one.running():
                self.tell(one.name, "stopping")
            one.stop()

    def _begin(self, one: Kept) -> None:
        self._due.pop(one.name, None)
        self._started[one.name] = time.monotonic()
        try:
            one.start()
        except Exception as problem:
            # One that cannot start now is tried again later; the others stay up.
            self.tell(one.name, f"did not start: {problem}")

    def _pause(self, name: str, now: float) -> float:
        lived = now - self._started.get(name, now)
        last = self._pauses.get(name, 0.0)
        pause = FIRST_PAUSE if lived > WELL_AFTER or not last else min(last * 2, LONGEST_PAUSE)
        self._pauses[name] = pause
        return pause
