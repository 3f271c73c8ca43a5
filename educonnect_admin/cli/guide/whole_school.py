"""Whether the classes that the files do not name are gone: asked, never guessed (R-60)."""

from dataclasses import replace

from educonnect_admin.cli.guide.person import confirm
from educonnect_admin.cli.guide.planning import school_of
from educonnect_admin.cli.guide.visit import Answers, Visit

MOST_NAMED = 6


def ask_whole_school(visit: Visit, answers: Answers) -> Answers:
    """Ask about the classes that the files of pupils do not name; nothing to ask if none is."""
    missing = _classes_left_out(visit, answers)
    if not missing:
        return replace(answers, whole_school=False)
    named = ", ".join(f"«{label}»" for label in missing[:MOST_NAMED])
    more = f" et {len(missing) - MOST_NAMED} de plus" if len(missing) > MOST_NAMED else ""
    visit.person.tell()
    visit.person.tell(
        f"L'école a aussi des élèves en {named}{more}, et vos fichiers n'en parlent pas. Si vos "
        "fichiers ne sont que ceux de quelques classes, répondez n : personne n'y est touché. "
        "S'ils sont ceux de toute l'école, répondez o : ces élèves-là sont partis."
    )
    whole = confirm(visit.person, "Ces fichiers sont-ils ceux de toute l'école ?", default=False)
    return replace(answers, whole_school=whole)


def _classes_left_out(visit: Visit, answers: Answers) -> list[str]:
    from educonnect_admin.office.importing.likeness import key
    from educonnect_admin.queries.schools import school_by_uai
    from educonnect_admin.queries.subjects import classes_and_levels

    rows = [row for reading in answers.readings for row in reading.pupils]
    if not rows or school_of(answers).is_new:
        return []
    named = {key(row.class_label) for row in rows}
    with visit.services.reading() as session:
        school = school_by_uai(session, school_of(answers).uai)
        known = classes_and_levels(session, school.id)
    return sorted(label for _, label, _ in known if label and key(label) not in named)
