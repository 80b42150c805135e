"""The dashboard's parts: each a title, what it means, a table, and perhaps a chart of the same numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assessments.codes import RepeatReason
from core.pages import FILTERS
from pathways.models import FlagRule
from referrals.codes import DelayParty, DelayReason, EndReason
from reports.figures.counts import INTERVALS
from reports.figures.suppression import Shown, hide_lone, part_shown, rate_shown, shown

Address = Callable[..., str]
LEVELS = list(FlagRule.Level.choices)


@dataclass(frozen=True)
class Cell:
    """A cell, and the page of the rows behind it or of a narrower question."""

    value: Any
    link: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it stands to the right: a number, a share, or what hides or lacks one."""
        return not isinstance(self.value, str) or self.value == "*" or self.value.endswith("%")

    @property
    def words(self) -> str:
        """As the page shows it; a figure with nothing to count is a dash."""
        if self.value is None:
            return "–"
        return self.value if isinstance(self.value, str) else FILTERS["number"](self.value)


@dataclass(frozen=True)
class Chart:
    """What the script draws: names along one axis, and series of numbers."""

    kind: str
    names: list[str]
    series: list[dict[str, Any]]
    unit: str = ""


@dataclass(frozen=True)
class Panel:
    """One part. The first cell of a row is its heading."""

    key: str
    title: str
    definition: str
    headings: list[str]
    rows: list[list[Cell]]
    chart: Chart | None = None
    nothing: str = "Nothing in this period."

    def values(self) -> list[list[Any]]:
        """The table's bare values, for a file."""
        return [[cell.value for cell in row] for row in self.rows]


def panels(figures: Mapping[str, Any], rows_at: Address, narrowed: Address) -> list[Panel]:
    """Every part. `rows_at(figure, of, month=…)` leads to rows, `narrowed(month=…)` to the same page about less."""
    return [
        _by_month(figures["by_month"], rows_at, narrowed),
        _intervals(figures["intervals"]),
        _waiting(figures["waiting"], rows_at),
        _ended(figures["ended"], rows_at),
        _area("by_region", "By region of the prison", "region", figures["by_region"], rows_at, narrowed),
        _area(
            "by_provider",
            "By provider of the hospital",
            "provider",
            figures["by_provider"],
            rows_at,
            narrowed,
        ),
        _delays(figures["delays"], rows_at),
        _flags(figures["flags"], rows_at),
        _assessments(figures["assessments"], rows_at),
        _repeated(figures["repeated"], rows_at),
    ]


def per_cent(part: int, whole: int) -> str | None:
    """“25%”, or None where there is nothing to be a share of."""
    return f"{100 * part / whole:.0f}%" if whole else None


def _by_month(months: Sequence[Mapping[str, Any]], rows_at: Address, narrowed: Address) -> Panel:
    first_days = [date.fromisoformat(f"{row['month']}-01") for row in months]
    return Panel(
        "by-month",
        "By month",
        "Asked for in the month, and received in the month. A person received may have been asked for long before.",
        [
            "Month",
            "Asked for",
            "Received",
            "Within 14 days",
            "Share",
            "Within 28 days",
            "Median days",
            "90th percentile",
        ],
        [
            [
                Cell(f"{day:%B %Y}", narrowed(**{"from": row["month"], "to": row["month"]})),
                Cell(row["asked"]),
                Cell(row["received"], rows_at("received", **{"from": row["month"], "to": row["month"]})),
                Cell(row["within_14"]),
                Cell(per_cent(row["within_14"], row["received"])),
                Cell(row["within_28"]),
                Cell(row["median"]),
                Cell(row["ninetieth"]),
            ]
            for day, row in zip(first_days, months, strict=True)
        ],
        Chart(
            "stacked",
            [f"{day:%b %Y}" for day in first_days],
            [
                {"name": "Within 14 days", "data": [row["within_14"] for row in months]},
                {"name": "Day 15 or later", "data": [row["received"] - row["within_14"] for row in months]},
            ],
            "received",
        ),
    )


def _intervals(intervals: Sequence[Mapping[str, Any]]) -> Panel:
    words = [INTERVALS[row["number"]][2] for row in intervals]
    return Panel(
        "intervals",
        "How long each part took",
        "Days between steps of those received in the period, where both days are known. A step done before the one "
        "above it counts as 0 days. The parts' medians do not add up to that of the whole.",
        ["From and to", "Transfers", "Median days", "90th percentile"],
        [
            [Cell(name), Cell(row["n"]), Cell(row["median"]), Cell(row["ninetieth"])]
            for name, row in zip(words, intervals, strict=True)
        ],
        Chart(
            "bars",
            words,
            [
                {"name": "Median", "data": [row["median"] for row in intervals]},
                {"name": "90th percentile", "data": [row["ninetieth"] for row in intervals]},
            ],
            "days",
        ),
    )


def _waiting(waiting: Mapping[str, Any], rows_at: Address) -> Panel:
    return Panel(
        "waiting",
        "Still waiting",
        "Waits that are not over, counted to the day asked about. They are never mixed with those of people "
        "received, and the median so far will grow.",
        ["Measure", "Number"],
        [
            [Cell("Still waiting"), Cell(waiting["waiting"], rows_at("waiting"))],
            [Cell("More than 14 days"), Cell(waiting["over_14"], rows_at("over_14"))],
            [Cell("More than 28 days"), Cell(waiting["over_28"], rows_at("over_28"))],
            [Cell("Longest wait so far, days"), Cell(waiting["longest"])],
            [Cell("Median so far, days"), Cell(waiting["waiting_median"])],
        ],
    )


def _ended(ended: Sequence[Mapping[str, Any]], rows_at: Address) -> Panel:
    return Panel(
        "ended",
        "Ended without admission",
        "Transfers that ended in the period with nobody received in hospital.",
        ["How it ended", "Transfers", "Median days"],
        [
            [
                Cell(EndReason(row["reason"]).label),
                Cell(row["n"], rows_at("ended", row["reason"])),
                Cell(row["median"]),
            ]
            for row in ended
        ],
    )


def _area(
    key: str,
    title: str,
    question: str,
    areas: Sequence[Mapping[str, Any]],
    rows_at: Address,
    narrowed: Address,
) -> Panel:
    return Panel(
        key.replace("_", "-"),
        title,
        "Received in the period; still waiting on the day asked about"
        + (", where a service has accepted the person." if question == "provider" else "."),
        [
            "Name",
            "Received",
            "Within 14 days",
            "Share",
            "Within 28 days",
            "Share",
            "Median days",
            "90th percentile",
            "Waiting",
            "Over 14 days",
            "Over 28 days",
        ],
        [
            [
                Cell(row["name"], narrowed(**{question: row["code"]})),
                Cell(row["received"], rows_at("received", **{question: row["code"]})),
                Cell(row["within_14"]),
                Cell(per_cent(row["within_14"], row["received"])),
                Cell(row["within_28"]),
                Cell(per_cent(row["within_28"], row["received"])),
                Cell(row["median"]),
                Cell(row["ninetieth"]),
                Cell(row["waiting"], rows_at("waiting", **{question: row["code"]})),
                Cell(row["over_14"], rows_at("over_14", **{question: row["code"]})),
                Cell(row["over_28"], rows_at("over_28", **{question: row["code"]})),
            ]
            for row in areas
        ],
    )


def _delays(delays: Sequence[Mapping[str, Any]], rows_at: Address) -> Panel:
    parties: dict[str, int] = {}
    for row in delays:
        parties[row["party"]] = parties.get(row["party"], 0) + row["days"]
    in_order = sorted(parties, key=lambda party: -parties[party])
    return Panel(
        "delays",
        "Days of delay by party and reason",
        "Days of the period put down to one party and one main reason, which never overlap. Delays are attributed and "
        "not taken off the wait. One that goes on counts to the day asked about.",
        ["Party", "Main reason", "Transfers", "Days"],
        [
            [
                Cell(DelayParty(row["party"]).label),
                Cell(DelayReason(row["reason"]).label),
                Cell(row["transfers"], rows_at("delayed", f"{row['party']}:{row['reason']}")),
                Cell(row["days"]),
            ]
            for row in delays
        ],
        Chart(
            "bars",
            [str(DelayParty(party).label) for party in in_order],
            [{"name": "Days", "data": [parties[party] for party in in_order]}],
            "days",
        )
        if delays
        else None,
    )


def _flags(flags: Sequence[Mapping[str, Any]], rows_at: Address) -> Panel:
    cells: dict[str, dict[str, Cell]] = {}
    for row in flags:
        behind = rows_at("flagged", f"{row['code']}:{row['level']}")
        cells.setdefault(row["policy"], {})[row["level"]] = Cell(row["n"], behind)
    return Panel(
        "flags",
        "Flags raised",
        "Flags that became true in the period, by limit and level. Those that a "
        "corrected first day made untrue are left out.",
        ["Limit", *(str(words) for _level, words in LEVELS)],
        [
            [Cell(policy), *(levels.get(level, Cell(0)) for level, _words in LEVELS)]
            for policy, levels in cells.items()
        ],
    )


def _assessments(counts: Mapping[str, Any], rows_at: Address) -> Panel:
    return Panel(
        "assessments",
        "Assessments shared",
        "First versions signed in the period, of people with a transfer counted here. Shared: another service's newest "
        "word accepts it as its own, with or without a question. Each such word is an assessment not made again.",
        ["Measure", "Number"],
        [
            [Cell("Signed"), Cell(counts["signed"], rows_at("signed"))],
            [Cell("Shared with another service"), Cell(counts["shared"], rows_at("shared"))],
            [Cell("Times shared"), Cell(counts["times_shared"])],
        ],
    )


def _repeated(repeated: Sequence[Mapping[str, Any]], rows_at: Address) -> Panel:
    return Panel(
        "repeated",
        "Assessments repeated",
        "Second assessments begun in the period while one was open or current, by reason and service. Those given up "
        "are left out.",
        ["Reason", "Service", "Assessments"],
        [
            [
                Cell(RepeatReason(row["reason"]).label),
                Cell(row["service"]),
                Cell(row["n"], rows_at("repeated", f"{row['reason']}:{row['service_id']}")),
            ]
            for row in repeated
        ],
    )


def other_areas(key: str, title: str, areas: Sequence[Mapping[str, Any]]) -> Panel:
    """A table of all England for somebody who may not see single people there. Nothing in it opens onto rows."""
    columns = _suppressed(areas)
    return Panel(
        f"england-{key}",
        title,
        "All England, as it stood when the last whole month ended. Counts below 5 are shown as * and others are "
        "rounded to the nearest 5. A rate is hidden where either of its parts is.",
        ["Name", "Received", "Within 14 days", "Share", "Within 28 days", "Share", "Waiting", "Over 28 days"],
        [
            [Cell(row["name"]), *(Cell(cell) for cell in cells)]
            for row, cells in zip(areas, columns, strict=True)
        ],
    )


def _suppressed(areas: Sequence[Mapping[str, Any]]) -> list[list[Shown | str]]:
    """Each area's cells. Every column of counts has its lone hidden cell kept company, and rates with their parts."""
    whole = {
        "received": "received",
        "within_14": "received",
        "within_28": "received",
        "waiting": "waiting",
        "over_28": "waiting",
    }
    column: dict[str, list[Shown]] = {}
    for name, of in whole.items():
        cells = [shown(row[name]) if name == of else part_shown(row[name], row[of]) for row in areas]
        column[name] = hide_lone(cells, [row[name] for row in areas])
    found = []
    for number, row in enumerate(areas):
        cells: list[Shown | str] = [column["received"][number]]
        for part in ("within_14", "within_28"):
            hidden = "*" in (column[part][number], column["received"][number])
            rate = "*" if hidden else rate_shown(row[part], row["received"])
            cells += [column[part][number], rate if rate == "*" else f"{rate}%"]
        found.append([*cells, column["waiting"][number], column["over_28"][number]])
    return found
