# %% [markdown]
# # 2 Weak labels
#
# *About 45 minutes, of which half a minute to two are waiting, once · then seven exercises*
#
# The plan rests on what the small model writes. Here you make these labels and look at them: not at one
# number, but at what is wrong with them, and how one could know without the truth.
#
# After this lesson you will be able to
# - train the weak model and let it label a pool;
# - say which claims go wrong, and whether errors are scattered or go in one direction;
# - audit labels by hand, and say what twenty of them prove;
# - read a confidence: what it is worth, and what it is not;
# - put a price on a label.

# %% setup=true

# %% [markdown]
# The lines above say what you wait for and how long, if this machine does nothing else. What was computed
# once is kept, for the exercises and the units after this one too.
#
# ## 2.1 What there is
# The *pool* is the team's collection of code: no explanations. The *gold* pairs are what the weak model
# learns from. Whoever makes labels knows the truth about gold only. We know it about the pool as well,
# because a program made the snippets, and we use it to *measure*, never to train.

# %%
pool, gold = lesson.splits["pool"], lesson.splits["gold"]
print(f"{len(gold):,} gold pairs; {len(pool):,} snippets in the pool. The first of each:\n")
print(gold[0].code, "\n  →", gold[0].explanation, "\n")
print(pool[0].code, "\n  → ?")

# %% [markdown]
# In the team's story nobody pays for gold: the small model has picked up its skill somewhere. Our gold set
# stands for that, as in the study that gave the method its name (Burns et al. 2023). Keep it in mind: it is
# a stand-in, and section 2.10 puts a price on it.
#
# ## 2.2 Predict first
# A label makes three *claims*, one for each **slot**: which numbers are kept (the **condition**), what is
# done to each (the **transform**), and what becomes of all (the **aggregate**). It is right only if all three
# are, and wrong also if it cannot be read. Two bets, before anything is trained:

# %%
from w2s_course.learn import predict

accuracy_bet = predict("2.accuracy", "What share of the weak model's labels will be fully right?", unit="%")
slot_bet = predict(
    "2.slot",
    "Which claim will be wrong most often?",
    options=["aggregate", "transform", "condition"],
)

# %% [markdown]
# A guess is enough. One that was written down before teaches more than an explanation after the fact, and
# the next cell waits for it.
#
# ## 2.3 Train the weak model
# A small decoder, built like the large ones, with random weights and a vocabulary of its own. It reads the
# gold pairs over and over; nothing else has ever been shown to it. The cell says how long that takes.

# %%
from w2s_course.arms.small import load_weak
from w2s_course.models.catalog import MODELS

accuracy_bet.required()
slot_bet.required()
weak_folder = lesson.stage("weak")
model, tokenizer = load_weak(weak_folder)
size = f"{model.num_parameters():,} parameters, {len(tokenizer):,} different tokens"
print(f"{size}, {lesson.config.weak_epochs} passes over {len(gold):,} gold pairs")
strong_size = MODELS[lesson.config.strong_model].parameters
print(f"The strong model has {strong_size / model.num_parameters():.0f} times as many parameters.")

# %% [markdown]
# Now it explains the whole pool: for each snippet it writes the token (a word or a piece of one) that it
# finds most likely, then the next, up to its end mark. This is the $\hat y = \arg\max_y \Pr(y \mid x)$ of
# equation 4.10 in the book, token by token.

# %%
from w2s_course.labeling import load_labels

labels = load_labels(lesson.stage("labels"))
for i in range(5):
    print(labels["code"][i], "\n  →", labels["explanation"][i])
    print(f"    confidence {labels['confidence'][i]:.0%}\n")

# %% [markdown]
# Raw labels, as the team would see them. **Before you go on**, decide for each of the five: right or wrong?
# Read the code, not the sentence: most sentences *sound* right.
#
# ## 2.4 How many are right?
# Now the judge, who runs the function that a sentence describes beside the code.

# %%
from w2s_course.learn import label_rows

rows = label_rows(lesson)
for row in rows[:5]:
    verdict = "right" if row.right else f"wrong: {', '.join(row.teacher_wrong)}"
    print(f"{verdict:35} truth: {row.truth}")

# %% [markdown]
# How many of the five did you have right? A sentence that names all three slots as wrong is either wrong
# throughout or could not be read.

# %%
from dataclasses import asdict

from w2s_course.metrics import share
from w2s_course.wording import percent, with_interval

right = [row.right for row in rows]
exact = asdict(share(right, seed=lesson.config.seed))
text = f"Of {len(rows):,} labels {with_interval(exact)} are fully right."
accuracy_bet.compare(round(100 * exact["value"], 1), text)

# %% [markdown]
# The range in brackets is a 95% interval: it says how far the share could be off because these are only so
# many snippets. It knows nothing of another gold set or other random weights to start from. The recorded
# runs show what these do:

# %%
for run in lesson.recorded_all():
    print(f"seed {run['config']['seed']}: {with_interval(run['labels']['exact'])} of the labels right")

# %% [markdown]
# Same recipe and same grammar, other snippets and other weights to start from. Where the intervals of two
# runs lie apart, counting on few snippets does not explain it; the gold set and the start of the training
# do their part. One run is an anecdote.
#
# ## 2.5 Which claims go wrong?
# A label that is wrong need not be wrong throughout. The bars split the labels by claim, then by the style
# in which the code is written.

# %%
SLOTS = ("aggregate", "transform", "condition")
groups = {slot: [slot not in row.teacher_wrong for row in rows] for slot in SLOTS}
styles = sorted({row.style for row in rows})
groups |= {f"in style {style}": [row.right for row in rows if row.style == style] for style in styles}
measured = {name: share(values) for name, values in groups.items()}
hardest = min(SLOTS, key=lambda slot: measured[slot].value)
slot_bet.compare(hardest, f"There {percent(measured[hardest].value)} of the labels are right.")

# %% [markdown]
# The picture shows how clear that was. The dark bars are about claims, the pale ones about whole labels.

# %%
import matplotlib.pyplot as plt

from w2s_course import plots
from w2s_course.plots.drawing import frame, interval, percent_axis

with plots.style():
    figure, ax = plt.subplots(figsize=(6.5, 4), layout="constrained")
    for y, (name, found) in enumerate(measured.items()):
        ax.barh(y, found.value, color=plots.ARM_COLOURS["weak"], alpha=1 if name in SLOTS else 0.5)
        interval(ax, y, found.ci95, horizontal=True)
    percent_axis(ax, "x", "claims right (top), labels fully right (bottom)")
    frame(ax, f"The {hardest} is wrong most often")
    ax.set_yticks(range(len(measured)), list(measured))
    ax.invert_yaxis()
    plt.show()
for name, found in measured.items():
    print(f"{name}: {with_interval(asdict(found))} right")

# %% [markdown]
# Where the lines of two bars overlap much, this run hardly says which is harder. If one *style* stands out,
# ask what the code looks like there. Each style has the same mix of true explanations, so it is the form of
# the code over which the teacher stumbles: its errors come together with something that a student can see.

# %%
from w2s_course.learn import activity

activity("2.together")

# %% [markdown]
# So a table by claim does not replace the count of labels that are right throughout.
#
# ## 2.6 Scattered, or all in one direction?
# Two teachers can be equally accurate and teach very different things. Take the labels of filters for odd
# numbers that are wrong: do they say something else each time, or always the same?

# %%
import pandas as pd

from w2s_course.results import judge_all

verdicts = judge_all(labels["explanation"], pool)


def said_of(slot):
    """For each snippet: what is true in this slot, and what the label says instead, or the same if right."""
    for snippet, verdict in zip(pool, verdicts, strict=True):
        name = snippet.claims[slot].name
        if verdict.claims[slot]:
            yield slot, name, name  # other words for the same thing are right
        elif verdict.claimed is None:
            yield slot, name, "unreadable"
        else:
            claimed = verdict.claimed[slot].name
            yield slot, name, "other number" if claimed == name else claimed


claims = pd.DataFrame([row for slot in SLOTS for row in said_of(slot)], columns=["slot", "truth", "label"])
print(f"{len(claims):,} claims in {len(pool):,} labels")

# %% [markdown]
# A row for each claim: what is true, and what the label says. For the slot that is wrong most often, all of
# it in one picture: a line for each truth, a column for what labels say of it.

# %%
table = pd.crosstab(*(claims[claims["slot"] == hardest][side] for side in ("truth", "label")))
table = table.reindex(columns=[*table.index, *sorted({*table.columns} - {*table.index})], fill_value=0)
with plots.style():
    figure, ax = plt.subplots(figsize=(7, 6.2), layout="constrained")
    ax.imshow(table.div(table.sum(axis=1), axis=0), cmap="Oranges", vmin=0, vmax=1, aspect="auto")
    for y, line in enumerate(table.to_numpy()):
        for x, count in enumerate(line):
            if count:
                dark = count > 0.6 * line.sum()
                ax.text(x, y, count, ha="center", va="center", color="white" if dark else "black", fontsize=9)
    ax.set_xticks(range(table.shape[1]), table.columns.str.replace("_", " "), rotation=60, ha="right")
    ax.set_yticks(range(table.shape[0]), table.index.str.replace("_", " "))
    ax.set(xlabel="what the label says", ylabel="what is true", title=f"Labels by {hardest}, counted")
    plt.show()
wrong = claims[(claims["slot"] == hardest) & (claims["truth"] != claims["label"])]
often = wrong.groupby(["truth", "label"]).size().sort_values(ascending=False).head(3)
print(f"{len(wrong):,} wrong of {len(pool):,}; most often:")
print("; ".join(f"{said} for {true} ({n} times)" for (true, said), n in often.items()))

# %% [markdown]
# Each line is one truth; the darker a field, the larger its share of the line. On the diagonal, where truth
# and label have the same name, the label is right. A line with one dark field elsewhere is a *direction*: a
# rule that the teacher follows and should not. A line with many pale fields is noise.
#
# The same for all three slots, worst first. ('Other number' means: the right concept with a wrong number.)

# %%
claims["right"] = claims["truth"] == claims["label"]
by_concept = claims.groupby(["slot", "truth"])
instead = claims[~claims["right"]].groupby(["slot", "truth"])["label"]
concepts = pd.DataFrame(
    {
        "labels": by_concept.size(),
        "right": by_concept["right"].mean(),
        "mostly said instead": instead.agg(lambda said: said.value_counts().index[0]),
        "of its errors": instead.agg(lambda said: said.value_counts(normalize=True).iloc[0]),
    }
)
shown = concepts.sort_values("right").head(10).reset_index()
shown.style.format({"right": "{:.0%}", "of its errors": "{:.0%}"}, na_rep="").hide()

# %% [markdown]
# The last column is the direction: near 100%, when it errs it errs the same way. Read it together with
# *right*: a direction with few errors behind it is an accident. Where two wrong answers are equally frequent,
# the table names the one that comes first in the pool; exercise 2.4 names the alphabetically first.
#
# Why this matters for the student: it will see many snippets with the same truth. Suppose it took, for each
# truth, simply the concept that most labels name (the numbers in them left aside).

# %%
claims["concept"] = claims["label"].where(claims["label"] != "other number", claims["truth"])
most_said = claims.groupby(["slot", "truth"])["concept"].agg(lambda said: said.value_counts().index[0])
led_astray = [f"{slot}: {true} → {said}" for (slot, true), said in most_said.items() if true != said]
print(f"All three claims right: {percent(sum(right) / len(right))} of the labels.")
print(f"By majority: {len(most_said) - len(led_astray)} of {len(most_said)} concepts right.")
print("A wrong answer leads for:", ", ".join(led_astray) or "no concept")

# %% [markdown]
# No student votes like this; it is a caricature. But it shows what a student *can* average out, and what it
# cannot: where a wrong answer leads, more such labels only make it surer. In an earlier version of this
# experiment wrong answers led for several concepts, and the student did not beat its teacher (the [log of
# negative results](../docs/negative-results.md) has the figures).

# %%
activity("2.direction")

# %% [markdown]
# Whichever you chose, unit 5 puts it to the test: the same share of wrong labels, once at random and once
# by rule.
#
# ## 2.7 Audit twenty by hand
# The team has no judge. What it can do is look. Read twenty labels, drawn at random, and say for each
# whether it is true; five to ten minutes. Work it out on an example: for `[3, -4, 8]`, what does the code
# return, and what would the sentence? First a bet, on yourself:

# %%
audit_bet = predict(
    "2.audit", "On how many of 20 labels will you and the judge agree?", high=20, unit="labels"
)

# %% [markdown]
# Press *Right* or *Wrong*. The truth appears after the last one. Your answers are kept; you may stop and
# come back.

# %%
import time

from w2s_course.learn import audit

started = time.perf_counter()
mine = audit(rows, n=20, seed=0)

# %% [markdown]
# When you are through, run the next cell.

# %%
n = len(mine.rows)
if mine.done:
    audit_bet.compare(sum(a == row.right for a, row in zip(mine.answers, mine.rows, strict=True)))
    taken = (time.perf_counter() - started) / n
    print(f"At most {taken:.0f} seconds for each, if you did not pause. Missed errors: {len(mine.missed)}.")
else:
    print(f"{len(mine.answers)} of {n} judged so far; the rest of this section takes the judge's answers.")

# %% [markdown]
# Where you and the judge differ, read the code again: the judge ran it. Errors that you *missed* are the
# interesting ones. Fluent sentences with one wrong word pass a tired reader easily, and these are the
# labels that a team's own audit would let through.
#
# What do twenty labels prove? Wilson's interval holds every share that the whole pool could have without your
# count being a surprise:

# %%
from math import sqrt


def wilson(right, n, z=1.96):
    share = right / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


who, counted = ("you", sum(mine.answers)) if mine.done else ("the judge", sum(row.right for row in mine.rows))
low, high = wilson(counted, n)
print(f"Of {n} labels {who} found {counted} right: between {percent(low)} and {percent(high)} of the pool.")
side = "inside" if low <= exact["value"] <= high else "outside"
print(f"The judge, on all {len(rows):,}: {percent(exact['value'])}, {side} that range.")
for more in (100, 400):
    low, high = wilson(more * counted / n, more)
    print(f"Had it been the same share of {more}: between {percent(low)} and {percent(high)}")

# %% [markdown]
# Twenty tell a good teacher from a useless one, and little else; four times the work halves the width. If
# the judge's share lies outside *your* interval, either chance was against you (one audit in twenty) or you
# read labels more mildly, or more severely, than they deserve. **Note the two counts down**: exercise 2.6
# asks for them.

# %%
activity("2.twenty")

# %% [markdown]
# An audit answers the question that its size can answer. Fix the question first, then count.
#
# ## 2.8 Does it know when it is wrong?
# Each label came with a confidence: the probability that the model gave to the whole sentence, a product
# over its tokens and the end mark. A last bet:

# %%
OPTIONS = ["surer than it is right", "about as sure as it is right", "less sure than it is right"]
sure_bet = predict("2.sure", "The weak model, on average, is ...", options=OPTIONS)

# %% [markdown]
# A confidence is worth something if labels with more of it are more often right. So: sort the labels by
# confidence, cut them into five equal groups, and look at each.

# %%
from w2s_course.findings import overconfidence
from w2s_course.metrics import reliability

sure_bet.required()
confidence = [row.confidence for row in rows]
facts = {"n": len(rows), "exact": exact, "confidence": sum(confidence) / len(rows)}
report = {"labels": {**facts, "reliability": reliability(confidence, right)}}
surplus = overconfidence(report)
outcome = OPTIONS[0 if surplus > 0 else 1 if surplus == 0 else 2]
sure_bet.compare(outcome, f"Mean confidence {percent(facts['confidence'])}, right {with_interval(exact)}.")

# %% [markdown]
# 'About as sure' means that the mean confidence lies within the interval of the share that is right. A mean
# can hide a lot, so here are the five groups.

# %%
from w2s_course.wording import wrapped

with plots.style():
    figure, ax = plt.subplots(figsize=(5.5, 4.8), layout="constrained")
    drawn = plots.reliability(report, ax)
    plt.show()
print(drawn)
print(wrapped(drawn.caption))

# %% [markdown]
# Two questions, and they are different. *How close are the points to the line?* That is calibration:
# whether a confidence of 70% means right in 70 of 100. *How far do the points reach upwards?* That is
# discrimination: whether sorting by confidence separates right from wrong at all. If the points rise from
# left to right, the confidence is useful even where it is off the line.

# %%
activity("2.calibrated")

# %% [markdown]
# And now the labels that no confidence will catch: the surest ones that are wrong.

# %%
from w2s_course.learn.browser import show_row

for row in sorted((row for row in rows if not row.right), key=lambda row: -row.confidence)[:3]:
    print(show_row(row), "\n")

# %% [markdown]
# The wrong words stand in double brackets. Is it one of the directions of section 2.6? A teacher is sure of a
# rule that it follows consistently, whether the rule is right or not. Confidence finds doubts, not blind
# spots.
#
# Suppose that the team keeps the surer half of its labels, and throws the rest away:

# %%
from collections import Counter

ranked = sorted(rows, key=lambda row: row.confidence)
kept = ranked[len(ranked) // 2 :]
cleaner = percent(sum(row.right for row in kept) / len(kept))
print(f"right: {percent(exact['value'])} of all, {cleaner} of the surer half")
before, after = (Counter(pool[row.number].claims[hardest].name for row in some) for some in (rows, kept))
survived = sorted(before, key=lambda name: after[name] / before[name])
for name in (*survived[:2], *survived[-2:]):
    print(f"{hardest} '{name.replace('_', ' ')}': {after[name]} of {before[name]} labels are kept")

# %% [markdown]
# The share that is right goes up wherever confidence is worth anything. The second thing to look at is what
# goes with the errors: if some kinds are thinned out much more than others, they are the ones that the
# teacher finds hard, and the student will hardly practise them. Filtering can leave easier questions rather
# than a better set (Shi 2025, [arXiv 2503.04249](https://arxiv.org/abs/2503.04249)); unit 7 measures what
# it does here.

# %%
activity("2.filter")

# %% [markdown]
# ## 2.9 What argmax throws away
# The label is the model's single most likely sentence (to be exact, its most likely token at every step).
# What else was it thinking of? We let it *draw* a hundred sentences about a snippet of which it is sure,
# one of medium confidence, and one of which it is not sure. A few seconds.

# %%
import torch

from w2s_course.judging.execution import judge
from w2s_course.training.batches import prompt_of


def draw(code, count=100):
    """Sentences drawn with the probabilities that the model gives them."""
    ids = torch.tensor([tokenizer(prompt_of(code))["input_ids"]] * count, device=model.device)
    torch.manual_seed(0)
    written = model.generate(
        input_ids=ids, attention_mask=torch.ones_like(ids), do_sample=True, top_k=0, max_new_tokens=40
    )
    return [
        text.strip() for text in tokenizer.batch_decode(written[:, ids.shape[1] :], skip_special_tokens=True)
    ]


for row in (ranked[-1], ranked[len(ranked) // 2], ranked[0]):
    drawn = Counter(draw(row.code))
    truth = pool[row.number].claims
    true_ones = sum(count for text, count in drawn.items() if judge(text, row.code, truth).exact)
    print(f"label ({'right' if row.right else 'wrong'}, {row.confidence:.0%}): {row.teacher}")
    print(
        f"of 100 drawn: {drawn[row.teacher]} are the label, {true_ones} are right, {len(drawn)} different\n"
    )

# %% [markdown]
# The share of draws that equal the label should be near its confidence: that is what the confidence *means*.
# Now compare with the share that is right. Where the label is wrong and some draws are right, the model held
# the truth for possible, and argmax kept nothing of it: a student that sees only labels sees certainty where
# there was doubt. (Where *more* draws are right than equal the label, several right wordings add up, or the
# most likely sentence does not begin with the most likely words.) Two remedies of unit 7 keep the doubt:
# ensembles, and distillation on whole distributions.

# %%
activity("2.doubt")

# %% [markdown]
# ## 2.10 What a label costs
# The course took the time of training and labelling. All else is assumed, and printed with the sums; put in
# your own.

# %%
import json

from w2s_course.arms.files import COSTS
from w2s_course.costs import StageCost, price_of_1000_labels

spent = json.loads((weak_folder / COSTS).read_text())
spent |= json.loads((lesson.stage("labels") / COSTS).read_text())
costs = {name: StageCost(**spent[name]) for name in ("weak training", "weak labels")}
for name, cost in costs.items():
    print(
        f"{name}: {cost.seconds:.1f} s, {cost.tokens:,.0f} tokens, ${cost.money():.6f} of a rented computer"
    )

# %% [markdown]
# Seconds of this machine; if the labels came from the cache, of the time when they were made. Beside it
# what a hosted large model, and a person, would ask:

# %%
from w2s_course.costs import assumptions_as_dict

own = price_of_1000_labels(costs["weak labels"], len(pool), read=0, written=0)["weak"]
prices = {**lesson.recorded()["cost"]["per_1000_labels"], "weak": own}  # the hosted model's tokens: recorded
bill = {
    "cost": {"per_1000_labels": prices, "assumptions": assumptions_as_dict()},
    "arms": {"weak": {"labels": len(gold)}},
}
with plots.style():
    figure, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
    drawn = plots.cost(bill, ax)
    plt.show()
print(drawn)
print(wrapped(drawn.caption))

# %% [markdown]
# A scale on which each mark is many times the one before it, because nothing else would show all three.
# Before you take the left end for the price of the plan, read the sentence about the gold pairs once more:
# what the teacher learned from is on no axis. And a label that is wrong costs as much as one that is right.
# Exercise 2.7 counts both.

# %% [markdown]
# ## What to take along
# - A label set is not a number. *Which* claims are wrong, for which code, and in which direction says more
#   than how many.
# - Scattered errors can be averaged out by a student; errors that go in one direction are a lesson that it
#   will learn.
# - A confidence finds doubts, not blind spots. Being calibrated and being useful for sorting are two things.
# - Twenty labels, read with care, tell good from useless. An interval says what they do not tell.
# - Labelling costs next to nothing. The skill to label, and finding out what is wrong, does not.
#
# **Next:** [the exercises of this unit](../exercises/02_weak_labels/02_weak_labels.ipynb), then [3 Fine-tune
# the strong model](03_fine_tune.ipynb), in which the strong model learns from these very labels.
