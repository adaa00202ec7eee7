"""What comes after grading: review, regrade, similar, peers, Gradescope. Thin, with lazy imports."""

from __future__ import annotations

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
    say,
    say_left_out,
    table_of,
)

if TYPE_CHECKING:
    from w2s_course.grading.regrade import Change


APPLY = "Nothing was changed yet; --apply takes them over."


def review(
    unit: UnitName,
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
    serve: Annotated[bool, typer.Option(help="Start the form grader; else only prepare its files.")] = True,
) -> None:
    """Open nbgrader's form grader, with each student's answers, our feedback and the rubric.

    Example: [bold]w2s grade review 4[/bold]
    """
    from w2s_course.grading.answered import changed_since_shown, masters
    from w2s_course.grading.gradebook import ask_again, require_nbgrader
    from w2s_course.grading.records import need_records
    from w2s_course.grading.review import build_shown, open_form_grader, read_rubric, write_config
    from w2s_course.grading.standing import alone, counting, unit_cells
    from w2s_course.grading.workspace import find_unit

    require_nbgrader("The form grader")
    space, found = here(), find_unit(unit)
    with alone(space):
        graded = need_records(space.records(found.slug), found.slug)
        records = counting(space, graded)
        rubric = read_rubric(space.root, found.slug)
        fill_gradebook(space, found)
        # First: what is shown up to now says which text the marks of up to now are of.
        changed = changed_since_shown(space, found, records)
        ask_again(space, found.slug, unit_cells(space, found), changed)
        without = build_shown(space, found.slug, records, masters(space, found, records), rubric)
        write_config(space)
    say_left_out(sorted(graded.keys() - records.keys()), found)
    if without:
        say(f"Nothing to show of {', '.join(without)}: refused by the grader.")
    if serve:
        say("The form grader: Ctrl-C twice ends it. Marks made there count before ours from then on.")
        open_form_grader(space, found.slug, browser)


def regrade(
    exercise: Annotated[str, typer.Argument(help="The exercise whose check was corrected: 4.2.")],
    apply: Annotated[bool, typer.Option("--apply", help="Take the new marks over.")] = False,
    jobs: Jobs = 0,
    engine: Engine = "local",
    cohort: Cohort = None,
    unsafe: Unsafe = False,
) -> None:
    """After a check was corrected: show which marks of one exercise change; with --apply, change them.

    Examples: [bold]w2s grade regrade 4.2[/bold], [bold]w2s grade regrade 4.2 --apply[/bold]
    """
    from w2s_course.grading import regrade as work
    from w2s_course.grading.backups import back_up
    from w2s_course.grading.records import need_records, read_records
    from w2s_course.grading.run import jobs_of, pending
    from w2s_course.grading.standing import alone
    from w2s_course.grading.workspace import find_unit
    from w2s_course.learn.exercises import find_exercise
    from w2s_course.wording import plural

    space, unit = here(), find_unit(str(find_exercise(exercise).unit))
    with alone(space):
        old = need_records(space.records(unit.slug), unit.slug)
        proposed = work.proposals(space, unit.slug)
        todo = [job for job in jobs_of(space, unit, cohort, unsafe) if job.student in old]
        work.require_same_cohorts(todo, old)
        current = {job.student for job in pending(todo, space.records(unit.slug))}
        left = [job for job in pending(todo, proposed) if job.student in current]
        grade_with_bar(left, proposed, jobs, engine)
        made = read_records(proposed)
        new = work.comparable({s: made[s] for s in made.keys() & current}, old)
        found = work.changes(exercise, old, new)
        if found:
            _print_changes(exercise, found)
        if not apply:
            say(f"{plural(len(found), 'mark')} in {exercise} would change. {APPLY if found else ''}".rstrip())
            return
        back_up(space)
        count = work.apply(space, unit.slug, exercise, old, new)
        fill_gradebook(space, unit)
    written, changed = plural(count, "record"), plural(len(found), "mark")
    say(f"{written} written, {changed} changed. Feedback and exports must be made again.")


def _print_changes(exercise: str, found: list[Change]) -> None:
    from w2s_course.grading.feedback import number

    table = table_of(f"{exercise}: marks that change", "student", "before", "after", "why")
    for change in found:
        add_row(table, change.student, number(change.before), number(change.after), change.why)
    console.print(table)


def similar(
    unit: UnitName,
    least: Annotated[float, typer.Option(help="Share in common from which two are listed.")] = 0.9,
) -> None:
    """List code that is alike, for a look. It proves nothing: short or obvious answers are alike.

    Example: [bold]w2s grade similar 4[/bold]
    """
    from w2s_course.grading.answered import answers_in
    from w2s_course.grading.demo_answers import solutions_of
    from w2s_course.grading.release import cohort_unit
    from w2s_course.grading.similar import groups
    from w2s_course.grading.similar import similar as compare
    from w2s_course.grading.standing import need_collected
    from w2s_course.grading.submission import Refused, read_submission
    from w2s_course.grading.workspace import find_source, find_unit
    from w2s_course.wording import plural

    space, found = here(), find_unit(unit)
    need_collected(space, found)
    graded = cohort_unit(space.root, found)
    solutions = solutions_of(find_source(space.root, found))
    answers: dict[str, dict[str, str]] = {key: {} for key in solutions}
    for path in space.placed(found.slug):
        try:
            for key, source in answers_in(read_submission(path), graded).items():
                answers[key][path.parts[-3]] = source
        except Refused:
            continue
    table = table_of("Alike, for a look", "exercise", "students", "at least in common", "like the solution")
    for key, solution in solutions.items():
        for group in groups(compare(key, answers[key], solution, least)):
            like = "yes" if group.as_published else ""
            add_row(table, key, ", ".join(group.students), f"{group.share:.0%}", like)
    console.print(table)
    say(f"{plural(table.row_count, 'group')}. Alike is not copied: read them before you say anything.")


def peers(
    essay: Annotated[str, typer.Argument(help="The essay: 9.8.")],
    seed: Annotated[int, typer.Option(help="Another deal.")] = 0,
) -> None:
    """Deal each collected essay to two peers: one sheet a reader, without names, and a key for you.

    Example: [bold]w2s grade peers 9.8[/bold]
    """
    from w2s_course.grading.peers import collected_essays, essay_unit, without_twins, write_sheets
    from w2s_course.grading.standing import class_roster, need_collected

    space, unit = here(), essay_unit(essay)
    need_collected(space, unit)
    found = collected_essays(space, unit, essay, class_roster(space))
    dealt = without_twins(found)
    for said, students in (
        ("The same text as another one's, so not dealt", found.keys() - dealt.keys()),
        ("Handed in without the numbers filled in", [s for s, each in dealt.items() if not each.filled]),
        ("A part of the writer's name is in the text", [s for s, each in dealt.items() if each.named]),
    ):
        if students:
            say(f"{said}: {', '.join(sorted(students))}. Look before you hand the sheets on.")
    folder = write_sheets(space, essay, dealt, seed).relative_to(space.root)
    say(f"{len(dealt)} sheets in {folder}; key.csv, which is yours, says whose.")


def gradescope(unit: UnitName, cohort: Cohort = None, unsafe: Unsafe = False) -> None:
    """Make the zip of an autograder for Gradescope: the same grader, the same marks.

    Example: [bold]w2s grade gradescope 4[/bold]
    """
    from w2s_course.grading.gradescope import build_zip
    from w2s_course.grading.workspace import find_unit

    space = here()
    say(str(build_zip(space, find_unit(unit), cohort, unsafe).relative_to(space.root)))
    say("It holds the hidden checks and the solutions: for Gradescope's autograder page only.")
