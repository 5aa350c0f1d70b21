"""``python -m scope_repl.kernel``: what Jupyter starts."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    # As ipykernel does it: no file in the notebook's folder stands in for a library's while those are imported.
    # The folder comes back when the shell starts.
    if not sys.flags.safe_path and sys.path[0] in ("", os.getcwd()):
        del sys.path[0]

    # This frame lies below all that the notebook does: by its name the recorder knows it for one of Scope's own.
    __name__ = "scope_repl.kernel.__main__"

    from ipykernel.kernelapp import IPKernelApp

    from scope_repl.kernel.kernel import ScopeKernel

    IPKernelApp.launch_instance(kernel_class=ScopeKernel)
