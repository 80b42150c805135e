"""Rows into PostgreSQL by COPY, with the models' own columns and defaults."""

import io
import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField, RangeField
from django.db import connection, models

CHUNK = 20_000
# Who or what the change is put down to, as the history's own triggers read it.
CONTEXT = "nullif(current_setting('pghistory.context_metadata', true), '')::jsonb"
NULL = "\\N"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _plain(value: Any) -> str:
    if value is True:
        return "t"
    if value is False:
        return "f"
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value)


def encode(field: models.Field, value: Any) -> str:
    """One value as COPY's text format has it."""
    if value is None:
        return NULL
    if isinstance(field, RangeField):
        lower, upper = value
        text = f"[{_plain(lower) if lower else ''},{_plain(upper) if upper else ''})"
    elif isinstance(field, ArrayField):
        text = "{" + ",".join(f'"{part}"' for part in value) + "}"
    elif isinstance(field, models.JSONField):
        text = json.dumps(value)
    elif isinstance(value, (int, bool, date, UUID)):
        return _plain(value)
    else:
        text = str(value)
    return text.translate(ESCAPES)


class Table:
    """Rows of one model on their way in. Ids are given here, so that rows can point at one another at once."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.fields = [field for field in model._meta.local_concrete_fields if not field.generated]
        self.buffer = io.StringIO()
        self.waiting = self.count = 0
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT coalesce(max(id), 0) FROM "{model._meta.db_table}"')
            self.last_id = self.first_id = cursor.fetchone()[0]

    def add(self, **values: Any) -> int:
        """One row; what is not given has the model's default. The answer is its id."""
        self.last_id += 1
        parts = []
        for field in self.fields:
            if field.primary_key:
                parts.append(str(self.last_id))
            elif field.attname in values:
                parts.append(encode(field, values.pop(field.attname)))
            else:
                parts.append(encode(field, field.get_default()))
        if values:
            raise TypeError(f"{self.model.__name__} has no {', '.join(values)}")
        self.buffer.write("\t".join(parts) + "\n")
        self.waiting += 1
        self.count += 1
        if self.waiting >= CHUNK:
            self.flush()
        return self.last_id

    def flush(self) -> None:
        """Send what is waiting, and let the sequence go on after it."""
        if not self.waiting:
            return
        table = self.model._meta.db_table
        columns = ", ".join(f'"{field.column}"' for field in self.fields)
        self.buffer.seek(0)
        with connection.cursor() as cursor:
            cursor.copy_expert(f'COPY "{table}" ({columns}) FROM STDIN', self.buffer)
            # The application's role may draw from a sequence and not set it; as many as were written are drawn.
            cursor.execute(
                "SELECT max(nextval(pg_get_serial_sequence(%s, 'id'))) FROM generate_series(1, %s)",
                [table, self.waiting],
            )
        self.buffer = io.StringIO()
        self.waiting = 0

    def write_history(self) -> None:
        """The change history of every row sent, as the trigger would have left it, in one statement for all."""
        kept = getattr(self.model, "pgh_event_model", None)
        if kept is None:
            return
        fields = [field for field in kept._meta.local_fields if not field.name.startswith("pgh_")]
        names = [field.column for field in fields if not field.generated]
        columns = ", ".join(f'"{name}"' for name in names)
        with connection.cursor() as cursor:
            # Names of tables and columns, all from the models.
            cursor.execute(
                f'INSERT INTO "{kept._meta.db_table}" ({columns}, pgh_created_at, pgh_label, pgh_context) '
                f'SELECT {columns}, now(), %s, {CONTEXT} FROM "{self.model._meta.db_table}" WHERE id > %s ORDER BY id',
                ["insert", self.first_id],
            )
