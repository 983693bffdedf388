"""Tokens whose key is right, and whose text is not: headers that ask for more, signatures, spellings, parts, sizes."""
import base64
import hashlib
import json

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, utils
from jwcrypto import jwe, jwk

from keys import KEYS, b64u
from table import GOOD, family, parts, row, token, typed

# Refused although the right key signed them: what they ask for is never done.
family("headers that bring a key, or ask for more")
own, foreign = KEYS["rsa"].public_jwk(), KEYS["foreign rsa"].public_jwk()
for name, value in (
        ("jwk", foreign), ("jwk", own), ("jwk", None), ("jku", "https://attacker.example/jwks.json"),
        ("jku", "file:///etc/passwd"),
        ("jku", "https://127.0.0.1:1/auth/../jwks"), ("jku", [""]), ("x5u", "https://attacker.example/cert.pem"),
        ("x5c", ["MIIB"]),
        ("x5c", []), ("crit", ["exp"]), ("crit", []), ("crit", ["b64"]), ("crit", None), ("crit", "exp"),
        ("b64", False), ("b64", True),
        ("zip", "DEF"), ("zip", None)):
    more = {name: value, "exp": 1} if name == "crit" else {name: value}
    row("header", f"{name}: {json.dumps(value)[:30]}, by a stranger", key="foreign rsa", header=more)
    row("header", f"{name}: {json.dumps(value)[:30]}, by the key itself", header=more)
for name in "JWK", "Jku", "x5t", "x5t#S256", "kty", "enc":
    row("signature", f"{name}, which is nothing to us, by a stranger", key="foreign rsa", header={name: foreign})
for name in "JWE", "dpop+jwt", "secevent+jwt", "logout+jwt", "JOSE", "", "JWT ", "at+jwt\n", "application/at+jwt", \
        None, 7, [], ["JWT"]:
    row("header", f"typ {name!r}", header={"typ": name})

family("signatures: zero, DER, cut, longer, moved")


def es256(change):
    """The signature of ES256 as two numbers, changed."""
    def then(made):
        head, body, signature = made.split(b".")
        bytes_ = base64.urlsafe_b64decode(signature + b"==")
        r, s = int.from_bytes(bytes_[:32], "big"), int.from_bytes(bytes_[32:], "big")
        return b".".join((head, body, b64u(change(r, s))))
    return then


def pair(r, s, width=32):
    return r.to_bytes(width, "big") + s.to_bytes(width, "big")


ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
for name, change in (
        ("r and s zero", lambda r, s: pair(0, 0)), ("r zero", lambda r, s: pair(0, s)),
        ("s zero", lambda r, s: pair(r, 0)),
        ("r and s one", lambda r, s: pair(1, 1)), ("r the order", lambda r, s: pair(ORDER, s)),
        ("s the order", lambda r, s: pair(r, ORDER)),
        ("all bits", lambda r, s: b"\xff" * 64), ("s and r", lambda r, s: pair(s, r)),
        ("DER", utils.encode_dss_signature),
        ("DER and zeros to 72 bytes", lambda r, s: utils.encode_dss_signature(r, s).ljust(72, b"\0")),
        ("33 bytes each", lambda r, s: pair(r, s, 33)), ("66 bytes each", lambda r, s: pair(r, s, 66)),
        ("r alone", lambda r, s: pair(r, s)[:32]),
        ("without its last byte", lambda r, s: pair(r, s)[:-1]), ("one byte more", lambda r, s: pair(r, s) + b"\0"),
        ("twice", lambda r, s: pair(r, s) * 2), ("in hexadecimal", lambda r, s: pair(r, s).hex().encode()),
        ("little end first", lambda r, s: r.to_bytes(32, "little") + s.to_bytes(32, "little"))):
    row("signature", f"ES256: {name}", "es256", then=es256(change))


def signed(change):
    """The bytes of a signature, changed."""
    return parts(lambda head, body, tail: b".".join((head, body, b64u(change(base64.urlsafe_b64decode(tail + b"=="))))))


modulus = KEYS["rsa"].private.public_key().public_numbers().n
for verifier in "rs256", "ps256":
    for name, change in (
            ("zero", lambda s: bytes(256)), ("one", lambda s: (1).to_bytes(256, "big")),
            ("the modulus less one", lambda s: (modulus - 1).to_bytes(256, "big")),
            ("the modulus", lambda s: modulus.to_bytes(256, "big")), ("all bits", lambda s: b"\xff" * 256),
            ("the modulus more", lambda s: (int.from_bytes(s, "big") + modulus).to_bytes(257, "big")),
            ("one byte", lambda s: s[:1]),
            ("without its last byte", lambda s: s[:-1]), ("a zero before it", lambda s: b"\0" + s),
            ("a zero behind it", lambda s: s + b"\0"),
            ("backwards", lambda s: s[::-1]), ("one bit otherwise", lambda s: s[:-1] + bytes([s[-1] ^ 1])),
            ("in hexadecimal", lambda s: s.hex().encode())):
        row("signature", f"{verifier.upper()}: {name}", verifier, then=signed(change))
    row("malformed", f"{verifier.upper()}: more than 1,024 bytes", verifier, then=signed(lambda s: s * 5))
L = 2**252 + 27742317777372353535851937790883648493
for name, change in (
        ("zero", lambda s: bytes(64)), ("all bits", lambda s: b"\xff" * 64), ("S and R", lambda s: s[32:] + s[:32]),
        ("R alone", lambda s: s[:32]),
        ("S and the order, which is as good an equation",
        lambda s: s[:32] + (int.from_bytes(s[32:], "little") + L).to_bytes(32, "little")),
        ("the neutral point", lambda s: b"\x01" + bytes(63)), ("one byte more", lambda s: s + b"\0")):
    row("signature", f"EdDSA: {name}", "eddsa", then=signed(change))
for name, change in ("zero", lambda s: bytes(32)), ("half of it", lambda s: s[:16]), ("one byte", lambda s: s[:1]), \
        ("one byte more", lambda s: s + b"\0"), \
        ("in hexadecimal", lambda s: s.hex().encode()):
    row("signature", f"HS256: {name}", "hs256", then=signed(change))


def by_hand(key, signer):
    """The whole token, whose signature is SIGNER's of the signed text."""
    def make(made):
        text = made[:made.rindex(b".")]
        return text + b"." + b64u(signer(KEYS[key].private, text))
    return make


def pss(length, mask=hashes.SHA256):
    return lambda key, text: key.sign(text, padding.PSS(padding.MGF1(mask()), length), hashes.SHA256())


for name, signer in ("no salt", pss(0)), ("a salt of 20 bytes", pss(20)), \
        ("the longest salt", pss(padding.PSS.MAX_LENGTH)), \
        ("MGF1 of SHA-1", pss(32, hashes.SHA1)):
    row("signature", f"PS256: {name}", "ps256", then=by_hand("rsa", signer))
row("signature", "RS256: of the hash of the text",
        then=by_hand("rsa", lambda key, text: key.sign(hashlib.sha256(text).digest(), padding.PKCS1v15(),
        hashes.SHA256())))
row("signature", "RS256: of the payload alone",
        then=by_hand("rsa", lambda key, text: key.sign(text.split(b".")[1], padding.PKCS1v15(), hashes.SHA256())))
row("signature", "RS256: of the decoded parts", then=by_hand("rsa", lambda key, text: key.sign(
    b".".join(base64.urlsafe_b64decode(part + b"==") for part in text.split(b".")), padding.PKCS1v15(),
        hashes.SHA256())))
for verifier in "rs256", "ps256", "es256", "eddsa", "hs256":
    other, _ = token(verifier, payload={"jti": "tok_2", "sub": "c2m_bob"})
    row("signature", f"the signature of another token: {verifier}", verifier,
        then=lambda made, other=other: made[:made.rindex(b".") + 1] + other().split(b".")[2])
    row("signature", f"the payload of another token: {verifier}", verifier,
        then=parts(lambda head, body, tail, other=other: b".".join((head, other().split(b".")[1], tail))))
    row("malformed", f"stripped: {verifier}", verifier, then=lambda made: made[:made.rindex(b".") + 1])

family("base64 in other spellings")
STANDARD = bytes.maketrans(b"-_", b"+/")
for place in range(3):
    def at(change, place=place):
        return parts(lambda *three: b".".join(change(part) if i == place else part for i, part in enumerate(three)))

    for name, change in ("=", lambda part: part + b"="), ("==", lambda part: part + b"=="), \
            ("A=", lambda part: part + b"A="):
        row("malformed", f"{name} after part {place + 1}", then=at(change))
    for name, change in ("a newline in", lambda part: part[:9] + b"\n" + part[9:]), \
            ("a blank before", lambda part: b" " + part), \
            ("%3D after", lambda part: part + b"%3D"), ("a backslash in", lambda part: part[:9] + b"\\" + part[9:]), \
            ("an n with a tilde in", lambda part: part[:9] + b"\xc3\xb1" + part[9:]), \
            ("a tab after", lambda part: part + b"\t"):
        row("not_credential", f"{name} part {place + 1}", then=at(change))


def loose_bits(part):
    """The last character with a bit that stands for nothing."""
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return part[:-1] + bytes([alphabet[alphabet.index(part[-1]) | 1]])


row("malformed", "a signature's last character in another spelling",
        then=parts(lambda a, b, c: b".".join((a, b, loose_bits(c)))))
row("malformed", "the payload's last character in another spelling", payload={"pad": "x"},
    then=parts(lambda a, b, c: b".".join((a, loose_bits(b64u(json.dumps(GOOD).encode().ljust(190))), c))))
row("malformed", "the other alphabet", header={"kid": "???>>>~~~"}, then=lambda made: made.translate(STANDARD))
row("malformed", "one character too many", then=lambda made: made + b"A" * ((1 - len(made.split(b".")[2])) % 4))
row("json", "a header in base32", then=parts(
        lambda a, b, c: b".".join((base64.b32encode(base64.urlsafe_b64decode(a + b"==")).rstrip(b"=").ljust(60, b"A"),
        b, c))))

family("parts: lost, empty, more, glued, in other wrappings")
for name, change in (
        ("no payload", lambda a, b, c: a + b".." + c), ("no signature", lambda a, b, c: a + b"." + b + b"."),
        ("two parts", lambda a, b, c: a + b"." + b),
        ("one part", lambda a, b, c: a), ("header and two dots", lambda a, b, c: a + b".."),
        ("a dot more", lambda a, b, c: b".".join((a, b, c, b""))),
        ("four parts", lambda a, b, c: b".".join((a, b, c, c))),
        ("six parts", lambda a, b, c: b".".join((a, b, c, a, b, c))),
        ("five parts, and a dot", lambda a, b, c: b".".join((a, b, c, c, c, b""))),
        ("two dots in a row", lambda a, b, c: a + b"." + b + b".." + c)):
    row("malformed", name, then=parts(change))
for name, change in (
        ("no header", lambda a, b, c: b"." + b + b"." + c), ("dots alone", lambda a, b, c: b".."),
        ("Bearer before it", lambda a, b, c: b"Bearer " + b".".join((a, b, c))),
        ("quoted", lambda a, b, c: b'"' + b".".join((a, b, c)) + b'"'),
        ("a newline behind it", lambda a, b, c: b".".join((a, b, c)) + b"\n"),
        ("carriage return and newline", lambda a, b, c: b".".join((a, b, c)) + b"\r\n"),
        ("a blank before it", lambda a, b, c: b" " + b".".join((a, b, c))),
        ("a byte order mark", lambda a, b, c: b"\xef\xbb\xbf" + b".".join((a, b, c))),
        ("two, by a newline", lambda a, b, c: b".".join((a, b, c)) + b"\n" + b".".join((a, b, c))),
        ("a NUL behind it", lambda a, b, c: b".".join((a, b, c)) + b"\0"),
        ("a NUL and junk", lambda a, b, c: b".".join((a, b, c)) + b"\0junk"),
        ("a NUL inside", lambda a, b, c: a + b"\0." + b + b"." + c),
        ("wide dots", lambda a, b, c: "\uff0e".encode().join((a, b, c))),
        ("UTF-16", lambda a, b, c: b".".join((a, b, c)).decode().encode("utf-16")),
        ("a bracketed paste", lambda a, b, c: b"\x1b[200~" + b".".join((a, b, c)) + b"\x1b[201~"),
        ("a cookie", lambda a, b, c: b"token=" + b".".join((a, b, c)) + b"; Path=/"),
        ("JWS in JSON", lambda a, b, c: json.dumps({"protected": a.decode(), "payload": b.decode(),
        "signature": c.decode()}).encode())):
    row("not_credential", name, then=parts(change))
row("json", "parts in another order", then=parts(lambda a, b, c: b".".join((c, b, a))))
row("json", "the signature as the payload", then=parts(lambda a, b, c: b".".join((a, c, b))))
row("algorithm", "the payload as the header", then=parts(lambda a, b, c: b".".join((b, a, c))))
row("claim", "the header as the payload", then=parts(lambda a, b, c: b".".join((a, a, c))))
row("json", "junk glued to the payload", then=parts(lambda a, b, c: b".".join((a,
        b64u(base64.urlsafe_b64decode(b + b"==") + b"junk"), c))))
row("json", "a token as the payload", payload=token()[0]())

# Five parts, and what long_forms names, are opaque: the API alone can say what they are. Here nobody answers for it.
family("what leaves the host as a long one, and is the API's to refuse")
row("api_unreachable", "five parts of a signed one", then=parts(lambda a, b, c: b".".join((a, b, c, c, c))))
row("api_unreachable", "five parts, the second one empty", then=parts(lambda a, b, c: b".".join((a, b"", b, c, c))))
row("api_unreachable", "lt_ before a good token", then=lambda made: b"lt_" + made)
row("api_unreachable", "a JWT that says long, by the key itself", payload={"token_type": "long"})
row("api_unreachable", "a JWT that says long, by a stranger", key="foreign rsa", payload={"token_type": "long"})
for algorithm, encryption in ("RSA-OAEP-256", "A256GCM"), ("dir", "A128CBC-HS256"):
    key = KEYS["rsa"].as_jwk if algorithm != "dir" else jwk.JWK.generate(kty="oct", size=256)
    made = jwe.JWE(token()[0](), json.dumps({"alg": algorithm, "enc": encryption, "cty": "JWT"}), recipient=key)
    typed("api_unreachable", f"a JWE around a good token, {algorithm}", made.serialize(compact=True).encode(),
            maker="jwcrypto")

# The module carries no answer of more than 8,192 bytes (it says too_long itself), so beyond that the helper is asked
# here what it would say if something else brought one.
family("sizes, up to 8 MB")
MB = 1000 * 1000
for name, size in ("8,193 bytes", 8193), ("64 KiB", 65536), ("1 MB", MB), ("8 MB", 8 * MB):
    row("too_long", f"a signature of {name}", then=lambda made, size=size: made.ljust(size, b"A"))
    row("too_long", f"{name} of header", header={"pad": "x" * size}, maker="openssl")
    row("too_long", f"{name} of payload", payload={"pad": "x" * size}, maker="PyJWT")
    row("too_long", f"{name} of NUL behind it", then=lambda made, size=size: made.ljust(size, b"\0"))
    row("too_long", f"{name} of parts", then=lambda made, size=size: (made + b".") * (size // len(made) + 1))
typed("too_long", "8 MB of nothing but NUL", bytes(8 * MB))
typed("too_long", "8 MB of digits", b"1" * (8 * MB))
typed("empty", "nothing", b"")
typed("not_credential", "8,192 dots", b"." * 8192)
typed("not_credential", "8,192 letters", b"A" * 8192)
typed("malformed", "8,192 letters that begin like a token", b"eyJ".ljust(8192, b"A"))
typed("not_credential", "8,192 bytes of NUL", bytes(8192))
typed("not_credential", "one byte", b"e")
typed("not_credential", "a password", b"correct horse battery staple")
typed("not_credential", "a password with four dots", b"a.b.c.d.e")
typed("form_not_accepted", "a code, where none is accepted", b"123456")
typed("json", "three letters and two dots", b"abcd.abcd.abcd")
typed("not_credential", "sshd's made-up answer", b"\b\n\r\177INCORRECT")
for length in 1023, 4095:
    row("cut", f"cut after {length} bytes, in the payload", payload={"pad": "x" * 5000},
            then=lambda made, length=length: made[:length])
row("cut", "cut after 1023 bytes, in the signature: it may have been honest", payload={"pad": "x" * 360},
    then=lambda made: made.ljust(1024, b"A")[:1023])
row("malformed", "cut after 1024 bytes, where nothing cuts", payload={"pad": "x" * 5000}, then=lambda made: made[:1024])
row("header", "a kid of 5,000 letters", header={"kid": "k" * 5000})
