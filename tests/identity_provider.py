"""An OpenID provider on this machine, as small as the standard lets it be: what Latvija.lv would be, for the tests.

It keeps to the standard where a client could be careless: the code works once and with its PKCE verifier, the token is
signed by a key that it publishes, and it tells more about a person than anybody should keep.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "tuvak", "a secret of the tests"


class Provider:
    """What it says, and whom it will say it about next."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signing = self.key
        self.access_token = secrets.token_urlsafe(16)
        self.codes: dict[str, dict[str, str]] = {}
        # As Latvija.lv might: who it is named by the personal code, with more than was asked.
        self.person: dict[str, Any] = {
            "sub": "PNOLV-010170-12345",
            "name": "Līga Bērziņa",
            "email": "liga.berzina@example.lv",
            "email_verified": True,
            "personal_code": "010170-12345",
            "birthdate": "1970-01-01",
            "address": "Eleja",
        }
        self.userinfo: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.refuses = ""

    def configuration(self) -> dict[str, Any]:
        """Where everything is."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def jwks(self) -> dict[str, Any]:
        """The public key."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "1", "alg": "RS256", "use": "sig"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes after the person has said yes."""
        back, state = asked["redirect_uri"], asked["state"]
        if self.refuses:
            return f"{back}?{urlencode({'error': self.refuses, 'state': state})}"
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{back}?{urlencode({'code': code, 'state': state})}"

    def token(self, sent: dict[str, str]) -> dict[str, Any] | None:
        """The signed word, for a code that is used for the first time by who asked for it."""
        asked = self.codes.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or (sent["client_id"], sent["client_secret"]) != (CLIENT, SECRET)
            or sent["redirect_uri"] != asked["redirect_uri"]
            or (asked["code_challenge"], asked["code_challenge_method"]) != (challenge, "S256")
        ):
            return None
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, **self.person, **self.claims}
        signed = jwt.encode(claims, self.signing, algorithm="RS256", headers={"kid": "1"})
        return {"access_token": self.access_token, "token_type": "Bearer", "expires_in": 300, "id_token": signed}

    def said(self) -> dict[str, Any]:
        """The second answer, about the same person."""
        return {**self.person, **self.userinfo}


@contextmanager
def running() -> Iterator[Provider]:
    """One that answers while the test runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.end_headers()
                return
            answers = {
                "/.well-known/openid-configuration": provider.configuration,
                "/jwks": provider.jwks,
                "/userinfo": provider.said,
            }
            self._answer(answers[parts.path]())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(provider.token({name: values[0] for name, values in parse_qs(body).items()}))

        def _answer(self, what: Any) -> None:
            self.send_response(200 if what is not None else 400)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(what if what is not None else {"error": "invalid_grant"}).encode())

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider = Provider(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
