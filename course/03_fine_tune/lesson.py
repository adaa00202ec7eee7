# %% [markdown]
# # 3 Fine-tune the strong model
#
# *30 minutes, about 5 of them waiting on two cores · no GPU, no network*
#
# The teacher has labelled the pool. Now the powerful model learns from these labels, while you watch.
#
# After this lesson you will be able to
# - say which tokens of an example are learned and which are only read, and why no token id may decide it;
# - write the loss of equation 4.10 in code;
# - count what LoRA trains, and say what it leaves alone;
# - fine-tune a model, read its loss curve, and know what that curve cannot tell.

# %% setup=true

# %% [markdown]
# *Waits in this unit* above is for what this machine has not computed yet; each wait is announced once more
# where it comes. What is computed once is kept.

# %% [markdown]
# ## 3.1 What the student reads
# We need the labels of unit 2. If you did that unit they are here in seconds. If not, the weak model is
# trained and labels the pool now: twenty seconds on two newer cores, one to two minutes on old ones. You can
# read on meanwhile.

# %%
from w2s_course.labeling import load_labels

labels = load_labels(lesson.stage("labels"))
print(labels[0]["code"])
print("\nteacher:", labels[0]["explanation"])

# %% [markdown]
# This pair, true or not, is one training example. A model reads *tokens*: pieces of text, each with a number,
# its id. The strong model comes with its own list of them.

# %%
import pandas as pd

from w2s_course.models.device import pick_device
from w2s_course.models.strong import load_strong
from w2s_course.training.batches import encode

pd.set_option("display.max_colwidth", None)
model, tokenizer = load_strong(lesson.config.strong_model, lesson.config.precision, pick_device())
example = encode(tokenizer, [labels[0]["code"]], [labels[0]["explanation"]])[0]
parts = ["prompt"] * len(example.prompt) + ["label"] * len(example.label)
ids = example.prompt + example.label
tokens = pd.DataFrame({"part": parts, "id": ids, "token": [repr(tokenizer.decode([i])) for i in ids]})
print(f"{len(example.prompt)} tokens of prompt, {len(example.label)} of label; the last ones:")
tokens.tail(len(example.label) + 4)

# %% [markdown]
# The **prompt** is the code, a new line and `# `, as if a comment were to follow. The **label** is the
# teacher's sentence and an *end mark*. The end mark matters: it is how a model learns to stop. Rows of a
# batch must be equally long, so short ones are filled up with *padding*, which has an id, too.

# %%
end, padding = tokenizer.eos_token_id, tokenizer.pad_token_id
print(f"end mark: id {end}, padding: id {padding};", "the same!" if end == padding else "different.")

# %% [markdown]
# **The trap.** Where the two are the same, code that says *no loss where the id is that of padding* throws
# away every end mark. The loss looks fine, and nothing teaches the student to stop. So this course masks by
# *position*, whatever the ids are: we know how long prompt and label are. In exercise 3.1 you get it right
# yourself.

# %%
from w2s_course.learn import activity

activity("3.end_mark")

# %% [markdown]
# ## 3.2 The mask in a picture
# `collate` makes a batch of examples: ids, attention (1 on real tokens), and labels, which are -100 wherever
# nothing is to be learned. **Predict:** of all positions of a batch, how many are learned: most, half, or
# few?

# %%
import matplotlib.pyplot as plt
from matplotlib.colors import ListedColormap

from w2s_course import plots
from w2s_course.training.batches import IGNORED, collate
from w2s_course.wording import wrapped

few = collate(encode(tokenizer, labels[:6]["code"], labels[:6]["explanation"]), padding)
kind = few.attention + (few.labels != IGNORED)  # 0 padding, 1 prompt, 2 label
with plots.style():
    figure, ax = plt.subplots(figsize=(6.5, 2.2), layout="constrained")
    colours = ListedColormap(["#ffffff", "#dde1e6", plots.ARM_COLOURS["weak_to_strong"]])
    ax.pcolormesh(kind, cmap=colours, vmin=0, vmax=2, edgecolors="#ffffff", linewidth=0.3)
    ax.invert_yaxis()
    ax.set(
        xlabel="position",
        ylabel="example",
        yticks=[],
        title="Blue is learned, grey is read, white is padding",
    )
    plt.show()
counts = [f"{int((row == 1).sum())} read, {int((row == 2).sum())} learned" for row in kind]
learned = f"Learned: {(kind == 2).float().mean():.0%} of all."
print(wrapped(f"Rows of squares, one a token. {'; '.join(counts)}. {learned}"))

# %% [markdown]
# Each row begins with its prompt, then comes its label, then padding. The gradient comes from the blue
# squares alone. They depend on the grey ones all the same: a label token is predicted *from* the code before
# it.

# %%
activity("3.two_losses")

# %% [markdown]
# ## 3.3 Equation 4.10 as code
# The plan, as the book writes it: choose the strong model's weights so that the weak labels become likely.
#
# $$\tilde\theta = \arg\max_\theta \sum_{x \in X} \log \Pr{}^s_\theta(\hat y \mid x) \tag{4.10}$$
#
# The log-probability of a sentence is the sum over its tokens, each given the code and the tokens before it.
# Optimisers minimise, so we take the *negative*, and a mean per label token, so that the number does not
# depend on how much is in a batch. This function trains every arm that is trained:

# %%
import inspect

from w2s_course.training.objectives import negative_log_likelihood

print(inspect.getsource(negative_log_likelihood))

# %% [markdown]
# Nothing in it says *weak*. The student and the ceiling differ in the labels that go in, not in the loss. Now
# the same by hand, for the example above and the model as it comes. Logarithms are natural, so the unit is
# the *nat*: a token of probability 1/2 costs about 0.69 of them.

# %%
import math

import torch

from w2s_course.training.finetune import label_logits

one = collate([example], padding).to(model.device)
with torch.inference_mode():
    logits, wanted = label_logits(model, one)
log_p = [row.log_softmax(0)[token].item() for row, token in zip(logits.float(), wanted, strict=True)]
by_hand = -sum(log_p) / len(log_p)
loss_before = negative_log_likelihood(logits, wanted).item()
print(f"by hand {by_hand:.4f}, by the function {loss_before:.4f} nats a token")
print(
    f"a model that knows nothing: log({model.config.vocab_size:,}) = {math.log(model.config.vocab_size):.2f}"
)
said = [repr(tokenizer.decode([token])) for token in wanted.tolist()]
pd.DataFrame({"token": said, "probability": [math.exp(lp) for lp in log_p], "-log p": [-lp for lp in log_p]})

# %% [markdown]
# Each line is one blue square. A token that the model expects costs next to nothing; one that surprises it
# costs much, and often a few of these make up most of the mean. Look at which ones: the words that commit the
# sentence to a claim, the first word (nothing said that a sentence of this form was wanted), or the end
# mark. That is what has to be learned. Compare the loss with that of a model that knows nothing, too: what
# lies between the two is what pre-training already knows about code and English.

# %%
activity("3.nats")

# %% [markdown]
# ## 3.4 Before: the strong model as it comes
# To have something to compare with, we ask the model, not fine-tuned yet, about five *test* snippets, with a
# few solved examples in its prompt. (Some seconds.) **Predict:** how many of the five will be right?

# %%
from w2s_course.arms.strong import few_shot_prefix
from w2s_course.models.answers import answer
from w2s_course.results import judge_all
from w2s_course.training.batches import prompt_of

shown = lesson.splits["test"][:5]
solved = few_shot_prefix(lesson.splits["gold"], lesson.config.sizes.shots)
untrained = [
    a.text for a in answer(model, tokenizer, [prompt_of(s.code) for s in shown], prefix=solved, stop="\n")
]
verdicts = judge_all(untrained, shown)
print(f"right: {sum(v.exact for v in verdicts)} of {len(shown)}")
pd.DataFrame(
    {"truth": [s.explanation for s in shown], "before": untrained, "right": [v.exact for v in verdicts]}
)

# %% [markdown]
# Compare form and content. The examples show it *how* to answer; if the sentences have the right form and the
# wrong claims, it copied the form. Five snippets prove nothing, of course: unit 4 asks all of the test set.

# %% [markdown]
# ## 3.5 LoRA: train little, keep the rest
# To train all weights we would need a gradient and two more numbers (AdamW's) for each. **LoRA** (Hu et al.
# 2021) freezes each weight matrix $W$ and adds a thin detour beside it: $Wx + \frac{\alpha}{r} BAx$. $A$
# squeezes the input to $r$ numbers, $B$ spreads them out again; only these two are trained. $\alpha / r$
# fixes how loudly the detour speaks. We put it beside every linear layer in the upper part of the model.

# %%
from w2s_course.models.strong import add_lora

lora = lesson.config.lora
total = model.num_parameters()
trainable = add_lora(model, lora, seed=lesson.config.seed)
print(
    f"rank {lora.rank}, alpha {lora.alpha}, "
    f"upper {lora.upper:.0%} of {model.config.num_hidden_layers} layers; "
    f"B learns {lesson.config.strong_recipe.plus:g} times as fast as A"
)
print(f"trained: {trainable:,} of {total + trainable:,} numbers, {trainable / (total + trainable):.1%}")
for name, count in (("all weights", total), ("LoRA", trainable)):
    print(f"weight, gradient and AdamW's two, in float32, for {name}: {16 * count / 1e6:,.0f} MB")
with torch.inference_mode():
    loss_with_lora = negative_log_likelihood(*label_logits(model, one)).item()
print(f"loss of our example before {loss_before:.4f}, with untrained LoRA {loss_with_lora:.4f}")

# %% [markdown]
# The loss has not changed: $B$ starts at zero, so the student starts as exactly the model that you just
# asked. That $B$ learns faster than $A$ is LoRA+ (Hayou et al. 2024). Here, on two seeds, it made the upper
# two fifths of the layers as good as the upper half had been before ([log](../docs/negative-results.md)).
# Counting what is trained is exercise 3.4.

# %%
del model, logits, wanted  # the training below loads its own

# %% [markdown]
# ## 3.6 Fine-tune, and watch
# Here is what will happen, and one number that a real team would not have: how many of the labels are true.

# %%
from statistics import fmean

config = lesson.config
passes = config.strong_steps * config.strong_recipe.batch_size / len(labels)
print(
    f"{config.strong_steps} steps of {config.strong_recipe.batch_size} examples: {passes:.1f} times the pool"
)
right = fmean(v.exact for v in judge_all(labels["explanation"], lesson.splits["pool"]))
print(f"labels that are fully true: {right:.0%} of {len(labels):,}")

# %% [markdown]
# In one pass each example is seen once, so the loss of each step is that of labels the student has never
# seen. The other students make as many steps: otherwise one would compare patience, not labels. **Two
# predictions**; the training waits for them.

# %%
from w2s_course.learn import predict

SHAPES = ("hardly moves", "falls steadily to the end", "falls fast, then flattens", "falls, then rises again")
shape_bet = predict("3.loss", "What will the loss on the weak labels do over the steps?", options=SHAPES)

# %% [markdown]
# The second one is a number. Your clues are the share of true labels above, and what the model could do
# before.

# %%
accuracy_bet = predict(
    "3.accuracy",
    "How many of the test snippets will the student explain fully right?",
    low=0,
    high=100,
    unit="%",
)

# %% [markdown]
# Now the training: some minutes on two cores with the `cpu` preset, answers on the test snippets included.
# The first line that it prints says how long here; if you have done it before, it takes seconds.
# The plot grows as it goes. Each point of the thin line is one batch, so it jumps.

# %%
from w2s_course.learn import live_finetune

shape_bet.required()
accuracy_bet.required()
curve = live_finetune(lesson)

# %% [markdown]
# Read a loss curve in this order: where it starts (near the loss of our example above?), how fast it falls,
# where it ends, and how much single batches jump around the thick line. A jump from batch to batch is no
# news; a thick line that rises for many steps is.

# %%
from w2s_course.arms.files import ANSWERS, read_answers

tenth, half = max(1, len(curve.losses) // 10), len(curve.losses) // 2
start, middle, last = (fmean(curve.losses[i : i + tenth]) for i in (0, half, len(curve.losses) - tenth))
print(f"mean loss at the start {start:.2f}, in the middle {middle:.2f}, at the end {last:.2f}")
if last > 0.8 * start:
    shape = SHAPES[0]
elif last > 1.25 * middle:
    shape = SHAPES[3]
else:
    shape = SHAPES[2] if start - middle > 2 * (middle - last) else SHAPES[1]
shape_bet.compare(shape, "Judged by the means of the first, a middle and the last tenth of the steps.")

# %% [markdown]
# If your guess about the shape was wrong, find the step at which the curve left the path that you had
# expected. Then the second prediction:

# %%
test = lesson.splits["test"]
student = [a.text for a in read_answers(curve.folder / ANSWERS)]
teacher = [a.text for a in read_answers(lesson.stage("labels") / "test.jsonl")]
mine, its = (100 * fmean(v.exact for v in judge_all(texts, test)) for texts in (student, teacher))
accuracy_bet.compare(round(mine, 1), f"Its teacher is right on {its:.1f}% of the same {len(test)} snippets.")

# %% [markdown]
# Which of the two is higher on *your* run, and by how much? Keep the question whether that is more than
# chance for unit 4, and the question *which* errors went away for unit 5.

# %% [markdown]
# ## 3.7 Loss is not accuracy
# The loss compares with the *labels*. It falls when the student writes what its teacher would have written,
# errors included. So at some steps, its *checkpoints*, it was also asked about *validation* snippets, which
# nobody trained on.

# %%
from w2s_course.arms.files import CURVE, read_rows

val = lesson.splits["val"]
teacher_val = [a.text for a in read_answers(lesson.stage("labels") / "val.jsonl")]
points = [
    {
        "step": row["step"],
        "mean loss since the last": row["loss"],
        "true": fmean(v.exact for v in judge_all(row["answers"], val)),
        "in the teacher's words": fmean(a == b for a, b in zip(row["answers"], teacher_val, strict=True)),
    }
    for row in read_rows(curve.folder / CURVE)
]
print(f"{len(val)} validation snippets, so one snippet is {1 / len(val):.1%}")
pd.DataFrame(points)

# %% [markdown]
# `true` needs gold, which the team does not have. All that it can watch is the last column, agreement with
# the teacher. If both rise, the student learns what is common to truth and teacher. If agreement went on
# rising while truth fell, the student would be learning its teacher's errors: *overfitting the weak labels*.
# Burns et al. (2023, arXiv 2312.09390) report that their students did so within a single epoch, that is, one
# pass. But mind the printed line: a change of one or two snippets is nothing.

# %%
activity("3.agreement")

# %% [markdown]
# **Predict** for a recorded run of the `cpu` preset: would the team, which sees only agreement, have stopped
# earlier than somebody who sees the truth, later, or at the same step?

# %%
with plots.style():
    figure, ax = plt.subplots(figsize=(6.5, 4.4), layout="constrained")
    stopping = plots.early_stopping(lesson.recorded(), ax)
    plt.show()
print(stopping)

# %% [markdown]
# Circles mark the best step by each measure. Before you read anything into two circles at different steps,
# look at the intervals: where they overlap so widely, another draw of validation snippets could move a
# circle. Exercise 3.5 puts a price on stopping by the teacher's word.

# %%
with plots.style():
    figure, ax = plt.subplots(figsize=(6.5, 4.4), layout="constrained")
    arms = plots.curves(lesson.recorded(), ax)
    plt.show()
print(arms)

# %% [markdown]
# All three are the same model with the same number of steps. Compare when each becomes flat: a line that
# still rises at its last step is no final word about its labels, and a run with more steps could end
# elsewhere.

# %% [markdown]
# ## 3.8 A loss with a floor
# The recorded runs, one line a seed: the mean training loss of the last steps, for the student on weak labels
# and for the ceiling on gold labels of the *same* snippets.

# %%
pd.DataFrame(
    [
        {
            "seed": run["config"]["seed"],
            "weak labels that are true": run["labels"]["exact"]["value"],
            "last loss, weak labels": run["curves"]["weak_to_strong"][-1]["loss"],
            "last loss, gold labels": run["curves"]["ceiling"][-1]["loss"],
        }
        for run in lesson.recorded_all()
    ]
).round(3)

# %% [markdown]
# Compare the last two columns seed by seed, and then the student's loss with how many labels are true.

# %%
activity("3.floor")

# %% [markdown]
# So a training loss that stays up is not always a fault to be trained away. In a single pass it is mostly
# the price of errors that nobody could foresee (and in part of learning more slowly from mixed signals).
# More passes could push it down: by learning single labels by heart, the false ones too.

# %% [markdown]
# ## 3.9 Before and after
# The five snippets of 3.4 again, now answered by the student.

# %%
after = student[: len(shown)]
for snippet, old, new in zip(shown, untrained, after, strict=True):
    print(snippet.code)
    for name, text in (("truth", snippet.explanation), ("before", old), ("after", new)):
        (verdict,) = judge_all([text], [snippet])
        print(f"  {name:7}{'✓' if verdict.exact else '✗'} {text}")
    print()

# %% [markdown]
# Nobody ever showed the student a checked explanation of these snippets or of any other: all that it saw
# came from its teacher. Where it is wrong, read the sentence closely. Is it nonsense, or fluent and false? A
# reader who trusts good English will not notice the second kind.
#
# One doubt remains. No *program* of the test set is in the pool, but several programs do the same, so the
# true sentence of a test snippet may stand among the labels, word for word. Does the student only choose
# among sentences that it was shown? **Predict:** how often is it right where the sentence is new to it?

# %%
from dataclasses import asdict

from w2s_course.metrics import share
from w2s_course.wording import with_interval

learned, right = set(labels["explanation"]), [v.exact for v in judge_all(student, test)]
shown_before = [snippet.explanation in learned for snippet in test]
for where, which in (("stands among its labels", True), ("is new to it", False)):
    some = [r for r, before in zip(right, shown_before, strict=True) if before == which]
    found = with_interval(asdict(share(some)))
    print(f"the true sentence {where}: {len(some)} snippets, {found} right")

# %% [markdown]
# Who could only repeat would have next to nothing in the second line: what is right there was put together
# from claims that were learned apart. That the first line is higher need not be memory. The sentences that a
# teacher writes are those whose concepts it knows best.

# %% [markdown]
# ## What to take with you
# - **The loss falls on the label and its end mark**, found by position.
# - **Equation 4.10 is ordinary fine-tuning**: the mean negative log-likelihood of the label tokens. All that
#   is weak about it is the labels.
# - **LoRA trains a small share of the numbers** and starts as the unchanged model.
# - **The loss measures agreement with the labels.** Truth is measured on held-out snippets, and a handful of
#   them decides nothing.
# - **Noisy labels leave a floor** under the loss of the first pass: what follows no rule cannot be foreseen.
#
# **Next:** [the exercises of this unit](../exercises/03_fine_tune/03_fine_tune.ipynb). After them, [4
# Measure](04_measure.ipynb) asks what the student's score is worth: against its teacher, against the ceiling,
# and against chance.
