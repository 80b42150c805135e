"""What a process that serves for long does once everything is loaded."""

import gc

# Objects made before the youngest are looked over. A page of a thousand beds makes many that die with it; Python's own
# 700 looks them over hundreds of times for nothing.
YOUNGEST = 20_000


def settle() -> None:
    """Leave what is loaded out of garbage collection: it stays for the life of the process, and looking through it takes
    a tenth of a second in the middle of somebody's page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNGEST)
