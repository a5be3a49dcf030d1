"""Scripts with their imports: every declaration elaborated, every claim a closed formula, every error at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

from formal.core.budget import BudgetExceeded
from formal.core.build import TooLarge
from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor, Transformation
from formal.core.presentation import InfiniteCategory
from formal.elaborate import declaration, enriched, entry
from formal.elaborate.constructor import constructors
from formal.elaborate.enriched import RelationClaim, is_about_relations
from formal.elaborate.expression import Elaborator
from formal.elaborate.names import Budget, NeedsValue
from formal.elaborate.precedence import newer_claims
from formal.elaborate.predicate import BUILTINS
from formal.elaborate.reader import Reader
from formal.elaborate.relation import MatrixOf
from formal.elaborate.scope import Definition, Meaning, Model, Module, Passed, Poisoned, duplicate, reject
from formal.elaborate.value import FunctorOf, FunctorTransformationOf, TransformationOf, Value, describe
from formal.elaborate.workshop import Workshop
from formal.enriched.formula import Given
from formal.logic.formula import Formula
from formal.syntax import ast
from formal.syntax.parser import parse, parse_expression
from formal.syntax.tree import names_in
from formal.text import Code, Diagnostic, Label, Rejection, Severity, Source, Span
from formal.text.file import read_source
from formal.text.project import project_root

MOST_EXPRESSIONS = 400_000
MOST_NESTED_IMPORTS = 100
Structure = Category | Functor | SetFunctor | Transformation
EXPECTATIONS = ("proved", "refuted", "unknown")
_NAMELESS = ast.ImportDecl | ast.ClaimDecl | ast.TheoremDecl | ast.CrossCheckDecl
"""Declarations whose names mean nothing in expressions."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim, elaborated.

    Args:
        statement: the formula as the author wrote it, on one line.
        expected: ``proved``, ``refuted`` or ``unknown``.
    """

    name: str
    span: Span
    doc: str
    statement: str
    expected: str
    formula: Formula


@dataclass(frozen=True)
class Script:
    """A script, elaborated.

    Args:
        path: the file, or None for a text.
        imports: the scripts that it imports, directly.
        claims: those that could be elaborated, in source order.
        relation_claims: the same of those about relations over a quantale.
        theorems: in source order; they are elaborated by ``formal.statement``.
        diagnostics: all that is wrong, in source order.
        crosschecks: in source order; they are elaborated by ``formal.crosscheck``.
        dropped: how many claims, theorems and cross-checks are in none of these because of errors.
    """

    source: Source
    path: Path | None
    module: Module
    imports: tuple[Script, ...]
    claims: tuple[Claim, ...]
    diagnostics: tuple[Diagnostic, ...]
    theorems: tuple[ast.TheoremDecl, ...] = ()
    relation_claims: tuple[RelationClaim, ...] = ()
    crosschecks: tuple[ast.CrossCheckDecl, ...] = ()
    dropped: int = 0

    @property
    def stated(self) -> tuple[tuple[str, Span], ...]:
        """The names of all claims, theorems and cross-checks, with their places, in source order."""
        claims: list[Claim | RelationClaim] = [*self.claims, *self.relation_claims]
        nodes: list[ast.TheoremDecl | ast.CrossCheckDecl] = [*self.theorems, *self.crosschecks]
        found = [(claim.name, claim.span) for claim in claims] + [(node.name.text, node.name.span) for node in nodes]
        return tuple(sorted(found, key=lambda item: item[1].start))

    @cached_property
    def names(self) -> dict[str, str]:
        """What the script calls a constructed structure, by the expression that it is known by."""
        result: dict[str, str] = {}
        for name, (_, meaning) in self.module.meanings.items():
            if isinstance(meaning, Category | SetFunctor) and meaning.name != name and "(" in meaning.name:
                result.setdefault(meaning.name, name)
        return result


@cache
def prelude() -> Module:
    """The predicates that every script knows."""
    text = files("formal.elaborate").joinpath("prelude.cat").read_text(encoding="utf-8")
    module = Module("prelude")
    for node in parse(Source("prelude.cat", text)).declarations:
        if isinstance(node, ast.DefineDecl):
            module.definitions.setdefault(node.name.text, []).append(Definition(node, module))
    return module


class Loader:
    """Loads scripts, each file once.

    Args:
        root: the folder that imports and models cannot leave.
        settings: what parameters are set to, by name; the others stay open.
    """

    def __init__(self, root: Path, settings: Mapping[str, Fraction] | None = None) -> None:
        self.root = root.resolve()
        self.settings = settings or {}
        self.workshop = Workshop(prelude)
        self._scripts: dict[Path, Script] = {}
        self._loading: list[Path] = []

    def display(self, path: Path) -> str:
        """The path as reports show it: relative to the root when it is below."""
        try:
            return path.resolve().relative_to(self.root).as_posix()
        except ValueError:
            return path.as_posix()

    def load(self, path: Path) -> Script:
        """Elaborate a file."""
        real = path.resolve()
        if real not in self._scripts:
            self._loading.append(real)
            try:
                self._scripts[real] = self._read(path, real)
            finally:
                self._loading.pop()
        return self._scripts[real]

    def _read(self, path: Path, real: Path) -> Script:
        name = self.display(path)
        try:
            source = read_source(real, name)
        except Rejection as rejection:
            return Script(Source(name, ""), path, Module(name), (), (), rejection.diagnostics)
        return self.elaborate(source, path)

    def elaborate(
        self, source: Source, path: Path | None = None, *, structures: Mapping[str, Structure] | None = None
    ) -> Script:
        """Elaborate a text; imports are relative to ``path``, or to the root.

        Args:
            structures: names that the text may use without declaring them.
        """
        module = _module_of(source.name, structures or {})
        diagnostics: list[Diagnostic] = []
        imports: list[Script] = []
        claims: list[Claim] = []
        relation_claims: list[RelationClaim] = []
        theorems: list[ast.TheoremDecl] = []
        crosschecks: list[ast.CrossCheckDecl] = []
        names: dict[str, ast.Name] = {}
        try:
            tree = parse(source)
        except Rejection as rejection:
            return Script(source, path, module, (), (), rejection.diagnostics)
        declared = [node for node in tree.declarations if not isinstance(node, _NAMELESS)]
        module.later.update({node.name.text: node.name.span for node in reversed(declared)})
        for node in tree.declarations:
            budget = Budget(MOST_EXPRESSIONS, _place(node))
            elaborator = Elaborator(module, self.workshop, _CONSTRUCTORS, budget)
            reader = Reader(module, self.workshop, budget, settings=self.settings)
            try:
                match node:
                    case ast.ImportDecl(path=target):
                        script = self._import(target, path)
                        imports.append(script)
                        diagnostics += module.include(script.module, target.span)
                        diagnostics += _errors_of(script, target)
                    case ast.ClaimDecl(name=name):
                        if name.text in names:
                            raise Rejection([duplicate(name, names[name.text].span)])
                        names[name.text] = name
                        if is_about_relations(module, node.formula):
                            relation_claims.append(_relation_claim(reader, node))
                        else:
                            claims.append(_claim(elaborator, node))
                    case ast.TheoremDecl(name=name):
                        if name.text in names:
                            raise Rejection([duplicate(name, names[name.text].span)])
                        names[name.text] = name
                        _expectation(node.expect)
                        theorems.append(node)
                    case ast.CrossCheckDecl(name=name):
                        if name.text in names:
                            raise Rejection([duplicate(name, names[name.text].span)])
                        names[name.text] = name
                        crosschecks.append(node)
                    case ast.DefineDecl():
                        _define(module, node)
                    case _:
                        module.declare(node.name, self._declaration(elaborator, reader, node, path))
            except Passed:
                _poison(module, node)
            except Rejection as rejection:
                diagnostics += rejection.diagnostics
                _poison(module, node)
            except (BudgetExceeded, TooLarge) as error:
                diagnostics.append(Diagnostic(Code.BUDGET_EXCEEDED, f"this is too large: {error}", Label(_place(node))))
                _poison(module, node)
            except RecursionError:
                message = "this is nested too deeply, what it is defined by included"
                diagnostics.append(Diagnostic(Code.NESTING_TOO_DEEP, message, Label(_place(node))))
                _poison(module, node)
            if not isinstance(node, _NAMELESS):
                module.later.pop(node.name.text, None)
        diagnostics += self.workshop.late_diagnostics()
        newer = newer_claims(module, tree, _sources(imports))
        diagnostics += newer.values()
        claims = [claim for claim in claims if claim.name not in newer]
        relation_claims = [claim for claim in relation_claims if claim.name not in newer]
        theorems = [node for node in theorems if node.name.text not in newer]
        crosschecks = [node for node in crosschecks if node.name.text not in newer]
        kinds = ast.ClaimDecl | ast.TheoremDecl | ast.CrossCheckDecl
        stated = sum(isinstance(node, kinds) for node in tree.declarations)
        return Script(
            source,
            path,
            module,
            tuple(imports),
            tuple(claims),
            tuple(diagnostics),
            tuple(theorems),
            dropped=stated - len(claims) - len(relation_claims) - len(theorems) - len(crosschecks),
            relation_claims=tuple(relation_claims),
            crosschecks=tuple(crosschecks),
        )

    def _import(self, target: ast.Name, importing: Path | None) -> Script:
        path = self._inside(target, importing)
        if path in self._loading:
            chain = [*self._loading[self._loading.index(path) :], path]
            shown = " -> ".join(f"`{self.display(step)}`" for step in chain)
            raise reject(Code.IMPORT_CYCLE, "the import leads back to this file", target.span, notes=(shown,))
        if len(self._loading) >= MOST_NESTED_IMPORTS and path not in self._scripts:
            raise reject(Code.NESTING_TOO_DEEP, f"imports are nested more than {MOST_NESTED_IMPORTS} deep", target.span)
        try:
            is_file = path.is_file()
        except OSError as error:
            raise _unreachable(target, error.strerror or str(error)) from None
        if not is_file:
            raise reject(Code.IMPORT_NOT_FOUND, f'there is no file `"{target.text}"`', target.span)
        return self.load(path)

    def _inside(self, target: ast.Name, importing: Path | None) -> Path:
        """The place that a script names, relative to itself, links followed: it must lie below the root."""
        try:
            folder = importing.resolve().parent if importing is not None else self.root
            path = (folder / target.text).resolve()
        except (OSError, RuntimeError):
            # Before Python 3.13 links that lead to each other are a RuntimeError, not an OSError.
            raise _unreachable(target, "links lead to each other") from None
        if not path.is_relative_to(self.root):
            raise reject(
                Code.IMPORT_OUTSIDE_ROOT,
                f'`"{target.text}"` leads out of the project',
                target.span,
                "imports cannot leave the project's root",
                help=("move the file below the root, or run `formal` from a higher folder",),
            )
        return path

    def _declaration(self, elaborator: Elaborator, reader: Reader, node: ast.Declaration, path: Path | None) -> Meaning:
        match node:
            case ast.RelationDecl():
                return entry.relation(reader, node)
            case ast.WeightDecl():
                return entry.weight(reader, node)
            case ast.NumberDecl():
                return entry.parameter(reader, node)
            case ast.Alias(kind="relation" | "profunctor" | "weight" | "coweight"):
                return entry.alias(reader, node)
            case ast.FunctorDecl(dom=dom) if is_about_relations(reader.module, dom):
                return entry.functor(reader, node)
            case ast.Alias(
                kind="functor", value=ast.Call(function=ast.Name(text="inclusion"), arguments=[base, *_])
            ) if is_about_relations(reader.module, base):
                return entry.inclusion(reader, node)
            case ast.CategoryDecl():
                return declaration.category(elaborator, node)
            case ast.FunctorDecl():
                functor = declaration.functor(elaborator, node)
                return FunctorOf(functor.dom, functor.cod, functor)
            case ast.SetFunctorDecl():
                return declaration.set_functor(elaborator, node)
            case ast.TransformationDecl():
                return declaration.transformation(elaborator, node)
            case ast.Alias():
                return _alias(elaborator, node)
            case ast.ModelDecl():
                return self._model(node, path)
            case _:
                raise reject(Code.WRONG_KIND, "this declaration has no meaning", node.span)

    def _model(self, node: ast.ModelDecl, importing: Path | None) -> Model:
        path = self._inside(node.path, importing)
        return Model(self.workshop.bundle(path, self.display(path), node.path.span))


def _unreachable(target: ast.Name, reason: str) -> Rejection:
    return reject(Code.UNREADABLE_FILE, f'`"{target.text}"` cannot be reached: {reason}', target.span)


def elaborate_formula(text: str, structures: Mapping[str, Structure]) -> Claim:
    """A formula about structures at hand, as a claim.

    Raises:
        Rejection: all that is wrong with it.
    """
    source = Source("<formula>", text)
    node = parse_expression(source)
    span = Span(source, 0, len(text))
    module = _module_of(source.name, structures)
    elaborator = Elaborator(module, Workshop(prelude), _CONSTRUCTORS, Budget(MOST_EXPRESSIONS))
    return _claim(elaborator, ast.ClaimDecl(span, ast.Name(span, "formula"), node, None))


def _module_of(name: str, structures: Mapping[str, Structure]) -> Module:
    """A module in which structures have names; the categories that they live on can be seen too."""
    module = Module(name)
    for label, structure in structures.items():
        meaning: Meaning
        match structure:
            case Category() | SetFunctor():
                meaning = structure
            case Functor():
                meaning = FunctorOf(structure.dom, structure.cod, structure)
            case Transformation():
                meaning = TransformationOf(structure.dom, structure.cod, structure)
        module.meanings[label] = None, meaning
    known = {id(category) for _, category in module.categories()}
    for structure in structures.values():
        match structure:
            case SetFunctor(category=category):
                bases = [category]
            case Functor(dom=dom, cod=cod):
                bases = [dom, cod]
            case Transformation(dom=functor):
                bases = [functor.category]
            case Category():
                bases = []
        for category in bases:
            if id(category) not in known and category.name not in module.meanings:
                known.add(id(category))
                module.meanings[category.name] = None, category
    return module


def _claim(elaborator: Elaborator, node: ast.ClaimDecl) -> Claim:
    expected = _expectation(node.expect)
    try:
        formula = elaborator.formula(node.formula)
    except NeedsValue as need:
        raise reject(
            Code.WRONG_KIND, f"the value of `{need.variable.name}` is needed here and not known", need.span
        ) from None
    statement = " ".join(node.formula.span.text.split())
    return Claim(node.name.text, node.name.span, node.doc, statement, expected, formula)


def _relation_claim(reader: Reader, node: ast.ClaimDecl) -> RelationClaim:
    expected = _expectation(node.expect)
    found = enriched.claim(reader, node.formula)
    statement = " ".join(node.formula.span.text.split())
    declared = [
        (meaning.matrix, name)
        for name, (_, meaning) in reader.module.meanings.items()
        if isinstance(meaning, MatrixOf) and not isinstance(meaning.matrix, Given)
    ]
    names = (*reader.called, *declared)
    return RelationClaim(node.name.text, node.name.span, node.doc, statement, expected, found, names)


def _expectation(expect: ast.Name | None) -> str:
    """The verdict that is expected."""
    if expect is None:
        return "proved"
    if expect.text not in EXPECTATIONS:
        raise reject(
            Code.WRONG_ARGUMENTS,
            f"`{expect.text}` is no verdict",
            expect.span,
            help=("expect one of " + ", ".join(f"`{word}`" for word in EXPECTATIONS),),
        )
    return expect.text


def _define(module: Module, node: ast.DefineDecl) -> None:
    known = module.definitions.get(node.name.text)
    if known:
        raise Rejection([duplicate(node.name, known[0].node.name.span)])
    if node.name.text in BUILTINS or node.name.text in prelude().definitions or node.name.text in _CONSTRUCTORS:
        raise reject(
            Code.DUPLICATE_NAME, f"`{node.name.text}` is a word of the language", node.name.span, help=("rename it",)
        )
    definition = Definition(node, module, frozenset(module.meanings))
    module.declare(node.name, definition)
    module.definitions[node.name.text] = [definition]


def _alias(elaborator: Elaborator, node: ast.Alias) -> Value:
    expr = node.value
    if (
        node.base is not None
        and isinstance(expr, ast.Call)
        and isinstance(expr.function, ast.Name)
        and expr.function.text == "task"
        and not expr.keywords
    ):
        word = ast.Name(node.base.span, "on")
        keyword = ast.Keyword(node.base.span, word, node.base)
        expr = ast.Call(expr.span, expr.function, expr.arguments, (keyword,))
    try:
        value = elaborator.value(expr)
    except NeedsValue as need:
        raise reject(Code.WRONG_KIND, "a declaration depends on a variable", need.span) from None
    match node.kind, value:
        case "category", Category() | InfiniteCategory():
            return value
        case "functor", FunctorOf():
            if node.dom is not None and node.cod is not None:
                elaborator.require_category(value.dom, elaborator.category(node.dom), node.dom)
                elaborator.require_category(value.cod, elaborator.category(node.cod), node.cod)
            return value
        case (("presheaf" | "copresheaf"), _):
            functor = elaborator.set_functor(expr)
            adapted = elaborator.workshop.adapt(functor, contravariant=node.kind == "presheaf")
            if adapted is None:
                raise elaborator.wrong_variance(functor, node.kind == "presheaf", expr)
            if node.base is not None:
                elaborator.require_category(adapted.category, elaborator.category(node.base), expr)
            return adapted
        case "transformation", TransformationOf() | FunctorTransformationOf():
            return value
    raise reject(Code.WRONG_KIND, f"expected a {node.kind}, found {describe(value)}", node.value.span)


def _sources(imports: Iterable[Script]) -> Iterator[Source]:
    """The texts of scripts and of all that they import, each once."""
    seen: set[int] = set()
    queue = list(imports)
    for script in queue:
        if id(script) not in seen:
            seen.add(id(script))
            queue += script.imports
            yield script.source


def _errors_of(script: Script, target: ast.Name) -> Iterator[Diagnostic]:
    """That an imported script has errors: what speaks of what is wrong there cannot be claimed here."""
    errors = [diagnostic for diagnostic in script.diagnostics if diagnostic.severity is Severity.ERROR]
    if errors:
        yield Diagnostic(
            Code.IMPORT_HAS_ERRORS,
            f'`"{target.text}"` has errors',
            Label(target.span, "imported here"),
            notes=(f"the first of {len(errors)}: {errors[0].message}" if len(errors) > 1 else errors[0].message,),
        )


def _place(node: ast.Declaration) -> Span:
    return node.path.span if isinstance(node, ast.ImportDecl) else node.name.span


def _poison(module: Module, node: ast.Declaration) -> None:
    """Let what speaks of a rejected declaration pass in silence."""
    if isinstance(node, _NAMELESS):
        return
    is_enriched = isinstance(node, ast.RelationDecl | ast.WeightDecl | ast.NumberDecl) or (
        isinstance(node, ast.Alias) and node.kind in ("relation", "profunctor", "weight", "coweight")
    )
    module.meanings.setdefault(node.name.text, (node.name.span, Poisoned(names_in(node), is_enriched)))


_CONSTRUCTORS = constructors()


def find_root(path: Path) -> Path:
    """The project's root: the nearest folder upwards with a pyproject.toml or .git, else the folder itself."""
    start = path.resolve()
    folder = start if start.is_dir() else start.parent
    return project_root(folder) or folder
