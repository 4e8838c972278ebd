"""Keyed hashes that stand for persons in keys and logs."""

import hashlib
import hmac
from collections.abc import Callable

from constancia.domain.certificate import PersonKey
from constancia.domain.identity import IdentityDocument


class HmacPersonHasher:
    """HMAC-SHA-256 under a secret key: eight digits of a DNI could be searched through without one.

    The key never changes: a new one would part every person from the certificates that they have.
    """

    def __init__(self, secret: Callable[[], str]) -> None:
        self._secret = secret

    def key(self, purpose: str, *parts: str) -> PersonKey:
        """Hash the parts for one purpose. Each is preceded by its length, so no two lists give one text."""
        message = "".join(f"{len(part)}:{part}" for part in (purpose, *parts))
        return PersonKey(hmac.new(self._secret().encode(), message.encode(), hashlib.sha256).hexdigest())

    def person(self, document: IdentityDocument) -> PersonKey:
        """The key of a person, by type and number of the document."""
        return self.key("person", document.type, document.number)
