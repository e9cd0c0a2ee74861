"""A Chromium that looks at pages, and what it has to say of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tools.browser.find import axe, chromium

_SERIOUS = ("serious", "critical")


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        there = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--headless=shell", "--disable-gpu"]
        )
        yield there
        there.close()


class Seen:
    """An open page, and whatever went wrong in it."""

    def __init__(self, browser: Browser, path: Path, *, dark: bool = False, width: int = 1440) -> None:
        self.wrong: list[str] = []
        self.requests: list[str] = []
        self.page: Page = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", reduced_motion="reduce"
        )
        self.page.on("console", lambda said: self.wrong.append(said.text))
        self.page.on("dialog", lambda said: (self.wrong.append(said.message), said.dismiss()))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.url = path.resolve().as_uri()
        self.page.goto(self.url)

    def close(self) -> None:
        """End it: nothing went wrong, and nothing was asked for but the page itself."""
        self.page.close()
        assert self.wrong == []
        assert [one for one in self.requests if one.partition("#")[0] != self.url] == []

    def rows(self) -> list[str]:
        """The numbers in sight."""
        return [said.strip() for said in self.page.locator("#list [role=option] b").all_inner_texts()]

    def find(self, query: str) -> list[str]:
        """The numbers that a search finds, as far as they are in sight."""
        self.page.fill("#search", query)
        return self.rows()

    def go(self, query: str) -> None:
        """Open the first number that a search finds."""
        self.page.fill("#search", query)
        self.page.locator("#list [role=option]").first.click()

    def sections(self) -> list[str]:
        """The headings of what is shown."""
        return self.page.locator("main h3").all_inner_texts()

    def faults(self) -> list[tuple[str, Any]]:
        """What keeps people from using it, as far as a checker can tell."""
        self.page.evaluate(axe())
        found = self.page.evaluate("axe.run()")
        return [
            (one["id"], [node["html"][:200] + str(node["any"][:1]) for node in one["nodes"]][:3])
            for one in found["violations"]
            if one["impact"] in _SERIOUS
        ]

    def faults_in_both_themes(self) -> list[tuple[str, Any]]:
        """The same in light and in dark."""
        found = self.faults()
        self.page.click("#theme")
        return found + self.faults()

    def apart(self) -> list[str]:
        """Boxes and labels of drawings that cover each other, measured by the browser, and texts that stick out."""
        found: list[str] = self.page.evaluate(
            """() => [...document.querySelectorAll('svg.scene')].flatMap((svg) => {
                 const shapes = [...svg.querySelectorAll('.box > rect, .label > rect')];
                 const boxes = shapes.map((rect) => ({ text: rect.parentNode.textContent, at: rect.getBBox() }));
                 const wrong = [];
                 boxes.forEach((one, place) => boxes.slice(place + 1).forEach((other) => {
                   const [a, b] = [one.at, other.at];
                   const across = a.x < b.x + b.width && b.x < a.x + a.width;
                   if (across && a.y < b.y + b.height && b.y < a.y + a.height)
                     wrong.push(one.text + ' / ' + other.text);
                 }));
                 for (const rect of shapes) for (const text of rect.parentNode.querySelectorAll('text')) {
                   const [a, b] = [rect.getBBox(), text.getBBox()];
                   if (b.x < a.x - 3 || b.x + b.width > a.x + a.width + 3)
                     wrong.push(`sticks out: ${text.textContent}`);
                 }
                 return wrong;
               })"""
        )
        return found
