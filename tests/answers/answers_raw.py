"""Answers that no HTTP server gives: byte by byte, slowly, without end."""
import json

from table import family, row
from words import (
    ABSENT, CANARY, SUCCESS, UNAVAILABLE, dripping, farewell, forever, good, hold, http, json_answer, repeated,
    reset)

family("no HTTP, or half of it")
for name, answer in (
        ("nothing at all", (b"",)), ("a newline", (b"\r\n\r\n",)), ("SSH", (b"SSH-2.0-OpenSSH_9.2\r\n",)),
        ("SMTP", (b"220 mail ESMTP\r\n",)), ("HTTP/0.9", (b'{"access_token":"a.b.c"}',)),
        ("half a status line", (b"HTTP/1.1 2",)),
        ("half a head", (b"HTTP/1.1 201 Created\r\nContent-Type: appl",)), ("no status", (b"HTTP/1.1 \r\n\r\n",)),
        ("a status of letters", (b"HTTP/1.1 abc\r\n\r\n",)), ("a status of two digits", (b"HTTP/1.1 20 OK\r\n\r\n",)),
        ("HTTP/9.9", (b"HTTP/9.9 204 No\r\n\r\n",)),
        ("a NUL in the head", (b"HTTP/1.1 201 Created\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n",)),
        ("a header of 200 KB", (b"HTTP/1.1 201 Created\r\nX: " + b"x" * 200000 + b"\r\n\r\n",)),
        ("headers of 2 MB", (b"HTTP/1.1 201 Created\r\n",
        repeated(b"X-Flood: " + CANARY.encode() * 10 + b"\r\n", 10000), b"\r\n")),
        ("endless headers", (b"HTTP/1.1 201 Created\r\n", forever(b"X: y\r\n"))),
        ("cookies without end", (b"HTTP/1.1 201 Created\r\n", forever(b"Set-Cookie: a=" + b"b" * 4000 + b"\r\n"))),
        ("random bytes without end", (forever(bytes(range(256)) * 16),)),
        ("zeros without end", (forever(bytes(4096)),))):
    row(UNAVAILABLE, "api_nonsense", name, *answer)
row(UNAVAILABLE, "api_nonsense", "hung up in the body", lambda n: json_answer(201, good(n))[:-50])
row(UNAVAILABLE, "api_nonsense", "a reset in the body", lambda n: json_answer(201, good(n))[:-50], reset())

family("lengths that are not true")
HEAD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
row(UNAVAILABLE, "api_nonsense", "shorter than it says",
        lambda n: HEAD + b"Content-Length: 100000\r\n\r\n" + json.dumps(good(n)).encode())
row(UNAVAILABLE, "api_nonsense", "longer than it says: cut",
        lambda n: HEAD + b"Content-Length: 20\r\n\r\n" + json.dumps(good(n)).encode())
for length in b"-1", b"abc", b"0x10", b"1e3", b"65537":
    row(UNAVAILABLE, "api_nonsense", f"Content-Length: {length.decode()}",
            lambda n, length=length: HEAD + b"Content-Length: " + length + b"\r\n\r\n" + json.dumps(good(n)).encode())
# libcurl reads to the end then; that nothing was cut off is what the strict JSON says.
row(SUCCESS, "credential", "Content-Length: 2^64 and more, a whole answer and TLS's farewell",
        lambda n: HEAD + b"Content-Length: 99999999999999999999\r\n\r\n" + json.dumps(good(n)).encode(), farewell(),
        revoked=True)
row(UNAVAILABLE, "api_nonsense", "Content-Length: 2^64 and more, and half an answer",
        lambda n: HEAD + b"Content-Length: 99999999999999999999\r\n\r\n" + json.dumps(good(n)).encode()[:-20])
row(UNAVAILABLE, "api_nonsense", "two Content-Lengths, the last one short",
        lambda n: HEAD + b"Content-Length: 5000\r\nContent-Length: 20\r\n\r\n" + json.dumps(good(n)).encode())
row(UNAVAILABLE, "api_nonsense", "two Content-Lengths, the first one short",
        lambda n: HEAD + b"Content-Length: 20\r\nContent-Length: 5000\r\n\r\n" + json.dumps(good(n)).encode())
row(UNAVAILABLE, "api_nonsense", "10 MB", HEAD + b"Content-Length: 10000000\r\n\r\n", repeated(b" " * 10000, 1000))
row(UNAVAILABLE, "api_nonsense", "a token behind 64 KiB of blanks",
        lambda n: http(201, b" " * 65536 + json.dumps(good(n)).encode(), "application/json"))
row(UNAVAILABLE, "api_nonsense", "8 EB, of which nothing comes", HEAD + b"Content-Length: 9223372036854775807\r\n\r\n")
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
for name, answer in (
        ("10 MB in chunks", (CHUNKED, repeated(b"1000\r\n" + b" " * 4096 + b"\r\n", 2500))),
        ("chunks without end", (CHUNKED, forever(b"1\r\n \r\n"))),
        ("a chunk of letters", (CHUNKED, b"xyz\r\n{}\r\n0\r\n\r\n")),
        ("a chunk of -1", (CHUNKED, b"-1\r\n{}\r\n0\r\n\r\n")),
        ("a chunk of 2^64", (CHUNKED, b"10000000000000000\r\n{}\r\n0\r\n\r\n")),
        ("a chunk that is cut", (CHUNKED, b"1000\r\n{\"access_token\":")),
        ("chunks without the last one", (CHUNKED, b"2\r\n{}\r\n")),
        ("a size of 100 KB", (CHUNKED, b"0" * 100000)),
        ("a chunk's comment of 1 MB", (CHUNKED, b"2;" + b"x" * 1000000 + b"\r\n{}\r\n0\r\n\r\n")),
        ("trailers without end", (CHUNKED, b"2\r\n{}\r\n0\r\n", forever(b"X-Token-Id: ../x\r\n"))),
        ("gzip, chunked", (HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n", b"2\r\n{}\r\n0\r\n\r\n"))):
    row(UNAVAILABLE, "api_nonsense", name, *answer)
row(SUCCESS, "credential", "a good one in chunks of a byte",
        lambda n: CHUNKED + b"".join(b"1\r\n%c\r\n" % byte for byte in json.dumps(good(n)).encode()) + b"0\r\n\r\n",
        revoked=True)
row(SUCCESS, "credential", "a bad id in a trailer",
        lambda n: CHUNKED + b"%x\r\n%s\r\n0\r\nX-Token-Id: ../x\r\n\r\n" % (len(json.dumps(good(n, token_id=ABSENT))),
        json.dumps(good(n, token_id=ABSENT)).encode()), revoked=True)

# Each of these ends at the deadline, together.
family("slow, dripping, endless")
for name, answer in (
        ("silence", (hold(),)), ("silence after the head", (HEAD + b"Content-Length: 100\r\n\r\n", hold())),
        ("silence in the status line", (b"HTTP/1.1 20", hold())),
        ("a byte of the head a second", (dripping(HEAD * 20, 1),)),
        ("a byte of the body a second", (HEAD + b"Content-Length: 1000\r\n\r\n", forever(b" ", 1))),
        ("chunks that drip", (CHUNKED, forever(b"1\r\n \r\n", 0.5))),
        ("1xx without end, slowly", (forever(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 0.2),)),
        ("100 without end, slowly", (forever(b"HTTP/1.1 100 Continue\r\n\r\n", 0.2),)),
        ("a good one, too late", (12, lambda n: json_answer(201, good(n)))),
        ("401, too late", (12, json_answer(401, {"code": "invalid_token"}))),
        ("zero chunks of nothing", (CHUNKED, forever(b"", 0.5)))):
    row(UNAVAILABLE, "api_timeout", name, *answer)
row(UNAVAILABLE, "api_nonsense", "1xx without end, fast",
        forever(b"HTTP/1.1 103 Early Hints\r\nX-Token-Id: ../x\r\nLink: </a>\r\n\r\n"))
row(SUCCESS, "credential", "a good one after two seconds, in pieces", 1, lambda n: json_answer(201, good(n))[:30], 1,
        lambda n: json_answer(201, good(n))[30:], revoked=True)
row(SUCCESS, "credential", "a good one after ten hints", b"HTTP/1.1 103 Early Hints\r\nX-Token-Id: ../x\r\n\r\n" * 10,
        lambda n: json_answer(201, good(n)), revoked=True)
