"""Answers that a proper HTTP server could give: statuses, redirects, bodies, members, ids, tokens, limits."""
import gzip
import json
import zlib

from table import family, row
from words import ABSENT, AUTH_ERR, CANARY, PERM_DENIED, SUCCESS, UNAVAILABLE, good, html, http, json_answer

# --- the status decides, the code refines ---------------------------------------------------------------------------
family("status codes")
row(AUTH_ERR, "api_refused", "401 with a code", json_answer(401, {"code": "invalid_token", "message": CANARY}))
row(AUTH_ERR, "api_refused", "401 without a body", http(401))
row(AUTH_ERR, "api_refused", "401 of a proxy, in HTML", html(401))
row(AUTH_ERR, "api_refused", "401 with a good token in it", lambda n: json_answer(401, good(n)))
for shape in {"code": "invalid_grant", "message": CANARY}, {"error": "invalid_grant"}, \
        {"errorCode": "invalid_grant", "errorMessage": CANARY}, {"code": 7, "error": "invalid_grant"}:
    row(AUTH_ERR, "api_refused", f"400 {json.dumps(shape)[:40]}", json_answer(400, shape))
for name, answer in (("400 of another code", json_answer(400, {"code": "invalid_request"})),
        ("400 without a body", http(400)),
        ("400 invalid_grant in HTML's clothes", http(400, b'{"code":"invalid_grant"}', "text/html")),
        ("400 INVALID_GRANT", json_answer(400, {"code": "INVALID_GRANT"})),
        ("400 with two codes", http(400, b'{"code":"invalid_grant","code":"x"}', "application/json")),
        ("400 invalid_grant and a NUL", http(400, b'{"code":"invalid_grant\\u0000"}', "application/json")),
        ("400 invalid_grant in a list", json_answer(400, [{"code": "invalid_grant"}])),
        ("400 whose body is cut", http(400, b'{"code":"invalid_grant"', "application/json"))):
    row(UNAVAILABLE, "api_error", name, answer)
for status in 402, 404, 405, 406, 408, 409, 410, 413, 415, 418, 421, 422, 423, 425, 426, 428, 431, 451, 499:
    row(UNAVAILABLE, "api_error", str(status), json_answer(status, {"code": "not_found", "message": CANARY}))
for status in 500, 501, 502, 503, 504, 505, 507, 511, 520, 599:
    row(UNAVAILABLE, "api_error", str(status), html(status))
row(UNAVAILABLE, "api_error", "500 with a good token in it", lambda n: json_answer(500, good(n)))
row(UNAVAILABLE, "api_error", "503 with Retry-After", http(503, b"", "text/html", "Retry-After: 1"))
row(PERM_DENIED, "api_forbidden", "403 insufficient_scope",
        json_answer(403, {"code": "insufficient_scope", "message": CANARY}))
row(PERM_DENIED, "suspended", "403 ACCOUNT_SUSPENDED",
        json_answer(403, {"errorType": "x", "errorCode": "ACCOUNT_SUSPENDED"}))
row(UNAVAILABLE, "api_error", "403 of a firewall, in HTML", html(403))
row(UNAVAILABLE, "api_error", "403 of a gateway, without a code", json_answer(403, {"message": "Forbidden " + CANARY}))
row(UNAVAILABLE, "api_error", "403 whose code would forge a line of the log",
        json_answer(403, {"code": "x\nevent=login verdict=granted " + CANARY}))
row(UNAVAILABLE, "api_error", "403 whose code clears a terminal", json_answer(403, {"code": "\x1b[2J" + CANARY}))
row(UNAVAILABLE, "api_error", "403 whose code is a number", json_answer(403, {"code": 1}))
row(UNAVAILABLE, "api_error", "403 whose code has 64 letters", json_answer(403, {"code": CANARY.ljust(64, "x")}))
for status in 202, 203, 204, 205, 206, 207, 226, 299:
    row(UNAVAILABLE, "api_nonsense", f"{status} with a token", lambda n, status=status: json_answer(status, good(n)))
for status in 600, 700, 999:
    row(UNAVAILABLE, "api_nonsense", f"{status} with a token", lambda n, status=status: json_answer(status, good(n)))

# Followed, they would carry the bearer elsewhere.
family("redirects")
for status in 300, 301, 302, 303, 304, 305, 307, 308:
    row(UNAVAILABLE, "api_nonsense", f"{status} to the same server",
            http(status, b"", "text/html", "Location: /stolen"))
for place in "http://127.0.0.1:1/stolen", "https://attacker.example/stolen", "file:///etc/passwd", \
        "//127.0.0.1/stolen", "/stolen\r\nX-Token-Id: ../x":
    row(UNAVAILABLE, "api_nonsense", f"307 to {place[:30]!r}", http(307, b"", "text/html", "Location: " + place))
row(UNAVAILABLE, "api_nonsense", "200 with Location and Refresh",
        lambda n: http(200, b"", "application/json", "Location: /stolen", "Refresh: 0; url=/stolen"))

# --- the body -------------------------------------------------------------------------------------------------------
family("bodies that are none")
for name, body in (("nothing", b""), ("blanks", b"   "), ("null", b"null"), ("an empty list", b"[]"),
        ("a string", json.dumps(CANARY).encode()), ("a number", b"1"), ("an empty object", b"{}"),
        ("text", CANARY.encode()),
        ("a form", b"access_token=a.b.c"), ("a NUL", b"\0"), ("60,000 levels", b"[" * 60000),
        ("17 levels", b'{"x":' * 17 + b"1" + b"}" * 17), ("random bytes", bytes(range(256))),
        ("JSON with a comment", b"{} // x")):
    row(UNAVAILABLE, "api_nonsense", name, http(201, body, "application/json"))
row(UNAVAILABLE, "api_nonsense", "HTML with 200", html(200))
for name, change in (
        ("cut in the token", lambda body: body[:100]), ("without its last brace", lambda body: body[:-1]),
        ("junk behind it", lambda body: body + b"x"), ("a NUL behind it", lambda body: body + b"\0"),
        ("twice", lambda body: body * 2), ("in a list", lambda body: b"[" + body + b"]"),
        ("a byte order mark before it", lambda body: b"\xef\xbb\xbf" + body),
        ("UTF-16", lambda body: body.decode().encode("utf-16")),
        ("UTF-32", lambda body: body.decode().encode("utf-32-le")),
        ("single quotes", lambda body: body.replace(b'"', b"'")),
        ("invalid UTF-8 beside it", lambda body: body[:-1] + b',"x":"\xff"}'),
        ("a surrogate beside it", lambda body: body[:-1] + b',"x":"\\ud800"}'),
        ("NaN beside it", lambda body: body[:-1] + b',"x":NaN}'),
        ("a NUL beside it", lambda body: body[:-1] + b',"x":"a\0b"}'),
        ("an escaped NUL beside it", lambda body: body[:-1] + b',"x":"a\\u0000b"}'),
        ("2^63 beside it", lambda body: body[:-1] + b',"x":9223372036854775808}'),
        ("another token of the same name", lambda body: body[:-1] + b',"access_token":"a.b.c"}'),
        ("the same name by escapes", lambda body: body[:-1] + b',"access\\u005ftoken":"a.b.c"}'),
        ("two strange members", lambda body: body[:-1] + b',"x":1,"x":2}'),
        ("gzip that nobody asked for", gzip.compress), ("deflate that nobody asked for", zlib.compress),
        ("17 levels beside it", lambda body: body[:-1] + b',"x":' + b"[" * 17 + b"]" * 17 + b"}"),
        ("an event stream", lambda body: b"data: " + body + b"\n\n"),
        ("a prefix against scripts", lambda body: b")]}',\n" + body)):
    row(UNAVAILABLE, "api_nonsense", f"a good one, {name}",
            lambda n, change=change: http(201, change(json.dumps(good(n)).encode()), "application/json"))
for encoding, pack in (("gzip", gzip.compress), ("deflate", zlib.compress), ("br", lambda body: b"\x8b\x02\x80" + body),
        ("x-gzip", gzip.compress), ("identity, gzip", gzip.compress)):
    row(UNAVAILABLE, "api_nonsense", f"Content-Encoding: {encoding}",
            lambda n, encoding=encoding, pack=pack: http(201, pack(json.dumps(good(n)).encode()), "application/json",
            "Content-Encoding: " + encoding))
for kind in "text/html", "text/plain", "application/jsonp", "application/json2", "text/json", \
        "application/x-www-form-urlencoded", "json", "", None:
    row(UNAVAILABLE, "api_nonsense", f"a good one as {kind}",
            lambda n, kind=kind: http(201, json.dumps(good(n)).encode(), kind))

family("members of a wrong type or value")
for value in None, 1, True, [], ["a.b.c"], {}, "", " ", "a.b.c\n", "a.b.c d", "\x1b[2J", "a.\u00e9.c", "a" * 8193, \
        "a\r\nX: y":
    row(UNAVAILABLE, "api_nonsense", f"access_token {str(value)[:20]!r}",
            json_answer(201, {"access_token": value, "expires_in": 900}))
row(UNAVAILABLE, "api_nonsense", "no access_token", lambda n: json_answer(201, good(n, access_token=ABSENT)))
row(UNAVAILABLE, "api_nonsense", "accessToken", lambda n: json_answer(201, {"accessToken": good(n)["access_token"]}))
for value in "standard", "900", 0, -1, 1000000001, 2**62, 1.5, True, [], {}:
    row(UNAVAILABLE, "api_nonsense", f"expires_in {value!r}",
            lambda n, value=value: json_answer(201, good(n, expires_in=value)), revoked=True)
for value in 1, [], {}, True:
    row(UNAVAILABLE, "api_nonsense", f"expires_at {value!r}",
            lambda n, value=value: json_answer(201, good(n, expires_at=value)), revoked=True)
for value in "Basic", "MAC", "Bearer ", "", 1, [], ["Bearer"]:
    row(UNAVAILABLE, "api_nonsense", f"token_type {value!r}",
            lambda n, value=value: json_answer(201, good(n, token_type=value)), revoked=True)
for value in 1, {}, [1], [None], [["login:web1"]], ["a b"], ["a\nb"], ["\x1b[2J"], [""], [CANARY * 20], \
        [f"s{i}" for i in range(65)]:
    row(UNAVAILABLE, "api_nonsense", f"scopes {json.dumps(value)[:20]}",
            lambda n, value=value: json_answer(201, good(n, scopes=value)), revoked=True)

family("ids made for a path")
for value in "../long", "..", ".", "a/b", "/", "a?b", "a#b", "a%2fb", "%2e%2e", "a b", "a\nb", "a\r\nX: y", \
        "tok_\u0661", "x" * 128, "\\", 1, True, [], {}:
    row(UNAVAILABLE, "api_nonsense", f"token_id {str(value)[:20]!r}",
            lambda n, value=value: json_answer(201, good(n, token_id=value)), revoked=True)
for value in "../long", "..", "a/b", "a%2fb", "x" * 128, "a;b", CANARY + "\x1b":
    row(SUCCESS, "credential", f"X-Token-Id {value[:20]!r}: the token's own is used",
            lambda n, value=value: json_answer(201, good(n, token_id=ABSENT), "X-Token-Id: " + value), revoked=True)
row(SUCCESS, "credential", "two X-Token-Id that differ",
        lambda n: json_answer(201, good(n, token_id=ABSENT), "X-Token-Id: a", "X-Token-Id: b"), revoked=True)

# --- a token that is none of this login's ---------------------------------------------------------------------------
# It was handed out, so it is revoked, and refused: it is no outage, and no local password may follow.
family("tokens of another user, time or maker")
for verdict, reason, name, claims in (
        (PERM_DENIED, "subject", "another user's", {"sub": "c2m_bob"}),
        (PERM_DENIED, "subject", "nobody's", {"sub": "c2m_nobody"}),
        (PERM_DENIED, "subject", "another client's beside it", {"client_id": "c2m_bob"}),
        (AUTH_ERR, "not_yet", "of tomorrow", {"iat": "+86400", "exp": "+87300"}),
        (AUTH_ERR, "lifetime", "one that lives a month", {"exp": "+2592000"}),
        (AUTH_ERR, "lifetime", "one that lives two hours", {"exp": "+7200"}),
        (AUTH_ERR, "token_type", "a long one", {"token_type": "long"}),
        (AUTH_ERR, "issuer", "another issuer's", {"iss": "c2m-api-v2"}),
        (PERM_DENIED, "scope", "without the scope", {"scopes": ["jobs:read"]}),
        (PERM_DENIED, "scope", "without any scope", {"scopes": []})):
    row(verdict, reason, name, lambda n, claims=claims: json_answer(201, good(n, claims=claims)), revoked=True)
row(AUTH_ERR, "expired", "an expired one", lambda n: json_answer(201, good(n, claims={"iat": "-4500", "exp": "-3600"})))
row(AUTH_ERR, "claim", "without sub", lambda n: json_answer(201, good(n, claims={"sub": ABSENT})), revoked=True)
row(AUTH_ERR, "claim", "whose sub would forge a line of the log",
        lambda n: json_answer(201, good(n, claims={"sub": "c2m_alice\nevent=login verdict=granted " + CANARY})),
        revoked=True)
row(AUTH_ERR, "claim", "whose exp is a text", lambda n: json_answer(201, good(n, claims={"exp": "soon"})), revoked=True)
row(AUTH_ERR, "no_token_id", "without an id anywhere",
        lambda n: json_answer(201, good(n, token_id=ABSENT, claims={"jti": ABSENT})))
row(AUTH_ERR, "signature", "a stranger's", lambda n: json_answer(201, good(n, signer="stranger")), revoked=True)
row(AUTH_ERR, "malformed", "unsigned, alg none", lambda n: json_answer(201, good(n, signer="nobody")), revoked=True)
row(AUTH_ERR, "algorithm", "HS256 by the public key", lambda n: json_answer(201, good(n, signer="confused")),
        revoked=True)
for text, reason in ("abc", "malformed"), ("a.b.c", "malformed"), ("eyJ" * 2000, "malformed"), \
        ("lt_another", "malformed"), ("...", "malformed"), ("====", "malformed"):
    row(AUTH_ERR, reason, f"no JWT: {text[:20]}", lambda n, text=text: json_answer(201, good(n, access_token=text)),
            revoked=True)

# --- a code buys a long token first ---------------------------------------------------------------------------------
family("answers to a one-time code")
for verdict, reason, name, answer in (
        (AUTH_ERR, "api_refused", "401", json_answer(401, {"code": "invalid_client"})),
        (AUTH_ERR, "api_refused", "400 invalid_grant", json_answer(400, {"code": "invalid_grant"})),
        (UNAVAILABLE, "api_error", "500", html(500)),
        (UNAVAILABLE, "api_nonsense", "HTML with 200", html(200)), (UNAVAILABLE, "api_nonsense", "nothing", b""),
        (UNAVAILABLE, "api_nonsense", "a redirect", http(307, b"", "text/html", "Location: /stolen")),
        (UNAVAILABLE, "api_nonsense", "an id made for a path",
        json_answer(201, {"access_token": "lt_x", "token_id": "../../short", "expires_in": 3600})),
        (UNAVAILABLE, "api_nonsense", "expires_in standard",
        json_answer(201, {"access_token": "lt_x", "token_id": "tok_lt_standard", "expires_in": "standard"}))):
    row(verdict, reason, name, answer, form="code")

# --- a limit holds for all, so each has a helper of its own ---------------------------------------------------------
# THEN: "served" a login that comes at once waits, and is granted; "held" it is told so without a request.
family("429 and Retry-After")
for name, lines, then in (
        ("1 s", ["Retry-After: 1"], "served"), ("0", ["Retry-After: 0"], "served"),
        ("a date that is over", ["Date: Sun, 06 Nov 1994 08:49:37 GMT", "Retry-After: Sun, 06 Nov 1994 08:49:36 GMT"],
        "served"),
        ("a date in two seconds, by the server's clock",
        ["Date: Sun, 06 Nov 1994 08:49:37 GMT", "Retry-After: Sun, 06 Nov 1994 08:49:39 GMT"], "served"),
        ("a minute", ["Retry-After: 60"], "held"),
        ("a date in an hour", ["Date: Sun, 06 Nov 1994 08:49:37 GMT", "Retry-After: Sun, 06 Nov 1994 09:49:37 GMT"],
        "held"), ("none", [], "held"), ("-1", ["Retry-After: -1"], "held"),
        ("99999999999999999999", ["Retry-After: 99999999999999999999"], "held"),
        ("a word", ["Retry-After: soon" + CANARY], "held"), ("1.5", ["Retry-After: 1.5"], "held"),
        ("nothing", ["Retry-After:"], "held"), ("in HTML", ["Retry-After: 30"], "held")):
    row(UNAVAILABLE, "api_limited", name,
            http(429, b"<html>" if name == "in HTML" else json.dumps({"code": "rate_limited",
            "message": "retry " + CANARY}).encode(), "text/html" if name == "in HTML" else "application/json",
            *lines), then=then)
row(UNAVAILABLE, "api_limited", "403 rate_limited", json_answer(403, {"code": "rate_limited"}, "Retry-After: 60"),
        then="held")
