"""Made-up exports of SIECLE, as long as wanted: a pair of pupils and guardians, of one collège.

The people are those of the other measurements; what stands around their names is as long as in
the real exports. Half of the links are of each generation, every tenth household has a third
adult who is no legal guardian, the eldest of every twentieth has left.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from benchmarks.french_names import Named
from benchmarks.households import SEED, Household, classes

UAI = "0140070A"
PUPILS, GUARDIANS = "ElevesSansAdresses.xml", "ResponsablesAvecAdresses.xml"
_FORMATIONS = ("10010012110", "10110001110", "10210001110", "10310019110")
_MANY = 10_000_000
_SAMPLE = 200
_LEAVE = 20
_HEAD = """<?xml version="1.0" encoding="ISO-8859-15"?>
<{root} VERSION="{version}">
  <PARAMETRES>
    <UAJ>{uai}</UAJ>
    <ANNEE_SCOLAIRE>2026</ANNEE_SCOLAIRE>
    <DATE_EXPORT>16/11/2026</DATE_EXPORT>
    <HORODATAGE>16/11/2026 09:45:58</HORODATAGE>
  </PARAMETRES>
  <DONNEES>
"""
_PUPIL = """      <ELEVE ELEVE_ID="{number}" ELENOET="{place}">
        <ID_NATIONAL>{ine}</ID_NATIONAL>
        <INE_RNIE>{ine}</INE_RNIE>
        <ELENOET>{place}</ELENOET>
        <ID_ELEVE_ETAB>{place:05d}140070</ID_ELEVE_ETAB>
        <NOM_DE_FAMILLE>{family}</NOM_DE_FAMILLE>
        <PRENOM>{given}</PRENOM>
        <DATE_NAISS>{day:02d}/{month:02d}/{year}</DATE_NAISS>
        <DOUBLEMENT>0</DOUBLEMENT>
        <CODE_PAYS>100</CODE_PAYS>
        <ACCEPTE_SMS>0</ACCEPTE_SMS>
        <DATE_MODIFICATION>02/09/2026</DATE_MODIFICATION>
{left}        <CODE_REGIME>24</CODE_REGIME>
        <DATE_ENTREE>01/09/2026</DATE_ENTREE>
        <VILLE_NAISS></VILLE_NAISS>
        <CODE_SEXE>{sex}</CODE_SEXE>
        <CODE_PAYS_NAT>100</CODE_PAYS_NAT>
        <CODE_STATUT>ST</CODE_STATUT>
        <CODE_MEF>{formation}</CODE_MEF>
        <CODE_DEPARTEMENT_NAISS>014</CODE_DEPARTEMENT_NAISS>
        <CODE_COMMUNE_INSEE_NAISS>14118</CODE_COMMUNE_INSEE_NAISS>
        <ADHESION_TRANSPORT>0</ADHESION_TRANSPORT>
        <CODE_PROVENANCE>1</CODE_PROVENANCE>
        <SCOLARITE_AN_DERNIER>
          <CODE_MEF>{formation}</CODE_MEF>
          <CODE_STRUCTURE>CM2 A</CODE_STRUCTURE>
          <CODE_RNE>0140001A</CODE_RNE>
          <CODE_NATURE>151</CODE_NATURE>
          <SIGLE>E.E.PU</SIGLE>
          <DENOM_PRINC>ECOLE ELEMENTAIRE PUBLIQUE</DENOM_PRINC>
          <DENOM_COMPL>JULES FERRY</DENOM_COMPL>
          <LIGNE1_ADRESSE>1 rue de la République</LIGNE1_ADRESSE>
          <BOITE_POSTALE></BOITE_POSTALE>
          <MEL>ce.0140001a@exemple.fr</MEL>
          <TELEPHONE>0199001234</TELEPHONE>
          <CODE_COMMUNE_INSEE>14118</CODE_COMMUNE_INSEE>
          <LL_COMMUNE_INSEE>CAEN</LL_COMMUNE_INSEE>
        </SCOLARITE_AN_DERNIER>
      </ELEVE>
"""
_OPTIONS = """      <OPTION ELEVE_ID="{number}" ELENOET="{place}">
        <OPTIONS_ELEVE>
          <NUM_OPTION>1</NUM_OPTION>
          <CODE_MODALITE_ELECT>O</CODE_MODALITE_ELECT>
          <CODE_MATIERE>030201</CODE_MATIERE>
        </OPTIONS_ELEVE>
        <OPTIONS_ELEVE>
          <NUM_OPTION>2</NUM_OPTION>
          <CODE_MODALITE_ELECT>O</CODE_MODALITE_ELECT>
          <CODE_MATIERE>030602</CODE_MATIERE>
        </OPTIONS_ELEVE>
      </OPTION>
"""
_STRUCTURE = """      <STRUCTURES_ELEVE ELEVE_ID="{number}" ELENOET="{place}">
        <STRUCTURE>
          <CODE_STRUCTURE>{label}</CODE_STRUCTURE>
          <TYPE_STRUCTURE>D</TYPE_STRUCTURE>
        </STRUCTURE>
        <STRUCTURE>
          <CODE_STRUCTURE>{label}GR1</CODE_STRUCTURE>
          <TYPE_STRUCTURE>G</TYPE_STRUCTURE>
        </STRUCTURE>
      </STRUCTURES_ELEVE>
"""
_PERSON = """      <PERSONNE PERSONNE_ID="{number}">
        <LC_CIVILITE>{civility}</LC_CIVILITE>
        <LL_CIVILITE>{long_civility}</LL_CIVILITE>
        <NOM_DE_FAMILLE>{family}</NOM_DE_FAMILLE>
        <PRENOM>{given}</PRENOM>
        <TEL_PERSONNEL>+33199001234</TEL_PERSONNEL>
        <TEL_PORTABLE>+336{number:08d}</TEL_PORTABLE>
        <ACCEPTE_SMS>1</ACCEPTE_SMS>
        <TEL_PROFESSIONNEL></TEL_PROFESSIONNEL>
        <MEL>parent{number}@exemple.fr</MEL>
        <COMMUNICATION_ADRESSE>1</COMMUNICATION_ADRESSE>
        <ADRESSE_ID>{home}</ADRESSE_ID>
        <CODE_PROFESSION>52</CODE_PROFESSION>
      </PERSONNE>
"""
_OLD_LINK = """      <RESPONSABLE_ELEVE>
        <ELEVE_ID>{child}</ELEVE_ID>
        <PERSONNE_ID>{person}</PERSONNE_ID>
        <RESP_LEGAL>{rank}</RESP_LEGAL>
        <CODE_PARENTE>{old_kinship}</CODE_PARENTE>
        <RESP_FINANCIER>0</RESP_FINANCIER>
        <PERS_PAIEMENT>0</PERS_PAIEMENT>
        <PERS_CONTACT>1</PERS_CONTACT>
      </RESPONSABLE_ELEVE>
"""
_NEW_LINK = """      <RESPONSABLE_ELEVE>
        <ELEVE_ID>{child}</ELEVE_ID>
        <PERSONNE_ID>{person}</PERSONNE_ID>
        <NIVEAU_RESPONSABILITE>{level}</NIVEAU_RESPONSABILITE>
        <CODE_PARENTE>{kinship}</CODE_PARENTE>
        <PAIE_FRAIS_SCOLAIRES>1</PAIE_FRAIS_SCOLAIRES>
        <PERCOIT_LES_AIDES>true</PERCOIT_LES_AIDES>
        <HEBERGE_ELEVE>true</HEBERGE_ELEVE>
        <A_CONTACTER_EN_PRIORITE>false</A_CONTACTER_EN_PRIORITE>
      </RESPONSABLE_ELEVE>
"""
_HOME = """      <ADRESSE ADRESSE_ID="{home}">
        <LIGNE1_ADRESSE>{street}</LIGNE1_ADRESSE>
        <LIGNE2_ADRESSE></LIGNE2_ADRESSE>
        <LIGNE3_ADRESSE></LIGNE3_ADRESSE>
        <LIGNE4_ADRESSE></LIGNE4_ADRESSE>
        <COMMUNE_ETRANGERE></COMMUNE_ETRANGERE>
        <CODE_POSTAL>{postcode}</CODE_POSTAL>
        <CODE_PAYS>100</CODE_PAYS>
        <CODE_COMMUNE_INSEE>14118</CODE_COMMUNE_INSEE>
        <LL_PAYS>FRANCE</LL_PAYS>
        <CODE_DEPARTEMENT>014</CODE_DEPARTEMENT>
        <LIBELLE_POSTAL>{city}</LIBELLE_POSTAL>
      </ADRESSE>
"""


class Town(NamedTuple):
    """The households of an export and what they come to."""

    households: list[Household]
    pupils: int
    left: int
    guardians: int
    links: int


def town_of(households: int, seed: int = SEED) -> Town:
    """Draw so many households."""
    drawn = (one for members in classes(_MANY, seed) for one in members)
    found = list(islice(drawn, households))
    pupils = sum(len(one.children) for one in found)
    adults = [_adults(one, at) for at, one in enumerate(found)]
    links = sum(len(some) * len(one.children) for some, one in zip(adults, found, strict=True))
    return Town(found, pupils, len(found[::_LEAVE]), sum(map(len, adults)), links)


def households_for(megabytes: float) -> int:
    """Return how many households fill a pair of files of so many millions of bytes."""
    some = town_of(_SAMPLE)
    size = sum(len(text) for part in (_pupils_file, _guardians_file) for text in part(some))
    return int(_SAMPLE * megabytes * 1e6 / size)


def write_pair(folder: Path, town: Town) -> tuple[Path, Path]:
    """Write both files, as SIECLE does: what its encoding lacks becomes a question mark."""
    return (
        _write(folder / PUPILS, _pupils_file(town)),
        _write(folder / GUARDIANS, _guardians_file(town)),
    )


def _write(path: Path, texts: Iterable[str]) -> Path:
    with path.open("w", encoding="iso-8859-15", errors="replace", newline="") as file:
        file.writelines(texts)
    return path


def _pupils_file(town: Town) -> Iterator[str]:
    yield _HEAD.format(root="BEE_ELEVES", version="3.0", uai=UAI)
    for section, text in (("ELEVES", _PUPIL), ("OPTIONS", _OPTIONS), ("STRUCTURES", _STRUCTURE)):
        yield from _section(section, town, partial(_children, text))
    yield "    <BOURSES />\n    <ADRESSES>\n    </ADRESSES>\n  </DONNEES>\n</BEE_ELEVES>\n"


def _guardians_file(town: Town) -> Iterator[str]:
    yield _HEAD.format(root="BEE_RESPONSABLES", version="2.1", uai=UAI)
    yield from _section("PERSONNES", town, _persons)
    yield from _section("RESPONSABLES", town, _links)
    yield from _section("ADRESSES", town, _home)
    yield "  </DONNEES>\n</BEE_RESPONSABLES>\n"


def _section(
    tag: str, town: Town, write: Callable[[int, Household], Iterable[str]]
) -> Iterator[str]:
    yield f"    <{tag}>\n"
    for at, household in enumerate(town.households):
        yield from write(at, household)
    yield f"    </{tag}>\n"


def _number(at: int, place: int) -> int:
    return 10 * at + place + 1


def _adults(household: Household, at: int) -> tuple[Named, ...]:
    """Return the adults; every tenth household has one more, who is no legal guardian."""
    other = household.adults[0]._replace(given="Dominique", family="AUTRE")
    return (*household.adults, other) if at % 10 == 0 else household.adults


def _children(text: str, at: int, household: Household) -> Iterator[str]:
    for place, child in enumerate(household.children):
        number = _number(at, place)
        level = (at + place) % len(_FORMATIONS)
        left = "        <DATE_SORTIE>01/11/2026</DATE_SORTIE>\n"
        yield text.format(
            number=1_000_000 + number,
            place=number,
            ine=f"{number:09d}AB",
            family=escape(child.family),
            given=escape(child.given),
            day=1 + number % 28,
            month=1 + number % 12,
            year=2015 - level,
            left=left if at % _LEAVE == place == 0 else "",
            sex=2 if child.woman else 1,
            formation=_FORMATIONS[level],
            label=f"{6 - level}{chr(65 + at % 8)}",
        )


def _persons(at: int, household: Household) -> Iterator[str]:
    for place, adult in enumerate(_adults(household, at)):
        yield _PERSON.format(
            number=_number(at, place),
            civility="MME" if adult.woman else "M.",
            long_civility="MADAME" if adult.woman else "MONSIEUR",
            family=escape(adult.family),
            given=escape(adult.given),
            home=500_000 + at,
        )


def _links(at: int, household: Household) -> Iterator[str]:
    for child in range(len(household.children)):
        for place, adult in enumerate(_adults(household, at)):
            is_legal = place < len(household.adults)
            yield (_OLD_LINK, _NEW_LINK)[at % 2].format(
                child=1_000_000 + _number(at, child),
                person=_number(at, place),
                rank=place + 1 if is_legal else 0,
                level=1 if is_legal else 3,
                kinship=10 if adult.woman else 20,
                old_kinship=1,
            )


def _home(at: int, household: Household) -> Iterator[str]:
    yield _HOME.format(
        home=500_000 + at,
        street=escape(household.street),
        postcode=household.postcode,
        city=escape(household.city),
    )
