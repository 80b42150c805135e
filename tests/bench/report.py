"""Writes docs/performance.md from what was measured in this run."""

import os
import platform
from datetime import date
from pathlib import Path

from tests.bench.measuring import Page

TARGET = Path(__file__).resolve().parents[2] / "docs" / "performance.md"


def machine() -> str:
    """Processor count, memory and versions, without the machine's name."""
    memory = Path("/proc/meminfo")
    kilobytes = int(memory.read_text().split()[1]) if memory.exists() else 0
    size = f"{os.cpu_count()} cores, {kilobytes // 1024 // 1024} GB"
    return f"{size}, {platform.system()}, Python {platform.python_version()}"


def held(holds: bool) -> str:
    """Yes, or a no that is seen."""
    return "yes" if holds else "**no**"


def write(
    pages: list[Page], counts: dict[str, tuple[int, int]], others: list[tuple[str, str, str, bool]], size: str
) -> None:
    """The whole file: pages against their yardsticks, numbers of queries, and everything measured otherwise."""
    lines = [
        "# Performance",
        "",
        f"Measured by `make bench` on {date.today():%-d %B %Y}: {machine()}. {size}",  # noqa: DTZ011
        "",
        "Ratios are of one run, the three measured turn by turn; milliseconds are the 95th percentile of 25 turns and",
        "say little on another machine. The read log is on.",
        "",
        "## Pages",
        "",
        "| page | page ms | its SQL bare ms | bare page ms | ratio | limit | holds |",
        "|---|--:|--:|--:|--:|--:|---|",
    ]
    lines += [
        f"| {page.name} | {page.page_ms:.0f} | {page.sql_ms:.0f} | {page.bare_ms:.0f} | {page.ratio:.2f} | 2.00 | "
        f"{held(page.ratio <= 2)} |"
        for page in pages
    ]
    lines += [
        "",
        "## Number of queries",
        "",
        "| page | small installation | this one | holds |",
        "|---|--:|--:|---|",
    ]
    lines += [
        f"| {name} | {small} | {large} | {'yes' if small == large else '**no**'} |"
        for name, (small, large) in counts.items()
    ]
    lines += ["", "## Sweep and export", "", "| what | measured | limit | holds |", "|---|--:|--:|---|"]
    lines += [f"| {what} | {found} | {limit} | {held(holds)} |" for what, found, limit, holds in others]
    TARGET.write_text("\n".join(lines) + "\n")
