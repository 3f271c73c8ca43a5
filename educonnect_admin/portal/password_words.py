"""What a parent reads when the password they chose is refused (R-4)."""

from educonnect_admin.domain.holder_passwords import PasswordFault

HINT = "8 à 14 caractères, lettres sans accent et chiffres, avec au moins une lettre et un chiffre"
FAULTS: dict[PasswordFault, str] = {
    PasswordFault.SIGNS: (
        "Le mot de passe ne peut contenir que des lettres sans accent et des chiffres : "
        "ni espace, ni ponctuation."
    ),
    PasswordFault.SHORT: "Le mot de passe est trop court : il faut au moins 8 caractères.",
    PasswordFault.LONG: "Le mot de passe est trop long : il faut au plus 14 caractères.",
    PasswordFault.NO_LETTER: "Le mot de passe doit contenir au moins une lettre.",
    PasswordFault.NO_DIGIT: "Le mot de passe doit contenir au moins un chiffre.",
    PasswordFault.IS_IDENTIFIER: "Le mot de passe ne peut pas être votre identifiant.",
    PasswordFault.IS_TEMPORARY: (
        "Le mot de passe ne peut pas être le mot de passe provisoire du courrier."
    ),
    PasswordFault.COMMON: "Ce mot de passe est trop courant. Choisissez-en un autre.",
}
EMPTY = "Saisissez un mot de passe."
DIFFERENT = "Les deux mots de passe ne sont pas identiques."
