"""The objectives that students are trained on, one function an equation.

    negative_log_likelihood   eq. 4.10: imitate the labels
    kd_divergence             eq. 4.12: stay close to the weak model's whole distribution
    with_distillation         eq. 4.13: both
    confidence_loss           Burns et al. 2023: imitate the labels, and trust oneself a little

Each takes the logits of the label positions alone: the prompt is given, not learned, so nothing is
computed there (`batches` picks the positions, `finetune` computes the logits).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from w2s_course.errors import UsageError

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Moment:
    """Where training stands when an objective is asked, for objectives that change or look things up.

    progress: the share of the steps that are done, 0 at the first step and below 1 at the last.
    examples: for each row of the batch, its index in the examples that are trained on.
    rows: the row of the batch that each label token belongs to, (label tokens,); a row's are in order.
    """

    progress: float
    examples: tuple[int, ...]
    rows: Tensor


Objective = Callable[["Tensor", "Tensor", Moment], "Tensor"]
"""(logits, labels, moment) -> a scalar loss; logits (label tokens, vocabulary), labels (label tokens,)."""

Schedule = Callable[[float], float]
"""A weight that changes while a student learns: the share of the steps done, in [0, 1) -> the weight."""


def negative_log_likelihood(logits: Tensor, labels: Tensor, moment: Moment | None = None) -> Tensor:
    """Mean of -log Pr_theta(y|x) over label tokens; least where eq. 4.10 of the book is greatest.

    theta~ = argmax_theta sum_x log Pr^s_theta(y^|x)            (4.10), y^ the weak model's label

    With gold labels for y^ it is ordinary supervised fine-tuning: the arms differ in labels, not in loss.
    The mean over tokens instead of the sum over examples changes the step's scale, not the optimum.

    Args: logits (tokens, vocabulary), labels (tokens,) of token ids; one row a label token of the batch.
    Returns: a scalar in nats per token, 0 or more; log(vocabulary) for a model that knows nothing.
    Raises: ValueError where there is no label token at all.

    >>> import torch
    >>> round(negative_log_likelihood(torch.zeros(3, 8), torch.tensor([1, 5, 7])).item(), 4)  # log 8
    2.0794
    """
    import torch.nn.functional as F

    if labels.numel() == 0:
        raise ValueError("No label token in the batch: every explanation is empty. Check the labels.")
    return F.cross_entropy(_precise(logits), labels)


def _precise(logits: Tensor) -> Tensor:
    """At least float32: sums over a vocabulary lose too much in half precision."""
    import torch

    return logits.to(torch.promote_types(logits.dtype, torch.float32))


# --- how much: schedules ----------------------------------------------------------------------------


def constant(weight: float) -> Schedule:
    """The same weight throughout. Raises: UsageError below 0.

    >>> constant(0.5)(0.9)
    0.5
    """
    _check(weight >= 0, f"The weight is {weight}; it must be 0 or more.")
    return lambda progress: weight


def decaying(weight: float) -> Schedule:
    """From `weight` before the first step linearly to 0 after the last: lean on the weak model less and less.

    The book says of eq. 4.13 that lambda may shrink as the strong model grows able; linearly is our choice.
    Raises: UsageError below 0.

    >>> [decaying(2.0)(progress) for progress in (0.0, 0.25, 1.0)]
    [2.0, 1.5, 0.0]
    """
    _check(weight >= 0, f"The weight is {weight}; it must be 0 or more.")
    return lambda progress: weight * (1 - progress)


def ramping(most: float, warmup: float) -> Schedule:
    """From 0 before the first step linearly to `most` after a share `warmup` of the steps; then `most`.

    A student that trusts itself before it has learned anything learns its own first guesses.
    Raises: UsageError for a negative weight, or a share of the steps outside (0, 1].

    >>> [ramping(0.5, warmup=0.2)(progress) for progress in (0.0, 0.1, 0.2, 0.9)]
    [0.0, 0.25, 0.5, 0.5]
    """
    _check(most >= 0, f"The weight is {most}; it must be 0 or more.")
    _check(0 < warmup <= 1, f"The warm-up is {warmup} of the steps; it must be above 0 and at most 1.")
    return lambda progress: most * min(1.0, progress / warmup)


def _check(holds: bool, otherwise: str) -> None:
    if not holds:
        raise UsageError(otherwise)


# --- distillation: the book's (b) -------------------------------------------------------------------


def kd_divergence(weak_log_probs: Tensor, strong_logits: Tensor, in_use: Tensor | None = None) -> Tensor:
    """How far the strong model's next-token distribution is from the weak model's, mean over label tokens.

    Loss_kd = KL(Pr^w(.|x) || Pr^s_theta(.|x))                  (4.12)
            = sum_v Pr^w(v|x) [log Pr^w(v|x) - log Pr^s_theta(v|x)]

    Both must be over the same tokens. The weak model may know fewer, those `in_use`: its probability of
    every other token is 0, and adds 0 to the sum. The strong model's probabilities are *not* renormalised
    over the tokens in use. So the sum over them is 4.12 over the whole vocabulary, and what the strong
    model spends on tokens that the weak one never uses costs it.

    Args: weak_log_probs (label tokens, K), each row's probabilities adding up to 1; strong_logits
        (label tokens, vocabulary); in_use (K,) the strong model's id of each of the K, all if absent.
    Returns: a scalar in nats per token, 0 or more; 0 where the two agree. No gradient goes to the
        weak model: it is the teacher here, and stays as it is.

    >>> import torch
    >>> weak = torch.tensor([[0.5, 0.5]]).log()
    >>> round(kd_divergence(weak, torch.zeros(1, 4), in_use=torch.tensor([1, 3])).item(), 4)  # log 4 - log 2
    0.6931
    """
    import torch.nn.functional as F

    strong = _precise(strong_logits).log_softmax(-1)
    if in_use is not None:
        strong = strong[:, in_use]
    # The target as probabilities: where one is 0, 0 log 0 is taken to be 0, as in the equation.
    return F.kl_div(strong, weak_log_probs.detach().exp().to(strong), reduction="batchmean")


def with_distillation(weak_log_probs_of: Sequence[Tensor], in_use: Tensor, weight: Schedule) -> Objective:
    """Imitate the weak label, and the weak model's doubts with it: the negative of eq. 4.13, to minimise.

    theta~ = argmax sum_{(x,y) in D} log Pr^s_theta(y|x) - lambda Loss_kd       (4.13)

    Both terms are means over label tokens, so lambda weighs a token's divergence against a token's
    log-likelihood. y is the label of D, here the weak one.

    Args: weak_log_probs_of: for each example, in the order in which `finetune` gets them, the weak model's
        log-probabilities at each of its label tokens, (label tokens, K); see `distillation`.
        in_use: (K,) token ids, as in `kd_divergence`; weight: lambda over training.
    Raises (when called): UsageError where the log-probabilities are not of the batch's examples.
    """
    import torch

    def objective(logits: Tensor, labels: Tensor, moment: Moment) -> Tensor:
        weak = [weak_log_probs_of[i] for i in moment.examples]
        tokens = torch.bincount(moment.rows, minlength=len(weak)).tolist()
        if tokens != [len(of_example) for of_example in weak]:
            raise UsageError(
                f"Examples {moment.examples} have {tokens} label tokens, the weak model's log-probabilities "
                f"{[len(of_example) for of_example in weak]}. Compute them for these very examples, in order."
            )
        divergence = kd_divergence(torch.cat(weak).to(logits.device), logits, in_use.to(logits.device))
        return negative_log_likelihood(logits, labels) + weight(moment.progress) * divergence

    return objective


# --- confidence: Burns et al. 2023 ------------------------------------------------------------------


def confidence_loss(logits: Tensor, labels: Tensor, trust: float) -> Tensor:
    """Imitate the weak label, but less where the student is sure of something else.

    L = (1 - alpha) CE(f(x), y_weak) + alpha CE(f(x), y_own)    Burns et al. 2023 (2312.09390), auxiliary
                                                                confidence loss; alpha is `trust`
    y_own, the student's own *hardened* prediction, is its likeliest class, taken as given: no gradient
    goes through it. There classes are labels of an example, hardened at a threshold that keeps them
    balanced. Here they are tokens: y_own is the token that the student would write next *after the weak
    label's words so far*, not a word of the sentence that it would write by itself. At the first token on
    which the two differ it may insist; after that it goes on from the weak model's choice. No threshold,
    for there is no balance among the tokens of a vocabulary to be kept.

    Args: logits (label tokens, vocabulary), labels (label tokens,), trust in [0, 1].
    Returns: a scalar in nats per token, 0 or more.

    >>> import torch
    >>> logits = torch.tensor([[0.8, 0.2]]).log()  # sure of token 0 where the label says 1
    >>> [round(confidence_loss(logits, torch.tensor([1]), a).item(), 4) for a in (0, 0.5, 1)]
    [1.6094, 0.9163, 0.2231]
    """
    own = logits.detach().argmax(-1)
    return (1 - trust) * negative_log_likelihood(logits, labels) + trust * negative_log_likelihood(
        logits, own
    )


def with_confidence(trust: Schedule) -> Objective:
    """The auxiliary confidence loss with a weight over training, `ramping(0.5, warmup=0.2)` say.

    A known defect of released code is a warm-up that does not ramp: the weight stays near 0 until its end
    and then jumps. `ramping` gets there in equal steps.
    """

    def objective(logits: Tensor, labels: Tensor, moment: Moment) -> Tensor:
        return confidence_loss(logits, labels, trust(moment.progress))

    return objective
