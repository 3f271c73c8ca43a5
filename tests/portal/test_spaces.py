"""No line of a page begins with a colon, and a number keeps its unit."""

import pytest

from educonnect_admin.portal.spaces import keep_together


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<p>Pas activé : non ?</p>", "<p>Pas activé_: non_?</p>"),
        ("<p>«Réessayer» ; fin</p>", "<p>«_Réessayer_»_; fin</p>"),
        ("<p>« spams » !</p>", "<p>«_spams_»_!</p>"),
        ("<p>«&nbsp;spams&nbsp;»</p>", "<p>«_spams_»</p>"),
        ("<p>dans 24 heures, ou 3 jours</p>", "<p>dans 24_heures, ou 3_jours</p>"),
        ("<p>14 3 2018, 06 12</p>", "<p>14_3_2018, 06_12</p>"),
        ("<b>Un</b> : deux", "<b>Un</b>_: deux"),
        (
            "<p>l&#39;école &amp; moi, 8 à 14 enfants</p>",
            "<p>l&#39;école &amp; moi, 8 à 14 enfants</p>",
        ),
    ],
)
def test_what_belongs_together_stays_so(written: str, shown: str) -> None:
    """Whichever way a template writes it."""
    assert keep_together(written) == shown.replace("_", "\u00a0")


def test_what_was_typed_stays_as_it_is() -> None:
    """A value, an address: whatever stands in a tag."""
    field = '<input value="06 12 : «x» ?" name="a"><a href="/l ?a=1 2">'

    assert keep_together(field) == field
