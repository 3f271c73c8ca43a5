"""Comparing a folder with its manifest: what is gone, changed, or was never put there.

A link is never followed: what it leads to was not put there by us.
"""

import hashlib
import os
import re
import stat
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from educonnect_admin.domain.campaigns import FileMade
from educonnect_admin.domain.errors import InvalidUAI
from educonnect_admin.domain.manifest_errors import BadManifest, NoManifest
from educonnect_admin.domain.uai import parse_uai
from educonnect_admin.letters.manifest import (
    FILE_NAME,
    CampaignManifest,
    ListedSchool,
    SchoolManifest,
)
from educonnect_admin.letters.manifest_findings import Fault, Finding, Verified
from educonnect_admin.letters.manifest_reading import read_manifest

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_PART = ".part"
# Made by a campaign, by its name: a PDF of a batch, or a manifest that was being written.
_MADE = re.compile(rf"lot-[0-9]{{6,}}-.*\.pdf(\.part)?|{re.escape(FILE_NAME)}\.part")


def verify_folder(folder: Path) -> Verified:
    """Compare a school's or a campaign's folder with its manifests, and read every file.

    A campaign that has not come to its end has no manifest of its own yet: the schools that
    are there are looked at all the same. A school that it began and did not finish has none
    either: it is told from what is not a campaign's by the name of its folder.

    Raises:
        NoManifest: neither the folder nor one in it has a manifest, and none is that of a school
            which a campaign began.
        BadManifest: the folder's own can't be relied on.
        OSError: the disk does not let itself be read.
    """
    look = _Look(folder.resolve())
    entries = _entries(look.root)
    if FILE_NAME not in entries and _is_begun(look.root, entries):
        look.schools = 1
        look.begun(look.root, entries)
    elif FILE_NAME not in entries:
        look.schools_alone(entries)
    elif look.is_plain_file(entries[FILE_NAME]):
        content = (look.root / FILE_NAME).read_bytes()
        match read_manifest(content, look.root / FILE_NAME):
            case SchoolManifest() as manifest:
                look.schools = 1
                look.school(look.root, entries, manifest)
            case CampaignManifest() as manifest:
                look.campaign(entries, manifest)
    return look.result()


@dataclass(slots=True)
class _Look:
    """One look at a folder; collects what it meets."""

    root: Path
    schools: int = 0
    letters: int = 0
    intact: list[Path] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def result(self) -> Verified:
        """Return what was met."""
        return Verified(
            schools=self.schools,
            intact=self.intact,
            letters=self.letters,
            findings=self.findings,
        )

    def _fault(self, fault: Fault, path: str | Path, files: int = 1) -> None:
        self.findings.append(Finding(fault, Path(path).relative_to(self.root), files))

    def schools_alone(self, entries: Mapping[str, os.DirEntry[str]]) -> None:
        """Look at schools whose campaign has no manifest, or not yet."""
        folders = [entry for entry in entries.values() if entry.is_dir(follow_symlinks=False)]
        inside = {entry.name: _entries(entry) for entry in folders}
        known = [name for name, found in inside.items() if FILE_NAME in found]
        begun = [name for name, found in inside.items() if _is_begun(self.root / name, found)]
        if not known and not any(map(inside.get, begun)):
            raise NoManifest(self.root)
        self._fault(Fault.NO_MANIFEST, self.root / FILE_NAME)
        self._mode(self.root)
        self.schools = len(known) + len(begun)
        for name in known:
            self._school_folder(self.root / name, inside[name], None)
        for name in begun:
            self.begun(self.root / name, inside[name])

    def campaign(self, entries: Mapping[str, os.DirEntry[str]], manifest: CampaignManifest) -> None:
        """Look at every school of a campaign, and at what lies beside them."""
        self._mode(self.root)
        self.schools = len(manifest.schools)
        for school in manifest.schools:
            self._listed_school(school, entries.get(school.folder))
        listed = {FILE_NAME, *(school.folder for school in manifest.schools)}
        for name, entry in entries.items():
            if name in manifest.beside:
                self.is_plain_file(entry)
            elif name not in listed:
                self._beside(entry)

    def _beside(self, entry: os.DirEntry[str]) -> None:
        """Look at what the campaign does not list: a school that it did not finish, or a stranger.

        A kill may have come between the manifest of a school and that of the campaign.
        """
        if not entry.is_dir(follow_symlinks=False):
            self._extra(entry)
            return
        folder = self.root / entry.name
        inside = _entries(folder)
        if FILE_NAME in inside and _bears_uai(folder):
            self.schools += 1
            self._fault(Fault.NOT_FINISHED, folder, _pdfs(inside))
            self._school_folder(folder, inside, None)
        elif _is_begun(folder, inside):
            self.schools += 1
            self.begun(folder, inside)
        else:
            self._extra(entry)

    def begun(self, folder: Path, entries: Mapping[str, os.DirEntry[str]]) -> None:
        """Look at a school that was begun: its campaign writes its manifest when it resumes."""
        self._fault(Fault.NOT_FINISHED, folder, _pdfs(entries))
        self._mode(folder)
        for entry in entries.values():
            if entry.name.endswith(_PART) or not _MADE.fullmatch(entry.name):
                self._extra(entry)
            else:
                self.is_plain_file(entry)

    def _listed_school(self, school: ListedSchool, entry: os.DirEntry[str] | None) -> None:
        path = self.root / school.folder
        if entry is None:
            self._fault(Fault.SCHOOL_GONE, path / FILE_NAME, school.files)
        elif not entry.is_dir(follow_symlinks=False):
            self._fault(Fault.REPLACED, path)
        else:
            self._school_folder(path, _entries(path), school)

    def _school_folder(
        self, folder: Path, entries: Mapping[str, os.DirEntry[str]], listed: ListedSchool | None
    ) -> None:
        """Look at a school by its own manifest, if that is the one the campaign knows."""
        path = folder / FILE_NAME
        if listed and FILE_NAME not in entries:
            fault = Fault.NO_MANIFEST if entries else Fault.SCHOOL_GONE
            self._fault(fault, path, listed.files)
            return
        if not self.is_plain_file(entries[FILE_NAME]):
            return
        content = path.read_bytes()
        is_known = listed is None or hashlib.sha256(content).hexdigest() == listed.sha256
        manifest = _school_manifest(content, path)
        if manifest is None or not is_known:
            self._fault(Fault.BAD_MANIFEST, path)
        if manifest is not None:
            self.school(folder, entries, manifest)

    def school(
        self, folder: Path, entries: Mapping[str, os.DirEntry[str]], manifest: SchoolManifest
    ) -> None:
        """Look at every file of one school."""
        self._mode(folder)
        for file in manifest.files:
            if file.name in entries:
                self._file(entries[file.name], file)
            else:
                self._fault(Fault.MISSING, folder / file.name)
        listed = {FILE_NAME, *(file.name for file in manifest.files)}
        for name, entry in entries.items():
            if name not in listed:
                self._extra(entry)

    def _file(self, entry: os.DirEntry[str], file: FileMade) -> None:
        if not self.is_plain_file(entry):
            return
        digest, size = _digest(entry.path)
        if digest == file.sha256 and file.size in {None, size}:
            self.intact.append(Path(entry.path).relative_to(self.root))
            self.letters += file.letters
        else:
            self._fault(Fault.ALTERED, entry.path)

    def is_plain_file(self, entry: os.DirEntry[str]) -> bool:
        """Tell a file from what only bears its name, and note which it is."""
        if not entry.is_file(follow_symlinks=False):
            self._fault(Fault.REPLACED, entry.path)
            return False
        self._mode(entry.path)
        return True

    def _extra(self, entry: os.DirEntry[str]) -> None:
        if entry.is_symlink():
            self._fault(Fault.LINK, entry.path)
        elif entry.name.endswith(_PART):
            self._fault(Fault.UNFINISHED, entry.path)
        else:
            self._fault(Fault.UNLISTED, entry.path)

    def _mode(self, path: str | Path) -> None:
        # Elsewhere the bits of a mode mean nothing.
        if os.name == "posix" and os.lstat(path).st_mode & _OTHERS:
            self._fault(Fault.WIDE, path)


def _bears_uai(folder: Path) -> bool:
    try:
        return parse_uai(folder.name) == folder.name
    except InvalidUAI:
        return False


def _is_begun(folder: Path, entries: Collection[str]) -> bool:
    """Tell the folder of a school without manifest: empty, or with something a campaign made."""
    if FILE_NAME in entries or not _bears_uai(folder):
        return False
    return not entries or any(map(_MADE.fullmatch, entries))


def _pdfs(entries: Collection[str]) -> int:
    return sum(name.endswith(".pdf") for name in entries)


def _entries(folder: Path | os.DirEntry[str]) -> dict[str, os.DirEntry[str]]:
    with os.scandir(folder) as found:
        return {entry.name: entry for entry in sorted(found, key=lambda entry: entry.name)}


def _school_manifest(content: bytes, path: Path) -> SchoolManifest | None:
    try:
        manifest = read_manifest(content, path)
    except BadManifest:
        return None
    return manifest if isinstance(manifest, SchoolManifest) else None


def _digest(path: str) -> tuple[str, int]:
    """Return the SHA-256 and the size of a file, read piece by piece, never through a link."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(descriptor, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return digest, file.tell()
