"""What a text says twice is kept once; what merely comes again stays."""

from tutor.ingestion.clean import clean_text

PARAGRAPH = (
    "Gradient checkpointing stores only some activations and computes the others again in the backward pass, which trades "
    "about a third more compute for much less memory."
)


def test_a_doubled_title_is_kept_once() -> None:
    assert clean_text("Mixed precision\n\nMixed precision\n\nIt halves the memory of activations.").count("Mixed") == 1


def test_a_paragraph_printed_again_is_dropped() -> None:
    text = f"First part.\n\n{PARAGRAPH}\n\nSecond part says more.\n\n{PARAGRAPH}"
    assert clean_text(text).count("checkpointing") == 1


def test_a_teaser_cut_from_the_text_below_goes() -> None:
    body = "\n\n".join(
        [PARAGRAPH, "Offloading moves the optimizer state to the CPU and pays with transfers over the bus."]
    )
    teaser = PARAGRAPH[:90] + "...: Offloading moves the optimizer state to the CPU and pays"
    cleaned = clean_text(f"Saving memory\n{teaser}\n\n{body}")
    assert teaser not in cleaned
    assert cleaned.endswith(body)


def test_an_opening_made_of_the_words_of_the_text_is_no_teaser() -> None:
    """Of an English text that speaks of few things, most runs of six letters come again."""
    who = "the residual stream|every attention head|the final norm|an expert layer|the draft model".split("|")
    what = "reads what earlier layers wrote|scales the noise of small batches|repeats a mean over positions".split("|")
    why = "so that training stays stable|because the variance would grow|which costs memory on every card".split("|")
    facts = [f"Fact: {a} {b}, {c}." for a in who for b in what for c in why]
    paragraphs = [" ".join(facts[start::9]) for start in range(9)]
    text = "Notes\n\n" + "\n\n".join(paragraphs)
    assert clean_text(text) == text


def test_short_labels_and_list_items_may_come_again() -> None:
    text = "Adam\nAdvantages:\n- few settings\nDrawbacks:\n- two states\n\nLion\nAdvantages:\n- one state\nDrawbacks:\n- two states"
    assert clean_text(text) == text


def test_a_table_of_contents_goes_but_the_headings_stay() -> None:
    text = (
        "Contents\n1. Quantisation ..... 3\n2. Pruning ..... 5\n3. Distillation ..... 8\n\n"
        "1. Quantisation\nFewer bits a weight.\n\n2. Pruning\nFewer weights.\n\n3. Distillation\nA smaller student."
    )
    cleaned = clean_text(text)
    assert cleaned.startswith("1. Quantisation\nFewer bits")
    assert "....." not in cleaned


def test_a_list_that_is_repeated_as_a_list_is_no_table_of_contents() -> None:
    text = "Training\n- FP16\n- BF16\n- FP8\n\nInference\n- FP16\n- BF16\n- FP8"
    assert clean_text(text) == text


def test_the_answer_to_a_question_is_no_teaser_whatever_it_repeats() -> None:
    same = " The same remark closes each of the answers that are given on this page, word for word." * 3
    asked = [f"{number}. Why does method {number} work?\n\nBecause of reason {number}.{same}" for number in (1, 2, 3)]
    text = "# Three methods\n\n" + "\n\n".join(asked)
    assert clean_text(text) == text
