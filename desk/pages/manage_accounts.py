"""Managing accounts: who may sign in, as what, where and until when."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions as accounts
from accounts.links import send_password_link
from accounts.models import User
from accounts.rights import Duty, Right, Role
from core.forms import render_form
from core.refusals import refusal
from core.tables import Column, Filter, Table, choices_of
from desk import manage_forms as forms
from desk import registers
from desk.forms import FindAccountForm
from desk.manage_forms import said
from desk.pages.managing import data_of, form_page
from organisations import actions
from organisations.doors import needs
from organisations.models import Membership, Service
from organisations.rules import check_may_end_now, last_day_of

# More than this many matches are not shown: the search should be narrowed.
MOST_FOUND = 50
UNSENT = "The e-mail could not be sent just now. Send the link again from this page in a few minutes."


def address(user: User) -> str:
    """The page of one account."""
    return reverse("desk:manage_account", args=[user.public_id])


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_ACCOUNTS)
def list_accounts(request: HttpRequest) -> HttpResponse:
    """Everybody who may or might sign in. A search by name is posted: no name is ever in an address."""
    if request.method == "POST":
        return _search(request)
    actor = request.actor
    services = Service.objects.visible_to(actor).order_by("name").values_list("public_id", "name")
    table = Table(
        request,
        registers.users(actor),
        name="accounts",
        caption="Accounts",
        columns=[
            Column("name", "Name", "name", sort="name", link=address),
            Column("email", "E-mail address", "email", sort="email"),
            Column("roles", "Roles now", _roles),
            Column("is_active", "May sign in", "is_active", sort="is_active"),
            Column("last_login", "Last signed in", "last_login", sort="last_login"),
        ],
        filters=[
            Filter("role", "Role", _with_role, choices_of(Role.choices)),
            Filter("at", "Works at", _works_at(actor), choices_of(services)),
            Filter("state", "State", _by_state, [("active", "May sign in"), ("suspended", "Suspended")]),
        ],
        order=["name"],
        nothing="No account fits.",
    )
    add = ("Add an account", reverse("desk:manage_add_account"))
    return table.answer(
        "desk/manage_accounts.jinja",
        search=FindAccountForm(actor=actor),
        back=reverse("desk:manage"),
        back_words="Manage",
        actions=[add],
    )


def _search(request: HttpRequest) -> HttpResponse:
    form = FindAccountForm(request.POST, actor=request.actor)
    rows = registers.users(request.actor)
    found: list[User] = []
    if form.is_valid():
        for word in form.cleaned_data["words"].split():
            rows = rows.filter(Q(name__icontains=word) | Q(email__icontains=word))
        found = list(rows.order_by("name", "pk")[: MOST_FOUND + 1])
    return render_form(
        request,
        "desk/found_accounts.jinja",
        form,
        heading="Search accounts",
        found=[(user, _roles(user)) for user in found[:MOST_FOUND]],
        more=len(found) > MOST_FOUND,
        back=reverse("desk:manage_accounts"),
        back_words="Accounts",
    )


def _roles(user: Any) -> str:
    return ", ".join(Role(role).label for role in user.roles) or "None"


def _with_role(rows: Any, role: str) -> Any:
    return rows.filter(roles__contains=[role])


def _works_at(actor: Any) -> Callable[[Any, str], Any]:
    def narrowed(rows: Any, service: str) -> Any:
        held = registers.memberships(actor).filter(service__public_id=service, during__contains=actor.at)
        return rows.filter(pk__in=held.values("user"))

    return narrowed


def _by_state(rows: Any, state: str) -> Any:
    return rows.filter(is_active=state == "active")


def _find(request: HttpRequest, public_id: UUID) -> User:
    return get_object_or_404(registers.users(request.actor), public_id=public_id)


@require_safe
@needs(Right.MANAGE_ACCOUNTS)
def account(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One account with its memberships."""
    user, actor = _find(request, public_id), request.actor
    held = registers.memberships(actor).filter(user=user).order_by("-during", "pk")
    return render(
        request,
        "desk/manage_account.jinja",
        {
            "heading": user.name,
            "account": user,
            "is_own": user.pk == actor.user.pk,
            "has_password": user.has_usable_password(),
            "memberships": [_in_words(one, actor) for one in held],
        },
    )


def _in_words(held: Membership, actor: Any) -> dict[str, Any]:
    place = held.service or held.commissioner
    return {
        "membership": held,
        "role": Role(held.role).label,
        "place": place.name if place else "the whole installation",
        "duties": ", ".join(Duty(duty).label for duty in held.duties),
        "holds_now": actor.at in held.during,
        "may_end_now": not refusal(check_may_end_now, held, by=actor),
        "is_over": held.during.upper is not None and held.during.upper <= actor.at,
    }


@needs(Right.MANAGE_ACCOUNTS)
def add_account(request: HttpRequest) -> HttpResponse:
    """A new account; its holder gets a link to choose a password."""
    actor = request.actor
    form = forms.AccountForm(data_of(request), actor=actor)
    return form_page(
        request,
        form,
        lambda: accounts.add_user(**form.answers(), by=actor),
        then=lambda made: transaction.on_commit(lambda: _send_link(request, made)),
        heading="Add an account",
        intro="A link to choose a password is sent to the address. Say what the person may do on the next page.",
        button="Add the account",
        said=lambda made: f"{made.name} has an account. Now add where they work.",
        back=address,
        cancel=reverse("desk:manage_accounts"),
    )


def _send_link(request: HttpRequest, user: User) -> None:
    """Send the link by which a password is chosen, and say whether it went."""
    if send_password_link(request, user):
        messages.info(request, "A link to choose a password was sent.")
    else:
        messages.warning(request, UNSENT)


@require_POST
@needs(Right.MANAGE_ACCOUNTS)
def send_link(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The link to choose a password, once more."""
    user = _find(request, public_id)
    _send_link(request, user)
    return redirect(address(user))


@needs(Right.MANAGE_ACCOUNTS)
def change_account(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Another name or address."""
    user, actor = _find(request, public_id), request.actor
    initial = {"name": user.name, "email": user.email, "version": user.version}
    form = forms.ChangeAccountForm(data_of(request), actor=actor, initial=initial)
    return form_page(
        request,
        form,
        lambda: accounts.change_user(user, **form.answers(), by=actor),
        heading="Change the account",
        caption=user.name,
        said="The account is changed.",
        back=address(user),
    )


@needs(Right.MANAGE_ACCOUNTS)
def suspend(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """They may not sign in any more."""
    user, actor = _find(request, public_id), request.actor
    form = forms.VersionedWhyForm(data_of(request), actor=actor, initial={"version": user.version})
    return form_page(
        request,
        form,
        lambda: accounts.suspend_user(user, **form.answers(), by=actor),
        heading="Suspend the account",
        caption=user.name,
        intro="They are signed out at their next click and cannot sign in. Nothing they wrote changes.",
        button="Suspend the account",
        warning=True,
        said="The account is suspended.",
        back=address(user),
    )


@needs(Right.MANAGE_ACCOUNTS)
def restore(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """They may sign in again."""
    user, actor = _find(request, public_id), request.actor
    form = forms.VersionedWhyForm(data_of(request), actor=actor, initial={"version": user.version})
    return form_page(
        request,
        form,
        lambda: accounts.restore_user(user, **form.answers(), by=actor),
        heading="Let in again",
        caption=user.name,
        intro="They may sign in with the password and the roles that they had.",
        button="Let in again",
        said="They may sign in again.",
        back=address(user),
    )


@needs(Right.MANAGE_ACCOUNTS)
def add_membership(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One more role at one place."""
    user, actor = _find(request, public_id), request.actor
    form = forms.MembershipForm(data_of(request), actor=actor)
    return form_page(
        request,
        form,
        lambda: actions.add_membership(user, **form.answers(), by=actor),
        heading="Add a role",
        caption=user.name,
        button="Add the role",
        said="The role is added.",
        back=address(user),
    )


@needs(Right.MANAGE_ACCOUNTS)
def change_membership(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Other duties, or a last day to come."""
    actor = request.actor
    held = get_object_or_404(registers.memberships(actor), public_id=public_id)
    last_day = last_day_of(held.during.upper)
    initial = {
        "duties": held.duties,
        "is_on_duty": said(held.is_on_duty),
        "last_day": last_day,
        "version": held.version,
    }
    form = forms.ChangeMembershipForm(data_of(request), actor=actor, initial=initial)
    words = _in_words(held, actor)
    return form_page(
        request,
        form,
        lambda: actions.change_membership(held, **form.answers(), by=actor),
        heading="Change a role",
        caption=held.user.name,
        intro=f"{words['role']}, {words['place']}.",
        said="The role is changed.",
        back=address(held.user),
    )


@needs(Right.MANAGE_ACCOUNTS)
def end_membership(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A role ends at once, such as one that was given by mistake."""
    actor = request.actor
    held = get_object_or_404(registers.memberships(actor), public_id=public_id)
    form = forms.ChangeForm(data_of(request), actor=actor, initial={"version": held.version})
    words = _in_words(held, actor)
    return form_page(
        request,
        form,
        lambda: actions.end_membership(held, **form.answers(), by=actor),
        heading="End this role now",
        caption=held.user.name,
        intro=f"{words['role']}, {words['place']}. It opens nothing from this moment. What was done in it stays.",
        button="End it now",
        warning=True,
        said="The role has ended.",
        back=address(held.user),
    )
