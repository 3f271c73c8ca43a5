"""Every reader and parser of the product, as targets of the fuzzer."""

from tests.fuzz.target import Target
from tests.fuzz.targets.files import FILES
from tests.fuzz.targets.papers import PAPERS
from tests.fuzz.targets.portal import PAGES
from tests.fuzz.targets.provider import PROVIDER
from tests.fuzz.targets.servers import SERVERS
from tests.fuzz.targets.templates import TEMPLATES
from tests.fuzz.targets.words import WORDS

TARGETS: tuple[Target, ...] = (
    *FILES, *PAPERS, *WORDS, *TEMPLATES, *PROVIDER, *SERVERS, *PAGES,
)  # fmt: skip
