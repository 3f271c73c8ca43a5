"""What a question of the queue keeps for the person who will answer it (R-60).

Names are kept, for without them nobody could answer; no date, no contact.
"""

import json
from collections.abc import Sequence

from educonnect_admin.office.importing.roster_plan import Question


def details_of(question: Question, candidates: Sequence[int]) -> str:
    """Return the JSON of a question: the guardian, the children named, the candidates' ids."""
    facts = question.facts
    return json.dumps(
        {
            "guardian": {
                "civility": facts.civility,
                "family_name": facts.family_name,
                "usage_name": facts.usage_name,
                "given_name": facts.given_name,
            },
            "children": [
                {
                    "family_name": child.family_name,
                    "usage_name": child.usage_name,
                    "given_name": child.given_name,
                    "class": child.class_label,
                }
                for child in question.children
            ],
            "candidates": sorted(candidates),
            "refused_row": question.refused_row,
        },
        ensure_ascii=False,
    )
