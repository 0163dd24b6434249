"""Pages."""

from __future__ import annotations

import pytest

from vocobase import Page


def test_a_page_is_a_sequence_that_knows_where_it_is() -> None:
    page = Page([1, 2], total=5, limit=2, offset=0)
    assert (list(page), len(page), page[0], page[-1:], page.has_next) == ([1, 2], 2, 1, [2], True)
    assert Page([5], total=5, limit=2, offset=4).has_next is False
    assert Page([1, 2], limit=2).has_next is True
    assert Page([1], limit=2).has_next is False
    assert Page([1, 2]).has_next is False
    assert Page([1]) == Page([1]) != Page([2])
    assert page != [1, 2]
    assert "5" in repr(page)
    with pytest.raises(TypeError):
        hash(page)
