"""The reasons of `accounts explain` in French: what is wrong, what to do, what to say.

A text is filled with the facts of its finding (`{until}`, `{child}` …, see `access_values`);
a command is left out when something it needs is not known, and repeated for each of several.
"""

from collections.abc import Mapping

from educonnect_admin.cli.access_wording import RESEND, Wording
from educonnect_admin.cli.access_words_letters import LETTER_WORDS
from educonnect_admin.domain.troubles import Trouble

CORRECT_MOBILE = "guardians correct {guardian} --mobile NUMERO --reason 'mobile vérifié'"
CORRECT_EMAIL = "guardians correct {guardian} --email ADRESSE --reason 'adresse vérifiée'"
CORRECT_DATE = "pupils correct-birth-date {pupil} DATE --reason 'date vérifiée'"
UNLOCK = "accounts unlock {identifier} --reason 'identité vérifiée'"
REGROUP = "accounts regroup {principal} {dormant} --reason 'même personne'"
IMPORT = "roster import ELEVES RESPONSABLES --school {school}"
GENERATE = "accounts generate --school {school}"
SHOW = "accounts show {identifier}"
REMIND = "letters resend {identifier} --email --reason 'identifiant oublié'"

_ACCOUNT: Mapping[Trouble, Wording] = {
    Trouble.CLOSED: Wording(
        "Le compte est fermé depuis le {since}.",
        "Quelqu'un l'a fermé : aucun import ne le rouvre. S'il doit resservir, rouvrez-le ; son "
        "identifiant ne change pas.",
        "Votre compte a été fermé ; je vérifie s'il doit être rouvert.",
        ("accounts reopen {identifier} --reason 'fermé par erreur'", SHOW),
    ),
    Trouble.CLOSED_WITHOUT_CHILD: Wording(
        "Le compte est fermé depuis le {since}, faute d'enfant inscrit depuis 90 jours.",
        "Si un enfant est de nouveau inscrit, importez les fichiers de son école puis ouvrez "
        "les comptes : celui-ci se rouvre de lui-même, avec son identifiant et son mot de "
        "passe. En attendant ces fichiers, rouvrez-le à la main : 90 jours lui sont donnés.",
        "Votre compte a été fermé, car nous ne connaissions plus d'enfant inscrit. Il se "
        "rouvrira, avec le même identifiant, dès que l'école nous dira que votre enfant y est.",
        (IMPORT, GENERATE, "accounts reopen {identifier} --reason 'enfant de retour'"),
    ),
    Trouble.REGROUPED: Wording(
        "Le compte a été regroupé le {since} dans {principal} : il ne sera plus utilisable.",
        "Faites utiliser l'autre identifiant. Si ce n'est pas la même personne, annulez le "
        "regroupement.",
        "Connectez-vous avec l'identifiant {principal} et le mot de passe de ce compte-là : "
        "tous vos enfants y sont.",
        (
            "accounts explain {principal}",
            "accounts undo-regroup {identifier} --reason 'pas la même personne'",
        ),
    ),
    Trouble.LOCKED: Wording(
        "Le compte est bloqué jusqu'au {until}, après {failures} mots de passe faux.",
        "Vérifiez à qui vous parlez, puis débloquez le compte ; sinon, il se débloque seul.",
        "Ne réessayez pas avant que le compte soit débloqué ; puis tapez lentement, un signe "
        "après l'autre, l'identifiant et le mot de passe.",
        (UNLOCK,),
    ),
    Trouble.NO_CHILD: Wording(
        "Plus aucun enfant inscrit n'est rattaché à ce compte : il sera fermé{closing}.",
        "Si l'enfant est bien dans l'école, il manque dans ses fichiers : que l'école les "
        "extraie de nouveau, puis importez-les.",
        "L'école ne nous dit plus qu'un de vos enfants y est inscrit ; je vérifie avec elle.",
        (IMPORT, SHOW),
    ),
    Trouble.NO_LEGAL_LINK: Wording(
        "D'après l'école, cette personne n'est responsable légal d'aucun de ces enfants : le "
        "compte sera fermé{closing}.",
        "Seul un responsable légal a un compte. Si c'est une erreur, que l'école corrige la "
        "fiche dans son logiciel, puis importez de nouveau ses fichiers.",
        "Adressez-vous au secrétariat de l'école : c'est lui qui inscrit les responsables "
        "légaux de l'enfant.",
        (IMPORT, SHOW),
    ),
    Trouble.EMAIL_BOUNCES: Wording(
        "L'adresse mail du compte, {email}, refuse nos messages depuis le {since}.",
        "Lisez l'adresse au parent. En se connectant, il peut en donner une autre. Si son mot "
        "de passe est perdu, un nouveau courrier le lui permet aussi.",
        "L'adresse que vous avez donnée est {email} : est-elle bien écrite, existe-t-elle "
        "toujours ?",
        (RESEND,),
    ),
    Trouble.EMAIL_MISSING: Wording(
        "Le compte attend la confirmation d'une adresse mail, et n'en a aucune.",
        "Remettez un nouveau courrier : le parent recommencera l'activation avec son adresse.",
        "Vous allez recevoir un nouveau courrier ; gardez votre adresse mail sous la main.",
        (RESEND,),
    ),
    Trouble.EMAIL_UNCONFIRMED: Wording(
        "L'adresse mail {email} n'a pas été confirmée depuis le {since}.",
        "Faites lire l'adresse au parent. En se connectant avec le mot de passe qu'il a "
        "choisi, il peut la corriger et se faire renvoyer le message. Si ce mot de passe est "
        "perdu, il faut un nouveau courrier.",
        "Cherchez dans vos messages, indésirables compris : «Services en ligne de l'éducation "
        "nationale – activation de votre compte». Le lien vaut 72 heures ; sinon, "
        "connectez-vous, vérifiez l'adresse et demandez un nouvel envoi.",
        (RESEND,),
    ),
    Trouble.EMAIL_CHANGE_PENDING: Wording(
        "Une nouvelle adresse, {pending_email}, attend d'être confirmée depuis le {since} : "
        "jusque-là, {old_address}.",
        "Le lien de confirmation est dans la nouvelle boîte ; le parent peut se le faire "
        "renvoyer depuis son compte («Renvoyer un email de validation»).",
        "Ouvrez le message reçu à {pending_email}, indésirables compris, et suivez son lien ; "
        "en attendant, {old_address}.",
        (SHOW,),
    ),
    Trouble.NO_CONFIRMED_EMAIL: Wording(
        "Le compte est activé{journey}, mais sans adresse mail confirmée : un mot de passe "
        "oublié ne peut pas être renvoyé.",
        "Si le mot de passe est perdu, seul un nouveau courrier en redonne un ; l'ancien mot "
        "de passe ne vaudra plus rien.",
        "Si vous connaissez votre mot de passe, connectez-vous et donnez une adresse mail. "
        "FranceConnect, sur la page de connexion, marche aussi s'il est déjà lié.",
        (RESEND,),
    ),
    Trouble.ACTIVE: Wording(
        "Rien ne s'y oppose : le compte est activé, {last_login}.",
        "Le parent se trompe sans doute d'identifiant ou de mot de passe : faites-lui lire ce "
        "qu'il tape. Un rappel sans mot de passe peut lui être envoyé par mail.",
        "Votre identifiant est {identifier} ; majuscules et espaces ne comptent pas. Sur la "
        "page de connexion, «Mot de passe oublié ?» envoie un lien à {account_email}, "
        "et «J'ai oublié mon identifiant» le rappelle par mail.",
        (REMIND, SHOW),
    ),
}

_PROOFS: Mapping[Trouble, Wording] = {
    Trouble.BIRTH_DATE_LOCKED: Wording(
        "La date de naissance de {child} est fermée jusqu'au {until}, après {failures} dates "
        "refusées.",
        "Comparez avec la fiche de l'enfant la date que donne le parent, sans la lui lire. Si "
        "la fiche est fausse, corrigez-la ; sinon, débloquez.",
        "Quelle date de naissance tapez-vous pour {child} ? Je la compare avec celle de l'école.",
        ("pupils show {pupil}", CORRECT_DATE, UNLOCK),
    ),
    Trouble.BIRTH_DATE_REFUSED: Wording(
        "La date de naissance de {child} a été refusée {failures} fois, la dernière le {since}.",
        "Comparez avec la fiche de l'enfant la date que donne le parent, sans la lui lire. Si "
        "la fiche est fausse et que l'école le confirme, corrigez-la.",
        "Quelle date de naissance tapez-vous pour {child} ? Je la compare avec celle de l'école.",
        ("pupils show {pupil}", CORRECT_DATE),
    ),
    Trouble.MOBILE_REFUSED: Wording(
        "Le {since}, le numéro de mobile tapé n'était pas celui que connaît l'école.",
        "Demandez le numéro au parent et comparez-le avec sa fiche. S'il a changé, "
        "corrigez-la : il pourra recommencer aussitôt.",
        "Quel numéro de mobile avez-vous donné à l'école ? C'est celui-là qu'il faut taper.",
        (CORRECT_MOBILE, SHOW),
    ),
    Trouble.HOMONYMS_REFUSED: Wording(
        "Le {since}, plusieurs personnes répondaient au nom et au mobile tapés.",
        "L'inscription par SMS ne choisit pas entre elles. Donnez à chacune son mobile, ou "
        "remettez un courrier.",
        "Ce numéro sert à plusieurs personnes de même nom. Vous pouvez activer votre compte "
        "avec le courrier de l'école.",
        (CORRECT_MOBILE, RESEND),
    ),
    Trouble.HOMONYMS: Wording(
        "Même nom et même mobile que {others} : ni SMS ni FranceConnect ne peuvent choisir.",
        "Donnez à chacun son mobile, ou passez par le courrier.",
        "Activez votre compte avec le courrier de l'école : par SMS, on vous confondrait.",
        (CORRECT_MOBILE,),
    ),
    Trouble.SECOND_ACCOUNT: Wording(
        "La même personne semble avoir un autre compte : {others}.",
        "Vérifiez que c'est bien elle (un père et son fils peuvent porter le même nom), puis "
        "regroupez.",
        "Avez-vous déjà un identifiant, donné par une autre école ? Vos deux comptes peuvent "
        "n'en faire qu'un.",
        (REGROUP, "accounts show {others}"),
    ),
    Trouble.WRONG_PASSWORDS: Wording(
        "Mots de passe faux ces dernières 24 heures : {failures}, le dernier le {since}.",
        "Faites lire au parent ce qu'il tape : ancien courrier, ou mot de passe provisoire "
        "déjà remplacé ?",
        "De quel courrier, de quelle date, vient le mot de passe que vous tapez ?",
        (SHOW,),
    ),
    Trouble.SCHOOL_MOBILE_MISSING: Wording(
        "L'école ne connaît aucun mobile : ni SMS ni FranceConnect ne peuvent servir.",
        "Inscrivez le numéro que donne le parent, une fois son identité vérifiée.",
        "L'école n'a pas votre numéro de mobile. Voulez-vous me le donner ?",
        (CORRECT_MOBILE,),
    ),
    Trouble.SCHOOL_EMAIL_MISSING: Wording(
        "L'école ne connaît aucune adresse mail : un courrier ne peut partir que sur papier.",
        "Inscrivez l'adresse que donne le parent, une fois son identité vérifiée.",
        "L'école n'a pas votre adresse mail. Voulez-vous me la donner ?",
        (CORRECT_EMAIL,),
    ),
}

ACCESS_WORDS: Mapping[Trouble, Wording] = {**_ACCOUNT, **_PROOFS, **LETTER_WORDS}
