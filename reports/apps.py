from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        # Registers what does the jobs of exports, wherever jobs are run.
        from reports.exports import jobs  # noqa: F401
