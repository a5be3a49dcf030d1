"""The solver's process as an adversary: whatever it does, nothing but a checked model or an honest unsat counts."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from formal.logic.formula import (
    CoproductOfRepresentables,
    Equal,
    Objects,
    Quantified,
    Quantifier,
    Transformations,
    Truth,
    Variable,
)
from formal.smt.child import Reason, Solver, Status
from formal.smt.encode import encode
from formal.smt.limit import SolverLimits
from formal.smt.solve import decide_by_smt
from tests.smt import small_categories as small

_PREAMBLE = """
import json, os, signal, sys, time
stream = sys.stdin.buffer
def job():
    header = json.loads(stream.readline() or os._exit(0))
    text = stream.read(header["size"])
    return header, int(text.split(maxsplit=3)[2])
def answer(header, status, model=b"", **more):
    line = {"job": header["job"], "status": status, "reason": "", "resources": 1, "solver": "liar", "size": len(model)}
    sys.stdout.buffer.write(json.dumps({**line, **more}).encode() + b"\\n" + model)
    sys.stdout.buffer.flush()
"""

LIARS = {
    "always_unsat": ("while True: answer(job()[0], 'unsat')", Reason.GARBAGE),
    "always_sat_false": ("while True: h, n = job(); answer(h, 'sat', bytes(n + 1))", Reason.GARBAGE),
    "no_assignment": ("while True: h, n = job(); answer(h, 'sat', b'\\x07' * (n + 1))", Reason.GARBAGE),
    "short_model": ("while True: h, n = job(); answer(h, 'sat', bytes(n))", Reason.GARBAGE),
    "truncated_model": ("h, n = job(); answer(h, 'sat', bytes(n), size=n + 1)", Reason.CRASHED),
    "other_job": ("h, n = job(); answer({'job': h['job'] + 1}, 'unsat')", Reason.GARBAGE),
    "other_status": ("h, n = job(); answer(h, 'proved')", Reason.GARBAGE),
    "missing_field": ("h, n = job(); answer(h, 'unsat', solver=None)", Reason.GARBAGE),
    "truth_for_a_number": ("h, n = job(); answer(h, 'unsat', resources=True)", Reason.GARBAGE),
    "two_answers": ("h, n = job(); print('x' * 10, end=''); answer(h, 'unsat'); answer(h, 'unsat')", Reason.GARBAGE),
    "no_json": ("job(); print('sat', flush=True); time.sleep(60)", Reason.GARBAGE),
    "deep_json": ("job(); print('[' * 60000, flush=True); time.sleep(60)", Reason.GARBAGE),
    "endless_line": ("job()\nwhile True: sys.stdout.write('x' * 9999)", Reason.GARBAGE),
    "crash": ("job(); os.kill(os.getpid(), signal.SIGSEGV)", Reason.CRASHED),
    "exit": ("job(); sys.exit(3)", Reason.CRASHED),
    "never_reads": ("time.sleep(60)", Reason.KILLED),
    "hang": ("job(); time.sleep(60)", Reason.KILLED),
    "interrupted": ("job(); signal.signal(signal.SIGINT, signal.SIG_DFL); os.kill(os.getpid(), 2)", Reason.CRASHED),
}


def liar(body: str) -> Solver:
    return Solver([sys.executable, "-c", _PREAMBLE + textwrap.dedent(body)])


def representable():
    return CoproductOfRepresentables(small.representable(small.chain(3), 1), 1)


@pytest.mark.parametrize("name", LIARS)
@pytest.mark.parametrize("value", [True, False])
def test_a_lying_solver_gives_no_verdict(name, value):
    body, reason = LIARS[name]
    functor = small.constant(small.chain(3), 1 if value else 2)
    limits = SolverLimits(seconds=0.2 if reason is Reason.KILLED else 20)
    with liar(body) as solver:
        answer = decide_by_smt(CoproductOfRepresentables(functor, 1), limits, solver=solver)
    assert answer.value is None
    assert answer.reason is reason


def test_a_solver_that_always_says_sat_is_right_only_where_its_model_is():
    body = "while True: h, n = job(); answer(h, 'sat', b'\\x01' * (n + 1))"
    with liar(body) as solver:
        true = decide_by_smt(Truth(True), solver=solver)
        false = decide_by_smt(Truth(False), solver=solver)
    assert (true.value, true.by_model) == (True, True)
    assert (false.value, false.reason) == (None, Reason.GARBAGE)


def test_an_unsat_that_stands_alone_needs_its_control_question():
    functor = small.constant(small.cospan(), 3)
    phi = Variable("phi", Transformations(functor, functor))
    formula = Quantified(Quantifier.EXISTS, phi, Truth(False))
    limits = SolverLimits(structures=2)
    assert decide_by_smt(formula, limits).value is False
    with liar("while True: answer(job()[0], 'unsat')") as solver:
        answer = decide_by_smt(formula, limits, solver=solver)
    assert answer.value is None
    assert answer.reason is Reason.GARBAGE


def test_a_command_that_does_not_exist():
    with Solver(["/nonexistent/solver"]) as solver:
        answer = decide_by_smt(representable(), solver=solver)
    assert answer.value is None
    assert answer.reason is Reason.CRASHED


def test_the_solver_is_restarted_after_it_was_lost():
    with Solver() as solver:
        assert decide_by_smt(representable(), solver=solver).value is True
        lost = solver._process
        os.kill(lost.pid, signal.SIGKILL)
        lost.wait()
        assert decide_by_smt(representable(), solver=solver).value is True
        assert solver._process.pid != lost.pid


def test_a_solver_killed_at_work_gives_no_verdict():
    with Solver() as solver:
        problem = pigeons(11)
        decide_by_smt(Truth(True), solver=solver)
        process = solver._process
        threading.Timer(0.3, process.kill).start()
        reply = solver.ask(problem, 132, SolverLimits(resources=10**9))
        assert reply.status is Status.UNKNOWN
        assert reply.reason is Reason.CRASHED
        assert decide_by_smt(representable(), solver=solver).value is True


def pigeons(n: int) -> bytes:
    """n + 1 pigeons in n holes: unsatisfiable, and hard."""
    clauses = [" ".join(str(i * n + j + 1) for j in range(n)) for i in range(n + 1)]
    clauses += [f"{-(i * n + j + 1)} {-(k * n + j + 1)}" for j in range(n) for i in range(n + 1) for k in range(i)]
    return f"p cnf {n * (n + 1)} {len(clauses)}\n{' 0 '.join(clauses)} 0\n".encode()


def test_limits_end_the_solver():
    with Solver() as solver:
        used = solver.ask(pigeons(11), 132, SolverLimits(resources=20_000))
        assert (used.status, used.reason) == (Status.UNKNOWN, Reason.RESOURCE)
        again = solver.ask(pigeons(11), 132, SolverLimits(resources=20_000))
        assert again == used
        memory = solver.ask(pigeons(11), 132, SolverLimits(resources=10**9, memory=20))
        assert memory.status is Status.UNKNOWN
        assert memory.reason in (Reason.MEMORY, Reason.CRASHED)
        killed = solver.ask(pigeons(11), 132, SolverLimits(resources=10**9, seconds=0.3))
        assert (killed.status, killed.reason) == (Status.UNKNOWN, Reason.KILLED)
        assert solver._process is None


def test_resources_do_not_depend_on_what_was_asked_before():
    with Solver() as solver:
        first = decide_by_smt(representable(), solver=solver)
        decide_by_smt(CoproductOfRepresentables(small.constant(small.cospan(), 2), 1), solver=solver)
        second = decide_by_smt(representable(), solver=solver)
    assert first.resources == second.resources > 0
    assert first.solver.startswith("z3 ")


def test_an_interrupt_reaches_the_caller_and_kills_the_child():
    with Solver() as solver:
        decide_by_smt(Truth(True), solver=solver)
        process = solver._process
        timer = threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            solver.ask(pigeons(11), 132, SolverLimits(resources=10**9, seconds=20))
        timer.join()
        assert process.poll() is not None


def test_the_child_ends_with_its_parent():
    script = """
    import sys
    from formal.logic.formula import Truth
    from formal.smt.solve import Solver, decide_by_smt
    solver = Solver()
    decide_by_smt(Truth(True), solver=solver)
    print(solver._process.pid, flush=True)
    sys.stdin.read()
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        pid = int(parent.stdout.readline())
        parent.kill()
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        with open(f"/proc/{pid}/stat") as stat:
            if stat.read().rpartition(")")[2].split()[0] == "Z":
                return
        time.sleep(0.02)
    raise AssertionError("the child outlives its parent")


def test_a_model_is_evaluated_outside_the_solver():
    category = small.discrete(2)
    x = Variable("x", Objects(category))
    problem = encode(Quantified(Quantifier.EXISTS_UNIQUE, x, Equal(x, x)), limits=SolverLimits(), sign=False)
    with Solver() as solver:
        model = solver.ask(problem.dimacs(), problem.variable_count, SolverLimits()).model
    assert problem.satisfied_by(model)
    assert not problem.satisfied_by(bytes(len(model)))
    assert problem.satisfied_by(model, with_root=False)
    assert not problem.satisfied_by(model[:-1])


def test_z3_is_loaded_in_the_child_only():
    code = "import sys, formal.smt.solve; print('z3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"
