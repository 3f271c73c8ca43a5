"""The folder of one school in a campaign: what stands in it, and its manifest.

What the database says was published is what the manifest lists, whatever run published it: a
manifest that a kill prevented is written by the next run.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

from sqlalchemy.orm import Session

from educonnect_admin.campaigns.orders import LettersOfSchool
from educonnect_admin.domain.campaigns import FileKind, FileMade, SchoolLine, SchoolState
from educonnect_admin.domain.manifest_errors import BadManifest
from educonnect_admin.letters.manifest import FILE_NAME, school_manifest
from educonnect_admin.letters.manifest_reading import read_manifest
from educonnect_admin.office.printing.class_files import batch_prefix
from educonnect_admin.office.printing.letter_folder import part_of, replace_file
from educonnect_admin.queries.campaigns import StandingFile, standing_files

_OTHERS = 0o077


def published_in(session: Session, uai: str, folder: Path) -> set[str]:
    """Return the names of the class files that were published into a school's folder so far."""
    return {one.name for one in standing_files(session, uai, folder)}


def files_of(
    session: Session, uai: str, folder: Path, before: Collection[str] = ()
) -> list[FileMade]:
    """Return all that campaigns have published into a school's folder: letters, then slips.

    Args:
        session: An open session.
        uai: The school.
        folder: Its folder.
        before: The names that were published before this run; the others are new.
    """
    standing = list(standing_files(session, uai, folder))
    letters = [_letters(folder, one, is_new=one.name not in before) for one in standing]
    new = {file.batch for file in letters if file.is_new}
    slips = (replace(slip, is_new=slip.batch in new) for slip in _slips(folder, standing))
    return [*letters, *slips]


def _letters(folder: Path, one: StandingFile, *, is_new: bool) -> FileMade:
    path = folder / one.name
    return FileMade(
        name=one.name,
        kind=FileKind.LETTERS,
        class_label=one.class_label,
        letters=one.letters,
        sha256=one.sha256,
        last_day=one.last_day,
        size=path.stat().st_size if path.is_file() else None,
        is_new=is_new,
    )


def _slips(folder: Path, standing: list[StandingFile]) -> Iterator[FileMade]:
    """Slips can be made again, so the database does not know them: what is there counts."""
    labels = {_stem(one.name): one.class_label for one in standing}
    for batch in dict.fromkeys(one.batch_id for one in standing):
        for path in sorted(folder.glob(f"{batch_prefix(batch)}-*-bordereau.pdf")):
            with path.open("rb") as file:
                digest = file_digest(file, "sha256").hexdigest()
            yield FileMade(
                name=path.name,
                kind=FileKind.SLIP,
                class_label=labels.get(_stem(path.name)),
                letters=0,
                sha256=digest,
                size=path.stat().st_size,
            )


def _stem(name: str) -> str:
    return name.rpartition("-")[0]


def lacks_manifest(folder: Path, names: Collection[str]) -> bool:
    """Tell whether a kill came between what was published and the manifest that lists it.

    Args:
        folder: The school's.
        names: Its class files that were published there; somebody may have erased them since.
    """
    path = folder / FILE_NAME
    if not any((folder / name).is_file() for name in names):
        return False
    if part_of(path).exists():
        return True
    try:
        manifest = read_manifest(path.read_bytes(), path)
    except (OSError, BadManifest):
        return True
    listed = {file.name for file in getattr(manifest, "files", ())}
    return not listed.issuperset(names)


def close_to_others(folder: Path) -> bool:
    """Take from others what they may do in a school's folder that was there before; tell if not.

    Passwords are about to lie in it; one that is made here is closed from the start.
    """
    try:
        if not folder.is_dir() or not folder.stat().st_mode & _OTHERS:
            return True
        folder.chmod(0o700)
    except OSError:
        return False
    return True


def write_manifest(order: LettersOfSchool, files: list[FileMade], now: datetime) -> None:
    """Write the manifest of a school's folder in the place of the former one.

    Raises:
        UnwritableFolder: the disk is full or refuses.
    """
    line = SchoolLine(
        uai=order.uai, name=order.name, city=None, state=SchoolState.DONE, files=files
    )
    replace_file(order.folder / FILE_NAME, school_manifest(line, now))
