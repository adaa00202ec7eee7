"""What can be wrong with the finished pages, each fault with its page, in words that say what to mend.

A new kind of fault is one more function of a tag in `_ON_TAGS`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_REQUESTED = ("src", "srcset", "poster", "data", "xlink:href")
"""Attributes whose address a browser fetches by itself, whatever the tag."""

_FOREIGN = re.compile(r"(?:^|[\s,])(?:https?:)?//\S+")
_FOREIGN_IN_CSS = re.compile(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//[^\s\"')]+")
_FILE_NAME = re.compile(r"\.(?:png|svg|jpe?g)$")


class _Tags(HTMLParser):
    """The start tags of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


@dataclass(frozen=True)
class Site:
    """The pages of a finished site: tags and anchors by the page's path, and the paths of all files."""

    folder: Path
    tags: dict[str, list[tuple[str, dict[str, str]]]] = field(default_factory=dict)
    anchors: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Site:
        """All pages below `folder`."""
        site = cls(folder)
        for path in sorted(folder.rglob("*.html")):
            name = path.relative_to(folder).as_posix()
            site.tags[name] = _Tags(path.read_text(encoding="utf-8")).found
            site.anchors[name] = {value["id"] for _, value in site.tags[name] if "id" in value}
        return site


def broken_link(site: Site, page: str, tag: str, attributes: Mapping[str, str]) -> Iterator[str]:
    """A link within the site to a file or an anchor that is not there."""
    address = urlsplit(attributes.get("href", ""))
    if tag != "a" or address.scheme or address.netloc:
        return
    target = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(address.path)))
    target = target if address.path else page
    if not (site.folder / target).is_file():
        yield f"links to {attributes['href']}, and there is no such file"
    elif address.fragment and unquote(address.fragment) not in site.anchors.get(target, ()):
        yield f"links to {attributes['href']}, and {target} has no such anchor"


def foreign_request(site: Site, page: str, tag: str, attributes: Mapping[str, str]) -> Iterator[str]:
    """Something that the browser would ask of another host when the page is opened."""
    names = (*_REQUESTED, "href") if tag == "link" else _REQUESTED
    for name in names:
        if _FOREIGN.search(attributes.get(name, "")):
            yield f"asks another host: <{tag} {name}={attributes[name]!r}>"


def wordless_image(site: Site, page: str, tag: str, attributes: Mapping[str, str]) -> Iterator[str]:
    """An image without alt text, or with its own file's name, which Sphinx puts there where it finds none."""
    if tag == "img" and (not (alt := attributes.get("alt", "").strip()) or _FILE_NAME.search(alt)):
        yield f"has an image without alt text: {attributes.get('src', '')[:80]}"


_ON_TAGS: tuple[Callable[[Site, str, str, Mapping[str, str]], Iterator[str]], ...] = (
    broken_link,
    foreign_request,
    wordless_image,
)


def faults(folder: Path) -> list[str]:
    """All faults of the site in `folder`, each once; empty if none."""
    site = Site.read(folder)
    found = [
        f"{page} {said}"
        for page, tags in site.tags.items()
        for tag, attributes in tags
        for fault in _ON_TAGS
        for said in fault(site, page, tag, attributes)
    ]
    for style in sorted([*folder.rglob("*.css"), *folder.rglob("*.html")]):
        for match in _FOREIGN_IN_CSS.finditer(style.read_text(encoding="utf-8")):
            found.append(f"{style.relative_to(folder).as_posix()} asks another host: {match[0]}")
    return list(dict.fromkeys(found))
