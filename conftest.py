"""What holds for every test: notebooks run the smallest preset, offline, with nobody at the widgets."""

from __future__ import annotations

import os

# Set before anything is imported; the kernels that run the notebooks inherit it.
os.environ.update(W2S_PRESET="smoke", W2S_HEADLESS="1", HF_HUB_OFFLINE="1")
