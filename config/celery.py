"""The Celery application. PostgreSQL remembers what is owed; Celery and Redis only wake a worker."""

import os

from celery import Celery
from celery.signals import worker_init

from config.settled import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("pathways")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def _settle(**_):
    # Before the processes that do the work are made of this one, which then share what it has loaded.
    settle()
