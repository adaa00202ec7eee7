"""Each check, tested by answers that learners write: wrong ones get their message, right ones pass."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from w2s_course.authoring.sources import UnitSource, read_cells, unit_sources
from w2s_course.learn.answers import ask, same
from w2s_course.learn.checking import Finding, judge, judge_any
from w2s_course.learn.exercises import Case, Exercise, all_units, find_exercise
from w2s_course.learn.variants import KEYED, LETTERED, cohort_exercise

ROOT = Path(__file__).resolve().parents[2]
INF, NAN = float("inf"), float("nan")
SOURCES = {unit.number: unit for unit in unit_sources(ROOT)}
EXERCISES = [exercise for unit in all_units() for exercise in unit.exercises]


def source_of(exercise: Exercise) -> UnitSource:
    return SOURCES[exercise.unit]


def found(exercise: Exercise, answer: object, hidden: bool = False) -> Finding:
    cases = source_of(exercise).hidden[exercise.id] if hidden else exercise.cases
    names: dict[str, object] = {exercise.name: answer}
    exec(exercise.imports, names)
    return judge(exercise, cases, [ask(case.call, names) for case in cases])


def answers(kind: str) -> list:
    made = []
    for exercise in EXERCISES:
        for number, given in enumerate(getattr(source_of(exercise), kind).get(exercise.id, ())):
            name = given[0] if kind == "wrong" else number
            made.append(pytest.param(exercise, given, id=f"{exercise.id} {name} {number}"))
    return made


@pytest.mark.parametrize(("exercise", "given"), answers("wrong"))
def test_a_wrong_answer_is_rejected_with_the_message_meant_for_it(exercise, given):
    misconception, answer = given
    finding = found(exercise, answer)
    assert finding.state == "wrong", "the visible check accepts it"
    assert finding.misconception == misconception, finding.text
    assert exercise.misconceptions[misconception] in finding.text
    hidden = found(exercise, answer, hidden=True)
    assert hidden.state == "wrong", "the hidden check accepts it"
    assert hidden.share < 1


@pytest.mark.parametrize(("exercise", "answer"), answers("right"))
def test_a_right_answer_written_differently_is_accepted(exercise, answer):
    assert found(exercise, answer).state == "right", found(exercise, answer).text
    hidden = found(exercise, answer, hidden=True)
    assert hidden.state == "right", hidden.text
    assert hidden.share == 1


def below_touching_counts(gain, student, gold):
    """As the solution, but where gold's interval touches the student's from below it says 'no'."""

    def settled(above, below):
        return "yes" if above else "no" if below else "open"

    beats, better = settled(gain[0] > 0, gain[1] < 0), settled(gold[0] > student[1], gold[1] <= student[0])
    return {"beats": beats, "gold_better": better, "sound": "open"}


def rows_by_id(explain, snippets, labeller):
    rows = []
    for s in sorted(snippets, key=lambda s: s["id"]):
        text, sure = explain(s["code"])
        made = {"id": s["id"], "code": s["code"], "explanation": text, "confidence": sure}
        rows.append({**made, "labeller": labeller})
    return rows


def price_with(whole):
    def price_per_right_label(labels, share_right, seconds, hour_price, gold_pairs, gold_price):
        right = whole(labels * share_right)
        if right == 0:
            raise ValueError("none right")
        return (seconds / 3600 * hour_price + gold_pairs * gold_price) / right

    return price_per_right_label


@pytest.mark.parametrize(
    ("exercise_id", "answer"),
    [
        ("1.6", below_touching_counts),
        ("2.1", rows_by_id),
        ("2.7", price_with(int)),
        ("2.7", price_with(round)),
        ("3.4", lambda shapes, rank, alpha: sum(rank * (i + o) for i, o in set(shapes))),
    ],
)
def test_a_slip_that_shows_no_misconception_is_rejected_by_both_checks(exercise_id, answer):
    exercise = find_exercise(exercise_id)
    assert found(exercise, answer).state == "wrong", "the visible check accepts it"
    assert found(exercise, answer, hidden=True).state == "wrong", "the hidden check accepts it"


WITH_OTHER_NUMBERS = [
    e for e in EXERCISES if callable(source_of(e).right[e.id][0]) and cohort_exercise(e, 1) is not e
]
"""Functions whose cases vary; of a value that varies, such as letters, other answers are right."""


@pytest.mark.parametrize("cohort", [1, 7, 25])
@pytest.mark.parametrize("exercise", WITH_OTHER_NUMBERS, ids=lambda e: e.id)
def test_the_numbers_of_a_cohort_tell_the_same_answers_apart(exercise, cohort):
    source, varied = source_of(exercise), cohort_exercise(exercise, cohort)
    hidden = source.hidden_variants.get(exercise.id, lambda _: source.hidden[exercise.id])(cohort)

    def of_cohort(answer: object, cases: Sequence[Case]) -> Finding:
        names: dict[str, object] = {varied.name: answer}
        exec(varied.imports, names)
        return judge(varied, cases, [ask(case.call, names) for case in cases])

    for answer in source.right[exercise.id]:
        assert of_cohort(answer, varied.cases).state == of_cohort(answer, hidden).state == "right"
    for misconception, answer in source.wrong[exercise.id]:
        assert of_cohort(answer, varied.cases).misconception == misconception
        assert of_cohort(answer, hidden).state == "wrong", misconception


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.id)
def test_each_misconception_has_a_wrong_answer_that_shows_it(exercise):
    shown = {name for name, _ in source_of(exercise).wrong[exercise.id]}
    assert shown == set(exercise.misconceptions)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.id)
def test_cases_speak_only_of_declared_misconceptions(exercise):
    for case in (*exercise.cases, *source_of(exercise).hidden[exercise.id]):
        assert set(case.wrong) <= set(exercise.misconceptions), case.call


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.id)
def test_no_misconception_is_said_to_give_what_is_right(exercise):
    """It would be found in every answer that is wrong elsewhere."""
    for case in (*exercise.cases, *source_of(exercise).hidden[exercise.id]):
        for name, value in case.wrong.items():
            equal = value == case.expected or same(value, case.expected, exercise.tolerance)
            assert not equal, f"{case.call}: {name}"


def test_every_label_of_3_1_ends_with_the_end_mark_as_its_contract_says():
    for case in (*find_exercise("3.1").cases, *SOURCES[3].hidden["3.1"]):
        _, label, _ = ast.literal_eval(case.call.removeprefix("loss_labels"))
        assert label[-1] == 2, case.call


@pytest.mark.parametrize(
    ("exercise_id", "promised"),
    [("3.1", "ends with the end mark"), ("3.2", "without dimensions"), ("3.3", "not as True and False")],
)
def test_a_contract_says_what_form_the_check_insists_on(exercise_id, promised):
    assert promised in find_exercise(exercise_id).contract


def names_of(source: str) -> tuple[set[str], set[str]]:
    """The names that a cell reads, and those that it binds itself (arguments and loop variables, too)."""
    read, bound = set(), set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                read.add(name)
            case ast.Name(id=name) | ast.arg(arg=name) | ast.FunctionDef(name=name):
                bound.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                bound |= {alias.asname or alias.name.split(".")[0] for alias in aliases}
    return read, bound


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_cell_that_uses_an_answer_needs_no_other_cell_than_that(number):
    """Whoever skips an exercise can still run what comes after the next one."""
    source, answer = SOURCES[number], ""
    assert source.exercises is not None
    for cell in read_cells(source.exercises):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        if "exercise" in cell.metadata:
            answer = find_exercise(str(cell.metadata["exercise"])).name
        else:
            read, bound = names_of(cell.source)
            assert not read - bound - set(dir(builtins)) - {answer, "lesson"}, cell.source


def asked(exercise: Exercise, answer: object) -> Finding:
    names = {exercise.name: answer}
    return judge(exercise, exercise.cases, [ask(case.call, names) for case in exercise.cases])


LITERAL = re.compile(r"\[[^\[\]{}]*\]|\{[^{}]*\}")
"""A list or a dict as it is printed within an example or a message."""


NUMBERS = [e.id for e in EXERCISES if re.search(r" == [\d.-]+$", e.example)]


@pytest.mark.parametrize("exercise_id", NUMBERS)
def test_an_example_holds_to_the_last_digit_for_the_courses_own_solution(exercise_id):
    """Learners type it as it stands, and a False would send them looking for an error."""
    exercise = find_exercise(exercise_id)
    cells = read_cells(source_of(exercise).exercises)
    solution = [c.source for c in cells if c.metadata.get("exercise") == exercise_id][-1]
    for cohort in (None, *range(10)):
        varied = cohort_exercise(exercise, cohort)
        names: dict[str, object] = {}
        exec(f"{solution}\n{varied.imports}", names)
        exec("import torch\nfrom math import log", names)
        assert eval(varied.example, names) is True, varied.example


JUDGED = [e.id for e in EXERCISES if e.judge is not None and e.id not in {*LETTERED, *KEYED}]
"""Without letters to be changed an example need not show a form; one that it shows must not be an answer."""


def plain_value(literal: str) -> object:
    """What a printed list or dict is; None for one with an ellipsis, or words that are no Python."""
    try:
        return ast.literal_eval(literal)
    except (SyntaxError, ValueError):
        return None


@pytest.mark.parametrize("exercise_id", JUDGED)
def test_no_printed_example_earns_points_from_a_judge(exercise_id):
    exercise = find_exercise(exercise_id)
    whole = exercise.example.split("  #")[0]
    for literal in (whole, *LITERAL.findall(exercise.example)):
        finding = judge_any(
            exercise,
            exercise.cases,
            [ask(case.call, {exercise.name: plain_value(literal)}) for case in exercise.cases],
        )
        assert finding.state != "right", literal
        assert not any(finding.parts.values()), literal


@pytest.mark.parametrize("exercise_id", [*LETTERED, *KEYED])
def test_no_printed_example_is_the_key_of_any_cohort(exercise_id):
    for cohort in (None, *range(1, 201)):
        exercise = cohort_exercise(find_exercise(exercise_id), cohort)
        printed = [exercise.example]
        # What those are told who answer in no form at all.
        printed += [asked(exercise, strange).text for strange in ("?", ["?"], {"?": "?"}, [])]
        found = [literal for text in printed for literal in LITERAL.findall(text)]
        assert LITERAL.search(exercise.example), "the example shows no form"
        for literal in found:
            finding = asked(exercise, ast.literal_eval(literal))
            assert finding.state != "right", (cohort, literal)
            # Of several letters asked for none is given away either.
            assert not any(finding.parts.values()), (cohort, literal)


@pytest.mark.parametrize(
    ("exercise_id", "answer", "said"),
    [
        ("2.6", {"low": INF}, "`low`, `high` and `pool_right` are numbers between 0 and 1"),
        ("2.6", {"pool_right": NAN}, "`low`, `high` and `pool_right` are numbers between 0 and 1"),
        ("3.6", {"n": INF}, "`n` must be the number of validation snippets"),
        ("2.6", {"audited": 20.5}, "`audited` and `right` are whole numbers"),
        ("2.6", {"right": 30}, "at most as many right ones as audited"),
        ("2.6", {"contradicts": 0}, "`contradicts` is True or False"),
        ("2.6", {"more": 1}, "keys that nobody asked for: ['more']"),
        ("2.6", {"low": 0.1, "high": 0.9}, "are not what `wilson(11, 20)` gives"),
        ("3.6", {"more": 1}, "and no others"),
        ("3.6", {"lost": "one"}, "`lost` must be a number of snippets"),
        ("3.6", {"lost": 5}, "Count again"),
        ("3.6", {"conclusion": "z"}, "must be 'a', 'b' or 'c'"),
        ("3.6", {"gold": [0.5, INF]}, "`gold` must be a list of numbers"),
        ("5.8", {"suspect": ["loop"]}, "`suspect` must be one of the styles"),
        ("5.8", {"suspect": {}}, "`suspect` must be one of the styles"),
        ("5.8", {"wrong": {"recursion": [1, 20]}}, "the styles are comprehension"),
        ("5.8", {"wrong": {"loop": [7, 6]}}, "must be [labels found wrong, labels read], not [7, 6]"),
        ("5.8", {"low": "0.6"}, "`low` and `high` are numbers"),
        ("6.7", {"more": 1}, "must be a dict with the keys budget"),
        ("6.7", {"chosen": [600.0, 0.93]}, "are lists of four"),
        ("6.7", {"chosen": [600.0, 0.5, 0.88, 0.98]}, "lies outside its own interval"),
        ("6.7", {"rejected": [600.0, 0.93, 0.88, 0.98]}, "Take the strongest rival"),
        ("6.7", {"reason": "a feeling"}, "`reason` is one of: 'better'"),
        ("6.7", {"chosen": [NAN, 0.6, 0.5, 0.7]}, "must be a finite number"),
        ("6.7", {"chosen": [-5, -1, -1, -1], "rejected": [100, 0, -1, 1]}, "none is negative"),
        ("6.7", {"chosen": [600.0, 0.93, -0.1, 0.98]}, "none is negative"),
        ("6.7", {"budget": INF}, "must be a finite number"),
        ("7.8", {"known": [40, INF]}, "`known` must be a list of two finite numbers"),
        ("7.8", {"hard": [NAN, 50]}, "`hard` must be a list of two finite numbers"),
        ("7.8", {"more": 1}, "and no others"),
        ("7.8", {"known": [500, 480]}, "must be two whole numbers"),
        ("7.8", {"known": [0, 480], "hard": [0, 520]}, "No label is kept"),
        ("7.8", {"hard_share": [0.9, 0.36]}, "first number of `hard_share` does not follow"),
        ("7.8", {"conclusion": "e"}, "must be 'a', 'b', 'c' or 'd'"),
        ("9.7", {"claim": 7}, "Each level is one of 1, 2, 3, 4"),
    ],
)
def test_a_strange_value_is_named_and_is_no_error_of_the_check(exercise_id, answer, said):
    exercise = find_exercise(exercise_id)
    whole = {**source_of(exercise).right[exercise_id][0], **answer}
    for hidden in (False, True):
        finding = found(exercise, whole, hidden)
        assert finding.state == "wrong"
        assert said in finding.text


@pytest.mark.parametrize("exercise_id", ["1.1", "9.3"])
def test_a_step_that_stands_twice_is_said_to(exercise_id):
    steps = source_of(find_exercise(exercise_id)).right[exercise_id][0]
    assert "A step stands twice" in found(find_exercise(exercise_id), [*steps, steps[0]]).text


def test_ids_and_names_are_unique():
    assert len({e.id for e in EXERCISES}) == len(EXERCISES)
    assert find_exercise(EXERCISES[0].id) is EXERCISES[0]


def test_the_counts_of_tried_answers(capsys):
    """Printed with -s, and by `make test ARGS=-s`."""
    wrong, right = len(answers("wrong")), len(answers("right"))
    with capsys.disabled():
        print(f"\n{len(EXERCISES)} exercises: {wrong} wrong answers rejected, {right} alternatives accepted")
    assert wrong >= 5 * len(EXERCISES)
    assert right >= 2 * len(EXERCISES)


@pytest.mark.parametrize("name", ["check", "predict", "progress", "setup", "what_if"])
def test_the_package_gives_the_function_though_a_module_has_its_name(name):
    import importlib

    import w2s_course.learn as learn

    importlib.import_module(f"w2s_course.learn.{name}")
    assert callable(getattr(learn, name))


def test_every_name_that_the_package_lists_is_there():
    import w2s_course.learn as learn

    assert all(callable(getattr(learn, name)) for name in dir(learn))
