"""How pages are measured: the page, the very SQL it ran, and a bare page, turn by turn in one run."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

TURNS = 25


@dataclass
class Page:
    """One page's figures, in milliseconds at the 95th percentile."""

    name: str
    page_ms: float
    sql_ms: float
    bare_ms: float
    queries: int

    @property
    def ratio(self) -> float:
        """The page against its own SQL run bare and a bare signed-in page."""
        return self.page_ms / (self.sql_ms + self.bare_ms)


def p95(times: list[float]) -> float:
    """The 95th percentile, in milliseconds, of times in seconds."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1] * 1000


def timed(act: Callable[[], object]) -> float:
    """How many seconds something took."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def opened(client: Client, address: str):
    """The page, which must be there. Words searched for are posted: `/patients/ words=smith`."""
    path, _, search = address.partition(" ")
    response = client.post(path, dict([search.split("=")])) if search else client.get(path)
    assert response.status_code == 200, f"{address} answered {response.status_code}"
    return response


def statements_of(client: Client, address: str) -> list[str]:
    """The SELECTs that a page runs, as they were sent."""
    with CaptureQueriesContext(connection) as captured:
        opened(client, address)
    return [query["sql"] for query in captured.captured_queries]


def run_bare(statements: list[str]) -> None:
    """Run statements with nothing around them and fetch what they find."""
    with connection.cursor() as cursor:
        for statement in statements:
            if statement.lstrip().upper().startswith(("SELECT", "WITH")):
                cursor.execute(statement)
                cursor.fetchall()


def measure(name: str, client: Client, address: str) -> Page:
    """Warm everything once, then measure the three turn by turn, so that a noisy machine is noisy for all."""
    opened(client, address)
    statements = statements_of(client, address)
    reads = [statement for statement in statements if "accounts_access" not in statement]
    for warm in (lambda: opened(client, address), lambda: run_bare(reads), lambda: opened(client, "/bare/")):
        warm()
    page, sql, bare = [], [], []
    for _ in range(TURNS):
        page.append(timed(lambda: opened(client, address)))
        sql.append(timed(lambda: run_bare(reads)))
        bare.append(timed(lambda: opened(client, "/bare/")))
    return Page(name, p95(page), p95(sql), p95(bare), len(statements))
