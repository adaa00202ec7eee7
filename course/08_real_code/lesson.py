# %% [markdown]
# # 8 Real code
#
# *35 minutes, of which one or two are waiting · then eight exercises*
#
# So far every explanation could be executed, because a grammar made the programs. Nobody executes 'Return
# two primes whose sum equals n'. What is left of the method on real code?
#
# After this lesson you will be able to
# - ask for the truth without executing a sentence, and see what gives a question away;
# - say what a name leaks, and measure it;
# - choose a score, and say which habit of a model each one rewards;
# - read the arms against chance, and against the untrained model;
# - tell likeness from truth, style from substance, and agreement from chance.

# %% setup=true

# %% [markdown]
# ## 8.1 Functions that people wrote
# Four published packages are installed with the course. Their sources are read as text (nothing of theirs
# runs before section 8.7), and from each documented function come its code and the first sentence of its
# documentation.

# %%
from collections import Counter

from w2s_course.snippets.harvest import harvest

functions = harvest()
for source, count in Counter(f"{f.package} {f.version}, {f.licence}" for f in functions).items():
    print(f"{count:4} functions of {source}")

# %% [markdown]
# Vague sentences and near-duplicates are gone already, by rules that are written down ([real
# code](../docs/real-code.md)). Other versions of these packages have other functions, so your numbers may
# differ from somebody else's.
#
# One of them. Its names are hidden: `f` is the function, letters are its parameters and variables.

# %%
from w2s_course.learn.real_code import development_questions

development = development_questions()
first = next((q for q in development if q.function.name == "trailing_zero"), development[0])
print(first.function.code, "\n")
for letter, option in zip("abcd", first.options, strict=True):
    print(f"{letter}) {option}")

# %% [markdown]
# Four sentences of maintainers. One of them is about this code, the others are about three other functions of
# the same package. That is the whole idea: whoever wrote the function also wrote its sentence, so there is an
# exact key again, and nobody had to judge. (Are maintainers always right? Section 8.7 asks.) **Read the code,
# and choose.**

# %%
from w2s_course.learn import predict

first_bet = predict("8.first", "Which sentence is true of this code?", options=list(first.options))

# %% [markdown]
# Then look it up.

# %%
first_bet.required()
f = first.function
first_bet.compare(first.options[first.answer], f"It is `{f.name}` of {f.package} {f.version}, line {f.line}.")

# %% [markdown]
# With the name beside it, would you have read the code at all? Section 8.3 asks that of a model.
#
# What this question cannot ask: whether a sentence that somebody *writes* is true. It tests whether a model
# tells true sentences from false ones. A writer must be able to do that, but it is less than writing.
#
# ## 8.2 What a question gives away
# Where do wrong sentences come from? The obvious way: for each function take the three sentences that are
# nearest to its own in words. Now a reader that never looks at the code, and takes **the sentence that is
# most like the other three**. How often is it right?

# %%
blind_bet = predict(
    "8.blind_rule",
    "Wrong sentences drawn for each function by itself; a reader that never sees the code. Its accuracy?",
    options=["clearly below 25%", "about 25%", "clearly above 25%"],
)

# %% [markdown]
# The reader in five lines, and the wrong sentences in five more.

# %%
from w2s_course.judging.choices import TRUE_TOO, similarity, tf_idf
from w2s_course.snippets.harvest import overlap, words


def in_the_middle(options):
    vectors = tf_idf(options)
    liked = [sum(similarity(one, other) for other in vectors) for one in vectors]
    return liked.index(max(liked))


sentences = [q.function.sentence for q in development]
vectors = tf_idf(sentences)


def nearest_wrong(i):
    strange = [s for s in sentences if overlap(words(s), words(sentences[i])) < TRUE_TOO]
    return sorted(strange, key=lambda s: -similarity(vectors[i], vectors[sentences.index(s)]))[:3]


# %% [markdown]
# The true sentence goes to a place that changes from question to question. Beside it, the same reader on the
# course's own questions, where each of four functions gets **the same four sentences**.

# %%
from w2s_course.metrics import share
from w2s_course.wording import with_interval

blind_bet.required()
hits = []
for i, sentence in enumerate(sentences):
    options = nearest_wrong(i)
    options.insert(i % 4, sentence)
    hits.append(in_the_middle(options) == i % 4)
drawn_apart = share(hits)
in_groups = [in_the_middle(q.options) == q.answer for q in development]
told = with_interval({"value": drawn_apart.value, "ci95": drawn_apart.ci95})
low, high = drawn_apart.ci95
outcome = "clearly above 25%" if low > 0.25 else "clearly below 25%" if high < 0.25 else "about 25%"
blind_bet.compare(outcome, f"Drawn apart: {told}. In groups: {sum(in_groups)} of {len(in_groups)}.")

# %% [markdown]
# If the first number is above 25%, the questions can be answered without the code: each wrong sentence was
# chosen to be near the *true* one, so the true one stands in their middle. In groups every sentence is true
# of exactly one of the four codes. Whatever a blind reader prefers, it is right once in four.
#
# So before you believe an accuracy on multiple choice, try a reader that sees no code.

# %%
from w2s_course.learn import activity

activity("8.blind")

# %% [markdown]
# The price of this design: four questions share their sentences and are not independent. Intervals must
# draw whole groups, here and in exercise 8.1.
#
# ## 8.3 What a name gives away
# Two readers. One has no idea of programs: it takes the sentence that shares most **pieces of four letters**
# with the code. The other is the strong model, untrained. Each reads every question twice: with the
# maintainers' names, and with names hidden. **Predict:**

# %%
name_bet = predict(
    "8.names",
    "With names shown: which reader finds the true sentence more often?",
    options=["the letters", "the model", "no difference shown"],
)

# %% [markdown]
# The same function with its names:

# %%
from w2s_course.learn.real_code import shown_names, with_names

named = shown_names(development)
print(with_names(first.function))

# %% [markdown]
# Look how much of the sentence now stands in the first line. The reader of letters:

# %%
import re

from w2s_course.metrics import Estimate
from w2s_course.real_code.run import accuracy


def pieces(text):
    found = re.findall("[a-z]+", text.lower())
    return {word[i : i + 4] for word in found for i in range(max(1, len(word) - 3))}


def by_letters(question):
    code = pieces(question.function.code)
    common = [len(pieces(option) & code) / len(pieces(option)) for option in question.options]
    return common.index(max(common)) == question.answer


def measured(right):
    found = accuracy(right, seed=0)  # draws whole groups
    ci95 = None if found["low"] is None else (found["low"], found["high"])
    return Estimate(found["accuracy"], ci95, found["n"])


# %% [markdown]
# And the model, on every fourth group only: **about a minute** (the bar says more exactly). It writes nothing
# here. We ask how likely it finds each of the four sentences, after the code and without it.

# %%
from w2s_course.models.device import pick_device
from w2s_course.models.strong import load_strong
from w2s_course.real_code.likelihood import judge_options

step = 24 if lesson.config.preset == "smoke" else 4  # each so many groups, one is asked
few = [i for i in range(len(development)) if i // 4 % step == 0]
few_hidden, few_shown = [development[i] for i in few], [named[i] for i in few]
model, tokenizer = load_strong(lesson.config.strong_model, "float32", pick_device())
asked = {
    name: judge_options(model, tokenizer, questions, progress=f"names {name}")
    for name, questions in (("hidden", few_hidden), ("shown", few_shown))
}
print(f"{len(few)} of {len(development)} questions, each with its names hidden and shown")

# %% [markdown]
# The four readings. The model chooses by how much the code *adds* to a sentence; 8.4 says why.

# %%
import matplotlib.pyplot as plt

from w2s_course import plots
from w2s_course.judging.choices import CHANCE
from w2s_course.learn.real_code import rights
from w2s_course.plots.real_code import readers

readings = {}
for name, questions in (("shown", named), ("hidden", development)):
    readings[f"{name}: letters"] = measured([by_letters(q) for q in questions])
for name, likelihoods in asked.items():
    readings[f"{name}: model"] = measured(rights(likelihoods, few_hidden, "pmi"))
readings = {name: readings[name] for name in sorted(readings, reverse=True)}
with plots.style():
    figure, ax = plt.subplots(figsize=(6.5, 3.4), layout="constrained")
    drawn = readers(readings, ax, CHANCE)
    plt.show()
print(drawn)

# %% [markdown]
# Compare a reader with itself, shown against hidden: what it loses is what names were worth to it. The model
# answered fewer questions, so its lines are longer. Do not compare two bars whose lines overlap widely.

# %%
letters, reads = readings["shown: letters"], readings["shown: model"]
apart = [reads.ci95 and one.ci95[0] > other.ci95[1] for one, other in ((letters, reads), (reads, letters))]
outcome = "the letters" if apart[0] else "the model" if apart[1] else "no difference shown"
name_bet.compare(outcome, "By intervals that do not touch, which is a cautious way to call a difference.")

# %% [markdown]
# On all development questions the authors of this course asked several more readers; the
# [table](../docs/real-code.md#how-the-teacher-was-chosen) has them side by side. It is why names are hidden
# in everything that follows: not because they are forbidden in practice, but because a reader of names and a
# reader of code then look alike.

# %%
activity("8.leak")

# %% [markdown]
# All of this used *development* questions, whose modules no test contains. Scores, teachers and recipes may
# be chosen there, and nowhere else.

# %% [markdown]
# ## 8.4 Likely, or made likely?
# A model gives each sentence a probability. Three ways to make it a choice, for a code x and a sentence y:
#
# | score | formula | rewards |
# |---|---|---|
# | total | $\log \Pr(y \mid x)$ | short sentences |
# | mean | $\log \Pr(y \mid x)$ / tokens | ordinary sentences |
# | PMI | $\log \Pr(y \mid x) - \log \Pr(y)$ | what the code makes likelier |
#
# PMI is *pointwise mutual information*. $\Pr(y)$ is asked after an empty code. **Predict** for your few
# questions:

# %%
score_bet = predict(
    "8.scores", "Which score finds the true sentence most often?", options=["total", "mean", "pmi"]
)

# %% [markdown]
# Within a group the four codes share their sentences. A score that did not look at the code would choose
# *one* sentence for all four; one that is always right chooses four different ones. The last column counts.

# %%
from statistics import fmean

import pandas as pd

from w2s_course.judging.choices import SCORES, chosen

score_bet.required()
few_asked = list(zip(few_hidden, asked["hidden"], strict=True))
rows = {}
for name, score in SCORES.items():
    picks = [q.options[chosen([score(y) for y in ys])] for q, ys in few_asked]
    different = [len(set(picks[i : i + 4])) for i in range(0, len(picks), 4)]
    rows[name] = [fmean(rights(asked["hidden"], few_hidden, name)), fmean(different)]
pd.DataFrame(rows, index=["right", "different choices a group"]).T.round(2)

# %% [markdown]
# Where *different choices* is near 1, the score mostly has a favourite sentence, whatever the code. That is
# habit, not reading. Now see whether your bet held:

# %%
best = max(right for right, _ in rows.values())
leaders = [name for name, (right, _) in rows.items() if right == best]
text = f"{' and '.join(leaders)}: {best:.0%} of {len(few)} questions; a handful, so small leads mean nothing."
score_bet.compare(leaders[0] if len(leaders) == 1 else "equal: " + ", ".join(leaders), text)

# %% [markdown]
# Which one the course uses was decided on all development questions, before any test question was asked.
# Here is one group seen from inside, by total and by PMI: a line for each code, a column for each sentence.

# %%
shortest = min(range(0, len(few), 4), key=lambda i: sum(len(q.function.code) for q in few_hidden[i : i + 4]))
group = few_asked[shortest : shortest + 4]
order = sorted(group[0][0].options)
print("\n".join(f"column {column}: {option}" for column, option in enumerate(order, 1)))
for name in ("total", "pmi"):
    print(f"{name}:")
    for question, ys in group:
        values = {option: SCORES[name](y) for option, y in zip(question.options, ys, strict=True)}
        line = "".join(f"{values[option]:9.1f}" for option in order)
        print(f"{line}   true: column {order.index(question.function.sentence) + 1}")

# %% [markdown]
# Read *down* a column of the first block. Where all its numbers are near each other, the sentence has its
# probability from itself and not from the code. Subtracting $\log \Pr(y)$ takes the same amount from each
# entry of a column: the second block is what the code changed.

# %%
activity("8.score")

# %% [markdown]
# ## 8.5 The arms, on real code
# Now the experiment of this course, on functions that people wrote. The weak model is a *word table*: from a
# fifth of the functions it has counted which words of a sentence stand beside which words of a code. It
# labels half of the functions with the sentence that it would choose, and the strong model learns from that.
# The other arms are what you know. In the place of *strong, prompted* one is new: **the strong model
# untrained**.
#
# Why does it matter here? On the generated programs the strong model without training is right almost
# never (arm *strong, prompted* in unit 4): it copies the form. Choosing needs none. **Predict**, for the
# mean over seeds:

# %%
OPTIONS = ["above it", "no difference shown", "below it"]
real_bet = predict(
    "8.real", "Where is the student on weak labels, beside the same model untrained?", options=OPTIONS
)

# %% [markdown]
# The recorded table, if this version of the course has one. Your own is made by `w2s real-code`: four models
# are asked and three of them trained for each seed, so on two cores take a long break. Each arm is kept as
# soon as it is done.

# %%
from w2s_course.plots.real_code import choices
from w2s_course.recorded import recorded_real_code

real_bet.required()
table = recorded_real_code()
if table is None:
    print("No table of real code is recorded in this version. To make one: w2s real-code --seed 0")
else:
    with plots.style():
        figure, ax = plt.subplots(figsize=(6.5, 4.4), layout="constrained")
        drawn = choices(table["rows"], ax, table["chance"])
        plt.show()
    print(drawn)
    print("made by:", table["command"])

# %% [markdown]
# If you see bars: the dashed line is a guesser. An arm whose line crosses it has shown nothing on that seed.
# The points of one arm differ because each seed deals other modules to gold, pool and test.
#
# What may be said, computed from the rows:

# %%
from w2s_course.learn.real_code import what_rows_say
from w2s_course.seeds import mean_with_interval

for sentence in what_rows_say(table["rows"]) if table else ["Nothing yet: no rows."]:
    print(sentence)
if table:
    of = {(row["seed"], row["arm"]): row["accuracy"] for row in table["rows"]}
    seeds = sorted({seed for seed, _ in of})
    led = [of[seed, "weak_to_strong"] - of[seed, "strong_untrained"] for seed in seeds]
    mean, ci95 = mean_with_interval(led)
    low, high = ci95 or (-1, 1)
    outcome = OPTIONS[0] if low > 0 else OPTIONS[2] if high < 0 else OPTIONS[1]
    real_bet.compare(outcome, f"By seed: {', '.join(f'{100 * d:+.1f} points' for d in led)}.")

# %% [markdown]
# 'No difference shown' is not 'no difference': with so few seeds and questions, several points are within
# noise. Read the lines in this order.
#
# 1. Is an arm above *chance*?
# 2. Is the student above the *untrained* model? Only this difference can be due to the labels.
# 3. Is it above its *teacher*? If the untrained model was already, this says little about weak labels.
# 4. How far is the *ceiling*? If gold for the same codes adds little, there was little to recover.

# %%
for row in table["rows"] if table else []:
    if row["arm"] == "weak_to_strong":
        pgr = "none" if row["pgr"] is None else f"{row['pgr']:.2f}"
        print(f"seed {row['seed']}: status '{row['pgr_status']}', PGR {pgr}")
if table:
    weak = [row for row in table["rows"] if row["arm"] == "weak"]
    print("labels right:", ", ".join(f"{row['label_accuracy']:.0%}" for row in weak))
else:
    print("No PGR either.")

# %% [markdown]
# 'No gap' and 'gap within noise' are findings: there the experiment cannot say what weak labels recover,
# because gold labels did not show that there was anything to recover. A PGR beside such a status is printed
# only to show how good an empty number can look; nobody may quote it. Where PGR means something, ask what its
# zero is: the weak teacher. A strong model that stands above its teacher before training has a 'recovered
# gap' that no label recovered, and PGR alone is silent about it. Exercise 8.8 builds the reading.
#
# One more thing the rows hold: the same answers under each score, as means over the seeds. PMI was chosen on
# development questions; this is the test.

# %%
for arm in ("strong_untrained", "weak_to_strong", "ceiling") if table else ():
    own = [row for row in table["rows"] if row["arm"] == arm]
    by_score = {name: fmean(row[f"accuracy_{name}"] for row in own) for name in SCORES}
    print(f"{arm:17}", ", ".join(f"{name} {value:.0%}" for name, value in by_score.items()))
if table is None:
    print("No rows, so no scores.")

# %% [markdown]
# Compare two differences: what a *score* changes for the same model, and what *training* changes under the
# same score. If the first is the larger, whoever reports one number per model without naming the score has
# reported the score.

# %% [markdown]
# ## 8.6 Likeness is not truth
# Many papers score a written explanation by its similarity to a reference. Three sentences: one, its
# negation, and the same claim in other words. Which pair is more alike?

# %%
turned = [
    ("Check if a string is a palindrome.", "Check if a string is not a palindrome."),
    ("Return the items that are in the list.", "Return the items that are not in the list."),
    ("Return the largest of the values.", "Return the smallest of the values."),
]
in_other_words = ["True for texts that read the same backwards.", "Keep every element of it.", "Maximum."]


def embedding(text):
    ids = tokenizer(text, add_special_tokens=False, return_tensors="pt")["input_ids"].to(model.device)
    mean = model.get_input_embeddings()(ids)[0].mean(0)
    return mean / mean.norm()


# %% [markdown]
# Three measures of likeness: words in common; TF-IDF, in which rare words count more; and the strong model's
# token embeddings, the vectors that it reads in place of ids, averaged over a sentence.


# %%
def likenesses(one, other):
    *_, first_vector, second_vector = tf_idf([*sentences, one, other])
    return {
        "words": overlap(words(one), words(other)),
        "TF-IDF": similarity(first_vector, second_vector),
        "embedding": float(embedding(one) @ embedding(other)),
    }


table_of = {}
for (claim, other), same in zip(turned, in_other_words, strict=True):
    table_of[other] = likenesses(claim, other)
    table_of[same] = likenesses(claim, same)
pd.DataFrame(table_of).T.round(2)

# %% [markdown]
# The first line of each pair says the *opposite* of the sentence (or something else), the second the same in
# other words. For which measure does the same claim win? These measures are simple ones; but in a small
# static embedding model too, 'is a palindrome' and 'is not a palindrome' came out at 0.98 (measured for this
# course on this pair).
#
# Three examples prove nothing. With generated programs we can count: a **true** sentence in other words, and
# a **false** one that differs in a claim. Both are judged by execution. **Predict:**

# %%
near_bet = predict(
    "8.likeness",
    "In what share of the pairs is the false sentence nearer to the gold one than the true one is?",
    unit="%",
)

# %% [markdown]
# The true ones come in two voices, terse ('sum of numbers <= 9') and long; the false ones keep the gold
# sentence's wording, and turn a comparison or a concept.

# %%
from w2s_course.judging.execution import judge
from w2s_course.labeling.rules import RULES, planted_claims
from w2s_course.labeling.styles import fluent, terse
from w2s_course.snippets.concepts import sentence as gold_sentence

pairs, told_apart = [], 0
for snippet in lesson.splits["pool"][:200]:
    for claim in list(planted_claims(snippet, tuple(RULES)).values())[:1]:
        false = gold_sentence(snippet.claims.with_claim(claim))
        pairs += [(voice, snippet.explanation, voice(snippet.claims), false) for voice in (terse, fluent)]
        told_apart += not judge(false, snippet.code, snippet.claims).exact
        told_apart += judge(terse(snippet.claims), snippet.code, snippet.claims).exact
for _, gold, true, false in pairs[:2]:
    print(f"gold: {gold}\ntrue: {true}\nfalse: {false}\n")
print(
    f"{len(pairs)} pairs; the judge, who runs the code, told {told_apart} of {len(pairs)} sentences rightly"
)

# %% [markdown]
# The judge needs no likeness. Now the two measures that know no other sentences:

# %%
near_bet.required()
nearer = {(voice.__name__, name): [] for voice in (terse, fluent) for name in ("words", "embedding")}
for voice, gold, true, false in pairs:
    nearer[voice.__name__, "words"].append(
        overlap(words(gold), words(false)) > overlap(words(gold), words(true))
    )
    at = embedding(gold)
    nearer[voice.__name__, "embedding"].append(float(at @ embedding(false)) > float(at @ embedding(true)))
found = {f"{voice}, {name}": share(values) for (voice, name), values in nearer.items()}
told = "; ".join(f"{name} {with_interval({'value': e.value, 'ci95': e.ci95})}" for name, e in found.items())
whole = share([one for values in nearer.values() for one in values]).value
near_bet.compare(round(100 * whole, 1), f"The false one is nearer: {told}.")

# %% [markdown]
# Near 0% the measure would sort true from false, near 100% it would sort them the wrong way round. The test
# is severe on purpose: true sentences in another style, false ones in the same. But that is what fluent
# imitation looks like, and what a similarity score rewards.

# %%
activity("8.similar")

# %% [markdown]
# ## 8.7 Ten explanations, read critically
# Ten functions of these packages, each with an explanation that was written for this lesson. Rate each as
#
# - **true**: it says what the code does, and no input shows otherwise;
# - **vague**: nothing in it is false, and from it alone nobody could write the function;
# - **false**: some input shows otherwise.
#
# Work out a small input before you read the sentence. Ten to fifteen minutes; you may stop and come back. The
# key, what the maintainers wrote, and what the real function gave come after the tenth. First a bet:

# %%
rating_bet = predict("8.rating", "On how many of the ten will you and the key agree?", high=10)

# %% [markdown]
# Press a button for each. Without a browser: `mine.answer("true")`, then `print(mine.text())`.

# %%
rating_bet.required()
mine = activity("8.ten")

# %% [markdown]
# When you are through, run the next cell. A rater to compare with: one that reads no code and calls true what
# shares at least three in ten of its words with the maintainers' sentence, else false.

# %%
by_words = [
    "true" if overlap(words(item.explanation), words(item.maintainers)) >= 0.3 else "false"
    for item in mine.items
]
if mine.done:
    rating_bet.compare(sum(a == b for a, b in zip(mine.answers, mine.key, strict=True)))
    for rater, value in mine.kappas({"the reader of words": by_words}).items():
        print(f"kappa of your ratings with {rater}: {value:.2f}")
else:
    print(f"{len(mine.answers)} of {len(mine.items)} rated so far; the comparison comes after the last.")

# %% [markdown]
# Kappa is agreement beyond what your two habits would give by chance: 1 is full agreement, 0 is what chance
# explains (exercise 8.6). Somebody beside you? `mine.kappas({"Ada": [...]})` takes their ten ratings.
#
# Where you and the key differ, look at its reason and at what the function gave. The line between true and
# vague is a judgement, and the key is one person's; that between true and false is not: one input decides.
# And one of the maintainers' own sentences is false of some inputs. *Gold* is what somebody wrote down.

# %%
activity("8.kappas")

# %% [markdown]
# ## 8.8 Style against substance
# The ten were written in two voices: terse, and long and assured. In both, some are not true. Imitation takes
# over a teacher's style sooner than its substance, and raters are fooled by it (Gudibande et al. 2023,
# [arXiv 2305.15717](https://arxiv.org/abs/2305.15717)). And you?

# %%
if mine.done:
    for style, (fooled, n) in mine.by_style().items():
        print(f"{style}: you called {fooled} of {n} true that are vague or false")
else:
    print("Rate the ten first.")

# %% [markdown]
# So few say nothing about raters in general. They may say something about you.
#
# Is a *model* fooled? For the long explanations that are vague or false, we ask whether it finds them
# likelier than the maintainers' own sentence, by each score. A few seconds.

# %%
from w2s_course.real_code.likelihood import log_likelihoods

polished = [item for item in mine.items if item.fluent and item.key != "true"]
both = [(item.explanation, item.maintainers) for item in polished]
given = log_likelihoods(model, tokenizer, [item.code for item in polished], both)
without = log_likelihoods(model, tokenizer, [""] * len(both), both)
size = [[len(tokenizer(text)["input_ids"]) for text in pair] for pair in both]
ask = {
    "total": lambda i, j: given[i][j],
    "mean": lambda i, j: given[i][j] / size[i][j],
    "pmi": lambda i, j: given[i][j] - without[i][j],
}
for name, value in ask.items():
    won = sum(value(i, 0) > value(i, 1) for i in range(len(both)))
    print(f"{name}: prefers the polished sentence to the maintainers' in {won} of {len(both)}")

# %% [markdown]
# No score here asks for truth. *Total* counts length against the polished sentence. *Mean* likes ordinary
# words, which polish is made of. *PMI* pays for every word that the code makes likelier, so a long sentence
# may collect more, true or not. Choosing among four sentences of one kind hides this; judging free text does
# not. It needs tests, or people who work out examples.
#
# ## 8.9 Larger models
# What changes with size? The questions and the scoring stay as they are; only a name changes. Among the
# models is GPT-2, which the open release of the 2023 code uses:

# %%
from w2s_course.models.catalog import MODELS

for entry in MODELS.values():
    size = f"{entry.parameters / 1e6:.0f} million parameters, {entry.size_bytes / 1e9:.1f} GB"
    print(f"{entry.name:14} {size}, {entry.licence}. {entry.note}")

# %% [markdown]
# The next cell runs **only where a GPU and the Hugging Face hub are there**, on Colab for one; elsewhere it
# says so and goes on. It downloads the models that are missing (sizes above), and asks them all development
# questions. **Before you run it:** will accuracy rise with size within a family? And
# is a model that saw more code but is smaller above or below a larger one?

# %%
from w2s_course.learn.real_code import untrained, why_not_larger

FAMILY = ["distilgpt2", "gpt2", "gpt2-medium", "gpt2-large"]
reason = why_not_larger()
by_size = [] if reason else untrained([*FAMILY, lesson.config.strong_model], development)
for row in by_size:
    print(f"{row['model']:14} {row['parameters'] / 1e6:5.0f} M  {row['accuracy']:.0%} ", end="")
    print(f"({row['low']:.0%} to {row['high']:.0%}); by total {row['total']:.0%}, by mean {row['mean']:.0%}")
print(reason or f"{len(development)} questions each, chance {CHANCE:.0%}")

# %% [markdown]
# Where it ran: two models whose intervals overlap are not ranked by their values. A family that rises with
# size says that this family's skill does; it says nothing yet about weak labels. For that, all arms with
# another student: put a name into the next cell, `"gpt2-medium"` for one. It too runs on a GPU only.

# %%
from dataclasses import replace

from w2s_course.real_code.config import RealCodeConfig
from w2s_course.real_code.run import run_real_code

LARGER = ""
if LARGER and not reason:
    larger_rows = run_real_code(replace(RealCodeConfig(), strong_model=LARGER))
    print("\n".join(what_rows_say(larger_rows)))
else:
    print(reason or 'No name chosen: LARGER = "gpt2-medium" trains and tests all arms.')

# %% [markdown]
# What to watch for with a larger student: the untrained model moves up, so there is less that a weak teacher
# could add, and more that it could break. In the literature larger students agree *less* with their teacher's
# errors (Burns et al. 2023, [arXiv 2312.09390](https://arxiv.org/abs/2312.09390)). Whether that holds for
# your pair is what the two cells above can show, and one seed cannot settle. More code: `code_search_net` in
# `w2s_course.snippets.hub` streams it from the hub in the same form.

# %% [markdown]
# ## What to take along
# - Truth can be exact without executing a sentence: ask for the one that the maintainers wrote. Then ask what
#   a reader scores that never sees the code.
# - Names tell. Measure with and without, and say which you did.
# - A likely sentence is not one that the code made likely. Subtract what it has by itself.
# - The zero of an experiment is the model *before* training, not only the weak teacher; and chance is below.
# - Likeness, fluency and agreement are not truth. An input is.
#
# **Next:** [the exercises](../exercises/08_real_code/08_real_code.ipynb), then [9 The
# verdict](09_the_verdict.ipynb): you have measured, priced, mended and doubted. Is the plan sound?
