"""Small numbers of other people's areas, kept from giving anybody away: hidden, rounded, and not to be worked out.

A count below 5 is hidden and any other rounded to the nearest 5, as NHS England's mental health statistics have it
(menh_analysis, 95.Round_output). Secondary suppression is ours: a lone hidden cell could be had by subtraction.
"""

from collections.abc import Sequence

SMALL = 5
HIDDEN = "*"
Shown = int | str


def shown(count: int) -> Shown:
    """The count as others may see it."""
    return HIDDEN if count < SMALL else SMALL * ((count + 2) // SMALL)


def part_shown(part: int, whole: int) -> Shown:
    """A part of a whole that stands beside it: hidden too where what is left of the whole is a small number."""
    return HIDDEN if 0 < whole - part < SMALL else shown(part)


def rate_shown(part: int, whole: int) -> Shown:
    """The per cent of the two as they are shown, so that it tells no more than they do; hidden where either is."""
    part_seen, whole_seen = part_shown(part, whole), shown(whole)
    if isinstance(part_seen, str) or isinstance(whole_seen, str):
        return HIDDEN
    return round(100 * part_seen / whole_seen)


def hide_lone(cells: Sequence[Shown], counts: Sequence[int]) -> list[Shown]:
    """A column in which no hidden cell stands alone: beside a lone one the smallest of the others is hidden too.

    For a column whose total is shown, or known from elsewhere.
    """
    hidden = [number for number, cell in enumerate(cells) if cell == HIDDEN]
    if len(hidden) != 1 or len(cells) == 1:
        return list(cells)
    smallest = min((n for n in range(len(cells)) if n not in hidden), key=lambda n: counts[n])
    return [HIDDEN if number == smallest else cell for number, cell in enumerate(cells)]
