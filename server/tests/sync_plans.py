"""Random plans for people who write in one room of a server to which everything happens.

A plan is a list of operations, one JSON object each; `plan_world` carries it out. Each operation makes sense without
those before it, so a failing plan is made small by leaving lines out.
"""

from __future__ import annotations

from random import Random

from helpers.plan_files import Op

_WEIGHTS = {
    "type": 24,
    "paste": 6,
    "rub": 6,
    "mark": 5,
    "show": 3,
    "connect": 16,
    "bounce": 10,
    "leave": 3,
    "wait": 8,
    "pass": 8,
    "kill": 5,
    "stop": 2,
    "start": 8,
    "role": 5,
    "demote": 3,
    "lock": 5,
    "unlock": 4,
    "dark": 4,
    "slow": 3,
    "reset": 3,
    "bright": 5,
    "mallory": 3,
}


_PAST = {"write": 6, "name": 6, "rename": 3, "restore": 5, "look": 2}
_UPKEEP = {"name": 6, "past": 16, "hours": 1, "compact": 2, "backup": 1, "forget": 1, "rewrite": 1}
_MONTH = 31 * 24
"""Hours after which single updates are not kept any more."""


def with_past(plan: list[Op], *, share: float = 0.5) -> list[Op]:
    """A plan in which versions are named, restored and forgotten as well, and the store is looked after.

    Args:
        plan: what else happens.
        share: how many operations come in between, for each that is there.
    """
    begin, *ops = plan
    chance = Random(f"past {begin['seed']}")
    mixed = [begin]
    for op in ops:
        mixed.append(op)
        while chance.random() < share:
            what = chance.choices(list(_UPKEEP), list(_UPKEEP.values()))[0]
            more: Op = {"do": what}
            match what:
                case "name":
                    more["who"] = chance.randrange(begin["people"])
                case "past":
                    more |= {"what": chance.choices(list(_PAST), list(_PAST.values()))[0], "n": chance.randrange(100)}
                case "hours":
                    more["n"] = chance.choice((1, _MONTH))
            mixed.append(more)
    return mixed


def make_plan(seed: int, *, steps: int = 40) -> list[Op]:
    """A plan from a seed."""
    chance = Random(seed)
    people = chance.choice((1, 2, 2, 3, 3, 4))
    plan: list[Op] = [{"do": "begin", "seed": seed, "people": people}]
    for _ in range(steps):
        what = chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
        op: Op = {"do": what}
        if what not in ("kill", "stop", "start", "lock", "unlock", "mallory", "pass"):
            op["who"] = chance.randrange(people)
        match what:
            case "type":
                op["n"] = chance.randint(1, 6)
            case "paste":
                op |= {"n": chance.randint(1, 30), "padding": chance.choice((0, 0, 500))}
            case "role":
                op["role"] = chance.choice(("editor", "editor", "viewer", None))
            case "slow":
                op["seconds"] = chance.choice((0.002, 0.02, 0.1))
            case "pass":
                op["seconds"] = chance.choice((0.001, 0.01, 0.05, 0.2))
            case "mallory":
                op["n"] = chance.randrange(1000)
        plan.append(op)
    return plan
