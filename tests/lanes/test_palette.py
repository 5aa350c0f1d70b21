"""The colours of calls: labels on them can be read, and a callable has the same one everywhere."""

from __future__ import annotations

import pytest

from scope_repl.query.palette import DARK, LIGHT, colour


def luminance(hexadecimal: str) -> float:
    """WCAG 2.2's relative luminance."""
    shares = [int(hexadecimal[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("colours", "ink"), [(LIGHT, "#1b1b1b"), (DARK, "#f5f5f5")], ids=["light", "dark"])
def test_labels_can_be_read(colours: tuple[str, ...], ink: str) -> None:
    assert min(contrast(ground, ink) for ground in colours) >= 4.5  # WCAG 2.2, level AA


def test_both_grounds_have_the_same_hues() -> None:
    assert len(LIGHT) == len(DARK) == len(set(LIGHT)) == len(set(DARK))


def test_a_callable_keeps_its_colour() -> None:
    assert colour("shop", "price") == colour("shop", "price")
    assert len({colour("shop", f"f{n}") for n in range(200)}) == len(LIGHT)
