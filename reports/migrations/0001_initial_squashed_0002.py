"""Every table of reports at once, for a new installation; one that has the migrations replaced goes on from them."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('reports', '0001_initial'), ('reports', '0002_export_with_names')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('core', '0002_initial_squashed_0004'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExportEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('subject', models.CharField(max_length=30)),
                ('form', models.CharField(choices=[('csv', 'CSV'), ('xlsx', 'XLSX')], max_length=4)),
                ('filters', models.JSONField(default=dict)),
                ('why', models.CharField(max_length=200, verbose_name='What it is for')),
                ('holds_identity', models.BooleanField(default=False, verbose_name='Names people')),
                ('identity_why', models.CharField(blank=True, default='', max_length=200, verbose_name='Why names are needed')),
                ('asked_at', models.DateTimeField()),
                ('file_name', models.CharField(blank=True, default='', help_text='Random; the file has gone when empty.', max_length=80)),
                ('rows', models.PositiveIntegerField(null=True)),
                ('bytes', models.PositiveBigIntegerField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('job', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.job')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='147584498f54d060c62a0b59b7552139c3315be0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_13c83', table='reports_exportevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.CharField(max_length=60)),
                ('name', models.CharField(max_length=60)),
                ('query', models.CharField(max_length=500)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'page', 'name'), name='a_saved_view_has_one_name', violation_error_message='You already have a view of that name.')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reports_savedviewevent" ("id", "name", "page", "pgh_context", "pgh_created_at", "pgh_label", "query", "user_id") VALUES (NEW."id", NEW."name", NEW."page", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."query", NEW."user_id"); RETURN NULL;', hash='2e63eb4b1b404f2ca6fd0e26fc747a713126a2be', operation='INSERT', pgid='pgtrigger_insert_insert_2b8e2', table='reports_savedview', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "reports_savedviewevent" ("id", "name", "page", "pgh_context", "pgh_created_at", "pgh_label", "query", "user_id") VALUES (NEW."id", NEW."name", NEW."page", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."query", NEW."user_id"); RETURN NULL;', hash='e6e4dda0cd936faa3daab5aef697289d2370c749', operation='UPDATE', pgid='pgtrigger_update_update_d0f0e', table='reports_savedview', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reports_savedviewevent" ("id", "name", "page", "pgh_context", "pgh_created_at", "pgh_label", "query", "user_id") VALUES (OLD."id", OLD."name", OLD."page", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."query", OLD."user_id"); RETURN NULL;', hash='577ca3b88d53b10db25259b47bff5849c2c3cf91', operation='DELETE', pgid='pgtrigger_delete_delete_bf7ee', table='reports_savedview', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='SavedViewEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.BigIntegerField()),
                ('page', models.CharField(max_length=60)),
                ('name', models.CharField(max_length=60)),
                ('query', models.CharField(max_length=500)),
                ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='190b91db6fb75bd084b3b7cd36bec39a618b40a5', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ee9af', table='reports_savedviewevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('subject', models.CharField(max_length=30)),
                ('form', models.CharField(choices=[('csv', 'CSV'), ('xlsx', 'XLSX')], max_length=4)),
                ('filters', models.JSONField(default=dict)),
                ('why', models.CharField(max_length=200, verbose_name='What it is for')),
                ('holds_identity', models.BooleanField(default=False, verbose_name='Names people')),
                ('identity_why', models.CharField(blank=True, default='', max_length=200, verbose_name='Why names are needed')),
                ('asked_at', models.DateTimeField()),
                ('file_name', models.CharField(blank=True, default='', help_text='Random; the file has gone when empty.', max_length=80)),
                ('rows', models.PositiveIntegerField(null=True)),
                ('bytes', models.PositiveBigIntegerField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('job', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.job')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('holds_identity', False), models.Q(('identity_why', ''), _negated=True), _connector='OR'), name='an_export_with_names_says_why', violation_error_message='Say why names are needed.')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reports_exportevent" ("asked_at", "asked_by_id", "bytes", "expires_at", "file_name", "filters", "form", "holds_identity", "id", "identity_why", "job_id", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "rows", "subject", "why") VALUES (NEW."asked_at", NEW."asked_by_id", NEW."bytes", NEW."expires_at", NEW."file_name", NEW."filters", NEW."form", NEW."holds_identity", NEW."id", NEW."identity_why", NEW."job_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."public_id", NEW."rows", NEW."subject", NEW."why"); RETURN NULL;', hash='fa61fa732fd4449c93957d6c8073a5c520bcc135', operation='INSERT', pgid='pgtrigger_insert_insert_6ed7b', table='reports_export', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "reports_exportevent" ("asked_at", "asked_by_id", "bytes", "expires_at", "file_name", "filters", "form", "holds_identity", "id", "identity_why", "job_id", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "rows", "subject", "why") VALUES (NEW."asked_at", NEW."asked_by_id", NEW."bytes", NEW."expires_at", NEW."file_name", NEW."filters", NEW."form", NEW."holds_identity", NEW."id", NEW."identity_why", NEW."job_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."public_id", NEW."rows", NEW."subject", NEW."why"); RETURN NULL;', hash='5d5c16370b561b8fa1a2836c21b9c5ad5d4c05eb', operation='UPDATE', pgid='pgtrigger_update_update_b8619', table='reports_export', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reports_exportevent" ("asked_at", "asked_by_id", "bytes", "expires_at", "file_name", "filters", "form", "holds_identity", "id", "identity_why", "job_id", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "rows", "subject", "why") VALUES (OLD."asked_at", OLD."asked_by_id", OLD."bytes", OLD."expires_at", OLD."file_name", OLD."filters", OLD."form", OLD."holds_identity", OLD."id", OLD."identity_why", OLD."job_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."public_id", OLD."rows", OLD."subject", OLD."why"); RETURN NULL;', hash='62f3fe80b745bf24c4a5cc55953d5187f921a3ca', operation='DELETE', pgid='pgtrigger_delete_delete_9b3c2', table='reports_export', when='AFTER'))],
            },
        ),
    ]
