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
EMPTY = Bilingual(zh="请先输入一个问题。", en="Please type a question first.")
LEFT_OUT = Bilingual(
    zh="写这个回答时只用了找到的 {found} 段中的 {used} 段；放不下、没有用上的：{titles}。",
    en="Written from {used} of the {found} passages found; left out because they did not fit: {titles}.",
)
SHORTENED = Bilingual(
    zh="最相关的一段太长，只用了它的开头部分。", en="The best passage is too long; only its beginning was used."
)
