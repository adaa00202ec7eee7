"""Where the course is published: the one place for its address and its release tag.

Badges, setup cells and links to files are made from here, so that a fork, or a release, changes one line.
"""

from __future__ import annotations

from pathlib import PurePath

from w2s_course import __version__

ADDRESS = "https://github.com/w2s-course/w2s-course"
TAG = f"v{__version__}"

_COLAB = "https://colab.research.google.com"


def colab_badge(notebook_path: str | PurePath) -> str:
    """Markdown of the badge that opens a notebook of this release in Colab, with an alt text of its own.

    notebook_path: below the repository's root.

    >>> print(colab_badge("notebooks/02_weak_labels.ipynb"))
    [![Open notebooks/02_weak_labels.ipynb in Colab](https://.../colab-badge.svg)](https://...ipynb)
    """
    path = PurePath(notebook_path).as_posix()
    project = ADDRESS.removeprefix("https://github.com/")
    target = f"{_COLAB}/github/{project}/blob/{TAG}/{path}"
    return f"[![Open {path} in Colab]({_COLAB}/assets/colab-badge.svg)]({target})"


def file_address(path: str | PurePath) -> str:
    """The address at which a file of this release can be read. path: below the repository's root.

    >>> file_address("README.md").startswith(ADDRESS)
    True
    """
    return f"{ADDRESS}/blob/{TAG}/{PurePath(path).as_posix()}"


def install_requirement() -> str:
    """What to give pip to install the course as released: an archive, so that no git is needed.

    >>> install_requirement().startswith("w2s-course @ https://")
    True
    """
    return f"w2s-course @ {ADDRESS}/archive/refs/tags/{TAG}.zip"
