"""Starts what the project needs on one machine, runs a command or keeps it up, and stops in order.

`run` keeps everything up until ctrl-C; `exec -- COMMAND` runs one command with the servers up; `stack` keeps
a separate application up on a copy of a made-up database, for looking at while tests run.
"""

import argparse
import fcntl
import json
import os
import signal
import subprocess
import sys
import types
from pathlib import Path
from typing import IO

from tools import frontend, processes, stack
from tools.environment import DEFAULT_PORT, embedded_servers, served, variables
from tools.folders import ROOT, data_folder
from tools.servers import ServerError, alive, port_is_free, wait_until
from tools.supervise import Child, KeptServer, Supervisor, say

SEED = ["--patients", "1500", "--years", "10", "--seed", "1"]


def main(arguments: list[str] | None = None) -> int:
    """Reads the command line; answers the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.launcher", description=__doc__)
    commands = parser.add_subparsers(dest="verb", required=True)
    commands.add_parser("run", help="keep the application up until ctrl-C")
    execute = commands.add_parser("exec", help="run a command with the servers up, and pass its exit code")
    execute.add_argument(
        "--ephemeral", action="store_true", help="on the test cluster, which forgets a power cut"
    )
    execute.add_argument("--no-frontend", action="store_true", help="leave static files as they are")
    execute.add_argument("command", nargs=argparse.REMAINDER)
    looking = commands.add_parser("stack", help="keep a separate application up on a copy of made-up data")
    looking.add_argument("--patients", type=int, default=stack.FEW_PATIENTS)
    chosen = parser.parse_args(arguments)
    os.chdir(ROOT)
    try:
        if chosen.verb == "run":
            return run()
        if chosen.verb == "stack":
            return look(chosen.patients)
        return execute_command(chosen.command, ephemeral=chosen.ephemeral, build=not chosen.no_frontend)
    except (ServerError, StepFailed) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1


class StepFailed(RuntimeError):
    """A step before the start failed; its own output says why."""


def execute_command(command: list[str], *, ephemeral: bool, build: bool = True) -> int:
    """Runs a command with the servers up; ctrl-C is the command's to handle."""
    command = command[1:] if command[:1] == ["--"] else command
    if not command:
        raise StepFailed("Say which command to run, after --.")
    with _termination_as_exit(), served(ephemeral=ephemeral) as env:
        if build:
            static_files(env)
        code = _passing_on(command, env)
    return code if code >= 0 else 128 - code


def _passing_on(command: list[str], env: dict[str, str]) -> int:
    """Runs the command; a SIGTERM is passed on to it, also one that comes while it is just starting."""
    started: list[subprocess.Popen[bytes]] = []
    asked: list[int] = []

    def pass_on(number: int, frame: types.FrameType | None) -> None:
        asked.append(number)
        for one in started:
            one.send_signal(number)

    signal.signal(signal.SIGINT, _leave_it_to_the_command)
    signal.signal(signal.SIGTERM, pass_on)
    started.append(subprocess.Popen(command, env=env))
    if asked:
        started[0].terminate()
    return started[0].wait()


def run() -> int:
    """Prepares everything, then keeps web, worker, beat and the servers up until told to stop."""
    port = int(os.environ.get("PORT", DEFAULT_PORT))
    with (data_folder() / "run.lock").open("a+") as lock:
        if not _only_one(lock):
            return 1
        # What was just ended lets go of the port a moment later.
        if not wait_until(lambda: port_is_free(port), 5 if _end_leftovers() else 0):
            raise StepFailed(f"Port {port} is taken by another program. Choose one: PORT=8001 make run")
        servers = embedded_servers()
        try:
            with _termination_as_exit():
                for server in servers:
                    say(server.name, "starting")
                    server.join()
                env = variables(servers)
                prepare(env)
        except BaseException:
            for server in reversed(servers):
                server.leave()
            raise
        _note(lock, env["SITE_URL"])
        keep_up([KeptServer(server) for server in servers], env)
    return 0


def prepare(env: dict[str, str]) -> None:
    """Static files, tables, and made-up people the first time."""
    static_files(env)
    say("run", "bringing the tables up to date")
    _step(env, "migrate", "--verbosity", "0")
    if _manage(env, "seed", "--check", quiet=True) != 0:
        say("run", "making up an England of people, the first time only; this takes a minute")
        _step(env, "seed", *SEED)


def keep_up(servers: list[KeptServer], env: dict[str, str]) -> None:
    """The supervisor's life. It stops the web first, then the worker and beat, and the servers last."""
    children = [processes.child(name, env, data_folder()) for name in ("beat", "worker", "web")]
    supervisor = Supervisor([*servers, *children])
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, supervisor.end)
    supervisor.start()
    _remember(children)
    say("run", f"Secure pathways is at {env['SITE_URL']}  (ctrl-C stops it)")
    if env.get("DEMO") == "1":
        say(
            "run",
            "Everyone in it is made up. The sign-in page lists the demonstration accounts.",
        )
    try:
        supervisor.watch(after=lambda: _remember(children))
    finally:
        supervisor.stop()
        (data_folder() / "run.json").unlink(missing_ok=True)
        say("run", "stopped")


def look(patients: int) -> int:
    """A separate application on a copy of a made-up database, until ctrl-C."""
    with served(ephemeral=True) as env:
        static_files(env)
        with stack.running(env, patients=patients) as one:
            say("stack", f"{one.url}  log: {one.log_path}  (ctrl-C stops it)")
            try:
                signal.pause()
            except KeyboardInterrupt:
                return 0
    return 0


def static_files(env: dict[str, str]) -> None:
    """Builds the style sheet and scripts where they changed, and gathers all static files where they did."""
    frontend.build()
    mark = Path(env["STATIC_ROOT"]) / ".gathered"
    now = frontend.STAMP.read_text() + (ROOT / "requirements.txt").read_text()
    if mark.exists() and mark.read_text() == now:
        return
    with (data_folder() / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        say("run", "gathering static files")
        _step(env, "collectstatic", "--noinput", "--clear", "--verbosity", "0")
        mark.write_text(now)


def _manage(env: dict[str, str], *arguments: str, quiet: bool = False) -> int:
    output = subprocess.DEVNULL if quiet else None
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, env=env, stdout=output, stderr=output, check=False).returncode


def _step(env: dict[str, str], *arguments: str) -> None:
    if code := _manage(env, *arguments):
        raise StepFailed(f"“manage.py {' '.join(arguments)}” failed with code {code}; nothing was started.")


class _termination_as_exit:
    """SIGTERM unwinds the stack, so that whatever was started is stopped."""

    def __enter__(self) -> None:
        self.before = signal.signal(signal.SIGTERM, self._leave)

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGTERM, self.before)

    def _leave(self, number: int, frame: types.FrameType | None) -> None:
        raise SystemExit(128 + number)


def _leave_it_to_the_command(number: int, frame: types.FrameType | None) -> None:
    """The command shares our terminal and has had the same ctrl-C. Not SIG_IGN, which it would inherit."""


def _only_one(lock: IO[str]) -> bool:
    """Takes the lock; says who holds it when somebody does."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        sys.stderr.write(
            f"Secure pathways is already running: {lock.read().strip() or 'it is just starting'}\n"
        )
        return False
    _note(lock, "")
    return True


def _note(lock: IO[str], url: str) -> None:
    lock.seek(0)
    lock.truncate()
    lock.write(f"{url} (process {os.getpid()})" if url else "")
    lock.flush()


def _remember(children: list[Child]) -> None:
    """Notes our processes, for a next start after we were killed without warning."""
    pids = [child.process.pid for child in children if child.process and child.running()]
    note = data_folder() / "run.json"
    if not note.exists() or json.loads(note.read_text()) != pids:
        half = note.with_suffix(".half")
        half.write_text(json.dumps(pids))
        half.replace(note)


def _end_leftovers() -> bool:
    """Ends what a launcher that was killed left behind, only leaders of our kind; answers whether there were any."""
    note = data_folder() / "run.json"
    if not note.exists():
        return False
    left = [pid for pid in json.loads(note.read_text()) if alive(pid) and _is_ours(pid)]
    for pid in left:
        say("run", f"ending process {pid}, left over from a launcher that was killed")
        os.killpg(pid, signal.SIGKILL)
    note.unlink()
    return bool(left)


def _is_ours(pid: int) -> bool:
    """Whether the process was started from this project, as far as its command line tells."""
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        told = subprocess.run(["ps", "-p", str(pid), "-o", "args="], capture_output=True, check=False)
        line = told.stdout
    return sys.executable.encode() in line and b"config" in line


if __name__ == "__main__":
    sys.exit(main())
