"""Pages as a reader would save them from sites of other make than the seeds; all text is written for these tests.

Each page comes with lines (or parts of lines) that must go and that must stay.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class SavedPage:
    text: str
    go: tuple[str, ...]
    stay: tuple[str, ...]


CHINESE_BLOG = SavedPage(
    text="""首页 博客 下载 学习 社区 GitCode
搜索
登录/注册
您的位置：首页 > 人工智能 > 正文

投机解码入门：让大模型一次多吐几个词

原创 小林同学 最新推荐文章于 2025-03-18 09:30:00 发布
阅读量1.3w 收藏 86 点赞数 42
分类专栏： 大模型推理 文章标签： 人工智能 推理加速
版权声明：本文为博主原创文章，遵循 CC 4.0 BY-SA 版权协议，转载请附上原文出处链接和本声明。

本文目录
一、为什么逐词生成慢
二、草稿与验证
三、什么时候不划算

一、为什么逐词生成慢

解码时每生成一个词都要把全部权重从显存读一遍，算力大半闲着，瓶颈在带宽。

二、草稿与验证

小模型先猜几个词，大模型一次前向把它们全部核对，接受最长的正确前缀。
接受率越高，加速越明显。

三、什么时候不划算

批量很大时算力已经吃满，验证不再是免费的。

如果觉得有帮助，欢迎点赞、收藏、关注，我们下期再见！
想要全套学习资料的小伙伴，扫描下方二维码加微信领取，限时免费！
内部题库涵盖大厂真题，助你轻松上岸。

点赞 42
收藏 86
评论 7
分享
打赏
举报
关注公众号，回复“解码”获取源码

上一篇：显存不够怎么办
下一篇：分布式训练入门

相关推荐
Vue3 组件通信的八种方式
3天前
1203 15
手把手教你搭建个人博客
上周末折腾了一下服务器，把过程记录下来，希望对刚入门的同学有点用处。
560 3

最新评论
路人甲: 写得真好，学到了
2楼
请先登录后发表评论
Copyright © 2019-2025 某某科技 京ICP备12345678号-1
""",
    go=("GitCode", "登录/注册", "您的位置", "最新推荐文章于", "阅读量", "分类专栏", "CC 4.0", "本文目录", "下期再见", "二维码", "内部题库",
        "收藏 86", "举报", "获取源码", "上一篇", "下一篇", "Vue3", "个人博客", "折腾了一下", "560 3", "路人甲", "发表评论", "ICP备"),
    stay=("投机解码入门", "一、为什么逐词生成慢", "瓶颈在带宽", "最长的正确前缀", "接受率越高", "三、什么时候不划算", "验证不再是免费的"),
)  # fmt: skip

ENGLISH_BLOG = SavedPage(
    text="""Skip to content
Home
About
Blog
Contact
Home » Machine Learning » Serving

Continuous batching, explained

Posted on March 3, 2025 by Dana
7 min read

Table of Contents
Why static batches waste time
What the scheduler does
Limits

Why static batches waste time

A static batch ends when its longest sequence ends. Short answers wait, padded, and the GPU computes nothing of use for them.

ADVERTISEMENT

What the scheduler does

After every decoding step it drops finished sequences and admits waiting ones, so the batch stays full.

- Memory for the keys and values is the real limit.
- A long prompt may be cut into chunks, so that others are not held up.

Limits

Latency of one request grows with the load.

Share this:
Click to share on Twitter
Facebook
LinkedIn
Copy link

Like this:
Like Loading...

If you enjoyed this post, please share it and subscribe for more!
Sign up for my newsletter and get a free PDF of 100 interview questions.

Related Posts
How to tidy a wardrobe
May 2, 2021
Ten pasta recipes for busy people
Read more
The best hikes near Lisbon
June 7, 2022

3 thoughts on “Continuous batching, explained”

Leave a Reply
Your email address will not be published. Required fields are marked *
Comment *
Name *
Email *
Website
Save my name, email, and website in this browser for the next time I comment.
Post Comment
We use cookies to ensure that we give you the best experience on our website.
Accept all
© 2025 Dana's notes. All rights reserved.
Proudly powered by WordPress
""",
    go=("Skip to content", "About", "Home »", "Posted on", "7 min read", "Table of Contents", "ADVERTISEMENT", "Share this",
        "Twitter", "Copy link", "Like Loading", "If you enjoyed", "newsletter", "wardrobe", "pasta", "Read more", "Lisbon",
        "3 thoughts", "Leave a Reply", "email address", "Name *", "Save my name", "cookies", "Accept all", "©", "WordPress"),
    stay=("Continuous batching, explained", "Why static batches waste time", "Short answers wait", "drops finished sequences",
          "Memory for the keys", "cut into chunks", "Limits", "Latency of one request"),
)  # fmt: skip

CHINESE_QA_SITE = SavedPage(
    text="""面试宝典 > 大模型 > 题目列表
问题1：什么是温度采样？
显示答案
答：把 logits 除以温度再做 softmax。温度越低，分布越尖。
3 条评论
分享
举报
问题2：Top-p 与 Top-k 有什么不同？
显示答案
答：Top-k 固定候选个数；Top-p 取累计概率刚好超过 p 的最小集合，个数随分布变化。
暂无评论
分享
举报
问题3：推荐系统里如何用大模型做召回？
显示答案
答：用文本向量补充协同过滤，冷启动物品尤其受益。用户关注的内容、评论与收藏都可以写进画像。
猜你喜欢
前端八股文大全
数据库面试突击
友情链接
某某招聘网
""",
    go=(
        "显示答案",
        "3 条评论",
        "暂无评论",
        "举报",
        "猜你喜欢",
        "前端八股文",
        "数据库面试突击",
        "友情链接",
        "某某招聘网",
    ),
    stay=(
        "什么是温度采样",
        "分布越尖",
        "Top-p 与 Top-k",
        "最小集合",
        "推荐系统里",
        "冷启动物品",
        "评论与收藏都可以写进画像",
    ),
)

FLASHCARDS = SavedPage(
    text="""Sign in | Sign up | Pricing | Help
Deck: decoding strategies

What is greedy decoding?

0:14
Greedy decoding takes the most likely token at every step and never looks back.

What does beam search keep?

0:19
It keeps the few best partial sequences and extends each of them.

Why can sampling help?

0:21
Always taking the likeliest token tends to loop; sampling breaks the loop at the price of some risk.

You might also like
Flashcards: Roman history
Flashcards: Organic chemistry
""",
    go=("Pricing", "0:14", "0:21", "You might also like", "Roman history", "chemistry"),
    stay=("What is greedy decoding?", "never looks back", "beam search", "extends each of them", "breaks the loop"),
)

SAVED_PAGES = {
    "chinese blog": CHINESE_BLOG,
    "english blog": ENGLISH_BLOG,
    "chinese question site": CHINESE_QA_SITE,
    "flashcards": FLASHCARDS,
}

# --- content that looks like chrome

PROJECT_LIST = """# 值得一读的开源项目

下面这些项目适合面试前动手跑一遍。

- vLLM：PagedAttention 与连续批处理的参考实现 https://github.com/vllm-project/vllm
- llama.cpp：纯 C/C++ 推理，量化格式丰富 https://github.com/ggml-org/llama.cpp
- DeepSpeed：ZeRO 系列显存优化
- Megatron-LM：张量并行与流水线并行
- PEFT：LoRA 等参数高效微调方法
"""

TOPIC_LIST = """Topics to revise

Optimisation
- Adam and its bias correction
- Warm-up and cosine schedules
- Gradient clipping

Serving
- Search
- Pricing
- Batching
- Support for long prompts

Product sense
- Share of tokens spent on retries
- Follow-up questions
- Reply length
"""

QUESTION_LIST = """面试官最常问的五个问题

1. 自我介绍
2. 你最近读了哪篇论文？
3. 评论一下你上一个项目的取舍
4. 如何估算一次训练的开销？
5. 你有什么想问我们的？
"""

READING_LIST = """Notes on alignment

Preference data beats instructions once the model follows instructions at all.

Further reading

- Ouyang et al., Training language models to follow instructions with human feedback, 2022
- Rafailov et al., Direct Preference Optimization, 2023
- Schulman et al., Proximal Policy Optimization Algorithms, 2017

Related work

DPO removes the reward model; PPO keeps it and samples from the policy.
"""

DESIGN_NOTES = """设计一个评论区智能回复系统

登录用户的评论进入队列，先过安全分类，再决定是否生成回复。
分享与收藏只作为排序特征，不触发生成。
关注作者的用户优先得到回复。
二维码图片先走 OCR，再送入同一条链路。

相关内容的召回

用向量检索取回同一主题下的旧评论，让回复前后一致。这里的难点是时效：热点一天之内就会变化，索引必须能增量更新，而且删除要及时生效。

隐私政策要求

评论里的手机号与邮箱必须在入库前脱敏。
"""

CONTENT_LIKE_CHROME = {
    "a list of open-source projects": PROJECT_LIST,
    "a bare topic list": TOPIC_LIST,
    "a short question list": QUESTION_LIST,
    "a reading list": READING_LIST,
    "a design about comments and sharing": DESIGN_NOTES,
}

FEEDBACK_NOTES = """# 推荐系统里的反馈信号

点赞、收藏、转发是显式反馈，停留时长是隐式反馈，二者要分开建模。
如何把点赞、收藏、评论放进一个多任务模型？
用户扫码关注公众号后，事件写入日志，再触发召回。
登录后先加载用户画像，再排序。
分享到每个任务的底层参数由全部样本更新。

常见行为：

- 点赞
- 收藏
- 分享
- 关注

| 行为 | 点赞 | 收藏 | 分享 |
| --- | --- | --- | --- |
| 权重 | 1 | 2 | 4 |

版权所有者可以要求把作品移出训练集。
版权归属不清的语料要先过滤。
模型输出可能侵权，相关样本应当删除并处理。
免责声明应写进系统提示，而不是放在回答末尾。
"""

ENGLISH_FEEDBACK_NOTES = """# Signals of a feed

If you like a post, the model shares its embedding with similar users and follows their clicks.
Share with the decoder the same embedding matrix.
Share this head between both tasks.
Subscribe to a topic and the broker pushes its updates to every consumer.
Don't forget to follow the chain rule through the share of the gate.
A Telegram bot must download the file before the model reads it.
Please consider how a star topology would support this.
Copyright filters look for "All rights reserved" in crawled pages.

The events are:

- like
- share
- follow
- comment
"""

SHORT_GLOSSARY = """分类：给一段文本一个固定的标签。
来源：检索到的文档，每条引用都要能点开。
标签：监督学习里的目标值；可以由人或模型给出。
Author: the agent that writes the draft, as opposed to the critic.
"""

CONTENT_LIKE_CHROME |= {
    "signals of a recommender": FEEDBACK_NOTES,
    "signals of a feed": ENGLISH_FEEDBACK_NOTES,
    "a glossary of words that pages use as labels": SHORT_GLOSSARY,
}

PLEAS = """什么是蒸馏？

小模型学大模型的输出分布。

觉得有用的话，点赞、在看、转发支持一下吧！
大家好，点击上方蓝字关注我们，星标置顶，好文第一时间送达！
点赞、收藏、转发三连，是对作者最大的鼓励。
记得点赞、收藏哦～
本文版权归某某所有，未经允许不得转载。
如有侵权，请联系删除。
If you found this useful, please clap and follow me for more.
Don't forget to subscribe!
Subscribe to our newsletter for weekly notes.
Share this post on Twitter
"""
