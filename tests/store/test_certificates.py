"""Folders of certificates, and their replay."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formal.store import replay as replaying
from formal.store.certificates import INDEX, Deposit, decode, encode, file_name, read_index, write_certificates
from formal.store.lock import locked, write_lock
from formal.store.replay import Finding, find_lock, replay
from formal.text import Bug, Rejection, Source, Span
from formal.verdict.result import ClaimResult, FileResult, Outcome


def result(name: str, claim: bytes = b'{"c":1}', certificate: bytes = b'{"e":1}') -> ClaimResult:
    return ClaimResult(
        name,
        "a.cat",
        Span(Source("a.cat", name), 0, len(name)),
        "",
        "true",
        Outcome.PROVED,
        Outcome.PROVED,
        certified=True,
        claim=claim,
        certificate=certificate,
        claim_digest=sha256(claim).hexdigest(),
        certificate_digest=sha256(certificate).hexdigest(),
    )


@dataclass(frozen=True)
class Accepted:
    verdict: str


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder; the kernel is replaced by one that accepts certificates with an ``e`` in them."""

    def check(claim: bytes, certificate: bytes) -> Accepted:
        if b"e" not in certificate:
            raise replaying.Rejected("no e")
        return Accepted("refuted" if b"no" in certificate else "proved")

    class Rejected(Exception):
        pass

    monkeypatch.setattr(replaying, "Rejected", Rejected)
    monkeypatch.setattr(replaying, "check", check)
    return tmp_path / "certificates"


@given(st.text(max_size=300))
def test_file_names_are_safe_whatever_claims_are_called(name: str) -> None:
    safe = file_name(name)
    assert len(safe) < 80
    assert Path(safe).name == safe
    assert safe.isascii()
    assert set(safe[:-5]) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
    assert safe.endswith(".json")


def test_different_claims_have_different_files() -> None:
    names = ["a:b", "a/b", "a.b", "A:b", "../a:b", "a:b ", "a:" + "b" * 300, "a:" + "b" * 301]
    assert len({file_name(name).lower() for name in names}) == len(names)


@given(st.binary(max_size=30), st.binary(max_size=30))
def test_what_is_encoded_is_decoded_to_the_byte(claim: bytes, certificate: bytes) -> None:
    deposit = Deposit(claim.replace(b"\n", b""), certificate.replace(b"\n", b""))
    assert decode(encode(deposit)) == deposit


def test_a_file_is_json() -> None:
    content = encode(Deposit(b'{"x":1}', b"[1,2]"))
    assert json.loads(content) == {"claim": {"x": 1}, "certificate": [1, 2]}


def test_a_line_break_is_a_bug() -> None:
    with pytest.raises(Bug):
        encode(Deposit(b"{\n}", b"{}"))


@pytest.mark.parametrize("content", [b"", b"{}", b"\n" * 5, b'{"claim":\n1\n,"certificate":\n2\n}'])
def test_other_files_are_not_decoded(content: bytes) -> None:
    assert decode(content) is None


def test_claims_are_written_with_an_index(folder: Path) -> None:
    (first,) = write_certificates(folder, [result("x")])
    assert json.loads(first.read_bytes())["certificate"] == {"e": 1}
    assert read_index(folder) == {first.name: "a.cat:x"}


def test_what_is_written_is_in_the_index_once(folder: Path) -> None:
    for _ in range(3):
        write_certificates(folder, [result("x"), result("x"), result("y")])
    lines = [line for line in (folder / INDEX).read_text().splitlines() if line]
    assert [json.loads(line)["name"] for line in lines] == ["a.cat:x", "a.cat:y"]


def test_damaged_lines_of_the_index_are_passed_over(folder: Path) -> None:
    (path,) = write_certificates(folder, [result("x")])
    with (folder / INDEX).open("a") as index:
        index.write('{"name": "a.cat:z", "file": "../../evil"}\n[1]\n7\n\udcff'.encode("utf-8", "ignore").decode())
        index.write('{"name": "a.c')
    write_certificates(folder, [result("y")])
    assert read_index(folder) == {path.name: "a.cat:x", file_name("a.cat:y"): "a.cat:y"}


def test_shards_share_a_folder(folder: Path) -> None:
    write_certificates(folder, [result("x")])
    write_certificates(folder, [result("y")])
    assert list(read_index(folder).values()) == ["a.cat:x", "a.cat:y"]
    assert [item.name for item in replay(folder).claims] == ["a.cat:x", "a.cat:y"]


def test_uncertified_claims_are_left_out(folder: Path) -> None:
    from dataclasses import replace

    assert write_certificates(folder, [replace(result("x"), certified=False)]) == ()


def test_without_a_lock_certificates_are_accepted_or_rejected(folder: Path) -> None:
    write_certificates(folder, [result("x"), result("y", certificate=b'{"f":1}')])
    report = replay(folder)
    assert [(item.name, item.finding) for item in report.claims] == [
        ("a.cat:x", Finding.ACCEPTED),
        ("a.cat:y", Finding.REJECTED),
    ]
    assert report.counts == {Finding.ACCEPTED: 1, Finding.REJECTED: 1}
    assert not report.as_locked


def test_a_lock_tells_same_from_different(folder: Path) -> None:
    before = [result("same"), result("changed"), result("other"), result("turned"), result("gone")]
    folder.mkdir()
    write_lock(folder / "proofs.lock", locked([FileResult("a.cat", (), tuple(before))]))
    now = [
        result("same"),
        result("changed", claim=b'{"c":2}'),
        result("other", certificate=b'{"e":2}'),
        result("turned", certificate=b'{"e":"no"}'),
        result("new"),
    ]
    write_certificates(folder, now)
    assert {item.name[6:]: item.finding for item in replay(folder).claims} == {
        "same": Finding.SAME,
        "changed": Finding.OBSOLETE,
        "other": Finding.DIFFERENT,
        "turned": Finding.DIFFERENT,
        "gone": Finding.MISSING,
        "new": Finding.OBSOLETE,
    }


def test_all_same_is_as_locked(folder: Path) -> None:
    write_certificates(folder, [result("x")])
    write_lock(folder / "proofs.lock", locked([FileResult("a.cat", (), (result("x"),))]))
    assert replay(folder).as_locked
    assert find_lock(folder) == folder / "proofs.lock"


def test_nothing_is_not_as_locked(folder: Path) -> None:
    folder.mkdir()
    assert not replay(folder).as_locked


def test_a_certificate_in_the_place_of_another_claims_is_obsolete(folder: Path) -> None:
    results = [result("x"), result("y", claim=b'{"c":2}')]
    first, second = write_certificates(folder, results)
    write_lock(folder / "proofs.lock", locked([FileResult("a.cat", (), tuple(results))]))
    second.write_bytes(first.read_bytes())
    assert [item.finding for item in replay(folder).claims] == [Finding.SAME, Finding.OBSOLETE]


def test_without_an_index_the_lock_knows_the_names(folder: Path) -> None:
    write_certificates(folder, [result("x")])
    (folder / INDEX).unlink()
    assert [item.name for item in replay(folder).claims] == [file_name("a.cat:x")]
    write_lock(folder / "proofs.lock", locked([FileResult("a.cat", (), (result("x"),))]))
    assert [(item.name, item.finding) for item in replay(folder).claims] == [("a.cat:x", Finding.SAME)]


def test_the_kernel_alone_checks_a_file(tmp_path: Path) -> None:
    from formal.kernel.__main__ import main
    from formal.verify.options import Options
    from formal.verify.run import check_text

    file = check_text("claim one: forall X in chain(2). exists f: X -> X. f = id(X)", Options(cache=False))
    (path,) = write_certificates(tmp_path, file.claims)
    assert main([str(path)]) == 0
    (item,) = replay(tmp_path).claims
    assert (item.finding, item.verdict) == (Finding.ACCEPTED, "proved")


def test_damaged_files_are_rejected(folder: Path) -> None:
    (path,) = write_certificates(folder, [result("x")])
    path.write_bytes(path.read_bytes()[:-4])
    (item,) = replay(folder).claims
    assert item.finding is Finding.REJECTED


def test_a_missing_folder_is_rejected(folder: Path) -> None:
    with pytest.raises(Rejection):
        replay(folder)
