"""A user's own errors declare their details, in a module that does not postpone its annotations.

There is no `from __future__ import annotations` here: from Python 3.14 on, that changes how annotations are kept.
"""

import sys
import typing
from typing import ClassVar

import pytest

import vocobase


class OrderError(vocobase.VocobaseError):
    order: int = 0
    shop: ClassVar[str] = "corner"
    street: typing.ClassVar[str] = "main"


class LateOrderError(OrderError):
    minutes: int = 0


def test_declared_details_are_kept() -> None:
    error = LateOrderError("x", order=7, minutes=5)
    assert (error.order, error.minutes) == (7, 5)


@pytest.mark.parametrize("name", ["orders", "shop", "street"])
def test_other_names_and_class_variables_are_refused(name: str) -> None:
    with pytest.raises(TypeError, match=f"LateOrderError has no attribute {name}"):
        LateOrderError("x", **{name: 1})


@pytest.mark.skipif(sys.version_info < (3, 14), reason="Python 3.13 and older evaluate annotations at once")
def test_a_detail_may_have_a_type_that_only_type_checkers_know() -> None:
    class CartError(vocobase.VocobaseError):
        cart: Cart | None = None  # type: ignore[name-defined]  # noqa: F821

    assert CartError("x", cart=3).cart == 3
