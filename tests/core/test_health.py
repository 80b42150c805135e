"""What machines ask: is this process alive, and can it serve?"""

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from core.views import latest_migrations


def test_live_does_no_io_even_for_a_browser_with_a_session(client, settings, monkeypatch):
    client.cookies[settings.SESSION_COOKIE_NAME] = "of-somebody-signed-in"
    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", lambda _: 1 / 0)
    response = client.get("/health/live")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_ready_when_the_database_answers_and_has_every_migration():
    response = Client().get("/health/ready")
    assert response.status_code == 200
    assert not response.cookies


@pytest.mark.django_db
def test_health_is_answered_without_tls_and_without_signing_in(settings):
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/health/live").status_code == 200
    assert Client().get("/health/ready").status_code == 200


@pytest.mark.django_db
def test_not_ready_when_the_database_is_away(monkeypatch):
    away = connection.copy()
    away.settings_dict.update(HOST="127.0.0.1", PORT="1")
    monkeypatch.setattr("core.views.connection", away)
    response = Client().get("/health/ready")
    assert response.status_code == 503
    assert response["Retry-After"]
    assert Client().get("/health/live").status_code == 200


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(monkeypatch):
    newer = latest_migrations() | {("core", "9999_not_applied")}
    monkeypatch.setattr("core.views.latest_migrations", lambda: newer)
    assert Client().get("/health/ready").status_code == 503
