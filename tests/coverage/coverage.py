"""What the tests ran of the code that ships, by gcov's own JSON.

    coverage.py BUILD [--whole]

Prints lines for the module, the path that grants (tests/mutants/path.txt), each room of the helper, and the whole.
Of the module and that path each line that was not run, and each branch that was not taken, is printed unless
uncovered.txt names it with a reason. Fails at one that is not named, and, --whole (the tests with real programs were run
too), below LEAST of a hundred of the helper's lines.
Left out are UNCOUNTED, two files of the sandbox.
A branch is what gcc calls so in code that is not optimized: each side of && and || is one."""

import collections
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
LEAST = 95
# They close the door behind the process that runs them: tests run these in children that cannot write their counters.
UNCOUNTED = ("helper/daemon/base/landlock.c", "helper/daemon/base/syscall_filter.c")


class Lines:
    """A file: how often each line ran, which branches of it were taken, in which function it stands."""

    def __init__(self):
        self.count, self.branches, self.function = collections.Counter(), {}, {}

    def add(self, line):
        number = line["line_number"]
        self.count[number] += line["count"]
        self.function[number] = line.get("function_name", "-")
        taken = [branch["count"] for branch in line["branches"] if not branch.get("throw")]
        before = self.branches.get(number, [0] * len(taken))
        self.branches[number] = [a + b for a, b in zip(before, taken)]

    def run(self):
        return sum(1 for n in self.count if self.count[n])


def gcov(note):
    """The files of ours that the object of NOTE has lines of. Counters of another object than the present one are dropped."""
    command = ["gcov", "--json-format", "--stdout", "--branch-probabilities", note]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    if done.returncode != 0:
        os.unlink(note[:-5] + ".gcda")
        print(f"coverage: {note[:-5]} was built anew since it was counted")
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    said = done.stdout
    return [file for file in json.loads(said)["files"] if file["file"].startswith(("helper/", "pam_module/"))]


def collect(build):
    files = collections.defaultdict(Lines)
    for top in ("helper", "pam_module"):
        for folder, _, names in os.walk(f"{build}/{top}"):
            for name in (n for n in names if n.endswith(".gcno")):
                note = f"{folder}/{name}"
                elsewhere = f"{build}/counters{note}"   # what the helper counted when it was not root
                notes = [note]
                if os.path.exists(elsewhere[:-5] + ".gcda"):
                    if not os.path.exists(elsewhere):
                        os.symlink(note, elsewhere)
                    notes.append(elsewhere)
                for file in (file for one in notes for file in gcov(one)):
                    for line in file["lines"]:
                        files[os.path.relpath(file["file"], ROOT)].add(line)
    return files


def excused():
    """uncovered.txt: FILE FUNCTION line, or FILE FUNCTION branch N; the line; the reason."""
    lines, branches = set(), {}
    with open(f"{HERE}/uncovered.txt", encoding="utf-8") as file:
        text = "\n".join(line for line in file.read().splitlines() if not line.startswith("#"))
    for block in filter(str.strip, re.split(r"\n\s*\n", text)):
        head, source, *reasons = block.strip().splitlines()
        words = head.split()
        if not source.startswith("- ") or not reasons or not all(reason.startswith("= ") for reason in reasons):
            sys.exit(f"uncovered.txt: no entry: {block}")
        if words[2:] == ["line"]:
            lines.add((words[0], words[1], source[2:]))
        elif len(words) == 4 and words[2] == "branch":
            branches[(words[0], words[1], source[2:])] = int(words[3])
        else:
            sys.exit(f"uncovered.txt: no entry: {head}")
    return lines, branches


def misses(path, lines, known_lines, known_branches):
    """Prints what was not run of PATH and is not excused; how many that are."""
    with open(f"{ROOT}/{path}", encoding="utf-8") as file:
        text = file.read().splitlines()
    found = 0
    for number in sorted(lines.count):
        key = (path, lines.function[number], text[number - 1].strip())
        untaken = sum(1 for taken in lines.branches[number] if not taken)
        if not lines.count[number]:
            if key in known_lines:
                continue
            print(f"  {path} {key[1]} line\n  - {key[2]}")
        elif untaken > known_branches.get(key, 0):
            print(f"  {path} {key[1]} branch {untaken}\n  - {key[2]}")
        else:
            continue
        found += 1
    return found


def main():
    build = os.path.abspath(sys.argv[1])
    files = collect(build)
    with open(f"{ROOT}/tests/mutants/path.txt", encoding="utf-8") as file:
        path = [line.split()[-1] for line in file if line.strip() and not line.startswith("#")]

    def part(name, chosen):
        chosen = [files[one] for one in chosen]
        run, every = sum(one.run() for one in chosen), sum(len(one.count) for one in chosen)
        taken = sum(1 for one in chosen for branches in one.branches.values() for count in branches if count)
        branches = sum(len(branches) for one in chosen for branches in one.branches.values())
        print(f"{name:28} {run:6} of {every:6} lines {100 * run / max(every, 1):6.1f} %   {taken:6} of {branches:6} branches"
              f" {100 * taken / max(branches, 1):6.1f} %")
        return 100 * run / max(every, 1)

    sources = sorted(name for name in files if name.endswith(".c") and name not in UNCOUNTED)
    module = [name for name in sources if name.startswith("pam_module/")]
    part("the module", module)
    part("the path that grants", [name for name in path if name in files])
    part("helper/client", [name for name in sources if name.startswith("helper/client/")])
    for room in ("base", "token", "session", "login", "ipc"):
        part(f"helper/daemon/{room}", [name for name in sources if name.startswith(f"helper/daemon/{room}/")])
    part("helper/daemon, the top", [name for name in sources if re.fullmatch(r"helper/daemon/\w+\.c", name)])
    helper = part("helper/daemon", [name for name in sources if name.startswith("helper/daemon/")])
    part("helper/ctl", [name for name in sources if name.startswith("helper/ctl/")])
    part("all that ships", sources)
    known = excused()
    found = sum(misses(name, files[name], *known) for name in sorted(set(module + path)))
    if found:
        print(f"coverage: {found} lines or branches of the module and the path that grants are neither run nor excused")
    few = helper < LEAST and "--whole" in sys.argv[2:]
    if few:
        print(f"coverage: less than {LEAST} % of the helper's lines")
    return 1 if found or few else 0


if __name__ == "__main__":
    sys.exit(main())
