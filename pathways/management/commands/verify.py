"""`manage.py verify`: works out again from the facts what must be true, and says what is not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pathways.verification import CHECKS, failures

SHOWN = 10


class Command(BaseCommand):
    help = "Work out relationships, places and clocks again from the facts; fail and say which rows if any disagree."

    def handle(self, *_args: Any, **_options: Any) -> None:
        wrong = failures()
        for sentence, ids in wrong.items():
            self.stderr.write(f"Not so: {sentence}. {len(ids)} rows, among them {ids[:SHOWN]}")
        if wrong:
            raise CommandError(f"{len(wrong)} of {len(CHECKS)} checks fail.")
        self.stdout.write(f"All {len(CHECKS)} checks hold.")
