"""What a stranger wrote reaches the instructor's terminal as text, and commands nothing."""

from __future__ import annotations

import pytest

from w2s_course import cli
from w2s_course.errors import CourseError
from w2s_course.grading import printing
from w2s_course.grading.printing import add_row, say, table_of

EVIL = "name\x1b[2J\x1b]0;title\x07\r\x9b31m\u202eevil\u2066\ud800[red]"
SHOWN = "name\\x1b[2J\\x1b]0;title\\x07\\r\\x9b31m\\u202eevil\\u2066\\ud800[red]"


def in_table(text):
    table = table_of("Files", "file")
    add_row(table, text)
    printing.console.print(table)


def in_error(text):
    def fails(**_):
        raise CourseError(text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli, "app", fails)
        with pytest.raises(SystemExit):
            cli.main()


@pytest.mark.parametrize("how", [say, in_table, in_error])
def test_a_strangers_text_commands_no_terminal(how, capsys, monkeypatch):
    monkeypatch.setattr(printing, "console", printing.Console(width=200, emoji=False))
    monkeypatch.setattr(cli, "errors", cli.Console(stderr=True, width=200))
    how(EVIL)
    assert SHOWN in "".join(capsys.readouterr())


@pytest.mark.parametrize("name", ["प्रिया शर्मा", "李 明", "שלום", "O\u200c'Neill 👩\u200d🏫"])
def test_names_in_any_script_are_printed_as_they_are(name, capsys):
    say(name)
    assert name in capsys.readouterr().out
