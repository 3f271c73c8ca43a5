"""The reasons of `accounts explain` that come from letters, in French (R-11 to R-14)."""

from collections.abc import Mapping

from educonnect_admin.cli.access_wording import RESEND, RESEND_BY_MAIL, Wording
from educonnect_admin.domain.troubles import Trouble

_DELIVER = "mail deliver"

LETTER_WORDS: Mapping[Trouble, Wording] = {
    Trouble.NEVER_NOTIFIED: Wording(
        "Aucun courrier n'a encore été fait pour ce compte.",
        "Imprimez les courriers de la classe, ou celui de ce parent seul.",
        "Le courrier avec votre identifiant n'est pas encore parti ; l'école va le remettre à "
        "votre enfant.",
        ("letters issue --school {school} --class {class} --output courriers", RESEND),
    ),
    Trouble.LETTER_LIVE: Wording(
        "Le courrier du {since} attend d'être utilisé ; il est valable jusqu'au {until}.",
        "Demandez au parent s'il l'a. S'il est perdu, faites-en un autre : l'ancien mot de "
        "passe ne vaudra plus rien.",
        "Sur la page de connexion, tapez l'identifiant {identifier} et le mot de passe du "
        "courrier du {since}{where}. Minuscules et espaces ne gênent pas ; il n'y a ni zéro ni "
        "lettre O, ni un ni lettre I.",
        (RESEND, RESEND_BY_MAIL),
    ),
    Trouble.LETTER_EXPIRED: Wording(
        "Le courrier du {since} n'est plus valable depuis le {until} au soir.",
        "Faites-en un nouveau, valable trois mois.",
        "Votre courrier a dépassé ses trois mois, son mot de passe ne marche plus. Je vous en "
        "fais faire un autre.",
        (RESEND, RESEND_BY_MAIL),
    ),
    Trouble.LETTER_SUPERSEDED: Wording(
        "Le courrier du {former_since} a été remplacé par un autre le {since}, valable "
        "jusqu'au {until} : le parent tape sans doute l'ancien mot de passe.",
        "Faites-lui lire le numéro au bas du courrier : {number} est le bon, {former_number} ne "
        "marche plus. S'il n'a pas le bon, faites-en un autre.",
        "Quel numéro porte votre courrier ? Il vous faut le dernier, n° {number}, du "
        "{since}{where}.",
        (RESEND, RESEND_BY_MAIL),
    ),
    Trouble.LETTER_USED: Wording(
        "Le courrier du {since} a déjà servi : son mot de passe provisoire ne vaut plus rien.",
        "Le parent doit taper le mot de passe qu'il a choisi, pas celui du courrier.",
        "Le mot de passe du courrier n'a servi qu'une fois. Tapez celui que vous avez choisi.",
        (),
    ),
    Trouble.LETTER_VOID: Wording(
        "Le courrier du {since} a été annulé : il s'est perdu, ou partait à une mauvaise adresse.",
        "Faites-en un nouveau.",
        "Votre courrier n'a pas pu vous parvenir. Je vous en fais faire un autre.",
        (RESEND, RESEND_BY_MAIL),
    ),
    Trouble.LETTER_WITHDRAWN: Wording(
        "Le courrier du {since} a été annulé quand le compte a été fermé ou regroupé.",
        "Le compte resert, mais ce courrier non : faites-en un nouveau.",
        "Le mot de passe de votre courrier ne marche plus. Je vous en fais faire un autre.",
        (RESEND, RESEND_BY_MAIL),
    ),
    Trouble.LETTER_MAIL_WAITING: Wording(
        "Le courrier du {since} doit partir par mail : il attend encore d'être envoyé.",
        "Lancez l'envoi. Si des messages attendent souvent, la tâche de nuit est arrêtée.",
        "Le message va partir à {email} ; regardez dans quelques minutes, indésirables compris.",
        (_DELIVER,),
    ),
    Trouble.LETTER_MAIL_RETRIED: Wording(
        "Le courrier du {since} n'a pas encore pu partir par mail : {attempts} ({error}).",
        "Prochain essai : {next_try}. Vérifiez l'adresse avec le parent ; si elle est fausse, "
        "corrigez-la et recommencez l'envoi, ou remettez un papier.",
        "L'adresse que connaît l'école est {email} : est-elle bien écrite, et la boîte "
        "n'est-elle pas pleine ?",
        (_DELIVER, "guardians correct {guardian} --email ADRESSE --reason 'adresse vérifiée'",
         RESEND),
    ),
    Trouble.LETTER_MAIL_FAILED: Wording(
        "Le courrier du {since} n'a pas pu partir par mail ({error}) : le parent ne l'a pas.",
        "Vérifiez l'adresse avec le parent et corrigez-la, puis renvoyez ; ou remettez un "
        "papier.",
        "Notre message vous a été refusé. L'adresse que connaît l'école est {email} : est-elle "
        "bien écrite ?",
        ("guardians correct {guardian} --email ADRESSE --reason 'adresse vérifiée'",
         RESEND_BY_MAIL, RESEND),
    ),
    Trouble.LETTER_UNPUBLISHED: Wording(
        "Le courrier est dans le lot {batch}, dont l'impression n'est pas terminée.",
        "Si personne n'imprime en ce moment, l'impression a été coupée : terminez-la, puis "
        "imprimez ce qui manque.",
        "Votre courrier est en cours d'impression ; l'école va le remettre à votre enfant.",
        ("letters recover", "letters issue --school {school} --class {class} --output courriers"),
    ),
}  # fmt: skip
