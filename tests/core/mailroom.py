"""A mail server of a test's own: it takes letters, or keeps whoever brings one waiting at the door."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

DONE, SEND, BYE = b"250 ok\r\n", b"354 go on\r\n", b"221 bye\r\n"


class Mailroom(socketserver.ThreadingTCPServer):
    """`letters`: what was taken in. While `is_shut`, `knocked` is set by whoever comes, and nobody is let in."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.letters: list[str] = []
        self.is_shut = False
        self.knocked = threading.Event()
        self.over = threading.Event()

    @property
    def url(self) -> str:
        """For EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Door(socketserver.StreamRequestHandler):
    server: Mailroom

    def handle(self) -> None:
        if self.server.is_shut:
            self.server.knocked.set()
            self.server.over.wait()
            return
        self.wfile.write(b"220 mailroom\r\n")
        for line in self.rfile:
            command = line.upper()
            if command.startswith(b"QUIT"):
                self.wfile.write(BYE)
                return
            self.wfile.write(SEND if command.startswith(b"DATA") else DONE)
            if command.startswith(b"DATA"):
                self.server.letters.append("".join(self._body()))
                self.wfile.write(DONE)

    def _body(self) -> Iterator[str]:
        for line in self.rfile:
            if line == b".\r\n":
                return
            yield line.decode(errors="replace")


@contextmanager
def open_mailroom() -> Iterator[Mailroom]:
    """A mail server on loopback for as long as it is needed."""
    with Mailroom() as room:
        threading.Thread(target=room.serve_forever, daemon=True).start()
        yield room
        room.over.set()
        room.shutdown()
