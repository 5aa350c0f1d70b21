"""The command ``scope-repl``: IPython with Scope loaded, and its subcommands."""

from __future__ import annotations

import argparse
import sys

_USAGE = """scope-repl [options of IPython] [FILE [arguments]]
       scope-repl run [options] SCRIPT [arguments]
       scope-repl install [options]"""

_DESCRIPTION = """\
Record what Python code does, and ask about its past.

Without a command it opens IPython with Scope loaded: run a cell that begins
with %%scope_trace, then ask `scope`, for example for scope.at("50%")."""

_EPILOG = """\
`scope-repl COMMAND --help` shows a command's own options. Without a command
all of IPython's options are accepted: `scope-repl --help-all` shows them."""

_BANNER = "Scope {version} -- A cell that begins with %%scope_trace is recorded. %scope_trace? shows how.\n"

COMMANDS = {
    "run": "record a script; print its call tree and the cost",
    "install": "add the kernel 'Python 3 (Scope)' to Jupyter",
}


def main() -> int | None:
    """Run the ``scope-repl`` command.

    Returns:
        The process's exit status; None stands for success.
    """
    words = sys.argv[1:]
    if words[:1] == ["run"]:
        _run(words[1:])
        return None
    if words[:1] == ["install"]:
        from scope_repl.kernel.kernelspec import main as install

        return install(words[1:])
    if words in (["--version"], ["-h"], ["--help"]):
        _parser().parse_args(words)
    return _ipython(words)


def _run(words: list[str]) -> None:
    from scope_repl.imports import explained

    try:
        with explained():
            from scope_repl.kernel.run import main as run
    except ImportError as error:
        sys.exit(f"scope-repl run: {error}")
    run(words)


def _parser() -> argparse.ArgumentParser:
    from scope_repl import __version__

    parser = argparse.ArgumentParser(
        prog="scope-repl",
        usage=_USAGE,
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"scope-repl {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, text in COMMANDS.items():
        commands.add_parser(name, help=text)
    return parser


def _ipython(words: list[str]) -> int | None:
    import IPython

    from scope_repl import __version__

    banner = f"--TerminalInteractiveShell.banner2={_BANNER.format(version=__version__)}"
    # In front of the user's arguments: whatever stands behind a script's name belongs to the script.
    exit_status: int | None = IPython.start_ipython(argv=["--ext=scope_repl", banner, *words])
    return exit_status
