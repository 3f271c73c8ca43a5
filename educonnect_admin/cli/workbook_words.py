"""What the sheets are called of the workbooks that people write in."""

from educonnect_admin.rosters.rows import FileKind

GUIDE_TITLE = "Mode d'emploi"
TITLES = {
    FileKind.PUPILS: "Élèves",
    FileKind.GUARDIANS: "Responsables",
    FileKind.FAMILIES: "Familles",
}
