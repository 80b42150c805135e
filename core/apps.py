from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        post_migrate.connect(grant_after_migrating, sender=self)


def grant_after_migrating(using: str, **_kwargs) -> None:
    """Privileges follow the models at the end of every `migrate`."""
    from core.privileges import grant

    grant(connections[using])
