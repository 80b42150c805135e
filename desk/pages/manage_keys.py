"""Managing machine access: the keys by which machines sign in, whose role each stands for, and its end."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.rights import Right, Role
from core.forms import render_form
from core.tables import Column, Filter, Table, choices_of
from desk import registers
from desk.key_forms import KeyForm
from desk.manage_forms import WhyForm
from desk.pages.managing import data_of, form_page
from organisations import actions
from organisations.doors import needs
from organisations.models import ApiKey, Membership

OVER = "Out of time, or the role is over"
STATES = [("usable", "In use"), ("over", OVER), ("revoked", "Revoked")]


@require_safe
@needs(Right.MANAGE_ACCOUNTS)
def list_keys(request: HttpRequest) -> HttpResponse:
    """Every key there is or was. The key itself is kept nowhere."""
    table = Table(
        request,
        registers.keys(request.actor),
        name="keys",
        caption="Machine access",
        columns=[
            Column("name", "What for", "name", sort="name", link=_revocation),
            Column("whose", "Acts as", lambda row: row.membership.user.name, sort="membership__user__name"),
            Column("role", "Role", lambda row: role_of(row.membership), sort="membership__role"),
            Column("made", "Made", lambda row: row.during.lower, sort="during"),
            Column("until", "Until", lambda row: row.during.upper),
            Column("last_used_on", "Last used", lambda row: row.last_used_on or "Never", sort="last_used_on"),
            Column("state", "State", _state),
            Column("why", "Why revoked", "why_revoked"),
        ],
        filters=[
            Filter("state", "State", _in_state, STATES),
            Filter("role", "Role", _of_role, choices_of(Role.choices)),
        ],
        order=["-during"],
        nothing="No key fits." if request.GET else "No machine has access.",
    )
    make = ("Make a key: choose whose role it stands for", reverse("desk:manage_accounts"))
    return table.answer(
        "desk/manage_list.jinja", back=reverse("desk:manage"), back_words="Manage", actions=[make]
    )


def role_of(held: Membership) -> str:
    """A membership in words: its role and place."""
    place = held.service or held.commissioner
    return f"{Role(held.role).label}, {place.name if place else 'the whole installation'}"


def _revocation(key: Any) -> str:
    return "" if key.revoked_at else reverse("desk:manage_revoke_key", args=[key.public_id])


def _state(key: Any) -> str:
    if key.revoked_at:
        return "Revoked"
    return "In use" if key.is_usable else OVER


def _in_state(rows: Any, state: str) -> Any:
    if state == "revoked":
        return rows.exclude(revoked_at=None)
    return rows.filter(revoked_at=None, is_usable=state == "usable")


def _of_role(rows: Any, role: str) -> Any:
    return rows.filter(membership__role=role)


def _account(user: User) -> str:
    return reverse("desk:manage_account", args=[user.public_id])


@never_cache
@needs(Right.MANAGE_ACCOUNTS)
def make_key(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A key for one role. The answer shows it, and nothing shows it again: so it is no redirect."""
    actor = request.actor
    held = get_object_or_404(registers.memberships(actor), public_id=public_id)
    form = KeyForm(data_of(request), actor=actor)
    words = {"caption": held.user.name, "back": _account(held.user)}
    if form.is_bound and form.is_valid():
        made = form.attempt(actions.make_key, held, **form.answers(), by=actor)
        if made:
            shown = {"heading": "The key is made", "key": made.value, "role": role_of(held), **words}
            return render(request, "desk/manage_key.jinja", shown)
    return render_form(
        request,
        "core/form.jinja",
        form,
        heading="Make a key for a machine",
        intro=f"The machine may do what this role may: {role_of(held)}. What it does is done in this person’s name, "
        "and they are told.",
        button="Make the key",
        **words,
    )


@needs(Right.MANAGE_ACCOUNTS)
def revoke_key(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The machine is not let in any more."""
    actor = request.actor
    key: ApiKey = get_object_or_404(registers.keys(actor), public_id=public_id)
    form = WhyForm(data_of(request), actor=actor)
    return form_page(
        request,
        form,
        lambda: actions.revoke_key(key, **form.answers(), by=actor),
        heading="Revoke the key",
        caption=key.name,
        intro=f"It stands for {key.membership.user.name}: {role_of(key.membership)}. "
        "The machine is not let in from its next request. This cannot be undone; another key can be made.",
        button="Revoke the key",
        warning=True,
        said="The key is revoked.",
        back=reverse("desk:manage_keys"),
    )
