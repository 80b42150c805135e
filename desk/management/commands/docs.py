"""`manage.py docs`: writes the documents made from the source; with `--check` says which are stale."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from desk import glossary
from desk.reference import DOCUMENTS, GENERATED


class Command(BaseCommand):
    help = (
        "Write docs/generated; with --check, fail where a document or the glossary disagrees with the source."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="Write nothing; fail when something is stale."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["check"]:
            self.check_documents()
            return
        GENERATED.mkdir(parents=True, exist_ok=True)
        for name, make in DOCUMENTS.items():
            (GENERATED / name).write_text(make())
        self.stdout.write(f"{len(DOCUMENTS)} documents written to docs/generated.")
        for sentence in glossary.missing():
            self.stderr.write(f"Glossary: {sentence}")

    def check_documents(self) -> None:
        """Fail with a sentence for each document that says something else than the source."""
        wrong = [
            f"docs/generated/{name} is stale."
            for name, make in DOCUMENTS.items()
            if not is_fresh(name, make())
        ]
        wrong += [f"Glossary: {sentence}" for sentence in glossary.missing()]
        if wrong:
            raise CommandError("\n".join([*wrong, "Run manage.py docs, and commit what it writes."]))
        self.stdout.write("The documents are as the source is.")


def is_fresh(name: str, text: str) -> bool:
    """Whether a document on disk is what the source makes of it."""
    path = GENERATED / name
    return path.exists() and path.read_text() == text
