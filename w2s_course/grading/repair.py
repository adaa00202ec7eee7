"""Putting together what is run: the learner's answers and own cells in the master's order.

The rules, in the order in which they apply:

1. An answer is found by its marker line, `# exercise 4.2`, in a code cell; ids and metadata don't matter.
2. A cell with the markers of several exercises was merged: it is cut before a marker line that stands there
   as it was given out, or behind which the exercise's name is defined. Any other such line is a remark.
3. Of several answers to one exercise the last one that defines its name counts, and where none does the last
   one that differs from the stub. Others that define the name are earlier tries and not run; what does not
   define it, a trial or a remark, is run as the learner's own, before the answer or behind it as it stood.
4. An exercise without marker, or whose cell is the stub, is taken as answered where another cell of the
   learner's defines its name; the stub is not run then, since it would take the answer back. Otherwise the
   stub is restored, and the exercise counts as missing.
5. Check cells are not run, changed or not: a submission's own checks count for nothing.
6. Set-up and given cells are run as in the master. A given cell that needs `lesson` (models, runs) is not
   run, but for those of its imports whose names occur elsewhere. A changed given cell is the learner's own.
7. Answers run in the master's order. Each of the learner's own code cells runs after the answer or master
   cell behind which it stands. A cell that stops with a NameError is run a second time at the end.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from w2s_course.grading.markers import MARKED, defines, fragments
from w2s_course.grading.master import GradedUnit, MasterCell, only_checks
from w2s_course.grading.submission import Refused, Submission

Kind = Literal["restored", "duplicate", "changed check", "merged", "reordered", "no marker", "other unit"]


@dataclass(frozen=True)
class Piece:
    """A cell as it is run. name: for messages. exercise: whose answer it is, '' for other cells.

    own: an experiment of the learner's beside the answers.
    """

    name: str
    source: str
    exercise: str = ""
    own: bool = False


@dataclass(frozen=True)
class Repair:
    """One thing that was mended, in a sentence."""

    kind: Kind
    text: str
    exercise: str = ""


@dataclass(frozen=True)
class RepairReport:
    """What was mended before grading.

    untouched: exercises whose answer is the stub as it was given out, and whose name no other cell defines.
    """

    repairs: tuple[Repair, ...] = ()
    untouched: frozenset[str] = frozenset()

    def lines(self) -> list[str]:
        """One line a repair."""
        return [repair.text for repair in self.repairs]


@dataclass(frozen=True)
class _Chosen:
    """The answer that counts, and what else stood under its marker line and is run before and behind it."""

    text: str
    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()


@dataclass
class _Read:
    """A submission taken apart. own: anchor -> the learner's cells behind it; an anchor is the number of a
    master cell, -1 for the start."""

    answers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    own: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    order: list[int] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    foreign: set[str] = field(default_factory=set)
    repairs: list[Repair] = field(default_factory=list)


def repair(submission: Submission, unit: GradedUnit) -> tuple[list[Piece], RepairReport]:
    """The cells to run, in order, and what was mended.

    Raises: Refused for a notebook in which nothing of this unit is found.
    """
    stubs = {cell.exercise: cell.source for cell in unit.cells if cell.kind == "answer"}
    names = {key: next((e.name for e in unit.exercises if e.id == key), "") for key in stubs}
    read = _take_apart(submission, unit, names)
    chosen = {
        key: _choose(key, found, stubs[key], names[key], read.repairs) for key, found in read.answers.items()
    }
    unanswered = {key for key in stubs if key not in chosen or _same(chosen[key].text, stubs[key])}
    texts = [text for texts in read.own.values() for text in texts]
    texts += [text for key in chosen.keys() - unanswered for text in _texts(chosen[key])]
    elsewhere = {key: names[key] for key in unanswered if any(defines(text, names[key]) for text in texts)}
    if not chosen and not elsewhere and not read.seen:
        raise Refused(_nothing_found(submission, unit, read.foreign))
    _note_order(read)
    pieces = _assembled(unit, read, chosen, elsewhere)
    return pieces, RepairReport(tuple(read.repairs), frozenset(unanswered - elsewhere.keys()))


def _texts(chosen: _Chosen) -> tuple[str, ...]:
    return (*chosen.before, chosen.text, *chosen.behind)


def _normal(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().split("\n") if line.strip())


def _same(one: str, other: str) -> bool:
    """Whether two answers are the same but for blank lines, ends of lines and their marker lines."""

    def bare(source: str) -> str:
        return _normal("\n".join(line for line in source.split("\n") if not MARKED.match(line)))

    return bare(one) == bare(other)


def _take_apart(submission: Submission, unit: GradedUnit, names: Mapping[str, str]) -> _Read:
    """Every code cell of the submission, put where it belongs."""
    numbers = {cell.exercise: n for n, cell in enumerate(unit.cells) if cell.kind == "answer"}
    read, anchor = _Read(), -1
    for source in submission.code:
        cut = fragments(source, names)
        read.foreign |= {found for found in MARKED.findall(source) if found not in numbers}
        if len(keys := [key for key, _ in cut if key]) > 1:
            listed = " and ".join(dict.fromkeys(keys))
            read.repairs.append(
                Repair("merged", f"Exercises {listed} stood in one cell; it was cut.", keys[0])
            )
        for key, text in cut:
            anchor = numbers[key] if key else anchor
            if key:
                read.answers[key].append(text)
                read.order.append(anchor)
            else:
                anchor = _place(text, anchor, unit.cells, read)
    return read


def _place(text: str, anchor: int, master: Sequence[MasterCell], read: _Read) -> int:
    """Put a cell without marker where it belongs; the anchor of what follows."""
    for number, cell in enumerate(master):
        if cell.kind != "answer" and _normal(cell.source) == _normal(text):
            read.seen.add(number)
            if cell.kind == "given":
                read.order.append(number)
            return number if cell.kind != "check" else anchor
    if only_checks(text):
        read.repairs.append(
            Repair("changed check", f"A changed check cell was not run: {text.strip()[:60]!r}.")
        )
        return anchor
    read.own[anchor].append(text)
    return anchor


def _choose(key: str, found: Sequence[str], stub: str, name: str, repairs: list[Repair]) -> _Chosen:
    """The answer that counts: the last that defines the name, else the last that differs from the stub."""
    differing = [text for text in found if not _same(text, stub)]
    defining = [number for number, text in enumerate(differing) if defines(text, name)]
    if len(found) > 1:
        rule = f"defines `{name}`" if defining else "differs from the stub"
        which = f"the last one that {rule}" if differing else "none differs from the stub; the last"
        text = f"Exercise {key} stood there {len(found)} times; {which} counts."
        repairs.append(Repair("duplicate", text, key))
    if not differing:
        return _Chosen(found[-1])
    at = defining[-1] if defining else len(differing) - 1
    before, behind = (
        tuple(text for text in texts if not defines(text, name))
        for texts in (differing[:at], differing[at + 1 :])
    )
    return _Chosen(differing[at], before, behind)


def _note_order(read: _Read) -> None:
    first = list(dict.fromkeys(read.order))
    if first != sorted(first):
        read.repairs.append(Repair("reordered", "Cells stood in another order; they run in the master's."))


def _nothing_found(submission: Submission, unit: GradedUnit, foreign: set[str]) -> str:
    """Why a notebook is refused in which nothing of the unit is found."""
    name, title = submission.path.name, f"unit {unit.unit.number}, {unit.unit.title}"
    if foreign:
        there = ", ".join(sorted({key.split(".")[0] for key in foreign})[:5])
        return f"{name} is not the notebook of {title}: it holds exercises of unit {there}."
    return f"{name} is not the notebook of {title}: no exercise of it is found, by marker line or by name."


def _assembled(
    unit: GradedUnit, read: _Read, chosen: Mapping[str, _Chosen], elsewhere: Mapping[str, str]
) -> list[Piece]:
    """All pieces in order: master cells and answers, each followed by the learner's own cells.

    elsewhere: exercise id -> the name that a cell of the learner's defines in its answer's place.
    """
    own = [text for texts in read.own.values() for text in texts]
    used = "\n".join([*own, *(text for each in chosen.values() for text in _texts(each))])
    pieces: list[Piece] = []
    for number, cell in enumerate(unit.cells):
        if cell.kind == "answer":
            pieces += _answer(cell, chosen, elsewhere, read.repairs)
        elif cell.kind != "check":
            if number not in read.seen:
                first = cell.source.strip().splitlines()[0][:50]
                text = f"The {cell.kind} cell {first!r} was not there as given; it was restored."
                read.repairs.append(Repair("restored", text))
            source = _without_lesson(cell.source, used) if cell.kind == "given" else cell.source
            pieces += [Piece(f"{cell.kind} cell", source)] if source else []
        if number == 0:
            pieces += _own(read.own[-1], "at the start", elsewhere)
        pieces += _own(read.own[number], f"behind {_called(cell)}", elsewhere)
    return pieces


def _called(cell: MasterCell) -> str:
    return f"exercise {cell.exercise}" if cell.exercise else f"the {cell.kind} cell"


def _own(texts: Sequence[str], where: str, elsewhere: Mapping[str, str]) -> list[Piece]:
    """Cells of the learner's; what defines the name of an exercise without another answer is an answer."""
    names = elsewhere.values()
    return [
        Piece(f"own cell {where}", text, own=not any(defines(text, name) for name in names)) for text in texts
    ]


def _answer(
    cell: MasterCell, chosen: Mapping[str, _Chosen], elsewhere: Mapping[str, str], repairs: list[Repair]
) -> list[Piece]:
    key = cell.exercise
    if key in elsewhere:
        what = "was left as it was given out" if key in chosen else "had no marker line"
        text = f"Exercise {key} {what}; a cell that defines its name was taken."
        repairs.append(Repair("no marker", text, key))
        return []
    if key in chosen:
        each, answer = chosen[key], Piece(f"exercise {key}", chosen[key].text, key)
        before, behind = (
            _own(texts, f"{where} exercise {key}", elsewhere)
            for texts, where in ((each.before, "before"), (each.behind, "behind"))
        )
        return [*before, answer, *behind]
    repairs.append(Repair("restored", f"The cell of exercise {key} was missing; the stub was restored.", key))
    return [Piece(f"exercise {key}", cell.source, key)]


def _without_lesson(source: str, used: str) -> str:
    """A given cell as it is run: whole, or where it needs `lesson` only the imports whose names are used."""
    if not re.search(r"\blesson\b", source):
        return source
    imports = [line for line in source.split("\n") if re.match(r"(from|import) ", line)]
    return "\n".join(line for line in imports if any(_occurs(name, used) for name in _bound(line)))


def _bound(line: str) -> list[str]:
    """The names that an import line of the master binds.

    >>> _bound("from math import log, sqrt as root"), _bound("import os.path")
    (['log', 'root'], ['os'])
    """
    names = line.partition(" import ")[2] if line.startswith("from") else line.removeprefix("import ")
    return [name.split(" as ")[-1].strip().split(".")[0] for name in names.split(",")]


def _occurs(name: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text) is not None
