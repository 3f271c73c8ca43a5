"""What a passphrase must be: whoever has the file it closes guesses for as long as they like."""

LEAST_SIGNS = 12
