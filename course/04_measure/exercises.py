# %% [markdown]
# # 4 Measure: exercises
#
# *About 42 minutes · 19 points · nothing here trains a model*
#
# You build the measuring tools of the course once yourself: the share of the gap, its status, intervals by
# drawing again, paired and over seeds, and at the end a function that reads a run. Each check says what it
# verified, or what your answer seems to assume. `hint("4.1")` gives the next of three hints.

# %% setup=true

# %% [markdown] exercise="4.1"
# The weak model scored `weak`, the student on its labels `w2s`, the same student on true labels `ceiling`.
# Turn the three into one number. The raw one: nothing is clamped here.

# %% exercise="4.1"
def gap_recovered(weak: float, w2s: float, ceiling: float) -> float:
    ### BEGIN SOLUTION
    if ceiling <= weak:
        raise ValueError("the ceiling does not beat the weak model: there is no gap")
    return (w2s - weak) / (ceiling - weak)
    ### END SOLUTION


# %% [markdown] solution="4.1"
# *For instructors.* The guard comes first because of the last case: a ceiling *below* the weak model and a
# student below it too divide two negative numbers, and the result looks like a success.

# %% [markdown] exercise="4.2"
# A report needs more than the raw number: what the book prints (4.11), and whether either means anything.
# Somebody else has computed the 95% interval of the gap for you; `gap_low` is its lower end.


# %% exercise="4.2"
def report(weak: float, w2s: float, ceiling: float, gap_low: float) -> dict:
    ### BEGIN SOLUTION
    if ceiling <= weak:
        return {"raw": None, "clamped": None, "status": "no gap"}
    raw = (w2s - weak) / (ceiling - weak)
    status = "ok" if gap_low > 0 else "gap within noise"
    return {"raw": raw, "clamped": max(0.0, raw), "status": status}
    ### END SOLUTION


# %% [markdown]
# **Use it.** The recorded runs, with the lower end of the gap's interval from the two arms taken as
# independent (which is cautious: on the same snippets it is usually narrower).

# %%
for run in lesson.recorded_all():
    arms = [run["arms"][arm]["exact"] for arm in ("weak", "weak_to_strong", "ceiling")]
    weak, w2s, ceiling = (arm["value"] for arm in arms)
    error = sum(arm["value"] * (1 - arm["value"]) / arm["n"] for arm in (arms[0], arms[2])) ** 0.5
    print(f"seed {run['config']['seed']}:", report(weak, w2s, ceiling, ceiling - weak - 1.96 * error))

# %% [markdown]
# The status comes with each number. `ok` says that the gap is beyond its noise, and nothing about how sure
# its share is: that is for an interval to say, as in section 4.3 of the lesson.

# %% [markdown] exercise="4.3"
# Each snippet makes several claims, and we want to know how sure the share of *right claims* is. The draws
# are given (so that your result can be checked to the last digit): each draw is a list of snippet numbers, as
# many as there are snippets, some of them several times.
#
# The claims of one snippet are not independent: a model that misreads the loop has all of them wrong. So what
# is drawn is the snippet, with all that it claims.


# %% exercise="4.3"
def interval(claims: list[list[int]], draws: list[list[int]]) -> list[float]:
    ### BEGIN SOLUTION
    shares = []
    for draw in draws:
        drawn = [right for snippet in draw for right in claims[snippet]]
        shares.append(sum(drawn) / len(drawn))
    shares.sort()
    outside = (len(draws) - 1) // 40
    return [shares[outside], shares[-1 - outside]]
    ### END SOLUTION


# %% [markdown] exercise="4.4"
# Teacher and student answered the *same* snippets. A hard snippet is hard for both, so much of the luck of
# the draw cancels in their difference, but only if both are judged on the same draw.


# %% exercise="4.4"
def paired_gain(weak: list[int], student: list[int], draws: list[list[int]]) -> list[float]:
    ### BEGIN SOLUTION
    n = len(weak)
    difference = [s - w for w, s in zip(weak, student, strict=True)]
    gains = sorted(sum(difference[i] for i in draw) / len(draw) for draw in draws)
    outside = (len(draws) - 1) // 40
    return [sum(difference) / n, gains[outside], gains[-1 - outside]]
    ### END SOLUTION


# %% [markdown] exercise="4.5"
# In the open release of the 2023 code one data set shows a median PGR of 0.8061, while every accuracy on it
# lies between 0.48 and 0.50 in a task with two answers. Whoever sorts results by PGR puts it first.
#
# Write the filter that such a table needs *before* anybody looks at a PGR. Two questions: is there a gap
# beyond chance, and does the ceiling do better than guessing? The filter is necessary and not sufficient:
# what it leaves out must not be quoted, and what passes may still lie between arms that hardly know the task.


# %% exercise="4.5"
def quotable(table: dict[str, tuple[float, float, float, int, float]]) -> list[str]:
    ### BEGIN SOLUTION
    names = []
    for name, (weak, _w2s, ceiling, n, chance) in table.items():
        ceiling_squared = ceiling * (1 - ceiling) / n
        gap_error = (weak * (1 - weak) / n + ceiling_squared) ** 0.5
        has_gap = ceiling - weak > 1.96 * gap_error
        if has_gap and ceiling - chance > 1.96 * ceiling_squared**0.5:
            names.append(name)
    return names
    ### END SOLUTION


# %% [markdown] solution="4.5"
# *For instructors.* Why chance is asked about at all: with 10,000 questions the gap from 0.484 to 0.5 is
# beyond its noise, and the row would pass the first test. It is then a share of the way from a model that
# guesses badly to one that guesses. The student's own accuracy plays no part: filtering by it would select
# results.

# %% [markdown]
# **Use it.** Imagined rows: `(weak, student, ceiling, questions, chance)`. Before you run the cell: which
# would
# *you* quote?

# %%
table = {
    "like the published case": (0.484, 0.4969, 0.5, 10_000, 0.5),
    "a small test set": (0.5, 0.62, 0.7, 20, 0.0),
    "a small gap, much tested": (0.7, 0.706, 0.73, 10_000, 0.0),
    "harm": (0.6, 0.55, 0.75, 800, 0.0),
}
kept = quotable(table)
for name, (weak, w2s, ceiling, _n, _chance) in table.items():
    print(
        f"{name:25} PGR {gap_recovered(weak, w2s, ceiling):5.2f}  {'quote' if name in kept else 'leave out'}"
    )

# %% [markdown]
# Which of the two questions stopped each row that is left out? And look at *harm*: a PGR below 0 may be
# quoted, where its gap is real.

# %% [markdown] exercise="4.6"
# The bootstrap draws other snippets. Another *seed* changes the programs, the teacher and the training too,
# and its spread shows only when one runs several. `T975` is given.

# %% exercise="4.6"
T975 = {1: 12.7062, 2: 4.3027, 3: 3.1824, 4: 2.7764, 5: 2.5706, 6: 2.4469, 7: 2.3646, 8: 2.3060, 9: 2.2622}


def over_seeds(gains: list[float]) -> list[float | None]:
    ### BEGIN SOLUTION
    from statistics import fmean, stdev

    middle = fmean(gains)
    if len(gains) < 2:
        return [middle, None, None]
    half = T975[len(gains) - 1] * stdev(gains) / len(gains) ** 0.5
    return [middle, middle - half, middle + half]
    ### END SOLUTION


# %% [markdown]
# **Use it** on the recorded runs: on all of them, and on the first two.

# %%
gains = [run["gain"]["value"] for run in lesson.recorded_all()]
for some in (gains, gains[:2]):
    mean, low, high = over_seeds(some)
    print(f"{len(some)} seeds: a mean gain of {mean:.3f}, 95% interval {low:.3f} to {high:.3f}")

# %% [markdown]
# The same runs, fewer of them, and a far wider interval: with two seeds t is 12.7. If it includes 0, two
# seeds would not have shown what all of them show.

# %% [markdown] exercise="4.7"
# Three statements that a run may support, and the numbers that carry them. Write the function that reads a
# run as a sceptic would. It is what you will apply to your own run, whatever it says: a run without a gain
# read rightly is worth as much here as one with it.
#
# To try it: `from w2s_course.learn.imagined_runs import run_like` gives you small results to read.


# %% exercise="4.7"
def reading(results: dict) -> dict:
    ### BEGIN SOLUTION
    low, high = results["gain"]["ci95"]
    student = "better" if low > 0 else "worse" if high < 0 else "not shown"
    pgr = results["pgr"]["raw"] if results["pgr"]["status"] == "ok" else None
    arms = results["arms"]
    on_gold = arms["strong_on_gold"]["exact"]["ci95"]
    on_labels = arms["weak_to_strong"]["exact"]["ci95"]
    return {"student": student, "pgr": pgr, "gold_first": on_gold[0] > on_labels[1]}
    ### END SOLUTION


# %% [markdown]
# **Use it** on the recorded runs. For your own: once the whole experiment has run (`lesson.results()` says
# how long it takes here), call `reading(lesson.results())`, and keep the result for unit 9.

# %%
for run in lesson.recorded_all():
    print(f"seed {run['config']['seed']}:", reading(run))

# %% [markdown]
# Read it by column. Where `student` differs between seeds, one run would not have been enough. Where
# `gold_first` is True in all, a reader will ask why the gold did not go to the strong model.

# %% [markdown] exercise="4.8"
# An imagined run, one seed, 200 test snippets, 95% intervals:
#
# | | |
# |---|---|
# | weak teacher | 60% (53 to 67) |
# | weak-to-strong student | 63% (56 to 70) |
# | gain, paired | 3 points (-2 to 8) |
# | ceiling | 90% (86 to 94) |
# | PGR | 0.10 (-0.07 to 0.26), status 'ok' |
# | strong on the teacher's gold | 95% (92 to 98) |
#
# a) The student is no better than its teacher.\
# b) The student may be some points better or worse than its teacher; this run does not tell.\
# c) The status is 'ok', so a tenth of the gap was recovered.\
# d) Had the run used another seed, its gain would most likely lie between -2 and 8 points.\
# e) Here the strong model does better on the teacher's gold than on the teacher's labels.\
# f) Weak-to-strong training does not work.\
# g) Teacher and student are equally good, because their intervals overlap.

# %% exercise="4.8"
### BEGIN SOLUTION
follows = ["b", "e"]
### END SOLUTION

# %% [markdown] solution="4.8"
# *For instructors.* (a), (f) and (g) take absence of evidence for evidence of absence; (c) reads the status
# of the gap as one of the gain; (d) takes other snippets for other seeds. (e) follows: the paired difference
# is not printed, but intervals that do not even touch settle it.

# %% [markdown]
# **You can now** compute PGR and say when it means nothing, put an interval around a gain, and read a run as
# a sceptic. To see what you have done so far, in any cell: `from w2s_course.learn import progress;
# progress()`.
#
# **Next:** the lesson *5 The risk*, `notebooks/05_the_risk.ipynb`.
