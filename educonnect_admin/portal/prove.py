"""`/inscription/code`, `/inscription/enfants`: the proofs, by SMS and by FranceConnect (§2.2.4)."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from educonnect_admin.domain.delays import CODE_LIFE
from educonnect_admin.parents.proofs import (
    DatesGiven,
    GivenVerdict,
    Proof,
    Way,
    children_to_prove,
    current_proof,
    give_code,
    give_dates,
    proof_in,
    send_another,
)
from educonnect_admin.parents.sign_in_with_franceconnect import finish
from educonnect_admin.parents.sms_proof import CodeVerdict, SendVerdict
from educonnect_admin.portal import register_words as words
from educonnect_admin.portal.answers import LEAVE, Answer, Page, Redirect
from educonnect_admin.portal.dates import is_blank, typed_date
from educonnect_admin.portal.dead_ends import TOO_MANY_REQUESTS
from educonnect_admin.portal.places import HOME, place_of
from educonnect_admin.portal.register_words import ANOTHER_CODE, CHILDREN, CODE, PASSWORD, REGISTER
from educonnect_admin.portal.routes import PageRoute
from educonnect_admin.portal.visit import Door, Visit
from educonnect_admin.portal.waiting import wait_words
from educonnect_admin.queries.wards import Ward

_MOBILE_OF_FRANCECONNECT = "/franceconnect/mobile"
_NEW = "envoye"
_MINUTES = int(CODE_LIFE.total_seconds()) // 60


def next_step(visit: Visit) -> Answer:
    """Send a journey to the first step whose proof it lacks; say so if it must begin anew."""
    proof = current_proof(visit.means, visit.holder)
    if proof is None:
        known = proof_in(visit.memory)
        if known is None:
            to = place_of(visit.visitor) if visit.holder.account_id else REGISTER
            return Redirect(to=to)
        return words.restart_at(_restart(known)).page()
    if not proof.has_code:
        return Redirect(to=CODE)
    return Redirect(to=CHILDREN)


def show_code(visit: Visit) -> Answer:
    """Ask for the code (R-32)."""
    return _code_form(visit, {})


def take_code(visit: Visit) -> Answer:
    """Compare it with what was typed."""
    if not visit.typed("code"):
        return _code_form(visit, {"code": words.NO_CODE})
    match give_code(visit.means, visit.holder, visit.typed("code")):
        case CodeVerdict.RIGHT:
            return Redirect(to=CHILDREN)
        case CodeVerdict.WRONG:
            return words.WRONG_CODE.page()
        case CodeVerdict.TOO_OFTEN:
            return words.CODE_TOO_OFTEN.page()
        case CodeVerdict.EXPIRED:
            return words.expired_code(_restart(proof_in(visit.memory))).page()
        case None:
            return next_step(visit)


def send_again(visit: Visit) -> Answer:
    """Send another code."""
    sent = send_another(visit.means, visit.holder)
    if sent is None:
        return next_step(visit)
    if sent.verdict is SendVerdict.TOO_MANY:
        wait = wait_words(visit.now, sent.until)
        return words.too_many(wait, has_one=True).page(status=TOO_MANY_REQUESTS)
    return Redirect(to=f"{CODE}?code={_NEW}")


def _code_form(visit: Visit, errors: dict[str, str]) -> Answer:
    proof = current_proof(visit.means, visit.holder)
    if proof is None or proof.has_code:
        return next_step(visit)
    return Page(
        template="inscription_code",
        values={
            "mobile": masked(proof.mobile),
            "minutes": _MINUTES,
            "is_new": visit.query.get("code") == _NEW and not errors,
            "restart": _restart(proof),
            **_steps(proof, "Code"),
        },
        errors=errors,
    )


@dataclass(frozen=True, slots=True)
class Masked:
    """A mobile as a page shows it: enough for its owner, too little for anybody else."""

    masked: str
    end: str


_FRENCH = ("+33", "+262", "+590", "+594", "+596")


def masked(mobile: str) -> Masked:
    """Return a mobile (E.164) without all that is in the middle."""
    end = mobile[-2:]
    code = next((code for code in _FRENCH if mobile.startswith(code)), None)
    if code is None:
        return Masked(f"{mobile[:3]} •• •• {end}", end)
    return Masked(f"0{mobile[len(code)]} •• •• •• {end}", end)


@dataclass(frozen=True, slots=True, repr=False)
class _Child:
    name: str
    field: str

    def __repr__(self) -> str:
        return "_Child()"


@dataclass(frozen=True, slots=True, repr=False)
class _School:
    name: str
    city: str | None
    children: tuple[_Child, ...]

    def __repr__(self) -> str:
        return "_School()"


def show_children(visit: Visit) -> Answer:
    """Ask for the birth date of every child (R-33)."""
    return _children_form(visit, {})


def take_children(visit: Visit) -> Answer:
    """Compare them with what was typed."""
    proof = current_proof(visit.means, visit.holder)
    if proof is None or not proof.has_code:
        return next_step(visit)
    shown = [one for one in children_to_prove(visit.means, proof) if _was_shown(visit, one)]
    errors = _faults(visit, shown)
    if errors:
        return _children_form(visit, errors)
    typed = {ward.pupil_id: typed_date(visit.form, _field(ward)) for ward in shown}
    given = give_dates(visit.means, visit.holder, typed)
    return next_step(visit) if given is None else _judged(visit, proof, given, typed)


def _judged(visit: Visit, proof: Proof, given: DatesGiven, typed: dict[int, date | None]) -> Answer:
    match given.verdict:
        case GivenVerdict.RIGHT:
            return _proved(visit, proof)
        case GivenVerdict.WRONG:
            alone = len(typed) == 1
            field = f"date_{next(iter(typed))}" if alone else ""
            return _children_form(visit, {field: words.WRONG_DATE if alone else words.WRONG_DATES})
        case GivenVerdict.CHANGED:
            return _children_form(visit, {}, is_changed=True)
        case GivenVerdict.CLOSED:
            wait = wait_words(visit.now, given.until)
            return words.dates_closed(wait).page(status=TOO_MANY_REQUESTS)
        case GivenVerdict.OVER:
            return words.dates_over(_restart_after(proof)).page(token=LEAVE)
        case GivenVerdict.NO_CHILD:
            return words.NO_CHILD.page()


def _proved(visit: Visit, proof: Proof) -> Answer:
    """Go on: to the password, or straight in with FranceConnect (R-41)."""
    if proof.way is Way.SMS:
        return Redirect(to=PASSWORD)
    token = finish(visit.means, visit.holder)
    return next_step(visit) if token is None else Redirect(to=HOME, token=token)


def _faults(visit: Visit, shown: list[Ward]) -> dict[str, str]:
    errors = {}
    for ward in shown:
        if is_blank(visit.form, _field(ward)):
            errors[_field(ward)] = words.NO_DATE.format(name=ward.name)
        elif typed_date(visit.form, _field(ward)) is None:
            errors[_field(ward)] = words.NOT_A_DATE.format(name=ward.name)
    return errors


def _children_form(visit: Visit, errors: dict[str, str], *, is_changed: bool = False) -> Answer:
    proof = current_proof(visit.means, visit.holder)
    if proof is None or not proof.has_code:
        return next_step(visit)
    wards = children_to_prove(visit.means, proof)
    if not wards:
        return words.NO_CHILD.page()
    return Page(
        template="inscription_enfants",
        values={
            "name": proof.name,
            "schools": _by_school(wards),
            "dates": [_field(ward) for ward in wards],
            "is_changed": is_changed,
            **_steps(proof, "Enfants"),
        },
        errors=errors,
    )


def _by_school(wards: list[Ward]) -> list[_School]:
    return [
        _School(
            members[0].school_name,
            members[0].school_city,
            tuple(_Child(ward.name, _field(ward)) for ward in members),
        )
        for _, group in groupby(wards, key=lambda ward: ward.school_id)
        if (members := list(group))
    ]


def _field(ward: Ward) -> str:
    return f"date_{ward.pupil_id}"


def _was_shown(visit: Visit, ward: Ward) -> bool:
    return f"{_field(ward)}_jour" in visit.form


def _steps(proof: Proof, step: str) -> dict[str, object]:
    by_sms = proof.way is Way.SMS
    names = words.STEPS_BY_SMS if by_sms else words.STEPS_BY_FRANCECONNECT
    return {"steps": names, "step": names.index(step)}


def _restart(proof: Proof | None) -> str:
    """Return where a mobile is asked for, on the way that this journey has come."""
    by_sms = proof is None or proof.way is Way.SMS
    return REGISTER if by_sms else _MOBILE_OF_FRANCECONNECT


def _restart_after(proof: Proof) -> str:
    """Return where to begin anew once the visit is over: FranceConnect is left too."""
    return REGISTER if proof.way is Way.SMS else "/connexion"


ROUTES = [
    PageRoute(path=CODE, door=Door.TRAVELLER, show=show_code, take=take_code),
    PageRoute(path=ANOTHER_CODE, door=Door.TRAVELLER, take=send_again),
    PageRoute(path=CHILDREN, door=Door.TRAVELLER, show=show_children, take=take_children),
]
