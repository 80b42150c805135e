"""Reading the environment: a missing variable names itself, an address becomes Django's settings."""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def required(name: str) -> str:
    """The value of an environment variable that the application cannot do without."""
    try:
        return os.environ[name]
    except KeyError:
        raise ImproperlyConfigured(f"Set the environment variable {name}. See README.md, “Deploy”.") from None


def flag(name: str) -> bool:
    """Whether a variable is set to something that means yes."""
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def listed(name: str) -> list[str]:
    """A comma-separated variable as a list without empty parts."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def database(url: str) -> dict:
    """Django's settings for a `postgres://user:password@host:port/name` address; `?host=/folder` for a socket."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query["host"][0] if "host" in query else (parts.hostname or ""),
        "PORT": str(parts.port or ""),
        # Health checks make the first request after a database restart succeed instead of fail.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 3,
            "options": (
                "-c statement_timeout=30000 -c lock_timeout=10000 "
                "-c idle_in_transaction_session_timeout=60000 -c timezone=UTC "
                # One misspelt word against a full name: “Nowack” is 0.57 like “Nowak, Nathan”; the default is 0.6.
                "-c pg_trgm.word_similarity_threshold=0.5 "
                # Every trigger asks which ones to pass over. Where that was never said its asking fails and is caught,
                # which rolls back a subtransaction, and that looks at every check put off to the end of the whole.
                "-c pgtrigger.ignore={}"
            ),
        },
    }


def email(url: str) -> dict:
    """Django's e-mail settings for `smtp://user:password@host:port`, `file:///folder` or `console:`."""
    parts = urlsplit(url)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme == "file":
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(Path(parts.path)),
        }
    if parts.scheme not in {"smtp", "smtps"}:
        raise ImproperlyConfigured("EMAIL_URL begins with smtp://, smtps://, file:// or is console:")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 10,
    }
