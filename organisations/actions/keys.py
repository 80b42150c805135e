"""Keys by which machines sign in: made, used and revoked. Each change is kept in the change history."""

import secrets
from datetime import timedelta
from typing import Any

import pghistory
from psycopg2.extras import DateTimeTZRange

from core.actions import action
from core.notifications import Message, notify
from organisations import rules
from organisations.models import ApiKey, Membership

# Bytes of a key: as long as what it is hashed to.
BYTES = 32


@action
def make_key(membership: Membership, *, name: str, days: int, by: Any) -> str:
    """Keep the hash of a new random key for so many days, and give the key, which cannot be had again.

    Whoever holds the membership is told: what the machine does is done in their name.
    """
    is_held = Membership.objects.at(by.at).filter(pk=membership.pk).exists()
    rules.check_key(name, days, is_held=is_held)
    key = secrets.token_urlsafe(BYTES)
    made = ApiKey.objects.create(
        membership=membership,
        name=name.strip(),
        hash=rules.hash_of(key),
        during=DateTimeTZRange(by.at, by.at + timedelta(days=days)),
        made_by=by.user,
    )
    notify([_told(made)])
    return key


def _told(key: ApiKey) -> Message:
    holder = key.membership.user
    return Message(
        key=f"key:{key.pk}",
        kind="organisations.key_made",
        user_id=holder.pk,
        mailbox=holder.email,
        subject="A key was made by which a machine acts in your name",
        body="If you did not expect this, tell an administrator, who can revoke it.",
        path="",
        about_kind="api_key",
        about_id=key.pk,
        made_at=key.during.lower,
    )


@action
def revoke_key(key: ApiKey, *, why: str, by: Any) -> ApiKey:
    """The machine is not let in any more, from its next request. The reason is kept with the key."""
    key = ApiKey.objects.select_for_update(no_key=True).get(pk=key.pk)
    rules.check_revocation(key.revoked_at is not None, why)
    key.revoked_at, key.revoked_by, key.why_revoked = by.at, by.user, why.strip()
    with pghistory.context(why=key.why_revoked):
        key.save(update_fields=["revoked_at", "revoked_by", "why_revoked"])
    return key


@action
def note_use(key: ApiKey, *, by: Any) -> None:
    """Keep the day on which the key was last used: one write a day, however often it is used."""
    ApiKey.objects.filter(pk=key.pk).exclude(last_used_on=by.today).update(last_used_on=by.today)
