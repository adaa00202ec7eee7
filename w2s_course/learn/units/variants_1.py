"""Unit 1 for cohorts: other projects to place in 1.4, other bills in 1.5. (1.1 and 1.2 get other letters.)"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from w2s_course.learn.exercises import Case, Exercise, Raises, telling
from w2s_course.learn.units.unit_1 import AFFORDABLE, DOWN, NEITHER, ROLES, UP
from w2s_course.learn.variants import draw

# --- 1.4: each project has a second form, in which the supervision flows another way -----------------


@dataclass(frozen=True)
class Project:
    """The second form of a project of 1.4. wrong: misconception -> what it answers; says: its message."""

    text: str
    role: str
    wrong: Mapping[str, str]
    says: Mapping[str, str]


PROJECTS = {
    "assistant": Project(
        "a large commercial model is fine-tuned on 52,000 answers of a small open model, the worse of the "
        "two at this.",
        UP,
        {"the small one cannot teach": DOWN},
        {
            "the small one cannot teach": "In 'assistant' look at who wrote the 52,000 answers. Which of the "
            "two is better at the task, the writer or the learner?"
        },
    ),
    "proofs": Project(
        "mathematicians judge the proofs of a small model that is still far behind them; their judgements "
        "are what it is fine-tuned on.",
        DOWN,
        {"people are always the weak ones": UP, "only models supervise": NEITHER},
        {
            "people are always the weak ones": "In 'proofs' the people are far ahead of the model. Weak and "
            "strong are roles: who could do the task better here?",
            "only models supervise": ROLES.misconceptions["only models supervise"],
        },
    ),
    "filter": Project(
        "a large language model that knows spam well sorts a million messages; a small filter that fits on "
        "a telephone is trained on the result.",
        DOWN,
        {"many labels make it strong": UP},
        {
            "many labels make it strong": "In 'filter' a million labels are many, but who wrote them? "
            "Compare the writer with the learner."
        },
    ),
    "votes": Project(
        "a small model answers each question ten times; a larger model, which would do better with true "
        "answers, is fine-tuned on the answer that the small one gave most often.",
        UP,
        {"a vote is no teacher": NEITHER},
        {
            "a vote is no teacher": "In 'votes' count the models. Whose answers are the labels, and whose "
            "weights change?"
        },
    ),
    "cascade": Project(
        "a small model answers users when it is sure, and passes the rest on to a large one; every night it "
        "is fine-tuned on what the large one answered.",
        DOWN,
        {"the first to answer teaches": UP, "asking is not teaching": NEITHER},
        {
            "the first to answer teaches": "In 'cascade' the small model answers first. But whose answers "
            "does anybody learn from?",
            "asking is not teaching": "In 'cascade' look at what happens every night. Do somebody's weights "
            "change?",
        },
    ),
}
_BULLET = r"- \*\*{key}\*\*: .*?(?=\n- \*\*|\Z)"


def _second_forms(cohort: int) -> list[str]:
    """The projects that a cohort meets in their second form: two or three, so that no old answer is right."""
    generator = draw(cohort, "1.4")
    return sorted(generator.sample(sorted(PROJECTS), generator.choice((2, 3))))


def roles_statement(text: str, cohort: int) -> str:
    """The statement of 1.4 with the cohort's projects. Raises: ValueError where a project is not in it."""
    for key in _second_forms(cohort):
        text, found = re.subn(
            _BULLET.format(key=key), f"- **{key}**: {PROJECTS[key].text}", text, flags=re.DOTALL
        )
        if found != 1:
            raise ValueError(f"Exercise 1.4 has {found} projects '{key}'.")
    return text


def roles(cohort: int) -> Exercise:
    """1.4 with two or three of the projects in their second form."""
    second = _second_forms(cohort)
    cases, said = [], dict[str, str]()
    for case in ROLES.cases:
        if case.part in second:
            project = PROJECTS[case.part]
            case = replace(case, expected=project.role, wrong=project.wrong)
            said |= project.says
        else:
            said |= {name: ROLES.misconceptions[name] for name in case.wrong}
        cases.append(case)
    count = Counter(case.expected for case in cases)
    last = f"'{UP}' fits {count[UP]} of the five, '{DOWN}' {count[DOWN]}, and '{NEITHER}' {count[NEITHER]}."
    return replace(ROLES, cases=tuple(cases), misconceptions=said, hints=(*ROLES.hints[:2], last))


# --- 1.5: other bills --------------------------------------------------------------------------------


def _affordable_case(budget: int, price: int, fixed: int, pool: int, why: str) -> Case:
    """One case of 1.5, for a price above 0, with what each misconception gives."""
    left, without = budget - fixed, min(budget // price, pool)
    right = max(0, min(left // price, pool))
    wrong = {
        "forgets the fixed cost": without,
        "pays the fixed cost with every label": min(budget // (price + fixed), pool),
        "rounds": max(0, min(round(left / price), pool)),
        "buys on credit": min(left // price, pool),
        "labels before the bill is paid": without if left < 0 else right,
        "labels snippets that don't exist": max(0, left // price),
    }
    return Case(f"affordable({budget}, {price}, {fixed}, {pool})", right, telling(wrong, right), why)


def _free_case(budget: int, fixed: int, pool: int, why: str) -> Case:
    """One case of 1.5 in which labels cost nothing, once the fixed cost is paid."""
    right = pool if budget >= fixed else 0
    wrong = {
        "stumbles over a price of zero": Raises("ZeroDivisionError"),
        "forgets the fixed cost": pool,
        "labels before the bill is paid": pool,
    }
    return Case(f"affordable({budget}, 0.0, {fixed}, {pool})", right, telling(wrong, right), why)


def affordable_cases(r: Random) -> tuple[Case, ...]:
    """A budget for `got` labels at `price`; the fixed cost is worth `lost` labels."""
    price, got, lost, pool = r.choice((3, 4, 5, 6)), r.randint(4, 9), r.choice((2, 3)), r.randint(30, 90)
    fixed, all_got = price * lost, "after the fixed cost labels cost nothing, so all of the pool is labelled"
    no_help = "labels that cost nothing do not help who cannot pay what comes first"
    return (
        _affordable_case(price * got, price, 0, 100, f"each label costs {price} dollars"),
        _affordable_case(
            price * (lost + got), price, fixed, 100, f"{price * got} dollars are left for labels"
        ),
        _affordable_case(price * got + price - 1, price, 0, 100, "one more label costs a dollar more"),
        _affordable_case(price, price, fixed + price, 100, "the fixed cost alone is more than the budget"),
        _affordable_case(1000 * price, price, 0, pool, f"there are only {pool} snippets"),
        _free_case(fixed, fixed, pool, all_got),
        _free_case(fixed - 1, fixed, pool, no_help),
    )


def affordable(cohort: int) -> Exercise:
    """1.5 with other prices."""
    cases = affordable_cases(draw(cohort, "1.5"))
    return replace(AFFORDABLE, example=f"{cases[1].call} == {cases[1].expected}", cases=cases)


VARIANTS = {"1.4": roles, "1.5": affordable}
STATEMENTS = {"1.4": roles_statement}
