"""Sets of ground formulas without models, by congruence closure and case distinction.

An equation is itself a term, of a sort of truth values, and congruence closure decides everything: an equation is true
when its sides are in one class, its sides are merged when it becomes true, and equations of equal terms are equal.
Clauses propagate units. A conflict names the formulas and the decisions that it comes from, and what is learnt from it
is that not all of these decisions hold.

Every merge has a *reason*: a set of bits, one for each formula and for each decision that it follows from. The reason
of an equality is the union along the path that joins the two nodes in the proof forest.

Source: Downey, Sethi, Tarjan, Variations on the common subexpression problem (1980); Nieuwenhuis and Oliveras,
Proof-producing congruence closure (2005); Marques-Silva and Sakallah, GRASP (1996).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from formal.herbrand.instance import Ground
from formal.herbrand.reading import Ledger
from formal.herbrand.term import Terms

Symbol = str | int
"""A function symbol of the problem, or a number for what is ours, so that no name can clash."""

Signature = tuple[Symbol, tuple[int, ...]]
Literal = tuple[int, bool]
"""A node of the sort of truth values, and the value that it is to have."""

TRUE, FALSE = 0, 1
EQUATION, DEFINED = -1, -2


def refuting_core(formulas: Sequence[Ground], terms: Terms, ledger: Ledger) -> tuple[int, ...] | None:
    """Which of some ground formulas have no model; None when all of them together have one.

    Args:
        formulas: built with ``and``, ``or`` from ``=``, ``!=``, ``defined``, ``undefined`` and numbers of terms.
    Returns:
        Positions in ``formulas``, not necessarily as few as possible.
    Raises:
        Rejected: the ledger's steps are spent.
    """
    search = _Search(terms, ledger, len(formulas))
    for position, formula in enumerate(formulas):
        search.assume(formula, 1 << position)
    conflict = search.run()
    return None if conflict is None else tuple(_bits(conflict))


def _bits(mask: int) -> Iterable[int]:
    """The positions of the bits that are set."""
    while mask:
        yield (mask & -mask).bit_length() - 1
        mask &= mask - 1


class Closure:
    """Nodes in classes, closed under congruence; merges can be taken back, last first.

    Args:
        root: of each node, the one that stands for its class.
        members, uses: of each root, the nodes of its class, and the nodes with an argument in it.
        edge: of each node, the next one on the way to the root of its tree in the proof forest, and the reason; a root
            has itself.
        determined: nodes that have become true or false, for others to consume.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.symbols: list[Symbol] = []
        self.arguments: list[tuple[int, ...]] = []
        self.root: list[int] = []
        self.members: list[list[int]] = []
        self.uses: list[list[int]] = []
        self.edge: list[tuple[int, int]] = []
        self.determined: list[int] = []
        self.trail: list[tuple[int, int, int, int, list[Signature]]] = []
        self._signatures: dict[Signature, int] = {}
        for value in (TRUE, FALSE):
            self.node(value)

    def node(self, symbol: Symbol, *arguments: int) -> int:
        """The node of a symbol with arguments. New ones may be added only before the first merge."""
        signature = self._signature(symbol, arguments)
        if signature not in self._signatures:
            new = self._signatures[signature] = len(self.root)
            self.symbols.append(symbol)
            self.arguments.append(arguments)
            self.root.append(new)
            self.members.append([new])
            self.uses.append([])
            self.edge.append((new, 0))
            for argument in dict.fromkeys(arguments):
                self.uses[argument].append(new)
        return self._signatures[signature]

    def value(self, node: int) -> bool | None:
        """The truth value of a node, if it is determined."""
        root = self.root[node]
        return True if root == self.root[TRUE] else False if root == self.root[FALSE] else None

    def merge(self, a: int, b: int, reason: int) -> int | None:
        """Make two nodes equal, with all that follows; the reason of the conflict if true becomes false."""
        root, pending = self.root, [(a, b, reason)]
        while pending:
            a, b, reason = pending.pop()
            if root[a] == root[b]:
                continue
            if {root[a], root[b]} == {root[TRUE], root[FALSE]}:
                true, false = (a, b) if root[a] == root[TRUE] else (b, a)
                return reason | self.reason(true, TRUE) | self.reason(false, FALSE)
            small_first = len(self.members[root[a]]) <= len(self.members[root[b]])
            pending += self._join(a, b, reason) if small_first else self._join(b, a, reason)
        return None

    def reason(self, a: int, b: int) -> int:
        """Why two nodes of one class are equal."""
        above: dict[int, int] = {}
        node, mask = a, 0
        while node not in above:
            above[node] = mask
            node, why = self.edge[node]
            mask |= why
        self.ledger.spend(len(above))
        node, mask = b, 0
        while node not in above:
            node, why = self.edge[node]
            mask |= why
        return mask | above[node]

    def undo(self, size: int) -> None:
        """Take back all joins but the first ``size``."""
        self.determined.clear()
        while len(self.trail) > size:
            a, b, small, uses, signatures = self.trail.pop()
            large = self.root[b]
            self.ledger.spend(len(self.members[small]))
            for member in self.members[small]:
                self.root[member] = small
            del self.members[large][-len(self.members[small]) :]
            del self.uses[large][uses:]
            for signature in signatures:
                del self._signatures[signature]
            end = a if self.edge[a][0] == b else b
            self.edge[end] = end, 0

    def _join(self, a: int, b: int, reason: int) -> list[tuple[int, int, int]]:
        """Put the class of a into that of b; the equalities that follow."""
        root, small, large = self.root, self.root[a], self.root[b]
        self.ledger.spend(len(self.members[small]) + len(self.uses[small]))
        self._link(a, b, reason)
        truths = root[TRUE], root[FALSE]
        settled = self.members[small] if large in truths else list(self.members[large]) if small in truths else []
        for member in self.members[small]:
            root[member] = large
        self.members[large] += self.members[small]
        pending, signatures = [], []
        for user in self.uses[small]:
            arguments = self.arguments[user]
            signature = self._signature(self.symbols[user], arguments)
            other = self._signatures.get(signature)
            if self.symbols[user] == EQUATION and root[arguments[0]] == root[arguments[1]]:
                pending.append((user, TRUE, self.reason(*arguments)))
            elif other is None:
                self._signatures[signature] = user
                signatures.append(signature)
            elif root[other] != root[user]:
                pending.append((user, other, self._congruence(user, other)))
        self.trail.append((a, b, small, len(self.uses[large]), signatures))
        self.uses[large] += self.uses[small]
        for node in settled:
            self.determined.append(node)
            if self.symbols[node] == EQUATION and root[node] == root[TRUE]:
                left, right = self.arguments[node]
                pending.append((left, right, self.reason(node, TRUE)))
        return pending

    def _link(self, a: int, b: int, reason: int) -> None:
        """Make a the root of its tree of the proof forest, and hang it below b."""
        below, node = b, a
        while node != below:
            (above, why), self.edge[node] = self.edge[node], (below, reason)
            below, node, reason = node, above, why

    def _congruence(self, one: int, other: int) -> int:
        """Why two nodes with the same signature are equal."""
        left, right = self.arguments[one], self.arguments[other]
        if self.symbols[one] == EQUATION and self.root[left[0]] != self.root[right[0]]:
            right = right[::-1]
        mask = 0
        for a, b in zip(left, right, strict=True):
            mask |= self.reason(a, b)
        return mask

    def _signature(self, symbol: Symbol, arguments: tuple[int, ...]) -> Signature:
        roots = tuple(self.root[argument] for argument in arguments)
        return symbol, roots if symbol != EQUATION else (min(roots), max(roots))


class _Search:
    """Clauses over the nodes of a closure, and decisions."""

    def __init__(self, terms: Terms, ledger: Ledger, formulas: int) -> None:
        self.terms, self.ledger, self.formulas = terms, ledger, formulas
        self.closure = Closure(ledger)
        self.nodes: dict[int, int] = {}
        self.clauses: list[tuple[tuple[Literal, ...], int]] = []
        self.occurrences: defaultdict[int, list[int]] = defaultdict(list)
        self.decisions: list[tuple[Literal, int]] = []

    def assume(self, formula: Ground, reason: int) -> None:
        """Add a formula as clauses; a conjunction under a disjunction is named by a new literal that implies it.

        Source: Plaisted and Greenbaum (1986).
        """
        work: list[tuple[tuple[Literal, ...], Ground]] = [((), formula)]
        while work:
            unless, part = work.pop()
            if part[0] == "and":
                work += [(unless, conjunct) for conjunct in part[1:]]
                continue
            literals, stack = list(unless), [part]
            while stack:
                kind, *parts = item = stack.pop()
                if kind == "or":
                    stack += reversed(parts)
                elif kind == "and":
                    name = self.closure.node(len(self.closure.root))
                    literals.append((name, True))
                    work += [(((name, False),), conjunct) for conjunct in parts]
                else:
                    literals.append(self._literal(item))
            self._add(literals, reason)

    def run(self) -> int | None:
        """The reason why the formulas have no model; None when they have one."""
        conflict = self._first(range(len(self.clauses)))
        while True:
            if conflict is None:
                literal = self._open_literal()
                if literal is None:
                    return None
                self.decisions.append((literal, len(self.closure.trail)))
                conflict = self._assert(literal, 1 << self.formulas + len(self.decisions) - 1)
            elif conflict >> self.formulas == 0:
                return conflict
            else:
                conflict = self._learn(conflict)

    def _learn(self, conflict: int) -> int | None:
        """Go back to where all but one of the decisions of a conflict are made, and exclude that one."""
        involved = conflict >> self.formulas
        last = involved.bit_length() - 1
        others = involved ^ (1 << last)
        negated = [(node, not value) for node, value in (self.decisions[k][0] for k in _bits(involved))]
        kept = others.bit_length()
        self.closure.undo(self.decisions[kept][1])
        del self.decisions[kept:]
        self._add(negated, conflict & ((1 << self.formulas) - 1))
        return self._assert(negated[-1], conflict ^ (1 << self.formulas + last))

    def _assert(self, literal: Literal, reason: int) -> int | None:
        """Make a literal true, and all that follows by clauses; the reason of a conflict."""
        node, value = literal
        conflict = self.closure.merge(node, TRUE if value else FALSE, reason)
        return self._first(()) if conflict is None else conflict

    def _first(self, clauses: Iterable[int]) -> int | None:
        """Look at clauses, and at those that become interesting; the reason of the first conflict."""
        while True:
            for clause in clauses:
                conflict = self._propagate(clause)
                if conflict is not None:
                    return conflict
            if not self.closure.determined:
                return None
            clauses = self.occurrences[self.closure.determined.pop()]

    def _propagate(self, clause: int) -> int | None:
        """If all literals of a clause but one are false, make that one true; the reason of a conflict."""
        literals, reason = self.clauses[clause]
        self.ledger.spend()
        free: Literal | None = None
        for node, value in literals:
            known = self.closure.value(node)
            if known is value or (known is None and free is not None):
                return None
            if known is None:
                free = node, value
        for literal in literals:
            if literal != free:
                reason |= self.closure.reason(literal[0], FALSE if literal[1] else TRUE)
        return reason if free is None else self.closure.merge(free[0], TRUE if free[1] else FALSE, reason)

    def _open_literal(self) -> Literal | None:
        """The first literal to decide on, of a clause with as few as possible; None when every clause is true."""
        best: list[Literal] = []
        for literals, _ in self.clauses:
            self.ledger.spend()
            known = [self.closure.value(node) for node, _ in literals]
            if not any(found is value for found, (_, value) in zip(known, literals, strict=True)):
                free = [literal for found, literal in zip(known, literals, strict=True) if found is None]
                if not best or len(free) < len(best):
                    best = free
                if len(best) == 2:  # fewer would have been propagated
                    break
        return best[0] if best else None

    def _add(self, literals: Iterable[Literal], reason: int) -> None:
        clause = tuple(dict.fromkeys(literals))
        for node, _ in clause:
            self.occurrences[node].append(len(self.clauses))
        self.clauses.append((clause, reason))

    def _literal(self, formula: Ground) -> Literal:
        kind, *sides = formula
        nodes = [self._node(side) for side in sides]
        if len(nodes) == 1:
            return self.closure.node(DEFINED, *nodes), kind == "defined"
        return TRUE if nodes[0] == nodes[1] else self.closure.node(EQUATION, *nodes), kind == "="

    def _node(self, term: int) -> int:
        stack = [term]
        while stack:
            missing = [argument for argument in self.terms.arguments[stack[-1]] if argument not in self.nodes]
            stack += missing
            if not missing:
                t = stack.pop()
                arguments = (self.nodes[argument] for argument in self.terms.arguments[t])
                self.nodes[t] = self.closure.node(self.terms.symbols[t], *arguments)
        return self.nodes[term]
