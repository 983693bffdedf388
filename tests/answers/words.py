"""The words of the table: what an answer is made of, and what a verdict is."""
import functools
import json
import time

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwcrypto import jws, jwk

# Stands in every text of the API's; wherever it turns up, the API has spoken to somebody.
CANARY = "zq7canary"

SUCCESS, PERM_DENIED, AUTH_ERR, UNAVAILABLE = "PAM_SUCCESS", "PAM_PERM_DENIED", "PAM_AUTH_ERR", "PAM_AUTHINFO_UNAVAIL"
CODES = {0: SUCCESS, 6: PERM_DENIED, 7: AUTH_ERR, 9: UNAVAILABLE}

KEY = rsa.generate_private_key(65537, 2048)
STRANGER = rsa.generate_private_key(65537, 2048)


class Whole(bytes):
    """An answer after which the connection may stay."""


def http(status, body=b"", kind="text/html", *lines):
    head = [f"HTTP/1.1 {status} {CANARY}", f"Server: {CANARY}", f"Content-Length: {len(body)}", *lines]
    if kind is not None:
        head.append("Content-Type: " + kind)
    made = ("\r\n".join(head) + "\r\n\r\n").encode("latin-1") + body
    return made if status in (204, 205, 304) or status >= 600 else Whole(made)


def json_answer(status, value, *lines):
    return http(status, json.dumps(value).encode(), "application/json; charset=utf-8", *lines)


def html(status):
    return http(status, f"<html><title>{CANARY}</title>\x1b[2J<h1>Sorry</h1></html>".encode())


ABSENT = "the member that is not there"


def public_pem():
    return KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def present(members):
    return {name: value for name, value in members.items() if value != ABSENT}


def at(value):
    """"+60" is a minute from now."""
    return int(time.time()) + int(value) if isinstance(value, str) and value[:1] in ("+", "-") else value


@functools.lru_cache(maxsize=None)
def signed(number, changes, signer):
    claims = {"sub": "c2m_alice", "iss": "c2m-api", "jti": f"tok_{number}", "iat": "+0", "exp": "+900",
            "scopes": ["login:web1"], "token_type": "short"}
    claims = {name: at(value) for name, value in present({**claims, **json.loads(changes)}).items()}
    payload = json.dumps(claims).encode()
    if signer == "confused":
        token = jws.JWS(payload)
        token.add_signature(jwk.JWK(kty="oct", k=jwt.utils.base64url_encode(public_pem()).decode()), None,
                json.dumps({"alg": "HS256"}))
        return token.serialize(compact=True)
    if signer == "nobody":
        return jwt.api_jws.PyJWS().encode(payload, None, algorithm="none")
    return jwt.api_jws.PyJWS().encode(payload, STRANGER if signer == "stranger" else KEY, algorithm="RS256")


def good(number, claims=None, signer="the API", **changes):
    """The body of a good answer to row NUMBER, changed: the same each time."""
    body = {"access_token": signed(number, json.dumps(claims or {}), signer), "token_id": f"tok_{number}",
            "token_type": "Bearer",
            "expires_in": 900, "scopes": ["login:web1"], "message": CANARY}
    return present({**body, **changes})


class Step:
    """A part of an answer that is no mere bytes. It ends when the other side hangs up."""

    def __init__(self, run):
        self.run = run


def forever(data, pause=0):
    def run(peer):
        while not peer.hung_up(pause):
            peer.send(data)
    return Step(run)


def repeated(data, count):
    def run(peer):
        for _ in range(count):
            peer.send(data)
    return Step(run)


def dripping(data, pause):
    def run(peer):
        for byte in data:
            if peer.hung_up(pause):
                return
            peer.send(bytes([byte]))
    return Step(run)


def hold():
    return forever(b"", 0.5)


def reset():
    return Step(lambda peer: peer.reset())


def farewell():
    return Step(lambda peer: peer.sock.unwrap())
