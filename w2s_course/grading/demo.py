"""A demonstration class: 60 students, of varied quality and honesty, as an LMS would hand them over.

    roster.csv         64 students: 60 who hand in, 4 who don't
    submissions.zip    in Canvas's naming, with late ones, second uploads, a stranger and a stray PDF
    expected.json      student -> what their notebook is, for tests and for who wants to compare

The same unit and seed give the same bytes. All names are put together from lists.
"""

from __future__ import annotations

import csv
import io
import json
import random
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from w2s_course.disk import write_atomically
from w2s_course.grading.demo_answers import Answers, answers_of
from w2s_course.grading.demo_damage import DAMAGES, HOSTILE, Notebook, as_text, broken_json
from w2s_course.grading.demo_essays import essays_of, write_essays
from w2s_course.grading.release import release_notebook
from w2s_course.grading.roster import Student, key
from w2s_course.grading.workspace import find_source
from w2s_course.learn.exercises import Unit, all_units

SUBMISSIONS, ABSENT = 60, 4
DEADLINE = datetime(2026, 3, 6, 23, 59)
_GIVEN = "Ana Björn Chidi Dana Émile Fatima Goran Hana Isla João Kofi Lea Mei Nils Olga Priya".split()
_FAMILY = "O'Neill Nguyễn García Müller Okafor Kowalski de la Cruz|Ivanova Sørensen Tanaka".replace(" ", "|")
_FAMILIES = [name.replace("_", " ") for name in _FAMILY.replace("de|la|Cruz", "de_la_Cruz").split("|")]
_OTHER = (
    "李 明",
    "山田 花子",
    "محمد علي",
    "Мария Петрова",
    "प्रिया शर्मा",
    "김 민준",
    "Νίκος Παππάς",
    "שרה כהן",
)


@dataclass(frozen=True)
class Plan:
    """What one student hands in. kind: in words. quality: the share of exercises answered rightly; None for
    stubs throughout. late: handed in a day late. before: an earlier, worse upload came first."""

    student: Student
    kind: str
    quality: float | None
    damage: str = ""
    hostile: str = ""
    late: bool = False
    before: bool = False


def make_students(seed: int) -> list[Student]:
    """The class, in the order of the ids; two of them share a name."""
    generator = random.Random(f"students {seed}")
    names = [f"{given} {family}" for given in _GIVEN for family in _FAMILIES]
    generator.shuffle(names)
    count = SUBMISSIONS + ABSENT
    chosen = [*names[: count - len(_OTHER) - 1], *_OTHER]
    chosen.append(chosen[0])
    generator.shuffle(chosen)
    return [
        Student(f"s{n:03d}", name, f"s{n:03d}@example.org", str(70_000 + 7 * n))
        for n, name in enumerate(chosen, start=1)
    ]


def make_plans(students: Sequence[Student], seed: int) -> list[Plan]:
    """Who hands in what: the first 60 of a shuffled class."""
    generator = random.Random(f"plans {seed}")
    kinds = [
        *[("the solution", 1.0, "", "")] * 10,
        *[("right in another way", 1.0, "", "")] * 12,
        *[("right and wrong", quality, "", "") for quality in (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.1) * 2],
        *[("half done", 0.5, "", "")] * 4,
        *[("untouched", None, "", "")] * 2,
        *[(f"right; {damage}", 1.0, damage, "") for damage in DAMAGES],
        *[(f"hostile: {what}", 0.0, "", what) for what in HOSTILE],
        ("broken JSON", 1.0, "broken JSON", ""),
        ("of another unit", 1.0, "another unit", ""),
    ]
    assert len(kinds) == SUBMISSIONS
    chosen = generator.sample(list(students), SUBMISSIONS)
    rows = zip(chosen, kinds, strict=True)
    plans = [Plan(s, kind, quality, damage, bad) for s, (kind, quality, damage, bad) in rows]
    late, twice = set(generator.sample(range(38), 5)), set(generator.sample(range(38), 5))
    return [
        Plan(p.student, p.kind, p.quality, p.damage, p.hostile, n in late, n in twice)
        for n, p in enumerate(plans)
    ]


def _cell_texts(plan: Plan, answers: Mapping[str, Answers], generator: random.Random) -> dict[str, str]:
    """Exercise id -> what this student wrote; exercises that are left out stay stubs."""
    if plan.quality is None:
        return {}
    ids = list(answers)
    done = ids[: (len(ids) + 1) // 2] if plan.kind == "half done" else ids
    if plan.kind == "half done" or plan.quality == 1.0:
        wrong = set[str]()
    else:
        wrong = set(generator.sample(ids, max(1, round((1 - plan.quality) * len(ids)))))
    own = plan.kind != "the solution" and not plan.damage
    texts = {}
    for exercise_id in done:
        one = answers[exercise_id]
        if exercise_id in wrong:
            texts[exercise_id] = generator.choice(one.wrong)[1]
        else:
            texts[exercise_id] = generator.choice(one.right) if own and one.right else one.solution
    return texts


def _filled(master: Notebook, texts: Mapping[str, str], essays: Mapping[str, str], hostile: str) -> Notebook:
    """The released notebook with these answers, and with a hostile first cell where there is one."""
    notebook = deepcopy(master)
    write_essays(notebook, essays)
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    for exercise_id, text in texts.items():
        cells[f"answer-{exercise_id.replace('.', '-')}"]["source"] = text
    if hostile:
        first: dict[str, Any] = {"cell_type": "code", "id": "own-1", "metadata": {}}
        first |= {"execution_count": None, "outputs": [], "source": HOSTILE[hostile]}
        notebook["cells"].insert(1, first)
    return notebook


def _text(
    plan: Plan, master: Notebook, other: Notebook, texts: Mapping[str, str], essays: Mapping[str, str]
) -> str:
    if plan.damage == "another unit":
        return as_text(other)
    notebook = _filled(master, texts, essays, plan.hostile)
    if plan.damage in DAMAGES:
        return as_text(DAMAGES[plan.damage](notebook))
    text = as_text(notebook)
    return broken_json(text) if plan.damage == "broken JSON" else text


def make_class(root: Path, unit: Unit, seed: int, folder: Path, intact: bool = False) -> list[Plan]:
    """Write a demonstration class for a unit into `folder`; the plans.

    intact: the same answers in undamaged notebooks, and nobody means harm: for graders that stop at others.
    Raises: CourseError where there is no course in `root`, or the unit has no exercises.
    """
    students = make_students(seed)
    plans = make_plans(students, seed)
    source = find_source(root, unit)
    neighbour = next(u for u in all_units() if u.number != unit.number and u.exercises)
    master, other = release_notebook(source, unit), release_notebook(find_source(root, neighbour), neighbour)
    answers = answers_of(source, unit)
    generator = random.Random(f"answers {seed}")
    files: list[tuple[str, str, datetime]] = []
    for plan in plans:
        texts = _cell_texts(plan, answers, generator)
        own = random.Random(f"essays {seed} {plan.student.id}")  # the other answers stay as they are
        essays = essays_of(unit, own) if texts else {}
        when = DEADLINE + timedelta(days=1 if plan.late else -1, minutes=-generator.randrange(600))
        name = _canvas_name(plan, unit.slug, generator.randrange(10_000, 99_999))
        if plan.before:
            files.append((name.format(again=""), as_text(master), when - timedelta(hours=2)))
        kind = replace(plan, hostile="", damage="") if intact else plan
        text = _text(kind, master, other, texts, essays)
        files.append((name.format(again="-1" if plan.before else ""), text, when))
    files.append((f"strangernobody_1_2_{unit.slug}.ipynb", as_text(master), DEADLINE - timedelta(days=2)))
    files.append((f"{key(plans[0].student.name)}_{plans[0].student.lms_id}_3_notes.pdf", "%PDF", DEADLINE))
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / "roster.csv", _roster_text(students))
    write_atomically(folder / "submissions.zip", _zip(files))
    expected = {p.student.id: {"kind": p.kind, "late": p.late} for p in plans}
    write_atomically(folder / "expected.json", json.dumps(expected, indent=1) + "\n")
    return plans


def _canvas_name(plan: Plan, slug: str, number: int) -> str:
    """A name as Canvas writes it: the family's name first, no spaces. `{again}` is left to be filled."""
    given, _, family = plan.student.name.partition(" ")
    # Some systems decompose accents; names must be found all the same.
    name = unicodedata.normalize("NFD" if number % 2 else "NFC", key(family + given))
    late = "_LATE" if plan.late else ""
    return f"{name}{late}_{plan.student.lms_id}_{number}_{slug}{{again}}.ipynb"


def _roster_text(students: Sequence[Student]) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("id", "name", "email", "lms_id"))
    writer.writerows((s.id, s.name, s.email, s.lms_id) for s in students)
    return buffer.getvalue()


def _zip(files: Sequence[tuple[str, str, datetime]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, text, when in sorted(files):
            entry = zipfile.ZipInfo(name, (when.year, when.month, when.day, when.hour, when.minute, 0))
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, text.encode("utf-8", "surrogatepass"))
    return buffer.getvalue()
