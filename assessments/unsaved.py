"""What somebody typed and has not saved: kept for them alone until they have signed in again, or come back to it.

The form carries a signed note of whose it is and for which part of which draft. It opens nothing and saves nothing to
the record: the words wait in a draft of that user and are shown to them the next time they open the same form.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core import signing
from django.http import QueryDict

from accounts.models import User
from core import drafts
from core.models import Draft
from organisations.actor import Actor, actor_for

SALT = "assessments.unsaved"
# A page left open overnight, but not for a week: in seconds.
NOTE_HOLDS = 24 * 60 * 60
# The parts of a draft that are kept so, beside its sections.
RECOMMENDATION = "recommendation"
RATING = "rating"
NOT_WORDS = ("csrfmiddlewaretoken", "note")


def note_for(actor: Actor, public_id: UUID, part: str) -> str:
    """The signed note that goes with the form of one part of a draft."""
    user_id = actor.user.pk if actor.user else None
    return signing.dumps([user_id, str(public_id), part], salt=SALT)


def kept_for(actor: Actor, public_id: UUID, part: str) -> Draft | None:
    """What waits for the actor in one part, if anything does."""
    return Draft.objects.visible_to(actor).filter(kind=_kind(public_id, part)).first()


def typed_in(kept: Draft, form: forms.BaseForm) -> dict[str, Any]:
    """The kept words as the form begins with them: of those boxes that it has, which are the actor's to read."""
    posted = QueryDict(mutable=True)
    for name, values in kept.answers.get("typed", {}).items():
        posted.setlist(name, values)
    return {
        name: field.widget.value_from_datadict(posted, {}, name)
        for name, field in form.fields.items()
        if not field.widget.value_omitted_from_data(posted, {}, name)
    }


def discard(actor: Actor, public_id: UUID, part: str) -> None:
    """The words have been saved, or are not wanted."""
    draft = kept_for(actor, public_id, part)
    if draft:
        drafts.discard(draft, by=actor)


def keep(posted: QueryDict, *, public_id: UUID, part: str, by: Actor) -> None:
    """Keep what was typed, in place of what was kept before."""
    typed = {name: values for name, values in posted.lists() if name not in NOT_WORDS}
    kept = kept_for(by, public_id, part)
    if kept:
        drafts.keep(kept, {"typed": typed}, by=by)
    else:
        drafts.begin(_kind(public_id, part), answers={"typed": typed}, by=by)


def keep_for_owner(posted: QueryDict, *, public_id: UUID, part: str, at: datetime) -> None:
    """Keep what was typed for whoever the note names; without a true note, nothing."""
    user = _owner(posted.get("note", ""), public_id, part)
    if user is not None:
        by = actor_for(user, [], capacity="", at=at, request_id=uuid4())
        keep(posted, public_id=public_id, part=part, by=by)


def _owner(note: str, public_id: UUID, part: str) -> User | None:
    """Whose note it is, if it is a true one for this very part."""
    try:
        user_id, of_draft, of_part = signing.loads(note, salt=SALT, max_age=NOTE_HOLDS)
    except signing.BadSignature:
        return None
    if (of_draft, of_part) != (str(public_id), part):
        return None
    user: User | None = User.objects.filter(pk=user_id, is_active=True).first()
    return user


def _kind(public_id: UUID, part: str) -> str:
    return f"unsaved:{public_id.hex}:{part}"
