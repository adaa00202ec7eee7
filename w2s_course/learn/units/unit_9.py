"""Unit 9, The verdict: what its exercises ask, and how a wrong answer is recognised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from w2s_course.learn.answers import Outcome
from w2s_course.learn.bank import activities_of
from w2s_course.learn.exercises import Case, Essay, Exercise, Raises, Unit, Verdict
from w2s_course.learn.imagined_runs import outcome as outcome
from w2s_course.learn.units.quizzes_9 import BANK

# --- 9.1


_WORDED = (
    "That key words a finding. A sentence that repeats it rests on a wording: which number is it that is "
    "worded there, and could it cross the sentence out?"
)

CARRIES = Exercise(
    id="9.1",
    name="carries",
    title="Which number carries the sentence?",
    points=3,
    minutes=6,
    difficulty=2,
    contract=(
        "`carries` is a dict: for each of the six sentences the one evidence key, as a text without braces, "
        "whose value decides whether the sentence may be written. That value is a number: keys that word "
        "a finding (`gain.says`, `inherited.says`, `pretraining`) are not meant."
    ),
    example='carries = {"teacher": "labels.right", ...}  # the form, not the keys',
    verified="each sentence rests on the number that could also refute it.",
    cases=(
        Case(
            'carries["teacher"]',
            "gain",
            wrong={
                "an accuracy for a difference": "weak_to_strong",
                "PGR for everything": "pgr",
                "words for a gain": "gain.says",
                "keys in braces": "{{gain}}",
            },
            part="teacher",
        ),
        Case(
            'carries["again"]',
            "seeds.gain",
            wrong={"one run for all seeds": "gain", "keys in braces": "{{seeds.gain}}"},
            part="again",
        ),
        Case(
            'carries["rule"]',
            "inherited.systematic",
            wrong={
                "the average for a kind": "inherited",
                "words for a rule": "inherited.says",
                "keys in braces": "{{inherited.systematic}}",
            },
            part="rule",
        ),
        Case(
            'carries["gold"]',
            "seeds.gold_lead",
            wrong={
                "the ceiling for the rival": "seeds.below_ceiling",
                "PGR for everything": "pgr",
                "one run for all seeds": "gold_lead",
                "keys in braces": "{{seeds.gold_lead}}",
            },
            part="gold",
        ),
        Case(
            'carries["origin"]',
            "seeds.control",
            wrong={
                "a gain for its cause": "seeds.gain",
                "words for an origin": "pretraining",
                "an arm for a comparison": "control",
                "keys in braces": "{{seeds.control}}",
            },
            part="origin",
        ),
        Case(
            'carries["cost"]',
            "price.gold",
            wrong={
                "the margin for the price": "price.weak",
                "people for the gold": "price.human",
                "keys in braces": "{{price.gold}}",
            },
            part="cost",
        ),
    ),
    misconceptions={
        "an accuracy for a difference": "The student's accuracy alone says nothing about its teacher's. "
        "Which key holds the comparison, on the same snippets, with an interval of its own?",
        "PGR for everything": "PGR divides by the gap to the ceiling. Ask of each sentence whether it speaks "
        "of a share of that gap at all.",
        "one run for all seeds": "The interval of one run draws other test snippets for the same two models. "
        "Your sentence speaks of other teachers: which key has some?",
        "the average for a kind": "That key counts all wrong claims together, whatever made them. A sentence "
        "about errors that follow a rule needs a measurement in which somebody made them do so.",
        "the ceiling for the rival": "The ceiling learned from gold for the *pool*, which no team has. Which "
        "arm got what the teacher had?",
        "a gain for its cause": "That there is a gain does not say where it comes from. Which comparison "
        "takes pre-training away and leaves the labels as they are?",
        "the margin for the price": "That is what one more thousand of labels costs once the teacher exists. "
        "What had to be there before the first label?",
        "people for the gold": "That is the price of labels that people write in the place of weak ones. "
        "What had been paid before the first weak label?",
        "an arm for a comparison": "That is what one arm can do. Which key holds the comparison of the "
        "student with it, over the seeds?",
        "words for a gain": _WORDED,
        "words for a rule": _WORDED,
        "words for an origin": _WORDED,
        "keys in braces": "The keys are right, but here they stand without braces. Only the essay wants them "
        "as {{key}}.",
    },
    hints=(
        "Ask of each sentence: which value of which key would make me cross it out? A key that could not do "
        "that does not carry it.",
        "Three sentences speak of other runs than one, so their keys begin with `seeds.`. One speaks of "
        "errors of a kind, one of a price, one of a single run.",
        "`evidence.table()` says what each key measures. Look for: a difference of two arms in one run; its "
        "mean over seeds; planted claims; the teacher's gold in the strong model's hands; the control; "
        "the price of that gold.",
    ),
)


# --- 9.2


_TOO_MUCH = {
    "b": "not shown is shown not to be",
    "c": "the interval covers other seeds",
    "e": "a good average excuses a kind",
    "g": "one setting is the world",
}
_SOBER = ("a", "d", "f", "h")


def _judge_overclaims(outcomes: Sequence[Outcome]) -> Verdict:
    """Right with exactly the sentences that say too much; a sober one is named, a missed one only hinted "
    "at."""
    chosen = outcomes[0].value
    if not isinstance(chosen, list) or any(c not in (*_TOO_MUCH, *_SOBER) for c in chosen):
        return Verdict(False, text='Give the letters that you choose as a list, such as ["a", "d"].')
    for letter in chosen:
        if letter in _SOBER:
            return Verdict(False, "distrusts a sober sentence", f"This is about sentence {letter}.")
    for letter, name in _TOO_MUCH.items():
        if letter not in chosen:
            return Verdict(False, name, "You let a sentence of this kind pass.")
    return Verdict(True)


OVERCLAIMS = Exercise(
    id="9.2",
    name="overclaims",
    title="Spot the overclaim",
    points=2,
    minutes=4,
    difficulty=2,
    contract=(
        "`overclaims` is the list of the letters of all sentences that say more than the evidence above "
        "them, and of no others; their order does not matter."
    ),
    example='overclaims = ["a", "h"]  # the form, not the letters',
    verified="you tell a sentence that the evidence carries from one that only leans on it.",
    cases=(Case("sorted(overclaims)", None),),
    misconceptions={
        "not shown is shown not to be": "Look at the remedy's interval: how large a benefit does it still "
        "allow?",
        "the interval covers other seeds": "The interval of the gain draws other snippets for these two "
        "models. Which sentence reads it as if it had drawn other teachers?",
        "a good average excuses a kind": "Accuracy is an average over all programs. Which sentence takes it "
        "for a statement about some of them?",
        "one setting is the world": "One task, one pair of models, prices that were assumed. Which sentence "
        "forgets all three?",
        "distrusts a sober sentence": "Read it again beside the table: it names its run or its doubt, and "
        "says no more than an interval or a row permits. Caution that strikes out what *is* shown leaves "
        "nothing to decide by.",
    },
    hints=(
        "Put your finger on the row that carries each sentence. Then ask whether the row speaks of the same "
        "snippets, the same seeds, the same programs.",
        "Half of the sentences say too much. Each of them is false in another way: about a remedy, other "
        "seeds, a kind of error, other teams.",
        "A sentence with 'in this run', 'on these snippets' or 'is open' has already narrowed itself. Look "
        "at those that say 'does not', 'would', 'so ... no damage' and 'every team'.",
    ),
    judge=_judge_overclaims,
)


# --- 9.3


_NEEDS = (
    ("question", "predict"),
    ("question", "bar"),
    ("predict", "read"),
    ("bar", "read"),
    ("read", "claim"),
    ("claim", "against"),
    ("claim", "limits"),
    ("against", "weigh"),
    ("limits", "verdict"),
    ("weigh", "verdict"),
)
_STEPS = tuple(dict.fromkeys(step for pair in _NEEDS for step in pair))
_TEMPTING = ("drop", "fit")
_LATE = {
    ("predict", "read"): "predicts what it knows",
    ("bar", "read"): "sets the bar after the numbers",
    ("read", "claim"): "claims before it reads",
    ("limits", "verdict"): "doubts come after the verdict",
    ("weigh", "verdict"): "doubts come after the verdict",
    ("against", "weigh"): "weighs one side",
    ("claim", "against"): "weighs one side",
    ("claim", "limits"): "narrows a claim that is not there yet",
}


def _judge_argument(outcomes: Sequence[Outcome]) -> Verdict:
    """Right for each order that respects the needs, with all steps and none that does not belong."""
    chosen = outcomes[0].value
    if not isinstance(chosen, list) or any(c not in (*_STEPS, *_TEMPTING) for c in chosen):
        return Verdict(False, text="Give a list of keys of the table, each as a text.")
    if len(set(chosen)) < len(chosen):
        return Verdict(False, text="A step stands twice. Give each step once, or leave it out.")
    kept = [step for step in _TEMPTING if step in chosen]
    if kept:
        return Verdict(False, "bends the evidence to the claim", f"Look at `{kept[0]}`.")
    place = {step: i for i, step in enumerate(chosen)}
    for pair, name in _LATE.items():
        if pair[0] in place and pair[1] in place and place[pair[0]] > place[pair[1]]:
            return Verdict(False, name, f"`{pair[1]}` stands before `{pair[0]}`.")
    if set(chosen) != set(_STEPS):
        return Verdict(False, "skips a step", f"{len(_STEPS) - len(chosen)} missing.")
    late = [p for p in _NEEDS if place[p[0]] > place[p[1]]]
    if late:
        return Verdict(False, "the question comes last", f"`{late[0][1]}` stands before `{late[0][0]}`.")
    return Verdict(True)


ARGUMENT = Exercise(
    id="9.3",
    name="argument",
    title="The order of an honest argument",
    points=2,
    minutes=4,
    difficulty=2,
    contract=(
        "`argument` is a list of the keys of the steps, from first to last, without those that do not "
        "belong. More than one order is right."
    ),
    example='argument = ["question", "verdict", ...]  # the form, not the order',
    verified="what could bend the verdict is fixed before the numbers are read, and doubts come before it.",
    cases=(Case("list(argument)", None),),
    misconceptions={
        "bends the evidence to the claim": "This step changes the evidence until the claim holds. What would "
        "it do to a claim that is false?",
        "sets the bar after the numbers": "You decide what would change your mind when you already know what "
        "came out. Which bar would you then ever miss?",
        "predicts what it knows": "A prediction that is put down after the numbers are read cannot fail. "
        "When is it worth something?",
        "claims before it reads": "You claim, and then read the numbers. What do you look for in them then?",
        "weighs one side": "You weigh before you have looked for what speaks against the claim, or look for "
        "it before there is a claim. What lies on the other scale?",
        "doubts come after the verdict": "The verdict stands before something that should have narrowed it. "
        "A doubt that comes afterwards is decoration.",
        "narrows a claim that is not there yet": "You name limits before you claim anything. Of what are "
        "they the limits?",
        "the question comes last": "Something is measured or expected before it is said which decision it is "
        "for. How do you know then that it is the right measurement?",
        "skips a step": "Nothing stands in a wrong place, but a step is missing that the verdict needs.",
    },
    hints=(
        "Two of the steps are not honest: they make any claim come true. Leave these out first.",
        "Two things must be put down before the numbers are read, or they are worth nothing. And everything "
        "that could narrow the verdict comes before it.",
        "Begin with `question`. Then, in either order, `predict` and `bar`; then `read`, then `claim`. What "
        "speaks against it comes before you weigh; `limits` anywhere between the claim and the end.",
    ),
    judge=_judge_argument,
)


# --- 9.4


REVERSES = Exercise(
    id="9.4",
    name="reverses_at",
    title="Where the verdict turns",
    points=3,
    minutes=8,
    difficulty=3,
    contract=(
        "`reverses_at(student, rows)` takes the accuracy of the student on weak labels and rows "
        "`(gold labels, accuracy)` of the same model on gold, in any order, each number of labels once. It "
        "returns the smallest number of gold labels at which gold does at least as well, on the straight "
        "line between neighbouring rows: straight in the *labels*, not in their logarithm as `worth` of 6.5. "
        "Both are guesses about sizes that were not recorded, so the two may differ. Where the smallest row "
        "does already, its number; where none does, None."
    ),
    example="reverses_at(0.6, [(100, 0.5), (200, 0.7)]) == 150.0",
    verified="the first crossing is found between the right neighbours, and nothing is said beyond the rows.",
    cases=(
        Case(
            "reverses_at(0.6, [(100, 0.6)])",
            100,
            wrong={"extrapolates": Raises("IndexError")},
            why="the only row does as well",
            part="ends",
        ),
        Case(
            "reverses_at(0.6, [(100, 0.5), (200, 0.7)])",
            150.0,
            wrong={"takes the next row": 200, "along the logarithm": 100 * 2**0.5},
            why="half of the way from 0.5 to 0.7 is half of the way from 100 to 200",
            part="between",
        ),
        Case(
            "reverses_at(0.55, [(100, 0.5), (200, 0.7)])",
            125.0,
            wrong={
                "takes the next row": 200,
                "takes the nearest row": 100,
                "counts from the wrong end": 175.0,
                "along the logarithm": 100 * 2**0.25,
            },
            why="a quarter of the way up is a quarter of the way along",
            part="between",
        ),
        Case(
            "reverses_at(0.3, [(100, 0.5), (200, 0.7)])",
            100,
            wrong={"extrapolates": 0.0},
            why="the smallest recorded row already does better, and what fewer labels do was not measured",
            part="ends",
        ),
        Case(
            "reverses_at(0.9, [(100, 0.5), (200, 0.7)])",
            None,
            wrong={"extrapolates": 300.0, "never is the last row": 200, "takes the nearest row": 200},
            why="no recorded number of gold labels does as well",
            part="ends",
        ),
        Case(
            "reverses_at(0.6, [(400, 0.8), (100, 0.4), (200, 0.5)])",
            200 + 200 / 3,
            wrong={
                "takes the next row": 400,
                "takes the nearest row": 200,
                "counts from the wrong end": 200 + 400 / 3,
                "along the logarithm": 200 * 2 ** (1 / 3),
                "trusts the order given": 400,
            },
            why="sorted, the crossing lies between 200 and 400",
            part="order",
        ),
        Case(
            "reverses_at(0.65, [(100, 0.4), (200, 0.7), (300, 0.6), (400, 0.9)])",
            100 + 250 / 3,
            wrong={
                "takes the next row": 200,
                "takes the nearest row": 200,
                "counts from the wrong end": 100 + 50 / 3,
                "along the logarithm": 100 * 2 ** (5 / 6),
                "takes the last crossing": 300 + 50 / 3,
            },
            why="asked for is the smallest number, though the curve dips once more",
            part="order",
        ),
        Case(
            "reverses_at(0.7, [(100, 0.5), (200, 0.7)])",
            200,
            wrong={"counts from the wrong end": 100, "looks between the rows only": None},
            why="the row of 200 labels does exactly as well",
            part="ends",
        ),
        Case(
            "reverses_at(0.6, [(100, 0.7), (200, 0.5)])",
            100,
            wrong={
                "extrapolates": 150.0,
                "counts a way down": 150.0,
            },
            why="the smallest row already does better; that 200 labels do worse comes later",
            part="ends",
        ),
    ),
    misconceptions={
        "takes the next row": "You return a number that was recorded. The crossing lies somewhere before it: "
        "how far along the line is the student?",
        "takes the nearest row": "You return the row whose accuracy is closest, on whichever side. At that "
        "number gold may still be worse, or the curve may never get there.",
        "counts from the wrong end": "You measure the way from the upper row down, and go it from the lower "
        "one up. Try a student that is just above the lower row.",
        "extrapolates": "You continue the line beyond what was recorded. What was not measured is no number: "
        "at the lower end say the smallest row, at the upper end None.",
        "never is the last row": "Where no row reaches the student, the last one does not either. A number "
        "here would reverse a verdict that nothing reverses.",
        "looks between the rows only": "You look for a student strictly between two rows. What if a row's "
        "accuracy is the student's own?",
        "trusts the order given": "Your neighbours are neighbours in the list. Which rows are neighbours on "
        "the curve?",
        "along the logarithm": "You go along the logarithm of the labels, as `worth` of 6.5 does. Here the "
        "contract wants the straight line in the labels themselves.",
        "counts a way down": "You find a crossing where the curve falls below the student. Asked for is the "
        "smallest number at which gold does at least as well: what of the row before it?",
        "takes the last crossing": "An accuracy that was measured can dip. The verdict turns at the first "
        "number of labels that does as well.",
    },
    hints=(
        "Sort the rows by labels. Then walk along them until one does at least as well as the student.",
        "Three outcomes: the first row already does, none does, or the crossing lies between a row and the "
        "one before it. Only the third needs a line.",
        "With rows (x0, y0) and (x1, y1) around it: `x0 + (x1 - x0) * (student - y0) / (y1 - y0)`. Return "
        "the first one found; None after the loop.",
    ),
)


# --- 9.5


DECISION = Exercise(
    id="9.5",
    name="decision",
    title="A rule, fixed before the numbers",
    points=2,
    minutes=6,
    difficulty=2,
    contract=(
        "`decision(results, least)` applies a rule that was fixed in advance: the plan is worth its trouble "
        "if the student gains at least `least` (a share) on its teacher. It returns `'sound'` where the "
        "whole 95% interval `results['gain']['ci95']` is at least `least`, `'not sound'` where the whole of "
        "it is below, `'undecided'` otherwise. Where `results['config']['preset']` is `'smoke'`, or the gain "
        "has no interval (None), it returns `'no evidence'`."
    ),
    example="decision(outcome(0.2, 0.1, 0.3), 0.05) == 'sound'",
    verified="the interval is held against the bar, doubt has a name of its own, and no evidence is none.",
    cases=(
        Case("decision(outcome(0.2, 0.1, 0.3), 0.05)", "sound", part="bar"),
        Case(
            "decision(outcome(0.1, 0.02, 0.18), 0.05)",
            "undecided",
            wrong={
                "takes the value": "sound",
                "any gain will do": "sound",
                "no third answer": "not sound",
            },
            why="a gain of 0.02 is within the interval, and below the bar",
            part="doubt",
        ),
        Case(
            "decision(outcome(0.02, -0.01, 0.04), 0.05)",
            "not sound",
            wrong={"any gain will do": "undecided", "a gain is never against": "undecided"},
            why="the whole interval is below the bar, though some of it is above 0",
            part="bar",
        ),
        Case(
            "decision(outcome(0.03, 0.01, 0.045), 0.05)",
            "not sound",
            wrong={"any gain will do": "sound", "a gain is never against": "undecided"},
            why="a gain may be certain and too small",
            part="bar",
        ),
        Case(
            "decision(outcome(0.03, -0.04, 0.1), 0.05)",
            "undecided",
            wrong={"takes the value": "not sound", "no third answer": "not sound"},
            why="the interval lies on both sides of the bar",
            part="doubt",
        ),
        Case(
            "decision(outcome(0.03, 0.01, 0.05), 0.05)",
            "undecided",
            wrong={
                "takes the value": "not sound",
                "any gain will do": "sound",
                "no third answer": "not sound",
                "the bar itself is too low": "not sound",
            },
            why="a gain of just 0.05 is within the interval, and that is enough",
            part="bar",
        ),
        Case(
            "decision(outcome(0.1, 0.05, 0.15), 0.05)",
            "sound",
            wrong={"the bar itself is too low": "undecided"},
            why="the interval begins at the bar, so the whole of it is at least that",
            part="bar",
        ),
        Case(
            "decision(outcome(0.4, 0.3, 0.5, preset='smoke'), 0.05)",
            "no evidence",
            wrong={"reads any run": "sound"},
            why="a smoke run only shows that everything runs",
            part="no evidence",
        ),
        Case(
            "decision(outcome(None, None, None), 0.05)",
            "no evidence",
            wrong={"missing is zero": "not sound", "missing is doubt": "undecided"},
            why="nothing was measured",
            part="no evidence",
        ),
        Case(
            "decision(outcome(0.2, 0.1, 0.3, preset='gpu'), 0.05)",
            "sound",
            wrong={
                "one preset only": "no evidence",
            },
            why="of the presets only smoke is no evidence",
            part="no evidence",
        ),
    ),
    misconceptions={
        "takes the value": "You hold the single value against the bar. Which values does the interval still "
        "allow?",
        "any gain will do": "You ask whether the interval lies above 0. The bar was set at `least`: what was "
        "it for, if any gain passes?",
        "no third answer": "Whatever is not shown to be sound is not sound for you. What do you then say of "
        "an interval that lies on both sides of the bar?",
        "a gain is never against": "You keep *not sound* for harm. Look at an interval that is wholly below "
        "the bar, and above 0.",
        "the bar itself is too low": "One end of the interval is the bar itself. Is a gain of exactly "
        "`least` at least `least`?",
        "reads any run": "Which preset made this run, and what does it say of its own numbers?",
        "one preset only": "You take one preset for evidence and no other. Which one does the contract rule "
        "out?",
        "missing is zero": "A gain that was not measured is no gain of 0. What may be said of nothing?",
        "missing is doubt": "*Undecided* is a finding: somebody measured, and the interval was too wide. Was "
        "anything measured here?",
    },
    hints=(
        "Before you look at an interval: is there any evidence at all? Two situations have none.",
        "Then both ends of the interval against `least`: both at or above it, both below it, or one on each "
        "side.",
        "`if results['config']['preset'] == 'smoke' or results['gain']['ci95'] is None:` no evidence. Else "
        "`low, high = results['gain']['ci95']`: sound if `low >= least`, not sound if `high < least`.",
    ),
    imports="from w2s_course.learn.units.unit_9 import outcome",
)


# --- 9.6


LIMITS = Exercise(
    id="9.6",
    name="limits",
    title="What this design cannot show",
    points=2,
    minutes=4,
    difficulty=3,
    contract=(
        "`limits` is a dict with the keys `'chosen'`, `'planted'` and `'standin'`, and one letter each: the "
        "inference that this feature of the design does *not* support."
    ),
    example='limits = {"chosen": "?", "planted": "?", "standin": "?"}  # with letters for "?"',
    verified="you know which inference each feature forbids, and which it leaves standing.",
    cases=(
        Case(
            'limits["chosen"]',
            "b",
            wrong={
                "a chosen setting spoils its seeds": "a",
                "possible needs a sample": "c",
                "a chosen setting has no noise": "d",
            },
            part="chosen",
        ),
        Case(
            'limits["planted"]',
            "d",
            wrong={
                "planted errors show nothing": "a",
                "the number of errors decides": "b",
                "a mechanism must be common": "c",
            },
            part="planted",
        ),
        Case(
            'limits["standin"]',
            "a",
            wrong={
                "an arm for measuring is no evidence": "b",
                "gold that is there is free": "c",
                "without gold no ceiling": "d",
            },
            part="standin",
        ),
    ),
    misconceptions={
        "a chosen setting spoils its seeds": "The setting was chosen; of the recorded seeds, run anew for "
        "each recipe, none was left out. What was selected, and what was not?",
        "possible needs a sample": "To show that something *can* happen one case is enough, also one that "
        "was looked for.",
        "a chosen setting has no noise": "Choosing the setting does not remove the spread between its seeds, "
        "and the interval measures that spread.",
        "planted errors show nothing": "Errors were planted in order to have them consistent by design. What "
        "a student makes of a consistent error is just what was observed.",
        "the number of errors decides": "Both label sets have equally many wrong labels. If their students "
        "differ, what can the number alone not explain?",
        "a mechanism must be common": "That something happens when it is brought about does not depend on "
        "how often it comes about by itself.",
        "an arm for measuring is no evidence": "The arm was run with that gold: what it says about *this* "
        "gold in two uses, it says. About whom does it say nothing?",
        "gold that is there is free": "That the gold exists does not mean that nobody paid for it. A price "
        "can be put on it whoever paid.",
        "without gold no ceiling": "The ceiling learned from other gold, that of the pool, and it was "
        "measured.",
    },
    hints=(
        "For each feature ask: from what to what does the sentence go? From this setting to itself, to a "
        "possibility, to other settings?",
        "Choosing harms sentences about how often; planting harms sentences about how natural; a stand-in "
        "harms sentences about those for whom it stands in.",
        "Look for the sentence about other tasks, for the one about the teacher's own errors, and for the "
        "one that advises a team which does not have what the experiment has.",
    ),
)


# --- 9.7


ANCHOR_C: Mapping[str, int] = {
    "claim": 4,
    "advantage": 3,
    "risk": 4,
    "weighing": 2,
    "reversal": 1,
    "limits": 2,
}
"""The levels of anchor c; a test holds them to its file."""


def _judge_levels(outcomes: Sequence[Outcome]) -> Verdict:
    """Right within one level on each criterion; else what the levels seem to go by."""
    given = outcomes[0].value
    if not isinstance(given, dict) or set(given) != set(ANCHOR_C):
        return Verdict(False, text=f"Give a dict with the keys {', '.join(ANCHOR_C)}.")
    if any(isinstance(v, bool) or v not in (1, 2, 3, 4) for v in given.values()):
        return Verdict(False, text="Each level is one of 1, 2, 3, 4.")
    if len(set(given.values())) == 1:
        return Verdict(False, "one impression for all")
    off = [key for key, level in ANCHOR_C.items() if abs(given[key] - level) > 1]
    return Verdict(not off, _GOES_BY[off[0]]) if off else Verdict(True)


_GOES_BY = {
    "claim": "marks the verdict",
    "advantage": "wants a large advantage",
    "risk": "discounts what it disagrees with",
    "weighing": "counts evidence, not sides",
    "reversal": "takes certainty for strength",
    "limits": "takes modesty for limits",
}

LEVELS = Exercise(
    id="9.7",
    name="levels",
    title="Mark an anchor",
    points=2,
    minutes=10,
    difficulty=3,
    contract=(
        "`levels` is a dict: for each of the six criteria, `claim`, `advantage`, `risk`, `weighing`, "
        "`reversal` and `limits`, the level from 1 to 4 that anchor essay C has by the rubric. Within one "
        "level of its mark is right."
    ),
    example='levels = {"claim": 1, "advantage": 4, ...}  # the form, not the levels',
    verified="on each criterion you are within one level of the mark.",
    cases=(Case("levels", None),),
    misconceptions={
        "one impression for all": "You give each criterion the same level: that is one impression, six "
        "times. This essay is strong in some places and weak in others.",
        "marks the verdict": "Your level for the claim is far below its mark. Do you mark how it is argued, "
        "or that you would have decided otherwise? Is the decision named, and its condition used?",
        "wants a large advantage": "Your level for the advantage is far from its mark. A small advantage "
        "with the right numbers is no weak section. Which numbers are there, and what is missing beside "
        "them?",
        "discounts what it disagrees with": "Your level for the risk is far below its mark. Read that "
        "section alone: the kinds of error, a number for each, a reader, a reason why nobody notices.",
        "counts evidence, not sides": "Your level for the weighing is far from its mark. Which side do the "
        "numbers of ceiling and remedies support, and which number is missing on the other?",
        "takes certainty for strength": "Your level for the reversal is far above its mark. What could the "
        "writer observe tomorrow and change their mind?",
        "takes modesty for limits": "Your level for the limits is far from its mark. Could these sentences "
        "stand below any other experiment? What do they change about the claim?",
    },
    hints=(
        "Cover the rest of the essay and mark one section at a time, the rubric's four columns beside it.",
        "No section decides about another: the claim and the risk are among the best of the three anchors, "
        "while other parts of the same essay are among the weakest.",
        "One criterion deserves the lowest level: the writer says that nothing could happen there. Two sit "
        "in the lower half: one shows a single side, one could stand below any experiment.",
    ),
    judge=_judge_levels,
)


# --- the essays


VERDICT = Essay(id="9.8", title="The verdict", points=24, minutes=60)
REVISED = Essay(id="9.9", title="The verdict, revised", points=6, minutes=25)

UNIT = Unit(
    number=9,
    slug="09_the_verdict",
    title="The verdict",
    minutes=152,
    exercises=(CARRIES, OVERCLAIMS, ARGUMENT, REVERSES, DECISION, LIMITS, LEVELS),
    activities=activities_of(BANK),
    essays=(VERDICT, REVISED),
)
