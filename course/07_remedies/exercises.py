# %% [markdown]
# # 7 Remedies: exercises
#
# *About 44 minutes · 20 points · nothing here trains a model; 7.8 reads your own weak labels*
#
# You build each remedy once yourself, in a few lines: the loss that keeps the teacher's doubts, selection,
# the vote, the cascade, the confidence loss and its warm-up. At the end you read what a selection does to
# your own labels. Each check says what it verified, or what your answer seems to assume; `hint("7.1")`
# helps.

# %% setup=true

# %% [markdown] exercise="7.1"
# A label says *one* thing. The teacher that wrote it had doubts, and 4.12 lets the student see them:
#
# $$\mathrm{Loss}_{kd} = \mathrm{KL}\left(\Pr{}^w(\cdot|x)\,\|\,\Pr{}^s_\theta(\cdot|x)\right)$$
#
# The sum runs over tokens of one vocabulary. The course's teacher knows only the ids that occur in its gold;
# `in_use` says which these are.

# %% exercise="7.1"
import torch


def kd_loss(weak, logits, in_use):
    ### BEGIN SOLUTION
    student = logits.log_softmax(-1)[:, in_use]
    return (torch.xlogy(weak, weak) - weak * student).sum(-1).mean()
    ### END SOLUTION


# %% [markdown] solution="7.1"
# *For instructors.* `F.kl_div(student, weak, reduction="batchmean")` is the same; its default `"mean"`
# divides by the number of entries and is a classic silent bug. The order matters too: softmax over the
# whole vocabulary, *then* the columns.

# %% [markdown] exercise="7.2"
# Equation 4.13 joins labels and doubts:
#
# $$\tilde\theta = \arg\max_\theta \sum \log \Pr{}^s_\theta(y|x) - \lambda\,\mathrm{Loss}_{kd}$$
#
# The book adds that lambda may shrink as the strong model grows able. Here it falls in a straight line.


# %% exercise="7.2"
def student_loss(label_log_probs, kd, progress, start):
    ### BEGIN SOLUTION
    likelihood = sum(label_log_probs) / len(label_log_probs)
    weight = start * (1 - progress)
    return -likelihood + weight * kd
    ### END SOLUTION


# %% [markdown] solution="7.2"
# *For instructors.* Learners who know distillation from elsewhere write (1 - lambda) times one loss plus
# lambda times the other. That is a fine method, and not 4.13.

# %% [markdown] exercise="7.3"
# The teacher wrote a label for every snippet, some of them with little conviction. Keep those that it finds
# likeliest. In the checks `labelled(...)` makes the labels: one list of token log-probabilities each.


# %% exercise="7.3"
def likeliest(labels, share):
    ### BEGIN SOLUTION
    if not 0 < share <= 1:
        raise ValueError(f"the share must be above 0 and at most 1, not {share}")
    keep = max(1, round(share * len(labels)))
    likelihood = [sum(label["log_probs"]) for label in labels]
    best = sorted(range(len(labels)), key=lambda i: -likelihood[i])[:keep]
    return [labels[i]["id"] for i in sorted(best)]
    ### END SOLUTION


# %% [markdown] solution="7.3"
# *For instructors.* The mean over tokens is no mistake in general: it is another rule, which favours long
# sentences instead of short ones. A course that calls the rule 'likelihood' should compute the likelihood.

# %% [markdown] exercise="7.4"
# Several weak models explain the same snippet. Sentences rarely agree as a whole; claims do. In the checks
# `said("sum", "square", "even", 0.9)` is one member's claims and its confidence, and `unreadable(0.9)` is a
# sentence that nobody could parse.


# %% exercise="7.4"
def vote(ballots):
    ### BEGIN SOLUTION
    readable = [(claims, sure) for claims, sure in ballots if claims is not None]
    if not readable:
        return None
    winners = {}
    for slot in ("aggregate", "transform", "condition"):
        backers = {}
        for claims, sure in readable:
            backers.setdefault(claims[slot], []).append(sure)
        winners[slot] = max(backers, key=lambda c: (len(backers[c]), sum(backers[c])))
    return winners
    ### END SOLUTION


# %% [markdown] solution="7.4"
# *For instructors.* The result may be a sentence that no member wrote, and be right where every member is
# wrong. Ask the class for the opposite: three members, each right in two slots, and a vote that is wrong.

# %% [markdown] exercise="7.5"
# After training there are two models: the small one answers at almost no cost, the large one is better and
# dear. Let the small one answer what it is sure of.


# %% exercise="7.5"
def cascade(small, ask_large, threshold):
    ### BEGIN SOLUTION
    return [answer if sure >= threshold else ask_large(i) for i, (answer, sure) in enumerate(small)]
    ### END SOLUTION


# %% [markdown] solution="7.5"
# *For instructors.* To *compare* thresholds one has both models answer everything once (as
# `w2s_course.training.cascade` does). To *use* a cascade one must not: that is what the recorder in the check
# is for.

# %% [markdown] exercise="7.6"
# The student may know better than its labels. The confidence loss (Burns et al. 2023) lets it insist: part of
# the loss compares it with its own hardened prediction. `trust` is alpha.


# %% exercise="7.6"
import torch.nn.functional as F


def confidence_loss(logits, labels, trust):
    ### BEGIN SOLUTION
    own = logits.argmax(-1)
    return (1 - trust) * F.cross_entropy(logits, labels) + trust * F.cross_entropy(logits, own)
    ### END SOLUTION


# %% [markdown] solution="7.6"
# *For instructors.* Mixing the *targets* gives the same number, since cross-entropy is linear in its target;
# mixing the probabilities inside the logarithm does not. In the paper the classes are answers and the
# hardening threshold keeps them balanced; for tokens of a vocabulary the course uses the plain argmax.

# %% [markdown] exercise="7.7"
# **A debugging exercise.** Trust should grow while the student learns. The next lines say, in our words, what
# the warm-up of the open 2023 release computes:
#
# - after the warm-up the weight is `most`;
# - during the warm-up it is `most` times the *share of all steps* that are done.
#
# Run it in your head for a warm-up of a tenth of the steps: what is the weight just before its end, and just
# after? Then write the ramp that was meant.


# %% exercise="7.7"
def trust(progress, most, warmup):
    ### BEGIN SOLUTION
    if progress >= warmup:
        return most
    return most * progress / warmup
    ### END SOLUTION


# %% [markdown] solution="7.7"
# *For instructors.* With a warm-up of a tenth of the steps the released weight climbs to a tenth of `most`,
# and then jumps tenfold. No test of the loss notices; a plot of the weight does, at once.

# %% [markdown]
# **Use it.** Your ramp at a few moments of a training, for a top of 0.5 and a warm-up of a tenth:

# %%
for progress in (0.0, 0.05, 0.099, 0.101, 0.5):
    print(
        f"after {progress:.1%} of the steps the student's own choice weighs {trust(progress, 0.5, 0.1):.3f}"
    )

# %% [markdown]
# Between the third and the fourth line nothing should happen. In the description above there is a jump from
# about 0.05 to 0.5.

# %% [markdown] exercise="7.8"
# Now your own labels. The cell below keeps the half that your teacher finds likeliest, and splits all labels
# by what they are *about*: a concept is **known** if the teacher names it rightly at least as often as it is
# right on average, else **hard**. (The split needs the truth, which a team would not have; the selection does
# not.) Type the counts into your answer as they are printed: it is graded where your run is not.

# %%
from w2s_course.learn.rows import label_rows
from w2s_course.learn.selected import selection_by_concept

found = selection_by_concept(label_rows(lesson), lesson.splits["pool"], share=0.5)
print(f"slot: {found.slot}")
print(f"known concepts: {found.known[0]} labels kept of {found.known[1]}")
print(f"hard concepts:  {found.hard[0]} labels kept of {found.hard[1]}")
print(f"right: {found.right[0]:.3f} of all labels, {found.right[1]:.3f} of those kept")

# %% exercise="7.8"
### BEGIN SOLUTION
my_selection = {
    "known": [287, 517],
    "hard": [213, 483],
    "right": [0.503, 0.650],
    "hard_share": [483 / 1000, 213 / 500],
    "conclusion": "a",
}
### END SOLUTION

# %% [markdown] solution="7.8"
# These are the labels of the recorded sweep's teacher of seed 0, made by an older recipe; yours differ, and
# so may your letter.
#
# What each letter allows you to say. **a**: selection bought accuracy with coverage; whether that pays is
# what the recorded rows are asked. **b**: it bought accuracy, and hard concepts lost nothing. **c**: it
# threw away the hard ones and got nothing for it. **d**: the teacher's confidence carries no information
# here.

# %% [markdown]
# **You can now** write each remedy in a few lines, and say what it selects, trusts or passes on. To see what
# you have done so far, in any cell: `from w2s_course.learn import progress; progress()`.
#
# **Next:** the lesson *8 Real code*, `notebooks/08_real_code.ipynb`.
