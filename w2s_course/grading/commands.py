"""The road of a class: demo, release, collect, run, status, feedback, export. Thin, with lazy imports."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from w2s_course.grading.printing import (
    Cohort,
    Engine,
    Jobs,
    UnitName,
    Unsafe,
    add_row,
    console,
    fill_gradebook,
    grade_with_bar,
    here,
    print_counts,
    say,
    say_left_out,
    table_of,
)

if TYPE_CHECKING:
    from w2s_course.grading.records import Record
    from w2s_course.grading.workspace import Workspace
    from w2s_course.learn.exercises import Unit


def demo(
    unit: UnitName = "4",
    seed: Annotated[int, typer.Option(help="Another class.")] = 0,
    out: Annotated[Path, typer.Option(help="Folder.")] = Path("grading/demo"),
) -> None:
    """Make a demonstration class: 60 submissions of varied quality and honesty, as a Canvas download.

    Example: [bold]w2s grade demo 4[/bold]
    """
    from w2s_course.grading.demo import make_class
    from w2s_course.grading.workspace import find_unit

    plans = make_class(Path.cwd(), find_unit(unit), seed, out)
    say(f"{len(plans)} submissions in {out / 'submissions.zip'}, the class in {out / 'roster.csv'}")


def release(unit: UnitName, cohort: Cohort = None) -> None:
    """Make the student version of a unit: notebook, zip, checksums, manifest.

    Examples: [bold]w2s grade release 4[/bold], [bold]w2s grade release 4 --cohort 7[/bold]
    """
    from w2s_course.grading.release import release as make
    from w2s_course.grading.workspace import find_unit

    folder = make(here(), find_unit(unit), cohort)
    for path in sorted(folder.iterdir()):
        say(str(path.relative_to(Path.cwd())))


def collect(
    source: Annotated[Path, typer.Argument(help="A folder, or a zip from an LMS.")],
    unit: Annotated[str, typer.Option(help="The unit: 04_measure, or 4.")],
    roster: Annotated[
        Path | None, typer.Option(help="CSV: id, name, email, lms_id; the last one if not given.")
    ] = None,
    deadline: Annotated[
        str | None,
        typer.Option(
            help='"2026-03-06 18:00"; a date alone is the end of that day; the last one if not given.'
        ),
    ] = None,
    take: Annotated[
        list[str] | None,
        typer.Option(help="A path that counts whatever the rule says; PATH@DIGEST where several have it."),
    ] = None,
) -> None:
    """Take in submissions: one notebook a student, and a list of what could not be placed.

    Example: [bold]w2s grade collect submissions.zip --unit 4 --roster roster.csv[/bold]
    """
    from w2s_course.grading.collect import collect as take_in
    from w2s_course.grading.collect import unresolved
    from w2s_course.grading.deadline import deadline_in_words, read_deadline
    from w2s_course.grading.ledger import read_ledger
    from w2s_course.grading.standing import alone
    from w2s_course.grading.workspace import find_source, find_unit

    space, found = here(), find_unit(unit)
    find_source(space.root, found)
    when = None if deadline is None else read_deadline(deadline)
    with alone(space):
        rows = take_in(space, source, found, roster, when, take or ())
    table = table_of("Files that were not simply taken", "file", "what", "student", "why")
    open_ones = unresolved(rows)
    for row in [*open_ones, *(row for row in rows if row not in open_ones)]:
        if row.status != "counts" or row.note:
            add_row(table, row.path, row.status, row.student, row.note)
    if table.row_count:
        console.print(table)
    counting = [row for row in rows if row.status == "counts"]
    late = sum(row.late for row in counting)
    say(deadline_in_words(read_ledger(space, found.slug).deadline))
    say(f"{len(rows)} files: {len(counting)} count, {late} of them late; {len(open_ones)} to look at.")
    if any(not row.student and row.status != "refused" for row in open_ones):
        say(
            "Say whose a file is: name it by the student's id, as in s001.ipynb, or correct the roster "
            "(--roster), and collect again."
        )
    if counting:
        say(f"Next: w2s grade run {found.number}")
    elif rows:
        say("Nothing counts: the table says why. How files must be named: docs/grading.md, 'collect'.")
    else:
        say(f"There is no file in {source}. Name the folder or the zip that holds the notebooks.")


def run(
    unit: UnitName,
    jobs: Jobs = 0,
    engine: Engine = "local",
    cohort: Cohort = None,
    unsafe: Unsafe = False,
) -> None:
    """Grade what has not been graded yet, each submission in a sandbox. Stop it, and start it again, at will.

    Examples: [bold]w2s grade run 4[/bold], [bold]w2s grade run 4 --jobs 8[/bold]
    """
    from w2s_course.grading.backups import KEPT, back_up
    from w2s_course.grading.records import read_records
    from w2s_course.grading.run import jobs_of, pending, said_cohorts
    from w2s_course.grading.standing import alone, need_collected
    from w2s_course.grading.workspace import find_unit
    from w2s_course.wording import plural

    space, found = here(), find_unit(unit)
    need_collected(space, found)
    with alone(space):
        if kept := back_up(space):
            say(f"Backup: {kept.relative_to(space.root)} (the newest {KEPT} are kept)")
        todo = jobs_of(space, found, cohort, unsafe)
        left = pending(todo, space.records(found.slug))
        earlier = sum((space.records(found.slug) / f"{job.student}.json").exists() for job in left)
        again = f" ({earlier} of them again: their file or a check changed)" if earlier else ""
        say(f"{plural(len(todo), 'submission')}, {len(left)} to grade{again}.")
        for seed, count in said_cohorts(left).items():
            version = "the common version" if seed is None else f"cohort {seed}"
            say(
                f"Careful: {plural(count, 'notebook')} of {version} will be graded as another one. Is it "
                "--cohort, or the column cohort of the roster, that is missing? Ctrl-C stops this."
            )
        grade_with_bar(left, space.records(found.slug), jobs, engine, keep=True)
        fill_gradebook(space, found)
    graded = read_records(space.records(found.slug))
    print_counts(found.slug, [record.state for record in graded.values()])


def status(unit: UnitName) -> None:
    """Where each student stands.

    Example: [bold]w2s grade status 4[/bold]
    """
    from w2s_course.grading.feedback import number
    from w2s_course.grading.records import read_records
    from w2s_course.grading.standing import as_they_count, class_roster, counts, need_collected, standings
    from w2s_course.grading.workspace import find_unit

    space, found = here(), find_unit(unit)
    need_collected(space, found)
    records = as_they_count(space, found, read_records(space.records(found.slug)))
    rows = standings(space, found.slug, class_roster(space), records)
    heads = ("student", "name", "state", "points", "late", "repairs", "why")
    table = table_of(f"{found.slug}, {found.points} points", *heads)
    for row in rows:
        late = "late" if row.late else ""
        state = f"{row.state}, {row.to_review} to review" if row.to_review else row.state
        state += f" ({row.again} again)" if row.again else ""
        add_row(table, row.student, row.name, state, number(row.points), late, row.repairs or "", row.reason)
    console.print(table)
    say("; ".join(f"{count} {state}" for state, count in counts(rows).items()) + ".")
    if waiting := sum(row.to_review for row in rows):
        wait = "1 mark waits" if waiting == 1 else f"{waiting} marks wait"
        say(f"{wait} for a person: w2s grade review {found.number}")
    _say_corrected(space, found, records)


def _say_corrected(space: Workspace, unit: Unit, records: Mapping[str, Record]) -> None:
    """Say which marks are by checks that are others now: they count until somebody grades again."""
    from w2s_course.grading.standing import corrected

    if found := corrected(space, unit, records):
        listed = ", ".join(f"{exercise} ({count})" for exercise, count in found.items())
        say(
            f"Careful: these marks are by an earlier check, or as another cohort: {listed}. They count until "
            f"`w2s grade run {unit.number}` grades again; `w2s grade regrade {next(iter(found))}` shows "
            "first what that changes."
        )


def feedback(unit: UnitName) -> None:
    """Write one page a student: what each mark rests on, and nothing of a hidden check.

    Example: [bold]w2s grade feedback 4[/bold]
    """
    from w2s_course.grading.feedback import write_feedback
    from w2s_course.grading.standing import class_roster, final_records
    from w2s_course.grading.workspace import find_unit
    from w2s_course.wording import plural

    space, found = here(), find_unit(unit)
    names = {student.id: student.name for student in class_roster(space).students}
    records, left_out = final_records(space, found)
    written = write_feedback(space.feedback(found.slug), records, found, names)
    for student in left_out:
        (space.feedback(found.slug) / f"{student}.html").unlink(missing_ok=True)
    say_left_out(left_out, found)
    _say_corrected(space, found, records)
    say(f"{plural(len(written), 'page')} in {space.feedback(found.slug).relative_to(space.root)}")


def export(
    unit: UnitName,
    form: Annotated[str, typer.Option("--format", help="canvas, moodle or plain.")] = "plain",
) -> None:
    """Write the marks as CSV.

    Example: [bold]w2s grade export 4 --format canvas[/bold]
    """
    from w2s_course.disk import write_atomically
    from w2s_course.grading.export import export as make
    from w2s_course.grading.standing import class_roster, final_records, open_states
    from w2s_course.grading.workspace import find_unit
    from w2s_course.wording import plural

    space, found = here(), find_unit(unit)
    records, left_out = final_records(space, found)
    unmarked = open_states(space, found.slug, records)
    text = make(form, found, class_roster(space), records, unmarked)
    say_left_out(left_out, found)
    _say_corrected(space, found, records)
    space.exports.mkdir(parents=True, exist_ok=True)
    target = space.exports / f"{found.slug}-{form}.csv"
    # With the mark by which Excel knows UTF-8; Canvas and Moodle read over it.
    write_atomically(target, text.encode("utf-8-sig", "replace"))
    say(str(target.relative_to(space.root)))
    if open_ones := sum(record.marks != {} and record.points is None for record in records.values()):
        who = plural(open_ones, "student")
        say(
            f"No mark yet for {who}, since a person has not given all of theirs: see w2s grade status "
            f"{found.number}."
        )
