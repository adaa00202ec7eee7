"""The essay: keys are filled with their source, gaps are named, and feedback counts structure and no more."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from w2s_course.errors import CourseError, UsageError
from w2s_course.evidence.measured import settings_in
from w2s_course.learn.anchors import NAMES, anchor, anchor_evidence, beside_the_marks
from w2s_course.learn.essay import LEAST_KEYS, compare_versions, feedback
from w2s_course.learn.essay_text import SECTIONS, TEMPLATE, fill, is_filled, sections_of, word_count
from w2s_course.learn.evidence import REFUSED, Evidence, gather, own_run
from w2s_course.learn.evidence_keys import KEYS
from w2s_course.learn.friendly import Mistake
from w2s_course.learn.predict import predict
from w2s_course.learn.rubric import CRITERIA, as_markdown, checked_scores
from w2s_course.learn.units.unit_9 import ANCHOR_C
from w2s_course.learn.written import written
from w2s_course.recorded import recorded_runs

PREDICTED = {"1.gain": {"question": "How much?", "answer": 5, "shown": "5 points"}}


@pytest.fixture
def evidence(sample_results) -> Evidence:
    return Evidence(sample_results, recorded_runs(), (), PREDICTED)


def essay_of(words_a_section: int, keys: str = "{{gain}} {{pgr}} {{weak}} {{ceiling}} {{inherited}}") -> str:
    body = " ".join(["word"] * words_a_section)
    parts = [f"#### {s.title}\n{body} {keys if s.evidence else ''}" for s in SECTIONS]
    return "\n\n".join(parts) + " {{prediction.1.gain}}"


def row(seed: int, **columns) -> dict:
    usual = {
        "strong_model": "s", "weak_model": "w", "precision": "p", "gold": 300, "pool": 1000, "test": 200,
        "labels": "weak", "count": 1000, "method": "plain", "plan": None, "student": "strong", "exact": 0.6,
    }  # fmt: skip
    return {"seed": seed, **usual, **columns}


# --- filling


def test_a_key_becomes_its_own_runs_value_with_the_source_beside_it(evidence):
    assert fill("Gain {{ gain }}.", evidence).text == "Gain 17.0 points (11.0 to 23.5) [own run, seed 0]."


def test_without_an_own_run_the_recorded_one_stands_in_and_says_so():
    found = Evidence(None, recorded_runs()).value("gain")
    assert found.source == "recorded run, seed 0"


def test_what_is_no_key_and_what_was_not_measured_is_named_in_its_place(evidence):
    filled = fill("{{pgrr}}, {{remedy.confidence}}, {{prediction.9.never}}, {{}}.", evidence)
    assert filled.unknown == ("pgrr", "")
    assert filled.missing == ("remedy.confidence", "prediction.9.never")
    assert "Did you mean 'pgr'?" in filled.text
    assert "no recorded sweep has these rows yet" in filled.text
    assert "you kept no prediction 9.never" in filled.text


def test_a_reason_is_given_once_in_an_essay(evidence):
    said = fill("{{remedy.kd}}, {{remedy.vote}}, {{remedy.kd}}, {{prediction.9.no}}.", evidence).text
    assert said.count("no recorded sweep has these rows yet") == 1
    assert "[remedy.vote not measured, as above], [remedy.kd not measured, as above]" in said
    assert "you kept no prediction 9.no" in said


def test_a_smoke_run_is_refused_as_evidence_with_the_reason(sample_results):
    sample_results["config"]["preset"] = "smoke"
    evidence = Evidence(sample_results, recorded_runs(), (), PREDICTED)
    assert REFUSED in fill("{{weak}}", evidence).text
    assert "own run" not in fill("{{seeds.gain}}", evidence).text  # a recorded value still stands
    found = feedback(essay_of(100), evidence)
    assert not found.complete
    assert str(found).startswith(
        f"· Not to be handed in with this evidence: {REFUSED} (run `evidence = gather"
    )
    assert "no evidence cited in: Main advantage; Most significant risk" in str(
        feedback(essay_of(100, "{{gain}}"), evidence)
    )


@pytest.mark.parametrize("key", KEYS, ids=lambda k: k.name)
def test_each_key_has_a_value_or_says_why_not(key, evidence):
    for found in (evidence.value(key.name), Evidence(None, []).value(key.name)):
        assert bool(found.text) != bool(found.missing)
        assert found.source
    assert key.what
    assert key.unit


def test_an_undefined_pgr_is_no_number(sample_results):
    sample_results["pgr"] |= {"raw": None, "status": "no gap", "ci95": None}
    sample_results["gain"] |= {"value": None, "ci95": None}
    evidence = Evidence(sample_results, [])
    assert evidence.value("pgr").text == "undefined (no gap)"
    assert evidence.value("gain").missing
    assert evidence.value("gain.says").missing


def test_planted_errors_are_read_off_a_sweep_without_the_blind_spot():
    rules = {"planted_rules": "less-than-as-at-most"}
    rows = [row(0)]
    for seed, share in ((0, 0.9), (1, 0.8), (2, 0.7)):
        planted = {"labels": "gold", "planted_repeated": share}
        rows.append(row(seed, plan="systematic", **rules, **planted))
        rows.append(
            row(seed, plan="systematic", planted_rules="while-as-count", labels="gold", planted_repeated=0.1)
        )
    evidence = Evidence(None, [], settings_in("evidence", rows))
    found = evidence.value("inherited.systematic")
    assert found.text.startswith("80.0% (")
    assert found.source == "recorded sweep 'evidence'"
    assert evidence.value("inherited.random").missing


def test_a_remedy_is_told_by_its_interval():
    rows = [row(s, exact=0.6) for s in range(3)]
    rows += [row(s, method="confidence", exact=x) for s, x in enumerate((0.70, 0.71, 0.72))]
    rows += [
        row(s, method="kd", weight=w, exact=0.6 - w / 10 - s / 100) for s in range(3) for w in (0.0, 1.0)
    ]
    evidence = Evidence(None, [], settings_in("x", rows))
    assert evidence.value("remedy.confidence").text.endswith(": helped")
    assert evidence.value("remedy.kd").text.endswith(": hurt")


def test_an_unknown_key_is_named_with_the_nearest(evidence):
    with pytest.raises(UsageError, match="Did you mean 'inherited'"):
        evidence.value("inherted")


def test_prices_in_a_notebook_are_no_formula(evidence):
    filled = fill("One costs {{price.weak}}, the other {{price.human}}, and {{price.gold}} before.", evidence)
    shown = filled._repr_markdown_()
    assert filled.text.count("$") == shown.count("<span>&#36;</span>") == 3
    assert "$" not in shown
    assert "$" not in feedback("# Claim\nFor $2 and $3.", evidence)._repr_html_()


def test_an_audit_is_work_and_no_prediction_to_be_cited(headless):
    from w2s_course.learn.progress import Progress

    Progress.load().record("predictions", "audit-0a1b", {"task": "Labels judged", "shown": "3 of 3 judged"})
    Progress.load().record("predictions", "1.gain", PREDICTED["1.gain"])
    assert list(gather().predictions) == ["1.gain"]


# --- feedback


@pytest.mark.parametrize(
    "text", ["", " \n", "#", "####", "{{", "}}", "{{}}", "<!--", "# Claim", "word " * 5000, "\0"]
)
def test_feedback_never_raises_and_says_what_is_missing(text, evidence):
    found = feedback(text, evidence)
    assert not found.complete
    assert "structure only" in str(found)
    assert "structure only" in found._repr_html_()
    compare_versions(text, "")
    fill(text, Evidence(None, []))


def test_the_bare_template_has_no_section_filled_and_no_words(evidence):
    assert word_count(TEMPLATE) == 0
    assert "sections without text: Claim; Main advantage" in str(feedback(TEMPLATE, evidence))
    assert set(sections_of(TEMPLATE)) == {s.title for s in SECTIONS}


def test_an_essay_that_has_everything_countable_is_complete(evidence):
    found = feedback(essay_of(90), evidence)
    assert found.complete, str(found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (essay_of(20), "151 words; 600 to 900"),
        (essay_of(200), "600 to 900"),
        (essay_of(90, "{{gain}} {{gain}}"), f"1 evidence key with a value, at least {LEAST_KEYS}"),
        (essay_of(90).replace("{{prediction.1.gain}}", ""), "cite one, such as {{prediction.1.gain}}"),
        (essay_of(90) + " It was 63% right.", "numbers typed by hand (63%)"),
        (essay_of(90, "none"), "no evidence cited in: Main advantage; Most significant risk"),
        (essay_of(90, "{{pgrr}} {{prediction.1.gain}}"), "no evidence cited in: Main advantage; Most"),
        (essay_of(90).replace("#### Ceiling", "Ceiling"), "sections without text: Ceiling"),
        (essay_of(90).replace("#### Ceiling", "#### Outlook"), "headings of no section, whose text counts"),
        (essay_of(90).replace("#### Ceiling", "<!-- later\n#### Ceiling"), "begins with <!-- and has no -->"),
        *(
            (f"{essay_of(90)} It was {typed} right.", f"numbers typed by hand ({typed})")
            for typed in (
                "13 percentage points",
                "70 percent",
                ".31",
                "13.0 pp",
                "139 of 200",
                "600 dollars",
            )
        ),
    ],
)
def test_each_gap_is_named(text, said, evidence):
    found = feedback(text, evidence)
    assert not found.complete
    assert said in str(found)


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("Limits of my claim", "Limits of my own experiment"),
        ("What would reverse my claim", "What would reverse the verdict"),
        ("Limits and risks of this design", "Limits of my own experiment"),
        ("Claim: sound, whatever the risk", "Claim"),
        *((section.title.upper(), section.title) for section in SECTIONS),
    ],
)
def test_a_heading_means_the_section_that_it_names_first(heading, title):
    assert sections_of(f"# {heading}\nText.") == {title: "Text."}


def test_a_heading_of_no_section_is_named_and_no_fault_of_its_own(evidence):
    found = feedback(essay_of(90) + "\n# Sources\nNone.", evidence)
    assert found.complete
    assert "whose text counts for none: Sources" in str(found)


def test_what_is_ticked_says_which_numbers_were_looked_for(evidence):
    assert "✓ no number typed by hand was found (looked for: percent" in str(feedback(essay_of(90), evidence))
    no_results = "It was seed 0 of unit 9.8, with 5 seeds and 600 to 900 words."
    assert "✓ no number typed" in str(feedback(no_results, evidence))


@pytest.mark.parametrize("empty", ["", " ", TEMPLATE])
def test_an_empty_revision_changed_nothing(empty):
    assert compare_versions(essay_of(90), empty) == "Nothing is written yet in the second version."


def test_feedback_escapes_what_a_learner_wrote(evidence):
    shown = feedback("# Claim\n{{<script>alert(1)</script>}}", evidence)._repr_html_()
    assert "<script" not in shown
    assert "&lt;script" in shown


# --- the learner's own run and predictions


def test_a_build_has_no_run_of_its_own(lesson):
    assert own_run(lesson) is None


def test_a_smoke_run_of_ones_own_says_how_to_cite_the_recorded_runs(sample_results, monkeypatch, capsys):
    monkeypatch.delenv("W2S_HEADLESS", raising=False)
    monkeypatch.setattr("w2s_course.learn.lesson.steps_to", lambda config, names: [])
    lesson = SimpleNamespace(config=SimpleNamespace(preset="cpu"), results=lambda: sample_results)
    assert own_run(lesson) is sample_results
    assert "no evidence" not in capsys.readouterr().out
    sample_results["config"]["preset"] = "smoke"
    assert own_run(lesson) is sample_results
    assert "`evidence = gather()` cites the recorded runs" in capsys.readouterr().out


def test_an_outcome_is_kept_beside_the_prediction_for_the_dossier(headless):
    bet = predict("9.test", "How many?", unit="%", answer=40)
    kept = bet._record()["time"]
    bet.compare(62.5)
    record = gather().predictions["9.test"]
    assert (record["shown"], record["outcome"], record["kept"]) == ("40%", "62.5%", kept)
    assert bet.prediction == 40


def test_an_outcome_without_a_prediction_leaves_no_record(headless):
    predict("9.other", "How many?").compare(1)
    assert gather().predictions == {}


def test_an_essay_is_found_in_the_saved_notebook(tmp_path, capsys):
    import json

    cells = [
        {"cell_type": "code", "source": "### Exercise 9.8: your essay\ncode"},
        {"cell_type": "markdown", "source": ["### Exercise 9.8: your essay\n", "\n", "# Claim\n", "Sound."]},
    ]
    (tmp_path / "broken.ipynb").write_text("{")
    (tmp_path / "list.ipynb").write_text("[]")
    (tmp_path / "own.ipynb").write_text(json.dumps({"cells": cells}))
    assert written("9.8", tmp_path) == "# Claim\nSound."
    assert written("9.9", tmp_path) == ""
    assert "No notebook here holds the heading" in capsys.readouterr().out


def test_an_essay_cell_as_it_was_given_out_is_empty(tmp_path, capsys):
    import json

    from w2s_course.authoring.notebooks import ESSAY

    cells = [{"cell_type": "markdown", "source": ESSAY.format(id="9.8")}]
    (tmp_path / "own.ipynb").write_text(json.dumps({"cells": cells}))
    assert written("9.8", tmp_path) == ""
    assert "Save the notebook" in capsys.readouterr().out


# --- rubric and anchors


def test_the_rubric_of_the_course_is_that_of_the_package():
    from pathlib import Path

    rubric = Path(__file__).resolve().parents[2] / "course" / "09_the_verdict" / "rubric.md"
    assert as_markdown() in rubric.read_text(encoding="utf-8")
    assert len(CRITERIA) == 6
    assert all(len(set(c.levels)) == 4 for c in CRITERIA)


@pytest.mark.parametrize("name", NAMES)
def test_an_anchor_cites_keys_only_and_lacks_nothing_but_unrecorded_rows(name, headless):
    found, cited = anchor(name), anchor_evidence()
    filled = fill(found.text, cited)
    assert not filled.unknown
    known = {key.name: key.where for key in KEYS}
    assert all(known[missing] == "sweep" for missing in filled.missing)
    lines = [line.text for line in feedback(found.text, cited).lines if not line.ok]
    assert all(line.startswith("not measured: ") for line in lines), lines
    assert set(found.reasons) == {c.key for c in CRITERIA}


def test_what_the_anchors_take_for_granted_holds_in_the_recorded_runs():
    """Their prose speaks of a gain over the seeds and of the lead of gold; other runs would need other "
    "prose."""
    from w2s_course.seeds import mean_with_interval

    runs = recorded_runs()
    for left, right in (("weak_to_strong", "weak"), ("strong_on_gold", "weak_to_strong")):
        gaps = [r["arms"][left]["exact"]["value"] - r["arms"][right]["exact"]["value"] for r in runs]
        _, interval = mean_with_interval(gaps)
        assert interval[0] > 0
    assert runs[0]["errors"]["inherited"]["ci95"][1] < 0.9  # what their writers had predicted, and it failed


def test_the_anchors_are_of_clearly_different_quality_and_an_undecided_one_has_full_marks():
    totals = {name: sum(anchor(name).scores.values()) for name in NAMES}
    assert totals["b"] == 24
    assert sections_of(anchor("b").text)["Claim"].startswith("Undecided")
    assert totals["b"] - totals["c"] >= 6
    assert totals["c"] - totals["a"] >= 6
    assert anchor("c").scores == ANCHOR_C


def test_levels_are_shown_beside_the_marks_with_reasons():
    rows = beside_the_marks("c", {**ANCHOR_C, "claim": 1})
    assert [r[""] for r in rows] == ["3 of 3 apart", *["the same"] * 5]
    assert all(r["reason"] for r in rows)
    with pytest.raises(Mistake, match="no anchor essay 'z'"):
        anchor("z")


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ({}, "no level for claim"),
        ({**ANCHOR_C, "claim": 5}, "claim is 5"),
        ({**ANCHOR_C, "claim": True}, "claim is True"),
        ({**ANCHOR_C, "clam": 1}, "Did you mean 'claim'"),
    ],
)
def test_levels_that_are_none_are_refused(scores, said):
    with pytest.raises((Mistake, CourseError), match=said):
        checked_scores(scores)


def test_an_essay_that_was_made_to_be_slow_takes_no_longer():
    assert not is_filled("b", "a {{" + " " * 10_000 + "x")  # hours, if spaces and key were told apart
