"""Who and when, for the rules of referrals: no row of the database."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

from accounts.rights import RIGHTS, Role
from organisations.actor import Actor

TODAY = date(2026, 3, 16)
FIRST = date(2026, 3, 2)
NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)
DAY = timedelta(days=1)
PRISON, ASHDOWN, BROOK = 1, 2, 3


def somebody(*service_ids, role=Role.CLINICIAN, rights=None, job=""):
    rights = RIGHTS[role] if rights is None else rights
    return Actor(
        None, role, "", (), frozenset(service_ids), frozenset(), frozenset(rights), NOW, uuid4(), job
    )


def service(kind="hospital", *, pk=ASHDOWN, is_open=True, commissioner_id=None):
    return SimpleNamespace(pk=pk, kind=kind, is_open=is_open, commissioner_id=commissioner_id)
