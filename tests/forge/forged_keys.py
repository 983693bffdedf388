"""Tokens by keys that are not the verifier's, or by the right key in a wrong way."""
from keys import KEYS, make_secret
from table import Drop, family, row

# Whoever takes the algorithm from the header verifies these by the public key, which everybody has.
family("confusion: a public key as the secret of HMAC")
for verifier, owner in (("rs256", "rsa"), ("ps256", "rsa"), ("es256", "p256"), ("eddsa", "ed")):
    for form, data in KEYS[owner].forms().items():
        if verifier != "ps256" or form.startswith("PEM"):
            row("algorithm", f"HS256 by the {form}", verifier, key=make_secret(data), sign="HS256")
    for algorithm in "HS384", "HS512":
        row("algorithm", f"{algorithm} by the PEM", verifier, key=make_secret(KEYS[owner].pem()), sign=algorithm)
    named = {"ps256": "PS256", "rs256": "RS256", "es256": "ES256", "eddsa": "EdDSA"}[verifier]
    for algorithm in "HS256", "HS512":
        row("signature", f"{algorithm} by the PEM, called {named}", verifier, key=make_secret(KEYS[owner].pem()),
            sign=algorithm, header={"alg": named})
row("algorithm", "HS256 by the PEM of a published key, with its id", "jwks", key=make_secret(KEYS["rsa"].pem()),
        sign="HS256",
    header={"kid": "r1"})
for name, data in ("no secret at all", b""), ("one byte", b"a"), ("the word secret", b"secret"), ("zeros", bytes(32)):
    row("algorithm", f"HS256 by {name}", key=make_secret(data), sign="HS256")
    row("signature", f"HS256 by {name}, where HS256 is right", "hs256", key=make_secret(data))

family("confusion: another algorithm of the right key")
for verifier, owner, others in (
        ("rs256", "rsa", ("RS384", "RS512", "PS256", "PS384", "PS512")),
        ("ps256", "rsa", ("PS384", "PS512", "RS256", "RS512")),
        ("hs256", "secret", ("HS384", "HS512"))):
    named = verifier.upper()
    for algorithm in others:
        row("algorithm", f"{algorithm} by the key of {named}", verifier, key=owner, sign=algorithm)
        row("signature", f"{algorithm} by that key, called {named}", verifier, key=owner, sign=algorithm,
                header={"alg": named})
row("signature", "RS256 with SHA-1", key="rsa", sign="RS1", header={"alg": "RS256"})
row("algorithm", "RS1", key="rsa", sign="RS1")
row("algorithm", "EdDSA by its other name", "eddsa", header={"alg": "Ed25519"})
for verifier, owner in ("es256", "rsa"), ("eddsa", "p256"), ("rs256", "p256"), ("rs256", "ed"), ("hs256", "rsa"), \
        ("hs256", "ed"):
    other = KEYS[owner].algorithm
    row("algorithm", f"{other} by a key of its own", verifier, key=owner, sign=other)
    row("signature", f"{other} by a key of its own, called {verifier}", verifier, key=owner, sign=other,
        header={"alg": {"eddsa": "EdDSA"}.get(verifier, verifier.upper())})
for form, data in KEYS["rsa"].forms().items():
    if form in ("PEM", "JWK", "DER", "n as bytes"):
        row("signature", f"HS256 by the {form} of a public key", "hs256", key=make_secret(data))
secret = KEYS["secret"].secret
for name, data in (("with a newline", secret + b"\n"), ("without its last byte", secret[:-1]), ("twice", secret * 2),
        ("in hexadecimal", secret.hex().encode()), ("backwards", secret[::-1])):
    # not: with a zero behind it, which HMAC itself puts there
    row("signature", f"HS256 by the secret {name}", "hs256", key=make_secret(data))

family("algorithm: spelled otherwise, by the right key")
for name in "rs256", "Rs256", "RS256 ", " RS256", "RS2560", "RS-256", "RS256\n", "RS256\t", "RS256;none", \
        "RS256,HS256", "RS\u0425256", \
        "SHA256withRSA", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "", "RS25", "*", "any", "RS256" * 3, \
        "RS256" * 100:
    row("algorithm", f"alg {name[:24]!r}", header={"alg": name})
for value in None, True, 256, 1.5, [], ["RS256"], {}, {"RS256": 1}:
    row("algorithm", f"alg {value!r}", header={"alg": value})
row("algorithm", "no alg", header={"alg": Drop})
row("algorithm", "alg in capitals", header={"alg": Drop, "ALG": "RS256"})
row("algorithm", "RS256 where ES256 is pinned", "es256", header={"alg": "RS256"})
row("json", "alg with a NUL behind it", header=b'{"alg":"RS256\\u0000","typ":"JWT"}')

family("none, in every spelling, with a good signature")
for verifier in "rs256", "ps256", "es256", "eddsa", "hs256":
    for name in "none", "None", "NONE", "nOnE":
        row("algorithm", f"alg {name}", verifier, header={"alg": name})
for name in "none ", " none", "none\n", "none\t", "non", "nonee", "null", "NULL", "undefined", "plain", \
        "\uff4e\uff4f\uff4e\uff45", "n\u200bone", \
        "none,RS256", "NoNe", "nONE", "NONe", "unsecured", "0":
    row("algorithm", f"alg {name!r}", header={"alg": name})
row("algorithm", "none, by escapes", header=b'{"alg":"n\\u006fn\\u0065","typ":"JWT"}')
row("json", "none and a NUL", header=b'{"alg":"none\\u0000","typ":"JWT"}')
row("json", "none, then RS256", header=b'{"alg":"none","alg":"RS256"}')
row("json", "RS256, then none", header=b'{"alg":"RS256","alg":"none"}')
row("json", "RS256, then none by escapes", header=b'{"alg":"RS256","\\u0061lg":"none"}')
# No key is published there, so nobody can say of what is typed whether it is genuine.
row("form_not_accepted", "none, where the channel is trusted", "channel", header={"alg": "none"})
row("form_not_accepted", "RS256, where the channel is trusted", "channel")
for verifier in "rs256", "es256", "hs256", "jwks", "channel":
    for name in "none", "None", "RS256", "HS256":
        row("malformed", f"unsigned: {name}", verifier, header={"alg": name},
            then=lambda made: made[:made.rindex(b".") + 1])

family("foreign keys")
for verifier, owner in ("rs256", "rsa"), ("ps256", "rsa"), ("es256", "p256"), ("eddsa", "ed"), ("hs256", "secret"):
    for maker in "PyJWT", "jwcrypto", "openssl":
        row("signature", f"a stranger's key, by {maker}", verifier, key=f"foreign {owner}", maker=maker)
    row("signature", "a stranger's key, and expired: not told", verifier, key=f"foreign {owner}",
            payload={"exp": 1600000900, "iat": 1600000000})
row("signature", "the key of the next rotation, before it is ours", key="rsa next")
for kid in "r1", "r2":
    row("signature", f"a stranger's key as {kid}", "jwks", key="foreign rsa", header={"kid": kid})
row("signature", "the first key as the second", "jwks", key="rsa", header={"kid": "r2"})
row("unknown_key", "two keys could be meant", "jwks", key="rsa")
for kid in "r3", "R1", "r1 ", " r1", "r1\n", "r", "r11", "../r1", "/dev/null", "../../../../dev/null", "' OR 1=1 --", \
        "$(id)", "r1,r2", "*", "0", "k" * 127:
    row("unknown_key", f"kid {kid[:20]!r}", "jwks", key="rsa", header={"kid": kid})
    row("signature", f"kid {kid[:20]!r}, where one key answers for all", key="foreign rsa", header={"kid": kid})
for kid in "d1", "e1":
    row("unknown_key", f"RS256 by the key id of another kind, {kid}", "jwks", key="rsa", header={"kid": kid})
row("unknown_key", "ES256 by the key id of an RSA key", "jwks", key="p256", sign="ES256", header={"kid": "r1"})
row("algorithm", "PS256 by a key of RS256", "jwks", key="rsa", sign="PS256", header={"kid": "r1"})
for kid in None, 1, True, [], ["r1"], {}, "k" * 128, "k" * 4000:
    row("header", f"kid {str(kid)[:20]!r}", "jwks", key="rsa", header={"kid": kid})

family("curves and sizes")
for key, verifier in ("rsa of 1024 bits", "rs256"), ("rsa of 3072 bits", "rs256"), ("rsa with exponent 3", "rs256"), \
        ("rsa of 1024 bits", "ps256"), ("rsa of 3072 bits", "ps256"):
    row("signature", key, verifier, key=key)
for key, algorithm in ("p384", "ES384"), ("p521", "ES512"), ("k256", "ES256K"):
    row("algorithm", f"{algorithm} by its own curve", "es256", key=key, sign=algorithm)
    row("signature", f"{key}, called ES256", "es256", key=key, sign=algorithm, header={"alg": "ES256"})
row("signature", "Ed448, called EdDSA", "eddsa", key="ed448", maker="openssl")
