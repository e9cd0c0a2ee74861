"""Builds the documentation site into build/site: `make site` runs it.

Its pages are the project's Markdown files as they are, in the folders where they are, so that a link works on the site
as on a code host. Links to files that are no pages lead to the repository. A link or a heading that is missing fails
the build, and so does a page that needs anything from another host.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from tools import error_lines, links

REPOSITORY = "https://github.com/pulumi-voice-routing/pulumi-voice-routing"
SETTINGS = "mkdocs.yml"
STYLE = "docs/site.css"
_PICTURES = (".svg", ".png")
_FENCE = re.compile(r"^(```.*?^```$)", re.MULTILINE | re.DOTALL)
_TARGET = re.compile(r"(\]\(|^\[[^]]+\]: |(?:href|src)=\")([^)\s#\"]+)([^)\s\"]*[)\"]?)", re.MULTILINE)
_FOLDER = re.compile(r"^( +)- (\S+)/$", re.MULTILINE)
_LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
_NOT_LOADED = ("canonical", "prev", "next", "alternate")


def main() -> int:
    problems = build()
    print("\n".join(problems) or BUILT, file=sys.stderr if problems else sys.stdout)
    return 1 if problems else 0


BUILT = "built build/site; to look at it: .venv/bin/python -m http.server --bind 127.0.0.1 --directory build/site"
WRITTEN = {"docs/errors.md": error_lines.page}
"""The pages that are on the site alone, because every change of a line would change them."""


def build(
    root: Path = links.ROOT,
    folder: Path = links.ROOT / "build",
    written: Mapping[str, Callable[[], list[str]]] = MappingProxyType(WRITTEN),
) -> list[str]:
    """Builds the site of a project in a folder, and says what is wrong with it."""
    gather(root, folder / "pages")
    for name, page in written.items():
        (folder / "pages" / name).write_text("\n".join(page()) + "\n", encoding="utf-8")
    shutil.rmtree(folder / "site", ignore_errors=True)
    settings = folder / SETTINGS
    settings.write_text(contents(root), encoding="utf-8")
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean", "--config-file", str(settings)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603
    if done.returncode:
        return done.stdout.partition("\nTraceback")[0].splitlines()
    return list(wrong(folder / "site"))


def pages(root: Path = links.ROOT) -> list[Path]:
    """The files that are pages of the site."""
    return [path for path in links.documents(root) if ".github" not in path.parts]


def gather(root: Path, target: Path) -> None:
    """Copies the pages, their pictures and the style, each to the folder where it is in the project."""
    shutil.rmtree(target, ignore_errors=True)
    beside = {root / STYLE}
    for page in pages(root):
        copy = target / page.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(for_site(page, root), encoding="utf-8")
        shown = (link.target for link in links.links(page) if not link.elsewhere and link.target.endswith(_PICTURES))
        beside.update((page.parent / picture).resolve() for picture in shown)
    for file in beside:
        copy = target / file.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)


def for_site(page: Path, root: Path = links.ROOT) -> str:
    """The page, whose links to files that the site does not have lead to the repository."""

    def led(found: re.Match[str]) -> str:
        there = (page.parent / found[2]).resolve()
        if re.match(r"[a-z]+:", found[2]) or there.suffix in (".md", *_PICTURES) or not there.exists():
            return found[0]
        kind = "tree" if there.is_dir() else "blob"
        return f"{found[1]}{REPOSITORY}/{kind}/main/{there.relative_to(root).as_posix()}{found[3]}"

    parts = _FENCE.split(page.read_text(encoding="utf-8"))
    return "".join(part if part.startswith("```") else _TARGET.sub(led, part) for part in parts)


def contents(root: Path = links.ROOT) -> str:
    """The settings of the site, with the pages of a folder in the place of the folder."""

    def listed(found: re.Match[str]) -> str:
        files = sorted((root / found[2]).glob("*.md"))
        return "\n".join(f"{found[1]}- {path.relative_to(root).as_posix()}" for path in files)

    return _FOLDER.sub(listed, (root / SETTINGS).read_text(encoding="utf-8"))


def wrong(site: Path) -> Iterator[str]:
    """What a browser would load from other hosts to show the pages, and links to pages and files that are not there."""
    for page in sorted(site.rglob("*.html")):
        reader = _Reader()
        reader.feed(page.read_text(encoding="utf-8"))
        name = page.relative_to(site).as_posix()
        yield from (f"{name} needs {asked}" for asked in reader.loaded if urlsplit(asked).netloc)
        for led in (*reader.loaded, *reader.links):
            there = urlsplit(led)
            if not (
                there.scheme or there.netloc or led.startswith("/") or (page.parent / unquote(there.path)).exists()
            ):
                yield f"{name} leads to {led}, which is not there"


class _Reader(HTMLParser):
    """Collects what a page loads, and where it leads."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _LOADED and given.get("rel") not in _NOT_LOADED:
            self.loaded.append(given.get(_LOADED[tag]) or "")
        elif tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")


if __name__ == "__main__":
    sys.exit(main())
