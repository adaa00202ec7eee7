"""One run as files for people: figures, and one page that needs nothing beside it.

    results = load_results("runs/cpu-seed0")
    write_report(results, Path("runs/cpu-seed0"))      # figures/*.png, figures/*.svg, report.html

The page loads nothing from anywhere, so that it can be mailed, handed in and opened in ten years. The same
results give the same bytes, with the same version of matplotlib. All words come from `findings`, all pictures
from `plots`; here they are only put together.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import fastjsonschema
import jinja2
from fastjsonschema import JsonSchemaValueException
from markupsafe import Markup
from matplotlib.figure import Figure

from w2s_course import findings, plots, wording
from w2s_course.disk import write_atomically
from w2s_course.errors import CourseError, UsageError
from w2s_course.findings import Results, arms_table, verdict
from w2s_course.plots import drawing

RESULTS, REPORT, FIGURES_FOLDER = "results.json", "report.html", "figures"
PNG_DOTS_PER_INCH = 200
MOST_CONFUSIONS = 6

_LONGEST_PROBLEM = 200
_DARK = {
    drawing.INK: "#e6e9ec",
    drawing.MUTED: "#9aa4ae",
    drawing.MIDDLE: "#6b7580",
    drawing.FAINT: "#3a424b",
}
_DARK_PAPER = "#1b2026"


@cache
def schema() -> dict[str, Any]:
    """The JSON schema of `results.json`, as it lies in this package."""
    found: dict[str, Any] = json.loads((files("w2s_course") / "results.schema.json").read_text("utf-8"))
    return found


@cache
def _follows_schema() -> Callable[[Any], Any]:
    """Raises: JsonSchemaValueException at the first place that breaks the schema."""
    check: Callable[[Any], Any] = fastjsonschema.compile(schema())
    return check


def _refuse_disorder(value: Any, path: tuple[str, ...] = ("data",)) -> None:
    """What a schema cannot say: an interval's lower end comes first. Raises: as the schema's check does."""
    if path[-1] == "ci95" and value and value[0] > value[1]:
        said = f"{'.'.join(path)} must have its lower end first"
        raise JsonSchemaValueException(said, value, ".".join(path))
    if isinstance(value, dict | list):
        for key, below in value.items() if isinstance(value, dict) else enumerate(value):
            _refuse_disorder(below, (*path, str(key)))


def load_results(path: str | Path) -> dict[str, Any]:
    """The valid results in a `results.json`, or in the folder of a run.

    Raises:
        UsageError: there is no such file.
        CourseError: it cannot be read, or `validate` refuses what is in it.
    """
    path = Path(path)
    if path.is_dir():
        path = path / RESULTS
    try:
        results = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise UsageError(
            f"There is no {path}. Give the folder of a finished run, or its {RESULTS}; "
            "`w2s run` makes one and says where."
        ) from error
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror}). Check its permissions.") from error
    except ValueError as error:
        raise CourseError(
            f"{path} is not JSON ({error}). It was damaged or edited; make it again with `w2s run`: "
            "what is in the cache is not computed again."
        ) from error
    validate(results, source=str(path))
    valid: dict[str, Any] = results
    return valid


def validate(results: object, *, source: str = "these results") -> None:
    """Refuse what is not the content of a `results.json` of the version that this package reads.

    Args:
        source: what to call them in the message: the file's name.

    Raises:
        CourseError: it has another schema version, or breaks the schema; the first place where is named.
    """
    expected = schema()["properties"]["schema_version"]["const"]
    if not isinstance(results, dict) or "schema_version" not in results:
        raise CourseError(
            f"{source}: no results of the experiment, for there is no schema_version. "
            f"Give the {RESULTS} that `w2s run` wrote."
        )
    found = results["schema_version"]
    if found != expected:
        newer = isinstance(found, (int, float)) and found > expected
        way_out = (
            "It was written by a newer version of the course: update w2s-course, or make the run again"
            if newer
            else "It was written by an older version of the course: make the run again"
        )
        raise CourseError(
            f"{source} has schema version {found!r}, and this w2s-course reads version {expected}. "
            f"{way_out} with {results.get('command', 'w2s run')!r}."
        )
    try:
        # As JSON has it: tuples are lists, and there is neither NaN nor infinity.
        plain = json.loads(json.dumps(results, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise CourseError(
            f"{source} is not plain JSON ({error}). An undefined value must be null."
        ) from error
    try:
        _follows_schema()(plain)
        _refuse_disorder(plain)
    except JsonSchemaValueException as error:
        place = ".".join(error.path[1:]) or "the top level"
        problem = f"it {error.message.removeprefix(error.name or '').strip()[:_LONGEST_PROBLEM]}"
        if not isinstance(error.value, dict):
            problem += f", and is {repr(error.value)[:_LONGEST_PROBLEM]}"
        raise CourseError(
            f"{source} does not follow the schema of version {expected} at {place}: {problem}. "
            "It was damaged or edited; make it again with `w2s run`."
        ) from error


@dataclass(frozen=True)
class DrawnFigure:
    """A figure in the two forms in which it is kept. svg has text as text; alt and caption are plain text."""

    name: str
    png: bytes
    svg: str
    alt: str
    caption: str


def draw_figures(results: Results) -> dict[str, DrawnFigure]:
    """Every figure of `plots.FIGURES`, in that order, drawn without a screen in the course's style."""
    return {name: _draw(name, spec, results) for name, spec in plots.FIGURES.items()}


def write_figures(results: Results, folder: Path) -> dict[str, DrawnFigure]:
    """Draw every figure and put it into `folder`, made if need be, as NAME.png and NAME.svg.

    Raises:
        CourseError: nothing can be written there.
    """
    drawn = draw_figures(results)
    _make_folder(folder)
    for name, figure in drawn.items():
        write_atomically(folder / f"{name}.png", figure.png)
        write_atomically(folder / f"{name}.svg", figure.svg)
    return drawn


def write_report(results: Results, folder: Path) -> Path:
    """Write the figures into `folder`/figures and the page that contains them; the page's path.

    Raises:
        CourseError: the results are not valid, or nothing can be written there.
    """
    validate(results)
    page = render(results, write_figures(results, folder / FIGURES_FOLDER))
    write_atomically(folder / REPORT, page)
    return folder / REPORT


def render(results: Results, figures: Mapping[str, DrawnFigure]) -> str:
    """The page as one text of HTML: style and images inside, nothing loaded from elsewhere.

    Args:
        figures: by name, as `draw_figures` gives them; one that is missing is left out of the page.
    """
    page: str = (
        templates()
        .get_template("report.html.j2")
        .render(
            results=results,
            figures={
                name: {"figure": figure, "source": _embedded(figure.svg)} for name, figure in figures.items()
            },
            verdict=verdict(results),
            arms=_arms(results),
            teacher_confusions=_confusions(results["labels"]["confusions"], results["errors"]["confusions"]),
            student_confusions=_confusions(results["errors"]["confusions"], results["labels"]["confusions"]),
            config=_flat(results["config"]),
            environment=_flat(results["environment"]),
            findings=findings,
            w=wording,
        )
    )
    return page


@cache
def templates() -> jinja2.Environment:
    """The pages' templates: everything is escaped, and a value that is missing is an error."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("w2s_course"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _draw(name: str, spec: plots.FigureSpec, results: Results) -> DrawnFigure:
    with plots.style():
        figure = Figure((plots.WIDTH, spec.height), layout="constrained")
        plot = spec.draw(results, figure.subplots())
        png, svg = io.BytesIO(), io.StringIO()
        # No date and no version: the same results give the same bytes.
        figure.savefig(png, format="png", dpi=PNG_DOTS_PER_INCH, metadata={"Software": None})
        figure.set_layout_engine(None)  # its places are found; with an engine it is drawn once more
        about = {"Date": None, "Creator": "w2s-course", "Title": name, "Description": plot.alt}
        figure.savefig(svg, format="svg", metadata=about)
    return DrawnFigure(name, png.getvalue(), svg.getvalue(), plot.alt, plot.caption)


def _embedded(svg: str) -> Markup:
    """An SVG as a data address whose neutral colours follow the reader's choice of light or dark."""
    colours = {**_DARK, drawing.PAPER: _DARK_PAPER}
    names = {colour: f"--c{i}" for i, colour in enumerate(colours)}
    for colour, name in names.items():
        svg = svg.replace(f": {colour}", f": var({name})")
    light = ";".join(f"{name}:{colour}" for colour, name in names.items())
    dark = ";".join(f"{name}:{colours[colour]}" for colour, name in names.items())
    style = f"<style>:root{{{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}</style>"
    opening = svg.index(">", svg.index("<svg ")) + 1
    data = base64.b64encode((svg[:opening] + style + svg[opening:]).encode()).decode()
    return Markup(f"data:image/svg+xml;base64,{data}")  # base64 has nothing to escape


def _arms(results: Results) -> list[dict[str, Any]]:
    """The rows of the six-arm table with what only a page shows: the arm's colour and what it is."""
    rows = zip(findings.ARMS.items(), arms_table(results)[1:], strict=True)
    return [
        {"row": row, "what": text.what, "colour": drawing.ARM_COLOURS[key], "arm": results["arms"][key]}
        for (key, text), row in rows
    ]


def _confusions(mine: list[dict[str, Any]], other: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The most frequent confusions, each with whether the other model has it in its list too."""
    known = {(c["slot"], c["truth"], c["claimed"]) for c in other}
    shown = sorted(mine, key=lambda c: -c["count"])[:MOST_CONFUSIONS]
    return [{**c, "shared": (c["slot"], c["truth"], c["claimed"]) in known} for c in shown]


def _flat(value: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Nested settings as lines: ('sizes.gold', '500')."""
    lines: list[tuple[str, str]] = []
    for key, item in value.items():
        if isinstance(item, Mapping):
            lines += _flat(item, f"{prefix}{key}.")
        else:
            lines.append((prefix + key, ", ".join(map(str, item)) if isinstance(item, list) else str(item)))
    return lines


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CourseError(
            f"The folder {folder} cannot be made ({error.strerror}). Name another, or change its permissions."
        ) from error
