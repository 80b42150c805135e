"""`manage.py make_api_key --membership <id> --name <what for>`: a key by which a machine acts as one membership."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.refusals import Refused
from organisations.actions import make_key
from organisations.actor import Actor
from organisations.models import Membership

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
        membership = Membership.objects.at(at).filter(public_id=options["membership"]).first()
        if membership is None:
            raise CommandError("Nobody holds a membership with this id now.")
        by = Actor.system("make_api_key", at=at)
        try:
            self.stdout.write(make_key(membership, name=options["name"], days=options["days"], by=by))
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
