"""Somebody who has no browser: units 5 to 9 by their plain functions alone, up to the dossier as a file."""

from __future__ import annotations

from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from w2s_course.learn.anchors import anchor
from w2s_course.learn.browser import audit, error_browser, filter_rows, show_row
from w2s_course.learn.check import CheckFailed, check, hint
from w2s_course.learn.dossier import OWN_FIGURES, export_dossier
from w2s_course.learn.essay import compare_versions, feedback
from w2s_course.learn.essay_text import SECTIONS, fill
from w2s_course.learn.evidence import REFUSED, Evidence, against_bar, gather
from w2s_course.learn.exercises import activity, all_units
from w2s_course.learn.frontier import explore
from w2s_course.learn.live_remedies import Comparison
from w2s_course.learn.peer import make_sheet, read_sheet
from w2s_course.learn.planted import blind_spot, two_voices, wrong_by_style
from w2s_course.learn.predict import PredictFirst, predict
from w2s_course.learn.prices import price_sheet
from w2s_course.learn.quiz import Quiz
from w2s_course.learn.rows import pair_row
from w2s_course.learn.units.unit_9 import ANCHOR_C
from w2s_course.recorded import recorded_runs
from w2s_course.snippets.grammar import make_splits
from w2s_course.wording import money

CARRIES = {
    "teacher": "gain", "again": "seeds.gain", "rule": "inherited.systematic",
    "gold": "seeds.gold_lead", "origin": "seeds.control", "cost": "price.gold",
}  # fmt: skip


@pytest.fixture(params=["W2S_HEADLESS=1", "a plain script"])
def alone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of somebody without a browser, in a headless run or in a Python that is nobody's test."""
    if request.param == "a plain script":
        monkeypatch.delenv("W2S_HEADLESS", raising=False)
    else:
        monkeypatch.setenv("W2S_HEADLESS", "1")
    monkeypatch.setattr(import_module("w2s_course.learn.progress"), "_in_memory", {})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def bet(id: str, answer: Any, outcome: Any, **scale: Any) -> None:
    """Predict, unlock the run, and see the outcome beside it."""
    made = predict(id, f"What of {id}?", answer=answer, **scale)
    made.required()
    made.compare(outcome)


def unit_5() -> None:
    bet("5.inherited", 40, 25, unit="%")
    splits = make_splits({"test": 8, "pool": 60}, seed=0)
    said = [snippet.explanation for snippet in splits["test"]]
    rows = [pair_row(i, s, said[i - 1], said[i - i % 2]) for i, s in enumerate(splits["test"])]
    shown = error_browser(rows, kind="corrected")
    assert show_row(filter_rows(rows, kind="corrected")[0]) in shown.text()
    spot = blind_spot(splits["pool"], seed=7)
    mine = audit(spot.rows, n=12, seed=7)
    mine.answer([row.right for row in mine.rows])
    assert "agree on 12 of 12" in mine.report()
    assert sum(read for _, read in wrong_by_style(mine.rows, mine.answers).values()) == 12
    voices = two_voices(splits["pool"], seed=7)
    rated = audit(voices.rows, n=len(voices.rows), seed=7).answer([True] * 12)
    assert all(n == 3 for _, n in voices.believed(rated.rows, rated.answers).values())


def unit_6(run: dict[str, Any]) -> None:
    assert "One human explanation costs $4.00." in price_sheet(run, expert_hour=120)
    found = explore(recorded="runs", budget=700, teacher_is_bought=False)
    assert found.best is not None
    assert str(found.best.gold) in str(found)
    bet("6.decision", "b", "gold alone", options=["weak labels alone", "gold alone"])


def unit_7() -> None:
    found = Comparison("without", "with a vote", (False,) * 20, (True,) * 20, "Twenty snippets.")
    assert str(found).endswith("Twenty snippets.")
    bet("7.own_draws", "worse", found.outcome, options=["worse", "no difference shown", "better"])


def unit_8() -> None:
    rating = activity("8.ten")
    rating.answer([item.key for item in rating.items])
    assert "agree on 10 of 10" in rating.report()
    assert rating.kappas({"Ada": rating.answers}) == {"the key": 1.0, "Ada": 1.0}


def unit_9(evidence: Evidence) -> tuple[str, str]:
    """The exercises, the essay, a review and the revision; both versions of the essay."""
    bet("9.bar", 10, 17, low=0, high=50, unit="points")
    assert against_bar(evidence.own or {}, 0.10) == "sound"
    assert repr(check("9.1", {"carries": CARRIES})).startswith(
        "✓ 9.1 Which number carries the sentence? each"
    )
    assert "Hint 1 of 3" in repr(hint("9.2"))
    with pytest.raises(CheckFailed, match=r"9\.2"):
        check("9.2", {"overclaims": ["a"]})
    first = essay("Undecided.")
    sheet = make_sheet(fill(first, evidence).text, fill(anchor("b").text, evidence).text, names=["Ada"])
    for letter in sheet.essays:
        sheet.review(letter, ANCHOR_C, ["The third.", "'Always'.", "The arm on gold."])
    assert read_sheet(sheet.export()[1]).complete
    revised = essay("Sound, where the teacher is there already: {{seeds.gold_lead}}.")
    assert "1 section changed: Claim." in compare_versions(first, revised)
    return first, revised


def essay(claim: str) -> str:
    """An essay that has everything that can be counted."""
    keys = "{{gain}} {{pgr}} {{weak}} {{price.weak}} {{inherited}}"
    parts = [f"#### {s.title}\n{claim if s.title == 'Claim' else keys} {'word ' * 90}" for s in SECTIONS]
    return "\n\n".join(parts) + "{{prediction.5.inherited}}"


def quizzes_of_units_5_to_9() -> int:
    """Answer each wrong, then right; how many there are."""
    asked = [activity(name) for unit in all_units() if unit.number >= 5 for name in unit.activities]
    quizzes = [each for each in asked if isinstance(each, Quiz)]
    for quiz in quizzes:
        letters = dict(zip("abcdefgh", quiz.options, strict=False))
        right = "".join(letter for letter, option in letters.items() if option.right)
        wrong = next(letter for letter, option in letters.items() if not option.right)
        assert str(quiz.answer(wrong)).startswith("Not yet.")
        assert str(quiz.answer(right)).startswith("Right.")
    return len(quizzes)


class Page(HTMLParser):
    """Its images, and its text with one space between words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.images: list[dict[str, str | None]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.images.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        self.words += data.split()

    @property
    def text(self) -> str:
        return " ".join(self.words)


def test_units_5_to_9_are_done_without_a_browser_and_end_in_a_dossier(
    alone: Path, sample_results: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    unit_5()
    unit_6(sample_results)
    unit_7()
    unit_8()
    assert quizzes_of_units_5_to_9() >= 20
    evidence = gather(sample_results)
    first, revised = unit_9(evidence)
    assert feedback(first, evidence).complete, str(feedback(first, evidence))
    target = export_dossier(gather(sample_results), {"First version": first, "Revised": revised})
    assert target == alone / "w2s_dossier.html"
    assert "Traceback" not in capsys.readouterr().out

    page = Page(target.read_text("utf-8"))
    for row in (
        "5.inherited What of 5.inherited? 40% 25%",
        "6.decision What of 6.decision? gold alone gold alone",
        "7.own_draws What of 7.own_draws? worse better",
        "9.bar What of 9.bar? 10 points 17 points",
        "Labels judged by hand: is each right? 12 of 12 labels judged the judge agrees with 12",
        "rated by hand: true, vague or false? 10 of 10 explanations rated the key agrees with 10",
    ):
        assert row in page.text
    assert len(page.images) == len(OWN_FIGURES)
    assert all(len(str(image["alt"])) > 40 for image in page.images)
    assert "17.0 points (11.0 to 23.5) [own run, seed 0]" in page.text
    assert f"price.weak {money(0.000114)} own run, seed 0" in page.text
    assert page.text.count("40% [predicted]") == 2
    gold, student = (
        fmean(run["arms"][arm]["exact"]["value"] for run in recorded_runs("cpu"))
        for arm in ("strong_on_gold", "weak_to_strong")
    )
    better = f"{100 * (gold - student):+.1f} points"
    assert f"The verdict: Revised Claim Sound, where the teacher is there already: {better}" in page.text
    assert "9 The verdict: 1 of 7 (9.1)" in page.text
    assert "Checks passed: 1 of" in page.text


def test_a_plain_script_waits_for_its_prediction_as_a_notebook_does(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = predict("5.planted", "Which?", options=["by rule", "at random"])
    with pytest.raises(PredictFirst, match="predict first"):
        made.required()
    made.keep("a")
    made.required()
    assert desk.is_file()


def test_smoke_results_end_in_a_dossier_that_is_not_to_be_handed_in(
    alone: Path, sample_results: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    sample_results["config"]["preset"] = "smoke"
    evidence = gather(sample_results)
    assert str(feedback(essay("Sound."), evidence)).startswith(
        f"· Not to be handed in with this evidence: {REFUSED}"
    )
    page = Page(export_dossier(evidence, {"First version": essay("Sound.")}).read_text("utf-8"))
    assert f"Not to be handed in as evidence: {REFUSED}." in page.text
    assert f"gain not measured: {REFUSED} own run, seed 0" in page.text
    assert page.images == []
    assert REFUSED in capsys.readouterr().out
