"""Whether there is nobody to click: tests and builds say so with `W2S_HEADLESS=1`."""

from __future__ import annotations

import os


def is_headless() -> bool:
    """True in a test or a build. Then nothing waits for a learner, and no progress file is touched."""
    return os.environ.get("W2S_HEADLESS") == "1"
