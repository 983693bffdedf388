#!/usr/bin/python3
"""N mutated tokens for differ.c, each with PyJWT's opinion: text, header or payload changed, signed again or not."""
import base64
import datetime
import json
import os
import random
import subprocess
import sys
import tempfile

import jwt
import jwt.api_jwt

from keys import KEYS, b64u, make_secret
from makers import MAKERS
from table import GOOD, NOW, payload_of

OWNERS = {"RS256": "rsa", "PS256": "rsa", "ES256": "p256", "EdDSA": "ed", "HS256": "secret"}
CHARACTERS = b"ABCZabcz0189-_.=+/ \n\"'{}[]:,\\\0\xff"
PIECES = (b"null", b"true", b"[]", b"{}", b"1e9", b"0", b"-1", b"1.0", b'""', b"\\u0000", b'"none"', b'"HS256"',
        b'"sub":"c2m_bob",', b"9223372036854775808",
        b'"crit":["b64"],', b'"b64":false,', b'"jku":"x",', b'"typ":"at+jwt",', b'"kid":"x",', b'"x":1,', b" ", b"\n",
        b'"exp":9999999999,')
PYJWT, JWCRYPTO = MAKERS["PyJWT"], MAKERS["jwcrypto"]
dice = random.Random()


class Then(datetime.datetime):
    """PyJWT's clock, which stands still as the verifier's does."""

    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.fromtimestamp(NOW, tz)


jwt.api_jwt.datetime = Then


def pyjwt_takes(token, algorithm):
    key = KEYS[OWNERS[algorithm]]
    try:
        jwt.decode(token, PUBLIC[algorithm], algorithms=[algorithm], issuer="c2m-api", leeway=30,
                options={"require": ["exp", "iat", "sub"], "verify_aud": False})
        return True
    except Exception:  # pylint: disable=broad-except
        return False  # whatever it trips over it does not take


PUBLIC = {name: KEYS[owner].secret or KEYS[owner].private.public_key() for name, owner in OWNERS.items()}


def change(data):
    """One change somewhere in the bytes."""
    if not data:
        return data
    at, other = dice.randrange(len(data)), dice.randrange(len(data))
    kind = dice.randrange(8)
    if kind == 0:
        return data[:at] + bytes([dice.choice(CHARACTERS)]) + data[at + 1:]
    if kind == 1:
        return data[:at] + bytes([data[at] ^ 1 << dice.randrange(8)]) + data[at + 1:]
    if kind == 2:
        return data[:at] + data[at + 1:]
    if kind == 3:
        return data[:at] + bytes([dice.choice(CHARACTERS)]) + data[at:]
    if kind == 4:
        at, other = sorted((at, other))
        return data[:at] + data[other:]
    if kind == 5:
        at, other = sorted((at, other))
        return data[:other] + data[at:]
    if kind == 6:
        return data[:at] + dice.choice(PIECES) + data[at:]
    return data.swapcase() if dice.random() < 0.05 else data[:at] + data[at:at + 1].swapcase() + data[at + 1:]


def replaced(value):
    """JSON with the value of one member, or one member, replaced."""
    names = list(value)
    name = dice.choice(names)
    new = dict(value)
    new[dice.choice((name, name, "nbf", "aud", "scope", "token_id", "crit", "kid", "typ", "alg"))] = dice.choice(
        (None, True, 0, -1, 1.5, NOW, NOW + 60, NOW - 60, 2**40, 2**63, "", "x", "c2m_bob", "none", "RS256", "HS256",
            "at+jwt", "JWT", "jwt", [], ["x"], {}, {"a": 1},
         "\u0430", "a\nb", value[name]))
    if dice.random() < 0.2:
        del new[name]
    return new


def encoded(head, body):
    return b64u(head) + b"." + b64u(body)


def sign(algorithm, text):
    key = KEYS[OWNERS[algorithm]]
    if dice.random() < 0.03:  # the classic confusion
        key, algorithm = make_secret(KEYS["rsa"].pem()), "HS256"
        return JWCRYPTO.sign(key, algorithm, text)
    return PYJWT.sign(key, algorithm, text)


def mutated(algorithm, honest):
    """Another token made of an honest one."""
    token = dice.choice(honest)
    head, body, tail = token.split(b".")
    kind = dice.random()
    if kind < 0.03:
        return token
    if kind < 0.35:
        for _ in range(dice.choice((1, 1, 2, 5))):
            token = change(token)
        return token
    if kind < 0.45:
        others = dice.choice(honest).split(b".")
        return b".".join(dice.choice((mine, other)) for mine, other in zip((head, body, tail), others))
    head, body = (base64.urlsafe_b64decode(part + b"==") for part in (head, body))
    if kind < 0.75:  # text
        if dice.random() < 0.3:
            head = change(head)
        else:
            body = change(body)
    else:
        if dice.random() < 0.3:
            head = json.dumps(replaced(json.loads(head))).encode()
        else:
            body = json.dumps(replaced(json.loads(body))).encode()
    text = encoded(head, body)
    return text + b"." + (b64u(sign(algorithm, text)) if dice.random() < 0.6 else tail)


def main():
    program, count, seed = sys.argv[1], int(sys.argv[2]), \
            int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(2**32)
    dice.seed(seed)
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as directory:
        for algorithm, owner in OWNERS.items():
            with open(os.open(f"{directory}/{algorithm}", os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                file.write(KEYS[owner].secret or KEYS[owner].pem())
        honest = {algorithm: [PYJWT.token(KEYS[owner], algorithm, {"alg": algorithm, "typ": "JWT"},
                payload_of({"pad": "x" * n})) for n in range(12)] for algorithm, owner in OWNERS.items()}
        differ = subprocess.Popen((program, directory, str(NOW)), stdin=subprocess.PIPE)
        for number in range(count):
            algorithm = list(OWNERS)[number % len(OWNERS)]
            token = mutated(algorithm, honest[algorithm])
            differ.stdin.write(f"{algorithm} {int(pyjwt_takes(token, algorithm))} {len(token)}\n".encode() + token)
        differ.stdin.close()
        return differ.wait()


if __name__ == "__main__":
    sys.exit(main())
