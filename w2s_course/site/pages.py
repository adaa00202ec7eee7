"""What stands on the site: each page's text, in the course's order, under its path in the repository.

The paths are kept, so that a link between two notebooks or docs leads to the page as it leads to the file.
Nothing is executed: a lesson shows the outputs with which it is committed.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container
from pathlib import Path
from string import Template
from typing import Any

from w2s_course.authoring.sources import unit_sources
from w2s_course.errors import CourseError
from w2s_course.repository import ADDRESS, file_address
from w2s_course.wording import unwrapped

INDEX = Path(__file__).with_name("index.md")
README = "README.md"
"""No page of its own: the landing page takes pieces of it."""

LONG_LINE = 110
"""Characters. No table that a cell prints is wider."""

NOTES = {
    "notebooks": "You are reading this lesson with the outputs of the authors' run. To predict and run for "
    "yourself: {badge}, or say `make lab` on your machine.",
    "exercises": "This page is for reading. Answers are written and checked in the notebook: {badge}, or say "
    "`make lab` on your machine.",
}

_BADGE = re.compile(r"\[!\[(?P<alt>[^\]]+)\]\([^)]*colab-badge[^)]*\)\]\((?P<target>[^)]+)\)")
# Code is matched first, and so passed over.
_LINK = re.compile(r"```.*?```|`[^`\n]+`|(?<=\]\()(?P<target>[^)\s#]+)(?=[#)])", re.DOTALL)
_PICTURES = ("image/png", "image/svg+xml", "image/jpeg")


def course_order(root: Path) -> list[str]:
    """The notebooks that learners go through, lesson and exercises of a unit one after the other."""
    order: list[str] = []
    for unit in unit_sources(root):
        order.append(f"notebooks/{unit.slug}.ipynb")
        if unit.exercises is not None:
            order.append(f"exercises/{unit.slug}/{unit.slug}.ipynb")
    return order


def pages(root: Path) -> dict[str, str]:
    """The text that Sphinx reads for each page, by its path; the landing page first, then the course's order.

    Raises: CourseError for a link to a file that does not exist.
    """
    import nbformat

    course = course_order(root)
    docs = [path.relative_to(root).as_posix() for path in sorted((root / "docs").glob("*.md"))]
    known = {*course, *docs, *pictures(root)}
    texts = {"index.md": landing_page(course)}
    for name in course:
        notebook = nbformat.read(root / name, as_version=4)
        texts[name] = nbformat.writes(as_page(notebook, name, root, known))
    for name in (*docs, README):
        texts[name] = with_links((root / name).read_text(encoding="utf-8"), name, root, known)
    return texts


def pictures(root: Path) -> list[str]:
    """The image files that docs may show, by their paths."""
    found = (path for kind in ("png", "svg", "jpg") for path in sorted((root / "docs").rglob(f"*.{kind}")))
    return [path.relative_to(root).as_posix() for path in found]


def landing_page(course: list[str]) -> str:
    """index.md with the course's pages in its navigation."""
    entries = [
        f"Exercises {int(Path(name).name[:2])} <{name}>" if name.startswith("exercises/") else name
        for name in course
    ]
    return Template(INDEX.read_text(encoding="utf-8")).substitute(
        course="\n".join(entries), repository=ADDRESS
    )


def as_page(notebook: Any, name: str, root: Path, known: Container[str]) -> Any:
    """The notebook for reading: changed in place, and returned.

    Its badge becomes a link in a note, since the picture of the badge would be asked of another host; a plot
    gets the words that its cell prints as alt text, and they are wrapped by the page; a link to a file that
    is no page leads to the repository.
    The tags of a cell are classes on its page.
    """
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = with_links(_with_note(cell.source, name), name, root, known)
            continue
        printed = "\n".join(o.text for o in cell.outputs if o.output_type == "stream")
        if any(kind in o.get("data", {}) for o in cell.outputs for kind in _PICTURES):
            cell.metadata["mystnb"] = {"image": {"alt": " ".join(printed.split())}}
            cell.metadata["tags"] = ["drawn"]
            for output in (o for o in cell.outputs if o.output_type == "stream"):
                output.text = unwrapped(output.text)
        elif is_prose(printed):
            cell.metadata["tags"] = ["prose"]
    return notebook


def is_prose(printed: str) -> bool:
    """Whether what a cell printed may be wrapped on a narrow screen: it has no columns, or one line is long.

    >>> is_prose("One sentence of many words."), is_prose("seed 0  28.6%")
    (True, False)
    """
    return "  " not in printed or any(len(line) > LONG_LINE for line in printed.split("\n"))


def _with_note(text: str, name: str) -> str:
    """The title cell with a note in the place of its badge."""
    note = NOTES[name.partition("/")[0]].format(badge=r"[\g<alt>](\g<target>)")
    return _BADGE.sub(f"```{{note}}\n{note}\n```", text)


def with_links(text: str, name: str, root: Path, known: Container[str]) -> str:
    """Markdown in which each relative link to a file that is no page leads to the repository.

    name: the path of the text below `root`, from which its links are counted.
    Raises: CourseError for a link to a file that does not exist.
    """

    def repaired(match: re.Match[str]) -> str:
        target = match["target"]
        if target is None or ":" in target:
            return match[0]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
        if path in known:
            return target
        if not (root / path).exists():
            raise CourseError(f"{name} links to {target}, which does not exist. Mend the link.")
        return file_address(path)

    return _LINK.sub(repaired, text)
