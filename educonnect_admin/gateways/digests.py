"""Keyed digests of what must be recognised but not kept: tokens, codes, addresses (R-5)."""

import hmac

from educonnect_admin.gateways.keys import Keyring


class Digests:
    """Digests under the key file; each use has its own key, so that no digest serves another."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def of(self, use: str, secret: str) -> str:
        """Return the digest under the current key, 64 hexadecimal signs."""
        return self._under(self._keyring.current, use, secret)

    def known(self, use: str, secret: str) -> list[str]:
        """Return the digests under every key, the current one first.

        A link lives for days: it is still recognised after the key was changed.
        """
        older = (key_id for key_id in self._keyring.keys if key_id != self._keyring.current)
        return [self.of(use, secret), *(self._under(key_id, use, secret) for key_id in older)]

    def lasting(self, use: str, secret: str) -> str:
        """Return the digest under the key that never changes: for what is kept for years."""
        return self._keyring.lasting_digest(use, secret)

    def _under(self, key_id: str, use: str, secret: str) -> str:
        key = self._keyring.derived(f"digest/{use}", key_id)
        return hmac.digest(key, secret.encode("utf-8", "surrogatepass"), "sha256").hex()
