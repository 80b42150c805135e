"""What a process that serves for long does once, before its first request or task."""

import gc

from django.urls import get_resolver


def settle() -> None:
    """Load every page, and leave what is loaded out of garbage collection.

    It stays for the life of the process, and looking through it takes a tenth of a second in the middle of some page.
    """
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
