"""Which NHS component shows a form's field, and with which parameters."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import BoundField
from django.forms.widgets import Input
from markupsafe import Markup

from core.dates import PARTS, DateBoxes, boxes_of
from core.pages import Parameters, component, long_date

# Choices shorter than this stand in one line when they are a plain yes or no.
YES_NO = 2


def form_field(form: forms.BaseForm, name: str, **options: Any) -> Markup:
    """One field as its component.

    Options: `heading` (the label is the page's h1), `label`, `label_size`, `hint`, `small`, `inline`, `rows`.
    """
    bound = form[name]
    if bound.is_hidden:
        return _hidden(bound)
    build = _builder(bound.field.widget)
    kind, parameters = build(bound, options)
    return component(kind, {key: value for key, value in parameters.items() if value is not None})


def in_words(field: forms.Field, value: Any) -> str:
    """An answer as a sentence would say it: the words of a choice, a date in full."""
    if value in (None, "", [], ()):
        return ""
    if isinstance(value, list | tuple | set | QuerySet):
        return ", ".join(sorted(in_words(field, one) for one in value))
    if isinstance(value, date):
        return long_date(value)
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        key = str(getattr(value, "public_id", value))
        return next((str(words) for given, words in field.choices if str(given) == key), str(value))
    return str(value)


def _hidden(bound: BoundField) -> Markup:
    """A hidden field, which Django escapes itself."""
    return Markup(bound.as_hidden())  # noqa: S704


def error_list(form: forms.BaseForm) -> list[Parameters]:
    """What the error summary lists: each sentence, with a link to the box at fault."""
    listed: list[Parameters] = []
    for name, errors in form.errors.as_data().items():
        for error in errors:
            sentence = error.messages[0]
            hidden = name == "__all__" or form[name].is_hidden
            listed.append(
                {"text": sentence} | ({} if hidden else {"href": f"#{_first_box(form[name], error)}"})
            )
    return listed


def _first_box(bound: BoundField, error: Any) -> str:
    if not isinstance(bound.field.widget, DateBoxes):
        return bound.auto_id
    parts = (error.params or {}).get("parts", PARTS)
    return f"{bound.auto_id}-{parts[0]}"


def _builder(widget: forms.Widget) -> Any:
    for kind, build in BUILDERS:
        if isinstance(widget, kind):
            return build
    raise TypeError(f"No NHS component for {type(widget).__name__}; see core/rendering.py.")


def _shared(bound: BoundField, options: dict) -> Parameters:
    errors = bound.errors
    hint = options.get("hint", bound.help_text)
    return {
        "name": bound.html_name,
        "hint": {"text": hint} if hint else None,
        "errorMessage": {"text": errors[0]} if errors else None,
    }


def _heading(bound: BoundField, options: dict) -> Parameters:
    """The label, or the legend of a group, as the page's heading where asked."""
    text = options.get("label") or bound.label
    if options.get("heading"):
        return {"text": text, "isPageHeading": True, "size": "l"}
    if not bound.field.required and not options.get("revealed"):
        text = f"{text} (optional)"
    return {"text": text, "size": options.get("label_size", "s")}


def _labelled(bound: BoundField, options: dict) -> Parameters:
    attributes = {key: value for key, value in bound.field.widget.attrs.items() if key not in OWN_ATTRIBUTES}
    return _shared(bound, options) | {
        "id": bound.auto_id,
        "label": _heading(bound, options),
        "attributes": attributes,
        "autocomplete": bound.field.widget.attrs.get("autocomplete", "off"),
    }


def _input(bound: BoundField, options: dict) -> tuple[str, Parameters]:
    widget = bound.field.widget
    numeric = isinstance(bound.field, forms.IntegerField | forms.DecimalField)
    value = bound.value()
    return "input", _labelled(bound, options) | {
        "type": "text" if numeric else getattr(widget, "input_type", "text"),
        "inputmode": "numeric" if numeric else widget.attrs.get("inputmode"),
        "value": "" if value is None else str(widget.format_value(value) or ""),
        "width": str(_width(bound, numeric)) if _width(bound, numeric) else None,
        "spellcheck": False if isinstance(widget, forms.EmailInput) else None,
        "disabled": bound.field.disabled,
    }


def _width(bound: BoundField, numeric: bool) -> int | None:
    given = getattr(bound.form, "widths", {}).get(bound.name)
    if given:
        return given
    return 5 if numeric or isinstance(bound.field, forms.TimeField) else None


def _password(bound: BoundField, options: dict) -> tuple[str, Parameters]:
    autocomplete = bound.field.widget.attrs.get("autocomplete", "current-password")
    return "password-input", _labelled(bound, options) | {"autocomplete": autocomplete}


def _textarea(bound: BoundField, options: dict) -> tuple[str, Parameters]:
    limit = getattr(bound.field, "max_length", None)
    parameters = _labelled(bound, options) | {
        "value": bound.value() or "",
        "rows": str(options.get("rows", _rows(bound))),
        "spellcheck": True,
    }
    if limit is None:
        return "textarea", parameters
    # The count appears once three quarters are used: below that it is noise.
    return "character-count", parameters | {"maxlength": limit, "threshold": "75"}


def _rows(bound: BoundField) -> str:
    """As many as the form says; Django's own 10 says nothing."""
    given = str(bound.field.widget.attrs.get("rows", "10"))
    return "4" if given == "10" else given


def _choices(bound: BoundField) -> list[tuple[str, str]]:
    """Values and words, groups laid flat."""
    flat: list[tuple[str, str]] = []
    for value, words in bound.field.choices:
        inner = words if isinstance(words, list | tuple) else [(value, words)]
        flat.extend((str("" if v is None else v), str(w)) for v, w in inner)
    return flat


def _chosen(bound: BoundField) -> set[str]:
    value = bound.value()
    several = value if isinstance(value, list | tuple | set) else [value]
    return {str(getattr(one, "pk", one)) for one in several if one is not None}


def _select(bound: BoundField, options: dict) -> tuple[str, Parameters]:
    chosen = _chosen(bound)
    choices = [
        (value, words if value else words.strip("-") or "Choose one") for value, words in _choices(bound)
    ]
    if all(value for value, _ in choices) and bound.initial in (None, ""):
        # Without it a browser would choose the first for whoever looks away.
        choices = [("", "Choose one"), *choices]
    items = [{"value": v, "text": w, "selected": v in chosen} for v, w in choices]
    return "select", _labelled(bound, options) | {"items": items, "autocomplete": None}


def _group(bound: BoundField, options: dict) -> Parameters:
    """Radios and checkboxes: a fieldset of items, each with its hint and what it reveals."""
    chosen = _chosen(bound)
    hints = getattr(bound.form, "choice_hints", {}).get(bound.name, {})
    items = []
    for value, words in _choices(bound):
        item: Parameters = {"value": value, "text": words, "checked": value in chosen}
        if value in hints:
            item["hint"] = {"text": hints[value]}
        inside = _revealed(bound, value)
        if inside:
            item["conditional"] = {"html": inside}
        items.append(item)
    return _shared(bound, options) | {
        "idPrefix": bound.auto_id,
        "fieldset": {"legend": _heading(bound, options)},
        "items": items,
        "small": options.get("small"),
        "inline": options.get("inline", len(items) == YES_NO and not hints and not _reveals_any(bound)),
    }


def _reveals_any(bound: BoundField) -> bool:
    return any(choice == bound.name for choice, _ in getattr(bound.form, "reveals", {}).values())


def _revealed(bound: BoundField, value: str) -> Markup:
    """The fields that stand inside one choice."""
    reveals = getattr(bound.form, "reveals", {})
    names = [name for name, place in reveals.items() if place == (bound.name, value)]
    return Markup("").join(form_field(bound.form, name, revealed=True) for name in names)


def _radios(bound: BoundField, options: dict) -> tuple[str, Parameters]:
    return "radios", _group(bound, options)


def _checkboxes(bound: BoundField, options: dict) -> tuple[str, Parameters]:
    return "checkboxes", _group(bound, options) | {"inline": options.get("inline")}


def _one_checkbox(bound: BoundField, options: dict) -> tuple[str, Parameters]:
    text = options.get("label") or bound.label
    return "checkboxes", _shared(bound, options | {"hint": ""}) | {
        "idPrefix": bound.auto_id,
        "items": [
            {
                "value": "on",
                "text": text,
                "checked": bool(bound.value()),
                "hint": {"text": bound.help_text} if bound.help_text else None,
            }
        ],
        "small": options.get("small"),
    }


def _date(bound: BoundField, options: dict) -> tuple[str, Parameters]:
    typed = boxes_of(bound.value())
    at_fault = {
        part
        for error in bound.form.errors.as_data().get(bound.name, [])
        for part in (error.params or {}).get("parts", PARTS)
    }
    items = [
        {
            "name": f"{bound.html_name}-{part}",
            "id": f"{bound.auto_id}-{part}",
            "label": part.capitalize(),
            "value": typed.get(part, ""),
            "width": "4" if part == "year" else "2",
            "error": part in at_fault,
            "inputmode": "numeric",
        }
        for part in PARTS
    ]
    return "date-input", _shared(bound, options) | {
        "id": bound.auto_id,
        "fieldset": {"legend": _heading(bound, options)},
        "items": items,
    }


OWN_ATTRIBUTES = {"rows", "cols", "autocomplete", "inputmode", "maxlength", "placeholder", "type"}

# The first kind that fits decides, so that subclasses stand before what they derive from.
BUILDERS = (
    (DateBoxes, _date),
    (forms.CheckboxSelectMultiple, _checkboxes),
    (forms.RadioSelect, _radios),
    (forms.CheckboxInput, _one_checkbox),
    (forms.Select, _select),
    (forms.PasswordInput, _password),
    (forms.Textarea, _textarea),
    (Input, _input),
)
