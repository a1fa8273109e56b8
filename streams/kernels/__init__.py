"""Inner loops as compiled code, with a form in numpy of each beside its caller, whose answers are equal.

The compiled module is optional: without a compiler at installation there is none, and WIREWATCH_PURE passes it over.
A caller asks each time whether there is one::

    if kernels.native is not None:
        return ...
"""

import os
from importlib import import_module
from typing import cast

from streams.kernels.signatures import Kernels

__all__ = ["Kernels", "load", "native", "state"]

ON = frozenset({"1", "true", "t", "yes", "y", "on"})
"""What switches a setting on."""


def load(environment: dict[str, str]) -> tuple[Kernels | None, str]:
    """The compiled kernels, and ``compiled``; or None, and why."""
    if environment.get("WIREWATCH_PURE", "").lower() in ON:
        return None, "pure: WIREWATCH_PURE is set"
    try:
        module = import_module("streams.kernels._native")
    except ImportError as error:
        return None, f"pure: {'not built' if isinstance(error, ModuleNotFoundError) else error}"
    missing = sorted(name for name in vars(Kernels) if name[0] != "_" and not hasattr(module, name))
    if missing:
        return None, f"pure: built without {', '.join(missing)}"
    return cast(Kernels, module), "compiled"


native, state = load(dict(os.environ))
