"""What the application's database role may do, worked out from the models after every migration.

A trigger alone would not do: one `SET` switches it off. A right that the role does not have can't be switched on.
"""

from django.apps import apps
from django.conf import settings

from core.models import AppendOnly


def append_only_tables() -> list[str]:
    """Tables whose rows are never changed: models that say so, and every change-history table.

    Unmanaged models count too: the read log's tables are made by a migration of their own. pghistory's unmanaged
    views over all history have no table and are no `Event`.
    """
    import pghistory.models

    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, AppendOnly | pghistory.models.Event) and not model._meta.proxy
    )


def grant(connection) -> None:
    """Let the application's role read and write everywhere, but for change and removal of append-only rows.

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
        existing = set(connection.introspection.table_names(cursor))
        for table in existing.intersection(append_only_tables()):
            for closed in (connection.ops.quote_name(table), *partitions(cursor, table)):
                cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {closed} FROM {role}")


def partitions(cursor, table: str) -> list[str]:
    """The partitions of a table, as quoted names; a right on the table does not stop one on its parts."""
    cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", [table])
    return [name for (name,) in cursor.fetchall()]
