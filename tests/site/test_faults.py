"""Claims about the check of finished pages: each kind of fault is found with its page, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from w2s_course.site.faults import faults

SOUND = """
<a href="#top">here</a> <a href="b.html#end">there</a> <a href="https://example.org/x">out</a>
<a href="mailto:a@example.org">mail</a> <a href="sub%20folder/c.html?q=1">c</a> <p id="top">//no link</p>
<img src="a.png" alt="Bars: the student wins."> <img src="data:image/png;base64,AA//BB" alt="A dot.">
<script src="a.js"></script> <link rel="stylesheet" href="a.css"> <style>p { background: url(a.png) }</style>
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "sub folder").mkdir()
    (tmp_path / "a.html").write_text(SOUND)
    (tmp_path / "b.html").write_text('<a href="a.html#top">back</a><p id="end">')
    (tmp_path / "sub folder" / "c.html").write_text('<a href="../b.html#end">b</a>')
    (tmp_path / "a.css").write_text("@import 'b.css'; p { background: url(data:image/png;base64,AA) }")
    return tmp_path


def test_a_sound_site_has_no_faults(site: Path) -> None:
    assert faults(site) == []


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ('<a href="gone.html">x</a>', "c.html links to gone.html, and there is no such file"),
        ('<a href="../b.html#gone">x</a>', "c.html links to ../b.html#gone, and b.html has no such anchor"),
        ('<a href="#gone">x</a>', "c.html links to #gone, and sub folder/c.html has no such anchor"),
        ('<a href="../sub folder">x</a>', "links to ../sub folder, and there is no such file"),
        (
            '<script src="https://cdn.example.org/x.js">',
            "another host: <script src='https://cdn.example.org/x.js'>",
        ),
        (
            '<link rel="stylesheet" href="//fonts.example.org/x.css">',
            "<link href='//fonts.example.org/x.css'>",
        ),
        ('<img alt="a" srcset="a.png, https://example.org/b.png 2x">', "another host: <img srcset="),
        (
            "<style>@import 'https://example.org/x.css'</style>",
            "another host: @import 'https://example.org/x.css",
        ),
        ('<img src="a.png">', "has an image without alt text: a.png"),
        ('<img src="a.png" alt=" ">', "has an image without alt text: a.png"),
        ('<img src="a.png" alt="../_images/a.png">', "has an image without alt text: a.png"),
    ],
    ids=lambda value: value.partition(" ")[0].strip("<") if value.startswith("<") else "",
)
def test_a_fault_is_found_on_its_page(html: str, said: str, site: Path) -> None:
    page = site / "sub folder" / "c.html"
    page.write_text(html)
    (fault,) = faults(site)
    assert fault.startswith("sub folder/c.html ")
    assert said in fault


def test_a_style_that_asks_another_host_is_found(site: Path) -> None:
    (site / "a.css").write_text("@font-face { src: url(https://fonts.example.org/x.woff2) }")
    assert faults(site) == ["a.css asks another host: url(https://fonts.example.org/x.woff2"]


def test_a_fault_that_every_menu_repeats_is_said_once_a_page(site: Path) -> None:
    (site / "b.html").write_text('<a href="gone.html">x</a>' * 3 + '<p id="end">')
    assert len(faults(site)) == 1
