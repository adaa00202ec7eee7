"""Claims about facts between marks; what pages make of them is claimed beside each page."""

from __future__ import annotations

import pytest

from w2s_course.blocks import filled
from w2s_course.errors import CourseError

WRITERS = {"machine": lambda argument: f"<{argument or 'new'}>"}


def test_a_block_without_an_argument_ends_at_its_own_end_though_another_follows():
    page = "<!-- x:machine -->a<!-- /x:machine --> and <!-- x:machine old -->b<!-- /x:machine -->"
    new, old = "<!-- x:machine --><new><!-- /x:machine -->", "<!-- x:machine old --><old><!-- /x:machine -->"
    assert filled(page, "x", WRITERS) == f"{new} and {old}"


def test_a_block_on_lines_of_its_own_keeps_them():
    assert filled("<!-- x:machine -->\n<!-- /x:machine -->", "x", WRITERS).splitlines()[1] == "<new>"


def test_what_is_not_closed_or_not_known_is_told():
    with pytest.raises(CourseError, match="1 x blocks are opened and 0 closed"):
        filled("<!-- x:machine -->", "x", WRITERS)
    with pytest.raises(CourseError, match=r"no x block 'motor'\. Known: machine"):
        filled("<!-- x:motor --><!-- /x:motor -->", "x", WRITERS)
