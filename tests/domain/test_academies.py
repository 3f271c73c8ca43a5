"""The academies, against the State's own table copied here."""

from zoneinfo import available_timezones

from educonnect_admin.domain.academies import (
    ACADEMIES,
    academy_by_code,
    academy_of_department,
    time_zone_of_department,
)

TABLE = """
01;Paris;75
02;Aix-Marseille;04 05 13 84
03;Besançon;25 39 70 90
04;Bordeaux;24 33 40 47 64
06;Clermont-Ferrand;03 15 43 63
07;Dijon;21 58 71 89
08;Grenoble;07 26 38 73 74
09;Lille;59 62
10;Lyon;01 42 69
11;Montpellier;11 30 34 48 66
12;Nancy-Metz;54 55 57 88
13;Poitiers;16 17 79 86
14;Rennes;22 29 35 56
15;Strasbourg;67 68
16;Toulouse;09 12 31 32 46 65 81 82
17;Nantes;44 49 53 72 85
18;Orléans-Tours;18 28 36 37 41 45
19;Reims;08 10 51 52
20;Amiens;02 60 80
22;Limoges;19 23 87
23;Nice;06 83
24;Créteil;77 93 94
25;Versailles;78 91 92 95
27;Corse;2A 2B
28;La Réunion;974
31;Martinique;972
32;Guadeloupe;971 977 978
33;Guyane;973
40;Nouvelle-Calédonie;988
41;Polynésie française;987
42;Wallis-et-Futuna;986
43;Mayotte;976
44;Saint-Pierre-et-Miquelon;975
70;Normandie;14 27 50 61 76
"""
"""Code, name, departments; Saint-Barthélemy and Saint-Martin are Guadeloupe's."""


def test_the_table_is_the_states() -> None:
    """Thirty-four academies, each with its own departments."""
    told = [f"{a.code};{a.name};{' '.join(a.departments)}" for a in ACADEMIES]

    assert told == TABLE.split("\n")[1:-1]
    assert len(told) == 34


def test_every_department_has_one_academy() -> None:
    """105 departments and the two islands beside Guadeloupe, none twice, none missing."""
    departments = [department for academy in ACADEMIES for department in academy.departments]
    mainland = {f"{n:02}" for n in range(1, 96)} - {"20"} | {"2A", "2B"}
    overseas = {"971", "972", "973", "974", "975", "976", "986", "987", "988"}

    assert len(departments) == len(set(departments)) == 107
    assert set(departments) == mainland | overseas | {"977", "978"}
    assert len(mainland | overseas) == 105


def test_an_academy_is_found_both_ways() -> None:
    """By its code, by one of its departments; what does not exist is nothing."""
    for academy in ACADEMIES:
        assert academy_by_code(academy.code) == academy
        assert {academy_of_department(one) for one in academy.departments} == {academy}
    assert academy_by_code("05") is None
    assert academy_of_department("20") is None


def test_overseas_lives_by_its_own_clock() -> None:
    """Paris for the mainland and Corsica, a zone of its own for every other department."""
    zones = {one: time_zone_of_department(one) for a in ACADEMIES for one in a.departments}

    assert {zone for one, zone in zones.items() if len(one) == 2} == {"Europe/Paris"}
    assert "Europe/Paris" not in {zone for one, zone in zones.items() if len(one) == 3}
    assert set(zones.values()) <= available_timezones()
