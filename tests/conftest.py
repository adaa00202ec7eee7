"""What several test modules share."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("course", deadline=None)  # a busy machine is no defect
settings.load_profile("course")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of an installed Chromium. Without one these tests are skipped; in CI that is a fault."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        why = f"No browser: none of {', '.join(names)} is on the PATH. On Debian: apt-get install chromium"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    """A headless Chromium, as Playwright drives it."""
    from playwright.sync_api import sync_playwright

    sandbox = [] if getattr(os, "geteuid", lambda: 1)() else ["--no-sandbox"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium, args=[*sandbox, "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield started
        started.close()


def estimate(value: float | None, n: int, half: float = 0.0) -> dict[str, Any]:
    """An estimate with a plausible 95% interval, of the given half-width or the binomial one."""
    if value is None:
        return {"value": None, "ci95": None, "n": 0}
    half = half or 1.96 * (max(value * (1 - value), 0.002) / n) ** 0.5
    return {"value": value, "ci95": [round(max(0, value - half), 4), round(min(1, value + half), 4)], "n": n}


def arm(
    exact: float, claims: float, trained_on: str, labels: int, steps: int, unreadable: int
) -> dict[str, Any]:
    slots = {"aggregate": min(1, claims + 0.06), "transform": claims, "condition": max(0, claims - 0.06)}
    return {
        "exact": estimate(exact, 200),
        "claims": estimate(claims, 600),
        "by_slot": {slot: estimate(round(value, 3), 200) for slot, value in slots.items()},
        "unreadable": unreadable,
        "trained_on": trained_on,
        "labels": labels,
        "steps": steps,
        "batch_size": 32 if steps == 400 else 8,
    }


def curve(gold: list[float], weak: list[float], losses: list[float]) -> list[dict[str, Any]]:
    points = zip((31, 62, 94, 125), gold, weak, losses, strict=True)
    return [
        {"step": step, "loss": loss, "gold": estimate(g, 48), "weak": estimate(w, 48)}
        for step, g, w, loss in points
    ]


def stage(tokens: float, flops: float, seconds: float) -> dict[str, float]:
    return {"tokens": tokens, "flops": flops, "seconds": seconds, "money": seconds / 3600 * 0.10}


def confusion(slot: str, truth: str, claimed: str, count: int) -> dict[str, Any]:
    return {"slot": slot, "truth": truth, "claimed": claimed, "count": count}


@pytest.fixture
def sample_results() -> dict[str, Any]:
    """The results of an imagined run of the cpu preset; a fresh dictionary, so that a test may change it."""
    return imagined_run()


@pytest.fixture(scope="session")
def imagined_results() -> dict[str, Any]:
    """The same results for what is made once for many tests; not to be changed."""
    return imagined_run()


@pytest.fixture(scope="session")
def sample_figures() -> dict[str, Any]:
    """The figures of `sample_results`, drawn once: they are the slow part of a report."""
    from w2s_course.report import draw_figures

    return draw_figures(imagined_run())


def imagined_run() -> dict[str, Any]:
    return {
        "schema_version": 1,
        "command": "w2s run --preset cpu --seed 0",
        "config": {
            "preset": "cpu",
            "seed": 0,
            "strong_model": "smollm2-135m",
            "weak_model": "scratch",
            "sizes": {"gold": 500, "pool": 1000, "val": 48, "test": 200, "shots": 8},
        },
        "arms": {
            "weak": arm(0.50, 0.76, "its own gold pairs", 500, 400, 6),
            "strong_prompted": arm(0.02, 0.31, "nothing; 8 gold examples stand in its prompt", 0, 0, 41),
            "strong_on_gold": arm(0.80, 0.93, "the weak model's gold pairs", 500, 125, 0),
            "weak_to_strong": arm(0.67, 0.88, "weak labels of the pool", 1000, 125, 0),
            "ceiling": arm(0.95, 0.98, "gold labels of the pool", 1000, 125, 0),
            "control": arm(0.52, 0.77, "weak labels of the pool, without pre-training", 1000, 400, 4),
        },
        "gain": {"value": 0.17, "ci95": [0.11, 0.235], "n": 200},
        "leads": {
            "strong_prompted": {"value": 0.65, "ci95": [0.585, 0.715], "n": 200},
            "strong_on_gold": {"value": -0.13, "ci95": [-0.195, -0.07], "n": 200},
            "ceiling": {"value": -0.28, "ci95": [-0.345, -0.215], "n": 200},
            "control": {"value": 0.15, "ci95": [0.085, 0.215], "n": 200},
        },
        "pgr": {
            "raw": 0.377778,
            "clamped": 0.377778,
            "ci95": [0.25, 0.51],
            "status": "ok",
            "meaning": "Weak supervision recovered 38% of the gap.",
        },
        "labels": {
            "n": 1000,
            "exact": estimate(0.504, 1000),
            "unreadable": 21,
            "confidence": 0.62,
            "reliability": [
                {"confidence": confidence, "exact": estimate(value, 200)}
                for confidence, value in (
                    (0.31, 0.21),
                    (0.48, 0.37),
                    (0.62, 0.49),
                    (0.77, 0.62),
                    (0.92, 0.83),
                )
            ],
            "confusions": [
                confusion("condition", "negative", "positive", 73),
                confusion("condition", "at most", "at least", 58),
                confusion("condition", "less than", "greater than", 41),
                confusion("transform", "double", "triple", 38),
                confusion("aggregate", "first", "last", 22),
                confusion("condition", "divisible by", "divisible by", 17),
                confusion("transform", "successor", "double", 12),
            ],
        },
        "errors": {
            "inherited": estimate(0.25, 144),
            "corrected": estimate(0.66, 144),
            "invented": estimate(0.06, 456),
            "by_slot": {
                "aggregate": {
                    "inherited": estimate(0.14, 28),
                    "corrected": estimate(0.82, 28),
                    "invented": estimate(0.02, 172),
                },
                "transform": {
                    "inherited": estimate(0.19, 48),
                    "corrected": estimate(0.71, 48),
                    "invented": estimate(0.05, 152),
                },
                "condition": {
                    "inherited": estimate(0.34, 68),
                    "corrected": estimate(0.56, 68),
                    "invented": estimate(0.11, 132),
                },
            },
            "confusions": [
                confusion("condition", "negative", "positive", 11),
                confusion("condition", "at most", "at least", 9),
                confusion("condition", "not divisible by", "divisible by", 6),
                confusion("transform", "half", "double", 3),
            ],
        },
        "curves": {
            "weak_to_strong": curve(
                [0.42, 0.60, 0.71, 0.67], [0.33, 0.50, 0.56, 0.62], [0.91, 0.42, 0.36, 0.31]
            ),
            "ceiling": curve([0.50, 0.81, 0.92, 0.96], [0.31, 0.46, 0.50, 0.50], [0.80, 0.25, 0.11, 0.06]),
            "strong_on_gold": curve(
                [0.46, 0.69, 0.77, 0.79], [0.29, 0.44, 0.48, 0.46], [0.85, 0.33, 0.14, 0.08]
            ),
        },
        "cost": {
            "stages": {
                "weak training": stage(1_150_000, 6.2e12, 61.0),
                "weak labels": stage(131_000, 2.4e11, 4.1),
                "weak validation": stage(6_300, 1.2e10, 0.6),
                "weak answers": stage(26_000, 4.8e10, 1.2),
                "control training": stage(1_150_000, 6.2e12, 63.0),
                "control answers": stage(26_000, 4.8e10, 1.2),
                "strong_prompted answers": stage(148_000, 3.9e13, 52.0),
                "weak_to_strong training": stage(97_000, 5.1e13, 158.0),
                "weak_to_strong validation": stage(25_000, 6.6e12, 24.0),
                "weak_to_strong answers": stage(26_000, 6.9e12, 25.0),
                "ceiling training": stage(97_000, 5.1e13, 156.0),
                "ceiling validation": stage(25_000, 6.6e12, 24.0),
                "ceiling answers": stage(26_000, 6.9e12, 25.0),
                "strong_on_gold training": stage(97_000, 5.1e13, 151.0),
                "strong_on_gold validation": stage(25_000, 6.6e12, 24.0),
                "strong_on_gold answers": stage(26_000, 6.9e12, 25.0),
            },
            "assumptions": {
                "computer_hour": {
                    "value": 0.10,
                    "unit": "US dollars an hour",
                    "source": "assumed; put in your own",
                },
                "hosted_input": {
                    "value": 2.50,
                    "unit": "US dollars a million tokens",
                    "source": "https://example.org/prices",
                },
                "hosted_output": {
                    "value": 10.00,
                    "unit": "US dollars a million tokens",
                    "source": "https://example.org/prices",
                },
                "expert_hour": {
                    "value": 60.0,
                    "unit": "US dollars an hour",
                    "source": "assumed; put in your own",
                },
                "expert_minutes": {
                    "value": 2.0,
                    "unit": "minutes an explanation",
                    "source": "assumed; time yourself",
                },
            },
            "per_1000_labels": {"weak": 0.000114, "strong": 1.45, "human": 2000.0},
            "hosted_tokens": {"read": 500.0, "written": 20.0},
        },
        "environment": {
            "w2s_course": "0.1.0",
            "python": "3.11.9",
            "torch": "2.13.0",
            "transformers": "5.23.0",
            "system": "Linux x86_64",
            "cores": 2,
            "device": "cpu",
        },
    }


@pytest.fixture(scope="session")
def tiny_strong(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pre-trained model as the hub lays it out, but with four narrow layers and random weights."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    from w2s_course.models.weak import train_tokenizer
    from w2s_course.snippets.grammar import make_splits

    folder = tmp_path_factory.mktemp("models") / "tiny"
    texts = [f"{s.code}\n# {s.explanation}" for s in make_splits({"gold": 60}, seed=9)["gold"]]
    tokenizer = train_tokenizer(texts, 320)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=4,
        num_attention_heads=2,
        max_position_embeddings=1024,
        tie_word_embeddings=True,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
