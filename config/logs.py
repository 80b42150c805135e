"""Logs as JSON lines that never hold who a patient is."""

import logging.config
import re
from typing import Any

import structlog

NHS_NUMBER = re.compile(r"\b\d{3}[ -]?\d{3}[ -]?\d{4}\b")


def without_nhs_numbers(_logger, _method, event: dict) -> dict:
    """Blot out whatever reads like an NHS number, wherever it came from."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = NHS_NUMBER.sub("[number]", value)
    return event


def logging_for(level: str) -> None:
    """Send every logger of the process to one JSON stream on standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": [*shared, structlog.stdlib.ExtraAdder()],
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        without_nhs_numbers,
                        structlog.processors.JSONRenderer(default=str),
                    ],
                }
            },
            "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stream"], "level": level},
            "loggers": {"django.server": {"level": "WARNING"}, "fontTools": {"level": "WARNING"}},
        }
    )
