# %% [markdown]
# # 6 The advantage: exercises
#
# *About 43 minutes · 18 points · nothing here trains a model*
#
# You build the tools of a decision: what a training computes, from how many labels on a weak model is the
# cheaper source, how many of its labels the same operations buy, who is dominated and how surely, what weak
# labels are worth in gold. Then you decide, under your own prices. `hint("6.1")` gives the next of three
# hints.

# %% setup=true

# %% [markdown] exercise="6.1"
# Seconds depend on the machine, operations on the model and the recipe alone. Each weight is used in up to
# three products for every token: one forward, two backward. Write the function that counts them, for full
# fine-tuning and for frozen weights with adapters.
#
# **Predict first:** the weights of a model are frozen, and adapters sit in all of its layers. What share of
# the operations of full training is left?


# %% exercise="6.1"
def training_operations(parameters: float, tokens: float, passes: int, reached: float, frozen: bool) -> float:
    ### BEGIN SOLUTION
    forward_once = 2 * parameters * tokens * passes
    backward_products = 1 if frozen else 2
    return forward_once * (1 + reached * backward_products)
    ### END SOLUTION


# %% [markdown]
# **Use it.** The strong model of the course, adapters in its upper layers, one pass over the tokens of a
# recorded training, the ceiling's; beside it what the run counted. It counts in two stages: first the frozen
# *lower layers* read each of its texts once, then the training goes on from there.

# %%
from w2s_course.config import PRESETS
from w2s_course.costs import run_mixes
from w2s_course.models.catalog import MODELS
from w2s_course.wording import quantity

config = PRESETS["cpu"].config
run = lesson.recorded(0)
tokens = run["cost"]["stages"]["ceiling training"]["tokens"]
counted = next(row["flops"] for row in run_mixes(run) if row["arm"] == "ceiling")
weights = MODELS[config.strong_model].parameters
yours = training_operations(weights, tokens, 1, config.lora.upper, True)
print(f"yours: {quantity(yours)}; counted by the run: {quantity(counted)} operations")
print(f"{yours / counted:.2f} times the run's count")

# %% [markdown]
# Yours is a tenth larger. The run adds attention and the adapters, but it computes the output matrix, a fifth
# of all weights, only where a label's token stands.

# %% [markdown] exercise="6.2"
# A weak label is nearly free, once there is a weak model; a human one needs nothing but the human. Which of
# two sources is cheaper depends on how many labels one wants. From how many on?


# %% exercise="6.2"
import math


def cheaper_from(one: tuple[float, float], other: tuple[float, float]) -> int | None:
    ### BEGIN SOLUTION
    more_making, less_each = one[0] - other[0], other[1] - one[1]
    if less_each == 0:
        return 1 if more_making < 0 else None
    if less_each < 0:
        return None
    return max(1, math.floor(more_making / less_each) + 1)
    ### END SOLUTION


# %% [markdown]
# **Use it** at your own prices. Put them into the first line.

# %%
from w2s_course.learn.prices import label_prices

price = label_prices(lesson.recorded(0), expert_hour=60, expert_minutes=2)
pairs = {source: (price[source].making, price[source].marginal) for source in price}
for rival in ("human", "strong_hosted"):
    print(f"weak before {rival}: from", cheaper_from(pairs["weak"], pairs[rival]), "labels on")

# %% [markdown]
# These are bills for labels, right and wrong ones alike. Where the weak model was there anyway, its making
# is on somebody else's bill: set it to 0 and look again.

# %% [markdown] exercise="6.3"
# Bansal et al. (2024) give a weak and a strong model equally many operations for writing data, and compare
# what students learn from it. The first half of that is arithmetic: how many weak labels is that?
#
# **Predict first:** the strong model has 100 times the parameters. Are 100 weak labels fair for each of its
# own?


# %% exercise="6.3"
def matched(labels: int, strong: tuple[float, float], weak: tuple[float, float], making: float) -> int:
    ### BEGIN SOLUTION
    strong_label, weak_label = (2 * parameters * tokens for parameters, tokens in (strong, weak))
    left = labels * strong_label - making
    return max(0, int(left // weak_label))
    ### END SOLUTION


# %% [markdown] exercise="6.4"
# Accuracy against cost: whoever lies below and to the right of another plan is out. But accuracies are
# measured, and a mean that is lower by a hair may be lower by chance.


# %% exercise="6.4"
def places(points: list[tuple[float, float, float, float]]) -> list[str]:
    ### BEGIN SOLUTION
    def dominates(a, b):
        as_good = a[0] <= b[0] and a[1] >= b[1]
        return as_good and (a[0] < b[0] or a[1] > b[1])

    found = []
    for point in points:
        better = [other for other in points if dominates(other, point)]
        clear = any(other[2] > point[3] for other in better)
        found.append("clearly dominated" if clear else "maybe dominated" if better else "frontier")
    return found
    ### END SOLUTION


# %% [markdown]
# **Use it** on what was recorded, at your prices. First the plans:

# %%
from w2s_course.learn.frontier import explore

found = explore(budget=700, expert_hour=60, expert_minutes=2)
print(found)

# %% [markdown]
# Now your own verdict beside the table's. Plans of a single seed have no interval over seeds of their own;
# they are left out here.

# %%
plans = [row for row in found.rows if row["low"] is not None]
mine = places([(row["cost"], row["accuracy"], row["low"], row["high"]) for row in plans])
for row, place in zip(plans, mine, strict=True):
    print(f"{row['gold']:>6,} gold + {row['weak']:>6,} weak: {place}")

# %% [markdown]
# Where yours differs from the table's: a plan that was left out may have dominated, and the table computes
# with more digits than it shows.

# %% [markdown] exercise="6.5"
# The student on weak labels reached some accuracy. How many bought gold labels would have given the same?
# The curve of the strong model on gold was recorded at a few sizes; read it, and do not write beyond it.


# %% exercise="6.5"
def worth(accuracy: float, curve: list[tuple[float, float]]) -> float | None:
    ### BEGIN SOLUTION
    from itertools import pairwise

    if accuracy == curve[0][1]:
        return curve[0][0]
    for (x0, y0), (x1, y1) in pairwise(curve):
        if y0 < accuracy <= y1:
            return x0 * (x1 / x0) ** ((accuracy - y0) / (y1 - y0))
    return None
    ### END SOLUTION


# %% [markdown]
# **Use it** on what was recorded, a line for each seed.

# %%
from w2s_course.costs import gold_curve
from w2s_course.costs.rows import number
from w2s_course.learn.frontier import recording

source = recording()
weak = [row for row in source.only(gold=False) if row["weak_labels"] == 1000]
for seed, curve in gold_curve(source.only(gold=True)).items():
    points = list(zip(curve.x, curve.y, strict=True))
    for row in (row for row in weak if row["seed"] == seed):
        student = number(row, "exact")
        print(f"seed {seed}: student {student:.3f}, worth {worth(student, points)}; curve {points}")

# %% [markdown]
# `None` is an answer too: the student lies outside what was recorded for its seed, and the curve printed
# beside it says on which side. Where all seeds say None, only a bound is known.

# %% [markdown] exercise="6.6"
# Weak labels replace some gold. Whether that pays depends on what gold costs, and on whether the teacher
# itself had to be fed with it.


# %% exercise="6.6"
def break_even(worth: float, labels: int, price: float, training: float, teacher_gold: float) -> float | None:
    ### BEGIN SOLUTION
    saved = worth - teacher_gold
    if saved <= 0:
        return None
    return (labels * price + training) / saved
    ### END SOLUTION


# %% [markdown] solution="6.6"
# *For instructors.* The two answers that the unit is about are two values of `teacher_gold`: 0, the team of
# the story whose weak model is already there, and the few hundred pairs of our laboratory. Learners who find
# 'it depends' unsatisfying should say on what, in dollars.

# %% [markdown] exercise="6.7"
# Your team has a budget. Choose a plan from your own table, and name its strongest rival: the one that a
# critic would ask about first. Then say what the numbers show, and no more.
#
# Your prices are yours, so nobody else's decision is the right one; what is checked is whether your
# conclusion follows from *your* numbers. This cell gives you the table to choose from; change the prices and
# the budget.

# %% exercise="6.7"
from w2s_course.learn.frontier import explore

budget = 700
table = explore(budget=budget, expert_hour=60, expert_minutes=2, teacher_is_bought=True)
print(table)
### BEGIN SOLUTION
fit = [row for row in table.rows if row["low"] is not None and row["cost"] <= budget]
rows = sorted(fit, key=lambda row: -row["accuracy"])
best, rival = ([row[key] for key in ("cost", "accuracy", "low", "high")] for row in rows[:2])
apart = best[2] > rival[3]
if not apart and rival[0] < best[0]:
    best, rival = rival, best
memo = {
    "budget": budget,
    "chosen": best,
    "rejected": rival,
    "difference": "chosen better" if apart else "open",
    "reason": "better" if apart else "cheaper",
}
### END SOLUTION

# %% [markdown] solution="6.7"
# *For instructors.* This solution takes the two most accurate plans within the budget; where their difference
# is open, the honest choice is the cheaper of the two. Others are as good: a cheap plan whose rival cannot be
# paid for, or one of weak labels by a team whose weak model was there. What is marked wrong is a reason that
# the numbers do not carry.

# %% [markdown] exercise="6.8"
# Two studies of cheap labels are quoted in every discussion. *Gilardi et al. 2023*
# ([PMC10372638](https://pmc.ncbi.nlm.nih.gov/articles/PMC10372638)): on tweets and news articles ChatGPT was
# about 25 percentage points more accurate than crowd workers, for less than 0.003 dollars a label, about
# thirty times cheaper. *Alpaca 2023*: 52,000 examples from a stronger model, for under 500 dollars.
#
# A colleague writes, for your plan of explanations by a small model of your own:
#
# a) Our weak labels will be about 25 points more accurate than those of people.\
# b) A price of 0.003 dollars is one for a label of a hosted model; what ours cost has to be worked out anew.\
# c) Machine labels are machine labels: ours will be about thirty times cheaper than people's too.\
# d) The people there were crowd workers; against developers who read code the factor is another one.\
# e) In neither study did a weaker model write labels for a stronger one.\
# f) Alpaca shows that fine-tuning a strong model on cheap labels of a weak one works.\
# g) At 0.003 dollars a label, a thousand right labels cost three dollars.

# %% exercise="6.8"
### BEGIN SOLUTION
transfers = ["b", "d", "e"]
### END SOLUTION

# %% [markdown] solution="6.8"
# *For instructors.* (e) is a sentence about what was compared: one study set a hosted model beside people, in
# the other the teacher was the stronger model. Neither says anything against the plan; they are about others.

# %% [markdown]
# **You can now** count what a training computes, price a label, place a plan on a frontier, and let numbers
# carry a decision. To see what you have done so far, in any cell: `from w2s_course.learn import progress;
# progress()`.
#
# **Next:** the lesson *7 Remedies*, `notebooks/07_remedies.ipynb`.
