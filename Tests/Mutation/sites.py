"""Where code can be changed by one operator or constant, and how the change is written so that a running program chooses it."""

import hashlib
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Site:
    path: str
    line: int  # from 0
    begin: int
    end: int
    text: str  # the operator or constant
    code: str  # the line
    occurrence: int  # among the same texts in the same lines of the file

    @property
    def key(self):
        """The same wherever the line stands in its file."""
        return f"{self.path}: {self.code.strip()}: {self.text} {self.occurrence}"

    @property
    def rank(self):
        return hashlib.sha256(self.key.encode()).hexdigest()

    def __str__(self):
        there = self.code[: self.begin] + "⟦" + self.text + "⟧" + self.code[self.end :]
        return f"{self.path}:{self.line + 1}: {there.strip()}"


OPERATORS = "&& || == != <= >= << >> &+ &- &* += -= < > + - * / & | ^ %".split()
_spaced = re.compile(r"(?<= )(?:%s)(?= )" % "|".join(map(re.escape, OPERATORS)))
_range = re.compile(r"\.\.<")
_constant = re.compile(r"(?<![\w.$\"])\d[\d_]*(?:\.\d+)?(?![\w.])")
_truth = re.compile(r"(?<![\w.])(?:true|false)(?!\w)")
_opaque = re.compile(r'"""|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])\'|//.*|/\*.*?\*/')
_signature = re.compile(r"^\w.*\{$")
_array = re.compile(r"\[\d+\](?:;| =|,)")
_declares = re.compile(r"^\s*(#|import |@|infix |case \.|.*\bwhere [A-Z]\w*\.?\w* ==)")


def _blanked(line):
    return _opaque.sub(lambda found: " " * len(found.group()), line)


def sites(path, text):
    """All sites of a file, but for comments, strings, declarations and, in C, texts of several lines."""
    swift = path.endswith(".swift")
    patterns = (_spaced, _range, _constant, _truth) if swift else (_spaced, _constant)
    seen, quoted = {}, False
    for number, line in enumerate(text.split("\n")):
        if line.count('"""') % 2:
            quoted = not quoted
            continue
        if quoted or _declares.match(line) or not swift and _signature.match(line):
            continue
        blank = _blanked(line)
        for found in sorted((m for pattern in patterns for m in pattern.finditer(blank)), key=lambda m: m.start()):
            if not swift and found.group() not in _C and not _constant.fullmatch(found.group()):
                continue
            if not swift and _array.match(blank, found.start() - 1):
                continue  # larger arrays do as well
            kind = (line.strip(), found.group())
            seen[kind] = seen.get(kind, 0) + 1
            yield Site(path, number, found.start(), found.end(), found.group(), line, seen[kind])


# In C the change is arithmetic beside the operator: MUTANT(k) is 1 where mutant k is chosen, else 0, and binds as a call does.
_C = {
    "+": "+ (1 - 2 * MUTANT({k})) *", "-": "- (1 - 2 * MUTANT({k})) *", "*": "* (1 + MUTANT({k})) *", "/": "/ (1 + MUTANT({k})) /",
    "+=": "+= (1 - 2 * MUTANT({k})) *", "-=": "-= (1 - 2 * MUTANT({k})) *", "<": "< MUTANT({k}) +", "<=": "<= -MUTANT({k}) +",
    ">": "> -MUTANT({k}) +", ">=": ">= MUTANT({k}) +", "==": "== MUTANT({k}) +", "!=": "!= MUTANT({k}) +", "<<": "<< MUTANT({k}) +",
    ">>": ">> MUTANT({k}) +", "&&": "&& !MUTANT({k}) &&", "||": "|| MUTANT({k}) ||", "&": "& -!MUTANT({k}) &",
}  # fmt: skip
C_PRELUDE = """extern int eseg_mutant_chosen; extern unsigned char eseg_mutants_met[];
#define MUTANT(k) (eseg_mutants_met[k] = 1, (k) == eseg_mutant_chosen)
#line 1
"""

# In Swift each change is an operator of its own, of the same precedence, so that nothing around it must be understood.
_ARITHMETIC = "<T: AdditiveArithmetic>", "T"
_INTEGER = "<T: BinaryInteger>", "T"
_FIXED = "<T: FixedWidthInteger>", "T"
_ORDER = "<T: Comparable>", "Bool"
_EQUAL = "<T: Equatable>", "Bool"
_SWIFT = {
    "+": ("Addition", _ARITHMETIC, "a + b", "a - b"), "-": ("Addition", _ARITHMETIC, "a - b", "a + b"),
    "*": ("Multiplication", ("<T: Numeric>", "T"), "a * b", "a + b"), "%": ("Multiplication", _INTEGER, "a % b", "a"),
    "&+": ("Addition", _FIXED, "a &+ b", "a &- b"), "&-": ("Addition", _FIXED, "a &- b", "a &+ b"),
    "&*": ("Multiplication", _FIXED, "a &* b", "a &+ b"), "&": ("Multiplication", _INTEGER, "a & b", "a | b"),
    "|": ("Addition", _INTEGER, "a | b", "a & b"), "^": ("Addition", _INTEGER, "a ^ b", "a | b"),
    "<": ("Comparison", _ORDER, "a < b", "a <= b"), "<=": ("Comparison", _ORDER, "a <= b", "a < b"),
    ">": ("Comparison", _ORDER, "a > b", "a >= b"), ">=": ("Comparison", _ORDER, "a >= b", "a > b"),
    "==": ("Comparison", _EQUAL, "a == b", "a != b"), "!=": ("Comparison", _EQUAL, "a != b", "a == b"),
}  # fmt: skip
_SHIFTS = {"<<": ">>", ">>": "<<"}
_LOGIC = {"&&": ("LogicalConjunction", "||"), "||": ("LogicalDisjunction", "&&")}
_ASSIGNMENTS = {"+=": "-=", "-=": "+="}
SWIFT_PRELUDE = """@_silgen_name("eseg_mutant") func esegMutant(_ mutant: Int32) -> Bool
func esegConstant<T: ExpressibleByIntegerLiteral & Numeric>(_ mutant: Int32, _ value: T) -> T { esegMutant(mutant) ? value + 1 : value }
func esegTruth(_ mutant: Int32, _ value: Bool) -> Bool { esegMutant(mutant) ? !value : value }
"""


def _name(k):
    return "⊙" + "".join("⊕⊖⊗⊘⊚⊛⊜⊝⊞⊟"[int(digit)] for digit in str(k))


def replacement(site, k):
    """What stands in the code for mutant `k` of `site`."""
    if not site.path.endswith(".swift"):
        return _C[site.text].format(k=k) if site.text in _C else f"({site.text} + MUTANT({k}))"
    if site.text in ("true", "false"):
        return f"esegTruth({k}, {site.text})"
    return f"esegConstant({k}, {site.text})" if site.text[0].isdigit() else _name(k)


def swift_declaration(site, k):
    """The operator that stands for mutant `k` of `site`; empty for constants."""
    name, op = _name(k), site.text
    if op in _SWIFT:
        precedence, (generic, result), usual, other = _SWIFT[op]
        body = f"{generic}(a: T, b: T) -> {result} {{ esegMutant({k}) ? {other} : {usual} }}"
    elif op == "/":
        precedence = "Multiplication"
        body = f"<T: BinaryInteger>(a: T, b: T) -> T {{ esegMutant({k}) ? a : a / b }}\n"
        body += f"func {name} <T: FloatingPoint>(a: T, b: T) -> T {{ esegMutant({k}) ? a : a / b }}"
    elif op in _SHIFTS:
        precedence = "BitwiseShift"
        body = f"<T: BinaryInteger, U: BinaryInteger>(a: T, b: U) -> T {{ esegMutant({k}) ? a {_SHIFTS[op]} b : a {op} b }}"
    elif op in _LOGIC:
        precedence, other = _LOGIC[op]
        body = "(a: Bool, b: @autoclosure () throws -> Bool) rethrows -> Bool "
        body += f"{{ esegMutant({k}) ? try a {other} b() : try a {op} b() }}"
    elif op in _ASSIGNMENTS:
        precedence = "Assignment"
        body = f"<T: AdditiveArithmetic>(a: inout T, b: T) {{ if esegMutant({k}) {{ a {_ASSIGNMENTS[op]} b }} else {{ a {op} b }} }}"
    elif op == "..<":
        precedence = "RangeFormation"
        body = "<T: Strideable>(a: T, b: T) -> Range<T> where T.Stride: SignedInteger "
        body += f"{{ a..<(esegMutant({k}) ? max(a, b.advanced(by: -1)) : b) }}"
    else:
        return ""
    return f"infix operator {name}: {precedence}Precedence\nfunc {name} {body}\n"
