"""What the application's database role may do, worked out from the models after every migration.

A trigger alone would not do: one `SET` switches it off. A right that the role does not have can't be switched on.
"""

from django.apps import apps
from django.conf import settings

from core.models import AppendOnly


def append_only_tables() -> list[str]:
    """Tables whose rows are never changed: models that say so, and every change-history table."""
    import pghistory.models

    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, AppendOnly | pghistory.models.Event)
        and not model._meta.proxy
        and model._meta.managed
    )


def grant(connection) -> None:
    """Give the application's role reading and writing everywhere, and take change and removal from append-only tables.

    Does nothing where one role does both (a developer's own database).
    """
    role = connection.ops.quote_name(settings.APP_DATABASE_ROLE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = %s", [settings.APP_DATABASE_ROLE])
        if cursor.fetchone()[0]:
            return
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        cursor.execute(f"REVOKE ALL ON django_migrations FROM {role}")
        cursor.execute(f"GRANT SELECT ON django_migrations TO {role}")
        for table in append_only_tables():
            name = connection.ops.quote_name(table)
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {name} FROM {role}")
            cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", [table])
            for (partition,) in cursor.fetchall():
                cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {partition} FROM {role}")
