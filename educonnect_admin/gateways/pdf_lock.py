"""PDF files closed with a passphrase: AES-256, revision 6 of the standard handler (ISO 32000-2).

Every file has a random key of its own; the passphrase opens that key. The owner's password,
which would only lift restrictions that there are not, is drawn and forgotten. Written here
because the press makes the file: encrypting it afterwards would mean reading it again.
"""

import hashlib
import unicodedata

from educonnect_admin.gateways.chance import Chance

_MOST_BYTES = 127
_ALL_IS_ALLOWED = -4
_ROUNDS = 64
_HASHES = ("sha256", "sha384", "sha512")
_NO_START = bytes(16)


class PdfProtection:
    """A passphrase, and what it takes to close files with it."""

    def __init__(self, passphrase: str, chance: Chance) -> None:
        """Hold a passphrase in memory, as long as files are to be written."""
        self._secret = prepared(passphrase)
        self._chance = chance

    def new_lock(self) -> "PdfLock":
        """Return the lock of one more file, with a key of its own."""
        return PdfLock(self._secret, self._chance)


def prepared(passphrase: str) -> bytes:
    """Return a passphrase as readers take it: NFKC, plain spaces, UTF-8, 127 bytes at most."""
    spaced = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in passphrase)
    return unicodedata.normalize("NFKC", spaced).encode()[:_MOST_BYTES]


class PdfLock:
    """The key of one file, and how the passphrase opens it."""

    def __init__(self, secret: bytes, chance: Chance) -> None:
        self._chance = chance
        self._key = chance.salt() + chance.salt()
        user, users_key = self._opened_by(secret)
        owner, owners_key = self._opened_by(chance.salt(), user)
        self.entry = (
            b"<</Filter/Standard/V 5/R 6/Length 256/P %d/EncryptMetadata true"
            b"/CF<</StdCF<</CFM/AESV3/AuthEvent/DocOpen/Length 32>>>>/StmF/StdCF/StrF/StdCF"
            b"/U<%b>/UE<%b>/O<%b>/OE<%b>/Perms<%b>>>"
            % (
                _ALL_IS_ALLOWED,
                _hex(user),
                _hex(users_key),
                _hex(owner),
                _hex(owners_key),
                _hex(self._permissions()),
            )
        )

    def close(self, data: bytes) -> bytes:
        """Return a string or stream as it stands in the file: a random start, then AES-256-CBC."""
        start, missing = self._chance.salt(), 16 - len(data) % 16
        return start + _cbc(self._key, start, data + bytes([missing]) * missing)

    def _opened_by(self, secret: bytes, user: bytes = b"") -> tuple[bytes, bytes]:
        """Return what tells a right secret, and the key closed by it (algorithms 8 and 9)."""
        salt = self._chance.salt()
        proof, opener = salt[:8], salt[8:]
        closed = _cbc(_hardened(secret, opener, user), _NO_START, self._key)
        return _hardened(secret, proof, user) + proof + opener, closed

    def _permissions(self) -> bytes:
        """Return the permissions, closed so that nobody changes them (algorithm 10)."""
        told = _ALL_IS_ALLOWED.to_bytes(8, "little", signed=True) + b"Tadb"
        return _cbc(self._key, _NO_START, told + self._chance.salt()[:4])


def _hardened(secret: bytes, salt: bytes, user: bytes) -> bytes:
    """Return the hash of a secret that the standard asks for (algorithm 2.B)."""
    key, done = hashlib.sha256(secret + salt + user).digest(), 0
    while True:
        closed = _cbc(key[:16], key[16:32], (secret + key + user) * 64)
        # The sum of the bytes and the number they make leave the same rest: 256 = 1 (mod 3).
        key = hashlib.new(_HASHES[sum(closed[:16]) % 3], closed).digest()
        done += 1
        if done >= _ROUNDS and closed[-1] <= done - 32:
            return key[:32]


def _cbc(key: bytes, start: bytes, data: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    closing = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    return closing.update(data) + closing.finalize()


def _hex(data: bytes) -> bytes:
    return data.hex().upper().encode()
