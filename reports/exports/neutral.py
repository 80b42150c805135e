"""Text that a spreadsheet would run, made harmless by PostgreSQL itself, as `core.csv.neutral` does it in Python."""

# What is passed over before the first character that counts: spaces of every kind, and quotation marks.
_BLANKS = r"\u001c-\u001f\u0085\u00a0\u1680\u180e\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
_SPACES = rf"[[:space:]{_BLANKS}\"'']*"
_BEGINS = r"[=+\-@|,\uff1d\uff0b\uff0d\uff20]"
# At the very beginning, a tab or the end of a line does it by itself.
_STARTS = rf"^({_SPACES}{_BEGINS}|[\t\r\n])"
# Where a careless importer may begin a cell inside the text, and then what would be run.
_INSIDE = r"([\t\r\n,;|\"])([[:space:]\"]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])"


def neutral(text: str) -> str:
    """SQL: the text expression, with an apostrophe before whatever a spreadsheet might run."""
    inside = f"regexp_replace({text}, E'{_escaped(_INSIDE)}', E'\\\\1\\\\2''', 'g')"
    return f"CASE WHEN {text} ~ E'{_escaped(_STARTS)}' THEN '''' || {inside} ELSE {inside} END"


def _escaped(pattern: str) -> str:
    """A pattern inside E'…': the regular expression's own backslashes doubled, but for characters by their number."""
    return pattern.replace("\\", "\\\\").replace("\\\\u", "\\u").replace('\\\\"', '"')
