"""Looking for exports, once, until the person asks to look again."""

from typing import TYPE_CHECKING

from educonnect_admin.cli.guide.finding import files_in
from educonnect_admin.cli.guide.places import usual_places
from educonnect_admin.cli.guide.visit import Visit

if TYPE_CHECKING:
    from educonnect_admin.cli.guide.candidates import Search


def look_for_files(visit: Visit) -> "Search":
    """Return the exports that lie in the usual folders; the disk is read the first time only."""
    if visit.search is None:
        from educonnect_admin.cli.guide.candidates import read_found

        visit.person.tell("Je cherche des fichiers exportés, quelques secondes au plus…")
        visit.search = read_found(files_in(usual_places()), visit.day())
    return visit.search
