from __future__ import annotations

from functools import lru_cache
from zlib import crc32

# The same hues for a light and for a dark ground, so far from the ground's ink that a label on any of them can be
# read. None is red, which stands for exceptions.
LIGHT = (
    "#7fb1dd", "#f0b273", "#8ccb94", "#d79bc9", "#a3b4c4", "#a7a4dd", "#cbb26a", "#76c4c0", "#c9a48c", "#a9c46c",
)  # fmt: skip
DARK = (
    "#3971a6", "#976132", "#3e794f", "#96588a", "#5a7085", "#6966ac", "#7f6c2c", "#317774", "#85614c", "#5e752f",
)  # fmt: skip


@lru_cache(maxsize=65536)
def colour(module: str, name: str) -> int:
    """The position in the palettes of a callable's colour: the same in every view and every recording.

    Args:
        module: the module that defines it.
        name: its qualified name.
    """
    return crc32(f"{module}:{name}".encode(errors="surrogatepass")) % len(LIGHT)
