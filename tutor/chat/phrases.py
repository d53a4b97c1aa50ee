"""What the tutor itself says around an answer, in both languages."""

from tutor.domain import Bilingual

OUT_OF_SCOPE = Bilingual(
    zh="这个问题超出了现有材料的范围，我不编造答案。下面是最接近的几段内容，供你参考；也可以换个问法，或在“资料库”里添加相关文档。",
    en="This is outside the material I have, so I will not make up an answer. The nearest passages are below; try other "
    "words, or add a document on it in the Library.",
)
WEAK_EVIDENCE = Bilingual(
    zh="材料里的依据较弱，请对照引用核实。", en="The evidence in the material is thin; check it against the citations."
)
MISTAKES = Bilingual(zh="**常见误解**", en="**Common mistakes**")
WRONG = Bilingual(zh="误：", en="Wrong:")
RIGHT = Bilingual(zh="正：", en="Right:")
SOURCES = Bilingual(zh="**来源**", en="**Sources**")
DATED = Bilingual(zh="**时效提示**", en="**Dated**")
NO_WORDS = Bilingual(
    zh="模型没有给出可用的回答，请看下面检索到的段落。",
    en="The model gave no usable answer; see the passages found below.",
)
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
POINTS_FROM = Bilingual(zh="要点出处：", en="Points from")
NO_COMPARISON = Bilingual(
    zh="题库里没有直接对比这两者的条目，上面是各自的要点并排放在一起；想看某一个的完整回答，单独问它。",
    en="The bank has no entry that compares the two, so these are the points of each, side by side; ask about one for its "
    "full answer.",
)
QUOTED = Bilingual(
    zh="模型写的内容在材料里找不到依据，没有显示。下面是材料里与问题最接近的原话。",
    en="What the model wrote has no support in the material and is not shown. Here is what the material itself says nearest "
    "to the question.",
)
DROPPED = Bilingual(
    zh="模型还写了 {count} 句材料里完全没有依据的话，没有显示。",
    en="Sentences that the model wrote without any support in the material, not shown: {count}.",
)
OTHER_LANGUAGE = Bilingual(
    zh="材料是另一种语言写的，下面的句子没法逐句核对，请对照后面的段落。",
    en="The material is in another language, so the sentences below could not be checked against it; compare the passages "
    "that follow.",
)
