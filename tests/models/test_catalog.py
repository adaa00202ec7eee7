"""The catalog of models: what every row promises."""

import hashlib
import importlib.util
from pathlib import Path

import pytest

from w2s_course.errors import UsageError
from w2s_course.models import catalog
from w2s_course.models.catalog import MODELS, HubRepo, ModelEntry, WheelFile

OPEN_LICENCES = {"Apache-2.0", "MIT"}


@pytest.mark.parametrize("entry", MODELS.values(), ids=MODELS)
def test_every_model_is_freely_licensed_and_has_a_source_on_the_hub(entry):
    assert entry.licence in OPEN_LICENCES
    assert any(isinstance(source, HubRepo) for source in entry.sources)
    assert entry.note.endswith(".")
    # Between the two bytes a parameter of bfloat16, and the four of float32 with attention masks beside them.
    assert 2 <= entry.size_bytes / entry.parameters < 4.5


def test_the_models_are_named_once_and_in_the_order_of_their_size():
    assert [entry.name for entry in MODELS.values()] == list(MODELS)
    for family in {entry.family for entry in MODELS.values()}:
        sizes = [entry.parameters for entry in MODELS.values() if entry.family == family]
        assert sizes == sorted(sizes)


def test_one_model_needs_no_hub_and_its_package_comes_first():
    (entry,) = [e for e in MODELS.values() if any(isinstance(source, WheelFile) for source in e.sources)]
    assert entry.name == "smollm2-135m"
    assert isinstance(entry.sources[0], WheelFile)


def test_hub_revisions_are_commits_so_that_nobody_can_move_them():
    for entry in MODELS.values():
        for source in entry.sources:
            if isinstance(source, HubRepo):
                assert len(source.revision) == 40
                assert int(source.revision, 16)


def test_the_embedded_models_hash_is_that_of_the_installed_file():
    source = MODELS["smollm2-135m"].sources[0]
    assert isinstance(source, WheelFile)
    spec = importlib.util.find_spec(source.package)
    if spec is None or spec.origin is None:
        pytest.skip(f"{source.requirement} is not installed")
    with (Path(spec.origin).parent / source.filename).open("rb") as stream:
        assert hashlib.file_digest(stream, "sha256").hexdigest() == source.sha256


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match=r"Unknown model 'gpt2-larg'\. Did you mean 'gpt2-large'\?"):
        catalog.find("gpt2-larg")


def test_a_row_without_source_or_with_impossible_size_is_refused():
    row = {
        "name": "x",
        "family": "x",
        "licence": "MIT",
        "note": "A test.",
        "layers": 1,
        "width": 1,
        "vocabulary": 1,
    }
    with pytest.raises(ValueError, match="x has no source"):
        ModelEntry(**row, parameters=1, size_bytes=4, sources=())
    with pytest.raises(ValueError, match="must be positive"):
        ModelEntry(**row, parameters=0, size_bytes=4, sources=(HubRepo("a/b"),))


def test_a_hash_with_a_typing_error_is_refused():
    with pytest.raises(ValueError, match="64 lower-case hexadecimal digits, got 'abc'"):
        HubRepo("a/b", sha256="abc")
    with pytest.raises(ValueError, match="64 lower-case hexadecimal digits"):
        WheelFile("a", "a==1", "a.gguf", sha256="g" * 64)


def test_a_package_without_exact_version_is_refused():
    with pytest.raises(ValueError, match="must name one version, got 'a>=1'"):
        WheelFile("a", "a>=1", "a.gguf", sha256="0" * 64)
