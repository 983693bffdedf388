"""The ways in which an API lies about a revocation, and what comes of each.

A way begins with a login and its logout. LOGIN says with what:
  short     a pasted short token, which may revoke itself
  bare      a pasted short token without tokens:revoke
  long      a pasted long token; the short one that it was exchanged for dies at logout
  code      a one-time code; the long token that it bought and its short one die
  foreign   a long token whose exchange answers with a token that names another client: refused, and given up
HOST: the host keeps a token of its own, of alice's client, or of "another".

LIES are faults of the stand-in for POST /auth/tokens/ID/revoke, in this order, each for COUNT requests; when they are
used up the API says the truth. `bearer=itself` meets only requests that bear the token they revoke, `done=yes`
revokes the token all the same.

REQUESTS is what all of it costs; with THEN, which comes at any moment, at most. RECEIPT is what `c2mctl revocations` says, a word list for each token:
kind, state, status of the last answer, word, tries. LIVE is how many of them live at the API in the end: 0, or BELIEVED,
where the API has said by its own rules that the token is dead, and nobody else can know better, or UNREVOCABLE.

THEN is done when so many requests were made: restart, kill (SIGKILL), reboot (another boot id), up (the API comes
back), late (the token has expired), mend (the administrator corrects the base URL). PREFIX is behind the base URL until then. TTL is the token's
life. PENDING: it waits still, and that is right."""

WAYS = []
BELIEVED, UNREVOCABLE = 1, 1


class Way:
    def __init__(self, name, login, lies, requests, receipt, live=0, host=None, then=None, prefix="", ttl=900,
            pending=False, down=False):
        self.name, self.login, self.lies, self.requests, self.receipt = name, login, lies, requests, receipt
        self.live, self.host, self.then, self.prefix, self.ttl = live, host, then, prefix, ttl
        self.pending, self.down = pending, down


def way(*values, **options):
    WAYS.append(Way(*values, **options))


def times(count, *lie):
    return [f"{words} count={count}" for words in lie]


# --- nothing is wrong

way("the truth", "short", [], 1, "short done 204 done 1")
way("the truth to a long token", "long", [], 1, "short done 204 done 1")
way("the truth to a code's tokens", "code", [], 2, "short done 204 done 1, long done 204 done 1")
way("the truth to the host", "bare", [], 1, "short done 204 done 1", host="own")

# --- 404

way("404 to the token itself, which lives", "short", times(2, "status=404"), 3, "short done 204 done 3")
way("404 to the token itself, and to itself again after an answer was lost, but nobody has proved the base URL",
        "short", ["reset=yes count=1", "status=404 count=2"], 4, "short done 204 done 4")
way("404 to the token itself, 204 to the host's", "short", ["bearer=itself status=404"], 2, "short done 204 done 2",
        host="own")
way("404 to the token itself after its long token may not", "long",
        ["bearer=another status=403 body={\"code\":\"insufficient_scope\"}", *times(2, "bearer=itself status=404")], 4,
        "short done 204 done 4")
way("404 without a code to the long token", "long", times(1, "status=404 body={}"), 2, "short done 204 done 2")
way("404 of a web server to the long token", "long", times(1, "status=404 html=yes"), 2, "short done 204 done 2")
way("404 to the long token, of the same client, at a base URL that is proven: the API's word", "long",
        times(1, "status=404"), 1, "short done 404 done_before 1", live=BELIEVED)
way("404 to the long token for a token of another client", "foreign", ["bearer=another status=404"], 2,
        "short done 204 done 2")
way("404 to the long token after its answer was lost", "long", ["lost=yes count=1", "status=404 count=1"], 2,
        "short done 404 done_before 2")
way("404 to a code's long token itself", "code", times(2, "bearer=itself status=404"), 4,
        "short done 204 done 1, long done 204 done 3")
way("the host's token is another client's: it would be told 404, and is not used", "bare", [], 0,
        "short unrevocable None no_bearer 0", live=UNREVOCABLE, host="another")
way("410", "short", times(2, "status=410 body={\"code\":\"not_found\"}"), 3, "short done 204 done 3")

# --- an answer is lost

way("204 is lost", "short", times(1, "lost=yes"), 2, "short done 401 done_before 2")
way("204 is lost, and the helper is killed", "short", times(1, "lost=yes"), 3, "short done 401 done_before",
        then=("kill", 1))
way("204 is lost, and the helper restarts", "short", times(1, "lost=yes"), 3, "short done 401 done_before",
        then=("restart", 1))
way("204 is lost, and the machine starts anew", "short", times(1, "lost=yes"), 3, "short done 401 done_before",
        then=("reboot", 1))
way("204 is lost to a code's short token", "code", times(1, "lost=yes"), 3,
        "short done 401 done_before 2, long done 204 done 1")
way("204 of the long one is lost", "code", times(1, "bearer=itself lost=yes"), 3,
        "short done 204 done 1, long done 401 done_before 2")
way("204 comes when nobody listens any more", "short", times(1, "delay=16500 late=yes"), 2,
        "short done 401 done_before 2")
way("nothing was done, and the connection ends", "short", times(3, "reset=yes"), 4, "short done 204 done 4")
way("a thousand blanks too many", "short", times(1, "status=200 size=100000"), 2, "short done 204 done 2")
way("revoked, and 70 kB of HTML", "short", times(1, "done=yes html=yes status=200 size=70000"), 2,
        "short done 401 done_before 2")

# --- 401

way("401 to the token itself without a lost answer, and it lives", "short", times(2, "status=401"), 3,
        "short done 204 done 3")
way("401 token_expired, and it lives", "short", times(2, "status=401 body={\"code\":\"token_expired\"}"), 3,
        "short done 204 done 3")
way("401 EXPIRED_TOKEN, and it lives", "short", times(1, "status=401 body={\"errorCode\":\"EXPIRED_TOKEN\"}"), 2,
        "short done 204 done 2")
way("401 to the long token", "long", times(1, "status=401"), 2, "short done 204 done 2")
way("401 to the long token after an answer was lost, by another's fault", "long",
        ["reset=yes count=1", "bearer=another status=401 count=1"], 2, "short done 204 done 2")
way("401 without a token's code after an answer was lost", "short",
        ["reset=yes count=1", "status=401 body={\"code\":\"unauthorized\"} count=1"], 3, "short done 204 done 3")
way("401 of a proxy after an answer was lost", "short", ["reset=yes count=1", "status=401 html=yes count=1"], 3,
        "short done 204 done 3")
way("401 to the token itself after an answer was lost: the API's word", "short",
        ["reset=yes count=1", "status=401 count=1"], 2, "short done 401 done_before 2", live=BELIEVED)
way("revoked, and 500: what the token itself is told then proves nothing, until its life is over", "short",
        times(1, "done=yes status=500"), 12, "short expired 401 expired_first", ttl=7, then=("", 0))

# --- 403

way("403 of a firewall", "short", times(2, "status=403 html=yes"), 3, "short done 204 done 3")
way("403 with another code", "short", times(2, "status=403"), 3, "short done 204 done 3")
way("403 rate_limited", "short", times(1, "status=403 retry-after=1 body={\"code\":\"rate_limited\"}"), 2,
        "short done 204 done 2")
way("403 ACCOUNT_SUSPENDED", "short", times(2, "status=403 body={\"errorCode\":\"ACCOUNT_SUSPENDED\"}"), 3,
        "short done 204 done 3")
way("403 insufficient_scope to the long token", "long", ["bearer=another status=403 body={\"code\":\"insufficient_scope\"}"],
        2, "short done 204 done 2")
way("403 insufficient_scope to all: the API's word", "long", ["status=403 body={\"code\":\"insufficient_scope\"}"], 2,
        "short unrevocable 403 insufficient_scope 2", live=UNREVOCABLE)
way("403 insufficient_scope to the token itself, 204 to the host's", "short",
        ["bearer=itself status=403 body={\"code\":\"insufficient_scope\"}"], 2, "short done 204 done 2", host="own")

# --- 200 and its neighbours

way("200 with HTML", "short", times(2, "status=200 html=yes"), 3, "short done 204 done 3")
way("200 with HTML that calls itself JSON", "short", times(1, "status=200 html=yes type=application/json"), 2,
        "short done 204 done 2")
way("200 with JSON that calls itself text", "short", times(1, "status=200 body={} type=text/plain"), 2,
        "short done 204 done 2")
way("200 with nothing", "short", times(1, "status=200 body=\"\""), 2, "short done 204 done 2")
way("200 with an array", "short", times(1, "status=200 body=[]"), 2, "short done 204 done 2")
way("200 with half an object", "short", times(1, "status=200 garbage=yes"), 2, "short done 204 done 2")
for member in ("error", "errors", "code", "errorCode", "errorType", "errorMessage"):
    way(f"200 with {member}", "short", times(1, f"status=200 body={{\"{member}\":\"x\"}}"), 2, "short done 204 done 2")
way("200 with an object, and nothing was done: the API's word", "short", times(1, "status=200 body={}"), 1,
        "short done 200 done 1", live=BELIEVED)
way("204, and nothing was done: the API's word", "short", times(1, "status=204"), 1, "short done 204 done 1",
        live=BELIEVED)
way("201", "short", times(1, "status=201 body={}"), 2, "short done 204 done 2")
way("202: it will be done, perhaps", "short", times(2, "status=202 body={}"), 3, "short done 204 done 3")
way("203 of a proxy", "short", times(1, "status=203 body={}"), 2, "short done 204 done 2")
way("206", "short", times(1, "status=206 body={}"), 2, "short done 204 done 2")

# --- redirections

for status in (301, 302, 303, 307, 308):
    way(f"{status} to where 204 is said", "short",
            times(1, f"status={status} location=https://127.0.0.1:1/auth/tokens/x/revoke"), 2, "short done 204 done 2")

# --- 429, and what fails

way("429 three times, a second each", "short", times(3, "status=429 retry-after=1"), 4, "short done 204 done 4")
way("429 to a code's tokens", "code", times(2, "status=429 retry-after=1"), 4,
        "short done 204 done 3, long done 204 done 1")
way("429 for ever, and it does not say how long", "short", ["status=429"], 1, "short pending 429 api_limited 1",
        live=1, pending=True)
way("429 for an hour, and the helper restarts: it asks anew", "short", times(1, "status=429 retry-after=3600"), 2,
        "short done 204 done 2", then=("restart", 1))
way("503 with a Retry-After", "short", times(1, "status=503 retry-after=2"), 2, "short done 204 done 2")
for status in (400, 405, 409, 413, 418, 451, 500, 501, 502, 504, 599):
    way(f"{status}", "short", times(1, f"status={status}"), 2, "short done 204 done 2")
way("500 to the long token, 404 to the token itself", "long",
        ["bearer=another status=500 count=1", "bearer=itself status=404 count=1"], 3, "short done 204 done 3")
way("each of them once", "short", times(1, "status=500", "status=404", "status=200 html=yes", "status=401"), 5,
        "short done 204 done 5")

# --- nobody there, or somebody else

way("the API is away", "short", [], 1, "short done 204 done", down=True, then=("up", 0))
way("the API is away, and the helper is killed", "short", [], 1, "short done 204 done", down=True, then=("kill up", 0))
way("the API is away, and the machine starts anew", "short", [], 1, "short done 204 done", down=True,
        then=("reboot up", 0))
way("the API is away while a code's session ends, and the machine starts anew", "code", [], 4,
        "short done 204 done, long done 204 done", down=True, then=("reboot up", 0))
way("the API is away until the token has expired, over a start of the machine", "short", [], 1,
        "short expired 401 expired_first", down=True, then=("reboot late up", 0), ttl=4)
way("a base URL with a wrong prefix: 404 to everything", "short", [], 6, "short done 204 done", prefix="/api",
        then=("mend", 3))
way("a base URL of a web server: 200 and HTML to everything", "short", ["endpoint=any status=200 html=yes count=3"], 6,
        "short done 204 done", prefix="/api", then=("mend", 3))
