"""The academies of France and the departments they are made of."""

from typing import NamedTuple

from educonnect_admin.domain.names import name_key


class Academy(NamedTuple):
    """One academy (a rectorate): its code, its name, its departments."""

    code: str
    name: str
    departments: tuple[str, ...]


def _academy(code: str, name: str, departments: str) -> Academy:
    return Academy(code, name, tuple(departments.split()))


ACADEMIES: tuple[Academy, ...] = (
    _academy("01", "Paris", "75"),
    _academy("02", "Aix-Marseille", "04 05 13 84"),
    _academy("03", "Besançon", "25 39 70 90"),
    _academy("04", "Bordeaux", "24 33 40 47 64"),
    _academy("06", "Clermont-Ferrand", "03 15 43 63"),
    _academy("07", "Dijon", "21 58 71 89"),
    _academy("08", "Grenoble", "07 26 38 73 74"),
    _academy("09", "Lille", "59 62"),
    _academy("10", "Lyon", "01 42 69"),
    _academy("11", "Montpellier", "11 30 34 48 66"),
    _academy("12", "Nancy-Metz", "54 55 57 88"),
    _academy("13", "Poitiers", "16 17 79 86"),
    _academy("14", "Rennes", "22 29 35 56"),
    _academy("15", "Strasbourg", "67 68"),
    _academy("16", "Toulouse", "09 12 31 32 46 65 81 82"),
    _academy("17", "Nantes", "44 49 53 72 85"),
    _academy("18", "Orléans-Tours", "18 28 36 37 41 45"),
    _academy("19", "Reims", "08 10 51 52"),
    _academy("20", "Amiens", "02 60 80"),
    _academy("22", "Limoges", "19 23 87"),
    _academy("23", "Nice", "06 83"),
    _academy("24", "Créteil", "77 93 94"),
    _academy("25", "Versailles", "78 91 92 95"),
    _academy("27", "Corse", "2A 2B"),
    _academy("28", "La Réunion", "974"),
    _academy("31", "Martinique", "972"),
    # Saint-Barthélemy (977) and Saint-Martin (978) belong to Guadeloupe's academy.
    _academy("32", "Guadeloupe", "971 977 978"),
    _academy("33", "Guyane", "973"),
    _academy("40", "Nouvelle-Calédonie", "988"),
    _academy("41", "Polynésie française", "987"),
    _academy("42", "Wallis-et-Futuna", "986"),
    _academy("43", "Mayotte", "976"),
    _academy("44", "Saint-Pierre-et-Miquelon", "975"),
    _academy("70", "Normandie", "14 27 50 61 76"),
)

_BY_DEPARTMENT = {
    department: academy for academy in ACADEMIES for department in academy.departments
}
_BY_CODE = {academy.code: academy for academy in ACADEMIES}

_OVERSEAS_TIME_ZONES = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/Guadeloupe",
    "978": "America/Guadeloupe",
    "986": "Pacific/Wallis",
    # Tahiti for all of French Polynesia; a school of the Marquesas sets its own.
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}


def academy_of_department(department: str) -> Academy | None:
    """Return the academy of a department (`75`, `2A`, `974`), or nothing."""
    return _BY_DEPARTMENT.get(department)


def academy_by_code(code: str) -> Academy | None:
    """Return the academy of this two-digit code, or nothing."""
    return _BY_CODE.get(code)


def academy_called(text: str) -> Academy | None:
    """Return the academy that a code or a name means, whatever its accents and case."""
    key = name_key(text)
    named = (academy for academy in ACADEMIES if name_key(academy.name) == key)
    return academy_by_code(text.strip()) or next(named, None)


def time_zone_of_department(department: str) -> str:
    """Return the IANA name of the time zone in which a department lives."""
    return _OVERSEAS_TIME_ZONES.get(department, "Europe/Paris")
