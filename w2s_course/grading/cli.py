"""`w2s grade ...`: the commands for instructors, put together. Importing this loads nothing heavy."""

from __future__ import annotations

import typer

from w2s_course.grading import commands, commands_after

app = typer.Typer(
    name="grade",
    help="For instructors: release, collect, grade, review, return, export. See docs/grading.md.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
for command in (
    commands.demo,
    commands.release,
    commands.collect,
    commands.run,
    commands.status,
    commands_after.review,
    commands.feedback,
    commands.export,
    commands_after.regrade,
    commands_after.similar,
    commands_after.peers,
    commands_after.gradescope,
):
    app.command()(command)
