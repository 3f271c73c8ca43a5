"""An office's own words: templates of letters and messages."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from educonnect_admin.domain.errors import BadTemplate
from educonnect_admin.domain.mail_errors import BadMailTemplate
from educonnect_admin.letters.templates import PARTS, Templates, variables_of
from educonnect_admin.letters.variables import FIELD_MARKS, SAMPLES
from educonnect_admin.messages.templates import MailTemplates
from educonnect_admin.shipped import shipped_templates
from tests.fuzz.target import Read, Target

_WORDS = (
    b"{{", b"}}", b"{%", b"%}", b"{#", b"#}", b"|upper", b"|join('x')", b"|length", b"if", b"else",
    b"endif", b"for x in children", b"endfor", b"include 'default:slip/title.j2'", b"extends",
    b"block a", b"endblock", b"~", b"**", b"# ", b"- ", b"1. ", b"x.__class__", b"().__class__",
    b"''", b"'a' * 99999999", b"9 ** 9 ** 9", b"is defined", b"not", b"and", b"loop.index",
    b"{% set a = 1 %}", b"{% macro m() %}", b"{{ m() }}", b"child.", b"\xee\x80\x80",
)  # fmt: skip
_PART = "activation/introduction.j2"
_MAIL = "letter/text.j2"


def _ours(folder: str, pattern: str) -> Callable[[], Iterator[bytes]]:
    def seeds() -> Iterator[bytes]:
        for path in sorted(shipped_templates(folder).rglob(pattern)):
            yield path.read_bytes()

    return seeds


def _written(name: str, use: Callable[[Path], None]) -> Callable[[], AbstractContextManager[Read]]:
    """Give a reader of the one template that an office has replaced."""

    @contextmanager
    def opened() -> Iterator[Read]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.parent.mkdir(parents=True)

            def read(data: bytes) -> None:
                path.write_bytes(data)
                use(Path(folder))

            yield read

    return opened


def _letter(folder: Path) -> None:
    values = {key: SAMPLES[key] for key in variables_of(_PART) if key in SAMPLES}
    Templates(folder).part(_PART).blocks(values)


def _credentials(folder: Path) -> None:
    part = "activation/credentials.j2"
    values = {key: SAMPLES[key] for key in variables_of(part) if key in SAMPLES}
    Templates(folder).part(part).blocks(values | FIELD_MARKS)


def _mail(folder: Path) -> None:
    MailTemplates(folder).render(_MAIL, {"greeting": "Madame", "children": ["Zoé", "Léo"]})


assert _PART in PARTS
TEMPLATES = (
    Target(name="letter-templates", what="an office's own letters", words=_WORDS,
           seeds=_ours("letters", "*.j2"), open=_written(_PART, _letter), refusals=(BadTemplate,)),
    Target(name="credentials", what="the part of a letter that holds the password", words=_WORDS,
           seeds=_ours("letters", "credentials.j2"), refusals=(BadTemplate,),
           open=_written("activation/credentials.j2", _credentials)),
    Target(name="mail-templates", what="an office's own mails", words=_WORDS,
           seeds=_ours("mail", "*.j2"), open=_written(f"mail/{_MAIL}", _mail),
           refusals=(BadMailTemplate,)),
)  # fmt: skip
