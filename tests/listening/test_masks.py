"""When the coach's own words are no command."""

from __future__ import annotations

import threading

from assistant.listening.masks import Masks

SECOND = 16_000


def test_a_word_is_masked_while_it_sounds_and_shortly_after() -> None:
    masks = Masks()
    masks.add(["Say: I'm ready."], SECOND, 2 * SECOND)
    assert masks.covers("i'm ready", SECOND)
    assert masks.covers("ready", int(2.3 * SECOND))
    assert not masks.covers("ready", int(2.31 * SECOND))
    assert not masks.covers("ready", int(0.8 * SECOND))
    assert not masks.covers("ready now", SECOND)
    masks.clear()
    assert not masks.covers("ready", SECOND)


def test_no_mask_is_lost_when_two_threads_speak() -> None:
    masks = Masks()
    names = [[f"{letter}{number}" for number in range(300)] for letter in "ab"]
    threads = [
        threading.Thread(target=lambda words=words: [masks.add([word], 0, SECOND) for word in words]) for words in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(masks.covers(word, 0) for words in names for word in words)
