"""Classes that add keywords of their own to the library, named at its import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from robot.errors import DataError
from robotlibcore import HybridCore, PluginParser

from ImapLibrary.errors import InvalidArgument


def load(names: str, library: object) -> list[object]:
    """Return an instance of each plugin, made with the library as its first argument.

    names: separated by commas, each followed by its arguments, with semicolons in front of these

    Raises InvalidArgument if one can't be imported or made, or has no keywords.
    """
    return [_made(each.strip(), library) for each in names.split(",") if each.strip()]


def refuse_clashes(plugins: Iterable[object], keywords: Mapping[str, object]) -> None:
    """Raise InvalidArgument if a keyword of a plugin has the name of another keyword.

    keywords: all of them, those of the plugins first, so that what has their names comes later
    """
    names = {_normal(name): (name, keyword) for name, keyword in keywords.items()}
    for plugin in plugins:
        for name, keyword in _keywords(plugin):
            there, taken = names[_normal(name)]
            if taken != keyword:
                raise InvalidArgument(
                    f"The plugin {type(plugin).__name__!r} has a keyword "
                    f"{_titled(name)!r}, and there is one of that name: {_titled(there)!r}. "
                    "Give it another name."
                )


def _made(plugin: str, library: object) -> object:
    name = plugin.partition(";")[0]  # what follows may be a secret
    try:
        (made,) = PluginParser(python_object=[library]).parse_plugins(plugin)
    except DataError as error:
        raise InvalidArgument(_not_imported(name, str(error))) from None
    except Exception as error:
        raise InvalidArgument(f"The plugin {name!r} could not be made: {error}") from error
    if not list(_keywords(made)):
        raise InvalidArgument(
            f"The plugin {name!r} has no keywords: no method of it has the decorator `keyword` of "
            "robot.api.deco."
        )
    return made


def _not_imported(name: str, reason: str) -> str:
    """Return the text of the failure, from that of Robot Framework, which ends in a traceback."""
    if name.endswith(".py") and not Path(name).is_absolute():
        return (
            f"The plugin {name!r} could not be imported: the path of a file must be absolute, such as "
            f"'${{CURDIR}}/{name}' for one beside the suite."
        )
    because = reason.splitlines()[0].partition(" failed: ")[2]
    if not because:
        return (
            f"The plugin {name!r} is a module, not a class. Name the class in it, such as "
            f"{name + '.MyKeywords'!r}."
        )
    return (
        f"The plugin {name!r} could not be imported: {because.rstrip('.')}. Its module must be "
        "where Robot Framework finds it (--pythonpath), or be named by the path of a file that is "
        "called like the class."
    )


def _keywords(plugin: object) -> Iterator[tuple[str, object]]:
    yield from HybridCore([plugin]).keywords.items()


def _normal(name: str) -> str:
    """Return a name as Robot Framework compares it."""
    return name.replace(" ", "").replace("_", "").casefold()


def _titled(name: str) -> str:
    return name.replace("_", " ").title() if name.islower() else name
