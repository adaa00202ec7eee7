"""Facts in a page that people write: code fills them in between two marks, and a check compares them.

    <!-- recorded:table -->                 on lines of its own
    ...
    <!-- /recorded:table -->

    unit 4 takes <!-- course:minutes 4 -->62<!-- /course:minutes --> minutes      or within a line

`recorded` is the kind: whose facts they are. `table` is a name, and what follows it an argument.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from w2s_course.disk import write_atomically
from w2s_course.errors import CourseError

Writers = Mapping[str, Callable[[str], str]]
"""Name of a fact -> a function from its argument ('' where there is none) to its text."""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table.

    >>> print(table(["a", "b"], [["1", "2"]]))
    | a | b |
    |---|---|
    | 1 | 2 |
    """
    first, *others = (f"| {' | '.join(cells)} |" for cells in (heads, *rows))
    return "\n".join([first, "|---" * len(heads) + "|", *others])


def filled(text: str, kind: str, writers: Writers) -> str:
    """`text` with every block of that kind as its writer has it.

    Raises: CourseError for a block that no writer knows, or one that is not closed.

    >>> filled("<!-- course:sum 2 3 -->4<!-- /course:sum -->", "course", {"sum": lambda of: str(len(of))})
    '<!-- course:sum 2 3 -->3<!-- /course:sum -->'
    """
    block = re.compile(rf"(<!-- {kind}:(\w+)(?: ([^\n>]*?))? -->)(\n?).*?(<!-- /{kind}:\2 -->)", re.DOTALL)
    opened, closed = len(re.findall(rf"<!-- {kind}:", text)), len(block.findall(text))
    if opened != closed:
        raise CourseError(
            f"{opened} {kind} blocks are opened and {closed} closed: each needs <!-- /{kind}:NAME -->."
        )

    def fill(match: re.Match[str]) -> str:
        head, name, argument, line, tail = match.groups()
        if name not in writers:
            raise CourseError(f"There is no {kind} block '{name}'. Known: {', '.join(sorted(writers))}.")
        return f"{head}{line}{writers[name](argument or '')}{line}{tail}"

    return block.sub(fill, text)


def refresh(page: Path, kind: str, writers: Writers, *, only_check: bool = False) -> bool:
    """Whether the blocks of `page` say what their writers say; unless only checked, they do afterwards."""
    text = page.read_text(encoding="utf-8")
    wanted = filled(text, kind, writers)
    if wanted != text and not only_check:
        write_atomically(page, wanted)
    return wanted == text
