"""The documents that are made from the source, so that they cannot say anything else than it does."""

import ast
import inspect
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

from django.apps import apps
from django.conf import settings

from accounts.rights import DUTY_RIGHTS, RIGHTS, Duty, Right, Role
from desk import reference_law
from pathways.line import LISTENERS
from pathways.models import FlagRule
from pathways.policies import FLAG_RULES, LEGAL_FLAG_RULES, LEGAL_POLICIES, POLICIES
from referrals.rules.steps import BLOCKED_BY_LAW, NEEDS, NOT_BEFORE, OWNERS, TRANSFER_STEPS

ROOT = Path(settings.BASE_DIR)
GENERATED = ROOT / "docs" / "generated"
MADE_BY = "Made from the source by `manage.py docs`; `make check` fails when it is stale.\n"


def document(title: str, *parts: str) -> str:
    """One document: its title, where it comes from, its parts."""
    return "\n".join([f"# {title}\n", MADE_BY, *parts]).rstrip() + "\n"


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; a bar inside a cell is kept as a bar."""
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def listeners() -> str:
    """Which floor does what when a lower one records something."""
    rows = []
    for kind in sorted(LISTENERS):
        for listener in LISTENERS[kind]:
            said = (inspect.getdoc(listener) or "").split("\n")[0]
            rows.append([f"`{kind}`", f"`{listener.__module__}.{listener.__name__}`", said])
    intro = (
        "What a floor does when a lower one records something, in the same transaction. A listener may refuse, "
        "and then nothing has happened.\n"
    )
    return document("Listeners", intro, table(["event", "listener", "what it does"], rows))


def floors() -> list[str]:
    """The floors from the highest down, as import-linter is told them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return list(next(contract["layers"] for contract in contracts if contract["type"] == "layers"))


def imports_of(floor: str) -> set[str]:
    """The top-level packages that the modules of a floor name in their imports."""
    named: set[str] = set()
    for path in (ROOT / floor).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                named.add(node.module.split(".")[0])
            elif isinstance(node, ast.Import):
                named.update(alias.name.split(".")[0] for alias in node.names)
    return named


def models_of(floor: str) -> list[str]:
    """The tables of a floor by class, without those that pghistory makes of each."""
    models = apps.get_app_config(floor).get_models()
    own = [m for m in models if not any(base.__module__.startswith("pghistory") for base in m.__mro__)]
    return sorted(model.__name__ for model in own)


def layers() -> str:
    """What each floor holds and which lower ones it uses."""
    order = floors()
    rows = []
    for height, floor in enumerate(order):
        used = imports_of(floor)
        below = [f"`{lower}`" for lower in order[height + 1 :] if lower in used]
        rows.append([f"`{floor}`", ", ".join(models_of(floor)), ", ".join(below)])
    intro = (
        "A floor knows those below it and none above. import-linter and a walk over the models check it.\n"
    )
    return document("Floors", intro, table(["floor", "tables", "uses"], rows))


def rights() -> str:
    """Each right, and the roles and duties that carry it."""
    carriers = [(Role(role).label, held) for role, held in RIGHTS.items()]
    carriers += [(Duty(duty).label, held) for duty, held in DUTY_RIGHTS.items()]
    rows = [
        [
            f"`{right.name}`",
            right.value,
            *("yes" if right in held else "" for _, held in carriers),
        ]
        for right in Right
    ]
    intro = (
        "The first columns are roles, the rest duties beside one. A right says what may be done at all; "
        "relationships and rules say with whom and when.\n"
    )
    return document("Rights", intro, table(["right", "in words", *(words for words, _ in carriers)], rows))


def transfer_steps() -> str:
    """What each step of a transfer needs first, and whose it is."""
    drawing = ["```mermaid", "flowchart TD"]
    drawing += [f'    {kind.value}["{kind.label}"]' for kind in TRANSFER_STEPS]
    for kind in TRANSFER_STEPS:
        arrow = "==>" if kind in BLOCKED_BY_LAW else "-->"
        drawing += [
            f"    {need.value} {arrow} {kind.value}" for need in TRANSFER_STEPS if need in NEEDS[kind]
        ]
    drawing.append("```\n")
    rows = [
        [
            kind.label,
            OWNERS[kind].words,
            OWNERS[kind].side.value,
            ", ".join(earlier.label for earlier in TRANSFER_STEPS if earlier in NOT_BEFORE[kind]),
            ", ".join(sorted(right.value for right in OWNERS[kind].rights)),
        ]
        for kind in TRANSFER_STEPS
    ]
    intro = (
        "An arrow leads from what is needed first. Thick ones are the law’s and refuse; the others prompt.\n"
    )
    return document(
        "Steps of a transfer",
        intro,
        "\n".join(drawing),
        table(["step", "who does it", "recorded from", "dated no sooner than", "right (any one)"], rows),
    )


def clock_policies() -> str:
    """The limits that an installation begins with, and when each raises a flag."""
    limits = [
        [
            f"`{code}`",
            name,
            f"`{starts}`",
            f"`{stops}`",
            str(count),
            "counts" if first else "is day 0",
            basis,
            ("on, headline" if headline else "on") if is_on else "off",
        ]
        for code, name, starts, stops, count, first, basis, headline, is_on in POLICIES + LEGAL_POLICIES
    ]
    flags = [
        [
            f"`{code}`",
            FlagRule.Level(level).label,
            str(day),
            f"every {every} days after" if every else "",
            FlagRule.Owner(owner).label,
            "yes" if must else "",
        ]
        for code, level, day, every, owner, must in FLAG_RULES + LEGAL_FLAG_RULES
    ]
    intro = (
        "What an installation begins with. From then on limits are data, changed at `/manage/policies/`.\n"
    )
    return document(
        "Clock policies",
        intro,
        table(["code", "name", "starts", "stops", "days", "first day", "authority", "at first"], limits),
        "## Flags\n",
        table(["policy", "level", "day", "again", "whose job", "must be acknowledged"], flags),
    )


def law() -> str:
    """The law that people are held under."""
    return document("Legal statuses", *reference_law.parts(table))


DOCUMENTS: dict[str, Callable[[], str]] = {
    "legal-statuses.md": law,
    "listeners.md": listeners,
    "layers.md": layers,
    "rights.md": rights,
    "transfer-steps.md": transfer_steps,
    "clock-policies.md": clock_policies,
}
