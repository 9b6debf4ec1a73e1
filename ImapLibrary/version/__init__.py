"""The version of the library; a package rather than a module for what `neighbours` says."""

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Fail clearly when the 2016 library, having overwritten ours, asks for its own version."""
    if name == "get_version":
        from ImapLibrary.neighbours import overwritten

        raise overwritten()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
