"""Which emails the log shows, where, and that it never costs a keyword."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from robot.api import ExecutionResult, ResultVisitor
from scripted import ScriptedServer, Session, message

import ImapLibrary
from ImapLibrary.criteria.criteria import criteria
from ImapLibrary.keywords.previews import NO_PREVIEWS, Previews, _saved
from ImapLibrary.keywords.running import LogPlace, log_place
from ImapLibrary.mail.message import Email
from ImapLibrary.waiting.story import Story

EMAILS = Path(__file__).parent / "emails"
ORDER = Path(__file__).parent.parent / "atest" / "resources" / "order.eml"

ROW = (
    "<table><tr><th>From</th><th>Subject</th><th>Date</th><th>Attachments</th></tr><tr><td>The Shop "
    "&lt;noreply@shop.example&gt;</td><td>Your order</td><td>Tue, 24 Mar 2026 10:00:00 +0100</td>"
    '<td>invoice.pdf (application/pdf), 9 bytes</td></tr><tr><td colspan="4">'
)


class Shown(ResultVisitor):
    """The HTML messages of an output, each with its level; and the warnings in it."""

    def __init__(self, output: Path) -> None:
        self.html: list[str] = []
        self.levels: list[str] = []
        self.warnings: list[str] = []
        ExecutionResult(output).visit(self)

    def visit_message(self, message: object) -> None:
        if message.html:  # type: ignore[attr-defined]
            self.html.append(message.message)  # type: ignore[attr-defined]
            self.levels.append(message.level)  # type: ignore[attr-defined]
        if message.level == "WARN":  # type: ignore[attr-defined]
            self.warnings.append(message.message)  # type: ignore[attr-defined]

    @property
    def files(self) -> list[str]:
        """What frames and links refer to, each once, in order."""
        found = re.findall(r'(?:src|href)="([^"]*)"', "".join(self.html))
        return list(dict.fromkeys(found))


class Suite:
    """Runs steps in Robot Framework, with `${EMAIL}` as the path of an email."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, steps: str, arguments: str = "", name: str = "suite.robot") -> None:
        text = "\n".join(
            [
                "*** Settings ***",
                f"Library    ImapLibrary    {arguments}",
                "*** Variables ***",
                f"${{EMAIL}}    {ORDER.as_posix()}",
                f"${{EMAILS}}    {EMAILS.as_posix()}",
                "*** Test Cases ***",
                "Test",
                textwrap.indent(textwrap.dedent(steps).strip("\n"), "    "),
                "",
            ]
        )
        (self.folder / name).write_text(text, encoding="utf-8")

    def run(self, steps: str, arguments: str = "", options: tuple[str, ...] = ()) -> Shown:
        """Run steps, and return what is in the log of them."""
        self.write(steps, arguments)
        self.robot("--outputdir", "out", *options, "suite.robot")
        return Shown(self.folder / "out" / "output.xml")

    def robot(self, *arguments: str, program: tuple[str, ...] = ("robot",)) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *program, *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    @property
    def pages(self) -> list[str]:
        """The pages that were written beside the log."""
        return [path.name for path in (self.folder / "out").glob("email-previews/*")]


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    return Suite(tmp_path)


@pytest.fixture
def opened() -> Iterator[tuple[str, ScriptedServer]]:
    """A step that opens a mailbox with 12 emails, and the server that it is on."""
    with ScriptedServer(*(message(f"Number {n}", f"Text {n}") for n in range(1, 13))) as server:
        yield (
            f"Open Mailbox    127.0.0.1    qa    any    port={server.port}    security=NONE",
            server,
        )


class TestWhatIsShown:
    def test_an_email_that_a_keyword_returns(self, suite: Suite) -> None:
        shown = suite.run("Load Email    ${EMAIL}")
        (page,) = suite.pages
        assert re.fullmatch(r"[0-9a-f]{20}\.html", page)
        (html,) = shown.html
        assert html == (
            f"{ROW}<details><summary>Show the email</summary>"
            f'<iframe sandbox="" loading="lazy" src="email-previews/{page}" style="width: 100%; '
            'min-width: 50em; height: 40em; border: 1px solid #ccc"></iframe><a '
            f'href="email-previews/{page}" target="_blank" rel="noreferrer">In a tab of its own</a>'
            "</details></td></tr></table>"
        )
        assert shown.levels == ["INFO"]
        html = (suite.folder / "out" / shown.files[0]).read_text(encoding="utf-8")
        assert "Your code is &lt;b&gt;4711&lt;/b&gt;" in html

    def test_each_email_once_in_a_run(self, suite: Suite) -> None:
        again = "Load Email    ${EMAIL}\n" * 3
        other = "Load Email    ${EMAILS}/arabic_explicit.eml\n"
        assert len(suite.run(again + other + again).html) == 2

    def test_also_if_it_was_moved(self, suite: Suite, opened: tuple[str, ScriptedServer]) -> None:
        step, server = opened
        server.has_archive = True
        shown = suite.run(
            f"""
            {step}
            ${{email}} =    Wait For Email    body=Text 7
            ${{copy}} =    Copy Email    ${{email}}    Archive
            Move Email    ${{email}}    Archive
            Wait For Email    uid=1:9    body=Text
            """
        )
        assert [re.findall("Number [0-9]+", html) for html in shown.html] == [
            ["Number 7"],
            ["Number 9"],
        ]

    def test_the_first_of_many(self, suite: Suite, opened: tuple[str, ScriptedServer]) -> None:
        shown = suite.run(f"{opened[0]}\nFind Emails    body=Text\nFind Emails    body=Text")
        first, second = shown.html
        assert re.findall("Number ([0-9]+)", first) == [str(n) for n in range(12, 2, -1)]
        assert first.endswith("</table><p>and 2 more</p>")
        # What was not shown is still to be.
        assert re.findall("Number ([0-9]+)", second) == ["2", "1"]
        assert second.endswith("</table>")
        assert len(suite.pages) == 12

    @pytest.mark.parametrize("keyword", ["Find Emails", "Wait For Emails    at_least=1"])
    def test_emails_that_were_found_by_their_headers(
        self, suite: Suite, opened: tuple[str, ScriptedServer], keyword: str
    ) -> None:
        shown = suite.run(f"{opened[0]}\n{keyword}    subject=exact:Number 7")
        assert "Show the email" in shown.html[0]
        assert "headers" not in shown.html[0]
        (page,) = suite.pages
        page = (suite.folder / "out" / "email-previews" / page).read_text(encoding="utf-8")
        assert "<pre>\nText 7</pre>" in page

    def test_of_a_long_list_what_was_fetched(
        self, suite: Suite, opened: tuple[str, ScriptedServer]
    ) -> None:
        step, server = opened
        for number in range(13, 52):
            server.deliver(message(f"Number {number}"))
        shown = suite.run(
            f"""
            {step}
            Find Emails
            Wait For Email    uid=51    body=Some text
            Find Emails    uid=51
            """
        )
        assert len(shown.html) == 2
        assert shown.html[0].endswith(
            "</table><p>and 41 more</p><p>Emails of which only the headers were fetched are not shown. Log Email "
            "fetches the rest of those that are still there.</p>"
        )
        assert "colspan" not in shown.html[0]
        assert "Show the email" in shown.html[1]
        assert len(suite.pages) == 1

    def test_the_email_beside_an_alias(
        self, suite: Suite, opened: tuple[str, ScriptedServer]
    ) -> None:
        shown = suite.run(f"{opened[0]}\nWait For Email In Any Mailbox    qa    body=Text 7")
        assert "Number 7" in shown.html[0]


class TestFailedWaits:
    def test_near_misses(self, suite: Suite, opened: tuple[str, ScriptedServer]) -> None:
        shown = suite.run(
            f"""
            {opened[0]}
            Run Keyword And Expect Error    No email received *
            ...    Wait For Email    body=Text 77    timeout=0
            """
        )
        (table,) = shown.html
        assert table.startswith("<table><tr><th>UID</th><th>Received</th><th>From</th>")
        assert table.count('<tr><td colspan="6"><details><summary>Show the email') == 10
        assert len(suite.pages) == 10

    @pytest.mark.parametrize(
        ("keyword", "count", "uids"),
        [
            ("Wait For Email    subject=Number 77    timeout=0", 10, "3:12"),
            ("Wait For Email    subject=Number 77    timeout=0    after=10", 2, "11:12"),
            ("Wait For Emails    subject=glob:Number [89]    at_least=3    timeout=0", 12, "1:12"),
            ("Wait For Email In Any Mailbox    qa    subject=Number 77    timeout=0", 10, "3:12"),
            ("Email Should Not Arrive    subject=Number 7    after=5    within=1 s", 7, "6:12"),
            ("Wait Until Email Is Gone    subject=Number 12    timeout=0", 11, "2:12"),
        ],
    )
    def test_what_was_known_by_its_headers_is_fetched_for_the_log(
        self,
        suite: Suite,
        opened: tuple[str, ScriptedServer],
        keyword: str,
        count: int,
        uids: str,
    ) -> None:
        step, server = opened
        shown = suite.run(f"{step}\nRun Keyword And Expect Error    *    {keyword}")
        assert sum(html.count("Show the email") for html in shown.html) == count
        assert "headers" not in "".join(shown.html)
        assert len(suite.pages) == count
        fetched = [line.split()[2] for line in server.lines if "BODY.PEEK[]" in line]
        assert fetched == [uids]
        assert all(not email.flags for email in server.emails)

    def test_what_can_not_be_fetched_is_in_the_table(
        self, suite: Suite, opened: tuple[str, ScriptedServer]
    ) -> None:
        step, server = opened

        def refuse_bodies(session: Session, tag: str, arguments: str) -> None:
            if "BODY.PEEK[]" in arguments:
                session.send(f"{tag} NO Not now")
            else:
                session.default("FETCH", tag, arguments)

        server.on["FETCH"] = refuse_bodies
        shown = suite.run(
            f"""
            {step}
            Run Keyword And Expect Error    No email received *
            ...    Wait For Email    subject=Number 77    timeout=0
            """
        )
        (table,) = shown.html
        assert "colspan" not in table
        assert re.fullmatch("<table>.*</table><p>Emails of which only the headers .*", table)
        assert (suite.pages, shown.warnings) == ([], [])

    def test_what_should_not_be_there(
        self, suite: Suite, opened: tuple[str, ScriptedServer]
    ) -> None:
        shown = suite.run(
            f"""
            {opened[0]}
            Run Keyword And Expect Error    2 emails *
            ...    Wait For Email    body=regexp:Text [12]$    on_multiple=FAIL    timeout=0
            """
        )
        assert re.findall("Number ([0-9]+)", shown.html[0]) == ["2", "1"]
        assert shown.html[0].count("Show the email") == 2

    def test_without_previews_there_is_the_table(
        self, suite: Suite, opened: tuple[str, ScriptedServer]
    ) -> None:
        shown = suite.run(
            f"""
            {opened[0]}
            Run Keyword And Expect Error    No email received *
            ...    Wait For Email    body=Text 77    timeout=0
            """,
            "previews=False",
        )
        (table,) = shown.html
        assert "Number 7" in table
        assert "colspan" not in table
        assert suite.pages == []

    @pytest.mark.parametrize(
        ("arguments", "options"), [("previews=False", ()), ("", ("--loglevel", "WARN"))]
    )
    def test_nothing_is_fetched_that_is_not_shown(
        self,
        suite: Suite,
        opened: tuple[str, ScriptedServer],
        arguments: str,
        options: tuple[str, ...],
    ) -> None:
        step, server = opened
        suite.run(
            f"{step}\nRun Keyword And Expect Error    *    Wait For Email    subject=7a    timeout=0",
            arguments,
            options,
        )
        assert not any("BODY.PEEK[]" in line for line in server.lines)

    def test_otherwise_nothing_more_is_fetched(
        self, suite: Suite, opened: tuple[str, ScriptedServer]
    ) -> None:
        step, server = opened
        steps = f"""
            {step}
            Wait For Email    subject=Number 7
            Find Emails    subject=Number
            Run Keyword And Expect Error    *    Wait For Email    body=Other    timeout=0
        """
        commands = []
        for arguments in ("", "previews=False"):
            server.lines.clear()
            suite.run(steps, arguments)
            commands.append([line for line in server.lines if "LOGIN" not in line])
        assert commands[0] == commands[1]
        assert all(not email.flags for email in server.emails)


class TestLogEmail:
    def test_as_often_as_one_likes(self, suite: Suite) -> None:
        steps = "${email} =    Load Email    ${EMAIL}\nLog Email    ${email}\nLog Email    ${email}"
        shown = suite.run(steps)
        assert len(shown.html) == 3
        assert len(set(shown.html)) == 1
        assert len(suite.pages) == 1

    def test_fetches_what_is_missing_and_leaves_the_email_unread(
        self, suite: Suite, opened: tuple[str, ScriptedServer]
    ) -> None:
        step, server = opened
        shown = suite.run(f"{step}\nLog Email    7")
        page = (suite.folder / "out" / shown.files[0]).read_text(encoding="utf-8")
        assert "<pre>\nText 7</pre>" in page
        assert not server.emails[6].flags

    def test_images_of_a_large_email(self, suite: Suite) -> None:
        image = b"iVBORw0KGgo" + b"A" * 40_000
        raw = (
            b"Subject: Large\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
            b"Content-Type: text/html\r\n\r\n<img src=cid:a>\r\n--b\r\nContent-Type: image/png\r\n"
            b"Content-ID: <a>\r\nContent-Disposition: inline\r\nContent-Transfer-Encoding: base64"
            b"\r\n\r\n" + image + b"\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n" + b"A" * 2_000_000 + b"\r\n--b--\r\n"
        )
        with ScriptedServer(raw) as server:
            step = f"Open Mailbox    127.0.0.1    qa    any    port={server.port}    security=NONE"
            shown = suite.run(f"{step}\nLog Email    1")
        assert len(shown.html) == 1
        page = (suite.folder / "out" / shown.files[0]).read_text(encoding="utf-8")
        assert "img src=&quot;data:image/png;base64,iVBORw0KGgo" in page

    @pytest.mark.parametrize(("least", "count"), [("INFO", 0), ("DEBUG", 1), ("TRACE", 1)])
    def test_level(self, suite: Suite, least: str, count: int) -> None:
        shown = suite.run(
            f"""
            ${{email}} =    Load Email    ${{EMAIL}}
            Set Log Level    {least}
            Log Email    ${{email}}    level=debug
            """
        )
        assert shown.levels == ["INFO", *["DEBUG"] * count]

    def test_previews_that_are_off_stay_off(self, suite: Suite) -> None:
        steps = "${email} =    Load Email    ${EMAIL}\nLog Email    ${email}"
        assert suite.run(steps, "previews=False").html == []
        assert suite.pages == []
        output = (suite.folder / "out" / "output.xml").read_text(encoding="utf-8")
        assert "No email is shown in the log, because of previews=False at the import." in output


class TestWhere:
    @pytest.mark.parametrize(
        ("options", "folder"),
        [
            ((), "out"),
            (("--log", "NONE"), "out"),
            (("--log", "logs/log.html"), "out/logs"),
            (("--splitlog",), "out"),
        ],
    )
    def test_beside_the_log(self, suite: Suite, options: tuple[str, ...], folder: str) -> None:
        shown = suite.run("Load Email    ${EMAIL}", options=options)
        assert (suite.folder / folder / shown.files[0]).exists()

    def test_embedded(self, suite: Suite) -> None:
        shown = suite.run("Load Email    ${EMAIL}", "embed_previews=True")
        (html,) = shown.html
        assert html.startswith(
            f'{ROW}<details><summary>Show the email</summary><iframe sandbox="" loading="lazy" '
            'srcdoc="&lt;!DOCTYPE html&gt;\n&lt;meta charset='
        )
        assert "&lt;section&gt;&lt;iframe sandbox=&quot;&quot; srcdoc=&quot;&amp;lt;meta" in html
        assert suite.pages == []

    @pytest.mark.parametrize(
        "options",
        [
            (),
            ("--artifacts", "png,html", "--artifactsinsubfolders"),
            ("--argumentfile1", "one.args", "--argumentfile2", "two.args"),
        ],
    )
    def test_beside_the_log_of_pabot(self, suite: Suite, options: tuple[str, ...]) -> None:
        suite.write("Load Email    ${EMAIL}", name="first.robot")
        suite.write("Load Email    ${EMAILS}/arabic_explicit.eml", name="second.robot")
        for number in ("one", "two"):
            (suite.folder / f"{number}.args").write_text(f"--variable\nN:{number}\n")
        command = ["--command", sys.executable, "-m", "robot", "--end-command", "--no-pabotlib"]
        suite.robot(
            *command, *options, "--outputdir", "out", "first.robot", "second.robot",
            program=("pabot.pabot",),
        )  # fmt: skip
        shown = Shown(suite.folder / "out" / "output.xml")
        assert len(shown.files) == 2
        for name in shown.files:
            assert name.startswith("email-previews/")
            assert (suite.folder / "out" / name).exists()

    def test_two_runs_into_one_folder_can_be_merged(self, suite: Suite) -> None:
        suite.run("Load Email    ${EMAIL}")
        (suite.folder / "out" / "output.xml").rename(suite.folder / "out" / "first.xml")
        suite.run("Load Email    ${EMAILS}/arabic_explicit.eml")
        suite.robot(
            "--outputdir", "out", "--output", "merged.xml", "out/first.xml", "out/output.xml",
            program=("robot.rebot",),
        )  # fmt: skip
        shown = Shown(suite.folder / "out" / "merged.xml")
        assert sorted(Path(name).name for name in shown.files) == sorted(suite.pages)
        assert len(shown.files) == 2

    def test_the_same_email_in_several_processes_at_the_same_time(self, tmp_path: Path) -> None:
        pages = [f"page {n // 8}" for n in range(800)]
        with ThreadPoolExecutor(8) as pool:
            saved = list(pool.map(lambda page: _saved(page, LogPlace(tmp_path)), pages))
        for name, page in zip(saved, pages, strict=True):
            assert (tmp_path / name).read_text(encoding="utf-8") == page
        assert len(set(saved)) == 100


class TestNothingIsWritten:
    @pytest.mark.parametrize("level", ["WARN", "ERROR", "NONE"])
    def test_at_a_log_level_that_keeps_none(self, suite: Suite, level: str) -> None:
        assert suite.run("Load Email    ${EMAIL}", options=("--loglevel", level)).html == []
        assert suite.pages == []

    def test_without_an_output(self, suite: Suite) -> None:
        suite.write("${email} =    Load Email    ${EMAIL}\nLog Email    ${email}")
        suite.robot("--outputdir", "out", "--output", "NONE", "suite.robot")
        assert not list(suite.folder.glob("**/email-previews"))

    def test_in_a_dry_run(self, suite: Suite) -> None:
        suite.run("Load Email    ${EMAIL}\nLog Email    7", options=("--dryrun",))
        assert suite.pages == []

    def test_after_an_import_that_turns_it_off(self, suite: Suite) -> None:
        assert suite.run("Load Email    ${EMAIL}", "previews=False").html == []
        assert suite.pages == []

    def test_outside_robot_framework(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        assert log_place() is None
        email = ImapLibrary.ImapLibrary().run_keyword("load_email", [ORDER])
        assert email.subject == "Your order"
        Previews().show_failure(Story(criteria(subject="x"), None, 1.0))
        assert list(tmp_path.iterdir()) == []

    def test_if_nothing_is_wanted(self) -> None:
        NO_PREVIEWS.show(Email(b"Subject: Hi\r\n\r\n"))


class TestNoKeywordFails:
    def test_where_no_file_can_be_written(self, suite: Suite) -> None:
        (suite.folder / "out").mkdir()
        (suite.folder / "out" / "email-previews").write_text("in the way")
        shown = suite.run("${email} =    Load Email    ${EMAIL}\nLog Email    ${email}")
        assert len(shown.html) == 2
        for html in shown.html:
            assert html.startswith(f"{ROW}There is no preview. Could not ")
            assert html.endswith(
                "A part of the path is a file, where a folder is needed.</td></tr></table>"
            )
        assert shown.warnings == []

    def test_but_a_time_out_ends_it(self, suite: Suite) -> None:
        (suite.folder / "breaking.py").write_text(
            "from ImapLibrary.mail import preview\n"
            "from robot.errors import RobotError\n"
            "def time_out(*_):\n"
            "    raise RobotError('Test timeout exceeded.')\n"
            "def break_it():\n"
            "    preview.row = time_out\n"
        )
        suite.run(
            """
            Import Library    ${CURDIR}/breaking.py
            Break It
            Run Keyword And Expect Error    Test timeout exceeded.    Load Email    ${EMAIL}
            """
        )

    def test_whatever_goes_wrong(self, suite: Suite) -> None:
        (suite.folder / "breaking.py").write_text(
            "from ImapLibrary.mail import preview\n"
            "def break_it():\n"
            "    preview.row = None\n"
            "    preview.page = None\n"
        )
        shown = suite.run(
            """
            Import Library    ${CURDIR}/breaking.py
            Break It
            ${email} =    Load Email    ${EMAIL}
            Should Be Equal    ${email.subject}    Your order
            """
        )
        assert shown.html == []
        assert shown.warnings[0].startswith("An email could not be shown in the log: TypeError(")
