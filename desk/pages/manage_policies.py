"""Managing clock policies: how many days, whether they raise flags, and on which days."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.rights import Right
from core.pages import long_date
from core.tables import Column, Filter, Table
from desk import manage_limit_forms as forms
from desk import registers
from desk.effects import effect_of
from desk.manage_forms import said
from desk.pages.managing import data_of, form_page
from organisations.doors import needs
from pathways.actions import policies as policies_actions
from pathways.actions.clocks import change_policy
from pathways.actions.policies import remove_flag_rule, set_flag_rule
from pathways.models import ClockPolicy


def address(policy: ClockPolicy) -> str:
    """The page of one policy."""
    return reverse("desk:manage_policy", args=[policy.slug])


@require_safe
@needs(Right.MANAGE_POLICIES)
def policies(request: HttpRequest) -> HttpResponse:
    """Every limit."""
    table = Table(
        request,
        registers.policies(request.actor),
        name="clock-policies",
        caption="Clock policies",
        columns=[
            Column("name", "Limit", "name", sort="name", link=address),
            Column("days", "Days", "days", sort="days", numeric=True),
            Column("since", "For what starts", _when, sort="effective"),
            Column("first", "First day counts", "first_day_counts", sort="first_day_counts"),
            Column("basis", "Authority", "basis", sort="basis"),
            Column("is_on", "Raises flags", "is_on", sort="is_on"),
            Column("running", "Clocks running", "running", sort="running", numeric=True),
        ],
        filters=[Filter("state", "State", _by_state, [("on", "Raises flags"), ("off", "Silent")])],
        order=["-is_headline", "code", "effective"],
        nothing="No policy fits.",
    )
    return table.answer("desk/manage_list.jinja", back=reverse("desk:manage"), back_words="Manage")


def _when(policy: ClockPolicy) -> str:
    """The days of the starts for which a policy is the limit; nothing where it is for all."""
    since, until = policy.effective.lower, policy.effective.upper
    words = [f"from {long_date(since)}" if since else "", f"before {long_date(until)}" if until else ""]
    return " ".join(filter(None, words))


def _by_state(rows: Any, state: str) -> Any:
    return rows.filter(is_on=state == "on")


def _find(request: HttpRequest, code: str) -> ClockPolicy:
    found = next((row for row in registers.policies(request.actor) if row.slug == code), None)
    if found is None:
        raise Http404
    return found


def _rules(policy: ClockPolicy) -> list[Any]:
    return sorted(policy.flag_rules.all(), key=lambda rule: rule.day)


@require_safe
@needs(Right.MANAGE_POLICIES)
def policy(request: HttpRequest, code: str) -> HttpResponse:
    """One limit: what it does, with real dates, and its flags."""
    row = _find(request, code)
    rules = _rules(row)
    return render(
        request,
        "desk/manage_policy.jinja",
        {
            "heading": row.name,
            "policy": row,
            "when": _when(row),
            "rules": rules,
            "effect": effect_of(row, rules, today=request.actor.today),
        },
    )


@needs(Right.MANAGE_POLICIES)
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Flags switched on or off."""
    row, actor = _find(request, code), request.actor
    initial = {"is_on": said(row.is_on), "version": row.version}
    form = forms.PolicyForm(data_of(request), actor=actor, initial=initial)
    return form_page(
        request,
        form,
        lambda: change_policy(row, **form.answers(), by=actor),
        heading="Switch flags on or off",
        caption=row.name,
        intro=(
            f"{row.running} clocks run under it. Switched on, the flags they owe are raised within minutes, to "
            "everyone concerned."
        ),
        said=lambda changed: " ".join(effect_of(changed, [], today=actor.today)[1:]),
        back=address(row),
    )


@needs(Right.MANAGE_POLICIES)
def set_days(request: HttpRequest, code: str) -> HttpResponse:
    """Another number of days from a day on."""
    row, actor = _find(request, code), request.actor
    initial = {"days": row.days, "name": row.name, "basis": row.basis, "version": row.version}
    form = forms.DaysForm(data_of(request), actor=actor, initial=initial)
    return form_page(
        request,
        form,
        lambda: policies_actions.set_days(row, **form.answers(), by=actor),
        heading="Change the number of days",
        caption=row.name,
        intro=(
            "For example when an Act comes into force. What started before that day goes on as it began, also if it is "
            "only recorded later. Flags keep their distance from the last day: look at them afterwards."
        ),
        said=lambda changed: f"{changed.days} days {_when(changed)}.",
        back=address,
        cancel=address(row),
    )


@needs(Right.MANAGE_POLICIES)
def add_rule(request: HttpRequest, code: str) -> HttpResponse:
    """A flag on one more day."""
    row = _find(request, code)
    return _rule_page(request, row, {"version": row.version}, heading="Add a flag")


@needs(Right.MANAGE_POLICIES)
def change_rule(request: HttpRequest, code: str, day: int) -> HttpResponse:
    """Change the flag of a day. Another day is another flag: remove this one and add that."""
    row = _find(request, code)
    rule = get_object_or_404(row.flag_rules, day=day)
    initial = {
        "day": rule.day,
        "level": rule.level,
        "every": rule.every,
        "owner": rule.owner,
        "must_be_acknowledged": said(rule.must_be_acknowledged),
        "version": row.version,
    }
    return _rule_page(request, row, initial, heading=f"Change the flag of day {day}", day=day)


def _rule_page(
    request: HttpRequest, row: ClockPolicy, initial: dict[str, Any], *, heading: str, day: int | None = None
) -> HttpResponse:
    actor = request.actor
    form = forms.FlagRuleForm(data_of(request), actor=actor, initial=initial)
    if day is not None:
        form.fields["day"].disabled = True
    return form_page(
        request,
        form,
        lambda: set_flag_rule(row, **form.answers(), by=actor),
        heading=heading,
        caption=row.name,
        intro="Flags already raised stay as they were raised. Clocks that run follow at once.",
        said="The flag is saved, and every clock that runs follows it.",
        back=address(row),
    )


@needs(Right.MANAGE_POLICIES)
def remove_rule(request: HttpRequest, code: str, day: int) -> HttpResponse:
    """No flag on a day any more."""
    row, actor = _find(request, code), request.actor
    rule = get_object_or_404(row.flag_rules.select_related("policy"), day=day)
    form = forms.ChangeForm(data_of(request), actor=actor, initial={"version": row.version})
    return form_page(
        request,
        form,
        lambda: remove_flag_rule(rule, version=form.cleaned_data["version"], by=actor),
        heading=f"Remove the flag of day {day}",
        caption=row.name,
        intro="Nobody will be told on that day. Flags already raised stay.",
        button="Remove the flag",
        warning=True,
        said="The flag is removed.",
        back=address(row),
    )
