"""What is said and done: a pure state machine over time-stamped events.

    from assistant.dialogue.memory import Memory
    from assistant.dialogue.state import State
    from assistant.dialogue.transition import new_state, next_deadline, transition
    from assistant.dialogue.view import View, view_of

    new_state(catalog: Catalog, wording: Wording, memory: Memory = Memory(),
              checkpoint: Mapping[str, Any] | None = None) -> State
        A dialogue that has not begun. With a checkpoint it opens paused at that place; StorageError if the
        checkpoint is damaged or foreign (another schema, an unknown or changed routine).
    transition(state: State, event: Event) -> tuple[State, tuple[Effect, ...]]
        Works off every deadline up to `event.at`, in order, then the event. The first event is `Opened`.
    next_deadline(state: State) -> int | None
        Session time (ms) of the next thing that happens by itself; wake then with a `Tick`. None: nothing will.
    view_of(state: State, at: int) -> View
        Everything a display shows.

`Wording` comes from `assistant.language.wording.load_wording()`. There is no clock, thread, file, queue, logger
or random number in this package.
"""
