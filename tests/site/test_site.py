"""Claims about the site as it is built: what stands on it, and how it does in a browser, small and large.

It is built once; Sphinx's warnings and the faults of `w2s_course.site.faults` would end that with an error.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from w2s_course.errors import CourseError
from w2s_course.findings import verdict
from w2s_course.recorded import recorded_runs
from w2s_course.site import build
from w2s_course.site.faults import Site

ROOT = Path(__file__).resolve().parents[2]
PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1366, "height": 900}
WAIT_MS = 90_000
"""For one thing to appear: nothing waits so long, unless the machine is busy with something else."""

WIDTH = "() => Math.max(...[...document.querySelectorAll('html, .content')].map(it => it.scrollWidth))"
"""Of the page and of the part of it that furo lets scroll."""

LOOKED_AT = [
    "index.html",
    "notebooks/01_the_strategy.html",
    "notebooks/07_remedies.html",
    "exercises/07_remedies/07_remedies.html",
    "docs/evidence.html",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site. Skipped where the extra is not installed; in CI that is a fault."""
    out = tmp_path_factory.mktemp("built") / "site"
    try:
        build.build_site(ROOT, out)
    except CourseError as err:
        if "not installed here" not in str(err):
            raise
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"NOT TESTED: {err}")
    return out


@pytest.fixture(scope="module")
def tags(site: Path) -> dict[str, list[tuple[str, dict[str, str]]]]:
    """The tags of every page, by its path."""
    return Site.read(site).tags


def the_course() -> list[str]:
    """The notebooks in the order of the course, read from the folders: a lesson, then its exercises."""
    units = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
    names = [name for unit in units for name in (f"notebooks/{unit}", f"exercises/{unit}/{unit}")]
    return [name for name in names if (ROOT / f"{name}.ipynb").is_file()]


class Text(HTMLParser):
    """The words of a page, without its scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.silent = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.silent = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self.silent = False

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words += data.split()


def text_of(page: Path) -> str:
    return " ".join(Text(page.read_text(encoding="utf-8")).words)


# --- what stands on it ------------------------------------------------------------------------------------


def test_every_lesson_exercise_and_doc_is_a_page_and_nothing_else_is(site: Path) -> None:
    docs = [f"docs/{path.stem}.html" for path in (ROOT / "docs").glob("*.md")]
    wanted = {"index.html", "search.html", *docs, *(f"{name}.html" for name in the_course())}
    assert wanted == {path.relative_to(site).as_posix() for path in site.rglob("*.html")}


def test_next_leads_through_the_course_in_its_order_and_then_to_the_docs(tags: Any) -> None:
    page, walked = "index.html", []
    while following := [a["href"] for tag, a in tags[page] if tag == "link" and a.get("rel") == "next"]:
        page = os.path.normpath(Path(page).parent / following[0])
        walked.append(page)
    course = [f"{name}.html" for name in the_course()]
    assert walked[: len(course)] == course
    assert {Path(name).parent.as_posix() for name in walked[len(course) :]} == {"docs"}
    assert len(walked) == len(tags) - len(["index", "search"])


def test_the_landing_page_has_the_recorded_table_and_every_unit(site: Path, tags: Any) -> None:
    said, readme = text_of(site / "index.html"), (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("<!-- recorded:table -->\n")[2].partition("<!-- /recorded:table -->")[0]
    rows = [row for row in table.strip().splitlines() if "---" not in row]
    assert len(rows) > 5
    for row in rows:
        assert " ".join(row.replace("|", " ").split()) in said
    links = {a.get("href") for tag, a in tags["index.html"] if tag == "a"}
    assert {f"{name}.html" for name in the_course()} <= links


def test_a_lesson_shows_its_committed_outputs(site: Path, tags: Any) -> None:
    lesson = site / "notebooks" / "00_start_here.html"
    found = str(verdict(recorded_runs("cpu")[0])).partition(",")[0]  # 'Not shown: the student got ...', say
    assert found in " ".join(text_of(lesson).split())
    images = [a for tag, a in tags["notebooks/00_start_here.html"] if tag == "img"]
    assert [a["alt"].partition(" ")[0] for a in images] == ["Bars:", "A"]


def test_every_page_of_a_notebook_leads_to_colab(tags: Any) -> None:
    for name in the_course():
        targets = [a.get("href", "") for tag, a in tags[f"{name}.html"] if tag == "a"]
        (badge,) = [target for target in targets if "colab.research.google.com" in target]
        assert badge.endswith(f"/{name}.ipynb")


def test_formulas_are_drawn_and_none_is_left_as_tex_or_made_of_money(site: Path) -> None:
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    formulas = [found for page in pages.values() for found in re.findall(r"<math.*?</math>", page, re.DOTALL)]
    assert len(formulas) > 20
    assert not [found for found in formulas if "merror" in found or "mtext>\\" in found]
    assert not [found for found in formulas if re.search(r"<mn>0\.\d", found)]
    strategy = text_of(site / "notebooks" / "01_the_strategy.html")
    assert "(4.10)" in strategy
    assert "\\arg" not in strategy


def test_a_link_out_of_the_site_leads_to_the_repository(tags: Any) -> None:
    found = {a.get("href", "") for of_page in tags.values() for tag, a in of_page if tag == "a"}
    assert not [
        href for href in found if href.endswith((".md", ".ipynb", ".py", ".json")) and ":" not in href
    ]


# --- a build that fails -----------------------------------------------------------------------------------


def test_a_warning_of_sphinx_is_an_error_and_leaves_the_old_site(
    site: Path, tmp_path: Path, monkeypatch
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "old.html").write_text("")
    broken = {"index.md": "# Title\n\n[a](#no-such-anchor)\n"}
    monkeypatch.setattr(build, "pages", lambda root: broken)
    with pytest.raises(CourseError, match=r"Sphinx found:\n.*index\.md:3.*no-such-anchor"):
        build.build_site(ROOT, tmp_path / "site")
    assert (tmp_path / "site" / "old.html").is_file()


def test_without_the_extra_the_command_says_how_to_get_it(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(build, "NEEDED", ("no_such_builder",))
    with pytest.raises(
        CourseError, match=r"needs no_such_builder, not installed here\. `make site` installs"
    ):
        build.build_site(ROOT, tmp_path / "site")


# --- in a browser -----------------------------------------------------------------------------------------


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """An empty page at a phone's width, in the light theme; animations are off."""
    opened = browser.new_page(viewport=PHONE, color_scheme="light", reduced_motion="reduce")
    opened.set_default_timeout(WAIT_MS)
    yield opened
    opened.close()


def serious(page: Any) -> list[str]:
    """The serious and critical findings of axe."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['html'][:200]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("name", LOOKED_AT)
def test_axe_finds_nothing_serious(name: str, site: Path, page: Any) -> None:
    page.goto((site / name).as_uri())
    on_a_phone = serious(page)
    page.set_viewport_size(LAPTOP)
    page.emulate_media(color_scheme="dark")
    assert (on_a_phone, serious(page)) == ([], [])


def test_axe_would_see_code_that_the_keyboard_cannot_reach(site: Path, page: Any) -> None:
    page.goto((site / LOOKED_AT[0]).as_uri())
    page.evaluate("() => document.querySelectorAll('pre').forEach(it => it.removeAttribute('tabindex'))")
    assert any("scrollable-region-focusable" in finding for finding in serious(page))


def test_no_page_is_wider_than_a_phone_and_none_asks_another_host(site: Path, page: Any) -> None:
    asked, wide = [], []
    page.on("request", lambda request: asked.append(request.url))
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri())
        if page.evaluate(WIDTH) > PHONE["width"]:
            wide.append(path.name)
    assert not wide
    assert len(asked) > 100
    assert not [url for url in asked if not url.startswith(("file:", "data:"))]


def test_the_theme_changes_with_a_click_and_stays(site: Path, page: Any) -> None:
    page.set_viewport_size(LAPTOP)
    page.goto((site / "index.html").as_uri())
    colour = "() => getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(colour)
    page.get_by_role("button", name="Toggle Light / Dark / Auto color theme").locator("visible=true").click()
    dark = page.evaluate(colour)
    page.reload()
    assert page.evaluate(colour) == dark != light


def test_a_plot_keeps_its_white_paper_in_the_dark(site: Path, page: Any) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto((site / "notebooks" / "05_the_risk.html").as_uri())
    colour = page.locator(".cell_output img").first.evaluate("it => getComputedStyle(it).backgroundColor")
    assert colour == "rgb(255, 255, 255)"


def test_the_search_finds_a_lesson_without_a_server(site: Path, page: Any) -> None:
    page.goto((site / "search.html").as_uri() + "?q=inherited")
    expect(page.locator("#search-results")).to_contain_text("The risk", timeout=WAIT_MS)
