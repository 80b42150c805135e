"""Every table of core at once, for a new installation; one that has the migrations replaced goes on from them."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


# The table of the default cache, as Django's `createcachetable` makes it, so that `migrate` is the one command needed.
MAKE = """
CREATE TABLE core_limits (cache_key varchar(255) NOT NULL PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX core_limits_expires ON core_limits (expires);
"""


class Migration(migrations.Migration):

    replaces = [('core', '0002_initial'), ('core', '0003_sign_in_limits'), ('core', '0004_a_message_is_told_once')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('core', '0001_extensions'),
    ]

    operations = [
        migrations.CreateModel(
            name='JobRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('period', models.DateTimeField(help_text='Start of the period that this run is for, UTC.')),
                ('began_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('name', 'period'), name='a_timed_job_runs_once_a_period')],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(max_length=60)),
                ('answers', models.JSONField(default=dict)),
                ('version', models.PositiveIntegerField(default=0)),
                ('begun_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', 'kind', '-saved_at'], name='draft_of_a_user')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(max_length=60)),
                ('key', models.CharField(max_length=200, unique=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='waiting', max_length=10)),
                ('payload', models.JSONField(default=dict)),
                ('result', models.JSONField(null=True)),
                ('progress', models.PositiveSmallIntegerField(default=0, help_text='Per cent done.')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('asked_at', models.DateTimeField()),
                ('heartbeat_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'running'])), fields=['asked_at'], name='job_owed')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['done', 'failed'])), models.Q(('ended_at__isnull', True), ('state__in', ['waiting', 'running'])), _connector='OR'), name='an_ended_job_says_when'), models.CheckConstraint(condition=models.Q(('progress__lte', 100)), name='progress_is_a_percentage')],
            },
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('key', models.CharField(max_length=200)),
                ('kind', models.CharField(max_length=60)),
                ('mailbox', models.EmailField(blank=True, default='', max_length=254)),
                ('subject', models.CharField(max_length=200)),
                ('body', models.TextField()),
                ('path', models.CharField(blank=True, default='', help_text='Where the person goes to act.', max_length=200)),
                ('about_kind', models.CharField(blank=True, default='', max_length=40)),
                ('about_id', models.BigIntegerField(null=True)),
                ('made_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(null=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('stopped_at', models.DateTimeField(help_text='Not to be sent any more, for example after a death.', null=True)),
                ('user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('sent_at', None), ('stopped_at', None), models.Q(('mailbox', ''), _negated=True)), fields=['next_try_at'], name='notification_owed'), models.Index(condition=models.Q(('user__isnull', False)), fields=['user', '-made_at'], name='notification_bell'), models.Index(condition=models.Q(('read_at', None), ('user__isnull', False)), fields=['user'], name='notification_unread'), models.Index(fields=['about_kind', 'about_id'], name='notification_about')],
                'constraints': [models.CheckConstraint(condition=models.Q(('user__isnull', False), models.Q(('mailbox', ''), _negated=True), _connector='OR'), name='a_notification_is_for_a_user_or_a_mailbox'), models.UniqueConstraint(fields=('key',), name='a_message_is_told_once')],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField()),
                ('location', models.CharField(blank=True, default='', max_length=300)),
                ('at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='a_form_is_sent_once')],
            },
        ),
        migrations.RunSQL(MAKE, "DROP TABLE core_limits"),
    ]
