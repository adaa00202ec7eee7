"""Claims about the processes that share a machine."""

from __future__ import annotations

import os

import torch

from w2s_course.processes import ALLOCATOR, with_threads, worker_processes


def test_workers_keep_freed_memory_and_the_caller_is_as_before(monkeypatch):
    (first, *others) = ALLOCATOR
    monkeypatch.setenv(first, "4096")  # what a user set goes before
    for name in others:
        monkeypatch.delenv(name, raising=False)
    with worker_processes(1) as pool:
        found = {name: pool.submit(os.getenv, name).result() for name in ALLOCATOR}
    assert found == {**ALLOCATOR, first: "4096"}
    assert os.environ[first] == "4096"
    assert not any(name in os.environ for name in others)


def test_threads_are_given_back_also_after_an_error():
    before = torch.get_num_threads()
    try:
        with with_threads(before + 1):
            assert torch.get_num_threads() == before + 1
            raise KeyError
    except KeyError:
        pass
    assert torch.get_num_threads() == before
