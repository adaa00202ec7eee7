"""A learner in JupyterLab: by mouse, by keyboard alone, and with a screen reader's eyes (axe).

One notebook is opened once; each test works in a cell of its own, and the last looks at what all left behind.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

CELLS = {
    "quiz": """
from w2s_course.learn.quiz import Option, quiz
quiz("9.bet", "What does the plan bet on? Think of `labels` and of a < b & c.", [
    Option("That the student copies its teacher, with everything that the teacher gets wrong; if it "
           "does that perfectly, then it is exactly as good as the teacher and no better: nothing is gained",
           feedback="A perfect copy would gain nothing: see `gap`.", misconception="imitation is the aim",
           see="#the-bet"),
    Option("That the student already knows the task", right=True, feedback="Labels only `elicit` it."),
    Option("That labels are cheap", feedback="True, but a cost and not a bet.", see="https://example.org/x"),
])
""",
    "several": """
from w2s_course.learn.quiz import Option, quiz
quiz("9.arms", "Which arms are trained on the pool?", [
    Option("weak to strong", right=True, feedback="On weak labels."),
    Option("ceiling", right=True, feedback="On gold labels of the same inputs."),
    Option("strong, prompted", feedback="Nothing is trained there: it sees a few examples in its prompt."),
])
""",
    "order": """
from w2s_course.learn.order import Distractor, order
order("9.steps", "Put the steps of the plan in order.",
    steps={
        "teach": "Train the weak model on its small gold set",
        "label": "Let the weak model write an explanation of every snippet of the pool",
        "tune": "Fine-tune the strong model on the pairs",
        "test": "Measure the student on the test set",
    },
    before=[("teach", "label"), ("label", "tune", "the student learns from these labels"), ("tune", "test")],
    distractors={"buy": Distractor("Buy gold labels for the pool", "nobody has them, which is the point.")})
""",
    "choice": """
from w2s_course.learn.predict import predict
bet = predict("9.run", "Who will be better?", options=["the teacher", "the student", "neither"])
""",
    "number": """
how_much = predict("9.accuracy", "How often will the student be right?", unit="%")
""",
    "run": """
bet.required()
print("the run has started")
bet.compare("the student", "It corrected `66%` of its teacher's errors.")
how_much.compare(67)
""",
    "progress": """
from w2s_course.learn.overview import progress
progress()
""",
    "hint": """
from w2s_course.learn import hint
hint("1.1")
print("the check that stands below it")
""",
    "last": """
hint("1.1", 1)
""",
}


def focused(notebook: Any) -> str:
    """What the keyboard would press: the tooltip of the focused element, which says of which step it is."""
    title: str = notebook.page.evaluate("() => document.activeElement.title")
    return title


def tab_to(notebook: Any, title: str) -> None:
    """Press Tab until the button of that tooltip is reached."""
    for _ in range(30):
        if focused(notebook) == title:
            return
        notebook.page.keyboard.press("Tab")
    pytest.fail(f"Tab never reaches '{title}'")


def steps(notebook: Any) -> list[str]:
    """The texts of the ordering task, from the top."""
    texts: list[str] = notebook.cell("order").locator(".widget-hbox .widget-html").all_inner_texts()
    return [text.partition(". ")[2] or text for text in map(str.strip, texts)]


@pytest.fixture(scope="module", autouse=True)
def once_from_the_top(notebook: Any) -> None:
    """All cells are run, up to the one that waits for a prediction."""
    notebook.run_all()
    notebook.cell("run").get_by_text("predict first").wait_for()


def test_a_quiz_is_clicked_wrong_and_then_right(notebook: Any, screens: Path) -> None:
    area = notebook.cell("quiz")
    area.get_by_label("That the student copies its teacher").check()
    area.get_by_role("button", name="Check").click()
    expect(area).to_contain_text("This is the misconception: imitation is the aim.")
    expect(area.get_by_role("link", name="Read again")).to_have_attribute("href", "#the-bet")
    area.screenshot(path=screens / "quiz-wrong.png")
    area.get_by_label("That the student already knows the task").check()
    area.get_by_role("button", name="Check").click()
    expect(area).to_contain_text("Right.")
    expect(area).not_to_contain_text("misconception")
    area.screenshot(path=screens / "quiz-right.png")


def test_a_check_without_a_choice_names_no_letters_that_nobody_sees(notebook: Any) -> None:
    area = notebook.cell("several")
    area.get_by_role("button", name="Check").click()
    expect(area).to_contain_text("Nothing is chosen yet. Choose an answer, then check it.")


def test_a_hint_is_shown_above_a_check_and_not_twice(notebook: Any) -> None:
    for name in ("hint", "last"):
        notebook.run(name)
        expect(notebook.cell(name).get_by_text("Hint 1 of 3:")).to_have_count(1)


def test_a_long_answer_wraps_instead_of_being_cut_off(notebook: Any) -> None:
    text = notebook.cell("quiz").locator(".widget-radio-box label").first
    cut, height = text.evaluate("it => [it.scrollWidth > it.clientWidth + 1, it.clientHeight]")
    assert not cut
    assert height > 30, "two lines were expected"


def test_of_several_right_answers_the_missing_ones_are_counted(notebook: Any, screens: Path) -> None:
    area = notebook.cell("several")
    area.get_by_label("weak to strong").check()
    area.get_by_label("strong, prompted").check()
    area.get_by_role("button", name="Check").click()
    expect(area).to_contain_text("1 right answer not chosen yet.")
    area.screenshot(path=screens / "several.png")


def test_a_list_is_put_in_order_with_the_keyboard_alone(notebook: Any, screens: Path) -> None:
    area = notebook.cell("order")
    wanted = [
        "Train the weak model on its small gold set",
        "Let the weak model write an explanation of every snippet of the pool",
        "Fine-tune the strong model on the pairs",
        "Measure the student on the test set",
    ]
    area.get_by_role("button", name="Up").first.focus()
    for place, text in enumerate(wanted):
        tab_to(notebook, f"Move up: {text}")
        while (now := steps(notebook).index(text)) > place:
            notebook.page.keyboard.press("Enter" if place % 2 else "Space")
            expect(area).to_contain_text(f"'{text}' is now number {now} from the top.")
            # The focus has followed the step, so that the next key press moves the same one.
            notebook.page.wait_for_function(
                "title => document.activeElement.title === title", arg=f"Move up: {text}"
            )
    tab_to(notebook, "Leave out: Buy gold labels for the pool")
    notebook.page.keyboard.press("Space")
    expect(area).to_contain_text("(left out)")
    assert focused(notebook) == "Put back: Buy gold labels for the pool"
    tab_to(notebook, "Check")
    notebook.page.keyboard.press("Enter")
    expect(area).to_contain_text("Right: every step stands after all that it needs.")
    area.screenshot(path=screens / "order.png")


def test_a_run_is_unlocked_by_its_prediction(notebook: Any, screens: Path) -> None:
    waiting = notebook.cell("run")
    expect(waiting).to_contain_text("Not yet: predict first")
    expect(waiting).not_to_contain_text("Traceback")
    waiting.screenshot(path=screens / "locked.png")
    choice, number = notebook.cell("choice"), notebook.cell("number")
    choice.get_by_label("the student").check()
    choice.get_by_role("button", name="Keep this prediction").click()
    expect(choice).to_contain_text("Kept: the student.")
    expect(choice.get_by_label("neither")).to_be_disabled()
    number.get_by_label("Your prediction (%)").fill("150")
    number.get_by_role("button", name="Keep this prediction").click()
    expect(number).to_contain_text("150 is out of range. Give a number from 0% to 100%.")
    number.get_by_label("Your prediction (%)").fill("55")
    number.get_by_role("button", name="Keep this prediction").click()
    expect(number).to_contain_text("Kept: 55%.")
    number.screenshot(path=screens / "kept.png")
    notebook.run_all()
    expect(waiting).to_contain_text("the run has started")
    expect(waiting).to_contain_text("As you predicted.")
    expect(waiting).to_contain_text("Off by 12 points.")
    expect(notebook.cell("progress")).to_contain_text("prediction")
    waiting.screenshot(path=screens / "outcome.png")
    notebook.cell("progress").screenshot(path=screens / "progress.png")


def test_axe_finds_nothing_serious_in_the_light_theme(notebook: Any) -> None:
    assert notebook.serious() == []


def test_axe_finds_nothing_serious_in_the_dark_theme(notebook: Any, screens: Path) -> None:
    notebook.theme("Dark")
    notebook.page.screenshot(path=screens / "dark.png")
    for name in ("quiz", "order", "number"):
        notebook.cell(name).screenshot(path=screens / f"dark-{name}.png")
    found = notebook.serious()
    notebook.theme("Light")
    assert found == []


def test_axe_would_see_a_field_without_a_name(notebook: Any) -> None:
    plant = "it => { it.insertAdjacentHTML('beforeend', '<input class=\"planted\">'); }"
    notebook.page.evaluate(
        plant, notebook.cell("number").locator(".jp-OutputArea-output").first.element_handle()
    )
    assert any("planted" in finding for finding in notebook.serious())
    notebook.page.evaluate("() => document.querySelector('.planted').remove()")


def test_axe_would_see_text_that_is_too_pale(notebook: Any) -> None:
    plant = (
        "it => { it.insertAdjacentHTML('beforeend', '<p class=\"pale\" style=\"color: #bbb\">Pale.</p>'); }"
    )
    notebook.page.evaluate(
        plant, notebook.cell("number").locator(".jp-OutputArea-output").first.element_handle()
    )
    assert any("pale" in finding for finding in notebook.serious())
    notebook.page.evaluate("() => document.querySelector('.pale').remove()")
