"""What can be changed in a file of C: mutants by four operators.

  negate    a condition: of if, while, for and ?:, each side of && and ||, and what a bool is made or returned of
  drop      a statement: a call, an assignment, return, break, continue
  constant  a number or a character becomes the next one, 1 also 0, true false, and a name of a family (FAMILIES) the
            one of them that would grant, which itself becomes one that refuses
  swap      == and !=, < and <=, > and >=

A tokenizer and a parser of statements, no more: comments, strings, lines of the preprocessor, prototypes and types are
passed over; of a declaration only what it is initialized with is looked at, of an enum its values. Where == or != is
all of a condition, swap is its negation, and that is made once. The number in sizeof x[0] says nothing.
"""

import re

TOKEN = re.compile(r"""
    (?P<skip>\s+|/\*.*?\*/|//[^\n]*|^[ \t]*\#(?:[^\n\\]|\\.)*)
  | (?P<string>"(?:[^"\\\n]|\\.)*")
  | (?P<char>'(?:[^'\\\n]|\\.)+')
  | (?P<number>\.?\d(?:[eEpP][+-]|[\w.])*)
  | (?P<name>[A-Za-z_]\w*)
  | (?P<mark><<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)
""", re.X | re.S | re.M)

# Beginning of a name: what grants, and what it becomes itself. The longest beginning counts.
FAMILIES = {
    "REASON_": ("REASON_NONE", "REASON_INTERNAL"),
    "PAM_": ("PAM_SUCCESS", "PAM_AUTH_ERR"),
    "DENY_": ("DENY_NOT", "DENY_REVOKED"),
    "C2M_FORM_": ("C2M_FORM_SHORT", "C2M_FORM_LONG"),
    "C2M_SESSION_": ("C2M_SESSION_ACTIVE", "C2M_SESSION_CLOSED"),
    "CLAIMS_TYPE_": ("CLAIMS_TYPE_SHORT", "CLAIMS_TYPE_LONG"),
    "API_": ("API_OK", "API_REFUSED"),
}
VERDICTS = ("C2M_GRANTED", "C2M_DENIED", "C2M_FORBIDDEN", "C2M_EXHAUSTED", "C2M_ENDED", "C2M_UNAVAILABLE", "C2M_IGNORE")
NO_FAMILY = ("PAM_RHOST", "PAM_RUSER", "PAM_TTY", "PAM_SERVICE", "PAM_USER", "PAM_CONV", "PAM_SILENT")
SWAPS = {"==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">"}
TYPE_WORDS = {"const", "static", "struct", "enum", "union", "int", "bool", "char", "long", "unsigned", "short", "void",
    "size_t", "ssize_t", "pid_t", "uid_t", "gid_t", "time_t", "extern", "volatile", "double"}
ASSIGN = {"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="}
OPEN, CLOSE = {"(": ")", "[": "]", "{": "}"}, {")", "]", "}"}


class Token:
    def __init__(self, kind, text, start):
        self.kind, self.text, self.start, self.end = kind, text, start, start + len(text)


def plain(lines):
    return " ".join(re.sub(r"/\*.*?(\*/|$)", "", lines, flags=re.S).split())


class Mutant:
    """TEXT of the file with START to END replaced by NEW. Known by file, function, and the lines before and after."""

    def __init__(self, source, function, operator, start, end, new):
        self.source, self.function, self.operator = source, function, operator
        self.start, self.end, self.new = start, end, new
        text = source.text
        first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
        self.line = text.count("\n", 0, start) + 1
        self.before = plain(text[first:last])
        self.after = plain(text[first:start] + new + text[end:last])
        self.turn = 1   # which of those that look alike in their function

    def key(self):
        return (self.source.path, self.function, self.before, self.after, self.turn)

    def whole(self):
        return self.source.text[:self.start] + self.new + self.source.text[self.end:]


class Source:
    def __init__(self, path, text):
        self.path, self.text, self.mutants = path, text, []
        self.tokens = [Token(m.lastgroup, m.group(), m.start()) for m in TOKEN.finditer(text) if m.lastgroup != "skip"]
        self.function, self.returns_bool = "-", False
        self.pairs = self.match()
        self.top()
        self.count()

    # --- tokens

    def at(self, i):
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    def match(self):
        pairs, stack = {}, []
        for i, token in enumerate(self.tokens):
            if token.kind == "mark" and token.text in OPEN:
                stack.append(i)
            elif token.kind == "mark" and token.text in CLOSE:
                begun = stack.pop()
                assert OPEN[self.at(begun)] == token.text, f"{self.path}: unbalanced {token.text}"
                pairs[begun], pairs[i] = i, begun
        assert not stack, f"{self.path}: unbalanced"
        return pairs

    def find(self, i, end, marks):
        """The first of MARKS from I on that is in no bracket, or END."""
        while i < end and self.at(i) not in marks:
            i = self.pairs[i] + 1 if self.at(i) in OPEN else i + 1
        return min(i, end)

    def add(self, operator, first, last, new):
        """Tokens FIRST to LAST become NEW, where {} is what stood there."""
        start, end = self.tokens[first].start, self.tokens[last].end
        self.mutants.append(Mutant(self, self.function, operator, start, end, new.replace("{}", self.text[start:end])))

    def count(self):
        seen, kept = {}, []
        made = set()
        for mutant in sorted(self.mutants, key=lambda m: (m.start, m.end)):
            whole = (mutant.start, mutant.end, mutant.new)
            if whole in made:
                continue
            made.add(whole)
            key = mutant.key()
            seen[key] = mutant.turn = seen.get(key, 0) + 1
            kept.append(mutant)
        self.mutants = kept

    # --- the file

    def top(self):
        i, end = 0, len(self.tokens)
        while i < end:
            stop = self.find(i, end, (";", "{"))
            if stop == end:
                return
            if self.at(stop) == ";":
                i = stop + 1
                continue
            self.function, close = "-", self.pairs[stop]
            if self.at(stop - 1) == ")":   # a function's body
                begun = self.pairs[stop - 1]
                self.function = self.at(begun - 1)
                self.returns_bool = "bool" in [t.text for t in self.tokens[i:begun]] and self.at(begun - 2) != "*"
                self.block(stop + 1, close)
                i = close + 1
            elif self.at(stop - 1) == "=":
                self.expression(stop + 1, close)
                i = self.find(close, end, ";") + 1
            else:
                if "enum" in [t.text for t in self.tokens[i:stop]]:
                    self.expression(stop + 1, close)
                i = self.find(close + 1, end, ";") + 1 if self.at(close + 1) == ";" else close + 1
            self.function = "-"

    # --- statements

    def block(self, i, end):
        while i < end:
            i = self.statement(i, end)

    def statement(self, i, end):
        """One statement from I; gives back what follows it."""
        word = self.at(i)
        if word == "{":
            self.block(i + 1, self.pairs[i])
            return self.pairs[i] + 1
        if word in ("if", "while", "switch"):
            close = self.pairs[i + 1]
            (self.condition if word != "switch" else self.expression)(i + 2, close)
            after = close + 1 if self.at(close + 1) != ";" else close + 2
            if self.at(close + 1) != ";":
                after = self.statement(close + 1, end)
            return self.statement(after + 1, end) if word == "if" and self.at(after) == "else" else after
        if word == "for":
            return self.loop(i, end)
        if word == "do":
            after = self.statement(i + 1, end)
            close = self.pairs[after + 1]
            self.condition(after + 2, close)
            return close + 2
        if word in ("case", "default"):
            return self.find(i, end, ":") + 1
        return self.simple(i, self.find(i, end, ";"), end)

    def loop(self, i, end):
        close = self.pairs[i + 1]
        first = self.find(i + 2, close, ";")
        second = self.find(first + 1, close, ";")
        self.expression(i + 2, first)
        if second > first + 1:
            self.condition(first + 1, second)
        self.expression(second + 1, close)
        return self.statement(close + 1, end)

    def is_declaration(self, i, stop):
        if self.at(i) in TYPE_WORDS or self.at(i).endswith(("_CLEANUP", "_t")):
            return True
        if self.tokens[i].kind != "name":
            return False
        after = self.tokens[i + 1] if i + 1 < stop else None
        return after is not None and (after.kind == "name" or (after.text == "*" and self.tokens[i + 2].kind == "name"))

    def simple(self, i, stop, end):
        """Up to its semicolon: a declaration, return, break, continue, or an expression."""
        if stop == i or self.at(i) == "goto":
            return stop + 1
        if self.at(i) == "return":
            last = stop + 1 >= end and self.function != "-" and end == self.body_end(i)
            if not last:
                self.add("drop", i, stop, ";")
            if self.returns_bool and stop > i + 1:
                self.condition(i + 1, stop)
            else:
                self.expression(i + 1, stop)
        elif self.is_declaration(i, stop):
            equals = self.find(i, stop, ("=",))
            truth = "bool" in [t.text for t in self.tokens[i:equals]]
            while equals < stop:   # each of several names has its own
                comma = self.find(equals + 1, stop, (",",))
                (self.condition if truth else self.expression)(equals + 1, comma)
                equals = self.find(comma, stop, ("=",))
        elif self.at(i) != "(" or self.at(i + 1) != "void":
            self.add("drop", i, stop, ";")
            self.expression(i, stop)
        return stop + 1

    def body_end(self, i):
        """Where the function that I is in ends."""
        while i < len(self.tokens):
            if self.at(i) == "}" and self.tokens[i].start == self.text.rfind("\n", 0, self.tokens[i].start) + 1:
                return i
            i += 1
        return i

    # --- expressions

    def condition(self, i, end):
        if end > i:
            self.negate(i, end)
            self.expression(i, end)

    def negate(self, i, end):
        if i >= end:
            return
        inner = range(i, end)
        if any(self.at(k) in ("==", "!=") and self.find(i, end, (self.at(k),)) == k for k in inner) and \
                self.find(i, end, ("&&", "||", "?", ",") + tuple(ASSIGN)) == end:
            return   # swap does it
        if end == i + 1 and (self.tokens[i].kind == "number" or self.at(i) in ("true", "false")):
            return   # and here the constant
        self.add("negate", i, end - 1, "!({})")

    def expression(self, i, end):
        for k in range(i, end):
            token = self.tokens[k]
            if token.kind == "mark" and token.text in SWAPS:
                self.add("swap", k, k, SWAPS[token.text])
            elif token.kind == "mark" and token.text in ("&&", "||"):
                self.sides(k, i, end)
            elif token.kind == "mark" and token.text == "?":
                self.negate(self.left(k, i, ("?", ":", ",") + tuple(ASSIGN)), k)
            elif token.kind in ("number", "char", "name"):
                self.constant(k, token)

    def left(self, k, begin, marks):
        k -= 1
        while k >= begin and self.at(k) not in marks and self.at(k) not in OPEN and self.at(k) != "return":
            k = self.pairs[k] - 1 if self.at(k) in CLOSE else k - 1
        return k + 1

    def right(self, k, end, marks):
        k += 1
        while k < end and self.at(k) not in marks and self.at(k) not in CLOSE:
            k = self.pairs[k] + 1 if self.at(k) in OPEN else k + 1
        return k

    def sides(self, k, begin, end):
        marks = ("&&", "||", "?", ":", ",", ";") + tuple(ASSIGN)
        self.negate(self.left(k, begin, marks), k)
        self.negate(k + 1, self.right(k, end, marks))

    def constant(self, k, token):
        word = token.text
        if token.kind == "char":
            self.add("constant", k, k, "({} + 1)")
        elif token.kind == "number" and not (self.at(k - 1) == "[" and self.at(k - 3) == "sizeof"):
            self.add("constant", k, k, self.next_number(word))
            if word == "1":
                self.add("constant", k, k, "0")
        elif word in ("true", "false"):
            self.add("constant", k, k, "false" if word == "true" else "true")
        elif word in VERDICTS:
            self.add("constant", k, k, "C2M_DENIED" if word == "C2M_GRANTED" else "C2M_GRANTED")
        elif word not in NO_FAMILY and self.at(k + 1) != "(":
            family = max((f for f in FAMILIES if word.startswith(f)), key=len, default=None)
            if family:
                good, bad = FAMILIES[family]
                self.add("constant", k, k, bad if word == good else good)

    @staticmethod
    def next_number(word):
        digits = re.match(r"0[xX][0-9a-fA-F]+|\d+", word).group()
        return str(int(digits, 0 if not re.fullmatch(r"0\d+", digits) else 8) + 1) + word[len(digits):]


def read(path):
    with open(path, encoding="utf-8") as file:
        return Source(path, file.read())


if __name__ == "__main__":
    import sys
    for name in sys.argv[1:]:
        for m in read(name).mutants:
            print(f"{m.source.path}:{m.line} {m.function} {m.operator} #{m.turn}\n- {m.before}\n+ {m.after}")
