"""Essays, marked by people in nbgrader's form grader: builds what it expects to find, and opens it.

What it shows of a student is the released notebook with their answers in it, our feedback as the output of
each check cell, and the rubric above each essay. Of the submission's own outputs one is shown: below an essay
that cites keys, the same text with the numbers of the writer's run, if the notebook holds it. Essays
are shown as HTML without scripts (`harmless`): the form grader's page may write to the gradebook.
"""

from __future__ import annotations

import html
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from w2s_course.authoring.notebooks import Notebook
from w2s_course.disk import write_atomically
from w2s_course.errors import CourseError
from w2s_course.grading.answered import SHOWN, Master, answers_in, as_shown
from w2s_course.grading.essays import essay_in
from w2s_course.grading.feedback import number
from w2s_course.grading.gradebook import require_nbgrader
from w2s_course.grading.markers import MARKED
from w2s_course.grading.records import Record
from w2s_course.grading.release import METADATA
from w2s_course.grading.submission import Refused, Submission, read_submission
from w2s_course.grading.workspace import Workspace
from w2s_course.learn.essay import is_filled
from w2s_course.learn.written import essay_in as below_heading

CONFIG = "nbgrader_config.py"
RUBRIC = "rubric.md"
# A badge is an image from elsewhere, which the form grader's page need not fetch, and opens no submission.
_BADGE = re.compile(r"^\[!\[[^\]]*\]\([^)]*\)\]\([^)]*\)\n*", re.MULTILINE)
_TAGS = {
    "p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "em", "strong", "del", "blockquote", "code", "pre",
    "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "a",
}  # fmt: skip
LONGEST_MARKDOWN = 20_000
"""Characters of an essay that is read as Markdown, which may take the square of its length. 9.8 has 6,000."""

_PICTURE = re.compile(r"data:image/[\w.+-]+;base64,[\w+/=]+")
FILLED = "**The same essay, its keys filled in the writer's notebook** (numbers as handed in, not checked)"
_CONFIG = """\
# Written by `w2s grade review`; change it there, not here.
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.source_directory = {source!r}
# Not exercises/: a click on 'Generate' in the form grader would write over the course's own files.
c.CourseDirectory.release_directory = {release!r}
c.Exchange.root = {exchange!r}
c.HTMLExporter.sanitize_html = True
"""


def filled_essay(submission: Submission, exercise: str, essay: str) -> str | None:
    """The essay with the numbers of the writer's own run, as their notebook showed it when it was handed in.

    None where it shows none, or one of another version of the text. Nothing is computed here: a run is not
    handed in.
    """
    text = below_heading([{"cell_type": "markdown", "source": essay}], exercise) or essay
    shown = (told for cell in submission.cells for told in cell.told if is_filled(told, text))
    return next(shown, None)


def shown_notebook(master: Master, submission: Submission, record: Record, rubric: str) -> Notebook:
    """The notebook of one student as the form grader shows it.

    Raises: Refused for a notebook in which nothing of this unit is found.
    """
    made, answers = deepcopy(master.notebook), answers_in(submission, master.graded)
    by_name = {cell.name: cell for cell in master.cells}
    cells: list[Any] = []
    for cell in made.cells:
        cell.source = _BADGE.sub("", cell.source) if cell.cell_type == "markdown" else cell.source
        after: list[Any] = []
        name = str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        graded_cell, marker = by_name.get(name), MARKED.search(cell.source)
        if graded_cell is not None and graded_cell.by_hand:
            cells += [_note(f"rubric-{name}", f"**Rubric**\n\n{rubric}")] if rubric else []
            essay = essay_in(submission, graded_cell.exercise, master.graded.given)
            cell.source = "*Nothing was written here.*" if essay is None else harmless(essay)
            filled = essay and filled_essay(submission, graded_cell.exercise, essay)
            after = [_note(f"filled-{name}", f"{FILLED}\n\n{harmless(filled)}")] if filled else []
        elif marker and cell.cell_type == "code":
            cell.source = answers.get(marker[1], cell.source)
        elif graded_cell is not None and graded_cell.exercise in record.marks:
            mark = record.marks[graded_cell.exercise]
            text = f"{number(mark.points)} of {number(mark.out_of)} points. {mark.text}\n"
            cell.outputs = [_stream(text)]
        cells += [cell, *after]
    made.cells = cells
    kept = made.metadata.get(METADATA, {})
    made.metadata[METADATA] = {**kept, SHOWN: as_shown(submission, master, record)}
    return made


def harmless(essay: str) -> str:
    """The Markdown of a stranger as HTML that runs nothing: no scripts, no handlers, no links but to pages.

    The form grader's template writes Markdown cells as they are, whatever the exporter is told.
    """
    import bleach
    from nbconvert.filters.markdown import markdown2html

    essay = _PICTURE.sub("(picture)", essay)  # as Colab keeps what was pasted: it would not be shown
    if len(essay) > LONGEST_MARKDOWN:
        return f"<pre>{html.escape(essay)}</pre>"
    shown = bleach.clean(
        markdown2html(essay), tags=_TAGS, attributes={"a": ["href"]}, protocols=["http", "https", "mailto"]
    )
    # A blank line would end the HTML, and what follows be read as Markdown again.
    return re.sub(r"\n[ \t]*(?=\n)", "\n<br>", str(shown))


def _note(cell_id: str, text: str) -> Any:
    from nbformat import v4

    made = v4.new_markdown_cell(text)
    made["id"] = re.sub(r"[^\w-]", "-", cell_id)[:64]
    return made


def _stream(text: str) -> Any:
    from nbformat import v4

    return v4.new_output("stream", name="stdout", text=text)


def build_shown(
    space: Workspace,
    unit: str,
    records: Mapping[str, Record],
    masters: Mapping[int | None, Master],
    rubric: str,
) -> list[str]:
    """Write autograded/STUDENT/UNIT/UNIT.ipynb for each record; the students who have nothing to show.

    masters: by cohort.
    """
    import nbformat
    from tqdm.auto import tqdm

    without = []
    for student, record in tqdm(records.items(), "for the form grader", unit="notebook", disable=None):
        target = space.shown(unit, student)
        try:
            submission = read_submission(space.submission(unit, student))
            shown = shown_notebook(masters[record.cohort], submission, record, rubric)
        except Refused:
            without.append(student)
            target.unlink(missing_ok=True)  # an earlier copy that could be read counts no longer
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, (nbformat.writes(shown) + "\n").encode("utf-8", "replace"))
    return without


def read_rubric(root: Path, unit: str) -> str:
    """The rubric of a unit's essays, `course/UNIT/rubric.md`; '' where it has none."""
    path = root / "course" / unit / RUBRIC
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def write_config(space: Workspace) -> Path:
    """nbgrader's settings for this class. It complains where it has no exchange, so it is given one."""
    exchange = space.base / "nbgrader" / "exchange"
    exchange.mkdir(parents=True, exist_ok=True)
    text = _CONFIG.format(
        root=str(space.base),
        source=str(space.root / "solutions"),
        release=str(space.base / "nbgrader" / "release"),
        exchange=str(exchange),
    )
    target = space.base / CONFIG
    write_atomically(target, text)
    return target


def server_command(space: Workspace, unit: str, browser: bool, arguments: Sequence[str] = ()) -> list[str]:
    """The command that serves the form grader, in this environment, opened at the submissions of a unit."""
    return [
        sys.executable,
        "-m",
        "jupyter_server",
        f"--ServerApp.root_dir={space.base}",
        f"--ServerApp.default_url=/formgrader/gradebook/{unit}/{unit}",
        # Else nbgrader's pages keep the log-in for the page that was opened first, and show no submissions.
        "--IdentityProvider.cookie_options=path=/",
        f"--ServerApp.open_browser={browser}",
        *arguments,
    ]


def open_form_grader(
    space: Workspace, unit: str, browser: bool = True, arguments: Sequence[str] = ()
) -> None:
    """Serve the form grader, at the submissions of a unit, until it is stopped with Ctrl-C.

    Raises: CourseError where the extra [instructor] is missing, or the server does not start.
    """
    require_nbgrader("The form grader")
    write_config(space)
    done = subprocess.run(server_command(space, unit, browser, arguments), cwd=space.base, check=False)
    if done.returncode not in (0, 130, -2):
        raise CourseError(f"The form grader ended with status {done.returncode}; its words stand above.")
