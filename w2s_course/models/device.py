"""Where to compute and in which number format, asked when needed and never at import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from w2s_course.errors import unknown_name

if TYPE_CHECKING:
    import torch

Precision = Literal["float32", "bfloat16"]
PRECISIONS: tuple[Precision, ...] = get_args(Precision)


def pick_device() -> torch.device:
    """A CUDA device if there is one, else the processor."""
    import torch

    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def fast_precision() -> Precision:
    """bfloat16 where this machine multiplies it in hardware, else float32.

    On a processor with the AVX-512 or AMX instructions for it bfloat16 is two to four times as fast;
    on any other it is emulated and far slower than float32.
    """
    import torch

    if torch.cuda.is_available():
        return "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float32"
    tests = (
        "_is_avx512_bf16_supported",
        "_is_amx_tile_supported",
    )  # private: absent means unknown, so float32
    return "bfloat16" if any(getattr(torch.cpu, test, bool)() for test in tests) else "float32"


def dtype_of(precision: str) -> torch.dtype:
    """The torch type of that name. Raises: UsageError for any other name."""
    import torch

    if precision not in PRECISIONS:
        raise unknown_name("precision", precision, PRECISIONS)
    dtype: torch.dtype = getattr(torch, precision)
    return dtype
