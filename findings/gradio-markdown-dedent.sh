#!/usr/bin/env bash
# gradio 6.31.0: the server side of gr.Markdown (and of a gr.Chatbot message given as a string) applies
# inspect.cleandoc, which takes away the indentation that all lines after the first share. Nested lists become flat
# and indented code becomes prose. A message given as {"type": "text"} is left alone.
# Exits 0 while this behaviour is as seen, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q gradio==6.31.0
"$folder/venv/bin/python" - <<'PY'
import sys

import gradio as gr

text = "Steps:\n    - outer\n        - inner"
as_markdown = gr.Markdown().postprocess(text)
chat = gr.Chatbot()
as_string = chat.postprocess([{"role": "assistant", "content": text}]).root[0].content[0].text
as_dict = chat.postprocess([{"role": "assistant", "content": {"type": "text", "text": text}}]).root[0].content[0].text
print("gradio", gr.__version__)
print("given            ", repr(text))
print("gr.Markdown      ", repr(as_markdown))
print("Chatbot, string  ", repr(as_string))
print("Chatbot, dict    ", repr(as_dict))
flat = "Steps:\n- outer\n    - inner"
is_as_seen = as_markdown == flat and as_string == flat and as_dict == text
print("as seen" if is_as_seen else "CHANGED")
sys.exit(not is_as_seen)
PY
# Seen (2026-11-30):
# gradio 6.31.0
# given             'Steps:\n    - outer\n        - inner'
# gr.Markdown       'Steps:\n- outer\n    - inner'
# Chatbot, string   'Steps:\n- outer\n    - inner'
# Chatbot, dict     'Steps:\n    - outer\n        - inner'
# as seen
