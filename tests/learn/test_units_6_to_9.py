"""The cells of units 6 to 9 that use an answer, run as they stand, and what a judged answer may not be."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from w2s_course.authoring.sources import read_cells, unit_sources
from w2s_course.costs import run_mixes
from w2s_course.learn.anchors import anchor, anchor_evidence
from w2s_course.learn.answers import ask
from w2s_course.learn.checking import judge
from w2s_course.learn.essay import fill
from w2s_course.learn.exercises import find_exercise
from w2s_course.learn.units.quizzes_7 import BANK
from w2s_course.models.catalog import MODELS
from w2s_course.recorded import recorded_runs

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {unit.number: unit for unit in unit_sources(ROOT)}


def cell_with(number: int, words: str) -> str:
    """The one cell of a unit's exercises that holds these words."""
    exercises = SOURCES[number].exercises
    assert exercises is not None
    (found,) = [cell.source for cell in read_cells(exercises) if words in cell.source]
    return str(found)


@pytest.mark.parametrize("run", recorded_runs(), ids=lambda run: f"seed {run['config']['seed']}")
def test_a_right_count_of_operations_exceeds_that_of_the_recorded_run_by_the_output_matrix(run, capsys):
    names = {
        "lesson": SimpleNamespace(recorded=lambda seed: run),
        "training_operations": SOURCES[6].right["6.1"][0],
    }
    exec(cell_with(6, "times the run's count"), names)
    factor = float(capsys.readouterr().out.splitlines()[-1].split()[0])
    stages, model = run["cost"]["stages"], MODELS[run["config"]["strong_model"]]
    head, upper = model.vocabulary * model.width, run["config"]["lora"]["upper"]
    read = stages["ceiling training"]["tokens"]
    spared = 2 * head * read * (1 + upper - 2 * 14 / 56)  # of 56 tokens 14 are a label's, see `work`
    [counted] = [row["flops"] for row in run_mixes(run) if row["arm"] == "ceiling"]
    assert factor == pytest.approx(1 + spared / counted, abs=0.04)


PARTNER = "# Claim\nNot sound: gain 3.0 points [own run, seed 4]; {{weak}} was forgotten."


@pytest.mark.parametrize("first", ["", "# Claim\nSound: {{gain}}."])
def test_a_partners_essay_goes_into_the_sheet_as_it_was_sent(first):
    names = {
        "first": first,
        "evidence": anchor_evidence(),
        "fill": fill,
        "anchor": anchor,
        "anchor_evidence": anchor_evidence,
    }
    source = cell_with(9, "sheet = make_sheet(")
    exec(source, names)
    alone = set(names["sheet"].essays.values())
    exec(source.replace('partner = r"""\n', f'partner = r"""\n{PARTNER}\n'), names)
    together = set(names["sheet"].essays.values())
    assert together - alone == {PARTNER}
    assert len(together & alone) == 1


@pytest.mark.parametrize("plan", [[-5, -1, -1, -1], [float("nan"), 0.6, 0.5, 0.7], [600, 1.2, 0.8, 1.4]])
def test_no_plan_of_impossible_numbers_is_accepted(plan):
    memo = find_exercise("6.7")
    given = {
        "budget": 700,
        "chosen": plan,
        "rejected": [900, 0.1, 0.0, 0.2],
        "difference": "chosen better",
        "reason": "better",
    }
    for difference in ("chosen better", "rejected better", "open"):
        for reason in ("better", "cheaper", "alone within budget"):
            answer = {**given, "difference": difference, "reason": reason}
            assert judge(memo, memo.cases, [ask("memo", {"memo": answer})]).state == "wrong"


def test_the_question_about_vocabularies_rules_out_what_is_no_sum_over_tokens():
    (item,) = [item for item in BANK if item.id == "7.vocabulary"]
    assert "token by token" in item.question


def test_what_was_chosen_is_told_as_the_log_of_what_did_not_help_tells_it():
    said = " ".join(cell_with(9, "the grammar was changed until").split())
    log = (ROOT / "docs" / "negative-results.md").read_text(encoding="utf-8")
    assert "test programs of seed 0 in view" in said
    assert "accuracy on the test programs of seed 0" in log


def test_9_4_says_how_its_line_differs_from_that_of_6_5():
    assert "straight in the *labels*" in find_exercise("9.4").contract
