"""Plugins: what they can do, and what an import says that names a wrong one."""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path

import pytest
from robot.libdoc import LibraryDocumentation

from ImapLibrary import ImapLibrary
from ImapLibrary.errors import InvalidArgument

ORDER_NUMBERS = Path(__file__).parent.parent / "examples" / "OrderNumbers.py"

MODULE = """
from robot.api.deco import keyword


class Adder:
    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self, library, name="nobody"):
        self.library = library
        self.name = name

    @keyword
    def get_name(self):
        return self.name

    @keyword
    def get_subject(self, path):
        return self.library.load_email(path).subject

    def no_keyword(self):
        pass


class Greeter:
    def __init__(self, library):
        pass

    @keyword("Greet The Tester")
    def greet(self):
        return "Hello!"


class Idle:
    def __init__(self, library):
        pass


class Unlucky:
    def __init__(self, library, *secrets):
        raise OSError("The disk is full.")


class SameName:
    def __init__(self, library):
        pass

    @keyword
    def get_email_body(self):
        pass


class SameNameToRobot:
    def __init__(self, library):
        pass

    @keyword("Get Email body")
    def other(self):
        pass


class SameNameAsAdder:
    def __init__(self, library):
        pass

    @keyword
    def get_name(self):
        pass
"""

IMPORT = "Its module must be where Robot Framework finds it (--pythonpath), or be named by the path"


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "qa_plugins.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "qa_plugins", raising=False)


def test_without_plugins_there_are_the_keywords_of_the_library() -> None:
    names = ImapLibrary().get_keyword_names()
    assert ImapLibrary(plugins=" ").get_keyword_names() == names
    added = set(ImapLibrary(plugins="qa_plugins.Adder").get_keyword_names()) - set(names)
    assert added == {"get_name", "get_subject"}


def test_several_with_arguments() -> None:
    library = ImapLibrary(plugins="qa_plugins.Adder;name=Ann, qa_plugins.Greeter")
    assert library.run_keyword("get_name", []) == "Ann"
    assert library.run_keyword("Greet The Tester", []) == "Hello!"
    assert ImapLibrary(plugins="qa_plugins.Adder;Bob").run_keyword("get_name", []) == "Bob"


def test_a_keyword_calls_those_of_the_library(tmp_path: Path) -> None:
    path = tmp_path / "one.eml"
    path.write_bytes(b"Subject: Your order\r\n\r\n")
    library = ImapLibrary(plugins="qa_plugins.Adder")
    assert library.run_keyword("get_subject", [path]) == "Your order"


def test_one_that_listens_is_a_listener_as_the_library_is() -> None:
    library = ImapLibrary(plugins="qa_plugins.Adder")
    assert [type(each).__name__ for each in library.ROBOT_LIBRARY_LISTENER] == [
        "ImapLibrary",
        "Adder",
    ]


def test_libdoc_shows_the_keywords_of_a_plugin() -> None:
    documented = LibraryDocumentation(f"ImapLibrary::plugins={ORDER_NUMBERS}").keywords
    assert "Get Order Number" in {keyword.name for keyword in documented}


@pytest.mark.parametrize(
    ("plugins", "said"),
    [
        (
            "no_such_module.Adder",
            (
                "The plugin 'no_such_module.Adder' could not be imported: ModuleNotFoundError: "
                f"No module named 'no_such_module'. {IMPORT}"
            ),
        ),
        ("qa_plugins.NoSuchClass", "The plugin 'qa_plugins.NoSuchClass' could not be imported: "),
        (
            "qa_plugins",
            (
                "The plugin 'qa_plugins' is a module, not a class. Name the class in it, such as "
                "'qa_plugins.MyKeywords'."
            ),
        ),
        (
            "Adder.py;hunter2",
            (
                "The plugin 'Adder.py' could not be imported: the path of a file must be absolute, "
                "such as '${CURDIR}/Adder.py' for one beside the suite."
            ),
        ),
        ("qa_plugins.Idle", "The plugin 'qa_plugins.Idle' has no keywords: no method of it has "),
        (
            "qa_plugins.Greeter;one;two",
            "The plugin 'qa_plugins.Greeter' could not be made: Greeter.__init__() takes 2 ",
        ),
        (
            "qa_plugins.Unlucky;hunter2",
            "The plugin 'qa_plugins.Unlucky' could not be made: The disk is full.",
        ),
    ],
)
def test_one_that_can_not_be_used(plugins: str, said: str) -> None:
    with pytest.raises(InvalidArgument, match=f"^{re.escape(said)}") as failure:
        ImapLibrary(plugins=plugins)
    assert "hunter2" not in str(failure.value)


def test_a_path_that_leads_nowhere(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match=r"File or directory does not exist\. Its module"):
        ImapLibrary(plugins=str(tmp_path / "Adder.py"))


@pytest.mark.parametrize(
    ("plugins", "said"),
    [
        (
            "qa_plugins.SameName",
            (
                "The plugin 'SameName' has a keyword 'Get Email Body', and there is one of that name: "
                "'Get Email Body'. Give it another name."
            ),
        ),
        (
            "qa_plugins.SameNameToRobot",
            "The plugin 'SameNameToRobot' has a keyword 'Get Email body', and there is one of ",
        ),
        (
            "qa_plugins.SameNameAsAdder,qa_plugins.Adder",
            "The plugin 'SameNameAsAdder' has a keyword 'Get Name', and there is one of that name",
        ),
    ],
)
def test_one_whose_keyword_has_a_name_that_is_taken(plugins: str, said: str) -> None:
    with pytest.raises(InvalidArgument, match=f"^{re.escape(said)}"):
        ImapLibrary(plugins=plugins)


def test_the_one_that_the_introduction_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = re.findall(r"^\| ?(.*)$", LibraryDocumentation("ImapLibrary").doc, re.MULTILINE)
    shown = "\n".join(lines[lines.index("from robot.api.deco import keyword") :])
    (tmp_path / "introduced.py").write_text(shown, encoding="utf-8")
    path = tmp_path / "one.eml"
    path.write_bytes(textwrap.dedent("Subject: Thanks\n\nYour order A-004711.\n").encode())
    library = ImapLibrary(plugins="introduced.OrderNumbers")
    email = library.run_keyword("load_email", [path])
    assert library.run_keyword("get_order_number", [email]) == "A-004711"
