"""The experiment: can a weak teacher train a strong student? One configuration, eight stages, one result.

    weak             the weak model, trained on its own gold pairs
    labels           its explanation of every snippet of the pool: the weak labels
    control          the weak architecture again, from nothing, trained on the weak labels
    strong_prompted  the strong model untrained, a few gold examples in its prompt
    lower_layers     what its frozen layers make of the snippets, once for all arms that learn from them
    strong_on_gold   the strong model fine-tuned on the weak model's gold pairs
    weak_to_strong   the strong model fine-tuned on the weak labels          (eq. 4.10)
    ceiling          the strong model fine-tuned on gold labels of the same snippets

All arms answer the same test snippets. The three fine-tuned ones make the same number of steps.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from w2s_course.config import FROM_SCRATCH, Config
from w2s_course.costs import ModelSize, StageCost, forward_flops, timed, training_flops
from w2s_course.labeling import LabelCard, gold_answers, label_set, load_labels, save_labels, weak_answers
from w2s_course.models.answers import Answer, answer
from w2s_course.models.device import pick_device
from w2s_course.models.strong import add_lora, load_strong
from w2s_course.models.weak import new_weak_model, train_tokenizer, untrained_twin
from w2s_course.snippets.grammar import Snippet, make_splits
from w2s_course.stages import Inputs, Stage, run_stage
from w2s_course.training.batches import Example, encode, prompt_of
from w2s_course.training.finetune import Checkpoint, OnStep, finetune
from w2s_course.training.lower import (
    LowerStates,
    first_learning_layer,
    load_states,
    lower_states,
    save_states,
)

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

log = logging.getLogger(__name__)

ANSWERS, CURVE, COSTS, HOSTED = "answers.jsonl", "curve.jsonl", "costs.json", "hosted.json"
FINE_TUNED = ("strong_on_gold", "weak_to_strong", "ceiling")


def splits(config: Config) -> dict[str, tuple[Snippet, ...]]:
    """The run's snippets: test, val, gold and pool, disjoint, balanced, and of one distribution."""
    sizes = config.sizes
    return _splits((sizes.test, sizes.val, sizes.gold, sizes.pool), config.seed, config.with_view)


@lru_cache(maxsize=4)
def _splits(sizes: tuple[int, ...], seed: int, with_view: bool) -> dict[str, tuple[Snippet, ...]]:
    return make_splits(dict(zip(("test", "val", "gold", "pool"), sizes, strict=True)), seed, with_view)


def write_rows(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Rows as JSON lines."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def read_answers(path: Path) -> list[Answer]:
    """The answers that a stage wrote."""
    return [Answer(**row) for row in read_rows(path)]


def _write_answers(path: Path, answers: Sequence[Answer]) -> None:
    write_rows(path, [asdict(a) for a in answers])


@contextmanager
def _priced(costs: dict[str, StageCost], name: str) -> Iterator[StageCost]:
    """Time the block and keep its cost under `name`."""
    with timed() as cost:
        yield cost
    costs[name] = cost


def _write_costs(out: Path, costs: dict[str, StageCost]) -> None:
    (out / COSTS).write_text(json.dumps({name: asdict(cost) for name, cost in costs.items()}, indent=1))


def _training_cost(
    cost: StageCost, size: ModelSize, examples: Sequence[Example], visits: int, **how: Any
) -> None:
    """Add the operations of `visits` visits to examples of this mean length."""
    share = visits / len(examples)
    tokens, heads = (
        round(share * sum(n)) for n in ((len(e) for e in examples), (len(e.label) for e in examples))
    )
    context = sum(len(e) ** 2 for e in examples) / (2 * sum(len(e) for e in examples))
    cost.add(tokens, training_flops(size, tokens, heads, context, **how))


def _answering_cost(
    cost: StageCost,
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[str],
    answers: Sequence[Answer],
) -> None:
    """Add the operations of reading the prompts and writing the answers, a row of logits a token."""
    read = sum(len(ids) for ids in tokenizer(list(prompts), add_special_tokens=False)["input_ids"])
    written = sum(
        len(ids) + 1 for ids in tokenizer([a.text for a in answers], add_special_tokens=False)["input_ids"]
    )
    context = (read + written) / (2 * len(prompts))
    cost.add(read + written, forward_flops(ModelSize.of(model), read + written, written, context))


# --- the weak model ---------------------------------------------------------------------------------


def _weak_start(config: Config) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """The weak model before training: from nothing, or pre-trained if the configuration names one."""
    if config.weak_model != FROM_SCRATCH:
        model, tokenizer = load_strong(config.weak_model, "float32", pick_device())
        return model.requires_grad_(True), tokenizer
    gold = splits(config)["gold"]
    tokenizer = train_tokenizer((prompt_of(s.code) + s.explanation for s in gold), config.weak.vocabulary)
    return new_weak_model(config.weak, tokenizer, config.seed).to(pick_device()), tokenizer


def _train_weak(config: Config, inputs: Inputs, out: Path) -> None:
    gold = splits(config)["gold"]
    costs: dict[str, StageCost] = {}
    with _priced(costs, "weak training") as cost:
        model, tokenizer = _weak_start(config)
        examples = encode(tokenizer, [s.code for s in gold], [s.explanation for s in gold])
        finetune(
            *(model, examples, config.weak_recipe, config.weak_steps, config.seed),
            precision=config.precision,
            progress="weak model",
        )
        _training_cost(cost, ModelSize.of(model), examples, config.weak_epochs * len(gold))
    model.save_pretrained(out / "model")
    tokenizer.save_pretrained(out / "model")
    _write_costs(out, costs)


def load_weak(folder: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """The trained weak model of a run, from the folder of its stage."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model = AutoModelForCausalLM.from_pretrained(folder / "model")
    return model.to(pick_device()).eval(), AutoTokenizer.from_pretrained(folder / "model")


def _label(config: Config, inputs: Inputs, out: Path) -> None:
    model, tokenizer = load_weak(inputs["weak"])
    data = splits(config)
    costs: dict[str, StageCost] = {}
    for split, name in (("pool", "weak labels"), ("val", "weak validation"), ("test", "weak answers")):
        with _priced(costs, name) as cost:
            answers = weak_answers(model, tokenizer, data[split], progress=name)
            _answering_cost(cost, model, tokenizer, [prompt_of(s.code) for s in data[split]], answers)
        if split == "pool":
            labeller = f"weak model ({config.weak_model}), {model.num_parameters():,} parameters"
            card = LabelCard("Weak labels", labeller, f"{config.sizes.gold:,} gold pairs, seed {config.seed}")
            save_labels(label_set(data[split], answers, labeller), card, out)
        else:
            _write_answers(out / f"{split}.jsonl", answers)
    _write_costs(out, costs)


def _train_control(config: Config, inputs: Inputs, out: Path) -> None:
    """The weak architecture from random weights, the weak model's tokenizer and steps, the weak labels."""
    teacher, tokenizer = load_weak(inputs["weak"])
    test, labels = splits(config)["test"], load_labels(inputs["labels"])
    costs: dict[str, StageCost] = {}
    with _priced(costs, "control training") as cost:
        if config.weak_model == FROM_SCRATCH:
            # Another seed than the weak model's: from the same weights it would not be a student.
            model = new_weak_model(config.weak, tokenizer, config.seed + 1).to(pick_device())
        else:
            model = untrained_twin(teacher, config.seed + 1).to(pick_device())
        examples = encode(tokenizer, labels["code"], labels["explanation"])
        finetune(
            *(model, examples, config.weak_recipe, config.weak_steps, config.seed),
            precision=config.precision,
            progress="control",
        )
        _training_cost(cost, ModelSize.of(model), examples, config.weak_steps * config.weak_recipe.batch_size)
    with _priced(costs, "control answers") as cost:
        answers = weak_answers(model, tokenizer, test, progress="control answers")
        _answering_cost(cost, model, tokenizer, [prompt_of(s.code) for s in test], answers)
    _write_answers(out / ANSWERS, answers)
    _write_costs(out, costs)


# --- the strong model -------------------------------------------------------------------------------


def few_shot_prefix(gold: Sequence[Snippet], shots: int) -> str:
    """Solved examples to stand before a prompt, in the form that the model is to continue."""
    return "".join(f"{prompt_of(s.code)}{s.explanation}\n\n" for s in gold[:shots])


def _mean_tokens(tokenizer: PreTrainedTokenizerBase, texts: list[str]) -> float:
    return sum(len(ids) for ids in tokenizer(texts, add_special_tokens=False)["input_ids"]) / len(texts)


def _prompt_strong(config: Config, inputs: Inputs, out: Path) -> None:
    data = splits(config)
    model, tokenizer = load_strong(config.strong_model, config.precision, pick_device())
    prefix, prompts = (
        few_shot_prefix(data["gold"], config.sizes.shots),
        [prompt_of(s.code) for s in data["test"]],
    )
    costs: dict[str, StageCost] = {}
    with _priced(costs, "strong_prompted answers") as cost:
        said = answer(model, tokenizer, prompts, prefix=prefix, stop="\n", progress="prompted answers")
        _answering_cost(cost, model, tokenizer, [prefix, *prompts], said)
    # What a hosted model would read and write for one label, counted with this tokenizer.
    reads = _mean_tokens(tokenizer, [prefix + prompt for prompt in prompts])
    writes = _mean_tokens(tokenizer, [s.explanation for s in data["test"]])
    (out / HOSTED).write_text(json.dumps({"read": reads, "written": writes}))
    _write_answers(out / ANSWERS, said)
    _write_costs(out, costs)


def training_labels(arm: str, config: Config, inputs: Inputs) -> tuple[list[str], list[str]]:
    """The codes and explanations that a fine-tuned arm learns from. The only difference between the arms."""
    data = splits(config)
    if arm == "weak_to_strong":
        labels = load_labels(inputs["labels"])
        return list(labels["code"]), list(labels["explanation"])
    gold = data["gold"] if arm == "strong_on_gold" else data["pool"]
    return [s.code for s in gold], [a.text for a in gold_answers(gold)]


def _learning_strong(config: Config) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    model, tokenizer = load_strong(config.strong_model, config.precision, pick_device())
    add_lora(model, config.lora, config.seed)
    return model, tokenizer


def _run_lower(config: Config, inputs: Inputs, out: Path) -> None:
    """The frozen layers on the gold pairs and on the pool with gold labels; nothing on a GPU."""
    data = splits(config)
    model, tokenizer = _learning_strong(config)
    costs: dict[str, StageCost] = {}
    with _priced(costs, "lower layers") as cost:
        first = first_learning_layer(model)
        if first and model.device.type == "cpu":
            known = [*data["gold"], *data["pool"]]
            examples = encode(tokenizer, [s.code for s in known], [s.explanation for s in known])
            texts = [e.prompt + e.label for e in examples]
            save_states(lower_states(model, texts, first, config.precision, "lower layers"), out)
            lower_cost(cost, model, texts, config.lora.upper)
    _write_costs(out, costs)


def lower_cost(cost: StageCost, model: PreTrainedModel, texts: Sequence[Sequence[int]], upper: float) -> None:
    """Add the operations of the lower layers for these texts."""
    tokens = sum(map(len, texts))
    context = sum(len(text) ** 2 for text in texts) / (2 * max(1, tokens))
    cost.add(tokens, (1 - upper) * forward_flops(ModelSize.of(model), tokens, 0, context))


def known_below(
    config: Config, model: PreTrainedModel, examples: Sequence[Example], folder: Path, cost: StageCost
) -> LowerStates | None:
    """What the frozen layers make of the examples, from the stage's folder or computed now; None on a GPU."""
    if model.device.type != "cpu" or not first_learning_layer(model):
        return None
    lower = LowerStates(model, examples, config.precision, load_states(folder), progress="lower layers")
    lower_cost(cost, model, lower.computed, config.lora.upper)
    return lower


def _finetune_strong(
    arm: str, config: Config, inputs: Inputs, out: Path, on_step: OnStep = lambda step, loss: None
) -> None:
    from safetensors.torch import save_file

    data, (codes, explanations) = splits(config), training_labels(arm, config, inputs)
    model, tokenizer = _learning_strong(config)
    costs: dict[str, StageCost] = {}
    curve: list[dict[str, Any]] = []

    def evaluate(split: str, name: str) -> list[Answer]:
        with _priced(costs, name) as cost:
            prompts = [prompt_of(s.code) for s in data[split]]
            answers = answer(model, tokenizer, prompts, progress=name if split == "test" else "")
            _answering_cost(cost, model, tokenizer, prompts, answers)
        return answers

    def on_checkpoint(at: Checkpoint) -> None:
        said = [a.text for a in evaluate("val", f"{arm} validation {at.step}")]
        model.train()
        curve.append({"step": at.step, "loss": at.loss, "losses": at.losses, "answers": said})

    examples = encode(tokenizer, codes, explanations)
    with _priced(costs, f"{arm} training") as cost:
        lower = known_below(config, model, examples, inputs["lower_layers"], cost)
        finetune(
            *(model, examples, config.strong_recipe, config.strong_steps, config.seed),
            precision=config.precision,
            lower=lower,
            checkpoints=config.checkpoints,
            on_checkpoint=on_checkpoint,
            on_step=on_step,
            progress=arm.replace("_", " "),
        )
        visits, upper = config.strong_steps * config.strong_recipe.batch_size, config.lora.upper
        how = {"learned": upper, "frozen": True, "forward": 1.0 if lower is None else upper}
        _training_cost(cost, ModelSize.of(model), examples, visits, **how)
    validation = [costs.pop(name) for name in list(costs) if name.startswith(f"{arm} validation")]
    costs[f"{arm} validation"] = _total(validation)
    costs[f"{arm} training"].seconds -= costs[
        f"{arm} validation"
    ].seconds  # the curve is not part of training
    _write_answers(out / ANSWERS, evaluate("test", f"{arm} answers"))
    write_rows(out / CURVE, curve)
    adapters = {name: p.detach().contiguous() for name, p in model.named_parameters() if p.requires_grad}
    save_file(adapters, out / "adapters.safetensors")
    _write_costs(out, costs)


def _total(costs: Sequence[StageCost]) -> StageCost:
    return StageCost(*(sum(values) for values in zip(*(asdict(c).values() for c in costs), strict=True)))


# --- all of it --------------------------------------------------------------------------------------

_DATA = ("seed", "sizes", "with_view")
_WEAK = (*_DATA, "precision", "weak_model", "weak", "weak_recipe", "weak_epochs")
_STRONG = (*_DATA, "precision", "strong_model")
_TUNED = (*_STRONG, "lora", "strong_recipe", "points")
_CODE = (  # what these stages run, file by file: a new method elsewhere makes no old stage new work
    *("experiment", "snippets/concepts", "snippets/grammar", "labeling/labels", "costs/operations"),
    *("models/answers", "models/strong", "models/weak"),
    *("training/batches", "training/fast", "training/finetune", "training/lower", "training/objectives"),
)


def _tuned(arm: str, needs: tuple[str, ...] = ()) -> Stage:
    compute, needs = partial(_finetune_strong, arm), ("lower_layers", *needs)
    return Stage(arm, compute, _TUNED, _CODE, needs=needs, models=("strong_model",))


STAGES: tuple[Stage, ...] = (
    Stage("weak", _train_weak, _WEAK, _CODE, models=("weak_model",)),
    Stage("labels", _label, _DATA, _CODE, needs=("weak",)),
    Stage("control", _train_control, _WEAK, _CODE, needs=("weak", "labels")),
    Stage("strong_prompted", _prompt_strong, _STRONG, _CODE, models=("strong_model",)),
    Stage("lower_layers", _run_lower, (*_STRONG, "lora"), _CODE, models=("strong_model",)),
    _tuned("weak_to_strong", needs=("labels",)),
    _tuned("ceiling"),
    _tuned("strong_on_gold"),
)


def watched(arm: str, on_step: OnStep) -> Stage:
    """The stage of a fine-tuned arm, telling `on_step` each step; of the same recipe, in the same folder."""
    (stage,) = (stage for stage in STAGES if stage.name == arm and arm in FINE_TUNED)
    return replace(stage, compute=partial(_finetune_strong, arm, on_step=on_step))


def run_stages(config: Config, on_stage: Callable[[str], None] = lambda name: None) -> dict[str, Path]:
    """Run every stage that the cache does not hold; the folder of each, by its name.

    on_stage: called with a stage's name before it starts or is found.
    """
    folders: dict[str, Path] = {}
    for stage in STAGES:
        on_stage(stage.name)
        folders[stage.name] = run_stage(stage, config, {name: folders[name] for name in stage.needs})
    return folders
