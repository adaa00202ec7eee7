"""What is interactive in units 5 to 9, in JupyterLab: by mouse, by keyboard alone, and through axe.

One notebook is opened once. Each test runs the cell of its piece, works in it, and compares what it shows
with what the plain function gives here; the last tests look at what all left behind.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from w2s_course.evidence.measured import Setting
from w2s_course.learn.anchors import anchor
from w2s_course.learn.audit import Audit
from w2s_course.learn.browser import ErrorBrowser
from w2s_course.learn.dossier import FILE
from w2s_course.learn.essay import feedback, fill
from w2s_course.learn.evidence import REFUSED, Evidence
from w2s_course.learn.frontier import explore
from w2s_course.learn.planted import blind_spot
from w2s_course.learn.prices import price_sheet
from w2s_course.learn.rating import Rated, Rating
from w2s_course.learn.rows import Row, pair_row
from w2s_course.learn.what_if import what_if_panel
from w2s_course.recorded import recorded_runs
from w2s_course.seeds import summary
from w2s_course.snippets.grammar import make_splits
from w2s_course.wording import percent

RATED = [
    Rated("def f(a):\n    return a[::-1]", "Reverses it.", "true", "It does.", "p 1", "Reverse a list."),
    Rated(
        "def f(a):\n    return a or 0", "Deals with nothing.", "vague", "How?", "p 1", "Zero for none.", True
    ),
    Rated(
        "def f(a):\n    return a + a",
        "Squares < it.",
        "false",
        "It doubles.",
        "p 1",
        "Double.",
        evidence="f(3)",
    ),
]

CELLS = {
    "browser": """
from w2s_course.learn.browser import error_browser
from w2s_course.learn.rows import pair_row
from w2s_course.snippets.grammar import make_splits
test = make_splits({"test": 8}, seed=0)["test"]
said = [s.explanation for s in test]
rows = [pair_row(i, s, said[i if i % 2 else i - 1], said[i - i % 4]) for i, s in enumerate(test)]
shown = error_browser(rows)
""",
    "audit": """
from w2s_course.learn.browser import audit
from w2s_course.learn.planted import blind_spot
spot = blind_spot(make_splits({"pool": 60}, seed=0)["pool"], seed=7)
mine = audit(spot.rows, n=4, seed=7)
""",
    "rating": f"""
from w2s_course.learn.rating import Rated, rate
rated = rate([{", ".join(map(repr, RATED))}])
""",
    "prices": """
from w2s_course.learn.prices import price_panel
from w2s_course.recorded import recorded_runs
panel = price_panel(recorded_runs("cpu")[0], expert_hour=90)
""",
    "explorer": """
from w2s_course.learn.frontier import frontier_explorer
explorer = frontier_explorer("runs", budget=700)
""",
    "what_if": """
from w2s_course.learn.what_if import what_if_panel
supposed = what_if_panel()
""",
    "remedy": """
from w2s_course.learn.live_remedies import compare_remedy
compare_remedy(None, "drawz")
""",
    "evidence": """
import pandas as pd
from w2s_course.learn.evidence import gather
evidence = gather()
pd.DataFrame(evidence.table())
""",
    "text": "### Exercise 9.8: your essay",
    "essay": """
from IPython.display import display
from w2s_course.learn.essay import feedback, fill
from w2s_course.learn.written import written
first = written("9.8")
display(fill(first, evidence))
feedback(first, evidence)
""",
    "smoke": """
from dataclasses import replace
from w2s_course.recorded import recorded_runs
smoke = {**recorded_runs()[0], "config": {"preset": "smoke", "seed": 0}}
feedback(first, replace(evidence, own=smoke))
""",
    "review": """
from w2s_course.learn.peer import make_sheet
sheet = make_sheet(first, "Not sound.")
sheet.review("A", {"claim": 9, "risk": 1}, ["The third.", "'Always'.", "The arm on gold."])
""",
    "unanswered": """
from w2s_course.learn import not_attempted
from w2s_course.learn.check import explain_unanswered
from w2s_course.learn.exercises import all_units
explain_unanswered(all_units()[-1])
print(carries)
""",
    "dossier": """
from w2s_course.learn.dossier import export_dossier
export_dossier(evidence, {"First version": first})
""",
}


def text_of(area: Any) -> str:
    """What the piece shows below its fields, as text."""
    text: str = area.locator("pre[role=status]").inner_text()
    return text


def chosen(field: Any) -> str:
    """The choice that a drop-down list shows, with plain spaces."""
    text: str = field.evaluate("it => it.selectedOptions[0].text")
    return text.replace("\u00a0", " ")


def once(area: Any) -> None:
    """The piece is there once: nothing of an earlier run of its cell is left beside it."""
    expect(area.locator(".w2s")).to_have_count(1)


def browsed() -> ErrorBrowser:
    """The rows of the cell 'browser'."""
    test = make_splits({"test": 8}, seed=0)["test"]
    said = [snippet.explanation for snippet in test]
    return ErrorBrowser(
        [pair_row(i, s, said[i if i % 2 else i - 1], said[i - i % 4]) for i, s in enumerate(test)]
    )


def sentences(row: Row | None) -> list[str]:
    """What was said of a row, without the marks of plain text."""
    assert row is not None
    return [row.truth, row.teacher, str(row.student)]


def test_errors_are_browsed_by_mouse_and_by_keyboard(notebook: Any, screens: Path) -> None:
    area, plain = notebook.run("browser"), browsed()
    expect(area.get_by_role("status")).to_have_text(plain.heading())
    area.get_by_role("button", name="Next").click()
    plain.move(1)
    expect(area.get_by_role("status")).to_have_text(plain.heading())
    area.get_by_label("Slot").focus()
    notebook.tab_to(area.get_by_role("button", name="Previous"))
    for key in ("Space", "Enter"):
        notebook.page.keyboard.press(key)
        plain.move(-1)
        expect(area.get_by_role("status")).to_have_text(plain.heading())
    area.get_by_label("Kind").focus()
    for key in ("Space", "ArrowDown", "Enter"):  # closed, JupyterLab would take the arrow for itself
        notebook.page.keyboard.press(key)
    expect(area.get_by_role("status")).not_to_contain_text("all kinds")
    plain.select(chosen(area.get_by_label("Kind")).rpartition(" (")[0])
    expect(area.get_by_role("status")).to_have_text(plain.heading())
    for said in sentences(plain.row):
        expect(area).to_contain_text(said)
    expect(area.get_by_label("Slot").locator("option")).to_have_text(
        ["all", "aggregate", "transform", "condition"]
    )
    area.get_by_label("Slot").select_option("transform")
    plain.select(plain.kind, "transform")
    expect(area.get_by_role("status")).to_have_text(plain.heading())
    area.get_by_label("Slot").select_option("all")
    area.screenshot(path=screens / "browser.png")
    once(notebook.run("browser"))


def test_an_audit_reveals_nothing_early_and_goes_on_after_a_second_run(
    notebook: Any, screens: Path, headless: None
) -> None:
    pool = make_splits({"pool": 60}, seed=0)["pool"]
    plain = Audit(blind_spot(pool, seed=7).rows, n=4, seed=7)
    area = notebook.run("audit")
    expect(area.get_by_role("status")).to_have_text("Label 1 of 4. Right or wrong?")
    expect(area).to_contain_text(plain.rows[0].teacher)
    expect(area).not_to_contain_text("truth")
    area.get_by_role("button", name="Wrong").click()
    expect(area.get_by_role("status")).to_have_text("Label 2 of 4. Right or wrong?")
    area.get_by_role("button", name="Back").click()
    expect(area.get_by_role("status")).to_have_text("Label 1 of 4. Right or wrong?")
    for place in (2, 3):
        notebook.tab_to(area.get_by_role("button", name="Right"))
        notebook.page.keyboard.press("Enter")
        expect(area.get_by_role("status")).to_have_text(f"Label {place} of 4. Right or wrong?")
    area = notebook.run("audit")
    once(area)
    expect(area.get_by_role("status")).to_have_text("Label 3 of 4. Right or wrong?")
    area.screenshot(path=screens / "audit.png")
    for _ in range(2):
        area.get_by_role("button", name="Wrong").click()
    for line in plain.answer([True, True, False, False])._summary():
        expect(area).to_contain_text(line)
    expect(area.get_by_role("button", name="Wrong")).to_have_count(0)
    area.screenshot(path=screens / "audit-done.png")


def test_explanations_are_rated_blind_and_then_shown_beside_the_key(
    notebook: Any, screens: Path, headless: None
) -> None:
    area = notebook.run("rating")
    expect(area.get_by_role("status")).to_have_text("Explanation 1 of 3: true, vague or false?")
    area.screenshot(path=screens / "rating.png")
    area.get_by_role("button", name="True").click()
    expect(area).to_contain_text("Deals with nothing.")
    expect(area).not_to_contain_text("It does.")
    notebook.tab_to(area.get_by_role("button", name="Vague"))
    notebook.page.keyboard.press("Space")
    area = notebook.run("rating")
    once(area)
    expect(area.get_by_role("status")).to_have_text("Explanation 3 of 3: true, vague or false?")
    area.get_by_role("button", name="True").click()
    plain = Rating(RATED).answer(["true", "vague", "true"])
    expect(area.get_by_role("status")).to_have_text(plain._summary())
    for line in (line for lines in plain._told() for line in lines):
        expect(area).to_contain_text(line)
    area.screenshot(path=screens / "rating-done.png")
    area.get_by_role("button", name="Start again").click()
    expect(area.get_by_role("status")).to_have_text("Explanation 1 of 3: true, vague or false?")


def test_prices_are_typed_and_say_what_the_plain_sheet_says(notebook: Any, screens: Path) -> None:
    run, area = recorded_runs("cpu")[0], notebook.run("prices")
    assert text_of(area) == price_sheet(run, expert_hour=90)
    hour = area.get_by_label("expert hour, US dollars an hour")
    hour.fill("30")
    hour.press("Tab")
    expect(area).to_contain_text("One human explanation costs $1.00.")
    assert text_of(area) == price_sheet(run, expert_hour=30)
    notebook.tab_to(area.get_by_label("expert minutes, minutes an explanation"))
    notebook.page.keyboard.press("ArrowUp")
    notebook.page.keyboard.press("Enter")
    expect(area).to_contain_text("One human explanation costs $1.50.")
    hour.fill("-5")
    hour.press("Tab")
    expect(hour).to_have_value("0")
    expect(area).to_contain_text("One human explanation costs $0.")
    area.screenshot(path=screens / "prices.png")
    area = notebook.run("prices")
    once(area)
    assert text_of(area) == price_sheet(run, expert_hour=90)


def test_the_frontier_is_explored_and_says_what_the_plain_function_says(notebook: Any, screens: Path) -> None:
    area = notebook.run("explorer")
    labels, share = area.get_by_label("Labels in all"), area.get_by_label("Gold among them")
    assert [chosen(each) for each in (labels, share)] == ["any number", "any share"]
    assert text_of(area) == str(explore(recorded="runs", budget=700))
    area.get_by_label("The weak model's own gold is").select_option(index=1)
    expect(area).to_contain_text("not on the bill")
    budget = area.get_by_label("Budget, US dollars (0: none)")
    notebook.tab_to(budget)
    notebook.page.keyboard.press("Control+A")
    notebook.page.keyboard.type("50")
    notebook.page.keyboard.press("Enter")
    expect(area).to_contain_text("Best within $50.00: 1,000 weak")
    assert text_of(area) == str(explore(recorded="runs", budget=50, teacher_is_bought=False))
    student = percent(summary(recorded_runs("cpu")).mean("weak_to_strong"))
    assert f"0 gold + 1,000 weak: {student}" in str(area.get_by_role("img").get_attribute("alt"))
    area.screenshot(path=screens / "explorer.png")
    labels.select_option("300")
    share.select_option("0%")
    expect(area.get_by_role("status")).to_contain_text(
        "Such a mix was not recorded, and nothing is interpolated."
    )
    labels.select_option(index=0)
    expect(area).to_contain_text("Best within")
    assert chosen(labels) == "any number"
    share.select_option(index=0)
    once(notebook.run("explorer"))


def test_no_name_of_a_field_is_cut_off(notebook: Any) -> None:
    for name in ("prices", "explorer", "what_if"):
        fields = notebook.run(name).locator(".widget-label")
        cut = fields.evaluate_all(
            "all => all.filter(it => it.scrollWidth > it.clientWidth).map(it => it.textContent)"
        )
        assert (fields.count() > 2, cut) == (True, []), name


def test_an_accuracy_is_supposed_and_put_back(notebook: Any, screens: Path) -> None:
    area, plain = notebook.run("what_if"), what_if_panel()
    assert text_of(area) == plain.text()
    ceiling = area.get_by_label("ceiling")
    notebook.tab_to(ceiling)
    notebook.page.keyboard.press("Control+A")
    notebook.page.keyboard.type("0.7")
    notebook.page.keyboard.press("Enter")
    expect(area).to_contain_text("Supposed (runs, mean of seeds 0, 1, 2, 3, 4):")
    plain.change(ceiling=0.7)
    assert text_of(area) == plain.text()
    ceiling.fill("67")
    ceiling.press("Tab")
    expect(ceiling).to_have_value("1")
    area.get_by_role("button", name="As measured").click()
    expect(area).to_contain_text("As measured (runs, mean")
    area.get_by_label("seed 0").focus()
    for seed in (0, 2, 3, 4):
        notebook.tab_to(area.get_by_label(f"seed {seed}"))
        notebook.page.keyboard.press("Space")
    plain.choose([1])
    expect(area).to_contain_text("As measured (run, seed 1):")
    assert text_of(area) == plain.text()
    area.screenshot(path=screens / "what-if.png")
    area.get_by_label("seed 1").uncheck()
    expect(area.get_by_role("status")).to_have_text("Choose at least one of the recorded runs.")
    once(notebook.run("what_if"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("remedy", "Unknown comparison 'drawz'. Did you mean 'draws'?"),
        ("unanswered", "Exercise 9.1: not attempted yet. This cell uses `carries`."),
    ],
)
def test_what_cannot_be_meant_is_one_friendly_line(notebook: Any, name: str, said: str) -> None:
    area = notebook.run(name)
    expect(area).to_contain_text(said)
    expect(area).not_to_contain_text("Traceback")


@pytest.fixture(scope="module")
def essay(notebook: Any) -> Any:
    """Anchor essay A, typed into its cell, saved, and read by the cell that counts; the output of that."""
    expect(notebook.run("evidence")).to_contain_text("seeds.gold_lead")
    cell = notebook.page.locator(".jp-Notebook .jp-MarkdownCell")
    cell.click()
    notebook.page.keyboard.press("Enter")
    expect(cell.get_by_role("textbox")).to_be_focused()
    notebook.page.keyboard.press("Control+End")
    notebook.page.keyboard.insert_text("\n\n" + anchor("a").text)
    notebook.page.keyboard.press("Shift+Enter")
    notebook.page.keyboard.press("Control+s")
    notebook.page.wait_for_function("!window.jupyterapp.shell.currentWidget.context.model.dirty")
    return notebook.run("essay")


def test_an_essay_is_typed_saved_filled_and_its_structure_counted(essay: Any, screens: Path) -> None:
    area = essay
    expect(area).to_contain_text("all 7 sections have text")
    evidence = Evidence(None, recorded_runs(), settings_of_the_course())
    for line in feedback(anchor("a").text, evidence).lines:
        expect(area).to_contain_text(line.text)
    found = fill("{{price.weak}} and {{price.human}}", evidence)
    for value in found.used.values():
        expect(area).to_contain_text(str(value))
    expect(area.locator("mjx-container, .MathJax, .katex")).to_have_count(0)
    area.screenshot(path=screens / "essay.png")


def settings_of_the_course() -> list[Setting]:
    """Those that `gather` finds."""
    from w2s_course.evidence.measured import settings_in
    from w2s_course.recorded import recorded_sweeps

    return [s for table in recorded_sweeps() if table.rows for s in settings_in(table.name, table.rows)]


def test_smoke_results_are_refused_as_evidence_with_the_reason(
    notebook: Any, essay: Any, screens: Path
) -> None:
    area = notebook.run("smoke")
    expect(area).to_contain_text(f"Not to be handed in with this evidence: {REFUSED}")
    expect(area).to_contain_text("run `evidence = gather()`, then this cell again")
    area.screenshot(path=screens / "smoke.png")


def test_a_review_without_levels_is_one_friendly_line(notebook: Any, essay: Any) -> None:
    area = notebook.run("review")
    expect(area).to_contain_text("There is no level for advantage, weighing, reversal, limits.")
    expect(area).not_to_contain_text("Traceback")


def test_the_dossier_with_the_essay_is_written_beside_the_notebook(
    notebook: Any, essay: Any, lab_folder: Path
) -> None:
    expect(notebook.run("dossier")).to_contain_text(f"Dossier: {FILE}")
    written = (lab_folder / FILE).read_text("utf-8")
    assert '<h2 id="essay1">The verdict: First version</h2>' in written
    assert '<th scope="row">price.human</th>' in written


@pytest.fixture
def shown(notebook: Any, essay: Any) -> list[str]:
    """The cells of all pieces, run at least once."""
    names = ["browser", "audit", "rating", "prices", "explorer", "what_if", "essay"]
    for name in names:
        if not notebook.cell(name).locator(".jp-OutputArea-output").count():
            notebook.run(name)
    return names


def test_axe_finds_nothing_serious_in_the_light_theme(notebook: Any, shown: list[str]) -> None:
    assert notebook.serious() == []


def test_axe_finds_nothing_serious_in_the_dark_theme(notebook: Any, shown: list[str], screens: Path) -> None:
    notebook.theme("Dark")
    for name in shown:
        notebook.cell(name).screenshot(path=screens / f"dark-{name}.png")
    found = notebook.serious()
    notebook.theme("Light")
    assert found == []
