"""A device with a passkey, in software: what a browser would send, without a browser."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

ORIGIN = "http://localhost"
FLAG = AuthenticatorData.FLAG


def text(data: bytes) -> str:
    """Bytes as the web writes them."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class Device:
    """One device with one key."""

    def __init__(self, name: bytes = b"a device of the tests") -> None:
        self.identity = name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.user = b""

    def create(self, options: dict[str, Any], *, alone: bool = True) -> dict[str, Any]:
        """Make the key that was asked for."""
        asked = options["publicKey"]
        self.user = urlsafe_b64decode(asked["user"]["id"] + "==")
        data = AuthenticatorData.create(
            self._rp(asked["rp"]["id"]),
            FLAG.UP | FLAG.UV | FLAG.AT,
            0,
            AttestedCredentialData.create(
                b"\0" * 16, self.identity, ES256.from_cryptography_key(self.key.public_key())
            ),
        )
        return self._said(
            CollectedClientData.create("webauthn.create", asked["challenge"], ORIGIN),
            {"attestationObject": text(AttestationObject.create("none", data, {})), "transports": ["internal"]},
            {"credProps": {"rk": alone}},
        )

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer with it."""
        asked = options["publicKey"]
        client = CollectedClientData.create("webauthn.get", asked["challenge"], ORIGIN)
        data = AuthenticatorData.create(self._rp(asked["rpId"]), FLAG.UP | FLAG.UV, 1)
        signature = self.key.sign(data + client.hash, ec.ECDSA(hashes.SHA256()))
        return self._said(
            client,
            {"authenticatorData": text(data), "signature": text(signature), "userHandle": text(self.user)},
            {},
        )

    def _said(self, client: bytes, response: dict[str, Any], results: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": text(self.identity),
            "rawId": text(self.identity),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": results,
            "response": {"clientDataJSON": text(client), **response},
        }

    @staticmethod
    def _rp(name: str) -> bytes:
        digest = hashes.Hash(hashes.SHA256())
        digest.update(name.encode())
        return digest.finalize()


def posted(said: Any, **others: str) -> dict[str, str]:
    """The form that the page's script sends."""
    return {"credential": json.dumps(said), **others}
