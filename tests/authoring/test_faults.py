"""Each fault that `w2s build --check` promises to find, planted in a small course, found with its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

from w2s_course.authoring import faults, notebooks, sources
from w2s_course.errors import CourseError
from w2s_course.learn import exercises
from w2s_course.learn.exercises import Case, Exercise, Unit

ROOT = Path(__file__).resolve().parents[2]

LESSON = """# %% [markdown]
# # 97 A lesson
#
# ## A heading

# %%
print(6 * 7)

# %% [markdown]
# It is what it is. See [above](#A-heading) and [the readme](../README.md).
"""
EXERCISES = '''# %% [markdown]
# # 97 Exercises

# %% [markdown] exercise="97.1"
# Double it.

# %% exercise="97.1"
def double_of(number):
    """Twice the number."""
    ### BEGIN SOLUTION
    return number + number + 0 * number
    ### END SOLUTION

# %% [markdown] solution="97.1"
# Adding is enough.

# %% exercise="97.2"
choice_97 = None
### BEGIN SOLUTION
choice_97 = "b"
### END SOLUTION
'''
HIDDEN = """from w2s_course.learn.exercises import Case
HIDDEN = {"97.1": [Case("double_of(123456)", 246912)], "97.2": [Case("choice_97", "b")]}
"""
ANSWERS = """WRONG = {"97.1": [("squares", lambda n: n * n)] * 5, "97.2": [("a", "a")] * 5}
RIGHT = {"97.1": [lambda n: 2 * n, lambda n: n * 2], "97.2": ["b", "b"]}
"""


def exercise(exercise_id: str, name: str, cases: tuple[Case, ...]) -> Exercise:
    return Exercise(
        id=exercise_id, name=name, title="Title", points=1, minutes=5, difficulty=1,
        contract="What it takes and returns.", example=cases[0].call, verified="it holds.", cases=cases,
        misconceptions={"squares": "Is it a square?", "a": "Not a."}, hints=("one", "two", "three"),
    )  # fmt: skip


def declare_small_unit(monkeypatch) -> None:
    unit = Unit(
        97, "97_small", "Small", 30,
        (exercise("97.1", "double_of", (Case("double_of(1)", 2),)),
         exercise("97.2", "choice_97", (Case("choice_97", "b"),))),
    )  # fmt: skip
    known = {e.id: e for e in unit.exercises}
    monkeypatch.setattr(faults, "all_units", lambda: (unit,))
    monkeypatch.setattr(faults, "find_exercise", known.__getitem__)
    monkeypatch.setattr(notebooks, "find_exercise", known.__getitem__)
    monkeypatch.setattr(faults, "LEAST_EXERCISES", 2)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A course of one unit, its lesson executed once."""
    root = tmp_path_factory.mktemp("built")
    folder = root / "course" / "97_small"
    folder.mkdir(parents=True)
    (root / "README.md").write_text("# Readme")
    for name, text in {
        "lesson": LESSON,
        "exercises": EXERCISES,
        "hidden": HIDDEN,
        "answers": ANSWERS,
    }.items():
        (folder / f"{name}.py").write_text(text)
    with pytest.MonkeyPatch.context() as patched:
        declare_small_unit(patched)
        notebooks.build(root)
    return root


@pytest.fixture
def course(built, tmp_path, monkeypatch):
    """That course to spoil: `rewrite` its texts or `edit` its notebooks, then look for faults."""
    declare_small_unit(monkeypatch)
    return shutil.copytree(built, tmp_path / "course")


def rewrite(course: Path, name: str, old: str, new: str, build: bool = True) -> None:
    path = course / "course" / "97_small" / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    if build:
        notebooks.build(course)


def edit(course: Path, name: str, change) -> None:
    path = course / name
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    nbformat.write(notebook, path)


def the_fault(course: Path, *parts: str) -> None:
    found = faults.check(course)
    assert any(all(part in problem for part in parts) for problem in found), found


def test_a_sound_course_has_no_faults(course):
    assert faults.check(course) == []


def test_the_shipped_course_has_no_faults():
    assert faults.check(ROOT) == []


def test_building_twice_gives_the_same_bytes(course):
    targets = [course / f / "97_small" / "97_small.ipynb" for f in ("exercises", "solutions")]
    before = [target.read_bytes() for target in targets]
    for target in targets:
        target.unlink()
    notebooks.build(course)
    assert [target.read_bytes() for target in targets] == before


def test_stubs_stand_in_exercises_and_solutions_in_solutions(course):
    stub, solved = (
        nbformat.read(course / f / "97_small" / "97_small.ipynb", as_version=4)
        for f in ("exercises", "solutions")
    )
    by_id = {cell.id: cell.source for cell in stub.cells}
    assert 'not_attempted("97.1")' in by_id["answer-97-1"]
    assert by_id["answer-97-1"].startswith("# exercise 97.1")
    assert "**Contract.** What it takes" in by_id["statement-97-1"]
    assert by_id["check-97-1"].endswith('check("97.1")')
    assert not any("Adding is enough" in cell.source for cell in stub.cells)
    assert any("Adding is enough" in cell.source for cell in solved.cells)
    assert any("return number + number" in cell.source for cell in solved.cells)


def test_drift_is_found(course):
    edit(course, "exercises/97_small/97_small.ipynb", lambda n: n.cells[1].update(source="other"))
    the_fault(course, "exercises/97_small/97_small.ipynb", "cell statement-97-1 is not that of its text")
    shutil.rmtree(course / "solutions")
    the_fault(course, "solutions/97_small/97_small.ipynb: missing")


def test_a_notebook_that_no_text_makes_is_found(course):
    shutil.copy(course / "notebooks" / "97_small.ipynb", course / "notebooks" / "old.ipynb")
    the_fault(course, "notebooks/old.ipynb: no text in course/ makes this")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("return number + number + 0 * number", "the solution of 97.1"),
        ('choice_97 = "b"', "the solution of 97.2"),
        ("try double_of(123456)", "a hidden check of 97.1"),
        ("### BEGIN SOLUTION", "the mark of a solution"),
    ],
)
@pytest.mark.parametrize("where", ["notebooks/97_small.ipynb", "exercises/97_small/97_small.ipynb"])
def test_a_leaked_secret_is_found(course, where, text, what):
    edit(course, where, lambda n: n.cells[-1].update(source=text))
    the_fault(course, where, what)


def test_a_secret_in_an_output_is_found(course):
    output = nbformat.v4.new_output("stream", name="stdout", text="return number + number + 0 * number")
    edit(course, "notebooks/97_small.ipynb", lambda n: n.cells[1].outputs.append(output))
    the_fault(course, "notebooks/97_small.ipynb", "the solution of 97.1")


def test_an_answer_key_in_a_lesson_is_found(course):
    rewrite(course, "lesson.py", "print(6 * 7)", "print(dict(right=True))")
    the_fault(course, "notebooks/97_small.ipynb", "cell 97-small-01 holds an answer key")


@pytest.mark.parametrize("field", ["points", "minutes", "contract", "example", "verified", "difficulty"])
def test_an_incomplete_exercise_is_found(course, field):
    object.__setattr__(faults.find_exercise("97.1"), field, "" if field in ("contract", "example") else 0)
    the_fault(course, "course/97_small/exercises.py", f"exercise 97.1 has no {field}")


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("answers.py", "* 5, ", "* 4, ", "has 4 wrong answers in answers.py, 5 are needed"),
        ("answers.py", "lambda n: 2 * n, ", "", "has 1 alternatives in answers.py, 2 are needed"),
        ("hidden.py", '"97.1": [Case', '"97.9": [Case', "has no hidden cases"),
        ("exercises.py", 'exercise="97.2"', 'exercise="97.1"', "exercise 97.2 has 0 answer cells"),
    ],
)
def test_an_untested_check_is_found(course, name, old, new, said):
    rewrite(course, name, old, new, build=False)
    the_fault(course, "course/97_small/exercises.py", said)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "246912)",
            "246912, part='large'), Case('double_of(5)', 10, part='lagre')",
            "part 'lagre'; is 'large' meant?",
        ),
        ("246912)", "246912), Case('double_of(5)', 10, part='odd')", None),
        (
            '"97.2": [',
            '"97.3": [Case("x", 1)], "97.2": [',
            "exercise 97.3 has cases in hidden.py and does not",
        ),
    ],
)
def test_a_hidden_case_that_belongs_nowhere_is_found(course, old, new, said):
    rewrite(course, "hidden.py", old, new, build=False)
    if said is None:
        assert faults.check(course) == []
    else:
        the_fault(course, "course/97_small/", said)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ('HIDDEN = {"97.1": [Case(}', "hidden.py, line 2: SyntaxError: "),
        ("HIDDEN = {\n}\nmade = [Cases(1)]", "hidden.py, line 4: NameError: name 'Cases' is not defined"),
    ],
)
def test_a_text_that_python_cannot_run_is_named_with_its_line(course, new, said):
    (course / "course" / "97_small" / "hidden.py").write_text(f"{HIDDEN.splitlines()[0]}\n{new}\n")
    with pytest.raises(CourseError, match=said):
        faults.check(course)


def test_hints_must_be_three(course):
    object.__setattr__(faults.find_exercise("97.1"), "hints", ("one", "two", " "))
    the_fault(course, "exercise 97.1 needs 3 hints")


@pytest.mark.parametrize(
    "text", ["![](a.png)", "![ ](a.png)", '<img src="a.png">', '<img src="a.png" alt="">']
)
def test_an_image_without_alt_text_is_found(course, text):
    rewrite(course, "lesson.py", "# It is what", f"# {text}\n# It is what")
    the_fault(course, "notebooks/97_small.ipynb", "cell 97-small-02 has an image without alt text")


def test_a_plot_without_words_is_found(course):
    picture = nbformat.v4.new_output("display_data", data={"image/png": "aaaa"})
    edit(course, "notebooks/97_small.ipynb", lambda n: n.cells[1].update(outputs=[picture]))
    the_fault(course, "cell 97-small-01 draws without words")


@pytest.mark.parametrize("text", ["From $2 to a $3.", "$5 here.\n#\n# And $6 there.", "$2-$3 each."])
def test_two_prices_that_become_a_formula_are_found(course, text):
    rewrite(course, "lesson.py", "# It is what", f"# {text}\n# It is what")
    the_fault(course, "notebooks/97_small.ipynb", "cell 97-small-02 is shown with a formula from '$")


@pytest.mark.parametrize("text", ["For $3.", "About $2N$ or $N = 6$.", "`$2` or `$3 a`.", "$$2 + 3 $$"])
def test_a_price_and_a_formula_are_no_fault(course, text):
    rewrite(course, "lesson.py", "# It is what", f"# {text}\n# It is what")
    assert faults.check(course) == []


@pytest.mark.parametrize("link", ["#No-such", "../nowhere.md", "missing.ipynb#x"])
def test_a_broken_link_is_found(course, link):
    rewrite(course, "lesson.py", "#A-heading", link)
    the_fault(course, "notebooks/97_small.ipynb", "cell 97-small-02 links to")


def test_a_badge_of_another_notebook_is_found(course):
    def change(notebook):
        notebook.cells[0].source = notebook.cells[0].source.replace("97_small", "98_other")

    edit(course, "notebooks/97_small.ipynb", change)
    the_fault(course, "notebooks/97_small.ipynb", "cell 97-small-00 has a badge that opens", "98_other")


def test_a_long_cell_is_found(course):
    rewrite(course, "lesson.py", "print(6 * 7)", "\n".join(["print(6 * 7)"] * 26))
    the_fault(course, "cell 97-small-01 has 26 lines of code")


def test_an_output_without_interpretation_is_found(course):
    rewrite(course, "lesson.py", "# %% [markdown]\n# It is", "# %%\n#It is")
    the_fault(course, "cell 97-small-01 prints or draws")


def test_widget_metadata_that_github_refuses_is_found(course):
    bad = {"application/vnd.jupyter.widget-state+json": {"version_major": 2}}
    edit(course, "notebooks/97_small.ipynb", lambda n: n.metadata.update(widgets=bad))
    the_fault(course, "notebooks/97_small.ipynb", "widget metadata has no state")


def test_a_widget_without_its_state_is_found(course):
    shown = nbformat.v4.new_output("display_data", data={faults.WIDGET: {}, "text/plain": "a widget"})
    edit(course, "notebooks/97_small.ipynb", lambda n: n.cells[1].outputs.append(shown))
    the_fault(course, "cell 97-small-01 holds a widget whose state is not in the file")


def test_a_solution_that_is_not_marked_is_refused(course):
    with pytest.raises(sources.CourseError, match=r"Exercise 97\.1: a solution ends that did not begin"):
        rewrite(course, "exercises.py", "    ### BEGIN SOLUTION\n    return number", "    return number")


def test_every_unit_is_found_in_order():
    numbers = [unit.number for unit in exercises.all_units()]
    assert numbers == sorted(numbers)
