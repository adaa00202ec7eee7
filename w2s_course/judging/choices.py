"""Four-way choice: which of four sentences is true of this code? Exact truth where no sentence can be run.

The three wrong sentences are true of other functions of the same package, near in words and yet not true
here too. A model chooses by how likely it finds each sentence, given the code. Chance
is 25%.

Limit: 'not true here too' is judged by words alone; docs/real-code.md says how often a reader disagrees.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from w2s_course.errors import CourseError, unknown_name
from w2s_course.snippets.harvest import RealFunction, overlap, subject, words

OPTIONS = 4
CHANCE = 1 / OPTIONS
TRUE_TOO = 0.5
"""Word overlap (Jaccard, of what is done, not how) from which a wrong sentence might be true as well."""


@dataclass(frozen=True)
class Question:
    """A function, four sentences, and which of them (0 to 3) is the maintainers' own about it."""

    function: RealFunction
    options: tuple[str, ...]
    answer: int


@dataclass(frozen=True)
class Likelihood:
    """What a model makes of one sentence: log Pr(y|x) given the code, log Pr(y) without, and its tokens."""

    given_code: float
    without_code: float
    tokens: int


def total(y: Likelihood) -> float:
    """log Pr(y|x), in nats: favours short sentences.

    >>> total(Likelihood(given_code=-12.0, without_code=-20.0, tokens=4))
    -12.0
    """
    return y.given_code


def mean_per_token(y: Likelihood) -> float:
    """log Pr(y|x) / tokens, in nats: favours ordinary sentences.

    >>> mean_per_token(Likelihood(given_code=-12.0, without_code=-20.0, tokens=4))
    -3.0
    """
    return y.given_code / y.tokens


def pointwise_information(y: Likelihood) -> float:
    """log Pr(y|x) - log Pr(y), in nats: how much likelier the code makes the sentence (PMI).

    A sentence that is likely anyhow gains nothing by it. Pr(y) is asked after an empty code.

    >>> pointwise_information(Likelihood(given_code=-12.0, without_code=-20.0, tokens=4))
    8.0
    """
    return y.given_code - y.without_code


Score = Callable[[Likelihood], float]
SCORES: Mapping[str, Score] = {
    "total": total,
    "mean": mean_per_token,
    "pmi": pointwise_information,
}


def score_named(name: str) -> Score:
    """The score of that name. Raises: UsageError for any other, with the nearest."""
    if name not in SCORES:
        raise unknown_name("score", name, SCORES)
    return SCORES[name]


def chosen(scores: Sequence[float]) -> int:
    """The option with the greatest score; of equals the first, whose place is random.

    >>> chosen([-3.0, -1.0, -2.0, -1.0])
    1
    """
    if not scores or any(math.isnan(s) for s in scores):
        raise ValueError(f"Cannot choose by the scores {list(scores)}: they must be numbers, at least one.")
    return max(range(len(scores)), key=lambda i: scores[i])


def tf_idf(sentences: Sequence[str]) -> list[dict[str, float]]:
    """Each sentence as a unit vector over its words, rare words weighing more: 1 + log(n / documents).

    >>> one, other = tf_idf(["Sort the list.", "Sort the keys."])
    >>> one["list"] > one["sort"]
    True
    """
    bags = [words(sentence) for sentence in sentences]
    documents = Counter(word for bag in bags for word in bag)
    weights = {word: 1 + math.log(len(bags) / count) for word, count in documents.items()}
    vectors = []
    for bag in bags:
        norm = math.sqrt(sum(weights[word] ** 2 for word in bag)) or 1.0
        vectors.append({word: weights[word] / norm for word in sorted(bag)})
    return vectors


def similarity(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The cosine of two unit vectors, in [0, 1]."""
    return sum(weight * other[word] for word, weight in one.items() if word in other)


def _may_share(one: RealFunction, other: RealFunction) -> bool:
    """Whether a sentence of one can stand as a wrong one of the other."""
    near = overlap(words(subject(one.sentence)), words(subject(other.sentence)))
    return one.package == other.package and near < TRUE_TOO


def _group(
    at: int, free: Sequence[int], pool: Sequence[RealFunction], near: Sequence[Sequence[float]]
) -> list[int]:
    """pool[at] and up to three more that are nearest to it and may all stand together."""
    group = [at]
    for i in sorted(free, key=lambda i: (-near[at][i], i)):
        if len(group) < OPTIONS and i != at and all(_may_share(pool[i], pool[j]) for j in group):
            group.append(i)
    return group


def groups_of_four(functions: Sequence[RealFunction]) -> list[tuple[RealFunction, ...]]:
    """Functions of one package whose sentences are near in words (TF-IDF), four by four, each at most once.

    The function without a group comes first that has the nearest free neighbour; what is left over, fewer
    than four of a package or too alike, is in no group.
    """
    vectors = tf_idf([f.sentence for f in functions])
    near = [[similarity(one, other) for other in vectors] for one in vectors]
    free = set(range(len(functions)))
    groups = []
    for at in sorted(free, key=lambda i: (-max((near[i][j] for j in free if j != i), default=0.0), i)):
        if at not in free:
            continue
        group = _group(at, sorted(free), functions, near)
        if len(group) == OPTIONS:
            groups.append(tuple(functions[i] for i in group))
            free -= set(group)
    return groups


def make_questions(functions: Sequence[RealFunction], seed: int) -> list[Question]:
    """Four questions for each group of four functions: the same four sentences, each the true one once.

    So nothing in the sentences gives the answer away: whoever does not look at the code is right exactly
    once in four, whatever the rule. (With wrong sentences drawn for each function by itself, the true one is
    the one in their middle: a rule that never saw the code found it more often than not, docs/real-code.md.)
    All sentences come from these functions, so no split's wrong sentence is another's true one.

    seed: of the order of the four options, drawn anew for each question.
    Raises: CourseError where not one group can be made.
    """
    rng = random.Random(seed)
    groups = groups_of_four(functions)
    if not groups:
        raise CourseError(
            f"No four of these {len(functions)} functions are of one package and different enough to make a "
            "question: give more functions."
        )
    questions = []
    for group in groups:
        for function in group:
            options = tuple(rng.sample([f.sentence for f in group], OPTIONS))
            questions.append(Question(function, options, options.index(function.sentence)))
    return questions
