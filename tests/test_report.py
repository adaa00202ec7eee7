"""The report: valid results in, one page out that needs nothing beside it and says nothing wrong."""

import base64
import html
import json
import re
from html.parser import HTMLParser

import matplotlib
import pytest

from w2s_course import plots, report
from w2s_course.errors import CourseError
from w2s_course.plots import drawing

UNMEASURED = {"value": None, "ci95": None, "n": 0}


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)
        self.words = " ".join(self.words.split())

    def handle_starttag(self, tag, attrs):
        self.words += " "
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def words(results) -> str:
    """The text of a page. Without its figures: drawing them is the slow part."""
    return Page(report.render(results, {})).words


@pytest.fixture
def page(sample_results, sample_figures) -> str:
    return report.render(sample_results, sample_figures)


@pytest.fixture
def only(monkeypatch):
    """Reports with these figures alone, which are drawn faster."""

    def keep(*names: str) -> None:
        monkeypatch.setattr(plots, "FIGURES", {name: plots.FIGURES[name] for name in names})

    return keep


# --- what is read


def test_the_sample_is_valid(sample_results):
    report.validate(sample_results)


def test_tuples_are_as_good_as_lists(sample_results):
    sample_results["gain"]["ci95"] = tuple(sample_results["gain"]["ci95"])
    report.validate(sample_results)


@pytest.mark.parametrize(
    ("version", "way_out"),
    [(2, r"newer version .* update w2s-course"), (0, "older version .* make the run again")],
)
def test_another_schema_version_is_refused_with_the_way_out(version, way_out, sample_results):
    sample_results["schema_version"] = version
    message = (
        rf"has schema version {version}, and this w2s-course reads version 1\. .*{way_out}.*w2s run --preset"
    )
    with pytest.raises(CourseError, match=message):
        report.validate(sample_results)


def damage_value(r):
    r["arms"]["weak"]["exact"]["value"] = "half"


def damage_arm(r):
    del r["arms"]["ceiling"]


def damage_status(r):
    r["pgr"]["status"] = "fine"


def damage_interval(r):
    r["labels"]["reliability"][2]["exact"]["ci95"] = [0.1]


def damage_extra(r):
    r["surprise"] = 1


def setting(*path, to):
    """A damage: the value at a path becomes another one."""

    def damage(results):
        *above, last = path
        for key in above:
            results = results[key]
        results[last] = to

    return damage


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        (
            setting("arms", "weak", "exact", "value", to=50.0),
            r"arms\.weak\.exact\.value: .*smaller than or equal to 1",
        ),
        (setting("labels", "exact", "ci95", to=[0.4, 1.6]), r"labels\.exact\.ci95"),
        (
            setting("labels", "exact", "ci95", to=[0.6, 0.4]),
            r"labels\.exact\.ci95: it must have its lower end first",
        ),
        (setting("gain", "value", to=-1.5), r"at gain\.value: .*bigger than or equal to -1"),
        (setting("labels", "n", to=-1), r"at labels\.n: "),
        (setting("labels", "confidence", to=62), r"at labels\.confidence: "),
        (setting("curves", "ceiling", 0, "step", to=-1), r"at curves\.ceiling\.0\.step"),
        (setting("cost", "stages", "weak training", "seconds", to=-1.0), r"weak training\.seconds"),
        (setting("pgr", "raw", to=None), r"at pgr\.raw: it must be number"),
        (setting("pgr", "status", to="no gap"), r"at pgr\.raw: it must be null"),
        (setting("config", to={}), r"at config: it must contain \['preset', 'seed', 'sizes'\]"),
        (setting("config", "sizes", "pool", to=0), r"at config\.sizes\.pool"),
        (damage_value, r"at arms\.weak\.exact\.value: it must be number or null, and is 'half'"),
        (damage_arm, r"at arms: it must contain \['ceiling'\]"),
        (damage_status, r"at pgr\.status: it must be one of .*, and is 'fine'"),
        (damage_interval, r"at labels\.reliability\.2\.exact\.ci95"),
        (damage_extra, "at the top level: .*surprise"),
        (setting("cost", "stages", to={}), r"at cost\.stages: it must contain \['strong_prompted answers'"),
    ],
)
def test_damaged_results_are_refused_with_the_place(damage, place, sample_results):
    damage(sample_results)
    with pytest.raises(CourseError, match=place):
        report.validate(sample_results)


def test_nan_is_refused_because_undefined_is_null(sample_results):
    sample_results["gain"]["value"] = float("nan")
    with pytest.raises(CourseError, match="undefined value must be null"):
        report.validate(sample_results)


@pytest.mark.parametrize("nothing", [[], {}, None, {"arms": {}}])
def test_what_is_no_results_at_all_is_refused(nothing):
    with pytest.raises(CourseError, match="no schema_version"):
        report.validate(nothing)


def test_results_are_loaded_from_the_file_or_its_folder(sample_results, tmp_path):
    (tmp_path / "results.json").write_text(json.dumps(sample_results))
    assert report.load_results(tmp_path) == sample_results
    assert report.load_results(tmp_path / "results.json") == sample_results


def test_a_missing_file_is_named_with_what_to_give(tmp_path):
    with pytest.raises(CourseError, match=r"There is no .*results\.json\. Give the folder of a finished run"):
        report.load_results(tmp_path)


@pytest.mark.parametrize("content", [b'{"schema_version": 1,', b"\xff\xfe\x00", b""])
def test_a_file_that_is_not_json_is_refused(content, tmp_path):
    (tmp_path / "results.json").write_bytes(content)
    with pytest.raises(CourseError, match="is not JSON"):
        report.load_results(tmp_path)


def test_the_message_about_a_file_names_the_file(sample_results, tmp_path):
    sample_results["schema_version"] = 7
    (tmp_path / "results.json").write_text(json.dumps(sample_results))
    with pytest.raises(CourseError, match=r"results\.json has schema version 7"):
        report.load_results(tmp_path)


# --- figures


def test_every_figure_is_written_as_png_and_svg_with_its_text_as_text(sample_results, tmp_path, only):
    only("arms", "cost")
    figures = report.write_figures(sample_results, tmp_path / "new" / "figures")
    names = {path.name for path in (tmp_path / "new" / "figures").iterdir()}
    assert names == {"arms.png", "arms.svg", "cost.png", "cost.svg"}
    svg = (tmp_path / "new" / "figures" / "arms.svg").read_text("utf-8")
    assert ">weak-to-strong student</text>" in svg
    assert figures["arms"].alt in html.unescape(svg)
    assert (tmp_path / "new" / "figures" / "arms.png").read_bytes().startswith(b"\x89PNG")


def test_the_same_results_give_the_same_bytes(sample_results, sample_figures, page, tmp_path):
    path = report.write_report(sample_results, tmp_path)
    assert path.read_text("utf-8") == page
    for name, figure in sample_figures.items():
        assert (tmp_path / "figures" / f"{name}.png").read_bytes() == figure.png
        assert (tmp_path / "figures" / f"{name}.svg").read_text("utf-8") == figure.svg


def test_the_readers_own_plot_style_does_not_change_a_figure(sample_results, sample_figures, only):
    only("cost")
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "black", "svg.fonttype": "path"}):
        assert report.draw_figures(sample_results)["cost"] == sample_figures["cost"]


def test_a_folder_that_cannot_be_made_is_named(sample_results, tmp_path, only):
    only("cost")
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match=r"file.figures cannot be made"):
        report.write_report(sample_results, tmp_path / "file")


def test_nothing_is_written_for_results_that_are_not_valid(sample_results, tmp_path):
    del sample_results["gain"]
    with pytest.raises(CourseError, match=r"must contain \['gain'\]"):
        report.write_report(sample_results, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_but_the_finished_files_is_left(sample_results, tmp_path, only):
    only("cost")
    assert report.write_report(sample_results, tmp_path) == tmp_path / "report.html"
    assert {path.name for path in tmp_path.iterdir()} == {"report.html", "figures"}


# --- the page


def test_the_page_loads_nothing_from_anywhere(page):
    parsed = Page(page)
    for tag in ("script", "link", "iframe", "object", "embed", "video", "audio", "base"):
        assert not parsed.all(tag)
    loaded = {"src", "srcset", "data", "poster", "background"}
    sources = [value for _, attrs in parsed.tags for name, value in attrs.items() if name in loaded]
    assert len(sources) == len(plots.FIGURES)
    assert all(source and source.startswith("data:image/svg+xml;base64,") for source in sources)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style
    assert "url(" not in style[1]
    assert "@import" not in style[1]
    policy = next(meta for meta in parsed.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert str(policy["content"]).startswith("default-src 'none'")


def test_the_images_inside_load_nothing_either_and_know_light_and_dark(page):
    for image in Page(page).all("img"):
        svg = base64.b64decode(str(image["src"]).partition(",")[2]).decode()
        assert not re.search(r'href="(?!#)', svg)
        assert not re.search(r"url\((?!#)", svg)
        assert "prefers-color-scheme:dark" in svg
        assert drawing.INK not in svg.partition("</style>")[2], "text would stay dark on dark"


def test_every_image_has_the_alt_text_of_its_plot(sample_figures, page):
    assert [image["alt"] for image in Page(page).all("img")] == [
        figure.alt for figure in sample_figures.values()
    ]
    assert all(figure.alt for figure in sample_figures.values())


def test_the_page_answers_in_the_order_in_which_a_reader_asks(sample_results):
    headings = re.findall(r"<h2>(.*?)</h2>", report.render(sample_results, {}))
    assert headings == [
        "What was done",
        "Did the student beat its teacher?",
        "Which errors were inherited, corrected, invented?",
        "What were the weak labels worth?",
        "What did it cost?",
        "How did training go?",
        "Run it again",
    ]


def test_the_page_shows_the_verdict_pgr_and_its_status_in_words(sample_results):
    text = words(sample_results)
    found = report.verdict(sample_results)
    for sentence in (found.headline, found.gold, *found.reasons):
        assert sentence in text
    assert "(67.0% - 50.0%) / (95.0% - 50.0%) = 0.38" in text
    assert "ok: the ceiling beats the weak teacher by more than chance" in text


def test_an_undefined_pgr_is_written_as_undefined(sample_results):
    sample_results["pgr"] = {
        "raw": None,
        "clamped": None,
        "ci95": None,
        "status": "no gap",
        "meaning": "PGR is undefined: the ceiling does not beat the weak model.",
    }
    text = words(sample_results)
    assert "PGR undefined" in text
    assert "no gap: the ceiling does not beat the weak teacher" in text
    assert "PGR = (student" not in text
    assert "None" not in text


def test_a_gap_within_noise_shows_its_ratio_only_as_a_bare_one(sample_results):
    sample_results["pgr"] |= {"status": "gap within noise", "ci95": None}
    text = words(sample_results)
    assert "undefined (the bare ratio would be 0.38)" in text


def test_a_page_of_unmeasured_values_says_undefined_and_never_none(sample_results):
    for arm in sample_results["arms"].values():
        arm |= {"exact": UNMEASURED, "claims": UNMEASURED}
    sample_results["gain"] = UNMEASURED
    sample_results["labels"] |= {"exact": UNMEASURED, "confusions": [], "reliability": []}
    sample_results["errors"] |= dict.fromkeys(("inherited", "corrected", "invented"), UNMEASURED)
    sample_results["errors"] |= {"by_slot": {}, "confusions": []}
    sample_results["pgr"] |= {"raw": None, "clamped": None, "ci95": None, "status": "no gap"}
    report.validate(sample_results)
    text = words(sample_results)
    assert "undefined" in text
    assert re.search(r"\bNone\b(?! was recorded)", text) is None


def test_only_the_smoke_preset_carries_the_notice_that_its_numbers_mean_nothing(sample_results):
    assert "These numbers mean nothing" not in words(sample_results)
    sample_results["config"]["preset"] = "smoke"
    assert "These numbers mean nothing" in words(sample_results)


def test_values_cannot_bring_their_own_html(sample_results, only):
    only("errors", "stages")
    evil = "<script>alert(1)</script><img src=http://example.org/x>\"'&"
    sample_results["command"] = evil
    sample_results["config"] |= {"strong_model": evil, "preset": evil}
    sample_results["pgr"]["meaning"] = evil
    sample_results["arms"]["weak"]["trained_on"] = evil
    sample_results["environment"]["device"] = evil
    sample_results["errors"]["confusions"][0]["claimed"] = evil
    sample_results["errors"]["by_slot"][evil] = sample_results["errors"]["by_slot"]["condition"]
    sample_results["cost"]["assumptions"]["expert_hour"] |= {"source": "javascript:alert(1)", "unit": evil}
    sample_results["cost"]["stages"][evil] = sample_results["cost"]["stages"].pop("weak labels")
    page = Page(report.render(sample_results, report.draw_figures(sample_results)))
    assert not page.all("script")
    assert len(page.all("img")) == len(plots.FIGURES)
    assert evil in page.words
    assert all(str(link["href"]).startswith("https://") for link in page.all("a"))


def test_an_assumption_is_listed_with_its_source(sample_results):
    page = Page(report.render(sample_results, {}))
    for assumption in sample_results["cost"]["assumptions"].values():
        assert assumption["source"] in page.words
    assert "https://example.org/prices" in {link["href"] for link in page.all("a")}


def test_a_figure_without_a_place_of_its_own_in_the_text_is_shown_before_the_end(sample_results):
    new, known = (
        report.DrawnFigure(name, b"", "<svg ></svg>", f"alt of {name}", "") for name in ("new", "cost")
    )
    page = Page(report.render(sample_results, {"new": new, "cost": known}))
    assert [image["alt"] for image in page.all("img")] == ["alt of cost", "alt of new"]
    assert "Further figures" in page.words
    assert "Further figures" not in Page(report.render(sample_results, {"cost": known})).words


def test_errors_that_both_models_make_are_marked(sample_results):
    text = words(sample_results)
    assert "negative → positive ● condition 73" in text
    assert "half → double transform 3" in text
    assert "divisible by → divisible by, with another number condition 17" in text


def test_the_page_tells_how_to_run_it_again(sample_results):
    page = Page(report.render(sample_results, {}))
    assert "w2s run --preset cpu --seed 0" in page.words
    assert "sizes.gold 500" in page.words
    assert "torch 2.13.0" in page.words


def test_the_page_of_a_config_that_names_little_still_renders(sample_results):
    sample_results["config"] = {}
    assert "Can a weak teacher train a strong student?" in words(sample_results)
