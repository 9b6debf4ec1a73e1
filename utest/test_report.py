"""What is shown in the log as HTML."""

from __future__ import annotations

from ImapLibrary.report import table


def test_what_comes_from_an_email_is_escaped() -> None:
    html = table(("Subject",), [("</td><script>alert(1)</script>&\"'",)])
    assert html == (
        "<table><tr><th>Subject</th></tr><tr><td>&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
        "&amp;&quot;&#x27;</td></tr></table>"
    )


def test_line_ends_stay() -> None:
    assert "<td>a<br>b</td>" in table(("A",), [("a\nb",)])


def test_no_rows() -> None:
    assert table(("A", "B"), []) == "<table><tr><th>A</th><th>B</th></tr></table>"


def test_what_stands_below_a_row_is_html_as_wide_as_the_table() -> None:
    html = table(("A", "B"), [("a", "b"), ("c", "d")], ["<i>x</i>", ""])
    assert html == (
        "<table><tr><th>A</th><th>B</th></tr><tr><td>a</td><td>b</td></tr>"
        '<tr><td colspan="2"><i>x</i></td></tr><tr><td>c</td><td>d</td></tr></table>'
    )
