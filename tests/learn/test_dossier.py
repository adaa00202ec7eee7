"""The dossier: one file that needs nothing, in which a learner's text is text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from matplotlib.figure import Figure

from w2s_course.learn import dossier
from w2s_course.learn.dossier import export_dossier, prose, render
from w2s_course.learn.evidence import REFUSED, Evidence
from w2s_course.learn.friendly import Mistake
from w2s_course.learn.progress import Progress
from w2s_course.recorded import recorded_runs

HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> [a](javascript:alert(3)) \"'> </style></section> "
    "{{<b>}} {{ 6007*7 }} {% raw %} **<i>bold</i>** `<u>`"
)


class Page(HTMLParser):
    """Tags with their attributes, and headings in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def no_figures(monkeypatch):
    monkeypatch.setattr(dossier, "figures_of", lambda evidence: [])


@pytest.fixture
def recorded() -> Evidence:
    return Evidence(None, recorded_runs())


def test_hostile_text_is_text_everywhere(no_figures, recorded, headless):
    records = {
        "predictions": {
            HOSTILE: {"question": HOSTILE, "shown": HOSTILE, "outcome": HOSTILE, "earlier": [{"answer": 1}]}
        }
    }
    page = render(recorded, {HOSTILE: f"# {HOSTILE}\n\n{HOSTILE}\n- {HOSTILE}"}, (), records)
    found = Page(page)
    assert not found.of("script")
    assert not found.of("img")
    assert not found.of("i")
    assert not found.of("a")
    assert not any(name.startswith("on") for _, attributes in found.tags for name in attributes)
    assert "&lt;script&gt;" in page
    assert "42049" not in page
    assert page.count("</section>") == len(found.of("section"))


def test_nothing_is_loaded_from_anywhere(recorded, headless):
    page = render(recorded, {"First version": "# Claim\n{{gain}}"})
    found = Page(page)
    assert not found.of("link")
    assert all(str(image["src"]).startswith("data:image/png;base64,") for image in found.of("img"))
    assert not re.search(r"(?:href|src)=\"(?!data:|#)", page)
    policy = next(m["content"] for m in found.of("meta") if m.get("http-equiv"))
    assert policy.startswith("default-src 'none'")


def test_figures_have_words_and_headings_are_in_order(recorded, headless):
    with_own = [(Figure((2, 2)), "An empty square.")]
    found = Page(render(recorded, {"First version": "#### Claim\nSound."}, with_own))
    images = found.of("img")
    assert len(images) == len(dossier.OWN_FIGURES) + 1
    assert all(len(str(image["alt"])) > 10 for image in images)
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert found.of("html") == [{"lang": "en"}]
    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {a["aria-labelledby"] for _, a in found.tags if "aria-labelledby" in a} <= set(ids)


def test_a_figure_without_words_is_refused(no_figures, recorded, headless):
    with pytest.raises(Mistake, match="needs words"):
        render(recorded, {}, [(Figure((1, 1)), " ")])


def test_an_empty_essay_and_an_empty_progress_are_named(no_figures, recorded, headless):
    page = render(recorded, {"First version": "", "Revised": "  \n"})
    assert page.count("Nothing was written.") == 2
    assert "No prediction was kept in this folder." in page
    assert "that of a recorded one" in page or "those of a recorded one" in page


def test_the_evidence_stands_with_its_source_and_gaps_are_named(no_figures, sample_results, headless):
    evidence = Evidence(sample_results, recorded_runs())
    page = render(evidence, {"First version": "{{gain}} {{remedy.confidence}}"})
    assert "17.0 points (11.0 to 23.5) [own run, seed 0]" in page
    assert "not measured: no recorded sweep has these rows yet" in page
    assert "recorded one: this learner" not in page


def test_a_smoke_run_gives_no_figures_and_says_why(sample_results, headless):
    sample_results["config"]["preset"] = "smoke"
    page = render(Evidence(sample_results, recorded_runs()), {"First version": "{{weak}}"})
    assert f"Not to be handed in as evidence: {REFUSED}." in page
    assert not Page(page).of("img")


def test_predictions_outcomes_and_checks_are_those_of_progress(no_figures, recorded, headless):
    Progress.load().record("predictions", "1.gain", {"question": "How much?", "shown": "5", "outcome": "17"})
    Progress.load().record("checks", "9.1", {"state": "right"})
    page = render(recorded, {})
    assert "<td>5</td><td>17</td>" in page
    assert "9 The verdict: 1 of 7 (9.1)" in page
    assert "Checks passed: 1 of" in page


def test_what_was_judged_by_hand_is_named_by_its_task(no_figures, recorded, headless):
    record = {"task": "Labels judged by hand", "shown": "24 of 24 labels judged", "outcome": "agrees with 20"}
    Progress.load().record("predictions", "audit-0a1b", record)
    Progress.load().record("predictions", "audit-2c3d", {"shown": "1 of 24 labels judged"})
    page = render(recorded, {})
    assert "Labels judged by hand</th><td>24 of 24 labels judged</td><td>agrees with 20</td>" in page
    assert "Judged by hand</th><td>1 of 24 labels judged</td>" in page
    assert "audit-" not in page


def test_the_file_is_written_and_said(no_figures, recorded, headless, tmp_path, capsys):
    target = export_dossier(recorded, {"First version": "Sound."}, tmp_path / "mine.html")
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "Dossier: mine.html" in capsys.readouterr().out
    with pytest.raises(Mistake, match="no folder"):
        export_dossier(recorded, {}, tmp_path / "gone" / "mine.html")


@pytest.mark.parametrize(
    ("text", "as_html"),
    [
        ("a *b* **c** `d`", "<p>a <em>b</em> <strong>c</strong> <code>d</code></p>"),
        ("- a\n  b\n- c\n\nd", "<ul><li>a b</li><li>c</li></ul>\n<p>d</p>"),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
        ("", ""),
        ("one\ntwo", "<p>one two</p>"),
    ],
)
def test_prose(text, as_html):
    assert str(prose(text)) == as_html
