"""`manage.py make_api_key --membership <id> --name <what for>`: a key by which a machine acts as one membership."""

import secrets
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from psycopg2.extras import DateTimeTZRange

from core.actions import action
from organisations.actor import Actor
from organisations.api_keys import hash_of
from organisations.models import ApiKey, Membership

YEAR = 365


class Command(BaseCommand):
    """Makes a key and prints it once. Only its hash is kept, so it cannot be shown again."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--membership", required=True, type=UUID, help="The id of the membership.")
        parser.add_argument("--name", required=True, help="What the key is for.")
        parser.add_argument("--days", type=int, default=YEAR, help="How long it can be used.")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        if options["days"] < 1:
            raise CommandError("A key lasts at least one day.")
        membership = Membership.objects.at(at).filter(public_id=options["membership"]).first()
        if membership is None:
            raise CommandError("Nobody holds a membership with this id now.")
        by = Actor.system("make_api_key", at=at)
        self.stdout.write(make_key(membership, name=options["name"], days=options["days"], by=by))


@action
def make_key(membership: Membership, *, name: str, days: int, by: Actor) -> str:
    """Keep the hash of a new random key for so many days, and give the key."""
    key = secrets.token_urlsafe(32)
    during = DateTimeTZRange(by.at, by.at + timedelta(days=days))
    ApiKey.objects.create(membership=membership, name=name, hash=hash_of(key), during=during)
    return key
