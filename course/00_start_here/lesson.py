# %% [markdown]
# # 0 Start here: can a weak teacher train a strong student?
#
# *15 minutes, of which about one is waiting · no GPU, no network, no account*
#
# A team has a large collection of code snippets and nobody who explains them. It owns a powerful base model
# and a small, cheap one. Its plan: **let the small model explain every snippet, then fine-tune the powerful
# model on those explanations.** Is that sound?
#
# After this page you will be able to
# - say what the experiment of this course does, and with which models;
# - tell a right explanation from a wrong one without asking a model;
# - read the result of a full run, and say what it does *not* show.

# %% setup=true

# %% [markdown]
# ## 0.1 Is this machine ready?
# Each line is something that the course needs. Where the column *ok* says `False`, the column *remedy* says
# what to do about it.

# %%
import pandas as pd

from w2s_course.doctor import examine

pd.set_option("display.max_colwidth", None)
pd.DataFrame(examine())

# %% [markdown]
# The row *time of a run here* is an estimate for this machine if it does nothing else. The `smoke` preset is
# the one that we run below; `cpu` is the real experiment.

# %% [markdown]
# ## 0.2 What is explained
# The snippets are small Python programs: they look at a list of numbers, keep some, change them, and make
# one result of them, in different coding styles and with names that say nothing. They are made by a program,
# so we know the truth about each. Nobody in the team's position would.

# %%
from w2s_course.snippets.grammar import make_splits

snippets = make_splits({"look": 3}, seed=7)["look"]
for snippet in snippets:
    print(snippet.code, "\n   →", snippet.explanation, "\n")

# %% [markdown]
# The sentence after the arrow is the *gold* explanation. It makes three **claims**: which numbers are kept,
# what is done to each, and what becomes of all of them.

# %% [markdown]
# ## 0.3 Who says that an explanation is right?
# Nobody has to say so: it is *executed*. A program, the **judge**, builds the function that a sentence
# describes and runs it beside the code, on the same inputs. **Predict:** which of these four sentences about
# the first snippet are right? The list `sentences` in the cell says how each one is made.

# %%
from w2s_course.judging.execution import judge

first = snippets[0]
sentences = [
    first.explanation,
    first.explanation.upper(),
    first.explanation.replace("Returns", "Adds up"),
    snippets[1].explanation,
]
verdicts = [judge(sentence, first.code, first.claims) for sentence in sentences]
pd.DataFrame(
    {"sentence": sentences, "right": [v.exact for v in verdicts], "why not": [v.reason for v in verdicts]}
)

# %% [markdown]
# Other words for the same thing are fine. A sentence that the judge cannot read counts as wrong, with that
# reason, and so does one that describes another function. There is no half-right and no opinion.

# %% [markdown]
# ## 0.4 The experiment, in one minute and without meaning
# The team's collection is called the **pool**; an explanation that a model learns from is its **label**. Six
# models, or ways to use one, answer the same test snippets. Each is an **arm** of the experiment:
#
# | arm | learns from |
# |---|---|
# | weak | a small set of gold explanations of its own |
# | strong, prompted | nothing; it sees a few gold examples in its prompt |
# | strong on gold | the weak model's gold set |
# | **weak-to-strong** | **explanations that the weak model wrote** |
# | ceiling | gold explanations of those same snippets: how far the student could have come |
# | control | the weak model's explanations too, but it is built like the weak model and not pre-trained |
#
# The `smoke` preset runs all of it on a handful of examples: a real weak model of 0.9 million parameters, a
# real strong one of 135 million, one step of training. It shows that your machine can do it. Its numbers
# mean nothing.

# %%
import logging

from w2s_course.config import preset_config
from w2s_course.run import run

logging.basicConfig(level=logging.WARNING, format="%(message)s")
logging.getLogger("w2s_course").setLevel(logging.INFO)
smoke = run(preset_config("smoke"))

# %% [markdown]
# What you saw pass by are the stages: train the weak model, let it label the pool, train the students, let
# everyone answer. A stage that was done once is kept; run the cell again and it takes seconds.

# %%
from w2s_course.findings import arms_table

head, *rows = arms_table(smoke)
pd.DataFrame(rows, columns=head)

# %% [markdown]
# *Labels* says from how many pairs an arm learned; *steps x batch*, how many updates it made, and from how
# many pairs at most each. Then look at the 95% intervals in brackets. They are wide: with a handful of test
# snippets, none right does not mean that none ever would be. Never read more into a number than its interval
# allows.

# %% [markdown]
# ## 0.5 The real one, recorded
# **Predict before you run the cell:** a teacher that is right about half of the time writes a thousand
# explanations. Will its student be right *less* often than it, *as* often, or *more* often?

# %%
import matplotlib.pyplot as plt

from w2s_course import plots
from w2s_course.recorded import recorded_runs

runs = recorded_runs("cpu")
figure, ax = plt.subplots(figsize=(6.5, 5.4), layout="constrained")
arms = plots.arms(runs[0], ax)
plt.show()
print(arms)

# %% [markdown]
# The line through each bar is a 95% interval: what other test snippets might have given. The bar to look at
# is *weak-to-strong*, against *weak* (its teacher) and *ceiling* (the same student, had somebody explained
# the snippets correctly).

# %%
from w2s_course.findings import verdict
from w2s_course.wording import wrapped

print(wrapped(verdict(runs[0])))

# %% [markdown]
# One run is an anecdote. These are all the recorded ones, each with other snippets, other weights to start
# from and another order of examples. A run is named by its *seed*, the number from which all that is random
# in it follows.

# %%
figure, ax = plt.subplots(figsize=(6.5, 4.6), layout="constrained")
seeds = plots.seeds(runs, ax)
plt.show()
print(seeds)

# %% [markdown]
# Follow the lines. Where one rises from the first column to the second, that student beat its teacher: it was
# not fooled by every error. Why not, by which errors it *is* fooled, and what all this is worth in money is
# what the course is about. In words, and with the commands that made the runs:

# %%
from w2s_course.seeds import summary

print(wrapped(summary(runs)))
for recorded in runs:
    print("made by:", recorded["command"])

# %% [markdown]
# ## 0.6 Where to go on
# - **Run the real experiment yourself:** `make run` in a terminal, or `run(preset_config("cpu"))` in a new
#   cell. It ends with a `report.html` that you can open and send.
# - **Read a report:** the smoke run has already written one; its folder is printed by the next cell.
# - **Ask your own question:** `w2s run --help` lists what can be changed. More labels? A harder grammar?
# - **Look up a word:** [Terms, equations and papers](../docs/terms.md) says which lesson explains it.
#
# What you have seen so far does not say that the plan is sound: the snippets are simple, the gold set that
# the weak model had would have served the strong one better, and no one has looked at *which* errors stayed.

# %%
from w2s_course.run import default_folder

print((default_folder(preset_config("smoke")) / "report.html").as_posix())

# %% [markdown]
# The path is relative to the folder of this notebook. The report stands alone: it can be sent by mail.
#
# ## What to take away
# - A weak model explains, a strong one learns from that: six arms tell what came of it.
# - An explanation is right if it describes what the code does when it is run. Nobody's opinion counts.
# - A number without its interval says little, and so does one run without the other seeds.
#
# **Next:** [1 The strategy](01_the_strategy.ipynb).
