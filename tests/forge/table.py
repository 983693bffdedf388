"""The rows of the table: what a token says, who made it, which verifier sees it and what that must answer."""
import itertools
import json

from keys import KEYS, b64u
from makers import MAKERS

NOW = 1700000000
GOOD = {"sub": "c2m_alice", "iss": "c2m-api", "jti": "tok_1", "iat": NOW, "exp": NOW + 900, "token_type": "short",
        "scopes": ["login:web1", "jobs:read"]}
OWN = {"rs256": "rsa", "ps256": "rsa", "es256": "p256", "eddsa": "ed", "hs256": "secret"}
ALGORITHM = {"rs256": "RS256", "ps256": "PS256", "es256": "ES256", "eddsa": "EdDSA", "hs256": "HS256"}

# What design.md says of each reason; any other one is a refusal.
VERDICTS = {"credential": "granted", "subject": "forbidden", "scope": "forbidden", "audience": "forbidden",
        "api_unreachable": "unavailable"}
# These are said of a genuine token: the verifier alone takes it, and what comes after it does not.
BEYOND_THE_VERIFIER = {"credential", "subject", "scope", "audience", "too_old", "revoked", "ours", "no_token_id"}

ROWS = []
_family, _turn, _number = None, itertools.count(), itertools.count()


class Row:
    def __init__(self, reason, name, make, verifier, service, maker):
        self.family, self.reason, self.name, self.make = _family, reason, name, make
        self.verifier, self.service, self.maker = verifier, service, maker
        self.verdict = VERDICTS.get(reason, "denied")


def family(name):
    global _family
    _family = name


class Drop:
    """The member that is not there."""


def merged(base, changes):
    return {name: value for name, value in {**base, **changes}.items() if value is not Drop}


def raw(text):
    """The members of a good payload, before others that are written by hand."""
    return json.dumps(GOOD)[:-1].encode() + b"," + (text if isinstance(text, bytes) else text.encode()) + b"}"


def payload_of(payload):
    """The good id is another one each time: what was granted and not heard is revoked by its id."""
    if isinstance(payload, dict):
        payload = json.dumps(merged(GOOD, payload))
    body = payload if isinstance(payload, bytes) else payload.encode()
    return body.replace(b'"tok_1"', b'"tok_%d"' % next(_number))


def header_of(header, algorithm):
    """A dict when a library can write it, else bytes."""
    if isinstance(header, dict):
        header = merged({"alg": algorithm, "typ": "JWT"}, header)
        # a library would sign by the algorithm that the header names
        return header if header.get("alg") == algorithm and header.get("typ") == "JWT" else json.dumps(header).encode()
    return header if isinstance(header, bytes) else header.encode()


def plain(header):
    """What every library writes as it is told: they look into these members themselves."""
    strange = {"crit", "b64", "jwk", "jku", "x5u", "x5c", "zip"}
    return isinstance(header, dict) and not strange & header.keys() and isinstance(header.get("kid", ""), str)


def choose(key, algorithm, whole, maker):
    if maker:
        return MAKERS[maker]
    able = [one for one in MAKERS.values() if one.can(key, algorithm) and (whole or hasattr(one, "sign"))]
    return able[next(_turn) % len(able)]


def token(verifier="rs256", key=None, sign=None, header=None, payload=None, maker=None):
    """A function that makes the token, and the name of the library that does."""
    signer = key if not isinstance(key, str) and key else KEYS[key or OWN[verifier]]
    algorithm = sign or (ALGORITHM[verifier] if key is None or signer.private is not None and
            signer.algorithm[:2] == "RS" and verifier in ("rs256", "ps256") else signer.algorithm)
    head, body = header_of(header or {}, algorithm), payload_of(payload if payload is not None else {})
    whole = plain(head) and isinstance(payload if payload is not None else {}, dict)
    used = choose(signer, algorithm, whole, maker)

    def make():
        if whole:
            return used.token(signer, algorithm, head, body)
        text = b64u(head if isinstance(head, bytes) else json.dumps(head).encode()) + b"." + b64u(body)
        return text + b"." + b64u(used.sign(signer, algorithm, text))

    return make, used.name


def row(reason, name, verifier="rs256", service="sshd", then=None, **recipe):
    """REASON: the word of the log; THEN: what is done to the finished token."""
    base = "rs256" if verifier in ("jwks", "channel") else verifier
    make, maker = token(base, **recipe)
    ROWS.append(Row(reason, name, (lambda: then(make())) if then else make, verifier, service, maker))


def typed(reason, name, text, verifier="rs256", service="sshd", maker="by hand"):
    """What is typed as it stands."""
    ROWS.append(Row(reason, name, lambda: text, verifier, service, maker))


def parts(change):
    """For THEN: a function of the three parts."""
    return lambda made: change(*made.split(b"."))
