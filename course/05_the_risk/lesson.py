# %% [markdown]
# # 5 The risk
#
# *About 50 minutes, 15 of them for judging labels by hand · the student of unit 3 is used again, so you wait
# seconds if you trained it there · then eight exercises*
#
# Which of its teacher's errors does a student keep? After this lesson you will be able to
# - keep a ledger of errors: inherited, corrected, invented;
# - tell random from systematic errors, and say which of them a student can average out;
# - read a ceiling curve, and decide between more labels and better ones;
# - say what a control shows, and what misfit says about gain;
# - find a blind spot by an audit, and know when an audit is too small;
# - notice when style persuades you instead of substance.

# %% setup=true

# %% [markdown]
# ## 5.1 Three fates of an error
# Teacher and student explain the same test snippet. Where the teacher has a claim wrong, the student may
# **inherit** the error, **correct** it, or be wrong in a way of its own. Where the teacher is right, the
# student may still **invent** an error. Accuracy adds these up, and in the sum they vanish.
#
# **Predict first**, for the recorded runs that you know from unit 4.

# %%
from w2s_course.learn import predict

inherited_bet = predict(
    "5.inherited", "Of the claims that the teacher has wrong, what share does its student repeat?", unit="%"
)

# %% [markdown]
# Keep a guess. Then look at your own student of unit 3: teacher, student and truth side by side.

# %%
from w2s_course.learn import error_browser, error_rows

inherited_bet.required()
pairs = error_rows(lesson)
browser = error_browser(pairs)

# %% [markdown]
# Go through a few of each kind. Look for two things: does a repeated error sound *plausible*? And does the
# student correct the same claim elsewhere? Without a browser the same is
# `print(show_row(filter_rows(pairs, kind="inherited")[0]))`.
#
# Now all claims about the test snippets of a recorded run.

# %%
import matplotlib.pyplot as plt

from w2s_course import plots
from w2s_course.wording import wrapped

results = lesson.recorded(seed=0)
with plots.style():
    figure, ax = plt.subplots(figsize=(6.5, 6.2), layout="constrained")
    drawn = plots.errors(results, ax)
    plt.show()
print(drawn)
print(wrapped(drawn.caption))

# %% [markdown]
# Compare the slots. Where a bar's coloured part is long, the teacher's errors went on. Where its pale part is
# long, the student knew better than its labels. The grey middle is easily forgotten: errors exchanged for
# others.
#
# One run is an anecdote, so here are all recorded seeds, and your bet.

# %%
import pandas as pd

kinds = ["inherited", "corrected", "invented"]
runs = lesson.recorded_all()
table = pd.DataFrame([[run["errors"][k]["value"] for k in kinds] for run in runs], columns=kinds)
table.insert(2, "otherwise wrong", 1 - table["inherited"] - table["corrected"])
table.index = [f"seed {run['config']['seed']}" for run in runs]
inherited_bet.compare(round(100 * table["inherited"].mean(), 1), "The mean of the recorded seeds.")
table.map("{:.1%}".format)

# %% [markdown]
# The first three columns are shares of the teacher's *wrong* claims and add up to 1. The last is a share of
# its *right* ones: a small share of many may be as many errors as a large share of few.
#
# In unit 1 you put down the first share before you had seen any number:

# %%
from w2s_course.learn import activity

errors_bet = activity("1.errors")
errors_bet.compare(round(100 * table["inherited"].mean(), 1), "The mean of the recorded seeds.")

# %% [markdown]
# If your two guesses differ: which of units 2 to 4 moved you, and in the right direction?

# %%
activity("5.equal")

# %% [markdown]
# A teacher knows something about its errors: how sure it was (unit 2). Lang et al. 2024
# ([arXiv 2405.16043](https://arxiv.org/abs/2405.16043)) tell two effects apart: a student *corrects* its
# labels, and it *covers* what they leave out. Our teacher leaves out nothing, but of some snippets it was so
# unsure that its label is close to a guess. So take your own run, and sort the ledger by confidence.

# %%
sure_bet = predict(
    "5.sure",
    "Your teacher's errors: of which does the student correct the larger share?",
    options=["of the least sure ones", "of the surest ones", "no difference beyond noise"],
)

# %% [markdown]
# The test snippets in three groups of equal size, the least sure first:

# %%
from dataclasses import asdict

from w2s_course.ledger import ledger_by_confidence
from w2s_course.results import judge_all, slots_of
from w2s_course.wording import with_interval

sure_bet.required()
test, confidence = lesson.splits["test"], [row.confidence for row in pairs]
teacher = judge_all([row.teacher for row in pairs], test)
student = judge_all([row.student for row in pairs], test)
thirds = ledger_by_confidence(teacher, student, slots_of(lesson.config), confidence)
pd.DataFrame(
    {
        f"confidence {name}": {"wrong": third["inherited"].n}
        | {"right": third["invented"].n}
        | {kind: with_interval(asdict(third[kind])) for kind in kinds}
        for name, third in thirds.items()
    }
).T

# %% [markdown]
# *Wrong* and *right* count the teacher's claims. The shares of the first and the last group are of different
# snippets, so their difference has an interval of its own, made of both (Newcombe 1998):

# %%
from w2s_course.metrics import unpaired_difference
from w2s_course.wording import points_with_interval

corrected = [third["corrected"] for third in thirds.values()]
apart = unpaired_difference(corrected[0], corrected[-1])
low, high = apart.ci95 or (-1, 1)
outcome = sure_bet.options[0 if low > 0 else 1 if high < 0 else 2]
told_apart = points_with_interval(asdict(apart))
sure_bet.compare(outcome, f"Corrected, the least sure minus the surest third: {told_apart}.")

# %% [markdown]
# Errors of which the teacher was unsure go one way here and another there: a student can average them out.
# An error of which it was sure may be a rule, and the same everywhere. Whether yours shows that, the interval
# says; there are few errors in the surest group, so it is wide. `ledger_by_style` in the same module sorts by
# coding style.

# %% [markdown]
# ## 5.2 Copied, or simply hard?
# A student that repeats an error may have learned it, or stumbled over the same hard code by itself. And two
# models that are both right agree anyway. So ask for agreement *beyond chance*: how often do they say the
# same, above what two independent models of these accuracies would (Goel et al. 2025,
# [arXiv 2502.04313](https://arxiv.org/abs/2502.04313))? 1 is always, 0 as if they had never met.
#
# The measure needs something to be compared with: a student that learned the *same snippets* from gold. It
# never saw a label of this teacher.

# %%
from w2s_course.evidence.measured import difference, mean_of
from w2s_course.learn.recorded_rows import NOT_RECORDED, recorded_setting, told

setting = recorded_setting()
weak_rows, gold_rows = setting.where(), setting.where(labels="gold")
for student, rows in {"its own student": weak_rows, "a student of gold": gold_rows}.items():
    for what, column in {"Cohen's kappa": "claim_kappa", "errors shared": "error_agreement"}.items():
        found = mean_of(rows, column)
        print(f"{student:18} {what:14} {found.decimal() if found else NOT_RECORDED}")
apart = difference(weak_rows, gold_rows, "error_agreement")
print("Errors shared, the one minus the other:", apart.decimal() if apart else NOT_RECORDED)

# %% [markdown]
# Kappa compares the claims themselves, so it is high for any two good models. *Errors shared* takes their
# accuracies away. The last line is the part that the labels brought about: if its interval lies above 0,
# errors were copied, and not just hard to avoid. Exercise 5.6 is this measure.

# %% [markdown]
# ## 5.3 Random or systematic?
# Two teachers, equally many labels wrong. One errs by **rule**: always 'at most' for 'less than', 'odd' for
# 'even'. The other errs **at random**, anywhere and in any way. We plant both into gold labels of your pool,
# so that nothing else differs.

# %%
from w2s_course.labeling import gold_answers, label_set
from w2s_course.labeling.planted import Plan, matched, plant
from w2s_course.results import judge_all

RULES = ("less-than-as-at-most", "greater-than-as-at-least", "negative-as-positive", "even-as-odd")
pool = lesson.splits["pool"]
gold = label_set(pool, gold_answers(pool), "gold")
plan = Plan("systematic", rules=RULES)
taught = {"by rule": plant(gold, plan, seed=0), "at random": matched(gold, plan, seed=0)}
verdicts = {name: judge_all(labels["explanation"], pool) for name, labels in taught.items()}
for name, found in verdicts.items():
    print(f"{name}: {sum(v.exact for v in found):,} of {len(pool):,} labels right")

# %% [markdown]
# Both lines show the same number, because the second set was made to match. A report that gives label
# accuracy could not tell them apart. Ask instead what labels say about *even* numbers.

# %%
from collections import Counter

even = [i for i, snippet in enumerate(pool) if snippet.claims.condition.name == "even"]
for name, found in verdicts.items():
    said = Counter(found[i].claimed.condition.name for i in even)
    print(f"{name:10}", ", ".join(f"{concept} {n}" for concept, n in said.most_common(5)))

# %% [markdown]
# One teacher says the same wrong thing each time. The other is mostly right about this concept, as it is
# about any other.
#
# **Predict.** One student learns from each set: the same model, snippets and steps. Both are tested on
# programs that neither has seen.

# %%
KINDS = ["the one taught by rule", "the one taught at random", "no difference is shown"]
planted_bet = predict("5.planted", "Which of the two students makes more errors?", options=KINDS)

# %% [markdown]
# The students are of the recorded **sweep**, a table of many trainings in which one thing at a time is
# changed; there are several seeds of each. The cell compares them by five measures. Compare *within* the
# sweep: its recipe is an older one than the recorded runs' (60 passes of AdamW for the teacher, half of the
# layers adapted), so its seed 0 has other models than the recorded run of seed 0.

# %%
from w2s_course.plots.recorded import side_by_side

planted_bet.required()
planted = {
    name: [r for r in setting.where(labels="gold", plan=kind) if r["planted_rules"] == ", ".join(RULES)]
    for name, kind in {"by rule": "systematic", "at random": "matched"}.items()
}
measures = {
    "labels right": "learned_right",
    "student right": "exact",
    "right where the\nrule applies": "planted_touched",
    "right elsewhere": "planted_elsewhere",
    "repeats the rule's\nvery claim": "planted_repeated",
}
shown = {
    what: {name: mean_of(rows, column) for name, rows in planted.items()} for what, column in measures.items()
}

# %%
inheritance = told(setting, "inheritance")
with plots.style():
    figure, ax = plt.subplots(figsize=(6.5, 4.6), layout="constrained")
    drawn = side_by_side(shown, ax, inheritance.title)
    plt.show()
print(wrapped(drawn.alt.replace("\n", " ")))
for name, rows in planted.items():
    passed_on = mean_of(rows, "passed_on")
    print(f"Passed on, {name}: {passed_on.decimal() if passed_on else NOT_RECORDED}")
print(wrapped(inheritance.verdict))

# %% [markdown]
# Read from the top: equal labels, then the two students, then where they differ. The last row is inheritance
# in its purest form: the false claim that the rule would make, made by the student. *Passed on*, below the
# plot, counts *all* of a student's errors: it divides the student's error rate by that of its labels, so that
# 1 means that errors are passed on in full. (The last sentence divides the first of these two by the second.)
# Compare *right elsewhere* too: does the student of random errors pay a little everywhere?

# %%
better = difference(planted["at random"], planted["by rule"], "exact")
if better is None:
    print(NOT_RECORDED)
else:
    outcome = KINDS[0] if better.above else KINDS[1] if better.below else KINDS[2]
    planted_bet.compare(outcome, f"Taught at random minus taught by rule: {better.points()}.")

# %% [markdown]
# If the first set did the harm: **label accuracy is the wrong summary of a teacher.** If your table shows no
# difference, that is a finding too, and the interval says how large a difference it leaves possible.

# %% [markdown]
# ## 5.4 What can be averaged out
# Why would random errors vanish? Take the simplest student there is: for each *kind* of program it repeats
# what most labels say. It cannot be fooled by a minority. Now let labels go wrong, with growing probability,
# at random, or only in programs with a `while` loop, where this teacher always says *nonzero*. And let there
# be two students: one sees the concept alone, one also sees the coding style.

# %%
import random

names = sorted({s.claims.condition.name for s in pool})
sight = {
    "concept": [s.claims.condition.name for s in pool],
    "concept, style": [(s.claims.condition.name, s.style) for s in pool],
}


def labels_with(rate, blind):
    luck, said = random.Random(0), []
    for snippet in pool:
        wrong = luck.random() < rate and (not blind or snippet.style == "while")
        other = "nonzero" if blind else luck.choice(names)
        said.append(other if wrong else snippet.claims.condition.name)
    return said


# %%
def vote(said, kinds):
    votes = {}
    for kind, name in zip(kinds, said, strict=True):
        votes.setdefault(kind, Counter())[name] += 1
    return [votes[kind].most_common(1)[0][0] for kind in kinds]


lines = []
for rate in (0.2, 0.4, 0.6, 0.8, 1.0):
    for where, blind in {"anywhere": False, "in while loops": True}.items():
        said = labels_with(rate, blind)
        answers = {"labels right": said} | {f"sees {k}": vote(said, kinds) for k, kinds in sight.items()}
        truth = sight["concept"]
        hits = {k: sum(map(str.__eq__, a, truth)) / len(pool) for k, a in answers.items()}
        lines.append({"wrong": f"{rate:.0%} {where}", **{k: f"{h:.0%}" for k, h in hits.items()}})
pd.DataFrame(lines).set_index("wrong").sort_index(key=lambda i: i.str.endswith("loops"), kind="stable")

# %% [markdown]
# Above, errors anywhere: compare the labels with the two students, and look where voting breaks down. Below,
# errors in one style: once they are the rule there, the student that sees *more* has learned when to err. The
# other one cannot tell where, and outvotes them. (With the few snippets of the `smoke` preset the table means
# nothing.)
#
# A caricature: real students don't count. But it says what to expect. Errors that hang together with
# something visible can be learned, and a strong model sees a lot.

# %%
activity("5.average")

# %% [markdown]
# And real students, taught by gold in which the teacher was blind to one style?

# %%
print(told(setting, "blind_spot"))

# %% [markdown]
# *Inside* are test programs of that style. Where it is far below *elsewhere*, nothing was averaged out
# although most of all labels are right. Yang et al. 2024
# ([arXiv 2406.11431](https://arxiv.org/abs/2406.11431)) ask what strong models do just there, where their
# teachers cannot look.

# %% [markdown]
# ## 5.5 More labels, or better ones?
# The same student, with more and more labels of the same teacher, and beside it with gold labels of the same
# snippets. All make equally many steps, so with fewer labels each is seen more often. **Predict:**

# %%
more_bet = predict(
    "5.more",
    "From 500 to 1,000 weak labels: by how many points does the share of right sentences change?",
    low=-30,
    high=50,
    unit="points",
)

# %% [markdown]
# The horizontal axis doubles at equal distances.

# %%
from w2s_course.plots.recorded import line_of
from w2s_course.plots.risk import curves_against

more_bet.required()
counts = setting.values("count")
curves = {
    arm: line_of({n: mean_of(setting.where(labels=labels, count=n), "exact") for n in counts})
    for arm, labels in {"weak_to_strong": "weak", "ceiling": "gold"}.items()
}
plateau = told(setting, "plateau")
with plots.style():
    figure, ax = plt.subplots(figsize=(6.5, 4.4), layout="constrained")
    drawn = curves_against(curves, ax, x="labels", title=plateau.title, log=True)
    plt.show()
print(drawn)
print(plateau)

# %% [markdown]
# Where intervals are wide, few seeds stand behind a point. Ask three things. Does the lower curve still rise
# at its end? How far below the upper one does it stay? And which number of *gold* labels gives what all the
# weak ones give: go left along the upper curve until it is as high. Unit 6 puts a price on that.

# %%
half = setting.base["pool"] // 2
rise = difference(setting.where(), setting.where(count=half), "exact")
if rise is None:
    print(NOT_RECORDED)
else:
    more_bet.compare(round(100 * rise.mean, 1), f"Over the recorded seeds: {rise.points()}.")

# %% [markdown]
# Better labels could also come from a better teacher. Three strengths, made by the number of gold pairs that
# the teacher itself learned from:

# %%
strengths = setting.values("gold")
lines = {
    arm: line_of({g: mean_of(setting.where(gold=g), column) for g in strengths})
    for arm, column in {"weak": "teacher_exact", "weak_to_strong": "exact"}.items()
}
strength = told(setting, "strength")
with plots.style():
    figure, ax = plt.subplots(figsize=(6.5, 4.2), layout="constrained")
    drawn = curves_against(lines, ax, x="gold pairs of the teacher", title=strength.title)
    plt.show()
print(drawn)
print(strength)

# %% [markdown]
# The distance between the lines is the gain. A better teacher may make a better student *and* a smaller gain:
# it leaves less to correct. So a large gain praises neither the teacher nor the method; it may only say that
# the teacher was poor.

# %%
activity("5.flat")

# %% [markdown]
# ## 5.6 Where does the gain come from?
# Perhaps any second model trained on noisy labels gets better than they are. The **control** tests this: a
# model of the teacher's own architecture, from random weights, taught by the same weak labels.

# %%
SIDES = ["below its teacher", "about as good as its teacher", "above its teacher"]
control_bet = predict("5.control", "Where does the control end up, over the recorded runs?", options=SIDES)

# %% [markdown]
# The recorded runs, each with all three arms.

# %%
from w2s_course.evidence.measured import measured
from w2s_course.findings import exact

control_bet.required()
by_arm = {
    arm: {run["config"]["seed"]: exact(run, arm) for run in runs}
    for arm in ("weak", "control", "weak_to_strong")
}
lead = measured({seed: by_arm["control"][seed] - weak for seed, weak in by_arm["weak"].items()})
outcome = SIDES[2] if lead.above else SIDES[0] if lead.below else SIDES[1]
with plots.style():
    figure, ax = plt.subplots(figsize=(6.5, 2.9), layout="constrained")
    row = {"fully right": {arm: measured(values) for arm, values in by_arm.items()}}
    drawn = side_by_side(row, ax, f"The control is {outcome}")
    plt.show()
print(drawn)
control_bet.compare(outcome, f"Control minus teacher: {lead.points()}.")

# %% [markdown]
# 'About as good' here means that the interval of the difference includes 0. The lines in the plot are long
# because seeds differ much, the teachers first of all; pairing by seed takes that away. The recorded sweep
# answers a similar question, by the difference of two gains. By its older recipe the control made as many
# steps as its teacher, by today's it makes twice as many. There it may be undertrained, and this difference
# larger than it should be.

# %%
print(told(setting, "pretraining"))

# %% [markdown]
# If the control gains less, the labels alone do not explain the gain: the strong student brings something
# along. It is tempting to say *pre-training*, and the next question asks how far that goes.

# %%
activity("5.pretrained")

# %% [markdown]
# ## 5.7 Gain and misfit
# A student can only beat its teacher by disagreeing with it. Charikar et al. 2024
# ([arXiv 2405.15116](https://arxiv.org/abs/2405.15116)) made this precise: for squared loss, a convex class
# of students and a truth within its reach, the **gain** is at least the **misfit**, the distance between
# student and teacher. Misfit needs no gold; so could it tell us the gain?
#
# For sentences that are right or wrong, gain is corrected minus broken, and misfit counts *every* departure.
# So gain can never exceed misfit here. Your task: **find a violation** of 'gain is at least misfit'.

# %%
from w2s_course.plots.recorded import gain_against_misfit_of

students = {"weak_to_strong": weak_rows, "ceiling": gold_rows}
students |= {f"taught {name}": rows for name, rows in planted.items()}
with plots.style():
    figure, ax = plt.subplots(figsize=(6.5, 4.8), layout="constrained")
    drawn = gain_against_misfit_of({name: rows for name, rows in students.items() if rows}, ax)
    plt.show()
print(drawn)
print(wrapped(drawn.caption))

# %% [markdown]
# Each point below the dashed line is a violation, clearly so where its interval stays below. Nothing is wrong
# with the theorem: its conditions fail here. (All misfits are measured against the same weak teacher, also
# those of students that learned from other labels.)
#
# What to keep: misfit bounds the gain from above. A student that agrees with its teacher everywhere gained
# nothing, and *that* one can see without gold. The same for your own student:

# %%
from w2s_course.agreement import gain_and_misfit
from w2s_course.wording import percent, points

test = lesson.splits["test"]
teacher, student = (judge_all([getattr(r, who) for r in pairs], test) for who in ("teacher", "student"))
own = gain_and_misfit(teacher, student)
print(f"misfit {percent(own.misfit.value)}, gain {points(own.gain.value)}, of {len(test)} snippets")
for what in ("corrected", "broken", "otherwise"):
    print(f"  {what:10} {percent(getattr(own, what).value)}")

# %% [markdown]
# Misfit is the sum of the three lines; *otherwise* is wrong before and after. Only the first of them is gain,
# and the second takes it back.

# %% [markdown]
# ## 5.8 Students that become teachers
# Why stop after one generation? Each model may label data for the next. Shumailov et al. 2024 found that
# models which learn from the data of the model before them lose the rare cases first. Gerstgrasser et al.
# 2024 hold that this does not happen where old data are *kept*; of that claim the course shows its own test
# only. Small models, several generations, a gold set in which a few conditions are made rare:

# %%
generations = told(setting, "generations")
lines = {}
for mode in ("replace", "accumulate"):
    rows = setting.where(method=f"generations_{mode}")
    last = max((int(r["generations"]) for r in rows), default=-1)
    lines[mode] = line_of({g: mean_of(rows, f"generation_{g}_exact") for g in range(last + 1)})
with plots.style():
    figure, ax = plt.subplots(figsize=(6.5, 4), layout="constrained")
    drawn = curves_against(lines, ax, x="generation", title=generations.title)
    plt.show()
print(drawn)
print(generations)

# %% [markdown]
# *Replace* learns from the last generation's labels alone, *accumulate* from gold and all labels so far, with
# equally many steps. Compare the rare conditions with the frequent ones, and each with generation 0: what a
# model never knew it cannot lose. Where the frequent ones fall as well, errors add up from one generation to
# the next, and that is all that is shown. An empty plot means that the rows are still to be recorded.

# %% [markdown]
# ## 5.9 Find the blind spot
# Now you are the auditor. These labels are almost gold: one in ten is wrong by accident. But in **one coding
# style** the teacher understands nothing and says the same thing again and again. Which style?
#
# Read 24 labels. Run each on a small example in your head, such as `[3, -4, 8]`, and press *Right* or
# *Wrong*. Ten minutes. First put another whole number in the place of 7: the outputs that are stored in this
# page belong to 7, and yours may hide another style.

# %%
from w2s_course.learn import audit
from w2s_course.learn.planted import blind_spot

MY_NUMBER = 7
spot = blind_spot(pool, seed=MY_NUMBER)
mine = audit(spot.rows, n=24, seed=MY_NUMBER)

# %% [markdown]
# When you are through, count by style. `wilson` gives the shares that go with a count, as in unit 2.

# %%
from math import sqrt

from w2s_course.learn.planted import wrong_by_style


def wilson(count, n, z=1.96):
    share, scale = count / n, 1 + z**2 / n
    half = z * sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / scale
    return (share + z**2 / (2 * n)) / scale - half, (share + z**2 / (2 * n)) / scale + half


said = mine.answers if mine.done else [row.right for row in mine.rows]
print("By", "you" if mine.done else "the judge, until you have judged all:")
for style, (wrong, read) in wrong_by_style(mine.rows, said).items():
    ends = "{:.0%} to {:.0%}".format(*wilson(wrong, read)) if read else "nothing read"
    print(f"{style:14} {wrong:2} of {read:2} wrong: {ends}")

# %% [markdown]
# Keep these counts for exercise 5.8. Take the style with the largest share of wrong labels. Does its interval
# lie above the interval of the other styles *taken together*? For the others, add up their wrong labels and
# the labels that you read, and take `wilson` of the two sums. Commit yourself before you look:

# %%
style_bet = predict(
    "5.style",
    "In which style is this teacher blind?",
    options=["comprehension", "loop", "map_filter", "while"],
)

# %% [markdown]
# The next cell tells, with the judge's count over the whole pool.

# %%
style_bet.required()
style_bet.compare(spot.style)
for style, (wrong, read) in wrong_by_style(spot.rows, [row.right for row in spot.rows]).items():
    print(f"{style:14} {wrong / max(1, read):5.0%} of {read} labels wrong")
print(f"All labels: {sum(row.right for row in spot.rows) / len(spot.rows):.0%} right")

# %% [markdown]
# The last line is what a report would have said. The judge needs the truth about all labels, you needed 24
# and a suspicion. (The style is not wrong throughout where the teacher's one sentence happens to be true.)
#
# Counting by style worked because you knew that a *style* was concerned. In real life the list of things to
# count by is yours to make: style, length, topic, author.

# %%
from w2s_course.learn import filter_rows, show_row

print(show_row(next(row for row in filter_rows(list(spot.rows), kind="wrong") if row.style == spot.style)))

# %% [markdown]
# One of them. A student reads hundreds of these, all alike. And how many labels does it take to see at least
# one error of a blind spot? Exercise 5.7 computes it. First by feeling:

# %%
activity("5.clean")

# %% [markdown]
# ## 5.10 Style and substance
# Models that imitate a stronger one take over its style before its substance, and raters are fooled
# (Gudibande et al. 2023, [arXiv 2305.15717](https://arxiv.org/abs/2305.15717)). Are you? Twelve
# explanations, long and assured or short and bare; right and wrong ones of both. Give each a *quick* verdict,
# ten seconds, as a tired rater would.

# %%
from w2s_course.learn.planted import two_voices

voices = two_voices(pool, seed=MY_NUMBER)
rated = audit(voices.rows, n=len(voices.rows), seed=MY_NUMBER)

# %% [markdown]
# Then the check by execution. If you have not rated all, an imagined rater stands in who believes whatever is
# long.

# %%
long = sorted(len(row.teacher) for row in rated.rows)[len(rated.rows) // 2]
verdict = rated.answers if rated.done else [len(row.teacher) >= long for row in rated.rows]
print("You:" if rated.done else "A rater who believes what is long:")
for (voice, right), (believed, n) in voices.believed(rated.rows, verdict).items():
    print(f"{voice:7}{'right' if right else 'wrong':6} {believed} of {n} taken for right")

# %% [markdown]
# A rater of substance takes all right ones for right and no wrong one, in both voices. A rater of style has
# equal counts in the two lines of a voice. With three of each kind a difference of one is luck; it is the
# *fluent and wrong* that one should look at again. Settle one by running it:

# %%
from w2s_course.judging.claims import parse
from w2s_course.judging.execution import load

doubtful = next(r for r in rated.rows if voices.voice[r.number] == "fluent" and not r.right)
print(doubtful.code, "\n  ->", doubtful.teacher, "\n")
code, sentence = load(doubtful.code), parse(doubtful.teacher)
apart = [x for x in range(-12, 13) if code([x]) != sentence.run([x])]
for x in apart[:3] or [0]:
    print(f"for [{x}] the code returns {code([x])}, what the sentence describes {sentence.run([x])}")

# %% [markdown]
# One number on which they differ settles what no polish can. That is why this course judges by execution, and
# why a team without such a judge should be afraid of its own reading. (Where single numbers show no
# difference, the judge found it on longer lists.)

# %% [markdown]
# ## Takeaways
# - A gain is a balance. Keep the ledger: inherited, corrected, invented, and wrong in another way.
# - Ask how a teacher's errors *hang together*, not only how many they are: what is consistent can be learned.
# - A flat curve of weak labels beside a rising one of gold says: better labels, not more.
# - A control and a student of gold turn 'it gained' and 'it copied' into findings.
# - No accuracy shows a blind spot. Count errors by groups, read enough, and don't take polish for truth.
#
# **Next:** [the exercises](../exercises/05_the_risk/05_the_risk.ipynb), in which you build the ledger, plant
# a rule and plan an audit. Then [6 The advantage](06_the_advantage.ipynb): what all this saves, in seconds,
# operations and money.
