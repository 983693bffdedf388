"""What must pass, of every algorithm: a table of refusals proves nothing if all is refused."""
import json

from forged_text import ORDER, es256, pair
from keys import KEYS, b64u
from table import ALGORITHM, GOOD, NOW, Drop, family, raw, row

VARIANTS = (
    ("as the service writes it", {}, {}),
    ("without typ", {"typ": Drop}, {}),
    ("typ in small letters", {"typ": "jwt"}, {}),
    ("typ at+jwt", {"typ": "at+jwt"}, {}),
    ("a key id, where one key answers for all", {"kid": "2024-02"}, {}),
    ("a member of the header that is nothing to us", {"x5t": "AAAA"}, {}),
    ("without token_type", {}, {"token_type": Drop}),
    ("token_id for jti", {}, {"jti": Drop, "token_id": "stk_1"}),
    ("an id of 127 letters", {}, {"jti": "x" * 127}),
    ("an id of every letter that is allowed", {}, {"jti": "tok_st-1.2~3"}),
    ("scope in place of scopes", {}, {"scopes": Drop, "scope": "jobs:read login:web1"}),
    ("all of login", {}, {"scopes": ["login:*"]}),
    ("64 scopes", {}, {"scopes": ["login:web1"] + [f"s{i}" for i in range(63)]}),
    ("the user's second client", {}, {"sub": "c2m_alice2"}),
    ("client_id beside sub", {}, {"client_id": "c2m_alice"}),
    ("an audience that nobody asks for", {}, {"aud": ["c2m-api-clients", "x"]}),
    ("issued in 30 s", {}, {"iat": NOW + 30}),
    ("valid in 30 s", {}, {"nbf": NOW + 30}),
    ("expired 29 s ago", {}, {"iat": NOW - 900, "exp": NOW - 29}),
    ("an hour", {}, {"exp": NOW + 3600}),
    ("strange claims of every kind", {}, {"a": None, "b": 1.5, "c": [1, {"d": []}], "e": "\u00e9\U0001f511",
        "f": True}),
    ("a name by escapes", {}, json.dumps(GOOD).replace('"sub"', '"s\\u0075b"')),
    ("blanks in the JSON", {}, " \n" + json.dumps(GOOD, indent=4) + "\r\n\t"),
    ("16 levels", {}, raw('"x":' + "[" * 15 + "]" * 15)),
    ("2^63 less one in a strange member", {}, raw('"x":9223372036854775807')),
)

SIGNATURE = {"rs256": 342, "ps256": 342, "es256": 86, "eddsa": 86, "hs256": 43}


def filled(verifier, size):
    """Header and payload with so many blanks behind them that the token is of that size."""
    for blanks in range(3):
        header = json.dumps({"alg": ALGORITHM[verifier]}).encode() + b" " * blanks
        for more in range(size):
            payload = json.dumps({**GOOD, "jti": "full"}).encode() + b" " * more
            if len(b64u(header)) + 1 + len(b64u(payload)) + 1 + SIGNATURE[verifier] == size:
                return {"header": header, "payload": payload}
    raise ValueError(size)


for verifier in "rs256", "ps256", "es256", "eddsa", "hs256":
    family(f"honest: {verifier}")
    for name, header, payload in VARIANTS:
        row("credential", name, verifier, header=header, payload=payload)
    row("credential", "8,192 bytes", verifier, **filled(verifier, 8192))
    family("sizes, up to 8 MB")
    row("too_long", "8,194 bytes, and all good", verifier, **filled(verifier, 8194))

family("honest: a set of keys, services of their own")
for kid, key in ("r1", "rsa"), ("r2", "rsa next"), ("e1", "p256"), ("d1", "ed"):
    row("credential", f"by {kid}", "jwks", key=key, sign=KEYS[key].algorithm, header={"kid": kid})
for key in "p256", "ed":
    row("credential", f"without a key id, the only one of its kind: {key}", "jwks", key=key, sign=KEYS[key].algorithm)
row("credential", "a service's own scope", service="ops", payload={"scopes": ["ops:root"]})
row("credential", "a service's audience", service="aud", payload={"aud": ["web2", "web1"]})
row("credential", "a minute old, where that is the limit", service="young", payload={"iat": NOW - 60})

# Valid by the mathematics of ECDSA, with the same words: it is the same token, for its id is.
family("honest: the other of an ECDSA signature's two spellings")
other = es256(lambda r, s: pair(r, ORDER - s))
row("credential", "the order less s", "es256", then=other)
row("revoked", "the same, of a revoked token: the id decides", "es256", payload={"jti": "tok_revoked"}, then=other)
