"""A web page gives its article: text, tables, code and formulas; not what stands around it."""

import time
import warnings

import pytest

from tutor.ingestion.load import load_bytes
from tutor.ingestion.pipeline import read_document


def lines(body: str, name: str = "a.html") -> list[str]:
    """Lines with text of a page with that body."""
    page = f'<html><head><meta charset="utf-8"><title>Page</title></head><body>{body}</body></html>'
    return [line for line in load_bytes(page.encode(), name).text.split("\n") if line.strip()]


def passages(body: str) -> list[str]:
    page = f'<html><head><meta charset="utf-8"><title>Page</title></head><body>{body}</body></html>'
    return [passage.text for passage in read_document(page.encode(), "a.html", "file:1", "0", "a.html")[1]]


PAGE = """<!DOCTYPE html><html><head><title>RoPE explained - Some Site</title><meta charset="utf-8">
<style>p {color: red}</style><script>var tracking = 1;</script></head><body class="has-sidebar menu-open">
<header><a href="/">Some Site</a></header>
<nav><ul><li><a href="/a">Home</a></li><li><a href="/b">Topics</a></li></ul></nav>
<main><article>
<h1>RoPE explained</h1>
<div class="post-meta share-row"><a href="#">Tweet</a> <a href="#">Like</a></div>
<ul class="toc"><li><a href="#how">How it rotates</a></li><li><a href="#cost">Cost</a></li></ul>
<p>Queries and keys are <b>rotated</b> by an angle that grows with their position, see <a href="https://arxiv.org/abs/2104.09864">the paper</a>.</p>
<h2 id="how">How it rotates</h2>
<p>The scores use x<sup>2</sup> and d<sub>k</sub>, written
<span class="katex"><span class="katex-mathml"><math><semantics><mrow><mi>d</mi></mrow>
<annotation encoding="application/x-tex">\\sqrt{d_k}</annotation></semantics></math></span><span class="katex-html" aria-hidden="true">d k</span></span>.</p>
<pre><code class="language-python">def rotate(x):
    return x  # half of it
</code></pre>
<table><tr><th>kind</th><th>extra parameters</th></tr><tr><td>RoPE</td><td>none</td></tr></table>
<ol><li>rotate queries<ul><li>in pairs</li></ul></li><li>rotate keys</li></ol>
<p><img src="x.png" alt="图片描述"> Tools:</p>
<ul><li><a href="https://github.com/a/one">one</a></li><li><a href="https://github.com/b/two">two</a></li><li><a href="https://github.com/c/three">three</a></li></ul>
<h2 id="cost">Cost</h2><p>Two multiplications an element.</p>
<aside>Buy our course</aside>
<div id="comments"><p>Great post!</p></div>
<ul><li><a href="/p/1">Ten hotels</a></li><li><a href="/p/2">Best soups</a></li><li><a href="/p/3">Cheap flights</a></li></ul>
</article></main>
<footer>© 2025 Some Site</footer></body></html>"""


def test_the_article_is_kept_and_what_stands_around_it_dropped() -> None:
    loaded = load_bytes(PAGE.encode(), "rope.html")
    assert loaded.title == "RoPE explained"
    assert [line for line in loaded.text.split("\n") if line.strip()] == [
        "# RoPE explained",
        "Queries and keys are rotated by an angle that grows with their position, see the paper.",
        "## How it rotates",
        "The scores use x^2 and d_k, written $\\sqrt{d_k}$.",
        "```python",
        "def rotate(x):",
        "    return x  # half of it",
        "```",
        "| kind | extra parameters |",
        "| --- | --- |",
        "| RoPE | none |",
        "1. rotate queries",
        "   - in pairs",
        "2. rotate keys",
        "Tools:",
        "- one",
        "- two",
        "- three",
        "## Cost",
        "Two multiplications an element.",
    ]


def test_a_page_without_article_falls_back_to_its_body() -> None:
    page = "<html><head><title>Notes | Blog</title></head><body><div class='content'><p>Only text here.</p></div></body></html>"
    loaded = load_bytes(page.encode(), "notes.htm")
    assert (loaded.text, loaded.title) == ("Only text here.", "Notes")


def test_a_teaser_article_is_not_taken_for_the_page() -> None:
    teasers = "".join(f"<article><h3>Teaser {n}</h3></article>" for n in range(3))
    text = "<p>The long text of the page is outside of any article, in plain paragraphs.</p>" * 5
    assert "long text of the page" in load_bytes(f"<html><body>{text}{teasers}</body></html>".encode(), "a.html").text


def test_a_declared_chinese_encoding_is_respected() -> None:
    page = '<html><head><meta charset="gb2312"><title>键值缓存</title></head><body><p>缓存保存历史词元的键和值。</p></body></html>'
    loaded = load_bytes(page.encode("gb18030"), "a.html")
    assert (loaded.text, loaded.title) == ("缓存保存历史词元的键和值。", "键值缓存")


def test_mathjax_sources_and_formula_images_become_tex() -> None:
    page = (
        '<html><body><p>Loss <script type="math/tex">-\\log p</script> and <img class="Formula" alt="a^2+b_1" src="/equation?tex=a">.</p>'
        '<script type="math/tex; mode=display">x = 1</script></body></html>'
    )
    lines = [line for line in load_bytes(page.encode(), "a.html").text.split("\n") if line]
    assert lines == ["Loss $-\\log p$ and $a^2+b_1$.", "$$", "x = 1", "$$"]


def test_code_loses_its_line_numbers() -> None:
    table = (
        '<html><body><p>Code:</p><table><tr><td class="gutter"><pre>1\n2</pre></td>'
        '<td class="code"><pre>a = 1\n    b = 2  # indented</pre></td></tr></table>'
        '<pre class="prettyprint"><ol class="linenums"><li>x = 1</li><li>  y = 2</li></ol></pre></body></html>'
    )
    text = load_bytes(table.encode(), "a.html").text
    assert "```\na = 1\n    b = 2  # indented\n```" in text
    assert "```\nx = 1\n  y = 2\n```" in text


def test_an_index_page_of_questions_is_content() -> None:
    items = "".join(f'<li><a href="/q/{n}">What is question {n}?</a></li>' for n in range(5))
    text = load_bytes(f"<html><body><h1>Questions</h1><ul>{items}</ul></body></html>".encode(), "a.html").text
    assert text.count("What is question") == 5


def test_a_hidden_answer_is_still_an_answer() -> None:
    page = "<html><body><p>What is AUC?</p><details><summary>Show</summary><div style='display:none'>Ranking quality.</div></details></body></html>"
    assert "Ranking quality." in load_bytes(page.encode(), "a.html").text


def test_markdown_loses_front_matter_badges_images_and_link_targets_but_not_code() -> None:
    text = (
        '---\ntitle: "Serving notes"\ntags: [a]\n---\n# Heading\n\n[![ci](x.svg)](y) ![](a.png) <br>\n\n'
        "See [vLLM](https://example.org/v(1)) and [DPO][1]. <!-- hidden -->\n\nSetext\n---\n\n"
        "```html\n<div>![kept](x)</div>\n```\n\n[1]: https://example.org\n"
    )
    loaded = load_bytes(text.encode(), "a.md")
    assert loaded.title == "Serving notes"
    assert "See vLLM and [DPO][1]." in loaded.text
    assert "## Setext" in loaded.text
    assert "<div>![kept](x)</div>" in loaded.text
    assert not any(part in loaded.text for part in ("tags:", "ci", "a.png", "hidden", "https://", "<br>"))


# --- formulas, as sites keep them


@pytest.mark.parametrize(
    ("formula", "latex"),
    [
        (
            '<span class="ztext-math" data-eeimg="1" data-tex="\\frac{a}{b}"><span class="MathJax_SVG">ab</span></span>',
            "\\frac{a}{b}",
        ),
        ('<img src="https://www.zhihu.com/equation?tex=n" alt="n" eeimg="1">', "n"),
        ('<img class="equation" src="https://juejin.cn/equation?tex=%5Clambda%20x" alt="">', "\\lambda x"),
        (
            '<span class="katex--inline"><span class="katex"><span class="katex-mathml">\n  x\n  i\n\n   \n    x_i\n  </span><span class="katex-html">xi</span></span></span>',
            "x_i",
        ),
        ('<span class="span-inline-equation" data-formula="W_0 + BA"><svg><g></g></svg></span>', "W_0 + BA"),
        ('<span class="ql-formula" data-value="\\pi_\\theta">pi</span>', "\\pi_\\theta"),
        ('<math alttext="{\\displaystyle e^{x}}"><mi>e</mi></math>', "e^{x}"),
        ("<math><msup><mi>x</mi><mn>2</mn></msup><mo>+</mo><msub><mi>d</mi><mi>k</mi></msub></math>", "x^2+d_k"),
        (
            "<math><mfrac><mrow><mi>Q</mi><msup><mi>K</mi><mi>T</mi></msup></mrow><msqrt><msub><mi>d</mi><mi>k</mi></msub></msqrt></mfrac></math>",
            "\\frac{QK^T}{\\sqrt{d_k}}",
        ),
        (
            "<math><munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mi>log</mi><mover><mi>y</mi><mo>^</mo></mover></math>",
            "\\sum_{i=1}^n\\log \\hat{y}",
        ),
        (
            '<mjx-container><mjx-math aria-hidden="true">z</mjx-math><mjx-assistive-mml><math><msub><mi>z</mi><mn>1</mn></msub></math></mjx-assistive-mml></mjx-container>',
            "z_1",
        ),
        ('<img src="x.svg" alt="$\\alpha$">', "\\alpha"),
    ],
)
def test_a_formula_is_read_from_where_the_page_keeps_it(formula: str, latex: str) -> None:
    assert lines(f"<p>Let {formula} be given.</p>") == [f"Let ${latex}$ be given."]


def test_pictures_that_only_look_like_formulas_are_not() -> None:
    assert lines('<p>See <img src="/math/cover.png" alt="A cover of the book on mathematics"> here.</p>') == [
        "See A cover of the book on mathematics here."
    ]


# --- tables, lists, titles


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("<tr><td>fp16</td><td>5</td></tr><tr><td>bf16</td><td>8</td></tr>", ["|  |  |", "| fp16 | 5 |", "| bf16 | 8 |"]),
        ("<tr><td>name</td><td>bits</td></tr><tr><td>bf16</td><td>8</td></tr>", ["| name | bits |", "| bf16 | 8 |"]),
        ("<tr><td><b>名称</b></td><td><b>用途</b></td></tr><tr><td>DPO</td><td>对齐</td></tr>", ["| 名称 | 用途 |", "| DPO | 对齐 |"]),
        ("<tr><th>a</th><th>b</th></tr><tr><td rowspan='2'>x</td><td>1</td></tr><tr><td>2</td></tr>", ["| a | b |", "| x | 1 |", "| x | 2 |"]),
        ("<tr><th>a</th><th>b</th></tr><tr><td><p>one</p><p>two</p></td><td><ul><li>i</li><li>j</li></ul></td></tr>", ["| a | b |", "| one two | i; j |"]),
        ("<tr><td><section>法</section></td><td><section>倍</section></td></tr><tr><td>a</td><td>2</td></tr>", ["| 法 | 倍 |", "| a | 2 |"]),
        ("<tr><th>a</th><th>b</th></tr><tr><td>x</td><td><table><tr><td>p</td><td>q</td></tr></table></td></tr>", ["| a | b |", "| x | p, q |"]),
    ],
)  # fmt: skip
def test_a_row_of_a_table_stays_a_row(table: str, rows: list[str]) -> None:
    found = lines(f"<p>Table:</p><table>{table}</table>")[1:]
    assert [found[0], *found[2:]] == rows


def test_a_table_that_lays_out_a_page_is_read_cell_by_cell() -> None:
    body = "<table><tr><td><h2>One</h2><p>First.</p></td><td><h2>Two</h2><pre>x = 1\ny = 2</pre></td></tr></table>"
    assert lines(body) == ["## One", "First.", "## Two", "```", "x = 1", "y = 2", "```"]


def test_the_caption_stands_over_its_table() -> None:
    assert (
        lines("<table><caption>Costs</caption><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>")[0]
        == "Costs"
    )


@pytest.mark.parametrize(
    "body",
    [
        "<div class=faq-item><button aria-expanded=false>What is a token?</button><div>A piece of text.</div></div>"
        "<div class=faq-item><button aria-expanded=false>What is a logit?</button><div>A score.</div></div>",
        "<details><summary>What is a token?</summary>A piece of text.</details><details><summary>What is a logit?</summary>A score.</details>",
        "<dl><dt>What is a token?</dt><dd>A piece of text.</dd><dt>What is a logit?</dt><dd>A score.</dd></dl>",
        "<div role=heading aria-level=3>What is a token?</div><p>A piece of text.</p><div role=heading aria-level=3>What is a logit?</div><p>A score.</p>",
        '<h3>What is a token?</h3><button>Show answer</button><div hidden>A piece of text.</div><h3>What is a logit?</h3><div class="collapse">A score.</div>',
        '<a data-toggle=collapse href="#a">What is a token?</a><div id=a>A piece of text.</div><a data-toggle=collapse href="#b">What is a logit?</a><div id=b>A score.</div>',
        "<form><fieldset><legend>What is a token?</legend><label><input type=radio>A piece of text.</label></fieldset><fieldset><legend>What is a logit?</legend>A score.</fieldset></form>",
        "<p><strong>问：What is a token?</strong><br>答：A piece of text.<br><strong>问：What is a logit?</strong><br>答：A score.</p>",
    ],
)  # fmt: skip
def test_a_question_stays_with_its_answer_whatever_opens_it(body: str) -> None:
    found = [
        " ".join(text.split()) for text in passages(f"<h1>Words</h1><div>{body}</div><p><button>Share</button></p>")
    ]
    assert found == ["What is a token? A piece of text.", "What is a logit? A score."]


def test_toggles_and_definitions_that_ask_nothing_keep_their_titles() -> None:
    body = "<details><summary>Warm-up</summary><p>Raises it.</p></details><dl><dt>词元</dt><dd>文本的一段</dd></dl>"
    assert lines(body) == ["**Warm-up**", "Raises it.", "词元: 文本的一段"]


def test_raised_text_is_told_by_its_style_too() -> None:
    body = "<p>2<span style='vertical-align: super; font-size: 8px'>-k</span> and x<font style='vertical-align:sub'>t</font></p>"
    assert lines(body) == ["2^{-k} and x_t"]


def test_inline_marks_that_carry_meaning_stay() -> None:
    body = (
        "<h2>剪枝<a class=headerlink href='#p'>¶</a></h2><p>大模型\n的<kbd>Tab</kbd>键，<del>没有延迟</del>，<ruby>注意<rt>zhùyì</rt></ruby>，"
        "a <q>b</q> &lt;eos&gt;</p>"
    )
    assert lines(body) == ["## 剪枝", "大模型的`Tab`键，~~没有延迟~~，注意(zhùyì)，a “b” <eos>"]


# --- code


@pytest.mark.parametrize(
    "code",
    [
        "<section><ul class='code-snippet__line-index'><li></li><li></li></ul><pre data-lang='python'><code><span>def f():</span></code><code><span>    return 1</span></code></pre></section>",
        "<pre><code class='hljs language-python'><ol class='hljs-ln'><li><div class='hljs-ln-numbers'>1</div><div class='hljs-ln-code'>def f():</div></li><li><div class='hljs-ln-numbers'>2</div><div class='hljs-ln-code'>    return 1</div></li></ol></code></pre>",
        "<pre class='python'><code class='language-python'>def f():\n    return 1\n</code><ul class='pre-numbering'><li>1</li><li>2</li></ul></pre>",
        "<pre><code class='language-python'><span class='code-copy'>复制代码</span><span class='linenos'>1</span>def f():<br><span class='linenos'>2</span>&nbsp;&nbsp;&nbsp;&nbsp;return 1</code></pre>",
        "<table class='highlight'><tr><td class='blob-num'>1</td><td class='blob-code'>def f():</td></tr><tr><td class='blob-num'>2</td><td class='blob-code'>    return 1</td></tr></table>",
        "<div class='highlight highlight-source-python'><pre><span>def</span> f():\n    return 1</pre></div>",
        "<div class='highlight'><code class='language-python'>def f():\n    return 1</code></div>",
        "<ol class='linenums'><li><code>def f():</code></li><li><code>&nbsp;&nbsp;&nbsp;&nbsp;return 1</code></li></ol>",
        "<div style='font-family: Consolas; white-space: pre'>def f():\n    return 1</div>",
        "<pre><div class='line'>def f():</div><div class='line'>    return 1</div></pre>",
    ],
)  # fmt: skip
def test_code_is_its_lines_and_nothing_else(code: str) -> None:
    found = "\n".join(lines(f"<p>Code:</p>{code}"))
    assert found.replace("```python", "```") == "Code:\n```\ndef f():\n    return 1\n```"


def test_numbers_in_front_of_every_line_are_no_code() -> None:
    assert lines("<pre>1 a = 1\n2 if a:\n3     b = 2</pre>") == ["```", "a = 1", "if a:", "    b = 2", "```"]


# --- what is chrome


@pytest.mark.parametrize(
    "section",
    [
        '<section id="reward-model"><h2>Reward model</h2><p>KEPT, because it says what it learns.</p></section>',
        '<section id="reward"><h2>Reward</h2><p>KEPT, because it says what it learns.</p></section>',
        '<div id="tags-and-slots"><h3>槽位</h3><p>KEPT 这里是正文，说明如何标注。</p></div>',
        '<section class="section" id="cookies-in-agents"><h2>Cookies in agents</h2><p>KEPT, a browser agent needs them.</p></section>',
        '<div id="cross-modal-overlay"><p>KEPT, images and text share a space.</p></div>',
        '<aside class="callout"><p>KEPT, a note of the author.</p></aside>',
        "<article><aside><p>KEPT：旁注也是作者写的。</p></aside></article>",
        "<article><footer><p>KEPT: what follows from all this.</p></footer></article>",
    ],
)
def test_a_section_is_not_dropped_for_its_own_name(section: str) -> None:
    text = (
        "<p>The article says much more than that in its other sections, which are about training and serving.</p>" * 2
    )
    assert any("KEPT" in line for line in lines(f"<main><h1>Notes</h1>{text}{section}</main>"))


@pytest.mark.parametrize(
    "box",
    [
        '<div id="comments"><h3>3 条评论</h3><p>GONE，写得真好，谢谢作者。</p></div>',
        '<section class="related-posts"><h2>Related posts</h2><p>GONE, another article.</p></section>',
        '<div class="sidebar-box"><h3>About me</h3><p>GONE, I live in a town.</p></div>',
        '<div class="recommend-list"><h4><a href="/p/1">GONE title</a></h4><p>Its first lines.</p></div>',
        '<div id="newsletter-box"><h3>Stay in touch</h3><p>GONE, once a week.</p><form><input type="email"></form></div>',
        "<form><textarea>GONE</textarea></form>",
        "<button class='menu-toggle' aria-expanded='false'>Menu</button><button>GONE</button>",
        "<aside><p>GONE, buy this.</p></aside>",
        '<div class="AuthorInfo"><a class="UserLink-link">GONE</a><div>GONE at work</div></div>',
        '<div class="search-results"><h1>GONE results matching</h1></div>',
    ],
)
def test_a_box_of_chrome_goes(box: str) -> None:
    text = (
        "<p>The article says much more than that in its other sections, which are about training and serving.</p>" * 3
    )
    assert not any("GONE" in line or "Menu" in line for line in lines(f"<main><h1>Notes</h1>{text}{box}</main>"))


def test_the_text_of_a_site_is_taken_from_where_the_site_puts_it() -> None:
    cards = "<p>另一篇文章的摘要，与本文没有任何关系，只是推荐。</p>" * 40
    article = "<p>键值缓存按块存放，块表把逻辑位置映射到物理位置，因此显存不再需要连续，碎片很少，吞吐量上升，长短不一的请求也能放进同一批。</p>"
    assert lines(f'<div id="content_views">{article}</div><div>{cards}</div>') == [article[3:-4]]


def test_thousands_of_boxes_headings_and_cells_cost_no_time() -> None:
    boxes = "".join(f'<div class="share-x" id="tags-{n}"><h2>T{n}</h2><p>Text {n}</p></div>' for n in range(2_000))
    cells = "".join(f"<tr><td rowspan=9>{n}</td><td colspan=3>c</td><td>d</td></tr>" for n in range(2_000))
    started = time.process_time()
    assert "Text 1999" in lines(f"{boxes}<table>{cells}</table>")
    assert time.process_time() - started < 20


@pytest.mark.parametrize("name", ["a.htm", "a.xhtml"])
def test_a_page_is_read_whatever_its_suffix(name: str) -> None:
    page = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body><p>Text</p></body></html>'
    with warnings.catch_warnings(record=True) as told:
        assert load_bytes(page.encode(), name).text == "Text"
    assert not told
