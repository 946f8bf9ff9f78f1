"""Stories: the tests that presets and apps carry in their own metadata (RULING 7).

Takes: documents of kind `story`, a Model; to run them, an app that is `Running`.
Gives: stories with every name checked; for each one, what did not hold, at its place.
Rejects when: a story names what is not there, or a value that its field does not take.
Modules: story (values); reading (lines, checked), proofs (the parts without which stories fail) → telling
    (the stories of all layers); values, conditions (how a story's values are written for the API and compared
    with its answers); requests (a step as a request); acting (a step done); expectations (what must hold);
    running (one story from its beginning to its end); mutations (whether a story fails without a part),
    coverage (which requirement is shown by which).
"""
