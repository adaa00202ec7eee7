"""What a learner has done in the whole course: gathered from its folders, shown, and exported."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from html import escape
from pathlib import Path

from w2s_course import __version__
from w2s_course.disk import write_atomically
from w2s_course.learn.display import show
from w2s_course.learn.friendly import Mistake, a_kind, short
from w2s_course.learn.progress import FILE, SCHEMA, Progress, Record, attempts_so_far, complete, now
from w2s_course.wording import plural

EXPORT = "w2s_progress_export.json"
LESSONS, EXERCISES = "notebooks", "exercises"
"""The course's folders of notebooks: all lessons in the one, a folder a unit in the other."""
_SINGULAR = {"predictions": "prediction", "quizzes": "quiz", "orders": "order", "checks": "check"}


def whole_course() -> dict[str, dict[str, Record]]:
    """The records of this folder and, where it is one of the course's, of all its other notebooks.

    Lessons and each unit's exercises lie in folders of their own, and each keeps its progress there; whoever
    looks back wants all of it. Of two records of one id the later stands. A headless run has its own alone.
    """
    here = Progress.load()
    if here.path is None:
        return here.sections()
    merged: dict[str, dict[str, Record]] = complete({})
    for path in sorted({here.path, *_beside(here.path.parent)}):
        for section, records in Progress(path).sections().items():
            for id, record in records.items():
                known = merged[section].get(id)
                if known is None or str(known.get("time", "")) <= str(record.get("time", "")):
                    merged[section][id] = record
    return merged


def _beside(folder: Path) -> list[Path]:
    """The progress files in the course's notebooks/ and exercises/*/, if `folder` is one of these."""
    root = folder.parent if folder.name == LESSONS else folder.parent.parent
    if folder != root / LESSONS and folder.parent != root / EXERCISES:
        return []
    return [*root.glob(f"{LESSONS}/{FILE}"), *root.glob(f"{EXERCISES}/*/{FILE}")]


def progress() -> None:
    """Show what is done in the whole course: in a table in a notebook, as lines elsewhere."""
    rows = [
        (id, section, _outcome(section, record), str(record.get("time", ""))[:16].replace("T", " "))
        for section, records in whole_course().items()
        if section != "hints"  # what was looked up is not work that was done
        for id, record in records.items()
    ]
    if not rows:
        nothing = "Nothing done yet: predictions, quizzes and checks will be listed here."
        show(f"<p>{nothing}</p>", nothing)
        return
    heads = ("id", "kind", "so far", "when (UTC)")
    rows = [(id, _SINGULAR[section], outcome, when) for id, section, outcome, when in sorted(rows)]
    show(
        _table(heads, rows), "\n".join(f"{id:16} {kind:11} {what:40} {when}" for id, kind, what, when in rows)
    )


def export_progress(path: Path | str = EXPORT) -> Path:
    """Write everything that is done into one file that can be sent, and say where it is.

    It holds the records and their times, the version of the course, and no name: whoever sends it, says whose
    it is.
    Raises: Mistake for a path that no file can have.
    """
    if not isinstance(path, str | os.PathLike):
        raise Mistake(
            f'{short(path)} is {a_kind(path)}, and a path is text in quotes: export_progress("{EXPORT}").'
        )
    target = Path(path).absolute()
    if target.is_dir():
        raise Mistake(f"{target} is a folder. Give the name of a file in it, such as {target / EXPORT}.")
    sections = whole_course()
    content = {
        "schema_version": SCHEMA,
        "course": "w2s-course",
        "course_version": __version__,
        "exported": now(),
        "progress": sections,
    }
    if not target.parent.is_dir():
        raise Mistake(f"There is no folder {target.parent}. Make it first, or give another path.")
    write_atomically(target, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    count = sum(map(len, sections.values()))
    said = f"{plural(count, 'record')} written to {target.name}. It is plain text: look before you send it."
    show(f"<p>{escape(said)}</p>", said)
    return target


def _outcome(section: str, record: Record) -> str:
    """A record in a few words."""
    if section == "predictions":
        changed = " (changed)" if record.get("earlier") else ""
        return f"{record.get('shown', record.get('answer'))}{changed}"
    if section == "checks":
        return f"{record.get('state', 'done')} ({plural(record.get('tries', 0), 'attempt')})"
    return attempts_so_far(record)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col" style="text-align: left">{escape(each)}</th>' for each in heads)
    body = "".join(
        "<tr>" + "".join(f'<td style="text-align: left">{escape(cell)}</td>' for cell in row) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
