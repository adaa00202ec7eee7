"""A unit with one exercise and one essay, written into a folder: course, rubric and module.

Units 1 to 4 have no essay, and the road of an essay must not wait for one that has.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SLUG = "99_essay"
MODULE = """\
from w2s_course.learn.exercises import Case, Essay, Exercise, Unit

TWICE = Exercise(
    id="99.1", name="twice", title="Twice", points=2, minutes=1, difficulty=1,
    contract="`twice(x)` is two times x.", example="twice(2) == 4", verified="`twice` doubles.",
    cases=(Case("twice(2)", 4, wrong={"squares": 4}), Case("twice(3)", 6, wrong={"squares": 9})),
    misconceptions={"squares": "Twice a number is not its square."}, hints=("Add.", "Add x.", "x + x"),
)
VERDICT = Essay(id="99.2", title="The verdict", points=10, minutes=30)
UNIT = Unit(number=99, slug="99_essay", title="An essay", minutes=31, exercises=(TWICE,), essays=(VERDICT,))
"""
EXERCISES = """\
# %% [markdown]
# # 99 An essay: exercises

# %% setup=true

# %% [markdown] exercise="99.1"
# Double a number.

# %% exercise="99.1"
def twice(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% [markdown] essay="99.2"
# Is the plan sound? Argue for one side, with numbers of your own run.
"""
LESSON = "# %% [markdown]\n# # 99 An essay\n"
HIDDEN = 'from w2s_course.learn.exercises import Case\n\nHIDDEN = {"99.1": [Case("twice(-5)", -10)]}\n'
RUBRIC = (
    "| criterion | points |\n|---|---|\n| Sound or not, said plainly | 5 |\n| Numbers of the own run | 5 |\n"
)


def write_course(root: Path) -> None:
    """The unit's texts, below root/course."""
    folder = root / "course" / SLUG
    folder.mkdir(parents=True)
    texts = {"exercises.py": EXERCISES, "lesson.py": LESSON, "hidden.py": HIDDEN, "rubric.md": RUBRIC}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


@contextmanager
def known_unit(folder: Path) -> Iterator[None]:
    """Let the package know the unit: its module is found in `folder`."""
    import sys

    from w2s_course.learn import units
    from w2s_course.learn.exercises import all_units

    folder.mkdir(exist_ok=True)
    (folder / "unit_99.py").write_text(MODULE, encoding="utf-8")
    units.__path__.append(str(folder))
    all_units.cache_clear()
    try:
        yield
    finally:
        units.__path__.remove(str(folder))
        sys.modules.pop(f"{units.__name__}.unit_99", None)
        all_units.cache_clear()
