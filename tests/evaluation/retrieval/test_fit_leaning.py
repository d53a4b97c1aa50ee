"""A voice of the tune part is judged by a model that never heard it; other parts are left as they were heard."""

from dataclasses import replace

from tutor.evaluation.retrieval.dialogues import Dialogue, Heard, Utterance
from tutor.evaluation.retrieval.fit_leaning import fit_leaning, leave_voices_out


def heard(voice: str, leans: bool, cue: float, split: str = "tune") -> Heard:
    """A second message with one signal; heard as standing alone."""
    first = Utterance("What is LoRA?", "question", None, None, ())
    second = Utterance("its rank?", "follow_up" if leans else "question", 0 if leans else None, None, ())
    return Heard(Dialogue(f"d-{voice}", "en", voice, split, (first, second)), 1, False, True, (), {"cue": cue})


def usual(voice: str) -> list[Heard]:
    return [heard(voice, leans=leans, cue=float(leans)) for leans in (True, False) for _ in range(20)]


def test_a_voice_that_speaks_the_other_way_round_is_judged_as_the_rest_speak() -> None:
    odd = [heard("odd", leans=True, cue=0.0), heard("odd", leans=False, cue=1.0)] * 200
    judged = leave_voices_out([*usual("first"), *usual("second"), *odd])
    assert [item.leans for item in judged if item.dialogue.voice == "odd"][:2] == [False, True]
    own = fit_leaning(odd)
    assert own.probability({"cue": 0.0}) > own.probability({"cue": 1.0})


def test_the_test_part_and_what_a_rule_decided_stay_as_they_were_heard() -> None:
    sealed = heard("sealed", leans=True, cue=1.0, split="test")
    decided = replace(heard("first", leans=True, cue=1.0), weighed=None)
    judged = leave_voices_out([*usual("first"), *usual("second"), sealed, decided])
    assert judged[-2:] == [sealed, decided]
    assert judged[0].leans, "a weighed one of the same voice is judged anew"
