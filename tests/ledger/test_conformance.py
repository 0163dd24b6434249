"""What every ledger promises, whatever keeps it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from vocobase import InvalidArgumentError, Ledger, VocobaseError, open_ledger
from vocobase._ledger import Entry

HOUR = 3600.0


def names(entries: list[Entry]) -> list[str]:
    return [entry.key for entry in entries]


def fill(ledger: Ledger, scope: str, *keys: str) -> None:
    ledger.enter(scope, [(key, {"name": key}) for key in keys])


def test_a_second_run_adds_nothing_and_touches_nothing(ledger: Ledger, scope: str) -> None:
    assert ledger.enter(scope, [("a", {"n": 1}), ("b", {"n": 2}), ("a", {"n": 3})]) == 2
    ledger.claim(scope, "me", 1, lease=HOUR)
    assert ledger.enter(scope, [("a", {"n": 4}), ("c", {"n": 5})]) == 1
    entry = ledger.get(scope, "a")
    assert entry is not None
    assert (entry.payload, entry.state, entry.owner) == ({"n": 1}, "claimed", "me")
    assert ledger.enter(scope, []) == 0


def test_entries_are_claimed_in_the_order_in_which_they_came(ledger: Ledger, scope: str) -> None:
    fill(ledger, scope, "c", "a", "b", "d")
    assert names(ledger.claim(scope, "me", 3, lease=HOUR)) == ["c", "a", "b"]
    assert names(ledger.claim(scope, "me", 3, lease=HOUR)) == ["d"]
    assert ledger.claim(scope, "me", 3, lease=HOUR) == []


def test_lists_do_not_mix(ledger: Ledger, scope: str) -> None:
    fill(ledger, scope, "a")
    fill(ledger, scope + ":other", "a", "b")
    assert names(ledger.claim(scope, "me", 9, lease=HOUR)) == ["a"]
    assert ledger.counts(scope)["claimed"] == 1
    assert ledger.counts(scope + ":other")["waiting"] == 2
    assert ledger.settle(scope + ":other", ["a"], "done", owner="me") == ["a"]


def test_scopes_are_found_by_their_beginning(ledger: Ledger, scope: str) -> None:
    assert ledger.scopes(f"{scope}:") == []
    for name in ("b:1", "a%", "a%:é "):
        fill(ledger, f"{scope}:{name}", "x", "y")
    assert ledger.scopes(f"{scope}:") == [f"{scope}:{name}" for name in ("a%", "a%:é ", "b:1")]
    assert ledger.scopes(f"{scope}:a%:") == [f"{scope}:a%:é "]


def test_a_claim_tells_who_and_when(ledger: Ledger, scope: str) -> None:
    fill(ledger, scope, "a")
    before = ledger.now()
    (entry,) = ledger.claim(scope, "me", 1, lease=HOUR)
    assert entry == Entry("a", {"name": "a"}, "claimed", "me", entry.claimed_at)
    assert entry.claimed_at is not None
    assert before <= entry.claimed_at <= ledger.now()
    assert ledger.get(scope, "a") == entry


def test_settling_notes_what_came_of_it(ledger: Ledger, scope: str) -> None:
    fill(ledger, scope, "a", "b", "c")
    ledger.claim(scope, "me", 3, lease=HOUR)
    assert ledger.settle(scope, ["a"], "done", owner="me", result={"call_id": "x"}) == []
    assert ledger.settle(scope, ["b"], "refused", owner="me", result={}) == []
    assert ledger.settle(scope, ["c"], "parked", owner="me") == []
    found = [ledger.get(scope, key) for key in "abc"]
    assert [(entry.state, entry.result) for entry in found if entry] == [
        ("done", {"call_id": "x"}),
        ("refused", {}),
        ("parked", None),
    ]
    assert all(entry and entry.owner == "me" and entry.claimed_at for entry in found)
    assert ledger.counts(scope) == {"waiting": 0, "claimed": 0, "done": 1, "refused": 1, "parked": 1}


def test_only_the_owner_settles_and_learns_what_was_lost(ledger: Ledger, scope: str) -> None:
    fill(ledger, scope, "a", "b", "c")
    ledger.claim(scope, "me", 2, lease=HOUR)
    assert ledger.settle(scope, ["a", "b", "c", "d"], "done", owner="other") == ["a", "b", "c", "d"]
    assert ledger.settle(scope, ["a", "c"], "done", owner="me") == ["c"]
    assert ledger.settle(scope, ["a"], "parked", owner="me") == ["a"]
    assert ledger.settle(scope, [], "done", owner="me") == []


def test_what_is_given_back_is_claimed_again_in_its_old_place(ledger: Ledger, scope: str) -> None:
    fill(ledger, scope, "a", "b")
    ledger.claim(scope, "me", 1, lease=HOUR)
    ledger.settle(scope, ["a"], "waiting", owner="me")
    entry = ledger.get(scope, "a")
    assert entry == Entry("a", {"name": "a"})
    assert names(ledger.claim(scope, "me", 9, lease=HOUR)) == ["a", "b"]


def test_nothing_is_given_out_before_its_time(ledger: Ledger, scope: str) -> None:
    fill(ledger, scope, "a", "b")
    ledger.claim(scope, "me", 1, lease=HOUR)
    later = ledger.now() + HOUR
    ledger.settle(scope, ["a"], "waiting", owner="me", not_before=later, result={"reason": "window"})
    assert names(ledger.claim(scope, "me", 9, lease=HOUR)) == ["b"]
    due = ledger.next_due(scope)
    assert due is not None
    assert HOUR - 60 < due <= HOUR
    entry = ledger.get(scope, "a")
    assert entry is not None
    assert entry.not_before == pytest.approx(later)
    assert entry.result == {"reason": "window"}


def test_a_time_that_is_over_holds_nothing_up(ledger: Ledger, scope: str) -> None:
    fill(ledger, scope, "a", "b")
    ledger.claim(scope, "me", 2, lease=HOUR)
    ledger.settle(scope, ["b", "a"], "waiting", owner="me", not_before=ledger.now() - 1)
    assert ledger.next_due(scope) == 0
    assert names(ledger.claim(scope, "me", 9, lease=HOUR)) == ["a", "b"]


def test_the_next_time_is_the_earliest(ledger: Ledger, scope: str) -> None:
    assert ledger.next_due(scope) is None
    fill(ledger, scope, "a", "b")
    assert ledger.next_due(scope) == 0
    ledger.claim(scope, "me", 2, lease=HOUR)
    assert ledger.next_due(scope) is None
    ledger.settle(scope, ["a"], "waiting", owner="me", not_before=ledger.now() + 2 * HOUR)
    ledger.settle(scope, ["b"], "waiting", owner="me", not_before=ledger.now() + HOUR)
    assert ledger.next_due(scope) == pytest.approx(HOUR, abs=60)


def test_claims_are_taken_over_only_when_their_lease_is_over(ledger: Ledger, scope: str) -> None:
    fill(ledger, scope, "a", "b", "c")
    (first,) = ledger.claim(scope, "dead", 1, lease=0)
    ledger.claim(scope, "alive", 1, lease=HOUR)
    (taken,) = ledger.take_over(scope, "me", 9, lease=HOUR)
    assert (taken.key, taken.owner, taken.claimed_at) == ("a", "me", first.claimed_at)
    assert ledger.take_over(scope, "me", 9, lease=HOUR) == []
    assert ledger.settle(scope, ["a"], "done", owner="dead") == ["a"]
    assert ledger.settle(scope, ["a"], "done", owner="me") == []


def test_claims_that_are_over_are_not_simply_given_out_again(ledger: Ledger, scope: str) -> None:
    fill(ledger, scope, "a")
    ledger.claim(scope, "dead", 1, lease=0)
    assert ledger.claim(scope, "me", 1, lease=HOUR) == []


def test_a_renewed_claim_is_kept_and_a_surrendered_one_is_not(ledger: Ledger, scope: str) -> None:
    fill(ledger, scope, "a", "b")
    ledger.claim(scope, "me", 2, lease=0)
    assert ledger.renew(scope, ["a", "b", "x"], owner="me", lease=HOUR) == ["x"]
    assert ledger.take_over(scope, "other", 9, lease=HOUR) == []
    assert ledger.renew(scope, ["a"], owner="me", lease=0) == []
    assert names(ledger.take_over(scope, "other", 9, lease=HOUR)) == ["a"]
    assert ledger.renew(scope, ["a"], owner="me", lease=HOUR) == ["a"]


def test_a_person_moves_what_nobody_has_claimed(ledger: Ledger, scope: str) -> None:
    fill(ledger, scope, "a", "b")
    ledger.claim(scope, "me", 2, lease=HOUR)
    ledger.settle(scope, ["a"], "parked", owner="me", result={"reason": "unknown"})
    assert ledger.revise(scope, ["a", "b", "x"], "refused", was="parked") == ["b", "x"]
    entry = ledger.get(scope, "a")
    assert entry is not None
    assert (entry.state, entry.result) == ("refused", {"reason": "unknown"})
    assert ledger.revise(scope, ["a"], "waiting", was="refused", result={"by": "Asha"}) == []
    (entry,) = ledger.claim(scope, "me", 9, lease=HOUR)
    assert entry.result == {"by": "Asha"}


def test_what_waits_is_put_off_without_being_claimed(ledger: Ledger, scope: str) -> None:
    fill(ledger, scope, "a", "b", "c")
    ledger.claim(scope, "me", 1, lease=HOUR)
    later = ledger.now() + HOUR
    assert ledger.revise(scope, ["a", "b", "c"], "waiting", was="waiting", not_before=later) == ["a"]
    assert ledger.claim(scope, "me", 9, lease=HOUR) == []
    assert ledger.next_due(scope) == pytest.approx(HOUR, abs=60)
    ledger.revise(scope, ["c", "b"], "waiting", was="waiting")
    assert names(ledger.claim(scope, "me", 9, lease=HOUR)) == ["b", "c"]


def test_states_that_are_none_are_refused(ledger: Ledger, scope: str) -> None:
    for state in ("claimed", "lost", None):
        with pytest.raises(InvalidArgumentError, match="state must be one of"):
            ledger.settle(scope, ["a"], state, owner="me")  # type: ignore[arg-type]
        with pytest.raises(InvalidArgumentError, match="state must be one of"):
            ledger.revise(scope, ["a"], "done", was=state)  # type: ignore[arg-type]


def test_keys_are_found_by_state_in_the_order_given(ledger: Ledger, scope: str) -> None:
    fill(ledger, scope, "a", "b", "c", "d")
    fill(ledger, scope + ":other", "e")
    ledger.claim(scope, "me", 3, lease=HOUR)
    ledger.settle(scope, ["a", "c"], "done", owner="me")
    keys = ["unknown", "d", "c", "b", "a", "e", "\u0663"]
    assert ledger.find(scope, keys, "done") == ["c", "a"]
    assert ledger.find(scope, keys, "claimed") == ["b"]
    assert ledger.find(scope, keys, "waiting") == ["d"]
    assert ledger.find(scope, keys, "parked") == ledger.find(scope, [], "done") == []
    assert ledger.find(scope + ":other", keys, "waiting") == ["e"]


def test_keys_are_recorded_in_a_state_without_a_claim(ledger: Ledger, scope: str) -> None:
    fill(ledger, scope, "claimed", "parked", "waiting")
    ledger.claim(scope, "me", 2, lease=HOUR)
    ledger.settle(scope, ["parked"], "parked", owner="me")
    ledger.record(scope, ["claimed", "parked", "waiting", "new", "new"], "done")
    ledger.record(scope, [], "done")
    assert [entry.key for entry in ledger.entries(scope, "done")] == ["waiting", "new"]
    assert ledger.get(scope, "new") == Entry("new", {}, "done")
    assert ledger.get(scope, "waiting") == Entry("waiting", {"name": "waiting"}, "done")
    assert ledger.counts(scope) == {"waiting": 0, "claimed": 1, "done": 2, "refused": 0, "parked": 1}
    assert ledger.claim(scope, "me", 9, lease=HOUR) == [] and ledger.next_due(scope) is None
    with pytest.raises(InvalidArgumentError):
        ledger.record(scope, ["x"], "claimed")
    with pytest.raises(InvalidArgumentError):
        ledger.record(scope, [""], "done")


def test_more_keys_than_one_batch_are_found(ledger: Ledger, scope: str) -> None:
    keys = [f"+{number}" for number in range(10_000)]
    ledger.record(scope, keys[::2], "done")
    assert ledger.find(scope, keys, "done") == keys[::2]


def test_an_unknown_entry_is_none(ledger: Ledger, scope: str) -> None:
    assert ledger.get(scope, "a") is None


def test_a_list_is_walked_in_order_and_beyond_one_batch(ledger: Ledger, scope: str) -> None:
    keys = [f"{number:05d}" for number in reversed(range(10_500))]
    assert ledger.enter(scope, ((key, {}) for key in keys)) == 10_500
    assert [entry.key for entry in ledger.entries(scope, "waiting")] == keys
    assert list(ledger.entries(scope, "done")) == []


HOSTILE = ["a b", "ключ", "😀", "x' OR 1=1 --", '"', "\n\r\t", "{a}:*?[", "%s %(key)s :key ?", "key" * 170]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_keys_scopes_and_payloads_are_kept_as_they_are(ledger: Ledger, scope: str, text: str) -> None:
    scope = (scope + text)[:500]
    payload = {text: [text, None, 1.5, {"deep": {}}, []], "zero": "\0", "surrogate": "\ud800", "big": 2**60}
    assert ledger.enter(scope, [(text, payload)]) == 1
    (entry,) = ledger.claim(scope, text, 1, lease=HOUR)
    assert (entry.key, entry.payload, entry.owner) == (text, payload, text)
    assert ledger.settle(scope, [text], "done", owner=text, result=payload) == []
    assert [found.result for found in ledger.entries(scope, "done")] == [payload]


@pytest.mark.parametrize("key", ["", "\0", "a\0b", "\ud800", "x" * 513, None, 5])
def test_keys_that_cannot_be_kept_are_refused(ledger: Ledger, scope: str, key: str) -> None:
    with pytest.raises(InvalidArgumentError, match="ledger"):
        ledger.enter(scope, [(key, {})])
    with pytest.raises(InvalidArgumentError, match="ledger"):
        ledger.enter(key, [("a", {})])
    with pytest.raises(InvalidArgumentError, match="ledger"):
        ledger.get(scope, key)


@pytest.mark.parametrize("payload", [{"a": float("nan")}, {"a": object()}, {"a": b"x"}])
def test_payloads_that_are_no_json_are_refused(
    ledger: Ledger, scope: str, payload: dict[str, object]
) -> None:
    with pytest.raises(InvalidArgumentError, match="JSON"):
        ledger.enter(scope, [("a", payload)])
    assert ledger.counts(scope)["waiting"] == 0


def test_what_came_before_an_error_of_the_source_stays(ledger: Ledger, scope: str) -> None:
    def source() -> Iterator[tuple[str, dict[str, object]]]:
        for number in range(12_000):
            yield str(number), {}
        raise OSError("the disk of the list is gone")

    with pytest.raises(OSError, match="the disk of the list"):
        ledger.enter(scope, source())
    assert ledger.counts(scope)["waiting"] == 10_000
    assert ledger.enter(scope, ((str(number), {}) for number in range(12_000))) == 2_000


def test_another_opening_sees_what_was_written(ledger: Ledger, scope: str, address: str) -> None:
    fill(ledger, scope, "a")
    other = open_ledger(address)
    assert names(other.claim(scope, "other", 1, lease=HOUR)) == ["a"]
    other.close()
    assert ledger.counts(scope)["claimed"] == 1


def test_many_threads_that_claim_get_each_entry_once(ledger: Ledger, scope: str, address: str) -> None:
    keys = [str(number) for number in range(300)]
    got: list[str] = []
    errors: list[BaseException] = []

    def work(name: str) -> None:
        own = open_ledger(address)
        try:
            own.enter(scope, [(key, {}) for key in keys])
            while found := own.claim(scope, name, 7, lease=HOUR):
                got.extend(names(found))
                assert own.settle(scope, names(found), "done", owner=name) == []
        except BaseException as error:
            errors.append(error)
        finally:
            own.close()

    threads = [threading.Thread(target=work, args=(f"worker {number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(got) == sorted(keys)
    assert ledger.counts(scope)["done"] == 300


def test_one_ledger_serves_many_threads(ledger: Ledger, scope: str) -> None:
    fill(ledger, scope, *map(str, range(60)))
    got: list[str] = []

    def work(name: str) -> None:
        while found := ledger.claim(scope, name, 1, lease=HOUR):
            got.extend(names(found))

    threads = [threading.Thread(target=work, args=(f"worker {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got, key=int) == [str(number) for number in range(60)]


def test_an_open_ledger_is_used_as_it_is(ledger: Ledger) -> None:
    assert open_ledger(ledger) is ledger


def test_the_repr_shows_no_password(ledger: Ledger) -> None:
    assert "Ledger(" in repr(ledger)
    assert "canary" not in repr(ledger)


def test_every_refusal_is_ours(ledger: Ledger) -> None:
    with pytest.raises(VocobaseError):
        ledger.enter("", [("a", {})])


def test_the_highest_priority_is_claimed_first_then_the_oldest(ledger: Ledger, scope: str) -> None:
    priorities = [0, -100, 5, 0, 100, 5]
    ledger.enter(scope, [(str(number), {"priority": each}) for number, each in enumerate(priorities)])
    fill(ledger, scope, "none")
    assert names(ledger.claim(scope, "me", 3, lease=HOUR)) == ["4", "2", "5"]
    assert names(ledger.claim(scope, "me", 9, lease=HOUR)) == ["0", "3", "none", "1"]


def test_a_priority_is_kept_when_entries_wait_again(ledger: Ledger, scope: str) -> None:
    ledger.enter(scope, [("low", {}), ("high", {"priority": 1}), ("highest", {"priority": 2})])
    ledger.claim(scope, "me", 9, lease=HOUR)
    soon = ledger.now() + 0.2
    ledger.settle(scope, ["low", "high"], "waiting", owner="me")
    ledger.settle(scope, ["highest"], "waiting", owner="me", not_before=soon)
    assert names(ledger.claim(scope, "me", 1, lease=HOUR)) == ["high"]
    while (due := ledger.next_due(scope)) is None or ledger.now() < soon:
        assert due is not None
    assert names(ledger.claim(scope, "me", 9, lease=HOUR)) == ["highest", "low"]


def test_a_high_priority_does_not_change_the_order_of_a_list(ledger: Ledger, scope: str) -> None:
    ledger.enter(scope, [("a", {}), ("b", {"priority": 9})])
    assert names(list(ledger.entries(scope, "waiting"))) == ["a", "b"]


@pytest.mark.parametrize("priority", [101, -101, 1.0, True, "1", None])
def test_absurd_priorities_are_refused(ledger: Ledger, scope: str, priority: object) -> None:
    with pytest.raises(InvalidArgumentError, match="priority must be a whole number from -100 to 100"):
        ledger.enter(scope, [("a", {"priority": priority})])
    assert ledger.counts(scope)["waiting"] == 0


RESULTS: list[dict[str, object]] = [
    {},
    {"cost": 0.1 + 0.2, "at": 1767603600.123456, "tiny": 5e-324},
    {"name": "आशा 😀", "text": "\u2028\0"},
    {"attempts": [{"number": 1, "at": 1.0}], "b": None, "a": True},
]


@pytest.mark.parametrize("result", RESULTS, ids=["empty", "floats", "text", "nested"])
def test_a_change_that_expects_a_result_as_it_was_read_is_made(
    ledger: Ledger, scope: str, result: dict[str, object]
) -> None:
    fill(ledger, scope, "a")
    ledger.revise(scope, ["a"], "done", was="waiting", result=result)
    entry = ledger.get(scope, "a")
    assert entry is not None and entry.result == result
    assert ledger.revise(scope, ["a"], "done", was="done", result={"n": 1}, expected=entry.result) == []
    assert ledger.revise(scope, ["a"], "done", was="done", result={"n": 2}, expected=entry.result) == ["a"]
    assert ledger.revise(scope, ["a"], "done", was="done", result={"n": 2}, expected=None) == ["a"]
    changed = ledger.get(scope, "a")
    assert changed is not None and changed.result == {"n": 1}


def test_a_change_may_expect_that_there_is_no_result(ledger: Ledger, scope: str) -> None:
    fill(ledger, scope, "a", "b")
    assert ledger.revise(scope, ["a"], "waiting", was="waiting", result={"n": 1}, expected=None) == []
    assert ledger.revise(scope, ["a"], "waiting", was="waiting", result={"n": 2}, expected=None) == ["a"]
    assert ledger.revise(scope, ["b"], "waiting", was="waiting", result={"n": 2}, expected={}) == ["b"]
    ledger.claim(scope, "me", 1, lease=HOUR)
    ledger.settle(scope, ["a"], "done", owner="me")
    assert ledger.revise(scope, ["a"], "done", was="done", result={"n": 3}, expected=None) == []


def test_of_two_threads_that_expect_the_same_result_one_makes_its_change(ledger: Ledger, scope: str) -> None:
    fill(ledger, scope, "counter")
    ledger.revise(scope, ["counter"], "done", was="waiting", result={"n": 0})
    errors: list[BaseException] = []

    def add() -> None:
        try:
            for _ in range(25):
                while True:
                    entry = ledger.get(scope, "counter")
                    assert entry is not None and entry.result is not None
                    more = {"n": entry.result["n"] + 1}
                    if not ledger.revise(
                        scope, ["counter"], "done", was="done", result=more, expected=entry.result
                    ):
                        break
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    entry = ledger.get(scope, "counter")
    assert entry is not None and entry.result == {"n": 50}


def test_one_entry_is_claimed_by_its_key(ledger: Ledger, scope: str) -> None:
    fill(ledger, scope, "a", "b", "c")
    assert names(ledger.claim(scope, "me", 9, lease=HOUR, key="b")) == ["b"]
    assert ledger.claim(scope, "me", 9, lease=HOUR, key="b") == []
    assert ledger.claim(scope, "me", 9, lease=HOUR, key="unknown") == []
    ledger.revise(scope, ["c"], "waiting", was="waiting", not_before=ledger.now() + HOUR)
    assert ledger.claim(scope, "me", 9, lease=HOUR, key="c") == []
    assert names(ledger.claim(scope, "me", 9, lease=HOUR)) == ["a"]


def test_one_claim_is_taken_over_by_its_key(ledger: Ledger, scope: str) -> None:
    fill(ledger, scope, "a", "b", "c")
    ledger.claim(scope, "dead", 2, lease=0)
    ledger.claim(scope, "alive", 1, lease=HOUR)
    assert names(ledger.take_over(scope, "me", 9, lease=HOUR, key="b")) == ["b"]
    assert ledger.take_over(scope, "me", 9, lease=HOUR, key="b") == []
    assert ledger.take_over(scope, "me", 9, lease=HOUR, key="c") == []
    assert names(ledger.take_over(scope, "me", 9, lease=HOUR)) == ["a"]
