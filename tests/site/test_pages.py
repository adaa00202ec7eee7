"""Claims about what Sphinx is given: the course's pages in their order, notebooks made for reading."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from w2s_course.errors import CourseError
from w2s_course.repository import colab_badge, file_address
from w2s_course.site.pages import as_page, course_order, is_prose, pages, pictures, with_links
from w2s_course.wording import wrapped

ROOT = Path(__file__).resolve().parents[2]
LESSON = "notebooks/01_a_lesson.ipynb"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course of one unit with exercises and one without, and a page that shows a picture."""
    for slug, parts in {"00_before": ["lesson"], "01_a_lesson": ["lesson", "exercises"]}.items():
        (tmp_path / "course" / slug).mkdir(parents=True)
        for part in parts:
            (tmp_path / "course" / slug / f"{part}.py").write_text("")
    for name in ("notebooks/00_before.ipynb", LESSON, "exercises/01_a_lesson/01_a_lesson.ipynb"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        cell = nbformat.v4.new_markdown_cell(f"# Title\n\n{colab_badge(name)}\n\nText.")
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / name)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text("# Page\n\n![A finding](a.png) and [more](../LICENSE)\n")
    (tmp_path / "docs" / "a.png").write_bytes(b"")
    (tmp_path / "README.md").write_text("[a page](docs/page.md)")
    (tmp_path / "LICENSE").write_text("")
    return tmp_path


def drawn_cell(*outputs: object) -> object:
    return nbformat.v4.new_code_cell("plt.show()", outputs=list(outputs))


def stream(text: str) -> object:
    return nbformat.v4.new_output("stream", text=text)


def picture() -> object:
    return nbformat.v4.new_output("display_data", {"image/png": "", "text/plain": "<Figure>"})


def test_the_exercises_of_a_unit_follow_its_lesson(root: Path) -> None:
    assert course_order(root) == [
        "notebooks/00_before.ipynb",
        "notebooks/01_a_lesson.ipynb",
        "exercises/01_a_lesson/01_a_lesson.ipynb",
    ]


def test_the_landing_page_lists_the_pages_in_this_order(root: Path) -> None:
    listed = pages(root)["index.md"]
    places = [listed.index(name) for name in course_order(root)]
    assert places == sorted(places)


def test_solutions_and_course_texts_are_no_pages() -> None:
    folders = {name.partition("/")[0] for name in pages(ROOT)}
    assert folders == {"index.md", "README.md", "notebooks", "exercises", "docs"}


def test_a_badge_becomes_a_link_to_the_same_notebook_without_its_picture(root: Path) -> None:
    text = pages(root)[LESSON]
    target = colab_badge(LESSON).rpartition("](")[2].rstrip(")")
    assert f"[Open {LESSON} in Colab]({target})" in text
    assert "badge.svg" not in text


def test_the_words_that_a_cell_prints_beside_a_plot_are_its_alt_text(root: Path) -> None:
    cell = drawn_cell(picture(), stream("Bars: the student wins.\nLines are intervals.\n"))
    page = as_page(nbformat.v4.new_notebook(cells=[cell]), LESSON, root, ())
    assert page.cells[0].metadata["mystnb"]["image"]["alt"] == "Bars: the student wins. Lines are intervals."


def test_the_words_beside_a_plot_are_wrapped_by_the_page_and_not_by_the_notebook(root: Path) -> None:
    said = "Bars: " + "the student wins; " * 12 + "so it is."
    cell = drawn_cell(picture(), stream(f"{wrapped(said)}\nLines are intervals.\n"))
    page = as_page(nbformat.v4.new_notebook(cells=[cell]), LESSON, root, ())
    texts = [o.text for o in page.cells[0].outputs if o.output_type == "stream"]
    assert texts == [f"{said}\nLines are intervals.\n"]


@pytest.mark.parametrize(
    ("printed", "prose"),
    [
        ("This is not recorded yet.", True),
        ("seed 0  28.6%\nseed 1   9.1%", False),
        ("a " * 60 + "\nand  columns", True),
    ],
)
def test_sentences_are_wrapped_and_columns_are_not(printed: str, prose: bool) -> None:
    assert is_prose(printed) is prose


def test_a_link_to_a_page_stays_and_one_to_a_file_leads_to_the_repository(root: Path) -> None:
    text = "[a](../docs/page.md#top) [b](../LICENSE) [c](https://example.org) [d](#here)"
    seen = with_links(text, LESSON, root, {"docs/page.md"})
    wanted = f"[a](../docs/page.md#top) [b]({file_address('LICENSE')}) [c](https://example.org) [d](#here)"
    assert seen == wanted


def test_a_link_in_code_is_left_alone(root: Path) -> None:
    text = "`[a](nowhere.md)`\n\n```md\n[b](nowhere.md)\n```\n"
    assert with_links(text, LESSON, root, ()) == text


def test_a_link_to_nothing_stops_the_build_with_page_and_link(root: Path) -> None:
    with pytest.raises(CourseError, match=r"docs/page\.md links to gone\.md, which does not exist"):
        with_links("[a](gone.md)", "docs/page.md", root, ())


def test_a_picture_of_the_docs_comes_along(root: Path) -> None:
    assert pictures(root) == ["docs/a.png"]
    assert "](a.png)" in pages(root)["docs/page.md"]
