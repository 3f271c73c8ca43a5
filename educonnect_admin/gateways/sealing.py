"""Closing secrets that must wait, with a key that is not in the database (R-5)."""

from educonnect_admin.gateways.chance import Chance
from educonnect_admin.gateways.keys import Keyring

PASSWORDS, OUTBOX, LAST_IMPORT, VISIT = "password-seal", "outbox", "last-import", "visit"
CAMPAIGN = "campaign"
"""What a sealer is for; each purpose has a key of its own."""

_NONCE_BYTES = 12
_SEPARATOR = b":"


class KeyringSealer:
    """AES-256-GCM under the current key of one purpose; older keys still open.

    The seal is bound to what the secret belongs to, so that moving it to another row makes
    it unreadable.
    """

    def __init__(self, keyring: Keyring, chance: Chance, purpose: str) -> None:
        self._keyring = keyring
        self._chance = chance
        self._purpose = purpose

    def close(self, data: bytes, owner: str) -> bytes:
        """Seal some bytes for their owner."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key_id = self._keyring.current
        nonce = self._chance.salt()[:_NONCE_BYTES]
        box = AESGCM(self._keyring.derived(self._purpose, key_id))
        return key_id.encode() + _SEPARATOR + nonce + box.encrypt(nonce, data, owner.encode())

    def open(self, sealed: bytes, owner: str) -> bytes:
        """Return what was sealed for this owner.

        Raises:
            KeyError: its key is not in the key file.
            ValueError: it was sealed for somebody else, altered, or is no seal at all.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key_id, separator, rest = sealed.partition(_SEPARATOR)
        if not separator:
            raise ValueError("seal")
        box = AESGCM(self._keyring.derived(self._purpose, key_id.decode("ascii")))
        try:
            return box.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], owner.encode())
        except InvalidTag:
            raise ValueError("seal") from None
