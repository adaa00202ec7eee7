"""Where the answers stand in a notebook: by their marker lines, and by the names that they define."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from w2s_course.authoring.notebooks import MARKER
from w2s_course.grading.submission import Refused, read_submission
from w2s_course.learn.exercises import Unit

MARKED = re.compile(r"^#{1,6}[ \t]*exercise[ \t]+([0-9]+\.[0-9]+)\b", re.MULTILINE | re.IGNORECASE)
"""The marker line of an answer, as `authoring.notebooks.MARKER` writes it or as a learner may have cut it."""


def defines(source: str, name: str) -> bool:
    """Whether a text defines a name at the left margin. By pattern: a stranger's text is not parsed here."""
    pattern = (
        rf"^(?:async[ ]+)?(?:def|class)[ ]+{re.escape(name)}\b|^{re.escape(name)}[ ]*(?::[^=\n]+)?=(?!=)"
    )
    return bool(name) and re.search(pattern, source, re.MULTILINE) is not None


def fragments(source: str, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """A cell cut before the marker lines of answers: pairs of exercise id ('' before the first) and text.

    names: exercise id -> the name that its answer defines.

    >>> fragments("import math\\n# exercise 4.1\\na = 1\\n# exercise 4.2\\nb = 2", {"4.1": "a", "4.2": "b"})
    [('', 'import math\\n'), ('4.1', '# exercise 4.1\\na = 1\\n'), ('4.2', '# exercise 4.2\\nb = 2')]
    >>> fragments("# exercise 4.2\\n# exercise 4.1 gave a\\nb = a", {"4.1": "a", "4.2": "b"})
    [('4.2', '# exercise 4.2\\n# exercise 4.1 gave a\\nb = a')]
    """
    marks = [found for found in MARKED.finditer(source) if found[1] in names]
    ends = [*(found.start() for found in marks), len(source)][1:]
    cuts, code = [("", 0)], _first_code(source)
    for found, end in zip(marks, ends, strict=True):
        key, start = found[1], found.start()
        opens = len(cuts) == 1 and start <= code
        if opens or (key != cuts[-1][0] and _is_answer(source[start:end], key, names[key])):
            cuts.append((key, start))
    starts = [start for _, start in cuts]
    texts = [source[a:b] for a, b in zip(starts, [*starts[1:], len(source)], strict=True)]
    return [(key, text) for (key, _), text in zip(cuts, texts, strict=True) if key or text.strip()]


def _first_code(source: str) -> int:
    """Where the first line begins that is neither empty nor a comment; the end where there is none."""
    at = 0
    for line in source.split("\n"):
        if line.strip() and not line.lstrip().startswith("#"):
            return at
        at += len(line) + 1
    return len(source)


def _is_answer(text: str, key: str, name: str) -> bool:
    """Whether a text that begins with a marker line is an answer, and the line is not a remark."""
    return text.startswith(MARKER.format(id=key)) or defines(text, name)


def holds_exercise(path: Path, unit: Unit) -> bool:
    """Whether an exercise of the unit can be read in a file: by a marker line or, without any, by a name."""
    try:
        cells = read_submission(path).cells
    except Refused:
        return False
    marked = {key.partition(".")[0] for cell in cells for key in MARKED.findall(cell.source)}
    if marked:
        return str(unit.number) in marked
    return any(defines(cell.source, e.name) for cell in cells if cell.kind == "code" for e in unit.exercises)
