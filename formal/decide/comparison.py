"""Connected categories; isomorphic set-valued functors and categories; equivalent categories.

Source: Mac Lane, I.4, IV.4; McKay, Piperno 2014 (colour refinement).
"""

from __future__ import annotations

import numpy as np

from formal.certificate.evidence import Equivalence, Evaluate, Evidence, Isomorphism
from formal.core import search
from formal.core.category import Category
from formal.core.functor import SetFunctor
from formal.decide.graph import Graph
from formal.text import Bug


def connected(category: Category) -> bool:
    """Whether the category has an object and any two are joined by a zigzag of arrows."""
    tail = np.array([g.dom for g in category.generators], dtype=np.int32)
    head = np.array([g.cod for g in category.generators], dtype=np.int32)
    components = Graph(category.object_count, tail, head).weak_components()
    return category.object_count > 0 and int(components.max()) == 0


def isomorphic(left: SetFunctor | Category, right: SetFunctor | Category, *, nodes: int) -> tuple[bool, Evidence]:
    """Whether two set-valued functors on one category, or two categories, are isomorphic.

    Args:
        nodes: the most nodes to search.
    Raises:
        BudgetExceeded: more nodes were searched.
    """
    match left, right:
        case SetFunctor(), SetFunctor():
            images = search.set_isomorphism(left, right, limit=nodes)
            return (False, Evaluate()) if images is None else (True, Isomorphism(images))
        case Category(), Category():
            found = search.isomorphism(left, right, limit=nodes)
            return (False, Evaluate()) if found is None else (True, Isomorphism((found.objects, found.generators)))
        case _:
            raise Bug("only structures of one kind are compared")


def equivalent(left: Category, right: Category, *, nodes: int) -> tuple[bool, Evidence]:
    """Whether there is a full, faithful and essentially surjective functor from one category to the other.

    Args:
        nodes: the most nodes to search.
    Raises:
        BudgetExceeded: more nodes were searched.
    """
    found = search.equivalence(left, right, limit=nodes)
    return (False, Evaluate()) if found is None else (True, Equivalence((found.objects, found.generators)))
