# %% [markdown]
# # 8 Real code: exercises
#
# *About 48 minutes · 21 points · nothing here trains or asks a model*
#
# You build the instruments of the lesson: an accuracy with ties and an interval, code without its name, a
# score that asks what the code adds, wrong answers that are hard and wrong, the filter before a split, and
# agreement beyond chance. Then you rate six explanations yourself, and read a table as a sceptic.
# `hint("8.1")` gives the next of three hints.

# %% setup=true

# %% [markdown] exercise="8.1"
# A model gives every option of a question a score, and the highest is its choice. Two things are easily
# forgotten. Scores can be *equal*, and then the order of the options must not decide. And the four questions
# of a group share their four sentences: they are not independent, so an interval draws whole groups.

# %% exercise="8.1"
def choice_accuracy(scores: list[list[float]], answers: list[int], draws: list[list[int]]) -> list[float]:
    ### BEGIN SOLUTION
    credit = []
    for options, answer in zip(scores, answers, strict=True):
        best = max(options)
        credit.append(1 / options.count(best) if options[answer] == best else 0.0)
    shares = []
    for draw in draws:
        drawn = [value for group in draw for value in credit[4 * group : 4 * group + 4]]
        shares.append(sum(drawn) / len(drawn))
    shares.sort()
    return [sum(credit) / len(credit), shares[1], shares[-2]]
    ### END SOLUTION


# %% [markdown] solution="8.1"
# *For instructors.* A tie is worth what tossing a coin among the tied would earn on average. A model that
# gives every option the same score then has exactly the accuracy of chance, as it should.

# %% [markdown] exercise="8.2"
# A function's name often is its explanation. Take it away without breaking anything else: read the text as a
# tree, change what the tree says is the function's name, and write the tree as text again. (The course's own
# `hidden_code` does the same for parameters and variables.)

# %% exercise="8.2"
import ast


def hide_name(code: str) -> str:
    ### BEGIN SOLUTION
    function = ast.parse(code).body[0]
    name, function.name = function.name, "f"
    if ast.get_docstring(function) is not None:
        function.body = function.body[1:] or [ast.Pass()]
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == name:
            node.id = "f"
    return ast.unparse(function)
    ### END SOLUTION


# %% [markdown]
# **Use it** on a function of the standard library. What in the text that is left still tells what it does?

# %%
import inspect
import textwrap

print(hide_name(inspect.getsource(textwrap.indent)))

# %% [markdown]
# The names of parameters and variables, and of what is called, still tell a good deal. That is why the lesson
# hides all names that a function gives.

# %% [markdown] exercise="8.3"
# A model gives a probability to every token of a sentence, once after the code and once without any code.
# Choose the sentence about which the *code* says most.


# %% exercise="8.3"
def best_by_pmi(given: list[list[float]], alone: list[list[float]]) -> int:
    ### BEGIN SOLUTION
    gains = [sum(with_code) - sum(without) for with_code, without in zip(given, alone, strict=True)]
    return gains.index(max(gains))
    ### END SOLUTION


# %% [markdown] exercise="8.4"
# A question is as good as its wrong answers. If they are about another subject, nobody needs the code. If
# they are true as well, whoever reads the code well is marked wrong. Choose between the two.


# %% exercise="8.4"
def hard_distractors(true: str, others: list[str]) -> list[str]:
    ### BEGIN SOLUTION
    words, nearness = set(true.split()), {}
    for other in others:
        its_words = set(other.split())
        nearness[other] = len(words & its_words) / len(words | its_words)
    admissible = [other for other in others if nearness[other] < 0.5]
    return sorted(admissible, key=lambda other: -nearness[other])[:3]
    ### END SOLUTION


# %% [markdown] solution="8.4"
# *For instructors.* The limit is a judgement by words, and wrong on both sides: 'smallest' for 'largest' is
# left out though it is plainly false, and a paraphrase without a common word gets through. Worth discussing.

# %% [markdown]
# **Use it.** Which of these would you call true as well, and does the limit agree with you?

# %%
others = ["return the smallest item of a list", "find the maximum of some values"]
others += ["return the index of the largest item of a list", "remove an item of a list", "close a file"]
print(hard_distractors("return the largest item of a list", others))

# %% [markdown]
# The limit measures words and not truth: look for a sentence that it kept out although it is false, and for
# one that it let in although it is true.

# %% [markdown] exercise="8.5"
# Packages hold the same thing many times: twenty ways to sort. If one of them is learned from and another is
# tested on, the test measures memory. So near-duplicates go *before* the split.


# %% exercise="8.5"
def without_twins(sentences: list[str], limit: float) -> list[str]:
    ### BEGIN SOLUTION
    def overlap(one: str, other: str) -> float:
        a, b = set(one.split()), set(other.split())
        return len(a & b) / len(a | b)

    kept: list[str] = []
    for sentence in sentences:
        if all(overlap(sentence, before) < limit for before in kept):
            kept.append(sentence)
    return kept
    ### END SOLUTION


# %% [markdown] exercise="8.6"
# You and somebody else rated the same explanations. How much do you agree, beyond what two people would who
# rate without reading, each with their own habits?


# %% exercise="8.6"
def kappa(one: list[str], other: list[str]) -> float | None:
    ### BEGIN SOLUTION
    n = len(one)
    observed = sum(a == b for a, b in zip(one, other, strict=True)) / n
    expected = sum(one.count(c) * other.count(c) for c in set(one)) / n**2
    if expected == 1:
        return None
    return (observed - expected) / (1 - expected)
    ### END SOLUTION


# %% [markdown]
# **Use it.** Put in your own ratings of the lesson's ten explanations, and those of somebody beside you.

# %%
mine = ["true", "false", "vague", "vague", "true", "vague", "true", "true", "true", "vague"]  # made up
theirs = ["true", "true", "vague", "false", "true", "vague", "true", "true", "true", "vague"]  # made up
equal = sum(a == b for a, b in zip(mine, theirs, strict=True))
agreed = kappa(mine, theirs)
print(f"equal: {equal} of {len(mine)}; kappa {'undefined' if agreed is None else f'{agreed:.2f}'}")

# %% [markdown]
# Kappa is below the share of equal ratings, because some of these would be equal by chance. (Until you put in
# your own, the ratings are made up.)

# %% [markdown] exercise="8.7"
# Six functions, each with an explanation. (No letter f: that name is for functions here.) Lists hold numbers,
# `s` is a string, `d` a dictionary, `n` a whole number that is not negative.
#
# **a** `[x for x in xs if xs.count(x) == 1]`\
# *This function neatly removes all duplicates from the given list, so that every value is kept exactly
# once.*
#
# **b** `s[:len(t)] == t`\
# *Whether one string begins with the other, t.*
#
# **c** `n & (n - 1) == 0`\
# *Check whether n is a power of two.*
#
# **d** `{v: k for k, v in d.items()}`\
# *This function carefully processes the given dictionary and returns a suitably transformed one.*
#
# **e** `max(xs) - min(xs)`\
# *Distance between the extremes.*
#
# **g** `" ".join(s.split())`\
# *Cleans up a string.*
#
# Rate each. Use Python where you are not sure: that is what the lesson's judge would do.

# %% exercise="8.7"
### BEGIN SOLUTION
verdicts = {"a": "false", "b": "true", "c": "false", "d": "vague", "e": "true", "g": "vague"}
### END SOLUTION

# %% [markdown] solution="8.7"
# *For instructors.* (a) On `[1, 1, 2]` the code gives `[2]`: what comes twice is gone altogether. (c) For 0
# it says True. (d) and (g) fit sorting, filtering, trimming, and the code: nobody could write it from them.
# (b) and (e) share no word with the code and are true.

# %% [markdown] exercise="8.8"
# On real code the strong model may know a good deal before any training. Then 'the student beats its teacher'
# says nothing about the *labels*. Write the function that reads a table with that in mind.
#
# To try it: `from w2s_course.learn.imagined_runs import rows_like` gives you rows to read.


# %% exercise="8.8"
def reading(rows: list[dict]) -> dict:
    ### BEGIN SOLUTION
    arms = {row["arm"]: row for row in rows}
    student, before, weak = (arms[name] for name in ("weak_to_strong", "strong_untrained", "weak"))
    labels = "no difference shown"
    if student["low"] > before["high"]:
        labels = "helped"
    elif student["high"] < before["low"]:
        labels = "hurt"
    above = [row["arm"] for row in rows if row["low"] > 0.25]
    return {"above_chance": above, "labels": labels, "already": before["low"] > weak["high"]}
    ### END SOLUTION


# %% [markdown] solution="8.8"
# *For instructors.* Intervals that do not touch are a cautious test, since both arms answered the same
# questions; the table keeps no paired difference of these two. That untrained and trained are compared at
# all is the point: PGR takes the weak teacher as its zero, and a strong model may stand above it untaught.

# %% [markdown]
# **Use it** on the recorded rows, where there are any; else on imagined ones, which say nothing about any
# model. Your own: `w2s real-code` writes a table, and its `rows` are read in the same way.

# %%
from w2s_course.learn.imagined_runs import rows_like
from w2s_course.recorded import recorded_real_code

table = recorded_real_code()
rows = table["rows"] if table else rows_like()
print("recorded:" if table else "imagined, since no table is recorded yet:")
for seed in sorted({row["seed"] for row in rows}):
    print(f"seed {seed}:", reading([row for row in rows if row["seed"] == seed]))

# %% [markdown]
# Where `already` is True, the untrained model is above the teacher, so a student above the teacher need not
# have learned anything from its labels. Where `labels` says *no difference shown*, this seed alone does not
# decide it.

# %% [markdown]
# **You can now** measure on code that people wrote, without giving the answer away, and read the result as a
# sceptic. To see what you have done so far, in any cell: `from w2s_course.learn import progress; progress()`.
#
# **Next:** the lesson *9 The verdict*, `notebooks/09_the_verdict.ipynb`.
