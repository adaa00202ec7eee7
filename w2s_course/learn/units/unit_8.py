"""Unit 8, Real code: what its exercises ask, how a wrong answer is recognised, and the ten explanations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from w2s_course.learn.bank import activities_of
from w2s_course.learn.exercises import Case, Exercise, Raises, Unit
from w2s_course.learn.imagined_runs import rows_like as rows_like
from w2s_course.learn.units.quizzes_8 import BANK

if TYPE_CHECKING:
    from w2s_course.learn.rating import Rated

# --- 8.1


CHOICE_ACCURACY = Exercise(
    id="8.1",
    name="choice_accuracy",
    title="Right choices, ties and an interval",
    points=3,
    minutes=7,
    difficulty=3,
    contract=(
        "`choice_accuracy(scores, answers, draws)` takes one list of scores a question (the highest is "
        "chosen), the place of the true option of each question, and 41 draws of *groups*: group g is the "
        "questions 4g to 4g + 3, which share their sentences. Where k options share the highest score, the "
        "question counts 1/k if the true one is among them, else 0. It returns `[accuracy, low, high]`: the "
        "accuracy, and the ends of the draws' accuracies after one draw is left out on each side."
    ),
    example="choice_accuracy([[-1, -2]] * 4, [0, 0, 0, 1], [[0]] * 41) == [0.75, 0.75, 0.75]",
    verified="ties count what guessing among them would earn, and groups are drawn whole.",
    cases=(
        Case(
            "choice_accuracy([[-1, -2]] * 4, [0, 0, 0, 1], [[0]] * 41)",
            [0.75, 0.75, 0.75],
            wrong={"takes the lowest": [0.25] * 3, "draws questions": [0.75, 1.0, 1.0]},
            why="three of the four choices are the true ones, and the only group is all there is to draw",
            part="ties",
        ),
        Case(
            "choice_accuracy([[-1, -1, -3, -4], [-2, -1, -3, -4], [-1, -5, -1, -1], [-1, -2, -3, -4]], "
            "[1, 1, 0, 3], [[0]] * 41)",
            [11 / 24, 11 / 24, 11 / 24],
            wrong={
                "first of equals": [0.5] * 3,
                "a tie is a hit": [0.75] * 3,
                "a tie is a miss": [0.25] * 3,
                "takes the lowest": [0.25] * 3,
                "draws questions": [11 / 24, 0.5, 0.5],
            },
            why="the questions count 1/2, 1, 1/3 and 0",
            part="ties",
        ),
        Case(
            "choice_accuracy([[0, -1]] * 8, [0] * 4 + [1] * 4, "
            "[[0, 0]] * 10 + [[0, 1]] * 21 + [[1, 1]] * 10)",
            [0.5, 0.0, 1.0],
            wrong={"draws questions": [0.5, 1.0, 1.0]},
            why="one group is all right and one all wrong, and some draws hold only one of them",
            part="interval",
        ),
        Case(
            "choice_accuracy([[0, -1]] * 8, [0] * 4 + [1] * 4, [[0, 0]] + [[0, 1]] * 39 + [[1, 1]])",
            [0.5, 0.5, 0.5],
            wrong={"keeps every draw": [0.5, 0.0, 1.0], "draws questions": [0.5, 1.0, 1.0]},
            why="the best and the worst draw are left out",
            part="interval",
        ),
        Case(
            "choice_accuracy([[0, -1]] * 8, [0] * 4 + [1] * 4, [[0, 0, 1]] * 41)",
            [0.5, 2 / 3, 2 / 3],
            wrong={
                "takes the lowest": [0.5, 1 / 3, 1 / 3],
                "draws questions": [0.5, 1.0, 1.0],
                "each group once": [0.5, 0.5, 0.5],
            },
            why="a group that was drawn twice counts twice",
            part="interval",
        ),
        Case(
            "choice_accuracy([[0, -1]] * 8, [0] * 4 + [1] * 4, [[0, 0], [1, 1]] + [[0, 1]] * 39)",
            [0.5, 0.5, 0.5],
            wrong={
                "draws questions": [0.5, 1.0, 1.0],
                "keeps every draw": [0.5, 0.0, 1.0],
                "trusts the order of the draws": [0.5, 0.0, 0.5],
            },
            why="the best and the worst draw are left out, wherever they stand",
            part="interval",
        ),
    ),
    misconceptions={
        "first of equals": "Where scores are equal you take the first option. Then the order of the options "
        "decides, and a model that gives every option the same score is right or wrong by their order alone.",
        "a tie is a hit": "You count a tie as right. What would a model earn that gives all four options the "
        "same score?",
        "a tie is a miss": "You count a tie as wrong. A model that cannot tell two options apart would still "
        "be right in half of the cases by tossing a coin between them.",
        "takes the lowest": "Scores here are log-likelihoods: they are negative, and the likeliest is the "
        "one nearest to 0. Which end do you take?",
        "draws questions": "The numbers in a draw are those of groups, not of questions. Four questions with "
        "the same sentences stand and fall together more than others.",
        "each group once": "A draw may hold a group twice. How often do its questions count then?",
        "trusts the order of the draws": "You leave out the draws that stand first and last. Which ones are "
        "meant, when the draws stand in any order?",
        "keeps every draw": "Your ends are the best and the worst draw. How many of 41 does the contract "
        "leave out on each side?",
    },
    hints=(
        "First give each question its credit, a number from 0 to 1. The accuracy is their mean; a draw's "
        "accuracy is the mean over the questions of the groups that it drew.",
        "Credit: let `best` be the highest score. If the true option has it, 1 divided by how many options "
        "have it; else 0. Group g is `credit[4 * g : 4 * g + 4]`.",
        "Sort the draws' means; `low` is the second of them, `high` the second from the end. "
        "`options.count(best)` counts those that share the highest score.",
    ),
)


# --- 8.2


HIDE_NAME = Exercise(
    id="8.2",
    name="hide_name",
    title="Hide the name in the syntax tree",
    points=3,
    minutes=7,
    difficulty=3,
    contract=(
        "`hide_name(code)` takes the text of one function and returns it, as `ast.unparse` writes it, with "
        "the function's name replaced by `f` wherever the function is meant: where it is defined, and where "
        "it is used as a variable. Attributes and other names stay, however much they look like it. The "
        "docstring is gone; a body of which nothing is left becomes `pass`."
    ),
    example='hide_name("def twice(x):\\n    return 2 * x") == "def f(x):\\n    return 2 * x"',
    verified="the name is hidden wherever the function is meant, and nowhere else, and the docstring "
    "with it.",
    cases=(
        Case('hide_name("def twice(x):\\n    return 2 * x")', "def f(x):\n    return 2 * x", part="names"),
        Case(
            'hide_name("def fact(n):\\n    return n * fact(n - 1) if n else 1")',
            "def f(n):\n    return n * f(n - 1) if n else 1",
            wrong={"forgets the calls": "def f(n):\n    return n * fact(n - 1) if n else 1"},
            why="a function that calls itself says its name twice",
            part="names",
        ),
        Case(
            'hide_name("def index(xs, x):\\n    return xs.index(x)")',
            "def f(xs, x):\n    return xs.index(x)",
            wrong={
                "renames methods": "def f(xs, x):\n    return xs.f(x)",
                "replaces text": "def f(xs, x):\n    return xs.f(x)",
            },
            why="the method of a list is another thing of the same name",
            part="names",
        ),
        Case(
            'hide_name("def add(xs):\\n    return add_all(xs) + add(xs[1:])")',
            "def f(xs):\n    return add_all(xs) + f(xs[1:])",
            wrong={
                "replaces text": "def f(xs):\n    return f_all(xs) + f(xs[1:])",
                "forgets the calls": "def f(xs):\n    return add_all(xs) + add(xs[1:])",
                "hides every call": "def f(xs):\n    return f(xs) + f(xs[1:])",
            },
            why="`add_all` is another function",
            part="names",
        ),
        Case(
            "hide_name('def twice(x):\\n    \"Twice x.\"\\n    return 2 * x')",
            "def f(x):\n    return 2 * x",
            wrong={
                "leaves the docstring": 'def f(x):\n    """Twice x."""\n    return 2 * x',
                "replaces text": 'def f(x):\n    "Twice x."\n    return 2 * x',
            },
            why="the docstring is the very sentence to be found",
            part="docstring",
        ),
        Case(
            "hide_name('def later():\\n    \"Not yet.\"')",
            "def f():\n    pass",
            wrong={
                "leaves the docstring": 'def f():\n    """Not yet."""',
                "replaces text": 'def f():\n    "Not yet."',
                "an empty body": "def f():",
            },
            why="a function without a body is no Python",
            part="docstring",
        ),
        Case(
            "hide_name(\"def sort(xs):\\n    print('sort', order(xs, sort=1))\\n    return xs\")",
            "def f(xs):\n    print('sort', order(xs, sort=1))\n    return xs",
            wrong={
                "replaces text": "def f(xs):\n    print('f', order(xs, f=1))\n    return xs",
                "renames words": "def f(xs):\n    print('f', order(xs, f=1))\n    return xs",
                "hides every call": "def f(xs):\n    f('sort', f(xs, sort=1))\n    return xs",
            },
            why="a text in quotes and the name of an argument are not the function",
            part="names",
        ),
    ),
    misconceptions={
        "replaces text": "You replace characters, not names. What becomes of a longer name that begins with "
        "this one? Parse the text, and change what the tree calls a name.",
        "renames words": "You rename a word of the text. In quotes, or as the name of an argument in a call, "
        "it is not the function. Which node of the tree is a use of a variable?",
        "forgets the calls": "The name is hidden where it is defined. Where else does a recursive function "
        "say it?",
        "renames methods": "`xs.index` is an attribute of another object that only happens to have the same "
        "name. Which kind of node holds it?",
        "leaves the docstring": "Your code still holds the sentence that a model is asked to find. "
        "Where does "
        "a docstring stand in the tree?",
        "hides every call": "You rename whatever is called. The names of other functions are part of what "
        "the code says: only one name is to go.",
        "an empty body": "Where the docstring was all there was, nothing is left, and that cannot be parsed. "
        "What does Python want there?",
    },
    hints=(
        "`ast.parse(code).body[0]` is the function: `.name` is its name, `.body` its statements. "
        "`ast.walk(function)` visits every node in it.",
        "A use as a variable is an `ast.Name`, whose `.id` is the name; `xs.index` is an `ast.Attribute` and "
        "stays. `ast.get_docstring(function)` is None where the first statement is no docstring.",
        "Remember the name, set `function.name` to 'f'; for each `ast.Name` with that `.id` set `.id` "
        "to 'f'. "
        "With a docstring the body is `function.body[1:] or [ast.Pass()]`. Return `ast.unparse(function)`.",
    ),
)


# --- 8.3


BEST_BY_PMI = Exercise(
    id="8.3",
    name="best_by_pmi",
    title="Choose by what the code adds",
    points=2,
    minutes=4,
    difficulty=2,
    contract=(
        "`best_by_pmi(given, alone)` takes, for each sentence, the log-probabilities of its tokens after the "
        "code, and those of the same tokens without the code. It returns the place of the sentence with the "
        "greatest pointwise information, log Pr(y|x) - log Pr(y); of equals the first."
    ),
    example="best_by_pmi([[-1.0], [-2.0]], [[-1.0], [-5.0]]) == 1",
    verified="the sentence is taken that the code makes likelier by the largest factor.",
    cases=(
        Case(
            "best_by_pmi([[-1.0], [-2.0]], [[-1.0], [-5.0]])",
            1,
            wrong={"the likeliest sentence": 0, "mean per token": 0, "upside down": 0},
            why="the code adds nothing to the first sentence and 3 to the second",
            part="choice",
        ),
        Case(
            "best_by_pmi([[-1.0] * 4, [-1.0]], [[-2.0] * 4, [-3.0]])",
            0,
            wrong={
                "the likeliest sentence": 1,
                "information per token": 1,
                "upside down": 1,
                "subtracts probabilities": 1,
            },
            why="the code adds 1 to each of four tokens, against 2 to one",
            part="length",
        ),
        Case(
            "best_by_pmi([[-0.5, -0.5], [-2.0, -2.0]], [[-0.6, -0.6], [-4.0, -4.0]])",
            1,
            wrong={
                "the likeliest sentence": 0,
                "mean per token": 0,
                "upside down": 0,
                "subtracts probabilities": 0,
            },
            why="the first sentence is likely anyhow",
            part="choice",
        ),
        Case(
            "best_by_pmi([[-6.0], [-9.0]], [[-5.0], [-7.0]])",
            0,
            wrong={"any change counts": 1, "upside down": 1, "subtracts probabilities": 1},
            why="the code makes both less likely, and the first by less",
            part="choice",
        ),
        Case("best_by_pmi([[-2.0], [-3.0]], [[-4.0], [-5.0]])", 0, wrong={}, part="choice"),
    ),
    misconceptions={
        "the likeliest sentence": "You take the sentence that is most likely after the code. A short, "
        "ordinary "
        "sentence is likely after any code: what did this code add?",
        "mean per token": "Per token, an ordinary sentence still wins: it is likely with the code and "
        "without. "
        "What do you compare it with?",
        "information per token": "You divide what the code adds by the number of tokens. The logarithm of a "
        "sentence's probability is a sum over its tokens: look at the contract's formula.",
        "upside down": "Your difference grows where the code makes a sentence less likely. Which of the two "
        "is subtracted?",
        "any change counts": "You look at how much the code changes, not in which direction. What if it "
        "makes "
        "a sentence less likely?",
        "subtracts probabilities": "You compare probabilities by their difference, in which all but the "
        "likeliest sentences vanish. The information is a difference of logarithms.",
    },
    hints=(
        "The log-probability of a sentence is the sum over its tokens. You need two such sums a sentence.",
        "Information: the sum with the code minus the sum without. Make a list of them, one a sentence.",
        "`gains = [sum(g) - sum(a) for g, a in zip(...)]`, then the place of the largest: `gains.index(...)` "
        "finds the first.",
    ),
)


# --- 8.4


_LONG = "return the name of a file that the user chose in a dialog"

HARD_DISTRACTORS = Exercise(
    id="8.4",
    name="hard_distractors",
    title="Wrong answers that are hard, and wrong",
    points=3,
    minutes=6,
    difficulty=3,
    contract=(
        "`hard_distractors(true, others)` takes the true sentence and others, in lower case without "
        "punctuation, and returns up to three of the others, the nearest first, of equals the earlier one. "
        "Nearness is Jaccard's index of their sets of words: words in both over words in either. A sentence "
        "with an index of 0.5 or more might be true as well, and is never taken."
    ),
    example='hard_distractors("sort a list", ["open files", "sort keys"]) == ["sort keys", "open files"]',
    verified="the nearest sentences are taken that cannot be the same thing in other words.",
    cases=(
        Case(
            'hard_distractors("sort a list", ["sort a list in place", "reverse a string", "open files"])',
            ["reverse a string", "open files"],
            wrong={
                "nearest, true or not": ["sort a list in place", "reverse a string", "open files"],
                "farthest first": ["open files", "reverse a string"],
            },
            why="the first shares 3 of 5 words, and may well be true too",
            part="true too",
        ),
        Case(
            'hard_distractors("sort a list", ["sort a heap", "sort keys", "merge keys"])',
            ["sort keys", "merge keys"],
            wrong={
                "nearest, true or not": ["sort a heap", "sort keys", "merge keys"],
                "lets the border through": ["sort a heap", "sort keys", "merge keys"],
                "farthest first": ["merge keys", "sort keys"],
                "divides by one sentence": ["merge keys"],
            },
            why="an index of 2/4 is 0.5 already",
            part="true too",
        ),
        Case(
            f'hard_distractors("count the words of a text", ["{_LONG}", "close all", "count words", '
            '"the length of text"])',
            ["the length of text", "count words", _LONG],
            wrong={
                "farthest first": ["close all", _LONG, "count words"],
                "takes the first three": [_LONG, "close all", "count words"],
                "counts shared words": [_LONG, "the length of text", "count words"],
                "divides by one sentence": [_LONG, "close all"],
                "another index": [_LONG, "close all"],
            },
            why="the indices are 3/14, 0, 2/6 and 3/7",
            part="nearest",
        ),
        Case(
            'hard_distractors("sort a list", ["sort the list", "sort a list"])',
            [],
            wrong={
                "nearest, true or not": ["sort a list", "sort the list"],
                "lets the border through": ["sort the list"],
            },
            why="both may be true, and no distractor is better than a true one",
            part="true too",
        ),
        Case(
            'hard_distractors("sort a list", ["open keys", "close keys"])',
            ["open keys", "close keys"],
            wrong={"equals by the alphabet": ["close keys", "open keys"]},
            why="both have an index of 0, and the first was given first",
            part="nearest",
        ),
        Case(
            'hard_distractors("sort a list", ["sort a heap", "sort a list in place", "sort keys", '
            '"merge keys", "reverse a string"])',
            ["sort keys", "reverse a string", "merge keys"],
            wrong={
                "nearest, true or not": ["sort a list in place", "sort a heap", "sort keys"],
                "lets the border through": ["sort a heap", "sort keys", "reverse a string"],
                "farthest first": ["merge keys", "reverse a string", "sort keys"],
                "takes the first three": ["sort keys", "merge keys", "reverse a string"],
                "divides by one sentence": ["reverse a string", "merge keys"],
                "cuts before it filters": ["sort keys"],
            },
            why="two may be true too, and three others are left",
            part="true too",
        ),
    ),
    misconceptions={
        "nearest, true or not": "Your nearest sentences may be true of this code too. Then a model that "
        "reads "
        "it perfectly is called wrong. Which limit does the contract give?",
        "lets the border through": "What happens at an index of exactly 0.5? Compare your sign with the "
        "contract's words.",
        "farthest first": "You take the sentences that are least like the true one. Those are told apart by "
        "their subject alone, without reading the code.",
        "takes the first three": "You take what comes first in the list. An easy wrong answer measures "
        "little: "
        "order the admissible ones before you cut.",
        "equals by the alphabet": "Of equally near sentences you take the alphabetically first. Which one "
        "does the contract take?",
        "counts shared words": "You order by the number of shared words, so long sentences win by their "
        "length. What does Jaccard's index divide by?",
        "cuts before it filters": "You take the three nearest and then leave out those that may be true. "
        "Fewer than three are left, though others were admissible: which step comes first?",
        "another index": "Your index is larger than Jaccard's, as Dice's is: twice the common words over the "
        "two sentences' words. The limit of 0.5 is meant for words in both over words in either.",
        "divides by one sentence": "You divide by the words of one sentence, so a short one that lies inside "
        "the other counts as the same. Divide by the words that are in either.",
    },
    hints=(
        "Three steps: an index for each other sentence; leave out those that may be true; sort what is left.",
        "`set(text.split())` gives the words; for sets, `a & b` is what is in both, `a | b` what is in "
        "either.",
        "Sort the admissible ones by the negative index: `sorted` keeps the order of equals. Then take "
        "`[:3]`.",
    ),
)


# --- 8.5


WITHOUT_TWINS = Exercise(
    id="8.5",
    name="without_twins",
    title="Near-duplicates out, before anything is split",
    points=2,
    minutes=5,
    difficulty=2,
    contract=(
        "`without_twins(sentences, limit)` returns the sentences in their order, without each one whose "
        "words "
        "overlap by `limit` or more with one that was *kept* before it. The overlap is Jaccard's index "
        "of the "
        "two sets of words, in [0, 1]."
    ),
    example='without_twins(["a b", "a b", "c"], 0.7) == ["a b", "c"]',
    verified="of each set of near-duplicates the first stays, wherever the others stand.",
    cases=(
        Case(
            'without_twins(["a b", "a b"], 0.7)',
            ["a b"],
            wrong={"drops both": []},
            why="one of the two is enough, and none is too few",
            part="twins",
        ),
        Case(
            'without_twins(["a b c d e", "a b c d e g"], 0.7)',
            ["a b c d e"],
            wrong={
                "only equal ones": ["a b c d e", "a b c d e g"],
                "drops both": [],
                "keeps the last": ["a b c d e g"],
            },
            why="5 of 6 words are the same",
            part="twins",
        ),
        Case(
            'without_twins(["a b c d", "a b c e", "x y"], 0.6)',
            ["a b c d", "x y"],
            wrong={
                "only equal ones": ["a b c d", "a b c e", "x y"],
                "lets the border through": ["a b c d", "a b c e", "x y"],
                "drops both": ["x y"],
                "keeps the last": ["a b c e", "x y"],
            },
            why="3 of 5 words are 0.6",
            part="twins",
        ),
        Case(
            'without_twins(["a b c d", "x y", "a b c d"], 0.7)',
            ["a b c d", "x y"],
            wrong={
                "only neighbours": ["a b c d", "x y", "a b c d"],
                "drops both": ["x y"],
                "keeps the last": ["x y", "a b c d"],
            },
            why="a twin may stand anywhere: in the other split, for one",
            part="all pairs",
        ),
        Case(
            'without_twins(["a b c d", "a b c d e", "b c d e g"], 0.6)',
            ["a b c d", "b c d e g"],
            wrong={
                "only equal ones": ["a b c d", "a b c d e", "b c d e g"],
                "compares with dropped ones too": ["a b c d"],
                "only neighbours": ["a b c d"],
                "a part is a twin": ["a b c d"],
                "another index": ["a b c d"],
                "drops both": [],
            },
            why="the third is like the second only, and that is gone",
            part="all pairs",
        ),
        Case(
            'without_twins(["a b", "a b c d e"], 0.7)',
            ["a b", "a b c d e"],
            wrong={"a part is a twin": ["a b"]},
            why="2 of 5 words are the same",
            part="twins",
        ),
        Case(
            'without_twins(["a b c d", "a b e g", "c x"], 0.5)',
            ["a b c d", "a b e g", "c x"],
            wrong={
                "a part is a twin": ["a b c d"],
                "another index": ["a b c d", "c x"],
            },
            why="2 of 6 words are the same",
            part="twins",
        ),
    ),
    misconceptions={
        "only equal ones": "You leave out equal sentences only. One word more, and the same function stands "
        "on both sides of the split.",
        "drops both": "You drop every sentence that has a twin, so nothing of the pair is left. How many of "
        "them should stay?",
        "keeps the last": "You keep the last of each pair. The contract keeps the first, so that a longer "
        "list never changes what was kept before.",
        "only neighbours": "You compare each sentence with the one before it. Where can its twin stand?",
        "compares with dropped ones too": "You compare with sentences that are no longer there. A chain of "
        "small steps then removes what is like nothing that was kept.",
        "another index": "Your index is larger than Jaccard's, as Dice's is: twice the common words over the "
        "two sentences' words. Jaccard's is words in both over words in either.",
        "a part is a twin": "You divide by the shorter sentence, so whatever contains it counts as its twin. "
        "Jaccard's index divides by the words in either.",
        "lets the border through": "What happens where the overlap equals the limit? Compare your sign with "
        "the contract's words.",
    },
    hints=(
        "Go through the sentences once, and keep a list of what was kept so far.",
        "For each sentence: is there any kept one with an overlap of `limit` or more? Only if there is none, "
        "it is kept.",
        "`if all(overlap(words, set(k.split())) < limit for k in kept)`, then append. Write `overlap` with "
        "`&` and `|` of sets.",
    ),
)


# --- 8.6


KAPPA = Exercise(
    id="8.6",
    name="kappa",
    title="Two raters, beyond chance",
    points=3,
    minutes=6,
    difficulty=3,
    contract=(
        "`kappa(one, other)` takes the ratings of two raters of the same items, one category an item. It "
        "returns Cohen's kappa, (p_o - p_e) / (1 - p_e): p_o is the share of items on which they agree; p_e "
        "is the sum, over the categories, of the product of the two raters' own shares of it. Where p_e is 1 "
        "kappa is undefined: return None."
    ),
    example='kappa(["true", "false"], ["true", "false"]) == 1.0',
    verified="chance is reckoned from what each rater says how often, and taken out.",
    cases=(
        Case(
            'kappa(["true", "false"], ["true", "false"])',
            1.0,
            wrong={"only subtracts": 0.5},
            why="nobody can agree more",
            part="kappa",
        ),
        Case(
            'kappa(["true", "false"], ["false", "true"])',
            -1.0,
            wrong={"raw agreement": 0.0, "never below 0": 0.0, "only subtracts": -0.5},
            why="they agree on nothing, where chance would have given half",
            part="kappa",
        ),
        Case(
            'kappa(["true", "true", "true", "false"], ["true", "true", "true", "true"])',
            0.0,
            wrong={
                "raw agreement": 0.75,
                "every category equally likely": 0.5,
                "one habit for both": -1 / 7,
            },
            why="a rater who always says the same agrees by chance alone",
            part="chance",
        ),
        Case(
            'kappa(["true", "true", "vague", "false"], ["true", "vague", "vague", "false"])',
            7 / 11,
            wrong={
                "raw agreement": 0.75,
                "every category equally likely": 0.625,
                "one habit for both": 13 / 21,
                "only subtracts": 7 / 16,
            },
            why="p_o is 3/4 and p_e is 5/16",
            part="chance",
        ),
        Case(
            'kappa(["true", "true"], ["true", "true"])',
            None,
            wrong={
                "raw agreement": 1.0,
                "1 for undefined": 1.0,
                "no guard": Raises("ZeroDivisionError"),
            },
            why="if both always say the same one thing, chance explains all of it",
            part="undefined",
        ),
    ),
    misconceptions={
        "raw agreement": "You give the share of equal ratings. Two raters who always say 'true' agree on "
        "everything, and neither has read a line: what does chance alone give?",
        "every category equally likely": "You take every category for equally likely. Chance depends on how "
        "often each rater says it: look at a rater who says one thing nearly always.",
        "one habit for both": "You pool the two raters before you reckon chance. One may say 'true' "
        "often and "
        "the other seldom: each has shares of their own (pooled, it is another coefficient, Scott's pi).",
        "only subtracts": "You take chance away and stop there. By what must you divide so that raters who "
        "agree on everything reach 1?",
        "never below 0": "Raters can agree less than chance would have it. Why hide that?",
        "1 for undefined": "Where both say the same one thing throughout, agreement was certain beforehand. "
        "That is no evidence of agreement: refuse to give a number.",
        "no guard": "Before you divide: can 1 - p_e be 0? Think of two raters who know one word only.",
    },
    hints=(
        "p_o needs the pairs of ratings; p_e needs only how often each rater says what.",
        "For a category c: `one.count(c) / n` times `other.count(c) / n`. Sum that over `set(one)`; what one "
        "rater never says adds nothing.",
        "If p_e is 1 return None, else `(p_o - p_e) / (1 - p_e)`. To be safe from rounding compare counts: "
        "p_e is 1 only if both lists hold the same single category.",
    ),
)


# --- 8.7


_KEY = {"a": "false", "b": "true", "c": "false", "d": "vague", "e": "true", "g": "vague"}


def _verdict(letter: str, why: str = "", **wrong: str) -> Case:
    named = {name.replace("_", " "): value for name, value in wrong.items()}
    return Case(f'verdicts["{letter}"]', _KEY[letter], wrong=named, why=why)


VERDICTS = Exercise(
    id="8.7",
    name="verdicts",
    title="True, vague or false?",
    points=2,
    minutes=6,
    difficulty=2,
    contract=(
        "`verdicts` is a dict from the letter of each explanation to `'true'`, `'vague'` or `'false'`. "
        "'false': there is an input, of the kind that the sentence speaks of, on which the code does "
        "something "
        "else. 'vague': nothing in it is false, and from it alone nobody could write the function. 'true': "
        "neither of the two."
    ),
    example="verdicts = {'a': 'vague', 'b': 'vague'}  # the form, not the answers; all six letters",
    verified="you judge what is said, and not how; edges count, and so does saying nothing.",
    cases=(
        _verdict("a", fluent_is_true="true"),
        _verdict("b", short_is_vague="vague", other_words_are_other_claims="false"),
        _verdict("c", mostly_true_is_true="true"),
        _verdict("d", fluent_is_true="true", not_false_is_true="true", vague_is_false="false"),
        _verdict("e", short_is_vague="vague", other_words_are_other_claims="false"),
        _verdict("g", not_false_is_true="true", vague_is_false="false"),
    ),
    misconceptions={
        "fluent is true": "The long, assured sentences have convinced you. Cover the adjectives and ask of "
        "what is left: what does it claim, and does `[1, 1, 2]` bear it out?",
        "short is vague": "A sentence without verb and adjectives can still say everything. Could you write "
        "the function from it?",
        "other words are other claims": "A sentence need not share a word with the code. Work out an "
        "example, "
        "and compare results, not words.",
        "mostly true is true": "It holds for most inputs. Try the smallest one that the sentence speaks of.",
        "not false is true": "Nothing in it is false because hardly anything is in it. How many other "
        "functions does the same sentence fit?",
        "vague is false": "Which input shows that it is wrong? If there is none, it is not false, however "
        "little it says.",
    },
    hints=(
        "Do not begin with the sentence. Work out what the code returns for a small input, a strange one and "
        "the smallest one; then read.",
        "Two of each. For a 'false' you must be able to name an input; for a 'vague' a second, quite "
        "different function that the same sentence fits.",
        "Inputs that decide: `[1, 1, 2]` for a, 0 for c. Of d and g ask whether 'sorted by key' or 'in lower "
        "case' would fit as well. b and e: try `('abc', 'ab')` and `[3, 9, 5]`.",
    ),
)


# --- 8.8


ARMS = ["weak", "strong_untrained", "strong_on_gold", "weak_to_strong", "ceiling"]


def reads(above: list[str], labels: str, already: bool) -> dict[str, Any]:
    """What `reading` returns."""
    return {"above_chance": above, "labels": labels, "already": already}


_SAME = "no difference shown"


READING = Exercise(
    id="8.8",
    name="reading",
    title="What did the weak labels add?",
    points=3,
    minutes=7,
    difficulty=3,
    contract=(
        "`reading(rows)` takes the rows of one seed, dicts with `arm`, `accuracy` and the ends `low` and "
        "`high` of its 95% interval, on questions with four options. It returns a dict: `above_chance`, the "
        "arms whose whole interval lies above chance, in the order of the rows; `labels`, what training on "
        "weak labels did to the strong model: 'helped', 'hurt' or 'no difference shown', where 'helped' and "
        "'hurt' need intervals of weak_to_strong and strong_untrained that do not touch; `already`, "
        "True where "
        "the interval of strong_untrained lies wholly above that of weak."
    ),
    example="reading(rows_like())['labels'] == 'no difference shown'",
    verified="chance has the right size, harm has a name, and the student is compared with itself before.",
    cases=(
        Case(
            "reading(rows_like())",
            reads(ARMS, _SAME, False),
            wrong={
                "chance is a half": reads(["strong_on_gold", "ceiling"], _SAME, False),
                "reads the sign only": reads(ARMS, "helped", False),
                "any lead is a head start": reads(ARMS, _SAME, True),
            },
            why="the student's interval begins below the end of the untrained model's",
            part="labels",
        ),
        Case(
            "reading(rows_like(weak=(0.28, 0.2, 0.36), student=(0.8, 0.72, 0.88)))",
            reads(ARMS[1:], "helped", True),
            wrong={
                "any value above a quarter": reads(ARMS, "helped", True),
                "chance is a half": reads(ARMS[2:], "helped", True),
            },
            why="28% with an interval from 20% may be guessing",
            part="chance",
        ),
        Case(
            "reading(rows_like(student=(0.35, 0.27, 0.43)))",
            reads(ARMS, "hurt", False),
            wrong={
                "chance is a half": reads(["strong_on_gold", "ceiling"], "hurt", False),
                "compares with the teacher": reads(ARMS, _SAME, False),
                "harm is only not shown": reads(ARMS, _SAME, False),
                "any lead is a head start": reads(ARMS, "hurt", True),
            },
            why="the student knows less than the model that it was made of",
            part="labels",
        ),
        Case(
            "reading(rows_like(weak=(0.4, 0.33, 0.47), untrained=(0.6, 0.52, 0.68), "
            "student=(0.62, 0.54, 0.7)))",
            reads(ARMS, _SAME, True),
            wrong={
                "chance is a half": reads(ARMS[1:], _SAME, True),
                "compares with the teacher": reads(ARMS, "helped", True),
                "reads the sign only": reads(ARMS, "helped", True),
            },
            why="the student beats its teacher, and so did the same model before any label",
            part="labels",
        ),
        Case(
            "reading(rows_like(weak=(0.33, 0.25, 0.41)))",
            reads(ARMS[1:], _SAME, True),
            wrong={
                "any value above a quarter": reads(ARMS, _SAME, True),
                "chance is a half": reads(["strong_on_gold", "ceiling"], _SAME, True),
                "compares with the teacher": reads(ARMS[1:], "helped", True),
                "reads the sign only": reads(ARMS[1:], "helped", True),
                "an end at chance is above it": reads(ARMS, _SAME, True),
            },
            why="the teacher's interval begins at 0.25, so chance is in it",
            part="chance",
        ),
        Case(
            "reading(rows_like(student=(0.72, 0.64, 0.8)))",
            reads(ARMS, _SAME, False),
            wrong={
                "chance is a half": reads(ARMS[2:], _SAME, False),
                "compares with the teacher": reads(ARMS, "helped", False),
                "reads the sign only": reads(ARMS, "helped", False),
                "any lead is a head start": reads(ARMS, _SAME, True),
                "touching makes a difference": reads(ARMS, "helped", False),
            },
            why="the student's interval begins where the untrained model's ends, at 0.64",
            part="labels",
        ),
        Case(
            "reading(rows_like(student=(0.38, 0.3, 0.46)))",
            reads(ARMS, _SAME, False),
            wrong={
                "chance is a half": reads(["strong_on_gold", "ceiling"], _SAME, False),
                "reads the sign only": reads(ARMS, "hurt", False),
                "any lead is a head start": reads(ARMS, _SAME, True),
                "touching makes a difference": reads(ARMS, "hurt", False),
            },
            why="the student's interval ends where the untrained model's begins, at 0.46",
            part="labels",
        ),
        Case(
            "reading(rows_like(weak=(0.38, 0.3, 0.46)))",
            reads(ARMS, _SAME, False),
            wrong={
                "chance is a half": reads(["strong_on_gold", "ceiling"], _SAME, False),
                "compares with the teacher": reads(ARMS, "helped", False),
                "reads the sign only": reads(ARMS, "helped", False),
                "any lead is a head start": reads(ARMS, _SAME, True),
                "touching is a head start": reads(ARMS, _SAME, True),
            },
            why="the untrained model's interval begins where the teacher's ends, so it is not wholly above",
            part="labels",
        ),
        Case(
            "reading(rows_like(weak=(0.8, 0.7, 0.9)))",
            reads(ARMS, _SAME, False),
            wrong={
                "chance is a half": reads(["weak", "strong_on_gold", "ceiling"], _SAME, False),
                "compares with the teacher": reads(ARMS, "hurt", False),
                "reads the sign only": reads(ARMS, "helped", False),
                "apart is ahead": reads(ARMS, _SAME, True),
            },
            why="the untrained model's interval lies wholly below the teacher's",
            part="labels",
        ),
    ),
    misconceptions={
        "any value above a quarter": "You compare the value with chance. Which end of the interval must lie "
        "above it?",
        "chance is a half": "With how many options does a guesser guess here?",
        "compares with the teacher": "That the student beats its teacher does not say that the *labels* did "
        "it. Which arm is the same model without them?",
        "reads the sign only": "You go by which value is higher. Both have an interval: do they touch?",
        "harm is only not shown": "What if the student's whole interval lies below that of the untrained "
        "model? Harm is a finding.",
        "any lead is a head start": "A higher value is not yet a lead. Compare the lower end of one interval "
        "with the upper end of the other.",
        "an end at chance is above it": "One of your arms has an interval that begins at chance itself. Does "
        "the whole of it lie above chance?",
        "touching makes a difference": "Student and untrained model have intervals that meet in one value. "
        "What does the contract ask of the two?",
        "apart is ahead": "Two intervals that do not touch are apart. Which of them must be the higher one "
        "for a head start?",
        "touching is a head start": "The untrained model's interval begins at the end of the teacher's. Does "
        "it lie *wholly* above it?",
    },
    hints=(
        "Make a dict from arm to row first. Each of the three answers then needs one or two rows.",
        "Chance among four is 0.25. 'Wholly above' means: the lower end of one interval is above the upper "
        "end of the other.",
        "`helped` if the student's `low` is above the untrained `high`; `hurt` if the student's `high` is "
        "below the untrained `low`; `already` compares the untrained `low` with the weak `high`.",
    ),
    imports="from w2s_course.learn.units.unit_8 import rows_like",
)


# --- the ten explanations


@dataclass(frozen=True)
class _Ten:
    """An explanation written for this course, about a function of a package that is looked up when needed."""

    package: str
    name: str
    explanation: str
    key: str
    why: str
    arguments: str = ""
    fluent: bool = False


_TEN = (
    _Ten(
        "algorithms",
        "is_rotated",
        "Whether one string is the other, rotated.",
        "true",
        "Seven words, and one could write the function from them. (Equal strings are rotated by nothing.)",
        "'hello', 'llohe'",
    ),
    _Ten(
        "more-itertools",
        "unique_justseen",
        "This function conveniently takes any kind of iterable and returns its elements in their original "
        "order, with all duplicates reliably removed.",
        "false",
        "Only serial duplicates go: what comes again later stays.",
        "'AABA'",
        fluent=True,
    ),
    _Ten(
        "algorithms",
        "hailstone",
        "Processes a number step by step and collects the results.",
        "vague",
        "Nothing in it is false, and it fits a thousand functions: which steps, and until when?",
        "10",
    ),
    _Ten(
        "algorithms",
        "binary_gap",
        "Number of zeros between the first and the last 1-bit.",
        "false",
        "It is the longest distance between two consecutive 1-bits. 22 is 10110: one zero lies between its "
        "first and last 1-bit.",
        "22",
    ),
    _Ten(
        "algorithms",
        "move_zeros",
        "This function builds a new list in which every zero has been moved to the end, while all other "
        "elements, False among them, keep their order.",
        "true",
        "Long, and every word of it can be checked.",
        "[0, False, 1, 0, 2]",
        fluent=True,
    ),
    _Ten(
        "boltons",
        "clamp",
        "Deals with values outside a range.",
        "vague",
        "It could raise, warn, wrap around or cut off: the sentence does not say.",
        "101.0, 0, 5",
    ),
    _Ten(
        "algorithms",
        "top_1",
        "This function efficiently tallies how often every element of the given list occurs, and then "
        "returns "
        "the single element that is the most frequent of all.",
        "false",
        "It returns a list, with all elements that share the highest count.",
        "[1, 1, 2, 2, 3]",
        fluent=True,
    ),
    _Ten(
        "more-itertools",
        "all_equal",
        "True if no two elements (or their keys) differ, also for nothing at all.",
        "true",
        "Terse, and it covers the empty input, which many longer texts forget.",
        "[]",
    ),
    _Ten(
        "algorithms",
        "find_next_square",
        "Find the next perfect square after a number.",
        "false",
        "Only for numbers that are perfect squares themselves; for others it gives -1, though 16 follows 10. "
        "Look at the maintainers' own first sentence: it says the same. Gold is not always true.",
        "10",
    ),
    _Ten(
        "toolz",
        "frequencies",
        "This function elegantly leverages a default dictionary in order to process each and every item "
        "of the "
        "given sequence in a robust and efficient manner.",
        "vague",
        "It praises how, and never says what comes out. (What does: the number of occurrences of each "
        "value.)",
        "'abba'",
        fluent=True,
    ),
)


def ten_items() -> list[Rated]:
    """The ten explanations with their code, names hidden; those whose function is not installed left out."""
    from w2s_course.learn.rating import Rated
    from w2s_course.learn.real_code import found, ran

    made = []
    for ten in _TEN:
        function = found(ten.package, ten.name)
        if function is not None:
            made.append(
                Rated(
                    function.code,
                    ten.explanation,
                    ten.key,
                    ten.why,
                    f"{function.package} {function.version}, {function.file}:{function.line}",
                    function.sentence,
                    ten.fluent,
                    ran(function, ten.arguments),
                )
            )
    return made


def _ten() -> Any:
    from w2s_course.learn.rating import rate

    return rate(ten_items())


UNIT = Unit(
    number=8,
    slug="08_real_code",
    title="Real code",
    minutes=83,
    exercises=(
        CHOICE_ACCURACY,
        HIDE_NAME,
        BEST_BY_PMI,
        HARD_DISTRACTORS,
        WITHOUT_TWINS,
        KAPPA,
        VERDICTS,
        READING,
    ),
    activities=activities_of(BANK) | {"8.ten": _ten},
)
