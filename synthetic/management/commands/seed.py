"""`manage.py seed --patients N --years Y --seed S`: a made-up England in an empty database."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from pathways.models import Patient
from synthetic.seeding import seed


class Command(BaseCommand):
    """Makes up people once. With --check it only says, by its exit code, whether there are any."""

    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument("--patients", type=int, default=1500)
        parser.add_argument("--years", type=int, default=10)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--check", action="store_true", help="Exit 0 if there are people already, else 1."
        )

    def handle(self, *, patients: int, years: int, seed: int, check: bool, **_options) -> None:
        there_are_people = Patient.objects.exists()
        if check:
            if not there_are_people:
                raise CommandError("There are no people yet.", returncode=1)
            return
        if there_are_people:
            raise CommandError("There are people in this database already. Run `make clean` first.")
        _seed(patients=patients, years=years, seed=seed, now=timezone.now(), say=self.stdout.write)


_seed = seed
