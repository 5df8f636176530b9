"""An engine child that does what a test asks for, one word a text: hang, die, fail, or a second of tone.

Speaks the protocol of assistant/speaking/engine_child.py. Counts its renderings in the file named by its argument.
"""

from __future__ import annotations

import json
import os
import sys
import time
import wave
from pathlib import Path

import numpy as np


def write_tone(path: str) -> None:
    t = np.arange(22_050) / 22_050
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(22_050)
        file.writeframes((8000 * np.sin(2 * np.pi * 400 * t)).astype("<i2").tobytes())


def main() -> None:
    count, version = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "1"
    if version == "missing":
        print(json.dumps({"missing": "no library"}), flush=True)
        return
    if version == "broken":
        sys.exit(3)
    print(json.dumps({"engine": "fake", "version": version}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        with count.open("a") as file:
            file.write(request["text"] + "\n")
        word = request["text"].split()[0]
        if word == "hang":
            time.sleep(3600)  # until we are killed
        if word == "die" or (word == "stumble" and count.read_text().count("stumble") == 1):
            os._exit(1)
        if word == "fail":
            print(json.dumps({"error": "no such voice"}), flush=True)
            continue
        if word != "nothing":
            write_tone(request["path"])
        print(json.dumps({}), flush=True)


main()
