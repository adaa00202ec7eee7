"""Sphinx's configuration. `pages` says what Sphinx reads, `build` calls it."""

from __future__ import annotations

from typing import Any

from w2s_course import __version__
from w2s_course.site import formulas

project = "Can a weak teacher train a strong student?"
author = "The w2s-course authors"
project_copyright = f"{author}. Code under MIT, text under CC BY 4.0"
release = __version__

extensions = ["myst_nb"]
exclude_patterns = ["README.md"]  # the landing page includes pieces of it
smartquotes = False

# Notebooks as they are committed: nothing is executed, and no script for widgets is asked of another host.
nb_execution_mode = "off"
nb_merge_streams = True
nb_ipywidgets_js: dict[str, Any] = {}
# Headings have the anchors that GitHub gives them. A dollar is money unless it stands close to its formula.
myst_heading_anchors = 4
myst_enable_extensions = ["dollarmath"]
myst_dmath_allow_space = False
myst_dmath_allow_digits = False

html_theme = "furo"
html_title = "Weak-to-strong, by hand"
pygments_dark_style = "a11y-high-contrast-dark"
html_static_path = ["static"]
html_css_files = ["style.css"]
html_js_files = ["scroll.js"]
html_copy_source = False
html_use_index = False
html_math_renderer = "mathml"


def _with_levels(app: Any, name: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """Captions of the navigation are headings; of which level, Sphinx leaves out and axe asks for."""
    for part in {"body", "furo_navigation_tree"} & context.keys():
        context[part] = context[part].replace('role="heading"', 'role="heading" aria-level="2"')


def setup(app: Any) -> None:
    """Tell Sphinx how formulas are drawn, and what is put right in its pages."""
    app.add_html_math_renderer("mathml", (formulas.inline, None), (formulas.block, None))
    app.connect("html-page-context", _with_levels, priority=900)  # after furo has made its navigation
