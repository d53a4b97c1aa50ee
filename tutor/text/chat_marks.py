"""Control marks of chat formats in text that a model reads as data: taken apart, so that no engine takes them for its own.

An engine reads a prompt with its template's marks and the marks of a passage alike; one `<|im_end|>` in a document ends
the turn that quotes it. A blank behind the first character is enough, and people still read what was written.
"""

import re

# Qwen, Llama 2 to 4, Mistral, Gemma, Phi, DeepSeek, Command R, ChatGLM, Granite, gpt-oss, Kimi, MiniCPM, Seed-OSS.
_ANGLES = (
    "s|bos|eos|pad|unk|sop|eop|start_of_turn|end_of_turn|start_of_image|end_of_image|image|audio|video|think|thinking"
    "|tool_call|tool_calls|tool_response|tool_result|tools|user|assistant|system|AI|用户|seed:\\w+|unused\\d+|[A-Z]+(?:_[A-Z]+)*_TOKEN|__\\w+__"
)
_SQUARES = (
    "INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|ARGS|CALL_ID|THINK|IMG|AUDIO|PREFIX|MIDDLE"
    "|SUFFIX|gMASK|sMASK"
)
_BARS = "|｜"  # DeepSeek's are full-width
_MARK = re.compile(
    rf"<(?=[{_BARS}][^\s<>])|<(?=/?[\w/]+[{_BARS}]>)|<(?=/?(?:{_ANGLES})>)|<(?=<?/?SYS>)|\[(?=/?(?:{_SQUARES})\])"
)


def defuse(text: str) -> str:
    """The text with each control mark taken apart: `<|im_end|>` becomes `< |im_end|>`. A second time changes nothing."""
    return _MARK.sub(lambda mark: f"{mark[0]} ", text)
