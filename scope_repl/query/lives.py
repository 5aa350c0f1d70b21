"""When objects were made: an address may have been another object's before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents
    from scope_repl.recording.written import Version


def made_ns(contents: Contents, version: Version) -> int:
    """When the ``__init__`` began in which an object got a version; 0 if it was none.

    Args:
        contents: the recording's contents.
        version: the version.
    """
    parents, call = contents.tables.calls["parent"], version.call
    while call >= 0:
        name = contents.codes[contents.spans.code[call]].name
        if name == "__init__" and contents.payloads.own_address(call) == version.address:
            return int(contents.spans.start[call])
        call = int(parents[call])
    return 0


def last_life(contents: Contents, versions: list[Version]) -> list[Version]:
    """Those of an address's versions that are of the object which was made there last, as far as that is known.

    Args:
        contents: the recording's contents.
        versions: the versions in the order of time.
    """
    for number in range(len(versions) - 1, 0, -1):
        before, version = versions[number - 1], versions[number]
        if before.type != version.type or before.time_ns < made_ns(contents, version):
            return versions[number:]
    return versions
