"""Where the launcher keeps what it makes, and who must be able to reach it."""

import hashlib
import os
import pwd
import stat
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# PostgreSQL refuses to run as root; this account is on every Unix and owns nothing.
UNPRIVILEGED = "nobody"


def unprivileged() -> pwd.struct_passwd | None:
    """The account that servers run as when the launcher is root; None when they may run as ourselves."""
    return pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None


def reachable(folder: Path) -> bool:
    """Whether an account that owns nothing may walk into this folder."""
    return all(part.stat().st_mode & stat.S_IXOTH for part in (folder, *folder.parents))


def data_folder() -> Path:
    """`.data` in the project; where root's servers cannot reach the project, a link into /var/tmp."""
    data = ROOT / ".data"
    if not data.exists():
        if unprivileged() and not reachable(ROOT):
            data.symlink_to(_own_folder(_elsewhere()))
        else:
            data.mkdir(mode=0o755)
    return data


def for_server(folder: Path) -> Path:
    """A folder that only the server's account can open."""
    folder.mkdir(parents=True, exist_ok=True)
    if account := unprivileged():
        os.chown(folder, account.pw_uid, account.pw_gid)
    folder.chmod(0o700)
    return folder


def _elsewhere() -> Path:
    return Path("/var/tmp") / f"pathways-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]}"


def _own_folder(folder: Path) -> Path:
    """Makes the folder, and refuses one that somebody else put there first."""
    folder.mkdir(mode=0o755, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise SystemExit(f"{folder} belongs to somebody else; remove it or move the project.")
    return folder
