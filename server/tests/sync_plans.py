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
    "lock": 5,
    "unlock": 4,
    "dark": 4,
    "slow": 3,
    "reset": 3,
    "bright": 5,
    "mallory": 3,
}


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
