"""What somebody in front of a campaign sees."""

from educonnect_admin.campaigns.outcomes import Outcome
from educonnect_admin.cli.campaigns.watching import Watching
from educonnect_admin.cli.speech import Speech
from educonnect_admin.domain.campaigns import Figure
from educonnect_admin.domain.errors import UnknownSchool


def test_a_school_that_fails_at_once_is_one_of_all() -> None:
    """What is counted as failed is counted among those that there are, too."""
    watching = Watching(
        Speech(json=False, quiet=True), None, [], counting=Figure.LETTERS, noun="courrier"
    )
    watching.failed_at_once(Outcome(uai="0140070A", error=UnknownSchool("0140070A")))

    assert watching._schools() == "1 / 1 école · 1 en échec · 0 en cours"
