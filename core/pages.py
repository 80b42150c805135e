"""Parts that every page is made of: the NHS components, and how dates, numbers and NHS numbers are written."""

import functools
import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.template import engines
from django.utils import timezone
from markupsafe import Markup, escape

Parameters = dict[str, Any]


def component(name: str, parameters: Parameters) -> Markup:
    """One NHS.UK component by its folder's name, for example `component("date-input", {...})`."""
    return _macro(name)(parameters)


@functools.cache
def _macro(name: str) -> Any:
    template = engines["jinja2"].env.get_template(f"nhsuk/components/{name}/macro.jinja")
    return getattr(template.module, _camel(name))


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(part.capitalize() for part in rest)


# Names that keep their capitals inside a sentence.
PROPER = ("NHS ", "Ministry of Justice", "England", "A&E")


def in_sentence(label: str) -> str:
    """A label inside a sentence: “Warrant given” is “warrant given”, and “NHS England” stays as it is."""
    is_name = label[1:2].isupper() or label.startswith(PROPER)
    return label if is_name else label[:1].lower() + label[1:]


def listed(names: Iterable[str]) -> str:
    """Things named in a sentence: “Ashdown”, “Ashdown and Brook House”, “Ashdown, Brook House and Cedar”."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def long_date(value: date | None) -> str:
    """“6 August 2018”; of an instant, its London date."""
    return _written(value, "%B %Y")


def short_date(value: date | None) -> str:
    """“6 Aug 2018”, where a table has no room."""
    return _written(value, "%b %Y")


def _written(value: date | None, rest: str) -> str:
    if value is None:
        return ""
    day = timezone.localdate(value) if isinstance(value, datetime) else value
    return f"{day.day} {day:{rest}}"


def date_and_time(value: datetime | None) -> str:
    """“6 August 2018, 14:05” in London."""
    if value is None:
        return ""
    return f"{long_date(value)}, {timezone.localtime(value):%H:%M}"


def days(count: int | None) -> str:
    """“1 day”, “3 days”."""
    return "" if count is None else f"{count:,} day" + ("" if abs(count) == 1 else "s")


def number(value: float | None) -> str:
    """“12,345”; a fraction with one place, “3.5”."""
    if value is None:
        return ""
    return f"{value:,}" if float(value).is_integer() and isinstance(value, int) else f"{value:,.1f}"


def pounds(value: Decimal | None) -> str:
    """“£12,345”, to the pound."""
    return "" if value is None else f"£{value:,.0f}"


def nhs_number(value: str | None) -> Markup:
    """“999 123 4567”, kept on one line and read digit by digit; “Not known” where there is none."""
    if not value:
        return Markup("Not known")
    digits = re.sub(r"\D", "", value)
    return Markup('<span class="app-nowrap">{} {} {}</span>').format(digits[:3], digits[3:6], digits[6:])


def paragraphs(text: str | None) -> Markup:
    """What somebody typed, each blank line a new paragraph and each line end kept."""
    parts = [part for part in re.split(r"\n\s*\n", (text or "").replace("\r\n", "\n").strip()) if part]
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in part.split("\n")))
        for part in parts
    )


def tag(words: str, colour: str = "blue") -> Markup:
    """An NHS tag; the words alone say the same as the colour. A list draws hundreds, so it is no component."""
    return Markup(f'<strong class="nhsuk-tag nhsuk-tag--{colour} app-nowrap">{escape(words)}</strong>')  # noqa: S704


def due_tag(due_on: date, today: date) -> Markup:
    """How a last day in time stands: red late, orange due within two days, grey with time left."""
    left = (due_on - today).days
    if left < 0:
        return tag(f"{days(-left)} late", "red")
    if left == 0:
        return tag("Due today", "orange")
    return tag(f"{days(left)} left", "orange" if left <= 2 else "grey")


def cell_words(value: Any) -> str:
    """What a cell of a list says: yes or no, numbers with their commas, dates in short, everything else as it is."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, datetime):
        return date_and_time(value)
    return short_date(value) if isinstance(value, date) else value


def last_day(ends: datetime) -> str:
    """The last day of a time that ends at an instant: that of the moment before it."""
    return long_date(ends - timedelta(microseconds=1))


def until(ends: datetime) -> str:
    """When a time ends: a moment, or of one that ends at midnight the end of the day before."""
    is_midnight = timezone.localtime(ends).time() == time(0)
    return f"the end of {last_day(ends)}" if is_midnight else date_and_time(ends)


FILTERS = {
    "until": until,
    "last_day": last_day,
    "cell_words": cell_words,
    "date": long_date,
    "short_date": short_date,
    "in_sentence": in_sentence,
    "listed": listed,
    "datetime": date_and_time,
    "days": days,
    "number": number,
    "pounds": pounds,
    "nhs_number": nhs_number,
    "paragraphs": paragraphs,
}
