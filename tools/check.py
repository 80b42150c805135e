"""The checks that need the application's environment, each run even when one before it failed."""

import subprocess
import sys
import sysconfig
from pathlib import Path

BIN = Path(sysconfig.get_path("scripts"))
PYTHON = sys.executable

CHECKS = (
    [str(BIN / "mypy")],
    [str(BIN / "lint-imports")],
    [PYTHON, "-m", "pytest", "-q", "tests/codebase"],
    [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    [PYTHON, "manage.py", "docs", "--check"],
)


def main() -> int:
    """Answers 1 when any check failed, and names those that did."""
    failed = []
    for command in CHECKS:
        shown = " ".join([Path(command[0]).name, *command[1:]])
        sys.stdout.write(f"\n$ {shown}\n")
        sys.stdout.flush()
        if subprocess.run(command, check=False).returncode:
            failed.append(shown)
    if failed:
        sys.stderr.write("\nFailed:\n" + "".join(f"  {shown}\n" for shown in failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
