"""The pages that a learner exports, opened as files, in light and dark, by axe: dossier and report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from w2s_course import report
from w2s_course.learn import dossier
from w2s_course.learn.anchors import anchor
from w2s_course.learn.evidence import Evidence, gather

Axe = Callable[[Any], list[str]]

KEPT: Mapping[str, Mapping[str, Any]] = {
    "predictions": {
        "1.gain": {"question": "How many points?", "shown": "30 points", "outcome": "17 points"},
        "8.open": {"question": "Which one?", "shown": "the first", "earlier": [{"answer": "the second"}]},
        "audit-0a1b": {
            "task": "Labels judged by hand",
            "shown": "4 of 4",
            "outcome": "the judge agrees with 3",
        },
    },
    "checks": {"9.1": {"state": "right"}, "5.2": {"state": "wrong"}},
}


@pytest.fixture(scope="module")
def pages(
    tmp_path_factory: pytest.TempPathFactory, imagined_results: dict[str, Any], sample_figures: Any
) -> Path:
    """A full dossier, one of smoke results, and a report, as files."""
    folder = tmp_path_factory.mktemp("pages")
    results = imagined_results
    smoke = {**results, "config": {**results["config"], "preset": "smoke"}}
    essays = {
        "First version": anchor("b").text,
        "Revised": "#### Claim\n\n- {{gain}}\n- {{pgrr}}",
        "Third": "",
    }
    evidence = gather()
    predictions = {"1.gain": KEPT["predictions"]["1.gain"]}
    for name, run in (("dossier", results), ("dossier-smoke", smoke)):
        cited = Evidence(run, evidence.recorded, evidence.settings, predictions)
        (folder / f"{name}.html").write_text(dossier.render(cited, essays, (), KEPT), "utf-8")
    (folder / "report.html").write_text(report.render(results, sample_figures), "utf-8")
    (folder / "report-smoke.html").write_text(report.render(smoke, sample_figures), "utf-8")
    return folder


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["dossier", "dossier-smoke", "report", "report-smoke"])
def test_axe_finds_nothing_serious_in_a_page_of_either_scheme(
    page: Any, pages: Path, serious: Axe, screens: Path, name: str, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto((pages / f"{name}.html").as_uri())
    page.screenshot(path=screens / f"{name}-{scheme}.png", full_page=True)
    assert serious(page) == []


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("name", ["dossier", "report"])
def test_a_page_fits_a_phone_and_a_laptop(
    page: Any, pages: Path, screens: Path, name: str, width: int
) -> None:
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto((pages / f"{name}.html").as_uri())
    page.screenshot(path=screens / f"{name}-{width}.png", full_page=True)
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert wide <= width


def test_the_keyboard_reaches_and_scrolls_the_tables_of_the_dossier(page: Any, pages: Path) -> None:
    page.goto((pages / "dossier.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.getAttribute('aria-label')") == "Table of predictions"


def test_axe_would_see_a_picture_without_words(page: Any, pages: Path, serious: Axe) -> None:
    page.goto((pages / "dossier.html").as_uri())
    page.evaluate("() => document.querySelector('img').removeAttribute('alt')")
    assert any(finding.startswith("image-alt") for finding in serious(page))
