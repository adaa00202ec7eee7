"""Claims about essays in the form grader: what a student wrote is shown there, and runs nothing."""

from __future__ import annotations

import pytest
from nbconvert.filters.markdown import markdown2html

from w2s_course.grading.review import harmless


def rendered(essay: str) -> str:
    """What the page holds: the template reads a cell's source as Markdown, and cleans nothing."""
    return str(markdown2html(harmless(essay)))


@pytest.mark.parametrize(
    "essay",
    [
        "<script>alert(1)</script><img src=x onerror=alert(2)>",
        "Text\n\n<img src=x onerror=alert(2)>\n\nmore",
        "[a link](javascript:alert(1))",
        "[a link](java&#115;cript:alert(1))",
        "\\[a link\\](javascript:alert(1))\n\n    code\n\n    [x](javascript:alert(1))",
        "```\n\n<img src=x onerror=alert(2)>\n\n[x](javascript:alert(1))\n```",
        "![x](javascript:alert(1))",
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        "<svg onload=alert(1)>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    ],
)
def test_an_essay_runs_nothing_in_the_form_grader(essay):
    page = rendered(essay)
    for tag in ("<script", "<img", "<svg", "<iframe"):
        assert tag not in page
    assert 'href="java' not in page
    assert 'href="data' not in page


def test_an_essay_that_would_take_hours_to_read_as_markdown_is_shown_as_it_stands():
    page = rendered("[" * 2_000_000 + "\n\n</pre><script>alert(1)</script>")
    assert len(page) > 2_000_000
    assert "<script" not in page
    assert page.count("</pre>") == 1


def test_a_pasted_picture_makes_an_essay_no_longer():
    page = rendered("Sound.\n\n![plot](data:image/png;base64," + "iVBORw0KGgo" * 9000 + "=)\n\n*Or not.*")
    assert "<em>Or not.</em>" in page
    assert "iVBOR" not in page


def test_an_essay_is_still_read_as_it_was_written():
    page = rendered("#### Claim\n\nIt is *sound*, 3 < 4 & [here](https://example.org).\n\n- one\n- two\n")
    for part in (
        "<h4>Claim",
        "<em>sound</em>",
        "3 &lt; 4 &amp;",
        'href="https://example.org"',
        "<li>two</li>",
    ):
        assert part in page
