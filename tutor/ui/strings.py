"""Every label of the UI in both languages. Knows no component."""

from tutor.domain import Bilingual, Language

STRINGS: dict[str, Bilingual] = {
    "title": Bilingual("大模型面试导师", "LLM interview tutor"),
    "tagline": Bilingual(
        "回答有出处，评分有依据，全部在本机运行。", "Answers with proof, grades with reasons, all on this machine."
    ),
    "language": Bilingual("语言", "Language"),
    # tabs
    "tab_chat": Bilingual("问答", "Chat"),
    "tab_interview": Bilingual("模拟面试", "Interview"),
    "tab_library": Bilingual("资料库", "Library"),
    "tab_settings": Bilingual("设置", "Settings"),
    # chat
    "conversation": Bilingual("对话", "Conversation"),
    "chat_placeholder": Bilingual(
        "### 想弄懂哪个面试题？\n直接提问，或点下面的例子。每句话都能点开依据；材料里没有的，不会编造。",
        "### What would you like to understand?\nAsk, or pick an example below. Every sentence opens to its proof; what the "
        "material lacks is not made up.",
    ),
    "question": Bilingual("你的问题", "Your question"),
    "question_placeholder": Bilingual(
        "例如：KV Cache 为什么能加速推理？", "For example: why does a KV cache speed up decoding?"
    ),
    "send": Bilingual("发送", "Send"),
    "stop": Bilingual("停止", "Stop"),
    "examples": Bilingual("试试这些问题", "Try one of these"),
    "sessions": Bilingual("会话：切换、改名、导出、删除", "Sessions: switch, rename, export, delete"),
    "session": Bilingual("当前会话", "Current session"),
    "new_session": Bilingual("新会话", "New session"),
    "rename": Bilingual("改名", "Rename"),
    "new_name": Bilingual("新名称", "New name"),
    "delete": Bilingual("删除", "Delete"),
    "delete_confirm": Bilingual("再点一次确认删除", "Click again to delete"),
    "export_markdown": Bilingual("导出 Markdown", "Export Markdown"),
    "export_json": Bilingual("导出 JSON", "Export JSON"),
    "searching": Bilingual("正在检索…", "Searching…"),
    "found": Bilingual("找到的依据", "Passages found"),
    "writing": Bilingual("正在组织回答…", "Writing…"),
    "stopped": Bilingual("（已停止）", "(stopped)"),
    "citations": Bilingual("引用", "Citations"),
    "nearest": Bilingual("最接近的内容", "Nearest passages"),
    "unsupported": Bilingual("材料中没有依据", "not supported by the material"),
    "unsupported_note": Bilingual(
        "标有波浪线的句子在材料中没有依据，请勿当作事实。",
        "Underlined sentences have no support in the material; do not take them as facts.",
    ),
    "from_bank": Bilingual("题库答案", "From the question bank"),
    "answered_as": Bilingual("按这个问题回答", "Answered as"),
    "seconds": Bilingual("{0:.1f} 秒", "{0:.1f} s"),
    # interview
    "setup": Bilingual("新的模拟面试", "New mock interview"),
    "groups": Bilingual("主题（不选即全部）", "Topics (none means all)"),
    "levels": Bilingual("难度（不选即全部）", "Level (none means all)"),
    "level_1": Bilingual("基础", "Basic"),
    "level_2": Bilingual("进阶", "Solid"),
    "level_3": Bilingual("深入", "Deep"),
    "count": Bilingual("题数", "Questions"),
    "interview_language": Bilingual("面试语言", "Interview language"),
    "start": Bilingual("开始面试", "Start"),
    "resume": Bilingual("继续或查看以往的面试", "Go on with, or look at, an earlier interview"),
    "open": Bilingual("打开", "Open"),
    "ongoing": Bilingual("进行中", "in progress"),
    "finished": Bilingual("已结束", "finished"),
    "question_of": Bilingual("第 {0} / {1} 题", "Question {0} of {1}"),
    "follow_up": Bilingual("追问", "Follow-up"),
    "attempt": Bilingual("你的回答", "Your answer"),
    "attempt_placeholder": Bilingual(
        "像在面试里一样说：先给结论，再讲原理、代价和例子。",
        "As in an interview: the conclusion first, then why, at what cost, and an example.",
    ),
    "submit": Bilingual("提交回答", "Submit"),
    "skip": Bilingual("跳过", "Skip"),
    "hint": Bilingual("提示", "Hint"),
    "hint_n": Bilingual("提示 {0}", "Hint {0}"),
    "no_more_hints": Bilingual("没有更多提示了。", "There are no more hints."),
    "finish": Bilingual("结束并看报告", "Finish and see the report"),
    "grading": Bilingual("正在评分…", "Grading…"),
    "score": Bilingual("得分", "Score"),
    "band": Bilingual("可能范围 {0:.1f}–{1:.1f}", "likely {0:.1f}–{1:.1f}"),
    "key_point": Bilingual("得分点", "Key point"),
    "verdict": Bilingual("判定", "Verdict"),
    "your_words": Bilingual("你的原话", "Your words"),
    "covered": Bilingual("说到了", "covered"),
    "partial": Bilingual("部分说到", "partly"),
    "missed": Bilingual("没说到", "missed"),
    "contradicted": Bilingual("说反了", "contradicted"),
    "misconceptions": Bilingual("你说的里面有这些常见误解", "Common mistakes in what you said"),
    "correction": Bilingual("正确的是", "What is right"),
    "reference": Bilingual("参考答案与来源", "Reference answer and sources"),
    "last_grade": Bilingual("上一题的评分", "Grade of your last answer"),
    "report": Bilingual("面试报告", "Interview report"),
    "new_interview": Bilingual("再来一场", "Another interview"),
    "unsure": Bilingual("把握不大，仅供参考", "low certainty, take it as a hint"),
    # library
    "library_summary": Bilingual("共 {0} 份文档，{1} 段。", "{0} documents, {1} passages."),
    "filter": Bilingual("筛选文档", "Filter documents"),
    "document": Bilingual("文档", "Document"),
    "passages": Bilingual("段落", "Passages"),
    "origin": Bilingual("出处", "Origin"),
    "licence": Bilingual("许可", "Licence"),
    "upload": Bilingual(
        "添加文档（txt、md、html、pdf、docx，单个不超过 {0} MB）",
        "Add documents (txt, md, html, pdf, docx; up to {0} MB each)",
    ),
    "remove": Bilingual("从资料库移除", "Remove from the library"),
    "remove_refused": Bilingual(
        "这份文档随程序附带，或来自别的文件夹，不能在这里移除。",
        "This document ships with the tutor or lives in another folder, so it cannot be removed here.",
    ),
    "removed": Bilingual("已移除：{0}", "Removed: {0}"),
    "refresh": Bilingual("刷新", "Refresh"),
    "ingesting": Bilingual("正在处理…", "Working…"),
    # settings
    "models": Bilingual("模型", "Models"),
    "model": Bilingual("名称", "Name"),
    "size": Bilingual("大小", "Size"),
    "context": Bilingual("上下文", "Context"),
    "state": Bilingual("状态", "State"),
    "present": Bilingual("已下载", "downloaded"),
    "absent": Bilingual("未下载", "not downloaded"),
    "bundled": Bilingual("随包附带", "bundled"),
    "in_use": Bilingual("使用中", "in use"),
    "current_settings": Bilingual("当前设置", "Current settings"),
    "settings_hint": Bilingual(
        "改设置：写进 {0}，或设同名的 TUTOR_* 环境变量，然后重启。",
        "To change a setting, write it into {0} or set its TUTOR_* variable, then restart.",
    ),
    "doctor": Bilingual("运行体检", "Run the doctor"),
    "doctor_intro": Bilingual(
        "逐项检查环境、权重、索引和引擎，大约需要 10 秒。",
        "Checks environment, weights, index and engine, one by one; takes about ten seconds.",
    ),
    "next_step": Bilingual("下一步", "Next step"),
    # calculations
    "calc_tab": Bilingual("计算", "Calculations"),
    "calc_drill_part": Bilingual("计算题练习", "Drill"),
    "calc_tool_part": Bilingual("计算器", "Calculator"),
    "calc_formula": Bilingual("公式", "Formula"),
    "calc_model": Bilingual("用模型卡填入", "Fill in from a model"),
    "calc_gpu": Bilingual("用 GPU 卡填入", "Fill in from a GPU"),
    "calc_run": Bilingual("计算", "Compute"),
    "calc_sweep": Bilingual("变动的参数", "Parameter to vary"),
    "calc_slider": Bilingual("拖动来改变它", "Drag to change it"),
    "calc_plot": Bilingual("随这个参数怎么变", "How it changes with this parameter"),
    "calc_explain": Bilingual("这个数是怎么来的", "Explain this number"),
    "calc_result": Bilingual("结果", "Result"),
    "calc_error": Bilingual("算不了：{0}", "Cannot compute: {0}"),
    "drill_kind": Bilingual("题型", "Kind"),
    "drill_any": Bilingual("不限", "any"),
    "drill_level": Bilingual("难度", "Level"),
    "drill_new": Bilingual("出一道题", "New drill"),
    "drill_answer": Bilingual("你的答案（数和单位）", "Your answer (number and unit)"),
    "drill_answer_placeholder": Bilingual(
        "例如 4.3 GB、约40天、1.2e23 FLOPs", "For example 4.3 GB, 40 days, 1.2e23 FLOPs"
    ),
    "drill_check": Bilingual("检查", "Check"),
    "drill_solution": Bilingual("看完整解答", "Show the solution"),
    "drill_none": Bilingual("先出一道题。", "Ask for a drill first."),
    "drill_no_such": Bilingual(
        "这个题型不在所选难度里，已按题型出题。", "This kind is of another level; the kind decided."
    ),
    "drill_right": Bilingual("答案是 {0}", "The answer is {0}"),
    # errors, by kind; the detail follows
    "error": Bilingual("出了点问题", "Something went wrong"),
    "error_model": Bilingual("语言模型不可用", "The language model is not available"),
    "error_index": Bilingual("索引不可用", "The index is not available"),
    "error_history": Bilingual("学习记录出错", "A problem with the history"),
    "error_document": Bilingual("文档无法读取", "The document cannot be read"),
    "error_interview": Bilingual("面试无法进行", "The interview cannot go on"),
    "error_bank": Bilingual("题库出错", "A problem with the question bank"),
    "unexpected": Bilingual(
        "程序出现意外错误，已记入日志：{0}。你输入的内容没有丢失。",
        "An unexpected error; it is in the log: {0}. Nothing you typed is lost.",
    ),
    "empty_attempt": Bilingual("先写下你的回答，或点“跳过”。", "Write your answer first, or press Skip."),
    "no_session": Bilingual("还没有会话。", "No session yet."),
}

EXAMPLES: dict[Language, tuple[str, ...]] = {
    "zh": (
        "KV Cache 的原理是什么？",
        "为什么要除以根号 d_k？",
        "LoRA 和全量微调有什么区别？",
        "怎么估算训练一个模型要多久？",
    ),
    "en": (
        "How does a KV cache work?",
        "Why divide by the square root of d_k?",
        "LoRA or full fine-tuning: what differs?",
        "How do I estimate training time?",
    ),
}


def say(key: str, language: Language, *values: object) -> str:
    """The string of `key`, with `values` filled in."""
    text = STRINGS[key].in_language(language)
    return text.format(*values) if values else text
