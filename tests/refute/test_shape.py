"""Shapes are complete, and of matrices there is one of each kind."""

from __future__ import annotations

from itertools import permutations, product

import pytest

from formal.refute.shape import CategoryShape, Matrix, Shapes, automorphisms, canonical, is_transitive, splits


def all_matrices(objects: int, arrows: int) -> list[Matrix]:
    return [
        tuple(flat[row * objects : (row + 1) * objects] for row in range(objects))
        for flat in splits(arrows, objects * objects)
    ]


def renamed(matrix: Matrix, order: tuple[int, ...]) -> Matrix:
    return tuple(tuple(matrix[x][y] for y in order) for x in order)


def kinds(objects: int, arrows: int) -> set[frozenset[Matrix]]:
    """The isomorphism classes of matrices."""
    orders = list(permutations(range(objects)))
    return {frozenset(renamed(matrix, order) for order in orders) for matrix in all_matrices(objects, arrows)}


@pytest.mark.parametrize(
    ("objects", "arrows"), [(1, 4), (2, 0), (2, 3), (2, 5), (3, 1), (3, 3), (3, 4), (4, 2), (4, 3)]
)
def test_one_matrix_of_each_kind(objects: int, arrows: int) -> None:
    listed = Shapes(((),), (False,), None, None).matrices(objects, arrows)
    classes = kinds(objects, arrows)
    assert len(listed) == len(classes)
    assert all(any(matrix in members for matrix in listed) for members in classes)


def test_canonical_form_is_one_for_a_kind() -> None:
    for members in kinds(3, 4):
        assert len({canonical(matrix) for matrix in members}) == 1


def test_transitive_matrices_are_those_of_preorders() -> None:
    assert is_transitive(((0, 1, 1), (0, 0, 1), (0, 0, 0)))
    assert not is_transitive(((0, 1, 0), (0, 0, 1), (0, 0, 0)))
    assert is_transitive(((0, 1), (1, 0)))


@pytest.mark.parametrize("contravariant", [True, False])
def test_fibres_up_to_symmetry_are_complete(contravariant: bool) -> None:
    """Every way to place elements such that actions have images is an isomorphic copy of one that is listed."""
    shapes = Shapes(((contravariant,),), (False,), None, None)
    for size in range(6):
        listed = set(shapes.part(0, size))
        for objects in range(size + 1):
            for arrows in range(size - objects + 1):
                for matrix in shapes.matrices(objects, arrows):
                    if not is_transitive(matrix):
                        continue
                    for fibre in splits(size - objects - arrows, objects):
                        if has_images(matrix, fibre, contravariant):
                            assert any(copy in listed for copy in copies(matrix, fibre))


def has_images(matrix: Matrix, fibre: tuple[int, ...], contravariant: bool) -> bool:
    return all(
        not matrix[x][y] or fibre[x if contravariant else y] or not fibre[y if contravariant else x]
        for x, y in product(range(len(matrix)), repeat=2)
    )


def copies(matrix: Matrix, fibre: tuple[int, ...]) -> list[CategoryShape]:
    return [
        CategoryShape(renamed(matrix, order), (tuple(fibre[x] for x in order),))
        for order in permutations(range(len(matrix)))
    ]


def test_automorphisms_keep_all_numbers() -> None:
    shapes = Shapes(((True,),), (False,), None, None)
    for shape in shapes.part(0, 6):
        for image in automorphisms(shape, 100):
            assert image != tuple(range(shape.objects))
            for x, y in product(range(shape.objects), repeat=2):
                assert shape.arrows[x][y] == shape.arrows[image[x]][image[y]]
            assert all(shape.fibres[0][x] == shape.fibres[0][image[x]] for x in range(shape.objects))


def test_limits_cut_shapes() -> None:
    shapes = Shapes(((),), (False,), 2, 3)
    assert not shapes.is_cut(2)
    assert shapes.is_cut(3)
    assert all(shape.objects <= 2 and shape.arrow_count() <= 3 for shape in shapes.part(0, 4))
    assert [shape.objects for shape in shapes.part(0, 4)] == [1] + [2] * 6


def test_discrete_categories_have_no_arrows() -> None:
    shapes = Shapes(((), ()), (True, False), None, None)
    assert [shape.objects for shape in shapes.part(0, 3)] == [3]
    assert len(shapes.part(1, 3)) == 4
