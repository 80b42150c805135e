"""The parts of the beds dashboard: each a title, a definition, a table, and for some a chart of the same."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from organisations.rules import HOSPITAL_TIERS, Tier
from pathways.rules import occupancy
from reports.figures.bed_counts import BANDS
from reports.figures.panels import Address, Cell, Chart, Panel
from reports.figures.suppression import Shown, hide_lone, shown

Row = Mapping[str, Any]
MEASURES = (
    ("n", "Stays"),
    ("median", "Median days"),
    ("ninetieth", "90th percentile, days"),
    ("geometric", "Geometric mean, days"),
    ("longest", "Longest, days"),
    ("less_ready_median", "Median days, less those ready to move on"),
    ("less_ready_ninetieth", "90th percentile, less those ready to move on"),
    ("less_ready_geometric", "Geometric mean, less days ready to move on"),
)
SPELL_MEASURES = (("n", "Spells"), ("by_leave", "Of them ended by leave over 28 days"), *MEASURES[1:5])
BED_HEADINGS = [
    "Available",
    "Occupied",
    "Occupancy",
    "Less leave",
    "Occupancy less leave",
    "Kept for leave",
    "Closed",
]
PERSON_HEADINGS = [
    "Bed days",
    "Less leave",
    "Kept for leave",
    "Admissions",
    "Discharges",
    "Median days",
    "90th percentile",
]
STAYING_HEADINGS = ["In hospital", "Median days so far", "90th percentile so far"]
BY_TIER = (
    "Days by the tier of the ward on the day; admissions by that of the first ward of a stay, the rest by that of the "
    "last."
)
ORDER = {tier.value: place for place, tier in enumerate(HOSPITAL_TIERS)}


def panels(figures: Row, rows_at: Address, narrowed: Address) -> list[Panel]:
    """Every part. `rows_at(figure, of, month=…)` leads to stays, `narrowed(month=…)` to the same page about less."""
    return [
        _beds_by_month(figures["beds_by_month"], narrowed),
        _people_by_month(figures["people_by_month"], rows_at, narrowed),
        _lengths(figures),
        _spells(figures),
        _bands(figures["lengths"], rows_at),
        _beds_by("tier", "Beds by tier", tiers_named(figures["beds_by_tier"]), narrowed),
        _beds_by("region", "Beds by region", figures["beds_by_region"], narrowed),
        _beds_by("provider", "Beds by provider", figures["beds_by_provider"], narrowed),
        _people_by("tier", "People by tier", tiers_named(figures["people_by_tier"]), rows_at, narrowed),
        _people_by(
            "region", "People by region of the hospital", figures["people_by_region"], rows_at, narrowed
        ),
        _people_by("provider", "People by provider", figures["people_by_provider"], rows_at, narrowed),
    ]


def share(occupied: int, available: int) -> str | None:
    """Occupancy as “92%”, or None where no bed was to be had."""
    found = occupancy(occupied, available)
    return None if found is None else f"{100 * found:.0f}%"


def tiers_named(rows: Sequence[Row]) -> list[Row]:
    """Most secure first, with the names of the tiers; last, days on wards that were for nothing."""
    named = [{**row, "name": str(Tier(row["code"]).label) if row["code"] else "Not known"} for row in rows]
    return sorted(named, key=lambda row: ORDER.get(row["code"], len(ORDER)))


def _bed_cells(row: Row) -> list[Cell]:
    available = row["available"]
    return [
        Cell(available),
        Cell(row["occupied"]),
        Cell(share(row["occupied"], available)),
        Cell(row["less_leave"]),
        Cell(share(row["less_leave"], available)),
        Cell(row["kept"]),
        Cell(row["closed"]),
    ]


def _person_cells(row: Row, rows_at: Address, narrower: dict[str, str]) -> list[Cell]:
    return [
        Cell(row["occupied"]),
        Cell(row["less_leave"]),
        Cell(row["kept"]),
        Cell(row["admitted"], rows_at("admitted", **narrower)),
        Cell(row["discharged"], rows_at("discharged", **narrower)),
        Cell(row["median"]),
        Cell(row["ninetieth"]),
    ]


def _first_day(row: Row) -> date:
    return date.fromisoformat(f"{row['month']}-01")


def _month(row: Row) -> dict[str, str]:
    return {"from": row["month"], "to": row["month"]}


def _beds_by_month(months: Sequence[Row], narrowed: Address) -> Panel:
    return Panel(
        "beds-by-month",
        "Beds by month",
        "Whoever is in them. Occupancy is occupied of available bed days, with the days of beds kept for leave; "
        "closed beds are not available.",
        ["Month", *BED_HEADINGS],
        [[Cell(f"{_first_day(row):%B %Y}", narrowed(**_month(row))), *_bed_cells(row)] for row in months],
        Chart(
            "stacked",
            [f"{_first_day(row):%b %Y}" for row in months],
            [
                {"name": "Occupied", "data": [row["occupied"] for row in months]},
                {
                    "name": "Available and not occupied",
                    "data": [row["available"] - row["occupied"] for row in months],
                },
                {"name": "Closed", "data": [row["closed"] for row in months]},
            ],
            "bed days",
        ),
    )


def _people_by_month(months: Sequence[Row], rows_at: Address, narrowed: Address) -> Panel:
    return Panel(
        "people-by-month",
        "People by month",
        "Bed days of the people counted, and their stays that began and that ended in the month. The lengths are those "
        "of whole stays that ended in it.",
        ["Month", *PERSON_HEADINGS],
        [
            [
                Cell(f"{_first_day(row):%B %Y}", narrowed(**_month(row))),
                *_person_cells(row, rows_at, _month(row)),
            ]
            for row in months
        ],
        Chart(
            "columns",
            [f"{_first_day(row):%b %Y}" for row in months],
            [
                {"name": "Admissions", "data": [row["admitted"] for row in months]},
                {"name": "Discharges", "data": [row["discharged"] for row in months]},
            ],
            "stays",
        ),
    )


def _lengths(figures: Row) -> Panel:
    discharged, staying = figures["discharged"], figures["staying"]
    return Panel(
        "lengths",
        "Length of stay",
        "A stay is all the time at one hospital, with leave of any length and times away from which the person came "
        "back. The day of admission counts, that of discharge does not. Stays that go on are counted to the end of the "
        "period. Days on which somebody was clinically ready to move on count from the day after that was decided. In "
        "a geometric mean the longest stays weigh less; a stay of no night counts there as a day.",
        ["Measure", "Discharged in the period", "In hospital at its end"],
        [[Cell(words), Cell(discharged[key]), Cell(staying[key])] for key, words in MEASURES],
    )


def _spells(figures: Row) -> Panel:
    ended, on = figures["spells_ended"], figures["spells_on"]
    return Panel(
        "spells",
        "Hospital provider spells",
        "As national returns count: all the time with one provider, from one of its hospitals to another. Leave over "
        "28 days ends a spell after the 28th day, and coming back begins another; a stay goes on through it. Days are "
        "counted as of stays.",
        ["Measure", "Ended in the period", "Going on at its end"],
        [
            [Cell(words), Cell(ended[key]), Cell(None if key == "by_leave" else on[key])]
            for key, words in SPELL_MEASURES
        ],
    )


def _bands(lengths: Sequence[Row], rows_at: Address) -> Panel:
    found = {row["band"]: row for row in lengths}
    nobody = {"discharged": 0, "staying": 0}
    counts = [(key, words, found.get(key, nobody)) for key, words, _first in BANDS]
    return Panel(
        "bands",
        "How long stays last",
        "Stays that ended in the period by their whole length, and stays that go on by their length so far.",
        ["Length", "Discharged", "In hospital"],
        [
            [
                Cell(words),
                Cell(row["discharged"], rows_at("discharged", key)),
                Cell(row["staying"], rows_at("in", key)),
            ]
            for key, words, row in counts
        ]
        if lengths
        else [],
        Chart(
            "bars",
            [words for _key, words, _row in counts],
            [
                {"name": "Discharged", "data": [row["discharged"] for _key, _words, row in counts]},
                {"name": "In hospital", "data": [row["staying"] for _key, _words, row in counts]},
            ],
            "stays",
        ),
        "Nobody was discharged in this period, and nobody was in hospital at its end.",
    )


def _beds_by(question: str, title: str, areas: Sequence[Row], narrowed: Address) -> Panel:
    return Panel(
        f"beds-by-{question}",
        title,
        "Bed days of the period, as by month.",
        ["Name", *BED_HEADINGS],
        [[Cell(row["name"], _narrower(question, row, narrowed)), *_bed_cells(row)] for row in areas],
        nothing="No bed of these was in use in this period.",
    )


def _people_by(question: str, title: str, areas: Sequence[Row], rows_at: Address, narrowed: Address) -> Panel:
    return Panel(
        f"people-by-{question}",
        title,
        BY_TIER if question == "tier" else "Days and stays of the period, as by month.",
        ["Name", *PERSON_HEADINGS, *STAYING_HEADINGS],
        [
            [
                Cell(row["name"], _narrower(question, row, narrowed)),
                *_person_cells(row, _rows_of(question, row, rows_at), {question: row["code"]}),
                Cell(row["staying"], _rows_of(question, row, rows_at)("in", **{question: row["code"]})),
                Cell(row["staying_median"]),
                Cell(row["staying_ninetieth"]),
            ]
            for row in areas
        ],
        nothing="Nobody counted here was in hospital in this period.",
    )


def _narrower(question: str, row: Row, narrowed: Address) -> str:
    """The same page about this row alone; a ward that was for nothing can't be asked for."""
    return narrowed(**{question: row["code"]}) if row["code"] else ""


def _rows_of(question: str, row: Row, rows_at: Address) -> Address:
    return rows_at if row["code"] else lambda *_figure, **_changes: ""


def other_areas(key: str, title: str, areas: Sequence[Row]) -> Panel:
    """A table of all England for somebody who may not see single people there. Nothing in it opens onto rows."""
    return Panel(
        f"england-{key}",
        title,
        "All England, as it stood when the last whole month ended. Counts of fewer than 5 people or stays, and days of "
        "fewer than 5 people, are shown as *; others are rounded to the nearest 5. A rate is hidden where a part of "
        "it is.",
        ["Name", "Available", "Occupied", "Occupancy", "Closed", "Admissions", "Discharges", "In hospital"],
        [
            [Cell(row["name"]), *(Cell(cell) for cell in cells)]
            for row, cells in zip(areas, _suppressed(areas), strict=True)
        ],
    )


def _suppressed(areas: Sequence[Row]) -> list[list[Shown | str | None]]:
    """Each area's cells. Bed days are hidden by how many people they are of; a lone hidden cell is kept company."""
    people = [row["people"] for row in areas]
    days: list[Shown] = [shown(row["occupied"]) if shown(row["people"]) != "*" else "*" for row in areas]
    occupied = hide_lone(days, people)
    counts = {
        name: hide_lone([shown(row[name]) for row in areas], [row[name] for row in areas])
        for name in ("admitted", "discharged", "staying")
    }
    return [
        [
            _rounded(row["available"]),
            occupied[number],
            _share_shown(occupied[number], _rounded(row["available"])),
            _rounded(row["closed"]),
            *(column[number] for column in counts.values()),
        ]
        for number, row in enumerate(areas)
    ]


def _rounded(days: int) -> int:
    """Days of beds, which are about nobody, as roughly as the others."""
    return 5 * round(days / 5)


def _share_shown(occupied: Shown, available: int) -> str | None:
    """Of the two as they are shown, so that it tells no more than they do."""
    return occupied if isinstance(occupied, str) else share(min(occupied, available), available)
