"""The commands a person can give, and the phases of the dialogue in which they count.

The ids are those of the phrase table (language/en/phrases.yaml), of `coach hear` and of the journal.
"""

from __future__ import annotations

from enum import Enum


class PhaseName(str, Enum):
    """A phase of the dialogue, as written in the phrase table and the journal."""

    IDLE = "idle"
    CHECKING = "checking"
    POSITIONING = "positioning"
    WORKING = "working"
    PAUSED = "paused"
    HURT = "hurt"
    CONFIRMING = "confirming"
    REVIEWING = "reviewing"
    CALIBRATING = "calibrating"
    DONE = "done"


class Command(str, Enum):
    """What was meant, whatever the words."""

    # any phase but idle
    STOP = "stop"
    HURT = "hurt"  # slot: part (optional)
    DIZZY = "dizzy"
    DANGER = "danger"
    PAUSE = "pause"
    UNDO = "undo"
    OPTIONS = "options"
    WHAT_HEARD = "what_heard"
    LOUDER = "louder"
    QUIETER = "quieter"
    CHANGE_VOICE = "change_voice"
    TALK_FASTER = "talk_faster"  # the voice; the repetitions: FASTER
    TALK_SLOWER = "talk_slower"
    HIGHER_VOICE = "higher_voice"
    DEEPER_VOICE = "deeper_voice"
    # idle
    START = "start"  # slots: routine (id, or ids with spaces between) or part; without (optional)
    CHOOSE = "choose"  # slots: minutes, region, moment, want, without (each optional)
    JUST_ONE = "just_one"
    LIST = "list"
    ASK = "ask"  # slots: topic or routine
    CALIBRATE = "calibrate"
    MUTE_MICROPHONE = "mute_microphone"
    OPEN_MICROPHONE = "open_microphone"
    # checking, confirming
    YES = "yes"
    NO = "no"
    PICK = "pick"  # slot: place = 1 | 2
    UNSURE = "unsure"
    # checking, idle, positioning, paused
    WITHOUT = "without"  # slot: kit (wall, foam_roller, floor, ...)
    WITH = "with"
    # positioning
    READY = "ready"
    WAIT = "wait"
    # positioning, working
    REPEAT = "repeat"
    EXPLAIN = "explain"
    SKIP = "skip"
    PREVIOUS = "previous"
    EASIER = "easier"
    HARDER = "harder"
    # working
    NEXT = "next"
    RESTART = "restart"
    TIME = "time"
    COUNT = "count"
    WHERE = "where"
    PREVIEW = "preview"
    EXTEND = "extend"
    SLOWER = "slower"
    FASTER = "faster"
    FEWER_WORDS = "fewer_words"
    MORE_WORDS = "more_words"
    ONLY_COUNTS = "only_counts"
    JUMP = "jump"  # slot: block (id, or ids with spaces between)
    SHORTEN = "shorten"  # slot: minutes
    # paused
    RESUME = "resume"
    END = "end"
    # hurt
    SHARP = "sharp"
    NERVE = "nerve"
    MILDER = "milder"
    # reviewing
    LEFT_SIDE = "left_side"
    RIGHT_SIDE = "right_side"
    NO_DIFFERENCE = "no_difference"
    FEEL = "feel"  # slot: feel = better | same | worse
    RATING = "rating"  # slot: rating = 1..5
    WORDS = "words"
    LEAVE = "leave"
