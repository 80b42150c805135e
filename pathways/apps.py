from django.apps import AppConfig


class PathwaysConfig(AppConfig):
    name = "pathways"

    def ready(self) -> None:
        from pathways import listens  # noqa: F401 (registers what it does)
