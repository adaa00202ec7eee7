"""Remedies that take seconds or a minute or two here: a live comparison of the learner's choice.

Small models only, or answers that are in the cache. Each compares two ways to answer the *same* snippets,
so the difference is paired.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from w2s_course.errors import unknown_name
from w2s_course.learn.plain_errors import friendly_errors
from w2s_course.metrics import Estimate, share
from w2s_course.models.answers import Answer
from w2s_course.wording import percent, points

if TYPE_CHECKING:
    from w2s_course.learn.lesson import Lesson
    from w2s_course.snippets.grammar import Snippet

DRAWS = 9


@dataclass(frozen=True)
class Comparison:
    """Two ways to answer the same snippets. before, after: whether each answer is right; note: what else."""

    without: str
    remedy: str
    before: tuple[bool, ...]
    after: tuple[bool, ...]
    note: str

    @property
    def change(self) -> Estimate:
        """After minus before, with its paired bootstrap interval over snippets."""
        return share([int(a) - int(b) for a, b in zip(self.after, self.before, strict=True)], least=-1.0)

    @property
    def outcome(self) -> str:
        """'better', 'worse' or 'no difference shown', by the interval."""
        low, high = self.change.ci95 or (-1.0, 1.0)
        return "better" if low > 0 else "worse" if high < 0 else "no difference shown"

    def __str__(self) -> str:
        before, after = (percent(sum(some) / len(some)) for some in (self.before, self.after))
        found = self.change
        ends = " ({:+.1f} to {:+.1f})".format(*(100 * end for end in found.ci95)) if found.ci95 else ""
        lines = (
            f"{self.without}: {before} right of {len(self.before):,}",
            f"{self.remedy}: {after}",
            f"difference: {points(found.value)}{ends}: {self.outcome}",
            self.note,
        )
        return "\n".join(lines)


def _right(said: Sequence[str], snippets: Sequence[Snippet]) -> tuple[bool, ...]:
    from w2s_course.results import judge_all

    return tuple(verdict.exact for verdict in judge_all(list(said), snippets))


def by_draws(lesson: Lesson) -> Comparison:
    """One teacher asked several times at random, its claims voted on; against its likeliest sentence."""
    from w2s_course.arms.files import read_answers
    from w2s_course.arms.small import load_weak
    from w2s_course.training.ensemble import majority_vote

    folders, test = lesson.stages("labels"), lesson.splits["test"]
    greedy = [a.text for a in read_answers(folders["labels"] / "test.jsonl")]
    model, tokenizer = load_weak(folders["weak"])
    drawn = _drawn(model, tokenizer, [s.code for s in test], lesson.config.seed)
    members = [[Answer(texts[i], 1.0) for texts in drawn] for i in range(DRAWS)]
    voted = [a.text for a in majority_vote(members)]
    changed = sum(a != b for a, b in zip(greedy, voted, strict=True))
    return Comparison(
        "the teacher's likeliest sentence",
        f"a vote over {DRAWS} of its draws",
        _right(greedy, test),
        _right(voted, test),
        f"The vote changed {changed} of {len(test)} sentences. It asked one model {DRAWS} times.",
    )


def _drawn(model: Any, tokenizer: Any, codes: Sequence[str], seed: int) -> list[list[str]]:
    """For each snippet `DRAWS` sentences, drawn with the model's own probabilities."""
    import torch
    from tqdm.auto import tqdm

    from w2s_course.training.batches import prompt_of

    prompts = tokenizer([prompt_of(code) for code in codes], add_special_tokens=False)["input_ids"]
    by_length: dict[int, list[int]] = defaultdict(list)  # one length at a time needs no padding
    for i, prompt in enumerate(prompts):
        by_length[len(prompt)].append(i)
    drawn: dict[int, list[str]] = {}
    model.eval()
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        for length, chosen in tqdm(sorted(by_length.items()), desc="drawing"):
            ids = torch.tensor([prompts[i] for i in chosen for _ in range(DRAWS)], device=model.device)
            mask, how = torch.ones_like(ids), {"do_sample": True, "top_k": 0, "max_new_tokens": 40}
            written = model.generate(input_ids=ids, attention_mask=mask, **how)[:, length:]
            texts = [t.strip() for t in tokenizer.batch_decode(written, skip_special_tokens=True)]
            drawn |= {i: texts[DRAWS * n : DRAWS * (n + 1)] for n, i in enumerate(chosen)}
    return [drawn[i] for i in range(len(codes))]


def by_second_teacher(lesson: Lesson) -> Comparison:
    """Two teachers of the same gold; where they differ about a claim, the surer one wins."""
    from w2s_course.labeling import load_labels
    from w2s_course.training.ensemble import majority_vote
    from w2s_course.trials.bench import Bench
    from w2s_course.trials.pairs import answers_in
    from w2s_course.trials.remedies import weak_members
    from w2s_course.trials.trial import Trial

    bench = Bench(Trial(lesson.config, method="vote", settings={"members": 2}))
    (second,) = weak_members(bench)
    both = [load_labels(folder) for folder in (lesson.stage("labels"), bench.written_by(second))]
    members = [answers_in(labels) for labels in both]
    pool, texts = lesson.splits["pool"], [a.text for a in members[0]]
    before, after = _right(texts, pool), _right([a.text for a in majority_vote(members)], pool)
    agreed = [i for i, (a, b) in enumerate(zip(*members, strict=True)) if a.text == b.text]
    right = percent(sum(before[i] for i in agreed) / len(agreed)) if agreed else "none"
    return Comparison(
        "one teacher's labels",
        "two teachers, the surer one wins each dispute",
        before,
        after,
        f"Word for word they agree on {percent(len(agreed) / len(pool))} of the labels; of these {right} are "
        "right.",
    )


def by_cascade(lesson: Lesson) -> Comparison:
    """Teacher and student share the work; the threshold is chosen on validation snippets."""
    from w2s_course.arms.files import ANSWERS, CURVE, read_answers, read_rows
    from w2s_course.training.cascade import cascade, cascade_curve, without_loss

    folders = lesson.stages("weak_to_strong")
    labels, student = folders["labels"], folders["weak_to_strong"]
    val, test = lesson.splits["val"], lesson.splits["test"]
    small_val = read_answers(labels / "val.jsonl")
    large_val = _right(read_rows(student / CURVE)[-1]["answers"], val)
    right_val = _right([a.text for a in small_val], val)
    curve = cascade_curve(small_val, right_val, large_val, small_cost=0.0, large_cost=1.0)
    threshold = without_loss(curve)
    small, large = read_answers(labels / "test.jsonl"), read_answers(student / ANSWERS)
    together = cascade(small, large, threshold)
    kept = sum(a.confidence >= threshold for a in small) / len(small)
    return Comparison(
        "the student alone",
        "teacher first, then the student",
        _right([a.text for a in large], test),
        _right([a.text for a in together], test),
        f"The teacher answers {percent(kept)}: the lowest threshold without loss on {len(val)} validation "
        "snippets.",
    )


CHOICES: Mapping[str, Callable[[Lesson], Comparison]] = {
    "draws": by_draws,
    "second teacher": by_second_teacher,
    "cascade": by_cascade,
}


@friendly_errors()
def compare_remedy(lesson: Lesson, choice: str) -> Comparison:
    """The comparison of that name, after saying how long it should take here.

    Raises: Friendly for a name that is not among `CHOICES`.
    """
    from w2s_course.speed import expected_seconds, in_words

    if choice not in CHOICES:
        raise unknown_name("comparison", choice, CHOICES)
    if choice != "cascade":  # the stages of the cascade say themselves what they wait for
        seconds = expected_seconds(lesson.config)
        wait = {"draws": 3 * DRAWS * seconds["labels"] * lesson.config.sizes.test / lesson.config.sizes.pool}
        wait["second teacher"] = seconds["weak"] + seconds["labels"]
        print(f"Now: {choice}, about {in_words(wait[choice])}; a second teacher is kept, draws are not.")
    return CHOICES[choice](lesson)
