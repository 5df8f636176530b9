"""PortAudio's ways of saying no, in plain words."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from fake_sound import HEADSET

from assistant.audio.devices import Device, Kind, PortAudio, RefusedError, _explained, lasting_name
from assistant.errors import AudioError


class PortAudioError(Exception):
    """As sounddevice raises it: a sentence and a code."""


@pytest.mark.parametrize("code", [-9996, -9997, -9998])
def test_a_refused_rate_or_channel_count_is_tried_otherwise(code: int) -> None:
    assert isinstance(_explained(PortAudioError("Invalid", code), Kind.MICROPHONE, HEADSET), RefusedError)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (PortAudioError("Error opening: Device unavailable", -9985), "busy", "is busy: close the program"),
        (PortAudioError("Unanticipated host error", -9999, (8, -16, "Device or resource busy")), "busy", "is busy"),
        (PortAudioError("Internal error", -9986), "cannot_open", "cannot be opened (Internal error): plug it in again"),
        (PortAudioError(), "cannot_open", "no reason given"),
    ],
)
def test_other_errors_are_one_sentence(error: PortAudioError, code: str, words: str) -> None:
    explained = _explained(error, Kind.MICROPHONE, HEADSET)
    assert isinstance(explained, AudioError)
    assert explained.code == code
    assert words in str(explained)
    assert "Headset [ALSA]" in str(explained)


def test_a_microphone_is_remembered_without_the_number_of_its_card() -> None:
    """Nor is the server asked about a device that is not its own."""
    first, again = (Device(0, f"Jabra: USB Audio (hw:{card},0)", "ALSA", 1, 0, 48_000) for card in (1, 3))
    assert lasting_name(first, Kind.MICROPHONE) == lasting_name(again, Kind.MICROPHONE) == "Jabra: USB Audio [ALSA]"
    desk = Device(0, "default", "Core Audio", 1, 0, 48_000)
    assert lasting_name(desk, Kind.MICROPHONE) == desk.label


def test_without_portaudio_the_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoLibrary:
        def find_spec(self, name: str, path: object, target: object = None) -> None:
            if name == "sounddevice":
                raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(sys, "meta_path", [NoLibrary(), *sys.meta_path])
    with pytest.raises(AudioError, match=r"PortAudio library is missing: install it with") as caught:
        PortAudio().devices()
    assert caught.value.code == "no_portaudio"


def test_what_libraries_write_to_stderr_is_kept_off_and_our_own_is_not() -> None:
    code = (
        "import os, sys\n"
        "from assistant.audio.devices import quiet_libraries\n"
        "with quiet_libraries():\n"
        "    os.write(2, b'library')\n"
        "    print('ours', file=sys.stderr)\n"
        "os.write(2, b'after')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stderr == "ours\nafter"
