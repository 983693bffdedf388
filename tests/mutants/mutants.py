"""Mutation testing: `make mutants`. Each mutant (mutate.py) of each file of path.txt is compiled alone and linked, in
the place of the object that ships, with the unit tests that have that object; the likeliest one runs first. A test
that fails, crashes or hangs kills it. What all of them let pass meets them again with AddressSanitizer and
UndefinedBehaviorSanitizer, for a leak or a wild access is seen by them alone.

    mutants.py BUILD [--slow SECONDS] [--most TESTS] [--all] [--only FUNCTION|OPERATOR] [FILE ...]

equivalent.txt lists those that no test can kill, each with its reason; they are not run, but with --all. A survivor
that is not in it, or an entry that is no surviving mutant, is a failure. Results are kept in BUILD/mutants/results: a
second run goes on where the first one stopped, and judges anew what survived, or whose file changed."""

import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import queue
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time

import mutate

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SANITIZED = {"SANITIZE": "address,undefined", "CFLAGS": "-O1 -g -w -fno-sanitize-recover=all"}
KILLED, SURVIVED, BROKEN = "killed", "survived", "not compiled"


def digest(text):
    return hashlib.sha256(text if isinstance(text, bytes) else text.encode()).hexdigest()[:16]


def run(command, limit, text=None, own_tmp=False):
    """Its status, None when it did not end. With a /tmp of its own it leaves nothing there, however it ends."""
    if own_tmp:
        command = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o size=256m tmpfs /tmp && exec "$@"', "sh", *command]
    environment = dict(os.environ, CMOCKA_TEST_ABORT="1", TMPDIR="/tmp", ASAN_OPTIONS="detect_leaks=1")
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.communicate(text.encode() if text is not None else None, timeout=limit)
        return process.returncode
    except subprocess.TimeoutExpired:
        return None
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


class Tests:
    """The unit tests in one build: how each is linked, which objects of ours it has, how long it takes."""

    def __init__(self, build, variables, own_tmp, slow):
        self.build, self.variables, self.own_tmp, self.slow = build, variables, own_tmp, slow
        self.seconds, self.compiles, self.links, self.linked, self.left = {}, {}, {}, {}, []

    def make(self, *arguments):
        values = [f"{name}={value}" for name, value in self.variables.items()]
        clean = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
        made = subprocess.run(["make", "--no-print-directory", f"BUILD={self.build}", *values, *arguments], cwd=ROOT,
                env=clean, stdout=subprocess.PIPE, text=True)
        if made.returncode != 0:
            sys.exit(f"mutants: make failed in {self.build}")
        return made.stdout

    def prepare(self, names):
        """Builds the tests NAMES, and learns how."""
        names = [name for name in names if name not in self.links]
        if not names:
            return
        programs = [f"{self.build}/tests/unit/{name}" for name in names]
        self.make("-s", f"-j{os.cpu_count()}", *programs)
        for line in self.make("-n", "-B", *programs).replace("\\\n", " ").splitlines():
            words = shlex.split(line)
            if "-c" in words[:-1] and words[-1].endswith(".c"):
                self.compiles[words[-1]] = words
            elif len(words) > 2 and words[1] == "-o" and "/tests/unit/" in words[2]:
                self.links[os.path.basename(words[2])] = words

    def symbols(self, files):
        """What each of FILES defines: name and kind. One process for all of them."""
        known = {file: {} for file in files}
        said = subprocess.run(["nm", "-A", "--defined-only", *files], stdout=subprocess.PIPE, text=True).stdout
        for file, kind, name in re.findall(r"^(.*?):[0-9a-f]+ (\w) (\S+)$", said, re.M):
            known[file][name] = kind
        return known

    def having(self, source):
        """The tests whose program has the object of SOURCE, and not a fake of it."""
        if not self.linked:
            parts = {name: [word for word in link[2:] if word.endswith(".o")] for name, link in self.links.items()}
            known = self.symbols({file for name, link in self.links.items() for file in [link[2], *parts[name]]})
            for name, link in self.links.items():
                self.linked[name] = set(known[link[2]]).difference(*(known[part] for part in parts[name]))
        ours = f"{self.build}/{source[:-2]}.o"
        wanted = {name for name, kind in self.symbols([ours])[ours].items() if kind in "TDBR"}
        return [name for name, names in self.linked.items() if wanted <= names]

    def quick(self, names):
        """Those that pass as things are, and fast enough; the others are named. What was measured once is kept."""
        kept = f"{self.build}/seconds"
        if not self.seconds and os.path.exists(kept):
            with open(kept, encoding="utf-8") as file:
                self.seconds = json.load(file)
        fresh = [name for name in names if name not in self.seconds]
        for name in fresh:
            begun = time.monotonic()
            status = run([f"{self.build}/tests/unit/{name}"], 60, own_tmp=self.own_tmp)
            self.seconds[name] = time.monotonic() - begun if status == 0 else -1.0
        if fresh:
            with open(kept, "w", encoding="utf-8") as file:
                json.dump({name: seconds for name, seconds in self.seconds.items() if seconds >= 0}, file)
        chosen = [name for name in names if 0 <= self.seconds[name] <= self.slow]
        left = [f"{name} ({self.seconds[name]:.0f} s)" if self.seconds[name] > 0 else f"{name} (it fails as it is)"
            for name in names if name not in chosen]
        if left and left != self.left:
            print(f"  without {', '.join(left)}")
            self.left = left
        return chosen

    def compile(self, source, text, to):
        words = [w for w in self.compiles[source][:-1] if not w.startswith(("-W", "-M", "-O", "-g", "-D_FORTIFY"))]
        words[words.index("-o") + 1] = to
        # to run off the end of a function that returns something is no program
        words += ["-O0", "-Werror=return-type", "-iquote", os.path.dirname(source), "-x", "c", "-"]
        return run(words, 120, text) == 0

    def fails(self, name, mutated, program):
        """Whether test NAME notices the object MUTATED."""
        link = list(self.links[name])
        link[2] = program
        link.insert(3, mutated)
        if run(link, 300) != 0:
            raise RuntimeError(f"{name} does not link with a mutant")
        limit = max(5.0, 10 * self.seconds[name])
        # twice, for on a busy machine a test may fail by itself
        return all(run([program], limit * times, own_tmp=self.own_tmp) != 0 for times in (1, 2))


class Equivalent:
    """equivalent.txt: a block is FILE FUNCTION [turn], the lines before and after, and the reason."""

    def __init__(self, path):
        self.reasons = {}
        with open(path, encoding="utf-8") as file:
            blocks = re.split(r"\n\s*\n", "\n".join(l for l in file.read().splitlines() if not l.startswith("#")))
        for block in filter(str.strip, blocks):
            lines = block.strip().splitlines()
            head = lines[0].split()
            marks = [line[:2] for line in lines[1:]]
            if len(head) not in (2, 3) or marks[:2] != ["- ", "+ "] or not marks[2:] or set(marks[2:]) != {"= "}:
                sys.exit(f"equivalent.txt: no entry: {block}")
            turn = int(head[2][1:]) if len(head) == 3 else 1
            self.reasons[(head[0], head[1], lines[1][2:], lines[2][2:], turn)] = " ".join(l[2:] for l in lines[3:])

    def of(self, path):
        return [key for key in self.reasons if key[0] == path]


class Results:
    def __init__(self, path):
        self.path, self.known, self.lock = path, {}, threading.Lock()
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                for line in file:
                    if line.endswith("\n"):
                        one = json.loads(line)
                        self.known[one["id"]] = one

    def kills(self, path):
        """How many mutants of PATH each test has killed."""
        return collections.Counter(one["killer"].split(",")[0] for one in self.known.values()
                if one["outcome"] == KILLED and one["mutant"][0] == path)

    def add(self, one):
        with self.lock, open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(one) + "\n")
            self.known[one["id"]] = one


class Mutation:
    def __init__(self, options):
        self.work = f"{options.build}/mutants"
        os.makedirs(self.work, exist_ok=True)
        own_tmp = subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/tmp"],
                stderr=subprocess.DEVNULL).returncode == 0 and not options.build.startswith("/tmp/")
        self.plain = Tests(options.build, {}, own_tmp, options.slow)
        self.sanitized = Tests(f"{self.work}/sanitized", SANITIZED, own_tmp, 2 * options.slow)
        self.equivalent = Equivalent(f"{HERE}/equivalent.txt")
        self.results = Results(f"{self.work}/results")
        self.most = options.most if options.most > 0 else 10000
        self.all, self.only = options.all, options.only
        self.places, self.measuring = queue.Queue(), threading.Lock()
        for n in range(os.cpu_count()):
            os.makedirs(f"{self.work}/{n}", exist_ok=True)
            self.places.put(f"{self.work}/{n}")

    def order(self, tests, names, stem):
        """All that are named after it, and of the others the `most` likeliest: who killed others of this file, the fast."""
        words = [word for word in stem.split("_") if len(word) > 3]
        named = [name for name in names if stem in name or any(word in name for word in words)]
        others = [name for name in names if name not in named]

        def cost(name):
            return (tests.seconds[name] + 0.1) / (1 + 20 * self.kills[name] + 50 * (stem in name))
        most = self.most if tests is self.plain else self.most // 2
        return sorted(named, key=cost) + sorted(others, key=cost)[:most]

    def passing(self, tests, linked):
        """Of the tests LINKED those that are of use; built and measured when the first mutant asks."""
        with self.measuring:
            tests.prepare(linked)
            return tests.quick(linked)

    def judge(self, mutant, linked):
        place = self.places.get()
        try:
            stem = os.path.basename(mutant.source.path)[:-2]
            names = linked
            for tests in (self.plain, self.sanitized):
                names = self.passing(tests, names)
                mutated = f"{place}/mutated.o"
                if not tests.compile(mutant.source.path, mutant.whole(), mutated):
                    return BROKEN, ""
                for name in self.order(tests, names, stem):
                    if tests.fails(name, mutated, f"{place}/program"):
                        self.kills[name] += 1
                        return KILLED, name if tests is self.plain else f"{name}, sanitized"
            return SURVIVED, ""
        finally:
            self.places.put(place)

    def file(self, path, linked):
        """Prints its line and what survived; True if all of that is in the list."""
        source = mutate.read(path)
        version = digest(source.text)
        tests_version = digest("".join(digest(open(f"{self.plain.links[n][3]}", "rb").read()) for n in sorted(linked)))
        self.kills = self.results.kills(path)
        outcomes, todo = {}, []
        for mutant in source.mutants:
            if self.only and self.only not in (mutant.function, mutant.operator):
                continue
            identity = digest("\0".join(map(str, mutant.key())) + version)
            known = self.results.known.get(identity)
            if mutant.key() in self.equivalent.reasons and not self.all:
                outcomes[mutant] = "listed"
            elif known and (known["outcome"] != SURVIVED or known["tests"] == tests_version):
                outcomes[mutant] = known["outcome"]
            else:
                todo.append((mutant, identity))

        def one(item):
            mutant, identity = item
            outcome, killer = self.judge(mutant, linked)
            outcomes[mutant] = outcome
            self.results.add({"id": identity, "outcome": outcome, "killer": killer, "tests": tests_version,
                "mutant": mutant.key(), "operator": mutant.operator})

        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(one, todo))
        return self.report(path, source, outcomes)

    def report(self, path, source, outcomes):
        count = {k: list(outcomes.values()).count(k) for k in (KILLED, BROKEN, SURVIVED, "listed")}
        print(f"{path:40} {len(outcomes):5} {count[KILLED]:6} {count[BROKEN]:8} {count['listed']:10}"
              f" {count[SURVIVED]:9}", flush=True)
        open_ones = [m for m, outcome in outcomes.items() if outcome == SURVIVED and
            m.key() not in self.equivalent.reasons]
        for m in sorted(open_ones, key=lambda m: m.start):
            print(f"  {path}:{m.line}: {m.operator}\n    {path} {m.function}{f' #{m.turn}' if m.turn > 1 else ''}\n"
                  f"    - {m.before}\n    + {m.after}")
        keys = {m.key() for m in source.mutants}
        stale = [key for key in self.equivalent.of(path) if key not in keys] + \
            [m.key() for m, outcome in outcomes.items() if outcome in (KILLED, BROKEN) and
                m.key() in self.equivalent.reasons]
        for key in stale:
            print(f"  equivalent.txt lists what does not survive, or does not exist: {key}")
        return not open_ones and not stale


def path_that_grants(wanted):
    """The files of path.txt whose names hold one of WANTED; without any all but those that are still open."""
    with open(f"{HERE}/path.txt", encoding="utf-8") as file:
        lines = [line.split() for line in file if line.strip() and not line.startswith("#")]
    return [words[-1] for words in lines if (any(name in words[-1] for name in wanted) if wanted else len(words) == 1)]


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("build", type=os.path.abspath)
    parser.add_argument("--slow", type=float, default=3.0)
    parser.add_argument("--most", type=int, default=12)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only", help="a function or an operator")
    parser.add_argument("files", nargs="*")
    options = parser.parse_intermixed_args()
    os.chdir(ROOT)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    files = path_that_grants(options.files)
    if not files:
        sys.exit(f"mutants: no file of path.txt is called {' '.join(options.files)}")
    mutation = Mutation(options)
    names = sorted(name[:-2] for name in os.listdir("tests/unit") if re.fullmatch(r"test_\w+\.c", name))
    mutation.plain.prepare(names)
    print(f"{'file':40} {'all':>5} {'killed':>6} {'no C':>8} {'equivalent':>10} {'survived':>9}")
    good = [mutation.file(path, mutation.plain.having(path)) for path in files]
    for n in range(os.cpu_count()):
        shutil.rmtree(f"{mutation.work}/{n}", ignore_errors=True)
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
