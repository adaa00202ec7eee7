"""The learner's dossier: predictions and outcomes, own figures, the verdict, checks passed, in one HTML file.

It loads nothing from anywhere and runs nothing: it can be mailed, handed in, and opened in ten years. What a
learner wrote is escaped before anything else is done with it.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from w2s_course import __version__
from w2s_course.disk import write_atomically
from w2s_course.learn.essay import STRUCTURE_ONLY, feedback
from w2s_course.learn.essay_text import Filled, fill
from w2s_course.learn.evidence import Evidence, reading
from w2s_course.learn.friendly import Mistake
from w2s_course.learn.overview import whole_course
from w2s_course.learn.progress import now

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FILE = "w2s_dossier.html"
OWN_FIGURES = ("arms", "errors", "reliability", "cost")
"""Of `plots.FIGURES`: those that a verdict speaks of."""
_TOKENS = re.compile(r"`([^`]+)`|\*\*(.+?)\*\*|(?<![\w*])\*([^*\s][^*]*?)\*(?![\w*])")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.+?)[ \t#]*$")
_ITEM = re.compile(r" {0,3}[-*+][ \t]+(.+)$")


def prose(text: str) -> Markup:
    """A learner's Markdown as HTML: headings, paragraphs, lists, bold, italic, code; all else as it stands.

    Everything is escaped first, so no tag, link or image of the text becomes one of the page.

    >>> str(prose("# Claim\\n\\n**Not** <b>sound</b>."))
    '<h3>Claim</h3>\\n<p><strong>Not</strong> &lt;b&gt;sound&lt;/b&gt;.</p>'
    """
    parts: list[str] = []
    lines: list[str] = []
    items: list[str] = []

    def close() -> None:
        if lines:
            parts.append(f"<p>{' '.join(lines)}</p>")
        if items:
            parts.append("<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>")
        lines.clear()
        items.clear()

    for line in text.replace("\0", "").splitlines():
        heading, item = _HEADING.match(line), _ITEM.match(line)
        if heading or not line.strip() or (item and lines):
            close()
        if heading:
            parts.append(f"<h3>{_inline(heading[2])}</h3>")
        elif item:
            items.append(_inline(item[1]))
        elif line.strip() and items:
            items[-1] += f" {_inline(line.strip())}"
        elif line.strip():
            lines.append(_inline(line.strip()))
    close()
    return Markup("\n".join(parts))


def _inline(text: str) -> str:
    def marked(match: re.Match[str]) -> str:
        kind = "code" if match[1] else "strong" if match[2] else "em"
        return f"<{kind}>{match[1] or match[2] or match[3]}</{kind}>"

    return _TOKENS.sub(marked, str(escape(text)))


def as_data(figure: Figure) -> str:
    """A figure as an address that holds it, PNG."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, metadata={"Software": None})
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def figures_of(evidence: Evidence) -> list[dict[str, str]]:
    """The figures of the run that the evidence rests on, with alt text and caption; none of a refused one."""
    from matplotlib.figure import Figure

    from w2s_course import plots

    if evidence.run is None or evidence.refusal:
        return []
    drawn = []
    for name in OWN_FIGURES:
        spec = plots.FIGURES[name]
        with plots.style():
            figure = Figure((plots.WIDTH, spec.height), layout="constrained")
            plot = spec.draw(evidence.run, figure.subplots())
            drawn.append({"source": as_data(figure), "alt": plot.alt, "caption": plot.caption})
    return drawn


def render(
    evidence: Evidence,
    essays: Mapping[str, str],
    figures: Sequence[tuple[Figure, str]] = (),
    sections: Mapping[str, Mapping[str, Any]] | None = None,
) -> str:
    """The page as one text of HTML.

    Args: essays: title -> Markdown with keys, 'First version' and 'Revised', say; empty ones are named so.
        figures: further ones of your own, each with the words that say what it shows.
        sections: what progress keeps; that of the whole course's folder if not given.
    Raises: Mistake for a figure without words.
    """
    from w2s_course.report import templates

    kept = whole_course() if sections is None else sections
    if any(not alt.strip() for _, alt in figures):
        raise Mistake("Each figure needs words that say what it shows: give (figure, words).")
    own = [{"source": as_data(figure), "alt": alt, "caption": alt} for figure, alt in figures]
    page: str = (
        templates()
        .get_template("dossier.html.j2")
        .render(
            reading=reading(evidence),
            is_own=evidence.own is not None,
            refusal=evidence.refusal,
            figures=[*figures_of(evidence), *own],
            predictions=_predictions(kept.get("predictions", {})),
            checks=_checks(kept.get("checks", {})),
            essays=[_essay(title, text, evidence) for title, text in essays.items()],
            structure_only=STRUCTURE_ONLY,
            made=now()[:10],
            version=__version__,
        )
    )
    return page


def _essay(title: str, text: str, evidence: Evidence) -> dict[str, Any]:
    filled: Filled = fill(text, evidence)
    return {
        "title": title,
        "body": prose(filled.text) if text.strip() else "",
        "evidence": [(name, value) for name, value in filled.used.items()],
        "feedback": feedback(text, evidence).lines,
    }


def _predictions(records: Mapping[str, Mapping[str, Any]]) -> list[dict[str, str]]:
    rows = []
    for id, record in sorted(records.items()):
        earlier = record.get("earlier") or []
        asked = "question" in record  # an audit and a rating have a task, and an id that says nothing
        rows.append(
            {
                "id": id if asked else "",
                "question": str(record["question"] if asked else record.get("task", "Judged by hand")),
                "said": str(record.get("shown", record.get("answer", ""))),
                "changed": "changed" if earlier else "",
                "outcome": str(record.get("outcome", "")),
            }
        )
    return rows


def _checks(records: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    from w2s_course.learn.exercises import all_units

    units: list[dict[str, Any]] = []
    for unit in all_units():
        states = {e.id: str(records.get(e.id, {}).get("state", "not attempted")) for e in unit.exercises}
        passed = [id for id, state in states.items() if state == "right"]
        units.append({"title": f"{unit.number} {unit.title}", "passed": passed, "of": len(states)})
    return {
        "units": units,
        "passed": sum(len(unit["passed"]) for unit in units),
        "of": sum(unit["of"] for unit in units),
    }


def export_dossier(
    evidence: Evidence,
    essays: Mapping[str, str],
    path: Path | str = FILE,
    figures: Sequence[tuple[Figure, str]] = (),
) -> Path:
    """Write the dossier, and say where it is; on Colab it is offered for download too.

    Raises: Mistake where the folder does not exist.
    """
    from w2s_course.learn.setup import is_colab

    target = Path(path).absolute()
    if not target.parent.is_dir():
        raise Mistake(f"There is no folder {target.parent}. Make it first, or give another path.")
    page = render(evidence, essays, figures)
    write_atomically(target, page)
    print(f"Dossier: {target.name}, {len(page.encode()) / 1000:.0f} kB, one file that opens in any browser.")
    if evidence.refusal:
        print(f"It says that it is not to be handed in: {evidence.refusal}.")
    if is_colab():
        import_module("google.colab.files").download(str(target))
    return target
