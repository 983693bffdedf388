"""The rows of the table: what the API answers to an exchange, and what the login must make of it."""

ROWS = []
_family = None


class Row:
    def __init__(self, *values):
        self.family, self.verdict, self.reason, self.name, self.answer, self.revoked, self.then, self.form = values


def family(name):
    global _family
    _family = name


def row(verdict, reason, name, *answer, revoked=False, then=None, form="long"):
    """ANSWER: bytes, a number of seconds to wait, a step of words.py, or a function of the row's own number that makes
    bytes. REVOKED: the token in it must be revoked afterwards. THEN: what the next login meets, in a helper of its
    own. FORM: what is typed, a long token or a code."""
    ROWS.append(Row(_family, verdict, reason, name, answer, revoked, then, form))
