"""A web page gives its article: text, tables, code and formulas; not what stands around it."""

from tutor.ingestion.load import load_bytes

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
