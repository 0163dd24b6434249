"""Errors are part of the interface: one tree, declared attributes, one line, and they pickle."""

from __future__ import annotations

import pickle
import re

import pytest

import vocobase
from vocobase._base import errors

CLASSES = {
    name: cls
    for name in errors.__all__
    if isinstance(cls := getattr(errors, name), type) and issubclass(cls, errors.VocobaseError)
}


def test_every_exception_is_public_and_named_error() -> None:
    assert set(CLASSES) <= set(vocobase.__all__)
    assert all(name.endswith("Error") for name in CLASSES)


def test_the_docstring_draws_the_tree_as_it_is() -> None:
    drawn: dict[str, str] = {}
    above: list[str] = []
    for indent, name in re.findall(r"^ {4}([│├└─ ]*)(\w+Error)\b", errors.__doc__ or "", re.MULTILINE):
        del above[len(indent) // 4 :]
        drawn[name] = above[-1] if above else "Exception"
        above.append(name)
    real = {name: next(base.__name__ for base in cls.__bases__) for name, cls in CLASSES.items()}
    assert drawn == real


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_an_undeclared_detail_is_a_type_error(name: str) -> None:
    with pytest.raises(TypeError, match=rf"{name} has no attribute colour, stats"):
        CLASSES[name]("x", stats=1, colour="red")


@pytest.mark.parametrize("detail", ["hint", "message", "args"])
def test_what_is_no_detail_cannot_be_set_as_one(detail: str) -> None:
    with pytest.raises(TypeError):
        errors.NotFoundError("x", **{detail: "y"})


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_an_error_pickles_with_its_details(name: str) -> None:
    cls = CLASSES[name]
    declared = {each for base in cls.__mro__ for each in vars(base).get("__annotations__", {})} - {
        "hint",
        "message",
    }
    error = cls("what happened; what to do", **dict.fromkeys(declared, "kept"))
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), vars(copy)) == (cls, str(error), vars(error))


def test_an_error_is_of_the_package_wherever_it_is_written() -> None:
    assert {cls.__module__ for cls in CLASSES.values()} == {errors.__name__}
    with pytest.raises(AttributeError, match="has no attribute 'NothingError'"):
        _ = errors.NothingError


def test_a_subclass_of_a_user_declares_its_own_details() -> None:
    class OrderError(vocobase.VocobaseError):
        order: int = 0

    assert OrderError.__module__ == __name__

    assert OrderError("x", order=7).order == 7
    with pytest.raises(TypeError):
        OrderError("x", orders=7)
