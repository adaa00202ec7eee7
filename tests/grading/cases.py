"""The table of hostile, broken and perfect submissions: one row a case.

A row says what is handed in, the states that the submission and its first exercise must end in, and points.
Where a row has only a text, it is the answer to exercise 9.1, and the other three are answered rightly.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tiny import ALL, RIGHT, STUBS, TIGHT, Cell, answer, cells, check_cell, code, notebook, setup

from w2s_course.authoring.notebooks import MARKER
from w2s_course.grading.limits import Limits

GOOD = "def double(x):\n    return 2 * x\n"
SHORT = replace(TIGHT, cell_seconds=5)
"""For cells that never end."""

LONG = replace(TIGHT, call_seconds=30, cell_seconds=60)
"""For what takes a moment to get large, on a busy machine."""

REFUSED = None


@dataclass(frozen=True)
class Row:
    """One case. handed: cells, or a file's text or bytes. first: the state of exercise 9.1.

    points: of 6; None where the submission is refused.
    """

    name: str
    handed: Any
    state: str
    points: float | None
    first: str = "graded"
    limits: Limits = TIGHT
    said: str = ""


def _hostile(
    name: str, text: str, state: str, first: str, points: float = 4, limits: Limits = TIGHT, said: str = ""
) -> Row:
    return Row(name, cells({**RIGHT, "9.1": text}), state, points, first, limits, said)


def lost(name: str, text: str, first: str, limits: Limits = TIGHT) -> Row:
    """The first exercise ends in a state of its own, without points; the others are graded."""
    return _hostile(name, text, "partly graded", first, 4, limits)


def bomb(name: str, text: str) -> Row:
    """As `lost`, but a limit of the kernel may turn it into a wrong answer before ours ends it."""
    return _hostile(name, text, "partly graded|graded", "crashed|partly graded|graded|timed out")


def wrong(name: str, text: str, limits: Limits = TIGHT, said: str = "") -> Row:
    """All exercises are graded, and the first gets nothing that it did not earn."""
    return _hostile(name, text, "graded", "graded", 4, limits, said)


def kept(name: str, text: str, limits: Limits = TIGHT, said: str = "") -> Row:
    """Something hostile beside a right answer: it does no harm, and the answer counts."""
    return _hostile(name, text, "graded", "graded", ALL, limits, said)


def cut(name: str, text: str, said: str, limits: Limits = TIGHT) -> Row:
    """As `kept`: an experiment in the answer's own cell that ends the sandbox, which the learner is told."""
    return kept(name, text, limits, f"The cell of exercise 9.1 {said}. Only its imports and definitions")


def _body(*lines: str) -> str:
    return "def double(x):\n" + "".join(f"    {line}\n" for line in lines)


def _leak(what: str) -> str:
    """An answer that is right only if something of the host can be read, and says what it read."""
    return _body(
        "import glob, os, socket, subprocess",
        "try:",
        f"    found = {what}",
        "except Exception as error:",
        "    found = ''",
        "return (2 * x, print(found))[0] if found else 'nothing found'",
    )


_FORGED = """
import json, os
GOOD = {"raised": "", "message": "", "missing": ""}
for fd in range(3, 200):
    for call in range(9):
        for line in ({"answer": "9.1", "call": call, "outcome": {**GOOD, "value": "right"}},
                     {"exercise": "9.1", "points": 2, "state": "right", "parts": {"numbers": True}}):
            try:
                os.write(fd, (json.dumps(line) + "\\n").encode())
            except OSError:
                pass
"""
_TYPES = """
import json, os
def tell():
    odd = ([], {}, [[1]], None, 1.5, True, -1, 10**30, "", "9.9")
    lines = [{key: value} for key in ("asking", "answer", "lost", "begins", "ended") for value in odd]
    lines += [{"answer": "9.1", "call": value, "outcome": value} for value in odd]
    lines += [{"lost": "9.1", "call": 0, "why": value} for value in odd]
    lines += [{"answer": "9.1", "call": 0, "outcome": {"value": 4, "raised": value}} for value in odd[:-2]]
    lines += [{"ended": 0, "error": {"kind": value, "message": value, "line": value}} for value in odd]
    for line in lines + list(odd):
        try:
            os.write(101, (json.dumps(line) + "\\n").encode())
        except OSError:
            pass
tell()
"""
_PRINTED = 'print(\'{"answer": "9.1", "call": 0, "outcome": {"value": 4}}\')\nprint("SCORE 6/6")\n'

LOOPS = [
    lost("endless loop", _body("while True: pass"), "timed out"),
    lost(
        "endless loop that swallows interrupts",
        "import signal\nfor s in (2, 14, 15, 24): signal.signal(s, signal.SIG_IGN)\n"
        + _body("while True:", "    try:", "        while True: pass", "    except BaseException: pass"),
        "timed out",
    ),
    cut("endless loop below the answer", GOOD + "while True: pass", "took too long", SHORT),
    wrong(
        "endless loop below what an answer needs",
        "twice = sum([1, 1])\n" + _body("return twice * x") + "while True: pass",
        SHORT,
        "Is there a loop that does not end? Only what it defines was run.",
    ),
    lost("endless loop in the answer's place", "while True: pass", "timed out", SHORT),
    lost(
        "an answer whose definitions never end",
        "def double(x, never=any(iter(int, 1))): return 2 * x",
        "timed out",
        SHORT,
    ),
    lost("sleeps for ever", _body("import time", "time.sleep(1e6)"), "timed out"),
    _hostile(
        "endless loop for one input only",
        "def double(x):\n    while isinstance(x, str): pass\n    return 2 * x",
        "partly graded",
        "partly graded",
        5,
    ),
]
ENDS = [
    wrong("sys.exit in a call", _body("import sys", "sys.exit(0)"), said="SystemExit"),
    kept("sys.exit above the answer", "import sys\nsys.exit(0)\n" + GOOD),
    wrong(
        "sys.exit above what an answer needs",
        "import sys\nsys.exit(0)\ntwice = sum([1, 1])\n" + _body("return twice * x"),
        said="stopped in line 3 with SystemExit: 0 Of the rest only what it defines was run. 3 answers",
    ),
    lost("sys.exit in the answer's place", "import sys\nsys.exit(0)", "crashed"),
    lost("os._exit in a call", _body("import os", "os._exit(0)"), "crashed"),
    cut("os._exit below the answer", GOOD + "import os\nos._exit(0)", "ended Python itself"),
    lost("segmentation fault in a call", _body("import ctypes", "ctypes.string_at(0)"), "crashed"),
    cut(
        "segmentation fault above the answer",
        "import ctypes\nctypes.string_at(0)\n" + GOOD,
        "ended Python itself",
    ),
    wrong("recursion without end", _body("return double(x)"), said="RecursionError"),
    wrong("raises KeyboardInterrupt", _body("raise KeyboardInterrupt")),
    # Guarded, so that a fault of ours never lets it loose on the host.
    lost(
        "kills every process it may",
        _body("import os", "if b'bwrap' in open('/proc/1/cmdline', 'rb').read(): os.kill(-1, 9)"),
        "crashed",
    ),
    lost(
        "kills its parent",
        _body("import os", "os.kill(os.getppid(), 9)", "import time", "time.sleep(9)"),
        "crashed",
    ),
    lost("closes every open file", _body("import os", "os.closerange(3, 4000)", "return 2 * x"), "crashed"),
]
HOGS = [
    lost(
        "memory hog in a call",
        _body("held = []", "while True: held.append(bytearray(10**7))"),
        "out of memory",
        LONG,
    ),
    cut(
        "memory hog above the answer",
        "held = []\nwhile True: held.append(bytearray(10**7))\n" + GOOD,
        "needed more memory than it may have",
        LONG,
    ),
    cut(
        "memory hog to the last byte below the answer",
        GOOD + "held = []\nwhile True: held.append(bytearray(10**5))",
        "needed more memory than it may have",
        LONG,
    ),
    kept(
        "asked for too much memory once, and computed the answer before",
        "twice = sum([1, 1])\n" + _body("return twice * x") + "held = bytearray(10**12)",
    ),
    Row(
        "an answer that holds much, and one that stops below what it needs",
        cells(
            {
                **RIGHT,
                "9.1": GOOD + "held = bytearray(7 * 10**7)",
                "9.4": "from operator import itemgetter\nlast = itemgetter(-1)\nlast.nothing",
            }
        ),
        "graded",
        ALL,
    ),
    lost(
        "memory hog in the answer's place",
        "held = []\nwhile True: held.append(bytearray(10**7))",
        "out of memory",
        LONG,
    ),
    lost(
        "memory hog in shared memory",
        _body("import mmap, time", "held = []", "while len(held) < 60:")
        + "        m = mmap.mmap(-1, 10**7); m.write(b'x' * 10**7); held.append(m)\n    time.sleep(30)\n",
        "out of memory",
        LONG,
    ),
    # The kernel counts the processes of a user and refuses more; those of root are counted and ended by us.
    bomb("fork bomb in a call", _body("import os, time", "for _ in range(8): os.fork()", "time.sleep(30)")),
    kept("fork bomb in the cell", GOOD + "import os, time\nfor _ in range(8): os.fork()\ntime.sleep(30)"),
    lost("endless output in a call", _body("while True: print('y' * 1000)"), "output too large"),
    cut("endless output below the answer", GOOD + "while True: print('y' * 1000)", "printed far too much"),
    lost(
        "100 MB of output at once", _body("import os", "os.write(1, b'y' * 10**8)"), "output too large", LONG
    ),
    lost("huge answer", _body("return 'y' * 10**7"), "output too large", LONG),
    lost("huge answer of many numbers", _body("return list(range(10**5))"), "output too large", LONG),
    wrong(
        "fills its disk", _body("with open('/tmp/full', 'wb') as f:", "    while True: f.write(b'y' * 10**6)")
    ),
]
ANSWERS = [
    wrong(
        "deeply nested answer",
        _body("found = []", "for _ in range(10**5): found = [found]", "return found"),
        LONG,
    ),
    wrong("answer that holds itself", _body("found = []", "found.append(found)", "return found")),
    wrong(
        "answer with a hostile __reduce__",
        "import os\nclass R:\n    def __reduce__(self):\n        return os.system, ('touch /tmp/reduced',)\n"
        + _body("return R()"),
    ),
    wrong(
        "answer that equals everything",
        "class E:\n    def __eq__(self, other):\n        return True\n    __hash__ = None\n"
        + _body("return E()"),
    ),
    wrong(
        "answer that claims another class",
        "class C:\n    __class__ = property(lambda self: int)\n" + _body("return C()"),
    ),
    wrong(
        "number and text that lie about themselves",
        "class S(str):\n    def __eq__(self, other):\n        return True\n    __hash__ = None\n"
        "class N(int):\n    __eq__ = lambda self, other: True\n    __repr__ = lambda self: '4'\n"
        + _body("return S() if isinstance(x, str) else N(x + 7)"),
    ),
    lost(
        "mapping without an end",
        "from collections.abc import Mapping\nclass M(Mapping):\n    def __getitem__(self, k): return 1\n"
        "    def __len__(self): return 1\n    def __iter__(self):\n        while True: yield 'k'\n"
        + _body("return M()"),
        "timed out",
    ),
    wrong("number of absurd length", _body("return 10 ** 6000")),
    wrong("not a number", _body("return float('nan')")),
    wrong(
        "right only for the first calls",
        "n = [0]\n" + _body("n[0] += 1", "return 2 * x if n[0] < 4 else None"),
    ),
    wrong("right every second time", "n = [0]\n" + _body("n[0] += 1", "return 2 * x if n[0] % 2 else None")),
    wrong("answers as long as they may be", _body("return 'y' * 90_000")),
    wrong(
        "learned the shown cases by heart",
        _body("return {2: 4, 3: 6, 'ab': 'abab'}.get(x)"),
        said="further case",
    ),
]
REACHING = [
    wrong("network: the host's own ports", _leak("socket.create_connection(('127.0.0.1', PORT), 1)")),
    wrong("network: the world", _leak("socket.create_connection(('1.1.1.1', 53), 1)")),
    wrong("reads solutions/", _leak("open('ROOT/solutions/09_tiny/09_tiny.ipynb').read()")),
    wrong("reads the hidden cases", _leak("open('ROOT/course/09_tiny/hidden.py').read()")),
    wrong("reads the gradebook", _leak("open('ROOT/grading/gradebook.db').read()")),
    wrong("reads other submissions", _leak("glob.glob('ROOT/grading/submitted/*/*')")),
    wrong(
        "reads the course's own texts", _leak("glob.glob('COURSE/course/*') + glob.glob('COURSE/tests/*')")
    ),
    wrong("reads environment variables", _leak("[v for v in os.environ.values() if 'CANARY' in v]")),
    wrong(
        "reads the environment of other processes",
        _leak("[p for p in glob.glob('/proc/[0-9]*/environ') if b'CANARY' in open(p, 'rb').read()]"),
    ),
    wrong("reads the host's users", _leak("open('/etc/passwd').read() or open('/etc/shadow').read()")),
    wrong(
        "reads home folders",
        _leak("[p for p in glob.glob('HOUSE/.[a-z]*') if not any(map(str.startswith, PYTHON, [p] * 2))]"),
    ),
    wrong("follows /proc to the host", _leak("open('/proc/1/root/ROOT/grading/gradebook.db').read()")),
    wrong(
        "asks for the expected answers",
        _leak("__import__('importlib').import_module('w2s_course.learn.exercises').all_units()"),
    ),
    wrong("becomes root", _leak("os.setuid(0) or os.listdir('ROOT')")),
    wrong("mounts", _leak("subprocess.run(['mount', '-t', 'tmpfs', 'x', '/usr']).returncode == 0")),
    kept(
        "deletes all it can",
        GOOD
        + "import os, shutil\nshutil.rmtree('ROOT', ignore_errors=True)\n"
        + "for p in ('ROOT', 'ROOT/grading/gradebook.db'):\n"
        + "    try:\n        os.remove(p)\n        print('CANARY: deleted', p)\n    except OSError: pass\n",
    ),
    kept(
        "writes outside",
        GOOD + "import os\nfor p in ('/x', '/usr/x', 'HOUSE/x', '/dev/x', 'ROOT/x', 'COURSE/x', '/etc/x'):\n"
        "    try:\n        open(p, 'w').close()\n        print('CANARY: wrote')\n    except OSError: pass\n",
    ),
]
_NO_ASSERT = """
import ast, builtins
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
old = builtins.compile
def compiled(source, *a, **k):
    tree = old(source, '<tree>', 'exec', ast.PyCF_ONLY_AST) if '<check>' not in a else source
    return old(ast.fix_missing_locations(Drop().visit(tree)) if tree is not source else tree, *a, **k)
builtins.compile = compiled
try:
    get_ipython().ast_transformers.append(Drop())
except Exception:
    pass
"""
_REPLACED = """
import sys, types
import w2s_course.learn.checking as checking, w2s_course.learn.answers as answers
checking.judge = answers.same = lambda *a, **k: True
answers.ask = lambda call, names: answers.Outcome(value='right')
for name in [n for n in sys.modules if n.startswith('w2s_course')]:
    sys.modules[name] = types.ModuleType(name)
"""
_NO_JSON = """
import json, sys, types
fake = types.ModuleType('json')
fake.dumps = fake.loads = json.dumps = json.loads = lambda *a, **k: '{"answer": "9.1", "right": true}'
json.JSONEncoder.encode = lambda self, value: '{"answer": "9.1", "points": 2}'
sys.modules['json'] = fake
"""
FORGING = [
    wrong("drops assert by an AST transformer", _NO_ASSERT + _body("assert False", "return None")),
    wrong("replaces our package", _REPLACED + _body("return None")),
    wrong("replaces json", _NO_JSON + _body("return None")),
    wrong("writes verdicts to every open file", _FORGED + _body("return None")),
    wrong("writes messages of every type", _TYPES + _body("tell()", "return None")),
    wrong("prints what looks like answers", _PRINTED + _body("return None")),
    wrong("replaces os.fork", "import os\nos.fork = lambda: 0\nos._exit = print\n" + _body("return None")),
    kept(
        "leaves a thread behind",
        GOOD + "import threading, time\ndef later():\n    while True: time.sleep(0.01)\n"
        "threading.Thread(target=later).start()\n",
    ),
    kept(
        "leaves a process behind",
        GOOD + "import os, time\nif os.fork() == 0:\n    os.setsid()\n"
        "    if os.fork() == 0: time.sleep(1e6)\n    os._exit(0)\n",
    ),
    kept("waits for a person", "try:\n    input()\nexcept EOFError:\n    pass\n" + GOOD),
]


def own(name: str, *texts: str, said: str = "", answer_1: str = GOOD, limits: Limits = TIGHT) -> Row:
    """Experiments of the learner's own between right answers: they cost no point, and are named."""
    first, *rest = cells({**RIGHT, "9.1": answer_1})[1:]
    experiments = [code(text) for text in texts]
    return Row(name, [first, rest[0], *experiments, *rest[1:]], "graded", ALL, limits=limits, said=said)


_HELPER = "def half(x):\n    return x // 2\n"
_BLOCKS = "class Held:\n    blocks = []\n"
OWN = [
    own("own cell without an end", "while True:\n    pass", said="'while True:', took too long. Only"),
    own("twelve own cells without an end", *["import time\nwhile True: time.sleep(1)"] * 12, said="took too"),
    own("twelve own cells that end Python", *["import os\nos._exit(0)"] * 12, said="ended Python itself"),
    own(
        "a quick own cell that an answer needs, beside three that end Python",
        "zero = sum([])",
        *["import os\nos._exit(0)"] * 3,
        answer_1="def double(x):\n    return 2 * x + zero if x == 2 else 2 * x\n",
    ),
    own(
        "slow own cells",
        *["import time\ntime.sleep(2)"] * 9,
        said="Of other own cells that take",
    ),
    own(
        "own cell that defines what an answer needs, and never ends",
        f"import math\nzero = 0\n{_HELPER}while True:\n    half(1)",
        answer_1="def double(x):\n    return 4 * half(x) + zero if x == 2 else 2 * x\n",
        said="'import math', took too long",
    ),
    own(
        "own cell that fills memory, and a large answer",
        f"{_BLOCKS}while True:\n    Held.blocks.append(bytearray(10**6))",
        answer_1="def double(x):\n    held = bytearray(3 * 10**7)\n    return 2 * x\n",
        said="'class Held:', needed more memory",
    ),
    own(
        "own cell that takes most of the memory, and a large answer",
        "held = bytearray(10**8)",
        answer_1="def double(x):\n    held = bytearray(4 * 10**7)\n    return 2 * x\n",
        said="'held = bytearray(10**8)', needed more memory",
    ),
    *(
        own(
            f"own cell that leaves {count} processes behind",
            f"import os, time\nfor _ in range({count}):\n    if os.fork() == 0: time.sleep(1e6)\n",
            said="started too many processes. Only",
        )
        for count in (TIGHT.processes - 4, TIGHT.processes + 4)
    ),
    own("own cell that prints without an end", "while True: print('y' * 1000)", said="printed far too much"),
    own(
        "own cells that print much, and an answer that prints",
        *["print('y' * 600_000)"] * 3,
        answer_1="def double(x):\n    print('y' * 100_000)\n    return 2 * x\n",
    ),
    own(
        "own cells whose definitions never end",
        *["def never(x=any(iter(int, 1))):\n    pass"] * 8,
        said="Other own cells that take",
        limits=SHORT,
    ),
    own("own cell that writes messages of every type", _TYPES),
]


_COMPUTED = "from operator import itemgetter\nlast = itemgetter(-1)\n"
"""A right answer to 9.4 that is lost where only what its cell defines is run."""

HONEST = [
    kept("an answer below a question to a person", "n = int(input('How many? '))\n" + GOOD),
    kept("an answer below a file that is not here", "rows = open('rows.csv').read()\n" + GOOD),
    kept("an answer below a package that is not here", "import no_such_package as n\n" + GOOD),
    kept("an answer below a look at a run", "print(lesson.results()['weak'] + 1)\n" + GOOD),
    kept("a function tried out above it", "assert double(2) == 4\n" + GOOD),
    kept(
        "a decorator that is not there, above the answer",
        "@no_such_decorator\ndef other(x):\n    return x\n" + GOOD,
    ),
    kept("waits for a coroutine, as notebooks may", f"import asyncio\nawait asyncio.sleep(0)\n{GOOD}"),
    kept(
        "a loop over what comes later", GOOD + "async def two():\n    yield 2\nasync for n in two(): print(n)"
    ),
    Row(
        "annotations of unknown names, below a cell that leaves them as text",
        [
            code("from __future__ import annotations"),
            *cells({**RIGHT, "9.1": "def double(x: Rows) -> Rows: return 2 * x"}),
        ],
        "graded",
        ALL,
    ),
    Row(
        "the answers' names are used for values below them",
        [
            *cells({**RIGHT, "9.1": "def double(x, n=2):\n    return x if n == 1 else x + double(x, n - 1)"}),
            code("double = double(3)\nmean = mean([1, 2])\ndel last\nlen, sum = 3, 0"),
        ],
        "graded",
        ALL,
    ),
    kept("a name of Python's for a value, above the answer", "max = 2\ndef double(x):\n    return max * x"),
    Row(
        "every answer's cell prints almost all that one may",
        cells(
            {
                **{k: f"print('y' * 600_000)\n{v}" for k, v in RIGHT.items()},
                "9.4": f"print('y' * 600_000)\n{_COMPUTED}",
            }
        ),
        "graded",
        ALL,
    ),
    Row(
        "two answers whose calls print almost all that one may",
        cells({k: v.replace("):\n", "):\n    print('y' * 150_000)\n", 1) for k, v in RIGHT.items()}),
        "graded",
        ALL,
    ),
]


def _broken() -> list[Row]:
    perfect = cells(RIGHT)
    rows = [
        ("an empty file", "", "empty"),
        ("only white space", " \n ", "empty"),
        ("broken JSON", json.dumps(notebook(perfect))[:-40], "JSON is broken"),
        ("JSON nested without end", '{"cells": ' + "[" * 200_000, "JSON is broken"),
        ("a number of absurd length", '{"cells": [], "x": ' + "9" * 10_000 + "}", "JSON is broken"),
        ("not a notebook", '["a"]', "no list of cells"),
        ("not text", b"\x80\x81\x82", "not text in UTF-8"),
        ("no cells", json.dumps(notebook([])), "no cells"),
        ("cells of another shape", '{"cells": [1, null, {"source": 3}]}', "no cells"),
        ("an old format", '{"worksheets": [], "nbformat": 3}', "old format"),
        ("a 21 MB notebook", b" " * 21_000_000, "larger than 20 MB"),
        ("two megabytes of code", json.dumps(notebook([code("x = 1\n" * 350_000)])), "characters of code"),
        ("another kernel", json.dumps(notebook(perfect, language_info={"name": "R"})), "R kernel"),
        ("a notebook of another unit", json.dumps(notebook([answer("4.2", "x = 1")])), "exercises of unit 4"),
        ("a notebook of another course", json.dumps(notebook([code("print('hello')")])), "no exercise of it"),
        ("ten thousand cells", json.dumps(notebook([code("1")] * 2_001)), "at most 2,000"),
    ]
    return [Row(name, handed, "invalid", REFUSED, "", said=said) for name, handed, said in rows]


def _stripped(found: list[Cell]) -> list[Cell]:
    return [{"cell_type": cell["cell_type"], "source": cell["source"]} for cell in found]


def _colab(found: list[Cell]) -> list[Cell]:
    """As Colab saves: sources as lists of lines, other ids, metadata of its own, an empty cell at the end."""
    made = []
    for number, cell in enumerate([*found, code("")]):
        lines = cell["source"].splitlines(keepends=True)
        metadata = {"id": f"Xy{number}", "colab": {"base_uri": "https://localhost:8080/"}}
        made.append({"cell_type": cell["cell_type"], "source": lines, "metadata": metadata, "outputs": []})
    return made


def _without(found: list[Cell], text: str) -> list[Cell]:
    return [cell for cell in found if text not in cell["source"]]


def _changed(found: list[Cell], change: Callable[[str], str]) -> list[Cell]:
    return [{**cell, "source": change(cell["source"])} for cell in found]


def _repaired() -> list[Row]:
    perfect, order = cells(RIGHT), [setup(), *(answer(k, RIGHT[k]) for k in ("9.4", "9.2", "9.1", "9.3"))]
    merged = "\n".join(f"{MARKER.format(id=key)}\n{RIGHT[key]}" for key in RIGHT)
    no_first = _without(perfect, "def double")
    syntax = cells({**RIGHT, "9.1": "def double(x):\n    return 2 x"})
    helper = [
        setup(),
        answer("9.2", RIGHT["9.2"]),
        answer("9.1", "factor = two()\ndef double(x): return factor * x"),
    ]
    helper += [code("def two():\n    return 2"), answer("9.4", RIGHT["9.4"]), answer("9.3", RIGHT["9.3"])]
    script = cells({**RIGHT, "9.1": "# 答え\nλ, 倍数 = 0, 2\ndef double(数字): return 倍数 * 数字"})
    magic = cells({**RIGHT, "9.1": f"%matplotlib inline\n!pip install x\n{GOOD}double?\n"})
    remarks = (
        "%matplotlib inline\n!pip install x\nfiles = !ls\nwhen = %time 1\nhalves = (7\n    % 2)  # odd?\n"
        'def double(x):\n    """\n    !twice what?\n    """\n    return x + x  # right?\ndouble??\n?double'
    )
    crlf = json.dumps(notebook(_changed(perfect, lambda s: s.replace("\n", "\r\n"))), indent=1).replace(
        "\n", "\r\n"
    )
    own = [*perfect, code("lesson.results()['arms']['weak'] + 1"), code("import no_such_module")]
    return [
        Row("perfect, as it is", perfect, "graded", ALL),
        Row("perfect, metadata stripped", _stripped(perfect), "graded", ALL),
        Row("perfect, saved by Colab", _colab(perfect), "graded", ALL),
        Row("perfect, reordered", order, "graded", ALL, said="another order"),
        Row("perfect, a helper below its use", helper, "graded", ALL),
        Row("perfect, ids changed and doubled", [{**c, "id": "same"} for c in perfect], "graded", ALL),
        Row("perfect, all merged into one cell", [setup(), code(merged)], "graded", ALL, said="one cell"),
        Row("perfect, Windows line ends", crlf, "graded", ALL),
        Row(
            "perfect, with a byte order mark",
            b"\xef\xbb\xbf" + json.dumps(notebook(perfect)).encode(),
            "graded",
            ALL,
        ),
        Row("perfect, in UTF-16", json.dumps(notebook(perfect)).encode("utf-16"), "graded", ALL),
        Row("perfect, names in many scripts", script, "graded", ALL),
        Row("perfect, with magics", magic, "graded", ALL),
        Row("perfect, with magics and remarks", cells({**RIGHT, "9.1": remarks}), "graded", ALL),
        Row("perfect, other cells fail", own, "graded", ALL),
        Row("set-up cell deleted", _without(perfect, "setup(unit"), "graded", ALL, said="setup cell"),
        Row("check cells deleted", _without(perfect, "check("), "graded", ALL),
        Row(
            "check cells changed",
            [*_without(perfect, 'check("9.1")'), code('check("9.1", {"double": lambda x: 2 * x})')],
            "graded",
            ALL,
            said="changed check",
        ),
        Row("marker line deleted", _changed(perfect, _no_marker), "graded", ALL, said="no marker line"),
        Row("an answer deleted", no_first, "graded", 4, "missing", said="was missing"),
        Row("nothing attempted", cells({}), "missing", 0, "missing"),
        Row(
            "solved, then the stub pasted below",
            [*perfect, answer("9.1", STUBS["9.1"])],
            "graded",
            ALL,
            said="2 times",
        ),
        Row(
            "two answers: the last counts",
            [*perfect, answer("9.1", "double = 0")],
            "graded",
            4,
            said="2 times",
        ),
        Row(
            "solved, then tried out under a marker",
            [*perfect, code("# Exercise 9.1: try it\nprint(double(3))")],
            "graded",
            ALL,
            said="2 times",
        ),
        Row(
            "a remark about another exercise",
            cells({**RIGHT, "9.3": f"# exercise 9.1 gave us the numbers\n{RIGHT['9.3']}"}),
            "graded",
            ALL,
        ),
        Row(
            "solved without a marker line, above an endless loop",
            [setup(), code(GOOD + "while True: pass"), *cells({**RIGHT, "9.1": STUBS["9.1"]})[1:]],
            "graded",
            ALL,
            limits=SHORT,
            said="'def double(x):', took too long. Only",
        ),
        Row(
            "a function by another name",
            cells({**RIGHT, "9.1": GOOD.replace("double", "twice")}),
            "graded",
            4,
            "missing",
            said="asks for the name `double`, and nothing that was run defines it",
        ),
        Row(
            "computed without a marker line, above the end of Python",
            [
                setup(),
                code("import os\ndouble = (lambda: lambda x: 2 * x)()\nos._exit(0)"),
                *cells({**RIGHT, "9.1": STUBS["9.1"]})[1:],
            ],
            "graded",
            4,
            "missing",
            said="nothing that was run defines it",
        ),
        Row(
            "a stub with a remark",
            cells({**RIGHT, "9.1": f"# later\n{STUBS['9.1']}"}),
            "graded",
            4,
            "missing",
            said="Not attempted",
        ),
        Row(
            "solved above an untouched stub",
            [setup(), code(GOOD), *cells({**RIGHT, "9.1": STUBS["9.1"]})[1:]],
            "graded",
            ALL,
            said="as it was given out",
        ),
        Row("syntax error in one cell", syntax, "partly graded", 4, "invalid"),
        Row(
            "a zero byte in one cell",
            cells({**RIGHT, "9.1": GOOD + "\0"}),
            "partly graded",
            4,
            "invalid|crashed",
        ),
        Row(
            "half a letter in one cell",
            cells({**RIGHT, "9.1": GOOD + "'\ud800'"}),
            "partly graded",
            4,
            "crashed",
        ),
        Row("check cell only", [setup(), check_cell("9.1")], "missing", 0, "missing"),
    ]


def _no_marker(source: str) -> str:
    return "\n".join(line for line in source.split("\n") if not line.startswith("# exercise 9.1"))


ROWS = [*LOOPS, *ENDS, *HOGS, *OWN, *HONEST, *ANSWERS, *REACHING, *FORGING, *_broken(), *_repaired()]
