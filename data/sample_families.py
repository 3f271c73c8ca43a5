"""The families that have a reason to be there, each one a case that registers get wrong."""

from datetime import date

from sample_people import CHARLEMAGNE, CURIE, Adult, Child, Town


def settle(town: Town) -> None:
    """Let every special family into the town."""
    for family in (
        _lambert, _martin, _bernard, _dupont, _petit, _moreau, _rousseau, _fontaine, _traore,
        _accents, _nguyen, _longest, _contacts, _strangers, _curie_only,
    ):  # fmt: skip
        family(town)


def _c(  # noqa: PLR0917 (a child reads as a line of a register)
    label: str, level: str, family: str, given: str, sex: str, birth: date, **more: object
) -> Child:
    return Child(family, given, sex, birth, level, label, CHARLEMAGNE, **more)  # type: ignore[arg-type]


def _m(  # noqa: PLR0917 (the same)
    label: str, level: str, family: str, given: str, sex: str, birth: date, **more: object
) -> Child:
    return Child(family, given, sex, birth, level, label, CURIE, **more)  # type: ignore[arg-type]


def _lambert(town: Town) -> None:
    """Twins: same surname, date, class, parents and address; the boy and girl are Curie's."""
    twins = [
        _c("CE1", "CE1", "LAMBERT", name, "F", date(2017, 5, 9)) for name in ("Léonie", "Louison")
    ]
    town.add(
        twins,
        _adult("MME", "LAMBERT", "Pauline", "14 rue des Tilleuls", "pauline.lambert@example.fr",
               "06 12 40 11 01"),
        _adult("M.", "LAMBERT", "Gilles", "14 rue des Tilleuls", "gilles.lambert@example.fr",
               "06 12 40 11 02"),
    )  # fmt: skip
    town.add(
        [
            _m("CP", "CP", "HAMIDI", "Nour", "F", date(2018, 2, 28)),
            _m("CP", "CP", "HAMIDI", "Ilyes", "M", date(2018, 2, 28)),
        ],
        _adult("Mme", "HAMIDI", "Leïla", "8 rue Pasteur", "leila.hamidi@example.org",
               "07 61 22 33 44"),
    )  # fmt: skip


def _martin(town: Town) -> None:
    """Homonyms in one class: no row of a guardian can tell which Emma is meant."""
    first = _c("CP A", "CP", "MARTIN", "Emma", "F", date(2018, 3, 14))
    second = _c("CP A", "CP", "MARTIN", "Emma", "F", date(2018, 11, 2))
    town.add([first], _adult("MME", "MARTIN", "Sophie", "3 rue du Moulin",
                             "sophie.martin@example.fr", "06 12 40 12 01"))  # fmt: skip
    town.add([second], _adult("M.", "MARTIN", "Olivier", "77 rue Jean-Jaurès",
                              "olivier.martin@example.org", "06 12 40 12 02"))  # fmt: skip


def _bernard(town: Town) -> None:
    """Homonyms in two classes: the class tells them apart."""
    town.add([_c("CE2", "CE2", "BERNARD", "Lucas", "M", date(2016, 6, 21))],
             _adult("MME", "BERNARD", "Claudine", "5 place du Marché",
                    "claudine.bernard@example.fr", "06 12 40 13 01"))  # fmt: skip
    town.add([_c("CM2", "CM2", "BERNARD", "Lucas", "M", date(2014, 1, 30))],
             _adult("M.", "BERNARD", "Étienne", "41 chemin du Canal",
                    "etienne.bernard@example.org", "06 12 40 13 02"))  # fmt: skip


def _dupont(town: Town) -> None:
    """Father and son of one name, both guardians of the grandson, two homes, two mobiles."""
    town.add(
        [_c("CM1", "CM1", "DUPONT", "Théo", "M", date(2015, 9, 3))],
        _adult("M.", "DUPONT", "Jean", "20 boulevard Victor-Hugo", "jean.dupont@example.fr",
               "06 12 40 14 01"),
        _adult("M.", "DUPONT", "Jean", "2 impasse des Lilas", "jean.dupont.pere@example.org",
               "06 12 40 14 02"),
    )  # fmt: skip


def _petit(town: Town) -> None:
    """A couple that shares one mobile and one e-mail."""
    shared = ("famille.petit@example.fr", "06 12 40 15 01")
    town.add(
        [_c("CP B", "CP", "PETIT", "Maxence", "M", date(2018, 7, 19))],
        _adult("MME", "PETIT", "Claire", "9 rue de l'Église", *shared),
        _adult("M.", "PETIT", "Marc", "9 rue de l'Église", *shared),
    )
    other = ("les.vidalin@example.org", "0612401502")
    town.add(
        [_m("CM1", "CM1", "VIDALIN", "Ophélie", "F", date(2015, 4, 4))],
        _adult("Mme", "VIDALIN", "Brigitte", "1 rue des Écoles", *other),
        _adult("Mme", "SORIANO", "Carmen", "1 rue des Écoles", *other),
    )


def _moreau(town: Town) -> None:
    """Separated parents, two homes; the father's postcode has lost its zero."""
    town.add(
        [_c("CE1-CE2", "CE2", "MOREAU", "Hugo", "M", date(2016, 10, 10))],
        _adult("MME", "GIRARD", "Isabelle", "33 rue des Tilleuls", "isabelle.girard@example.fr",
               "06 12 40 16 01"),
        Adult("M.", "MOREAU", "Olivier", "6 rue Lamartine", "1000", "Bourg-en-Bresse",
              email="olivier.moreau@example.org", mobile="06 12 40 16 02"),
    )  # fmt: skip


def _rousseau(town: Town) -> None:
    """Siblings over three classes; the school writes one of them without her accents."""
    town.add(
        [
            _c("CP A", "CP", "ROUSSEAU", "Éléonore", "F", date(2018, 8, 1),
               mention=("ROUSSEAU", "ELEONORE")),
            _c("CE2", "CE2", "ROUSSEAU", "Achille", "M", date(2016, 2, 17)),
            _c("CM2", "CM2", "ROUSSEAU", "Bérénice", "F", date(2014, 12, 24)),
        ],
        _adult("MME", "ROUSSEAU", "Florence", "52 avenue de la République",
               "florence.rousseau@example.fr", "+33 6 12 40 17 01"),
        _adult("M.", "ROUSSEAU", "Tristan", "52 avenue de la République",
               "tristan.rousseau@example.fr", "+33 (0)6 12 40 17 02"),
    )  # fmt: skip


def _fontaine(town: Town) -> None:
    """Siblings over both schools: one person, known to both by the same contacts."""
    town.add(
        [
            _c("CP B", "CP", "FONTAINE", "Basile", "M", date(2018, 1, 25)),
            _m("CM2", "CM2", "FONTAINE", "Violette", "F", date(2014, 5, 6)),
        ],
        _adult("MME", "FONTAINE", "Nathalie", "18 allée des Érables",
               "nathalie.fontaine@example.fr", "06 12 40 18 01"),
        _adult("M.", "FONTAINE", "Hervé", "18 allée des Érables", "herve.fontaine@example.fr",
               "06.12.40.18.02"),
    )  # fmt: skip


def _traore(town: Town) -> None:
    """Four children in one school, one more than the headings have blocks for."""
    town.add(
        [
            _c("CP A", "CP", "TRAORÉ", "Aminata", "F", date(2018, 4, 12)),
            _c("CE1", "CE1", "TRAORÉ", "Moussa", "M", date(2017, 1, 8)),
            _c("CM1", "CM1", "TRAORÉ", "Fatoumata", "F", date(2015, 11, 30)),
            _c("CM2", "CM2", "TRAORÉ", "Seydou", "M", date(2014, 7, 7)),
        ],
        _adult("MME", "TRAORÉ", "Mariam", "101 boulevard Victor-Hugo",
               "mariam.traore@example.fr", "07 81 40 19 01"),
    )  # fmt: skip


def _accents(town: Town) -> None:
    """Apostrophes of both shapes, a ligature, and a number that is not of the mainland."""
    town.add([_c("CE1", "CE1", "N'DIAYE", "Awa", "F", date(2017, 8, 15))],
             _adult("MME", "N'DIAYE", "Khady", "60 rue Pasteur", "khady.ndiaye@example.fr",
                    "06 12 40 20 01"))  # fmt: skip
    town.add([_c("CE2", "CE2", "D’ANGELO", "Matteo", "M", date(2016, 3, 3))],
             _adult("M.", "D’ANGELO", "Fabio", "61 rue Pasteur", "fabio.dangelo@example.org",
                    "06 12 40 20 02"))  # fmt: skip
    town.add([_c("CM1", "CM1", "ŒUVRARD", "Cœlia", "F", date(2015, 6, 18))],
             _adult("MME", "ŒUVRARD", "Solène", "62 rue Pasteur", "solene.oeuvrard@example.fr",
                    "06 12 40 20 03"))  # fmt: skip
    town.add([_c("CE2", "CE2", "PAYET", "Anaëlle", "F", date(2016, 2, 29))],
             _adult("MME", "PAYET", "Marie-Josée", "63 rue Pasteur",
                    "marie-josee.payet@example.org", "0692 12 34 56"))  # fmt: skip


def _nguyen(town: Town) -> None:
    """One mother, spelt by each school as its file can: cp1252 has no `ễ`."""
    contact = ("thi-mai.nguyen@example.fr", "06 12 40 21 01")
    street = "25 rue des Écoles"
    town.add([_c("CE1-CE2", "CE1", "NGUYEN", "Minh", "M", date(2017, 9, 22))],
             _adult("MME", "NGUYEN", "Thi Mai", street, *contact))  # fmt: skip
    town.add([_m("CE1", "CE1", "NGUYỄN", "Thùy Linh", "F", date(2017, 9, 22))],
             _adult("Mme", "NGUYỄN", "Thị Mai", street, *contact))  # fmt: skip


def _longest(town: Town) -> None:
    """The longest name a letter must hold."""
    family = "de La Rochefoucauld-Montmorency"
    town.add(
        [_c("CM2", "CM2", family, "Anne-Apolline Marie-Clémence", "F", date(2014, 10, 5))],
        Adult("MME", "VAN DEN BROECKE-CASTELNAU", "Marie-Élisabeth Anne-Sophie",
              "Résidence du Parc Saint-Maur, bâtiment C, 128 avenue de la République", "59110",
              "La Madeleine", usage=f"{family} Saint-Exupéry",
              email="marie-elisabeth.de-la-rochefoucauld@example.fr", mobile="06 12 40 22 01"),
    )  # fmt: skip


def _contacts(town: Town) -> None:
    """Contacts as they come: none, half, without their zero, or wrong."""
    street = "12 rue du Moulin"
    for label, level, name, given, email, mobile in (
        ("CP A", "CP", "MESSAOUDI", "Yasmina", "", "06 12 40 23 01"),
        ("CP B", "CP", "LENOIR", "Joëlle", "", ""),
        ("CE1", "CE1", "KOWALSKI", "Barbara", "barbara.kowalski@example.fr", "612402303"),
        ("CE2", "CE2", "ROCHER", "Sylvie", "sylvie.rocher(arobase)example.fr", "06 12 40 23 04"),
        ("CM1", "CM1", "TANGUY", "Maryse", "maryse.tanguy@example.fr", "0612"),
    ):
        child = _c(label, level, name, "Camille", "F", town.birth(level))
        town.add([child], _adult("MME", name, given, street, email, mobile))
    bad = _c("CM2", "CM2", "COSTA", "Diego", "M", date(2014, 8, 8), ine="1111111111A")
    town.add([bad], _adult("M.", "COSTA", "Rui", "70 rue Pasteur", "rui.costa@example.org",
                           "06 12 40 23 06"))  # fmt: skip
    none = _c("CM2", "CM2", "OKAFOR", "Grace", "F", date(2014, 3, 21), ine="-")
    town.add([none], _adult("MME", "OKAFOR", "Blessing", "71 rue Pasteur",
                            "blessing.okafor@example.org", "06 12 40 23 07"))  # fmt: skip


def _strangers(town: Town) -> None:
    """Guardians none of whose children is in the file: one in each school."""
    gone = _c("CE1", "CE1", "ABSENT", "Côme", "M", date(2017, 1, 1))
    left = _m("CE2", "CE2", "ABSENT", "Zélie", "F", date(2016, 1, 1))
    town.add([], Adult("MME", "QUERCY", "Odile", "90 rue Jean-Jaurès", children=[gone],
                       email="odile.quercy@example.fr", mobile="06 12 40 24 01"))  # fmt: skip
    town.add([], Adult("Mme", "RIBEAUVILLÉ", "Solange", "91 rue Pasteur",
                       children=[left], email="solange.ribeauville@example.fr",
                       mobile="06 12 40 24 02"))  # fmt: skip


def _curie_only(town: Town) -> None:
    """Curie's own: two names, a class whose kind is nobody's business, odd telephones."""
    town.add([_m("CE2", "CE2", "MARCHESI", "Flavie", "F", date(2016, 9, 9),
                 usage="MARCHESI-LEDUC")],
             _adult("Mme", "LEDUC", "Coralie", "4 rue Pasteur", "coralie.leduc@example.fr",
                    "07 12 34 56 78"))  # fmt: skip
    town.add([_m("ULIS TSA", "CLIS", "BARBOSA", "Tiago", "M", date(2016, 5, 5))],
             _adult("M.", "BARBOSA", "Paulo", "5 rue Pasteur", "paulo.barbosa@example.org",
                    "03 20 55 66 77"))  # fmt: skip
    town.add([], Adult("M.", "WALLON", "Édouard", "6 rue Pasteur", schools=(CURIE,),
                       email="edouard.wallon@example.fr", mobile="06 12 40 25 03"))  # fmt: skip


def _adult(  # noqa: PLR0917 (the same)
    civility: str, family: str, given: str, street: str, email: str, mobile: str
) -> Adult:
    return Adult(civility, family, given, street, email=email, mobile=mobile)
