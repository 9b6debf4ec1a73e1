"""How Sphinx makes the documentation: `python tasks.py docs`."""

from __future__ import annotations

from urllib.parse import quote

from docutils import nodes
from robot.libdoc import LibraryDocumentation
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from ImapLibrary import __version__

project = "ImapLibrary"
release = __version__
copyright = "the robotframework-imap authors"
exclude_patterns = ["adr"]
html_static_path: list[str] = []
html_show_sourcelink = False
html_theme_options = {
    "description": "Testing email over IMAP with Robot Framework",
    "fixed_sidebar": True,
    # Room for lines of 100 characters, as the sources have them.
    "page_width": "1140px",
    "body_max_width": "900px",
    "code_font_size": "0.8em",
}
highlight_language = "text"
default_role = "imap"

LIBDOC = "ImapLibrary.html"
"""The file that libdoc writes beside the pages."""

KEYWORDS = {keyword.name for keyword in LibraryDocumentation("ImapLibrary").keywords}


class KeywordRole(SphinxRole):
    """Shows `Wait For Email` as what it is, a keyword."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the name of the keyword. One that there is not is a warning."""
        if self.text not in KEYWORDS:
            logging.getLogger(__name__).warning(
                "There is no keyword %r.", self.text, location=self.get_location()
            )
        return [nodes.literal(self.rawtext, self.text)], []


class KeywordLinks(SphinxPostTransform):
    """Has names of keywords lead to what libdoc says of them, also in what is included here."""

    default_priority = 100

    def run(self, **_: object) -> None:
        """Make the links."""
        up = "../" * self.env.docname.count("/")
        for literal in list(self.document.findall(nodes.literal)):
            if literal.astext() in KEYWORDS:
                target = f"{up}{LIBDOC}#{quote(literal.astext())}"
                link = nodes.reference("", "", refuri=target)
                literal.replace_self(link)
                link += literal


def setup(app: Sphinx) -> None:
    """Have names of keywords understood."""
    app.add_role("imap", KeywordRole())
    app.add_post_transform(KeywordLinks)
