"""Every test: those without a browser on both cores, then the journeys, each core with an application of its own.

Arguments go to pytest. A selection that leaves one of the two rounds without a test is no failure; one that
leaves both without is.
"""

import subprocess
import sys

OK, NOTHING_COLLECTED = 0, 5
ROUNDS = (
    ["-n", "2", "--dist", "loadgroup", "-m", "not journey and not drill and not bench"],
    ["-n", "2", "--dist", "loadfile", "-m", "journey"],
)


def main(arguments: list[str]) -> int:
    """Runs both rounds even when the first fails; answers the worst of their codes."""
    codes = [
        subprocess.run([sys.executable, "-m", "pytest", *chosen, *arguments], check=False).returncode
        for chosen in ROUNDS
    ]
    if all(code == NOTHING_COLLECTED for code in codes):
        return NOTHING_COLLECTED
    return max(OK if code == NOTHING_COLLECTED else abs(code) for code in codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
