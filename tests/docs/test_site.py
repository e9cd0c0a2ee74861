"""The documentation site: it is built, it is complete, and in a real browser it is found through, read, and alone."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.docs.conftest import ROOT
from tools import docs_site
from tools.browser.find import axe


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    assert docs_site.build(folder=folder) == []
    return folder / "site"


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the site is, on this machine."""
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_every_page_is_in_the_contents_once() -> None:
    assert sorted(re.findall(r"(\S+\.md)$", docs_site.contents(), re.MULTILINE)) == sorted(
        [*(page.relative_to(ROOT).as_posix() for page in docs_site.pages()), *docs_site.WRITTEN]
    )


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ('<script src="https://example.com/a.js"></script>', "needs https://example.com/a.js"),
        ('<img src="//example.com/a.png">', "needs //example.com/a.png"),
        ('<link rel="stylesheet" href="https://example.com/a.css">', "needs https://example.com/a.css"),
        ('<a href="../nothing/#there">x</a>', "leads to ../nothing/#there, which is not there"),
        ('<img src="nothing.svg">', "leads to nothing.svg, which is not there"),
        ('<link rel="canonical" href="https://example.com/"><script src="page.html"></script>', ""),
        ('<a href="https://example.com/">there</a><a href="#here">here</a><a href="page.html?q=1#x">page</a>', ""),
    ],
)
def test_what_is_wrong_with_a_page_is_noticed(tmp_path: Path, page: str, said: str) -> None:
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    assert list(docs_site.wrong(tmp_path)) == ([f"page.html {said}"] if said else [])


@pytest.mark.parametrize(
    ("written", "led"),
    [
        ("[x](LICENSE)", "[x](URL/blob/main/LICENSE)"),
        ("[x](programs)", "[x](URL/tree/main/programs)"),
        ("[x](tools/links.py#L3)", "[x](URL/blob/main/tools/links.py#L3)"),
        ("[x][y]\n\n[y]: LICENSE", "[x][y]\n\n[y]: URL/blob/main/LICENSE"),
        ('<a href="LICENSE">x</a>', '<a href="URL/blob/main/LICENSE">x</a>'),
        ("[x](docs/gate.md#x) ![x](docs/diagram.svg)", "[x](docs/gate.md#x) ![x](docs/diagram.svg)"),
        ("[x](https://example.com/LICENSE) [x](#LICENSE)", "[x](https://example.com/LICENSE) [x](#LICENSE)"),
        ("```\n[x](LICENSE)\n```", "```\n[x](LICENSE)\n```"),
    ],
)
def test_links_to_files_that_are_no_pages_lead_to_the_repository(tmp_path: Path, written: str, led: str) -> None:
    for name in ("LICENSE", "tools/links.py", "programs/x", "docs/gate.md", "docs/diagram.svg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "page.md").write_text(written, encoding="utf-8")
    said = docs_site.for_site(tmp_path / "page.md", tmp_path)
    assert said == led.replace("URL", docs_site.REPOSITORY)


@pytest.mark.whole_run
@pytest.mark.xdist_group("browser")
def test_the_site_in_a_browser(site: Path, address: str) -> None:
    from tests.view.browser import browser  # it starts a process

    kinds = ("index.html", "docs/troubleshooting", "docs/reference/ringcx/dnis", "docs/reference/ringcx/lookups")
    assert len(list(site.rglob("index.html"))) == len(docs_site.pages()) + len(docs_site.WRITTEN)
    with browser() as there:
        for scheme in ("light", "dark"):
            page = there.new_page(color_scheme=scheme, viewport={"width": 1280, "height": 900})
            wrong: list[str] = []
            asked: list[str] = []
            page.on("console", lambda said, wrong=wrong: wrong.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error, wrong=wrong: wrong.append(str(error)))
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            for kind in kinds:
                page.goto(address + kind)
                page.evaluate(axe())
                found = page.evaluate("axe.run()")["violations"]
                assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == [], kind

            page.keyboard.press("/")
            page.keyboard.type("would change hands")
            page.locator("a[href*='/docs/troubleshooting/'][href*='h=']").first.click()
            page.wait_for_url("**/docs/troubleshooting/**")
            assert wrong == []
            assert [url for url in asked if not url.startswith((address, "blob:", "data:"))] == []
            page.close()


@pytest.mark.whole_run
def test_a_link_that_leads_nowhere_fails_the_build(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / docs_site.STYLE).touch()
    settings = "site_name: x\ndocs_dir: pages\nsite_dir: site\n"
    (tmp_path / "mkdocs.yml").write_text(settings + "theme: { font: false }\n", encoding="utf-8")
    (tmp_path / "docs" / "other.md").write_text("# Other\n", encoding="utf-8")
    readme = tmp_path / "README.md"
    readme.write_text("# Start\n\n[fine](docs/other.md#other)\n", encoding="utf-8")
    assert docs_site.build(tmp_path, tmp_path, {}) == []
    for wrong in ("docs/nothing.md", "docs/other.md#nothing", "#nothing"):
        readme.write_text(f"# Start\n\n[wrong]({wrong})\n", encoding="utf-8")
        assert "README.md:3" in "\n".join(docs_site.build(tmp_path, tmp_path, {})), wrong
    readme.write_text("# Start\n", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text(settings, encoding="utf-8")
    assert "index.html needs https://fonts.gstatic.com" in docs_site.build(tmp_path, tmp_path, {})
