"""What the tutor itself says around an answer, in both languages."""

from tutor.domain import Bilingual

OUT_OF_SCOPE = Bilingual(
    zh="这个问题现有材料里没有，我答不了。换个问法，或在“资料库”里添加相关文档。",
    en="The material I have does not cover this, so I cannot answer it. Try other words, or add a document on it in the Library.",
)
UNCERTAIN = Bilingual(
    zh="题库里没有一条正好回答这个问题。你想问的是下面哪一个？",
    en="No entry of the bank answers exactly this. Did you mean one of these?",
)
DID_YOU_MEAN = Bilingual(zh="关于“{term}”，你想问哪一个？", en="On “{term}”, which did you mean?")
THANKS = Bilingual(zh="不客气！可以接着追问，也可以换一个题目。", en="You're welcome! Ask on, or change the subject.")
GREETING = Bilingual(
    zh="你好！大模型和 NLP 面试里会问的都可以问我，比如“KV Cache 的原理是什么？”，只打一个词（如“LoRA”）也行。"
    "得到回答后可以说“短一点”“举个例子”“用英文说”，也可以追问。",
    en="Hello! Ask me anything that LLM and NLP interviews ask, such as “How does a KV cache work?”; one word such as “LoRA” "
    "is enough. After an answer you can say “shorter”, “an example” or “in Chinese”, or ask on.",
)
ACKNOWLEDGEMENT = Bilingual(
    zh="好的。可以接着追问，也可以换一个题目。", en="Good. Ask on, or change the subject whenever you like."
)
SMALL_TALK = Bilingual(
    zh="这个我帮不上忙，我只懂大模型和 NLP 面试。准备好了就接着问吧。",
    en="I cannot help with that; LLM and NLP interviews are all I know. Ask on when you are ready.",
)
ONE_LANGUAGE = Bilingual(
    zh="上一个回答是根据材料写的，只有一种语言。请用想要的语言把问题再问一遍。",
    en="The last answer was written from the material, in one language only. Ask the question again in the language you want.",
)
WEAK_EVIDENCE = Bilingual(
    zh="材料里的依据较弱，请对照引用核实。", en="The evidence in the material is thin; check it against the citations."
)
MISTAKES = Bilingual(zh="**常见误解**", en="**Common mistakes**")
WRONG = Bilingual(zh="误：", en="Wrong:")
RIGHT = Bilingual(zh="正：", en="Right:")
SOURCES = Bilingual(zh="**来源**", en="**Sources**")
DATED = Bilingual(zh="**时效提示**", en="**Dated**")
LEFT_OUT = Bilingual(
    zh="写这个回答时只用了找到的 {found} 段中的 {used} 段；放不下、没有用上的：{titles}。",
    en="Written from {used} of the {found} passages found; left out because they did not fit: {titles}.",
)
SHORTENED = Bilingual(
    zh="最相关的一段太长，只用了它的开头部分。", en="The best passage is too long; only its beginning was used."
)
MORE = Bilingual(zh="想看完整的回答，就说“详细讲讲”。", en="For the full answer, say “in more detail”.")
THINK = Bilingual(zh="**先想一想**：", en="**Think first**:")
STEP_BY_STEP = Bilingual(zh="**一条一条说**：", en="**Step by step**:")
EXAMPLE = Bilingual(zh="**例子**：", en="**Example**:")
NO_EXAMPLE = Bilingual(
    zh="题库的这一条里没有例子，我不现编；下面是它的完整回答。",
    en="The bank has no example for this, and I will not make one up; its full answer follows.",
)
NUMBERS = Bilingual(zh="**数字**：", en="**In numbers**:")
NO_NUMBERS = Bilingual(
    zh="题库的这一条里没有算好的数字，“计算”页可以自己算；下面是它的完整回答。",
    en="The bank has no worked numbers for this; the Calculations tab computes your own. Its full answer follows.",
)
POINTS_FROM = Bilingual(zh="要点出处：", en="Points from")
NO_COMPARISON = Bilingual(
    zh="题库里没有直接对比这两者的条目，上面是各自的要点并排放在一起；想看某一个的完整回答，单独问它。",
    en="The bank has no entry that compares the two, so these are the points of each, side by side; ask about one for its "
    "full answer.",
)
QUOTED = Bilingual(
    zh="没有一句写出来的话在材料里有依据。下面是你的文档里与问题最接近的原话。",
    en="No sentence that was written has support in the material. This is what your documents say nearest to the question, "
    "word for word.",
)
WITHHELD = Bilingual(
    zh="另有 {count} 句在材料里找不到依据，没有采用。",
    en="Sentences left out because nothing in the material supports them: {count}.",
)
