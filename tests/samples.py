"""The modules that write the sample exports."""

from types import ModuleType

from sample_data.generator import exports

_FORMS = dict(exports.forms())


def names() -> list[str]:
    """Return the names of the modules, one for each form of a system's export."""
    return list(_FORMS)


def module(name: str) -> ModuleType:
    """Return the module that writes one form."""
    return _FORMS[name]
