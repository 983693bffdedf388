"""Tokens that the right key signed, whose words are not what they must be: JSON, numbers, times, names, ids, scopes."""
import json

from table import GOOD, NOW, Drop, family, raw, row

family("JSON that is none, or more than one")
for name, payload in (
        ("an array", json.dumps([GOOD])), ("a string", '"c2m_alice"'), ("a number", "1"), ("null", "null"),
        ("true", "true"), ("blanks", "  "),
        ("two objects", json.dumps(GOOD) * 2), ("junk behind", json.dumps(GOOD) + "x"),
        ("a comma behind", json.dumps(GOOD) + ","),
        ("a NUL behind", json.dumps(GOOD).encode() + b"\0"),
        ("a NUL and an object behind", json.dumps(GOOD).encode() + b"\0{}"),
        ("a NUL before", b"\0" + json.dumps(GOOD).encode()), ("not closed", json.dumps(GOOD)[:-1]),
        ("a comma before the end", json.dumps(GOOD)[:-1] + ",}"),
        ("a byte order mark", b"\xef\xbb\xbf" + json.dumps(GOOD).encode()),
        ("UTF-16", json.dumps(GOOD).encode("utf-16")), ("a comment", json.dumps(GOOD) + "/**/"),
        ("single quotes", json.dumps(GOOD).replace('"', "'")), ("no quotes", "{sub:1}"),
        ("a form", "sub=c2m_alice&exp=1700000900"), ("XML", "<sub>c2m_alice</sub>"),
        ("17 levels", raw('"x":' + "[" * 17 + "]" * 17)), ("2,000 levels", raw('"x":' + "[" * 2000 + "]" * 2000)),
        ("2,000 levels, open", "[" * 2000),
        ("invalid UTF-8", raw(b'"x":"\xff"')), ("overlong UTF-8", raw(b'"x":"\xc0\xaf"')),
        ("a surrogate", raw(b'"x":"\xed\xa0\x80"')),
        ("half a surrogate by escapes", raw('"x":"\\ud800"')), ("a raw newline in a string", raw('"x":"a\nb"')),
        ("a raw NUL in a string", raw(b'"x":"a\0b"')),
        ("an escape that is none", raw('"x":"\\x41"')), ("NaN", raw('"x":NaN')), ("Infinity", raw('"x":-Infinity')),
        ("hexadecimal", raw('"x":0x1')),
        ("a leading zero", raw('"x":01')), ("a plus", raw('"x":+1')), ("1.", raw('"x":1.')),
        ("2^63 in a strange member", raw('"x":9223372036854775808')),
        ("1e999", raw('"x":1e999'))):
    row("json", f"payload: {name}", payload=payload)
for name, header in (
        ("an array", '["RS256"]'), ("null", "null"), ("junk behind", '{"alg":"RS256"}x'),
        ("a NUL behind", b'{"alg":"RS256"}\0'), ("2,000 levels", '{"alg":"RS256","x":' + "[" * 2000 + "]" * 2000 + "}"),
        ("invalid UTF-8", b'{"alg":"RS256","x":"\xff"}'), ("not closed", '{"alg":"RS256"'),
        ("a byte order mark", b'\xef\xbb\xbf{"alg":"RS256"}')):
    row("json", f"header: {name}", header=header)
row("json", "NUL in a subject",
        payload=b'{"sub":"c2m_alice\\u0000","iss":"c2m-api","jti":"t","iat":1700000000,"exp":1700000900}')
row("json", "NUL in a name", payload=raw('"x\\u0000y":1'))

family("duplicate and escaped members")
for name, value in ("sub", '"c2m_bob"'), ("sub", '"c2m_alice"'), ("exp", "1800000000"), ("iat", "1700000000"), \
        ("iss", '"c2m-api"'), ("jti", '"tok_2"'), \
        ("scopes", '["login:web1"]'), ("token_type", '"short"'):
    row("json", f"two {name}", payload=raw(f'"{name}":{value}'))
    row("json", f"two {name}, one by escapes", payload=raw(f'"\\u{ord(name[0]):04x}{name[1:]}":{value}'))
row("json", "two strange members", payload=raw('"x":1,"x":2'))
row("json", "two members deep inside", payload=raw('"x":{"y":[{"z":1,"z":2}]}'))
for name in "alg", "typ", "kid":
    row("json", f"two {name} in the header", header=f'{{"alg":"RS256","typ":"JWT","kid":"k","{name}":"RS256"}}')
row("header", "crit by escapes", header=b'{"alg":"RS256","cr\\u0069t":["exp"],"exp":1}')
row("header", "jwk by escapes", header=b'{"alg":"RS256","\\u006a\\u0077\\u006b":{}}')
row("claim", "SUB in capitals alone", payload={"sub": Drop, "SUB": "c2m_alice"})

family("numbers: float, text, exponent, 2^63")
for claim in "exp", "iat", "nbf":
    for value in ("1700000900.0", '"1700000900"', "17000009e2", "1.7000009e9", "true", "null", "[]", "{}",
            "[1700000900]", "-1", "-1700000900",
            "9223372036854775807", "-9223372036854775808", str(2**40), str(2**53 + 1), '""', '"0x6553f100"'):
        row("claim", f"{claim} {value}", payload=json.dumps({**GOOD, claim: "HERE"}).replace('"HERE"', value))
    for value in "9223372036854775808", "18446744075409552516", "-9223372036854775809", "1" * 400:
        row("json", f"{claim} {value[:24]}", payload=json.dumps({**GOOD, claim: "HERE"}).replace('"HERE"', value))
row("claim", "exp 0", payload={"exp": 0})
row("claim", "no exp", payload={"exp": Drop})
row("claim", "no iat: nobody could say that it is a short one", payload={"iat": Drop})
row("claim", "iat 0", payload={"iat": 0})
row("claim", "times in milliseconds", payload={"iat": NOW * 1000, "exp": (NOW + 900) * 1000})

family("times and types")
for verifier in "rs256", "ps256", "es256", "eddsa", "hs256":
    row("expired", "expired an hour ago", verifier, payload={"iat": NOW - 4500, "exp": NOW - 3600})
for name, reason, changes in (
        ("expired 30 s ago, which is the tolerance", "expired", {"iat": NOW - 900, "exp": NOW - 30}),
        ("expired in 1970", "expired", {"iat": 1, "exp": 900}),
        ("issued in 31 s", "not_yet", {"iat": NOW + 31}), ("valid in 31 s", "not_yet", {"nbf": NOW + 31}),
        ("issued tomorrow", "not_yet", {"iat": NOW + 86400, "exp": NOW + 87300}),
        ("valid in 2038", "not_yet", {"nbf": 2**31}), ("lives no second", "lifetime", {"exp": NOW}),
        ("ends before it begins", "lifetime", {"iat": NOW + 20, "exp": NOW + 10}),
        ("lives a second too long", "lifetime", {"exp": NOW + 3601}),
        ("lives until 2038", "lifetime", {"exp": 2**31 - 1}), ("lives until 2106", "lifetime", {"exp": 2**32 - 1}),
        ("lives 2^32 seconds more", "lifetime", {"exp": 2**32 + NOW + 900}),
        ("lives for ever", "lifetime", {"exp": 2**40 - 1}), ("issued in 1970", "lifetime", {"iat": 1}),
        ("token_type access", "token_type", {"token_type": "access"}),
        ("token_type refresh", "token_type", {"token_type": "refresh"}),
        ("token_type Short", "token_type", {"token_type": "Short"}),
        ("token_type LONG", "token_type", {"token_type": "LONG"}),
        ("token_type empty", "token_type", {"token_type": ""}),
        ("token_type and a blank", "token_type", {"token_type": "short "}),
        ("token_type of 300 letters", "token_type", {"token_type": "s" * 300}),
        ("token_type null", "claim", {"token_type": None}), ("token_type a list", "claim", {"token_type": ["short"]}),
        ("token_type a number", "claim", {"token_type": 1})):
    row(reason, name, payload=changes)
row("too_old", "older than a minute, where that is the limit", service="young", payload={"iat": NOW - 61})

family("subjects, and clients beside them")
for value in "c2m_bob", "c2m_mallory", "C2M_ALICE", "c2m_Alice", "c2m_alic", "c2m_alicee", "c2m_alice2x", "alice", \
        "root", "0", "c2m_alice/../c2m_bob", "c2m_alice:c2m_bob", \
        "c2m-alice", "c2m_a1ice", "c2m_aIice", "/", ".", "~", "@", "x" * 127:
    row("subject", f"sub {value[:24]!r}", payload={"sub": value})
for value in ("c2m_\u0430lice", "c2m_alice\u200b", "\u202ec2m_alice", "c2m_alice\u0301", "c2m_alice ", " c2m_alice",
        "c2m_alice\n", "c2m_alice\r\nlogin granted", "c2m_\talice", "c2m_alice\x1b[2J",
        "c2m_alice,c2m_bob", "c2m_alice c2m_bob", "c2m_*", "*", "%", "c2m_alice;", "", "x" * 128, "x" * 4000, None, 0,
        1, True, [], ["c2m_alice"], ["c2m_alice", "c2m_bob"], {},
        {"c2m_alice": 1}):
    row("claim", f"sub {str(value)[:24]!r}", payload={"sub": value})
row("claim", "no sub", payload={"sub": Drop})
row("claim", "no sub, client_id in its place", payload={"sub": Drop, "client_id": "c2m_alice"})
row("subject", "another client_id beside it", payload={"client_id": "c2m_bob"})
row("subject", "another sub beside the client_id", payload={"sub": "c2m_bob", "client_id": "c2m_alice"})
for value in None, "", ["c2m_alice"], 1, {}, "c2m_alice\n":
    row("claim", f"client_id {value!r}", payload={"client_id": value})
for value in "C2M-API", "c2m-api-v2", "c2m-ap", "c2m-api/", "c2m-api ", " c2m-api", "https://c2m-api", "c2m\u2010api", \
        "c2m-api,c2m-api", "x":
    row("issuer", f"iss {value!r}", payload={"iss": value})
row("issuer", "no iss", payload={"iss": Drop})
for value in None, "", ["c2m-api"], {"c2m-api": 1}, 1, "c2m-api\n", "x" * 256:
    row("claim", f"iss {str(value)[:24]!r}", payload={"iss": value})

family("ids, revoked ones and our own")
for value in "", ".", "..", "../long", "a/b", "/", "a?b", "a#b", "a b", "%2e%2e", "..%2f", "tok\n1", "tok\r\nX: y", \
        "tok\u0661", "tok\\1", "x" * 128, None, 1, True, ["tok_1"], {}:
    row("claim", f"jti {str(value)[:24]!r}", payload={"jti": value})
    if value in (None, "", "..", "a/b"):
        row("claim", f"token_id {value!r}", payload={"jti": Drop, "token_id": value})
row("no_token_id", "no id: it could not be revoked", payload={"jti": Drop})
row("no_token_id", "an id of another name", payload={"jti": Drop, "id": "tok_1", "JTI": "tok_1"})
for verifier in "rs256", "ps256", "es256", "eddsa", "hs256":
    row("revoked", "a revoked id", verifier, payload={"jti": "tok_revoked"})
row("revoked", "a revoked id as token_id", payload={"jti": Drop, "token_id": "tok_revoked"})
row("revoked", "a revoked id, by escapes", payload=json.dumps(GOOD).replace("tok_1", "tok\\u005frevoked"))
row("revoked", "a revoked id in another token", payload={"jti": "tok_revoked", "exp": NOW + 1000})
row("revoked", "a revoked id under another header", payload={"jti": "tok_revoked"}, header={"kid": "another"})
row("ours", "what this helper itself obtained", payload={"jti": "tok_ours"})

family("scopes and audiences")
for value in (["login:web2"], ["login:web10"], ["login:web"], ["Login:web1"], ["LOGIN:WEB1"], ["login:"], ["login"],
        ["*"], ["*:*"], ["login*"], ["login:**"], ["log:*"], ["xlogin:web1"],
        ["c2m-api/login:web1"], ["login:web1,jobs:read"], ["jobs:read", "tokens:write"], ["web1"], [],
        ["login:web1/"], ["login:*x"]):
    row("scope", f"scopes {json.dumps(value)}", payload={"scopes": value})
for value in (["login:web1 "], ["login:web1", ""], ["login:web1\n"], ["login:web1 jobs:read"], [["login:web1"]],
        [None], [1], ["login:web1", 1], {"login:web1": 1}, "login:web1", None, 1, ["l\u043egin:web1"],
        ['"login:web1"'], ["login:web1\\"], [f"s{i}" for i in range(65)], ["x" * 129],
        ["x" * 120 + str(i) for i in range(30)]):
    row("claim", f"scopes {json.dumps(value)[:24]}", payload={"scopes": value})
row("scope", "no scopes", payload={"scopes": Drop})
row("scope", "scope that does not hold it", payload={"scopes": Drop, "scope": "login:web2 jobs:read"})
row("scope", "scope, where scopes is empty", payload={"scopes": [], "scope": "login:web1"})
for name in "scp", "roles", "permissions", "Scopes", "SCOPE":
    row("scope", f"{name} in its place", payload={"scopes": Drop, name: ["login:web1"]})
for value in ["login:web1"], None, 1, "login:web1\tjobs:read", "login:web1\n", "\u00a0login:web1":
    row("claim", f"scope {value!r}", payload={"scopes": Drop, "scope": value})
row("claim", "a list as scope beside scopes", payload={"scope": ["login:web1"]})
row("scope", "what logs in to sshd, at a service that asks for more", service="ops")
for value in "web2", "WEB1", "web1 ", "web", "web11", "https://web1", ["web2", "web11"], []:
    row("audience", f"aud {value!r}", service="aud", payload={"aud": value})
row("audience", "no aud", service="aud")
for value in "", None, 1, [1], [""], [None], {"web1": 1}, "web1\n", ["web1\nweb2"], [["web1"]], "x" * 2000:
    row("claim", f"aud {str(value)[:24]!r}", service="aud", payload={"aud": value})
