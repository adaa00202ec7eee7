"""The cases that only the grader sees: other inputs, and the parts of the visible ones."""

from w2s_course.learn.exercises import Case, Raises
from w2s_course.learn.units.unit_8 import ARMS, reads
from w2s_course.learn.units.variants_8 import categories, hidden_variant, letters, subjects

_WITH_DOCSTRING = 'def f(a, b):\n    """The gcd."""\n    return f(b, a % b) if b else a'

HIDDEN = {
    "8.1": [
        Case(
            "choice_accuracy([[-3, -3, -3, -3]] * 4, [0, 1, 2, 3], [[0]] * 41)",
            [0.25, 0.25, 0.25],
            wrong={"a tie is a hit": [1.0] * 3, "a tie is a miss": [0.0] * 3},
            part="ties",
        ),
        Case(
            "choice_accuracy([[-2, -2], [-2, -2], [-5, -1], [-1, -5]], [0, 0, 1, 0], [[0]] * 41)",
            [0.75, 0.75, 0.75],
            wrong={
                "first of equals": [1.0] * 3,
                "a tie is a hit": [1.0] * 3,
                "a tie is a miss": [0.5] * 3,
                "takes the lowest": [0.25] * 3,
                "draws questions": [0.75, 0.5, 0.5],
            },
            part="ties",
        ),
        Case(
            "choice_accuracy([[-1, -2]] * 8, [1] * 4 + [0] * 4, [[0, 0]] + [[0, 1]] * 39 + [[1, 1]])",
            [0.5, 0.5, 0.5],
            wrong={"keeps every draw": [0.5, 0.0, 1.0], "draws questions": [0.5, 0.0, 0.0]},
            part="interval",
        ),
        Case(
            "choice_accuracy([[-1, -1]] * 4 + [[-1, -2]] * 4, [0] * 8, [[0, 0]] * 10 + [[1, 1]] * 31)",
            [0.75, 0.5, 1.0],
            wrong={
                "first of equals": [1.0] * 3,
                "a tie is a hit": [1.0] * 3,
                "a tie is a miss": [0.5, 0.0, 1.0],
                "takes the lowest": [0.25, 0.0, 0.5],
                "draws questions": [0.75, 0.5, 0.5],
            },
            part="interval",
        ),
        Case(
            "choice_accuracy([[-1, -2]] * 8, [1] * 4 + [0] * 4, [[0, 1, 1, 1]] * 41)",
            [0.5, 0.75, 0.75],
            wrong={
                "takes the lowest": [0.5, 0.25, 0.25],
                "draws questions": [0.5, 0.0, 0.0],
                "each group once": [0.5, 0.5, 0.5],
            },
            part="interval",
        ),
        Case(
            "choice_accuracy([[-1, -2]] * 8, [1] * 4 + [0] * 4, [[0, 1]] * 39 + [[0, 0], [1, 1]])",
            [0.5, 0.5, 0.5],
            wrong={
                "draws questions": [0.5, 0.0, 0.0],
                "keeps every draw": [0.5, 0.0, 1.0],
                "trusts the order of the draws": [0.5, 0.0, 0.5],
            },
            part="interval",
        ),
    ],
    "8.2": [
        Case(
            'hide_name("def sort(xs):\\n    xs.sort()\\n    return resort(xs)")',
            "def f(xs):\n    xs.sort()\n    return resort(xs)",
            wrong={
                "replaces text": "def f(xs):\n    xs.f()\n    return ref(xs)",
                "renames methods": "def f(xs):\n    xs.f()\n    return resort(xs)",
                "hides every call": "def f(xs):\n    xs.sort()\n    return f(xs)",
            },
            part="names",
        ),
        Case(
            'hide_name("def walk(t):\\n    return [walk(c) for c in t] + sorted(t, key=walk)")',
            "def f(t):\n    return [f(c) for c in t] + sorted(t, key=f)",
            wrong={
                "forgets the calls": "def f(t):\n    return [walk(c) for c in t] + sorted(t, key=walk)",
                "hides every call": "def f(t):\n    return [f(c) for c in t] + f(t, key=walk)",
            },
            part="names",
        ),
        Case(
            "hide_name('def gcd(a, b):\\n    \"The gcd.\"\\n    return gcd(b, a % b) if b else a')",
            "def f(a, b):\n    return f(b, a % b) if b else a",
            wrong={
                "leaves the docstring": _WITH_DOCSTRING,
                "forgets the calls": "def f(a, b):\n    return gcd(b, a % b) if b else a",
                "replaces text": 'def f(a, b):\n    "The f."\n    return f(b, a % b) if b else a',
            },
            part="docstring",
        ),
        Case(
            "hide_name('def stub(x):\\n    \"To come.\"')",
            "def f(x):\n    pass",
            wrong={
                "leaves the docstring": 'def f(x):\n    """To come."""',
                "an empty body": "def f(x):",
                "replaces text": 'def f(x):\n    "To come."',
            },
            part="docstring",
        ),
        Case(
            "hide_name(\"def scale(x):\\n    return {'scale': x, 'more': dict(scale=scale)}\")",
            "def f(x):\n    return {'scale': x, 'more': dict(scale=f)}",
            wrong={
                "replaces text": "def f(x):\n    return {'f': x, 'more': dict(f=f)}",
                "renames words": "def f(x):\n    return {'f': x, 'more': dict(f=f)}",
                "forgets the calls": "def f(x):\n    return {'scale': x, 'more': dict(scale=scale)}",
                "hides every call": "def f(x):\n    return {'scale': x, 'more': f(scale=scale)}",
            },
            part="names",
        ),
    ],
    "8.3": [
        Case(
            "best_by_pmi([[-3.0], [-1.0], [-2.0]], [[-9.0], [-1.5], [-4.0]])",
            0,
            wrong={
                "the likeliest sentence": 1,
                "mean per token": 1,
                "upside down": 1,
                "subtracts probabilities": 1,
            },
            part="choice",
        ),
        Case(
            "best_by_pmi([[-1.0], [-1.0] * 6], [[-4.0], [-2.0] * 6])",
            1,
            wrong={
                "the likeliest sentence": 0,
                "mean per token": 0,
                "information per token": 0,
                "upside down": 0,
                "subtracts probabilities": 0,
            },
            part="length",
        ),
        Case(
            "best_by_pmi([[-8.0], [-5.0]], [[-4.0], [-4.5]])",
            1,
            wrong={"any change counts": 0, "upside down": 0},
            part="choice",
        ),
    ],
    "8.4": [
        Case('hard_distractors("open a file", [])', [], part="true too"),
        Case(
            'hard_distractors("sort the words", ["sort words", "sort the keys", "count the words of a '
            'text"])',
            ["count the words of a text"],
            wrong={
                "nearest, true or not": ["sort words", "sort the keys", "count the words of a text"],
                "lets the border through": ["sort the keys", "count the words of a text"],
            },
            part="true too",
        ),
        Case(
            'hard_distractors("count the words of a text", ["close it", "open it", "read a text", '
            '"the end of a page and the end of a book or a letter", "split a text", "count it"])',
            ["read a text", "split a text", "the end of a page and the end of a book or a letter"],
            wrong={
                "farthest first": ["close it", "open it", "count it"],
                "takes the first three": ["close it", "open it", "read a text"],
                "counts shared words": [
                    "the end of a page and the end of a book or a letter",
                    "read a text",
                    "split a text",
                ],
                "divides by one sentence": [
                    "the end of a page and the end of a book or a letter",
                    "close it",
                    "open it",
                ],
            },
            part="nearest",
        ),
        Case(
            'hard_distractors("count the words of a text", ["read a book", "open a file", "close it"])',
            ["read a book", "open a file", "close it"],
            wrong={
                "farthest first": ["close it", "read a book", "open a file"],
                "equals by the alphabet": ["open a file", "read a book", "close it"],
            },
            part="nearest",
        ),
        Case(
            'hard_distractors("open a text", ["open text", "read text", "open a file", "count words", '
            '"split a string"])',
            ["read text", "split a string", "count words"],
            wrong={
                "nearest, true or not": ["open text", "open a file", "read text"],
                "lets the border through": ["open a file", "read text", "split a string"],
                "farthest first": ["count words", "split a string", "read text"],
                "takes the first three": ["read text", "count words", "split a string"],
                "divides by one sentence": ["split a string", "count words"],
                "cuts before it filters": ["read text"],
            },
            part="true too",
        ),
        Case(
            'hard_distractors("sort the list of keys", ["count the keys", "open files"])',
            ["count the keys", "open files"],
            wrong={
                "farthest first": ["open files", "count the keys"],
                "divides by one sentence": ["open files"],
                "another index": ["open files"],
            },
            part="true too",
        ),
    ],
    "8.5": [
        Case("without_twins([], 0.7)", [], part="twins"),
        Case(
            'without_twins(["a b c d e g", "a b c d e x", "y"], 0.7)',
            ["a b c d e g", "y"],
            wrong={
                "only equal ones": ["a b c d e g", "a b c d e x", "y"],
                "drops both": ["y"],
                "keeps the last": ["a b c d e x", "y"],
            },
            part="twins",
        ),
        Case(
            'without_twins(["a b", "x", "a b c", "b a"], 0.5)',
            ["a b", "x"],
            wrong={
                "only equal ones": ["a b", "x", "a b c"],
                "only neighbours": ["a b", "x", "a b c"],
                "drops both": ["x"],
                "keeps the last": ["x", "b a"],
            },
            part="all pairs",
        ),
        Case(
            'without_twins(["a b c", "a b c d", "b c d"], 0.7)',
            ["a b c", "b c d"],
            wrong={
                "only equal ones": ["a b c", "a b c d", "b c d"],
                "compares with dropped ones too": ["a b c"],
                "only neighbours": ["a b c"],
                "drops both": [],
            },
            part="all pairs",
        ),
        Case(
            'without_twins(["a", "a b c d"], 0.5)',
            ["a", "a b c d"],
            wrong={"a part is a twin": ["a"]},
            part="twins",
        ),
        Case(
            'without_twins(["a b c", "a b x"], 0.5)',
            ["a b c"],
            wrong={
                "lets the border through": ["a b c", "a b x"],
                "only equal ones": ["a b c", "a b x"],
                "drops both": [],
                "keeps the last": ["a b x"],
            },
            part="twins",
        ),
        Case(
            'without_twins(["a b c d", "a b x y", "c x"], 0.4)',
            ["a b c d", "a b x y", "c x"],
            wrong={
                "a part is a twin": ["a b c d"],
                "another index": ["a b c d", "c x"],
            },
            part="twins",
        ),
    ],
    "8.6": [
        Case(
            'kappa(["true", "vague", "false", "false"], ["true", "vague", "false", "false"])',
            1.0,
            wrong={"only subtracts": 0.625},
            part="kappa",
        ),
        Case(
            'kappa(["true", "true", "false", "false"], ["false", "false", "true", "true"])',
            -1.0,
            wrong={"raw agreement": 0.0, "never below 0": 0.0, "only subtracts": -0.5},
            part="kappa",
        ),
        Case(
            'kappa(["false", "false", "false", "true"], ["false", "false", "false", "false"])',
            0.0,
            wrong={
                "raw agreement": 0.75,
                "every category equally likely": 0.5,
                "one habit for both": -1 / 7,
            },
            part="chance",
        ),
        Case(
            'kappa(["vague", "vague", "vague"], ["vague", "vague", "vague"])',
            None,
            wrong={
                "raw agreement": 1.0,
                "1 for undefined": 1.0,
                "no guard": Raises("ZeroDivisionError"),
            },
            part="undefined",
        ),
    ],
    "8.7": [
        Case(
            '[verdicts[letter] for letter in "abcdeg"]', ["false", "true", "false", "vague", "true", "vague"]
        )
    ],
    "8.8": [
        Case(
            "reading(rows_like(student=(0.9, 0.85, 0.95)))",
            reads(ARMS, "helped", False),
            wrong={
                "chance is a half": reads(["strong_on_gold", "weak_to_strong", "ceiling"], "helped", False),
                "any lead is a head start": reads(ARMS, "helped", True),
            },
            part="labels",
        ),
        Case(
            "reading(rows_like(weak=(0.3, 0.25, 0.35), untrained=(0.32, 0.24, 0.4), student=(0.3, 0.22, "
            "0.38)))",
            reads(["strong_on_gold", "ceiling"], "no difference shown", False),
            wrong={
                "any value above a quarter": reads(ARMS, "no difference shown", False),
                "reads the sign only": reads(["strong_on_gold", "ceiling"], "hurt", False),
                "any lead is a head start": reads(["strong_on_gold", "ceiling"], "no difference shown", True),
            },
            part="chance",
        ),
        Case(
            "reading(rows_like(untrained=(0.75, 0.68, 0.82), student=(0.58, 0.5, 0.66)))",
            reads(ARMS, "hurt", True),
            wrong={
                "chance is a half": reads(ARMS[1:3] + ARMS[4:], "hurt", True),
                "compares with the teacher": reads(ARMS, "no difference shown", True),
                "harm is only not shown": reads(ARMS, "no difference shown", True),
            },
            part="labels",
        ),
        Case(
            "reading(rows_like(weak=(0.3, 0.22, 0.38), untrained=(0.6, 0.5, 0.7), student=(0.65, 0.56, "
            "0.74)))",
            reads(ARMS[1:], "no difference shown", True),
            wrong={
                "any value above a quarter": reads(ARMS, "no difference shown", True),
                "chance is a half": reads(ARMS[2:], "no difference shown", True),
                "compares with the teacher": reads(ARMS[1:], "helped", True),
                "reads the sign only": reads(ARMS[1:], "helped", True),
            },
            part="labels",
        ),
        Case(
            "reading(rows_like(untrained=(0.35, 0.25, 0.45), student=(0.5, 0.42, 0.58)))",
            reads([ARMS[0], *ARMS[2:]], "no difference shown", False),
            wrong={
                "any value above a quarter": reads(ARMS, "no difference shown", False),
                "chance is a half": reads(["strong_on_gold", "ceiling"], "no difference shown", False),
                "reads the sign only": reads([ARMS[0], *ARMS[2:]], "helped", False),
                "an end at chance is above it": reads(ARMS, "no difference shown", False),
            },
            part="chance",
        ),
        Case(
            "reading(rows_like(untrained=(0.6, 0.54, 0.66), student=(0.75, 0.66, 0.84)))",
            reads(ARMS, "no difference shown", False),
            wrong={
                "chance is a half": reads(ARMS[1:], "no difference shown", False),
                "compares with the teacher": reads(ARMS, "helped", False),
                "reads the sign only": reads(ARMS, "helped", False),
                "any lead is a head start": reads(ARMS, "no difference shown", True),
                "touching makes a difference": reads(ARMS, "helped", False),
                "touching is a head start": reads(ARMS, "no difference shown", True),
            },
            part="labels",
        ),
        Case(
            "reading(rows_like(untrained=(0.5, 0.42, 0.58), student=(0.36, 0.3, 0.42)))",
            reads(ARMS, "no difference shown", False),
            wrong={
                "chance is a half": reads(["strong_on_gold", "ceiling"], "no difference shown", False),
                "reads the sign only": reads(ARMS, "hurt", False),
                "any lead is a head start": reads(ARMS, "no difference shown", True),
                "touching makes a difference": reads(ARMS, "hurt", False),
            },
            part="labels",
        ),
        Case(
            "reading(rows_like(weak=(0.9, 0.85, 0.95), student=(0.8, 0.72, 0.88)))",
            reads(ARMS, "helped", False),
            wrong={
                "chance is a half": reads(
                    ["weak", "strong_on_gold", "weak_to_strong", "ceiling"], "helped", False
                ),
                "compares with the teacher": reads(ARMS, "no difference shown", False),
                "apart is ahead": reads(ARMS, "helped", True),
            },
            part="labels",
        ),
    ],
}

HIDDEN_VARIANTS = {
    "8.4": hidden_variant("8.4", HIDDEN["8.4"], subjects),
    "8.5": hidden_variant("8.5", HIDDEN["8.5"], letters),
    "8.6": hidden_variant("8.6", HIDDEN["8.6"], categories),
}
