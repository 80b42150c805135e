"""Asks the web server of this machine whether it is ready: a container's health check. Exits with 1 when it is not."""

import os
import sys
import urllib.request

WITHIN = 4.0


def ready(address: str, hosts: str) -> bool:
    """Whether the server answers well, asked under the first host name that it serves."""
    host = hosts.split(",")[0].strip().lstrip(".")
    question = urllib.request.Request(f"{address}/health/ready", headers={"Host": host})
    try:
        urllib.request.urlopen(question, timeout=WITHIN).close()
    except OSError:
        # Refused, too slow, or an error status: urllib's errors are all of this kind.
        return False
    return True


def main() -> int:
    """Answers the exit code."""
    port = os.environ.get("WEB_BIND", ":8000").rpartition(":")[2]
    return 0 if ready(f"http://127.0.0.1:{port}", os.environ.get("ALLOWED_HOSTS", "localhost")) else 1


if __name__ == "__main__":
    sys.exit(main())
