"""The answer chain on a real index with a scripted model: what is generated, what is cited, what is refused."""

import pytest

from tests.fakes import ScriptedChatModel, WordHashEmbeddings
from tests.samples import NOTES, hit
from tests.samples import answer as earlier_answer
from tests.samples import entry as sample_entry
from tutor.bank.load import Bank
from tutor.chat.answer import AnswerChain
from tutor.chat.prove import Proof, prove
from tutor.chat.support import Supporter, cite, quote, strip_marks
from tutor.domain import Answer, Evidence, Language, TextDelta
from tutor.entailment.support import load_support_model
from tutor.retrieval.hybrid import HybridRetriever
from tutor.retrieval.scope import ScopeModel
from tutor.text.sentences import split_sentences

SUPPORT = load_support_model()


def run(retriever: HybridRetriever, model: ScriptedChatModel, question: str, *earlier: Answer) -> list[object]:
    chain = AnswerChain(retriever, Bank((sample_entry(),)), lambda: model, SUPPORT)
    return list(chain.chain.stream(chain.start(question, earlier)))


def streamed(events: list[object]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def test_events_come_in_order_and_each_sentence_shown_is_cited(retriever: HybridRetriever) -> None:
    model = ScriptedChatModel(
        replies=[
            "Speculative decoding lets a small draft model propose tokens that the large model verifies in one pass. [7] "
            "The output distribution stays that of the large model 7 times. Red roses bloom."
        ]
    )
    events = run(retriever, model, "Which tokens does the speculative draft model propose?")
    assert isinstance(events[0], Evidence)
    assert all(isinstance(event, TextDelta) for event in events[1:-1])
    final = events[-1]
    assert isinstance(final, Answer)
    assert "verifies in one pass. [1]" in final.text
    assert "[7]" not in final.text
    assert "7 times" not in final.text, "what has no support is not shown as running text"
    assert "Red roses" not in final.text
    assert "nothing in the material supports them: 2." in final.text
    cited = final.citations[0]
    assert cited.sentence in cited.text
    assert cited.sentence.startswith("Speculative decoding lets a small draft model")
    assert final.timings.first_token_ms is not None
    assert 0 <= final.timings.evidence_ms <= final.timings.first_token_ms <= final.timings.total_ms


def test_nothing_that_was_streamed_is_taken_away(retriever: HybridRetriever) -> None:
    model = ScriptedChatModel(
        replies=[
            "Red roses bloom. Measured speedups are 2.5 times. Measured speedups are 9.5 times. "
            "The output distribution stays that of the large model."
        ]
    )
    events = run(retriever, model, "Which tokens does the speculative draft model propose?")
    final = events[-1]
    assert isinstance(final, Answer)
    shown = [sentence for sentence in split_sentences(streamed(events)) if sentence.strip()]
    assert shown == ["Measured speedups are 2.5 times.", "The output distribution stays that of the large model."]
    assert all(sentence in final.text for sentence in shown)


def test_where_nothing_written_is_supported_a_document_speaks_for_itself(retriever: HybridRetriever) -> None:
    model = ScriptedChatModel(replies=["Measured speedups are 7.5 times."])
    events = run(retriever, model, "What speedups does speculative decoding have, measured?")
    final = events[-1]
    assert isinstance(final, Answer)
    assert streamed(events) == ""
    assert "7.5" not in final.text
    assert "- Measured speedups are 2.5 times. [1]" in final.text
    assert all(citation.sentence in citation.text for citation in final.citations)


def test_quotes_are_one_list_without_the_title_of_what_they_come_from() -> None:
    title = "Describe how a KV cache speeds up decoding and what it costs."
    text = f"{title}\n- A KV cache keeps keys and values of earlier tokens.\n- It costs memory that grows with length."
    listed, citations = quote(title, Supporter(WordHashEmbeddings(), [hit(text, title=title)], SUPPORT), 2)
    assert title not in listed
    assert "- - " not in listed
    assert "- A KV cache keeps keys and values of earlier tokens. [" in listed
    assert all(citation.sentence in citation.text for citation in citations)


@pytest.mark.parametrize(
    "sentence",
    [
        "The output distribution stays that of the large model 7 times.",
        "The output distribution stays that of the large Llama-3 model.",
        "Measured speedups are twice 2.5 times.",
    ],
)
def test_a_number_or_name_that_the_passage_lacks_is_never_supported(sentence: str) -> None:
    supporter = Supporter(WordHashEmbeddings(), [hit(NOTES)], SUPPORT)
    assert supporter.check(sentence).hit is None
    assert supporter.check("The output distribution stays that of the large model.").hit is not None


def test_what_was_said_before_is_said_once() -> None:
    supporter = Supporter(WordHashEmbeddings(), [hit("Keys are kept in memory. Values are kept too.")], SUPPORT)
    proven = prove(
        "- Keys are kept in memory.\n- Values are kept too.\n- The keys are kept in memory!", supporter, "en"
    )
    assert proven.text.startswith("- Keys are kept in memory. [1]\n- Values are kept too. [2]")
    assert proven.text.count("kept in memory") == 1
    assert proven.withheld == ()


def test_a_sentence_waits_until_it_is_whole() -> None:
    proof = Proof(
        Supporter(WordHashEmbeddings(), [hit("Keys are kept in memory. Values are kept too.")], SUPPORT), "en"
    )
    assert proof.add("Keys are ke") == ""
    assert proof.add("pt in memory. Val") == "Keys are kept in memory."
    assert proof.finish() == "", "half a sentence is nothing"
    assert proof.proven().text == "Keys are kept in memory. [1]"


def test_a_bank_question_is_answered_from_the_entry_without_the_model(retriever: HybridRetriever) -> None:
    model = ScriptedChatModel(replies=["never"])
    final = run(retriever, model, "How does a KV cache work?")[-1]
    assert isinstance(final, Answer)
    assert final.entry_id == "kv-cache"
    assert model.calls == []
    assert final.text.startswith("A KV cache keeps the keys and values of earlier tokens")
    assert "A KV cache speeds up training." in final.text
    assert "2309.06180" in final.text
    assert final.citations
    assert all(citation.sentence in citation.text for citation in final.citations)


@pytest.mark.parametrize(
    ("request_", "begins"),
    [
        ("一句话总结", "KV Cache 保存历史 token 的键和值，避免重复计算。 [1]"),
        (
            "in one sentence please",
            "A KV cache keeps the keys and values of earlier tokens, so they are not recomputed. [1]",
        ),
        ("举个例子", "*题库的这一条里没有例子"),
    ],
)
def test_a_bare_request_gives_the_last_entry_in_that_manner(
    retriever: HybridRetriever, request_: str, begins: str
) -> None:
    model = ScriptedChatModel(replies=["never"])
    first = run(retriever, model, "How does a KV cache work?")[-1]
    assert isinstance(first, Answer)
    final = run(retriever, model, request_, first)[-1]
    assert isinstance(final, Answer)
    assert final.entry_id == "kv-cache"
    assert final.text.startswith(begins)
    assert model.calls == []


def test_a_manner_does_not_hide_what_is_asked(retriever: HybridRetriever) -> None:
    model = ScriptedChatModel(replies=["never"])
    final = run(retriever, model, "How does a KV cache work, in one sentence?")[-1]
    assert isinstance(final, Answer)
    assert final.entry_id == "kv-cache"
    assert "Its price" not in final.text
    assert model.calls == []


def test_out_of_scope_is_refused_with_questions_to_choose_from_and_nothing_is_generated(
    retriever: HybridRetriever,
) -> None:
    model = ScriptedChatModel(replies=["never"])
    final = run(retriever, model, "怎么做红烧肉？")[-1]
    assert isinstance(final, Answer)
    assert final.refused
    assert model.calls == []
    assert final.citations == ()
    assert [choice.question for choice in final.choices] == ["KV Cache 的原理是什么？"]
    assert final.choices[0].lead == "KV Cache 保存历史 token 的键和值，避免重复计算。"
    assert "资料库" in final.text


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("谢谢", "不客气"),
        ("thanks a lot!", "You're welcome"),
        ("你好", "可以问我"),
        ("hello", "Ask me anything"),
        ("嗯嗯", "好的"),
        ("我喝口水", "帮不上忙"),
    ],
)
def test_courtesies_and_small_talk_are_answered_at_once(retriever: HybridRetriever, message: str, said: str) -> None:
    model = ScriptedChatModel(replies=["never"])
    first = run(retriever, model, "How does a KV cache work?")[-1]
    assert isinstance(first, Answer)
    final = run(retriever, model, message, first)[-1]
    assert isinstance(final, Answer)
    assert (final.kind, final.refused) == ("remark", False)
    assert said in final.text
    assert final.standalone_question == message
    assert final.citations == final.nearest == final.choices == ()
    assert model.calls == []


def test_a_remark_gives_no_footing_and_takes_none_away(retriever: HybridRetriever) -> None:
    model = ScriptedChatModel(replies=["Memory grows linearly with length."])
    first = run(retriever, model, "How does a KV cache work?")[-1]
    assert isinstance(first, Answer)
    thanks = run(retriever, model, "thanks", first)[-1]
    assert isinstance(thanks, Answer)
    final = run(retriever, model, "What does it cost?", first, thanks)[-1]
    assert isinstance(final, Answer)
    assert "How does a KV cache work?" in final.standalone_question


@pytest.mark.parametrize(
    ("language", "begins"), [("zh", "KV Cache 保存"), ("en", "A KV cache keeps"), (None, "A KV cache")]
)
def test_a_name_alone_gets_its_entry_in_the_interfaces_language(
    retriever: HybridRetriever, language: Language | None, begins: str
) -> None:
    model = ScriptedChatModel(replies=["never"])
    chain = AnswerChain(retriever, Bank((sample_entry(),)), lambda: model, SUPPORT)
    final = list(chain.chain.stream(chain.start("KV cache", (), language)))[-1]
    assert isinstance(final, Answer)
    assert final.entry_id == "kv-cache"
    assert final.text.startswith(begins)
    assert model.calls == []


@pytest.mark.parametrize(
    ("wish", "begins"),
    [("in Chinese please", "KV Cache 保存"), ("用英文说一遍", "A KV cache keeps"), ("shorter", "A KV cache keeps")],
)
def test_a_wish_about_the_last_answer_needs_no_search_and_no_model(
    retriever: HybridRetriever, monkeypatch: pytest.MonkeyPatch, wish: str, begins: str
) -> None:
    model = ScriptedChatModel(replies=["never"])
    first = run(retriever, model, "How does a KV cache work?")[-1]
    assert isinstance(first, Answer)
    monkeypatch.setattr(HybridRetriever, "search", lambda *_: pytest.fail("searched"))
    final = run(retriever, model, wish, first)[-1]
    assert isinstance(final, Answer)
    assert final.text.startswith(begins)
    assert final.entry_id == "kv-cache"
    assert model.calls == []


def test_a_written_answer_is_shortened_to_its_first_proven_sentence(retriever: HybridRetriever) -> None:
    model = ScriptedChatModel(
        replies=["Measured speedups are 2.5 times. The output distribution stays that of the large model."]
    )
    first = run(retriever, model, "Which tokens does the speculative draft model propose?")[-1]
    assert isinstance(first, Answer)
    final = run(retriever, model, "shorter", first)[-1]
    assert isinstance(final, Answer)
    assert final.text == "Measured speedups are 2.5 times. [1]"
    assert len(model.calls) == 1


def test_where_the_evidence_is_thin_questions_are_offered_and_the_model_is_not_asked(
    retriever: HybridRetriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ScopeModel, "is_weak", lambda *_: True)
    model = ScriptedChatModel(replies=["never"])
    final = run(retriever, model, "Which memory do keys of a cache need, roughly, by and large?")[-1]
    assert isinstance(final, Answer)
    assert final.kind == "choice"
    assert [choice.entry_id for choice in final.choices] == ["kv-cache"]
    assert model.calls == []


def test_a_follow_up_goes_to_the_model_with_its_subject(retriever: HybridRetriever) -> None:
    model = ScriptedChatModel(replies=["Memory grows linearly with length."])
    final = run(retriever, model, "What does it cost?", earlier_answer("How does a KV cache work?"))[-1]
    assert isinstance(final, Answer)
    assert "How does a KV cache work?" in final.standalone_question
    assert "KV cache" in str(model.calls[0][-1].content)


def test_an_answer_in_the_wrong_language_is_not_shown(retriever: HybridRetriever) -> None:
    model = ScriptedChatModel(replies=["推测解码让小模型先提议若干 token，再由大模型一次验证。"])
    final = run(retriever, model, "Which tokens does the speculative draft model propose?")[-1]
    assert isinstance(final, Answer)
    assert "推测" not in final.text


def test_closing_the_stream_stops_the_model(retriever: HybridRetriever) -> None:
    model = ScriptedChatModel(replies=["Measured speedups are 2.5 times. " + "One sentence. " * 50])
    chain = AnswerChain(retriever, Bank((sample_entry(),)), lambda: model, SUPPORT)
    events = chain.chain.stream(chain.start("Which tokens does the speculative draft model propose?", ()))
    next(event for event in events if isinstance(event, TextDelta))
    events.close()  # type: ignore[attr-defined]
    assert model.cancelled == 1


def test_marks_are_placed_after_each_supported_sentence_and_the_layout_stays() -> None:
    hits = [hit("Keys are kept. Values are kept too."), hit("Memory grows with length.", 2, passage_id="p2")]
    text = "- Keys are kept.\n- Memory grows with length.\n- Keys are kept."
    supporter = Supporter(WordHashEmbeddings(), hits, SUPPORT)
    cited, citations, unsupported = cite(text, [supporter.check(sentence) for sentence in split_sentences(text)])
    assert cited == "- Keys are kept. [1]\n- Memory grows with length. [2]\n- Keys are kept. [1]"
    assert [citation.passage_id for citation in citations] == ["p1", "p2"]
    assert unsupported == ()


@pytest.mark.parametrize("mark", ["[1]", " [12]", "【3】", "[1, 2]", "［2］"])
def test_marks_of_the_model_are_never_trusted(mark: str) -> None:
    assert strip_marks(f"A fact{mark}.") == "A fact."


def test_what_is_said_around_a_name_is_in_the_language_of_the_conversation(retriever: HybridRetriever) -> None:
    model = ScriptedChatModel(replies=["never"])
    first = run(retriever, model, "KV Cache 的原理是什么？")[-1]
    assert isinstance(first, Answer)
    final = run(retriever, model, "vs MQA", first)[-1]
    assert isinstance(final, Answer)
    assert final.language == "zh"
    assert "（承接：" in final.standalone_question
