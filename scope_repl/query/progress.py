from __future__ import annotations

from typing import Any

_SLOW_S = 1.0


class Bar:
    """A progress bar, which is seen only where it takes long.

    Args:
        total: how many lines there are to look at.
        wanted: whether it is to be seen at all.
    """

    def __init__(self, total: int, wanted: bool) -> None:
        self._bar: Any = None
        if wanted:
            from tqdm.auto import tqdm  # takes a while to import, and chooses what fits a notebook or a terminal

            self._bar = tqdm(total=total, unit="line", unit_scale=True, delay=_SLOW_S, leave=False)

    def __enter__(self) -> Bar:
        return self

    def advance(self, lines: int) -> None:
        """Say that lines have been looked at.

        Args:
            lines: how many.
        """
        if self._bar is not None:
            self._bar.update(lines)

    def refresh(self) -> None:
        """Say that it is still going on."""
        if self._bar is not None:
            self._bar.update(0)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()
