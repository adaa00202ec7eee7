# %% [markdown]
# # 9 The verdict
#
# *25 minutes, of which seconds are waiting · nothing is trained here · then 40 minutes of exercises and, in
# your own time, the essay*
#
# *Is it sound to fine-tune a powerful model on explanations written by a weak one?* You said something about
# this before you had seen a number. Now you write a verdict that others can check. After this page you will
# be able to
# - cite evidence by key, so that each number is yours and has a source;
# - choose the number that could refute a sentence, and set a bar before you read it;
# - look for the arm that is most awkward for your verdict;
# - say what would reverse it, and what your design cannot show;
# - mark a verdict by a rubric, whether you agree with it or not.

# %% setup=true

# %% [markdown]
# ## 9.1 What you said before you knew
# Each prediction that you kept in this folder, and the outcome that a later unit set beside it.

# %%
from w2s_course.learn.evidence import gather, own_run

evidence = gather(own_run(lesson))
for name, record in sorted(evidence.predictions.items()):
    print(f"{name:16} you said {record.get('shown', record['answer'])}; {record.get('outcome', 'open')}")
if not evidence.predictions:
    print("No predictions are kept in this folder.")

# %% [markdown]
# A list means that you can now be wrong in a way that teaches something: which one failed, and what picture
# of the method did it rest on? (*Open*: no unit has set an outcome beside it.) If nothing is listed, you
# worked elsewhere or read only. Then say so in your essay, instead of remembering what you would have said.

# %% [markdown]
# ## 9.2 Evidence has a key
# In your verdict a number is written as a key in double braces. The key is replaced by the value from *your*
# run, with its source beside it; recorded runs and sweeps stand in for what you did not run, marked as such.

# %%
from w2s_course.learn.essay import fill

fill("The student gained {{gain}}; over the seeds, {{seeds.gain}}. {{pgrr}} was {{pgr}}.", evidence)

# %% [markdown]
# Read the brackets: whose run is it? A key that does not exist is named in its place, with the nearest. A
# value that nobody measured says so, and is never a zero. Two things cannot happen this way: a digit that
# slipped, and a number that belongs to somebody else.
#
# The table of all keys comes next. The column *source* decides how far a sentence may reach.

# %%
import pandas as pd

pd.set_option("display.max_colwidth", None, "display.max_rows", 80)
pd.DataFrame(evidence.table()).drop(columns="unit").set_index("key")

# %% [markdown]
# Three kinds of source. **A run** draws other test snippets: its interval knows no other teacher. **Recorded
# runs** over several seeds hold other teachers of the same setting. **A sweep** changes one thing on purpose;
# ours has an older recipe than the recorded runs, so its seed 0 is another teacher than theirs.
# Where brackets stand in the place of a value there is none; that is a gap in the evidence, and an essay may
# name it.
#
# A run of the preset `smoke` has numbers too. Its keys are refused, and the essay's feedback and the dossier
# say why: a few examples are trained on, only to show that everything runs.

# %%
from dataclasses import replace

smoke = {**lesson.recorded(0), "config": {"preset": "smoke", "seed": 0}}
fill("My student reached {{weak_to_strong}}.", replace(evidence, own=smoke))

# %% [markdown]
# (For this line the recorded run was labelled as a smoke run.) Now choose.

# %%
from w2s_course.learn import activity

activity("9.number")

# %% [markdown]
# The test of a good key: name a value that would make you cross the sentence out. If no value of it could, it
# decorates.

# %% [markdown]
# ## 9.3 The bar before the number
# By how many points must a student beat its teacher before the plan is worth its trouble *to you*? Decide it
# now. A bar that is set afterwards is always passed.

# %%
from w2s_course.learn import predict

bar = predict(
    "9.bar",
    "How many points must the student gain for the plan to be worth its trouble to your team?",
    low=0,
    high=50,
    unit="points",
)

# %% [markdown]
# Then the recorded runs are held against it: **sound** where the whole interval is at least your bar, **not
# sound** where the whole of it is below, **undecided** between. (Without your answer, as in a page that
# nobody has run, the bar is 10.)

# %%
from w2s_course.learn.evidence import against_bar

bar.required()
least = 10 if bar.prediction is None else bar.prediction
for run in evidence.recorded:
    low, high = (100 * end for end in run["gain"]["ci95"])
    said = against_bar(run, least / 100)
    print(f"seed {run['config']['seed']}: gain {low:5.1f} to {high:5.1f} points, bar {least:g}: {said}")

# %% [markdown]
# Same setting, same bar, other seeds. If the words differ, a single run would have given you whichever of
# them it happened to be. If they agree, this bar does not divide them; another might. In both cases the mean
# over seeds is the better thing to hold against it:

# %%
from w2s_course.seeds import summary

over_seeds = summary(evidence.recorded)
said = against_bar({**run, "gain": {"ci95": over_seeds.gain_ci95}}, least / 100)
text = f"The mean gain over the recorded seeds. With its interval it says: {said}, for a bar of {least:g}."
bar.compare(round(100 * over_seeds.gain, 1), text, forecast=False)

# %% [markdown]
# Your dossier shows your bar beside this mean. A bar is a demand and no forecast, so how far off it was is
# not counted. And one criterion is not yet a verdict.

# %%
import matplotlib.pyplot as plt

from w2s_course import plots

with plots.style():
    figure, ax = plt.subplots(figsize=(6.5, 4.2), layout="constrained")
    seeds = plots.seeds(evidence.recorded, ax)
    plt.show()
print(seeds)

# %% [markdown]
# One line a seed, from teacher to student, and what gold for the same snippets would have given. Two
# differences can be read off: what was gained, and what is still missing. An essay that shows only the first
# has chosen for its reader.

# %% [markdown]
# ## 9.4 The arm that is awkward
# For any verdict there is one arm that fits it least. Find it before a reader does.
#
# | if you tend to say | look at |
# |---|---|
# | sound | `seeds.gold_lead`: the teacher's gold in the strong model's hands |
# | sound, it was pre-training | `seeds.control`: the same labels without it |
# | not sound | `corrected`: what the student got right against its labels |
# | not sound, errors are copied | `inherited.random`: the errors that were not |
# | undecided | `worth`: how much gold the weak labels replace. Is it really open what that would cost? |

# %%
for key in ("seeds.gold_lead", "seeds.control", "corrected", "inherited.random", "worth"):
    print(f"{key:18} {evidence.value(key)}")

# %% [markdown]
# Whichever of these speaks against what you tend to say belongs in your essay. It does not have to change the
# verdict. It has to be weighed where the reader can see it.

# %%
activity("9.average")

# %% [markdown]
# An average answers *how often*. A risk asks *for whom*, and *would anybody notice*. In unit 5 two sets of
# labels had equally many errors, and the question was what their students made of them.

# %%
from w2s_course.wording import wrapped

for key in ("inherited.systematic", "inherited.random", "inherited.says", "blind_spot"):
    print(wrapped(f"{key:21} {evidence.value(key)}"))

# %% [markdown]
# If values stand here, compare the first two: the same number of wrong labels, and another kind. Both count
# one false claim, where the rule applies. The third line says what the intervals permit, no more; its factor
# counts errors of any kind, on all test programs. If they are not recorded yet, your essay can use
# `inherited` and `confusion`, and must say that no rule was planted in them.

# %% [markdown]
# ## 9.5 Where the verdict turns
# A verdict that nothing could reverse was not drawn from evidence. So name a measurement, a value, and how
# far today's number is from it. One measurement suits this plan: *from how many gold labels on does gold
# alone do as well?* Exercise 9.4 computes it; here is the picture.

# %%
from w2s_course.evidence.measured import mean_of
from w2s_course.metrics import Estimate
from w2s_course.plots.risk import curves_against

lines = {"gold labels": [], "weak labels": []}
for setting in evidence.settings:
    for kind, count in [(k, n) for k in ("gold", "weak") for n in setting.values("count")]:
        found = mean_of(setting.where(labels=kind, count=count), "exact")
        if found is not None:
            ends = [min(1, max(0, e)) for e in found.ci95] if found.ci95 else None
            lines[f"{kind} labels"].append((count, Estimate(found.mean, ends, len(found.by_seed))))

# %%
points = {name: sorted(line) for name, line in lines.items() if line}
if any(len(line) > 1 for line in points.values()):
    with plots.style():
        figure, ax = plt.subplots(figsize=(6.5, 4.2), layout="constrained")
        title = "Where does gold do as well as weak labels?"
        turning = curves_against(points, ax, x="labels, on a scale of factors", title=title, log=True)
        plt.show()
    print(turning)
else:
    print("No curve yet: the recorded sweep has one number of labels a kind, or none. Its heights:")
    print({name: [f"{found.value:.1%} at {n:,}" for n, found in line] for name, line in points.items()})

# %% [markdown]
# In a plot, take the height of the weak line at its right end and go left to the gold line: there the verdict
# turns, and the price of so many gold labels is the bar for an expert's offer. Intervals are over seeds, and
# wide for few of them. Without a plot, other numbers of labels are not recorded yet; the heights say which
# side is ahead at that number, and nothing of where it turns.

# %%
activity("9.reverse")

# %% [markdown]
# Then the limits. Not those of any experiment ('one seed, small models'), but of this one: **its setting was
# chosen so that an effect shows** ([negative results](../docs/negative-results.md)); its teacher stands in
# for one that learned elsewhere; its truth is what can be executed. For each, say what it does to your claim.
# A limit that narrows nothing is an apology.

# %% [markdown]
# ## 9.6 Mark before you write
# One learns to write a verdict by marking some. The rubric has six criteria, with a level from 1 to 4 on
# each. Here are the questions that they ask, and what the four levels of one criterion look like.

# %%
from w2s_course.learn.rubric import CRITERIA

for criterion in CRITERIA:
    print(f"{criterion.key:10} {criterion.asks}")
print(f"\nThe levels of '{criterion.key}', the last one:")
for level, looks_like in enumerate(criterion.levels, 1):
    print(f"{level}  {looks_like}")

# %% [markdown]
# The exercises print the levels of all six. *Sound*, *not sound* and *undecided* are equal, and so is a run
# in which nothing was gained.

# %%
activity("9.undecided")

# %% [markdown]
# Now read anchor essay A. It was written for this course, and its numbers are filled from recorded runs; what
# its imagined writer predicted is given too. Give it a level from 1 to 4 on each criterion before you go on.

# %%
from w2s_course.learn.anchors import anchor, anchor_evidence
from w2s_course.learn.essay import feedback

cited = anchor_evidence()
fill(anchor("a").text, cited)

# %% [markdown]
# It reads well. Put your levels in place of the twos below, then compare.

# %%
from w2s_course.learn.anchors import beside_the_marks

my_levels = {"claim": 2, "advantage": 2, "risk": 2, "weighing": 2, "reversal": 2, "limits": 2}
pd.DataFrame(beside_the_marks("a", my_levels)).set_index("criterion")

# %% [markdown]
# If your levels are higher than the marks, look at which sentences persuaded you: was it a number, or the
# tone? All twos are within one level here and still tell the writer nothing; reasons do.
#
# And this is what a program has to say about the same essay:

# %%
feedback(anchor("a").text, cited)

# %% [markdown]
# Everything that can be counted is there. **Structure is no argument.** That is why people mark the essay,
# and why you calibrate first. Anchor B decides otherwise, and in another manner:

# %%
fill(anchor("b").text, cited)

# %% [markdown]
# *Undecided*, and it has 24 of 24 points. Look for what A lacks: a rival of the same cost, two kinds of
# error, a value from which the verdict turns, a limit that narrows the claim, a prediction that failed and
# taught something. You may disagree with B and still learn from how it would let itself be refuted. Anchor C
# is yours to mark in exercise 9.7.

# %% [markdown]
# ## 9.7 The template
# Seven sections. The comments are guidance; they disappear when the cell is rendered, and are not counted.

# %%
from w2s_course.learn.essay import TEMPLATE

print(TEMPLATE)

# %% [markdown]
# You write in the notebook of the exercises, in the cell of essay 9.8: 600 to 900 words, at least five keys,
# at least one prediction. Most people begin with the risk and write the claim last. Begin early: a draft with
# gaps shows which evidence you still need.

# %% [markdown]
# ## 9.8 Two readers, then again
# A review sheet holds two essays without names, the rubric, and three questions. One of the essays may be
# yours, or both are by somebody else.

# %%
from w2s_course.learn.peer import QUESTIONS, make_sheet

texts = [fill(anchor(name).text, cited).text for name in ("a", "b")]
sheet = make_sheet(*texts, names=["Ada"])
print(f"Essays {', '.join(sheet.essays)}; six levels each, and:")
print("\n".join(f"- {question}" for question in QUESTIONS))

# %% [markdown]
# Which essay is A is settled by the texts alone, so the order gives nobody away. `sheet.export()` writes it
# as Markdown, for people, and as JSON. After the review you write a second version, and both are kept: essay
# 9.9 asks which objection changed what.

# %%
activity("9.comment")

# %% [markdown]
# The best review names a sentence, its evidence, and the gap between the two.

# %% [markdown]
# ## 9.9 The dossier
# At the end of the exercises everything goes into one HTML file: predictions and outcomes, your figures, both
# versions with their evidence, the checks that you passed. It runs nothing and loads nothing, so it can be
# mailed and will still open in ten years. On Colab it is offered for download.

# %%
from w2s_course.learn.dossier import render

page = render(evidence, {"First version": ""})
print(f"{len(page) / 1000:,.0f} kB; what it says of an essay that is not there:")
print([line for line in page.splitlines() if "Nothing was written" in line])

# %% [markdown]
# It grows with what you do. It is yours: what is in it you decide, and nothing is sent anywhere.

# %% [markdown]
# ## Takeaways
# - A number in an argument has a source and a reach: one run, several seeds, or one thing changed on purpose.
# - Prediction and bar come before the number; doubts come before the verdict.
# - Advantage is an average, risk has a kind. Points of one do not cancel the other.
# - A verdict says what would reverse it, from which value on, and how far away that is.
# - *Undecided* with a next measurement is a decision. *Sound* without one is a mood.
#
# **Next:** [the exercises](../exercises/09_the_verdict/09_the_verdict.ipynb), the essay, a reader, the essay
# again. Then the course is done, and the question is not: models are growing past those who judge them, and
# somebody will have to say what a label by a weaker teacher is worth. You now know how to ask.
