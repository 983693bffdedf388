#!/usr/bin/env python3
"""Writes the seeds that are no text: messages of the wire, talks with the module, logins, rows of state.db."""
import os
import struct

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "seeds")


def put(path, data):
    with open(os.path.join(HERE, path), "wb") as out:
        out.write(data)


def text(words, room):
    return struct.pack("<H", len(words)) + words + bytes(room - len(words))


def request(user=b"alice", flags=1, uid=1001):
    return (struct.pack("<IIII", flags, uid, 10000, 0) + text(b"sshd", 62) + text(user, 62) + text(b"", 62) +
            text(b"pts/3", 62) + text(b"192.0.2.7", 254))


def header(operation, length, nonce=bytes(16), magic=0x43326D31, version=1):
    return struct.pack("<IHHI", magic, version, operation, length) + nonce


NONCE = b"a nonce of ours\0"
GRANTED = 0x5A17C6E3
PROMPT = struct.pack("<IIIIII", 1, 0, 0, 0, 0, 0) + b"7f3a91c2"


def verdict(code, operation=1, prompted=1, reason=0):
    return struct.pack("<IIIIII", code, operation, reason, 0, 0, prompted) + b"7f3a91c2"


# the helper's side
put("frame/request", b"M" + bytes([1]) + request())
put("frame/hidden", b"M" + bytes([1]) + request()[:-1] + b"x")
put("frame/nul_in_name", b"M" + bytes([3]) + request(b"al\0ce"))
put("frame/status", b"M" + bytes([20]))
put("frame/answer", b"M" + bytes([5]) + text(b"eyJ.a.b", 8192))
put("frame/descriptor", b"D" + bytes([20]))
put("frame/raw", b"R" + header(20, 0))
put("frame/version", b"R" + header(20, 0, version=2))
put("frame/short", b"R" + header(1, 528) + b"x")
put("frame/unknown", b"M" + bytes([99]) + b"body")
# the module's
put("message/prompt", b"pM" + bytes([101]) + PROMPT)
put("message/verdict", b"pM" + bytes([102]) + verdict(GRANTED))
put("message/too_large", b"pM" + bytes([121]) + bytes(520))
put("message/session", b"bM" + bytes([121]) + bytes(520))
put("message/other_nonce", b"pR" + header(102, 32) + verdict(GRANTED))
put("message/raw", b"pR" + header(102, 32, NONCE) + verdict(GRANTED))
put("message/end", b"bM" + bytes([199]))
# whole talks
put("relay/granted", bytes([0, 0]) + b"P" + PROMPT + b"V" + verdict(GRANTED))
put("relay/unasked", bytes([0, 4]) + b"V" + verdict(GRANTED, prompted=0))
put("relay/reuse", bytes([0, 3]) + b"V" + verdict(GRANTED, prompted=0))
put("relay/made", bytes([0, 4]) + b"p\x01" + b"v\x00\x01\x00")
put("relay/denied", bytes([0, 4]) + b"p\x02" + b"v\x01\x01\x14")
put("relay/parts", bytes([0, 4]) + b"p\x01" + (b"P" + struct.pack("<IIIIII", 4, 0, 2, 3, 0, 0) + b"7f3a91c2") * 2 +
    b"v\x00\x03\x00")
put("relay/restarted", bytes([0, 12]) + b"p\x01N" + b"p\x01v\x00\x01\x00")
put("relay/account", bytes([1, 4]) + b"v\x06\x00\x00")
put("relay/open", bytes([2, 4]) + b"v\x00\x00\x00")
put("relay/close", bytes([3, 4]) + b"v\x05\x00\x00")
put("relay/escapes", bytes([0, 4]) + b"P" + PROMPT[:24] + b"\x1b]0;x\x07\n\0")
put("relay/raw", bytes([0, 4]) + b"R\x3c" + header(102, 32) + verdict(GRANTED))
put("relay/deaf", bytes([0, 20]) + b"p\x01")
# logins
for number, steps in enumerate([b"g", b"b", b"f", b"o", b"LA", b"LB", b"LR", b"LU", b"LN", b"CA", b"CAA", b"012345", b"00",
                                b"013", b"gh", b"LqA", b"LxA", b"LAh", b"dg", b"dLAe", b"t\x05hello", b"Lp\x40A", b"gg",
                                b"m\x00\x30\x01", b"qg"]):
    for user in range(3 if number == 0 else 1):
        put("login/steps%02d%d" % (number, user), bytes([0, user]) + steps)
for service in range(1, 8):
    put("login/service%d" % service, bytes([service, 0]) + b"g")
    put("login/service%dlong" % service, bytes([service, 0]) + b"LA")
for number, steps in enumerate([b"CAA", b"CAB", b"CAR", b"CAU", b"CAqA", b"CAxA", b"CqA", b"CBB", b"t\x0apassphrase", b"t\x0apassphraseAA",
                                b"CAAh", b"CdAA"]):
    put("login/code%02d" % number, bytes([1, 0]) + steps)
put("login/again", bytes([0, 0]) + b"gr")
# rows: a letter a column, "." what a sound row could hold
SESSION, TOKEN, HOLDER, DENIED, REVOCATION, ENROLLED = 28, 8, 2, 5, 16, 9
put("rows/session", b"-s" + b"." * SESSION)
put("rows/all", b"-s" + b"." * SESSION + b"t" + b"." * TOKEN + b"h" + b"." * HOLDER + b"d" + b"." * DENIED + b"v" +
    b"." * REVOCATION + b"e" + b"." * ENROLLED + b"c...n..o..")
put("rows/salvaged", b"ss" + b"." * SESSION + b"t" + b"." * TOKEN + b"h" + b"." * HOLDER + b"d" + b"." * DENIED + b"v" +
    b"." * REVOCATION + b"e" + b"." * ENROLLED + b"c...n..o..")
put("rows/root", b"-s...0" + b"." * (SESSION - 4 + 1))
put("rows/audience_without_end", b"-s" + b"." * (SESSION - 2) + b"T\x04web1.")
put("rows/long_texts", b"-s" + b"l" * SESSION)
put("rows/negative", b"-s" + b"m" * SESSION + b"t" + b"m" * TOKEN + b"v" + b"m" * REVOCATION)
put("rows/largest", b"-s" + b"x" * SESSION + b"t" + b"x" * TOKEN + b"v" + b"x" * REVOCATION)
put("rows/empty", b"-s" + b"E" * SESSION + b"t" + b"E" * TOKEN + b"e" + b"E" * ENROLLED)
put("rows/real", b"-s" + b"k" * SESSION + b"c" + b"k" * 3 + b"d" + b"k" * DENIED)
put("rows/path", b"-v...." + b"T\x07../long" + b"." * (REVOCATION - 5))
put("rows/token_path", b"-t...." + b"T\x07../long" + b"...h..")
put("rows/opener_of_tomorrow", b'\xd3-s\x93\x00mtmmm:\x00m\x00m\x00-oT\x05livedT\x13922337203685477580l\x00\x00mmmm')
put("rows/token_way_up", b"-t...." + b"T\x02.." + b"...")
put("rows/given_up", b"-t........")
put("rows/lived", b"-oT\x05livedT\x139223372036854775807d" + b"." * DENIED)
put("rows/kind", b"-tH\x01x......hr\x01H\x01")
put("rows/pending", b"-s.1" + b"." * (SESSION - 2))
put("rows/holder_only", b"-h..hr\x05H\x05")
put("rows/bearers", b"-v" + b"." * 8 + b"B\x28" + b"b" * 40 + b"B\x28" + b"c" * 40 + b"." * 6)
