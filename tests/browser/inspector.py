"""The inspector beside a timeline, read and used as a person does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .chromium import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Locator


class Inspector:
    """One view of an inspector.

    Args:
        area: what it stands in.
    """

    def __init__(self, area: Locator) -> None:
        self.page = area.page
        self.root = area.locator(".scope-inspector")
        self.tree = self.root.get_by_role("tree")
        self.rows = self.root.get_by_role("treeitem")
        self.facts = self.root.locator(".scope-facts")
        self.message = self.root.locator(".scope-message")
        self.source = self.root.locator(".scope-source pre")
        self.current = self.source.locator("[aria-current]")

    def row(self, *path: str) -> Locator:
        """The row of a value: its name, and the labels that lead into it."""
        return self.rows.and_(self.root.locator(f"[data-id$={self._quoted(*path)}]"))

    def _quoted(self, *path: str) -> str:
        text = ", ".join(f'"{part}"' for part in path) + "]"
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def value(self, *path: str) -> str:
        """The text of a value."""
        return self.row(*path).locator(".scope-value").inner_text()

    def toggle(self, *path: str) -> None:
        """Click the mark that opens and closes a row."""
        self.row(*path).locator(".scope-twisty").click()

    def step(self, name: str) -> None:
        """Press one of the buttons."""
        self.root.get_by_role("button", name=name, exact=True).click()

    def line(self, number: int) -> Locator:
        """A line of the source."""
        return self.source.locator(".scope-code").filter(has=self.page.locator(f".scope-number:text-is('{number}')"))

    def beside(self, number: int) -> list[str]:
        """The values beside a line."""
        return self.line(number).locator(".scope-wrote").all_inner_texts()

    def tab(self, name: str) -> Locator:
        return self.root.get_by_role("tab", name=name)

    def wait_for_line(self, number: int) -> None:
        """Wait until a line is the current one."""
        eventually(self.page, lambda: self.current_number == number, f"line {number}; now {self.current_number}")

    @property
    def current_number(self) -> int | None:
        numbers = self.current.locator(".scope-number").all_inner_texts()
        return int(numbers[0].split()[-1]) if numbers else None
