"""Folders of letters that others see: known by their names, their marks, their modes."""

from pathlib import Path

import pytest

from educonnect_admin.office.printing.exposed_folder import Exposed, Exposure, exposures_of

SYNCHRONISED = Exposure.SYNCHRONISED


def services_of(folder: Path) -> list[str]:
    """Return who copies a folder."""
    return [one.what for one in exposures_of(folder) if one.how is SYNCHRONISED]


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("OneDrive/courriers", "OneDrive"),
        ("OneDrive - Académie de Caen/Documents/courriers", "OneDrive"),
        ("Dropbox/courriers", "Dropbox"),
        ("Dropbox (École)/courriers", "Dropbox"),
        ("Nextcloud/courriers", "Nextcloud"),
        ("nextcloud2/a/b/c", "Nextcloud"),
        ("Google Drive/Mon Drive/courriers", "Google Drive"),
        ("GoogleDrive-ecole@example.fr/x", "Google Drive"),
        ("Library/Mobile Documents/com~apple~CloudDocs/courriers", "iCloud"),
        ("iCloudDrive/courriers", "iCloud"),
        ("kDrive/courriers", "kDrive"),
        ("Library/CloudStorage/Autre/courriers", "CloudStorage"),
    ],
)
def test_well_known_names(tmp_path: Path, path: str, service: str) -> None:
    """Whether the folder is there already or is to be made."""
    assert service in services_of(tmp_path / path)


@pytest.mark.parametrize(
    "path", ["courriers", "Boxe/courriers", "onedrivers", "Documents/Dropboxes", "box-mails"]
)
def test_other_names_are_no_trouble(tmp_path: Path, path: str) -> None:
    """A name that only resembles one of theirs."""
    assert services_of(tmp_path / path) == []


@pytest.mark.parametrize(
    ("mark", "service"),
    [
        (".dropbox.cache", "Dropbox"),
        (".nextcloudsync.log", "Nextcloud"),
        (".stfolder", "Syncthing"),
    ],
)
def test_marks_tell_whatever_the_name(tmp_path: Path, mark: str, service: str) -> None:
    """What the client leaves in the top folder, under whatever name somebody gave it."""
    (tmp_path / mark).mkdir()

    assert services_of(tmp_path / "école" / "courriers") == [service]


def test_a_link_into_a_synchronised_folder(tmp_path: Path) -> None:
    """What counts is where the files lie."""
    (tmp_path / "OneDrive").mkdir()
    (tmp_path / "courriers").symlink_to(tmp_path / "OneDrive")

    assert services_of(tmp_path / "courriers" / "2026") == ["OneDrive"]


@pytest.mark.parametrize(
    ("mode", "how"),
    [
        (0o700, []),
        (0o750, []),
        (0o755, [Exposure.READABLE]),
        (0o777, [Exposure.WRITABLE]),
        (0o1777, [Exposure.READABLE]),
    ],
)
def test_what_the_mode_allows(tmp_path: Path, mode: int, how: list[Exposure]) -> None:
    """A sticky folder (`/tmp`) lets nobody remove what is another's."""
    folder = tmp_path / "courriers"
    folder.mkdir()
    folder.chmod(mode)

    assert exposures_of(folder) == [Exposed(one) for one in how]


def test_a_folder_to_be_made_is_for_its_owner(tmp_path: Path) -> None:
    """It is made with mode 700, whatever leads to it."""
    tmp_path.chmod(0o755)

    assert exposures_of(tmp_path / "courriers") == []
