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


def test_what_sounds_like_the_part_of_a_sentence_that_is_being_said_is_no_command() -> None:
    masks = Masks()
    masks.add((), 0, 4 * SECOND, "This is easy, as you will see, and after that you rest.")
    assert masks.echoes("easy", SECOND // 2, SECOND)
    assert masks.echoes("easier", SECOND // 2, SECOND), "by its sound"
    assert not masks.echoes("easier", 3 * SECOND, int(3.5 * SECOND)), "something else is said by then"
    assert not masks.echoes("easier", int(3.9 * SECOND), 5 * SECOND), "it goes on when we are silent"
    assert not masks.echoes("louder", SECOND // 2, SECOND)


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
