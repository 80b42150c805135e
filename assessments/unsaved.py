"""What somebody typed into a section when the session had ended: kept for them alone, until they have signed in again.

The form carries a signed note of whose it is and for which section. It opens nothing and saves nothing to the record:
the words wait in a draft of that user and are shown to them the next time they open the section.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from django.core import signing

from accounts.models import User
from assessments.codes import Restriction
from assessments.rules import readable_by
from core import drafts
from core.models import Draft
from organisations.actor import Actor, actor_for

SALT = "assessments.unsaved"
# A page left open overnight, but not for a week: in seconds.
NOTE_HOLDS = 24 * 60 * 60


def note_for(actor: Actor, public_id: UUID, kind: str) -> str:
    """The signed note that goes with the form of one section."""
    user_id = actor.user.pk if actor.user else None
    return signing.dumps([user_id, str(public_id), kind], salt=SALT)


def kept_for(actor: Actor, public_id: UUID, kind: str) -> Draft | None:
    """What waits for the actor in one section, if anything does."""
    return Draft.objects.visible_to(actor).filter(kind=_kind(public_id, kind)).first()


def texts_of(draft: Draft, actor: Actor) -> dict[str, str]:
    """The kept words, of those that the actor may still read."""
    texts: dict[str, str] = draft.answers.get("texts", {})
    return {restriction: text for restriction, text in texts.items() if readable_by(actor, restriction)}


def discard(actor: Actor, public_id: UUID, kind: str) -> None:
    """The words have been saved, or are not wanted."""
    draft = kept_for(actor, public_id, kind)
    if draft:
        drafts.discard(draft, by=actor)


def keep_for_owner(posted: Mapping[str, str], *, public_id: UUID, kind: str, at: datetime) -> None:
    """Keep what was typed for whoever the note names; without a true note, nothing."""
    user = _owner(posted.get("note", ""), public_id, kind)
    if user is None:
        return
    by = actor_for(user, [], capacity="", at=at, request_id=uuid4())
    texts = {name: posted[name] for name in Restriction.values if posted.get(name)}
    answers = {"texts": texts, "version": posted.get("version", "")}
    kept = kept_for(by, public_id, kind)
    if kept:
        drafts.keep(kept, answers, by=by)
    else:
        drafts.begin(_kind(public_id, kind), answers=answers, by=by)


def _owner(note: str, public_id: UUID, kind: str) -> User | None:
    """Whose note it is, if it is a true one for this very section."""
    try:
        user_id, of_draft, of_kind = signing.loads(note, salt=SALT, max_age=NOTE_HOLDS)
    except signing.BadSignature:
        return None
    if (of_draft, of_kind) != (str(public_id), kind):
        return None
    user: User | None = User.objects.filter(pk=user_id, is_active=True).first()
    return user


def _kind(public_id: UUID, kind: str) -> str:
    return f"section:{public_id.hex}:{kind}"
