"""How page chrome is worded, in Chinese and English: data for `chrome`, as regular expressions over whole lines.

Every pattern must match a whole line (list marks, heading marks and emoji are taken off before). A pattern that could
match a sentence of an article does not belong here.
"""

import re

_DATE = r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?"
_COUNT = r"[(（\[:：]?\s*[\d.,]+\s*(?:k|w|m|万|千)?\+?\s*[)）\]]?"


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


# Lines that are chrome wherever they stand.
ALWAYS = _any_of(
    # where one is on the site
    r"(?:您|你)?(?:当前|现在)?(?:所在)?(?:的)?位置\s*[:：].{1,80}",
    r"(?:首页|主页|网站首页|home)\s*(?:[>»›/→]|&gt;)\s*.{1,80}",
    r"skip to (?:main )?content|(?:back|return|scroll) to (?:the )?top|(?:返回|回到)(?:顶部|首页|列表|目录)",
    # pictures, code buttons, folded text
    r"在这里插入图片描述|(?:图片|插图)(?:描述|加载失败)?",
    r"(?:一键)?复制(?:代码|链接)?(?:成功)?|代码解读|copy(?: code| link)?|copied!?",
    r"(?:点击)?(?:展开|阅读|查看)(?:阅读)?(?:全文|原文|更多|详情|剩余.{1,6})\s*[>»…↓]*|(?:show|hide|reveal|view|see) (?:the )?(?:answers?|solutions?|hint)s?|(?:显示|查看|隐藏|展开|收起)(?:参考)?答案|read more\s*[>»….→]*|continue reading.{0,80}|show more",
    # comments
    r"(?:leave|post|write|add) a (?:reply|comment).{0,30}|(?:cancel|post) (?:reply|comment)|view (?:all )?(?:\d+ )?comments?",
    r"(?:发表|我要|写下?(?:你的)?|添加|提交|参与)(?:评论|留言|回复).{0,12}|取消回复|(?:暂无|还没有|没有更多)(?:人)?(?:任何)?评论.{0,20}",
    rf"(?:所有|全部|最新|精彩|热门|网友|用户)?(?:评论|留言)(?:区|列表)?\s*{_COUNT}|(?:网友|全部|所有|最新|精彩)评论|评论区|\d+\s*条(?:评论|回复|留言)",
    r"(?:no |\d+ )(?:comments?|replies|responses?)(?: yet)?|comments? \(\d+\)|\d+ (?:thoughts|responses?) (?:on|to) .{1,120}",
    r"your email address will not be published.*|required fields are marked.*|save my name,? e-?mail.*|notify me of .{1,60}",
    r"(?:please )?(?:log ?in|sign ?in|register)(?: or (?:register|sign up))? to (?:post |leave |view |add |write )?(?:a )?(?:comment|reply|continue|vote|like).{0,30}",
    r"(?:you must|please) (?:be logged in|log ?in|sign ?in|register).{0,60}",
    r"(?:请|您?需要|必须)?\s*先?\s*(?:登录|注册)(?:或注册)?\s*(?:后|以|才能|即可|之后)\s*(?:.{0,8}(?:评论|留言|回复|查看|发表|阅读|下载|操作|继续).{0,6})?",
    r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:\s*[/·|].{0,20})?|(?:play|pause|listen|听|播放)(?: audio| video| to (?:this )?article|全文|音频|视频)?",
    # counters, sharing, following
    rf"(?:(?:like|likes|view|views|share|shares|claps?|赞|点赞|喜欢|浏览|阅读|收藏|分享|打赏|转发|评论|访问|踩)(?:数|量|次数|人数)?\s*{_COUNT}(?:\s*次|\s*人)?[\s·|]*){{1,6}}",
    r"like loading\W*|loading\W*|be the first to (?:like|comment|share|reply).{0,30}",
    r"click to share .{1,40}|(?:share (?:this|on|to|via|with)|tweet this|pin it)(?: (?:post|article|page|story|link|on|to|via|with|your|friends|facebook|twitter|x|linkedin|reddit|whatsapp|email))*\s*[:：.!]?|分享(?:到|至|本文|文章).{0,12}(?<![。，])",
    r"follow (?:us|me|the author)(?: on .{1,30}| at .{1,30})?[.!:]?|(?:点击)?关注(?:我们?|作者|博主|他|她|ta)?(?:的?公众号.{0,30})?[！!~]*|已关注|\+ ?关注",
    r"subscribe(?: now| today| here| us| via .{1,20})?[.!]?|subscribe to (?:(?:our|my|the|this|their) .{0,40})?(?:newsletters?|updates|channel|feed|blog|mailing list)\b.{0,40}",
    r".{0,60}(?:unsubscribe (?:at )?any ?time|enter your e-?mail|no spam|in your inbox).{0,60}|join [\d,.]+k?\+? (?:other )?(?:readers|subscribers|developers).{0,60}",
    r"(?:文章)?(?:打赏|赞赏)(?:作者|支持)?|给(?:作者|博主)(?:打赏|点赞).{0,10}|举报(?:/反馈)?|收起(?:全部)?|版权举报",
    # previous and next
    r"(?:上|下|前|后)一(?:篇|页|章|节)(?:\s*[:：].{0,100}|文章)?|(?:没有|已是)(?:更多|最后)?(?:上|下)?一?(?:篇|页)了?",
    r"(?:previous|prev|next|older|newer)(?: (?:post|article|page|chapter|entry|story)s?)?\s*(?:[:»«←→>].{0,100}|\d{1,2}/\d{1,2}/\d{4}.{0,12})?",
    # rights and makers
    r"(?:原创(?:文章|内容|作品)|(?:本文|文章|本作品|本博客).{0,24}(?:原创|转载|投稿|授权|许可|协议|版权)|版权声明|版权归.{1,24}所有|版权所有(?!者|人|权)|著作权归|免责声明(?!应|要|可|需|是|由)|声明\s*[:：](?=.*(?:转载|版权|侵权|作者|本文|本站))|特别声明).{0,240}",
    r".{0,60}(?:转载请(?:注明|保留|联系|附上)|转载(?:需|须|应)?注明|未经.{0,12}(?:不得|禁止|严禁).{0,8}转载|(?:如|若|倘|如有|若有).{0,6}(?:侵权|侵犯).{0,24}(?:删除|联系|处理|告知)|侵权必究|侵删).{0,160}",
    r"(?:©|\(c\)|copyright\s*(?:©|\(c\)|by\b|\d{4})).{0,160}|(?:[^.\"“:]{0,60}[.,|·©]?\s*)?all rights reserved[.\s]*(?:(?:©|copyright|\(c\)|privacy|terms|powered|icp).{0,80})?|.{0,60}licen[sc]ed under (?:a )?(?:cc|creative commons).{0,100}",
    r".{0,80}[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]\s*(?:ICP|公网安)[备证].{0,80}|(?:proudly )?powered by .{1,60}|theme(?: by|:) .{1,40}",
    r"(?:(?:本文|原文|文章|转载)(?:链接|地址|网址|出处|来源)|(?:article|original) (?:link|source))\s*[:：].{1,200}",
    # cookies, advertisements
    r".{0,80}(?:we|(?:web)?site|page) uses? cookies.{0,240}|(?:accept|reject|allow|decline)(?: all)?(?: cookies)?|cookies? (?:policy|settings|preferences|notice)|manage (?:cookies|preferences)",
    r"(?:advertisements?|sponsored(?: (?:content|post|by .{1,40}))?|广告|推广|赞助商?(?:链接|内容)?|广告位.{0,6}|ads? by .{1,30})",
)

# Lines that are chrome near the top or the end of a text; elsewhere they may be content.
AT_EDGES = _any_of(
    r"(?:作者|来源|编辑|责编|责任编辑|出处|发布(?:者|人|时间|日期)|更新(?:时间|日期)|发表时间|分类(?:专栏)?|文章(?:分类|标签)|标签|所属专栏|专栏|原文)\s*[:：](?!.*[。；]$).{0,80}",
    r"(?:(?:发布|发表|更新|编辑|修改|首发)于|时间\s*[:：])\s*\d.{0,60}|最后(?:更新|修改|编辑)(?:于|时间)?\s*[:：]?.{0,30}|原创\s+\S{1,20}(?:\s.{0,40})?",
    r"(?:tags?|categor(?:y|ies)|author|date|filed under|posted in|reading time)\s*[:：](?!.*[a-z]{3,}\.$).{1,80}",
    r"(?:posted|published|written|updated)(?: (?:on|by|in|at)) .{1,80}|(?:last (?:updated|modified|edited)|originally (?:posted|published))\b.{1,60}",
    r"by (?-i:[A-Z])[\w.]+(?: (?-i:[A-Z])[\w.]*){0,2}(?:\s*[|·•,-].{0,40})?",
    rf"(?:[^\s:：]{{1,16}}\s+)?(?:于|at|on)?\s*{_DATE}(?:\s*(?:发布|更新|修改|发表|首发|首次发布|编辑))?(?:\s*(?:[·|]|阅读|浏览|收藏|点赞|来自|IP|字数|\d).{{0,60}})?",
    r"(?:mon|tue|wed|thu|fri|sat|sun)?[a-z]*,? ?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}(?:\s*[·|•,-].{0,40})?",
    r"\d+\s*(?:min(?:ute)?s?(?: read)?|分钟阅读)(?:\s*[·|].{0,40})?|(?:阅读|预计)(?:时间|时长)\s*[:：]?.{1,16}|\d+\s*(?:views|reads|次(?:阅读|浏览))",
    r"(?:posted|published|updated)(?: on| by| in)?|cover image for .{1,160}|edited on .{1,40}|like this",
    r"[^>»›]{1,20}(?:\s+[>»›]\s+[^>»›]{1,30}){2,}",
    r"(?:name|e-?mail|website|comment|昵称|姓名|邮箱|网址|验证码)\s*[*＊]?",
    r"(?:大家好|哈喽|hello|hi|各位(?:朋友|同学|小伙伴)?(?:们)?(?:大家)?好).{0,8}我是.{1,120}",
)

# Words of buttons and menus. A line of nothing but these is chrome when it has several, or stands beside another one.
UI_WORDS = frozenset(
    "首页 主页 博客 论坛 社区 问答 下载 学习 课程 会员 vip 登录 注册 搜索 关注 点赞 收藏 分享 评论 举报 转发 打赏 回复 复制 复制链接 微信"
    " 微博 qq qq空间 朋友圈 豆瓣 知乎 更多 菜单 导航 上一篇 下一篇 返回 关于 关于我们 联系我们 加入我们 商务合作 广告服务 帮助中心 网站地图 隐私政策"
    " 用户协议 服务条款 意见反馈 投诉 反馈 开发者 app 客户端 小程序 消息 创作中心 发布 写文章 个人中心 退出 手机版 电脑版 简体 繁体 english 中文"
    " home blog about contact login log-in logout sign-in sign-up signup signin register search menu share tweet like likes"
    " comment comments reply follow following followers subscribe save bookmark print email facebook twitter x linkedin reddit"
    " whatsapp telegram pinterest pocket weibo wechat rss github discord youtube instagram privacy terms policy cookies"
    " sitemap careers jobs advertise help faq support docs pricing products company resources news archive archives"
    " categories previous next older newer more close dismiss".split()
)
UI_PHRASES = re.compile(
    r"\b(log) (in|out)\b|\b(sign) (in|up)\b|\b(about) us\b|\b(contact) us\b|\b(privacy) policy\b|\b(terms) of (?:service|use)\b"
    r"|\b(copy) link\b|\b(back) to top\b",
    re.IGNORECASE,
)

# Headings under which a site advertises its other pages, or collects comments: they open a region of chrome.
REGION = _any_of(
    r"(?:相关|类似)(?:文章|博文|博客|帖子|推荐|阅读|新闻|资讯|搜索|标签)(?:推荐)?",
    r"猜(?:你|您)(?:还)?(?:想看|喜欢|感兴趣|想找).{0,4}|(?:你|您)可能(?:也|还|会)*(?:喜欢|感兴趣|想看|错过).{0,6}|(?:大家|看了又看|别人)(?:都|还|也)?在?看.{0,6}|看了又看|为(?:你|您)推荐",
    r"(?:其他|其它|更多)(?:文章|推荐|博文|帖子|资讯|博客|精彩.{0,4})|(?:热门|最新|推荐|精选|近期|本站|站内|随机|往期|编辑)(?:的)?(?:文章|推荐|博文|帖子|资讯|专题|博客|标签|评论|精彩|动态|话题|课程|内容|回顾|专栏)(?:推荐)?",
    r"(?:友情|合作)链接|标签云|文章归档|最近(?:文章|评论|更新|发表)|(?:同类|同专栏|该专栏|作者其他|他的其他|作者的其他).{0,4}文章|目录更多|专栏推荐",
    r"related (?:posts?|articles?|stories|news|searches|tags)|(?:you (?:may|might)(?: also)?|also) (?:like|enjoy|be interested in).{0,10}|you might have missed",
    r"recommended(?: (?:for you|posts?|articles?|stories|by .{1,20}|from .{1,20}))?|more (?:from|stories|posts|articles|like this|by)\b.{0,40}|suggested (?:posts?|articles?)",
    r"(?:popular|recent|latest|trending|featured|top|similar|other) (?:posts?|articles?|stories|comments|news|entries)|(?:read|up|what to read) next|keep reading|people also (?:read|viewed)",
    r"(?:tag cloud|blogroll|discussion \(\d+\)|reader comments)",
)
# The same, but only where the lines below carry dates, counters or reply buttons.
CARD_REGION = _any_of(r"comments|responses|replies|archives|discussion|评论|留言|回复|讨论")
# The same, but also used by authors for lists of their own.
PERHAPS_REGION = _any_of(
    r"(?:推荐|延伸|拓展|扩展|更多)阅读|(?:相关|更多|学习|参考)(?:资源|资料|链接|内容|话题|专题|课程)|(?:further|suggested|recommended|additional) reading|(?:related|useful|more|additional) (?:resources|links|contents?|courses)|see also"
)
# What cards of other articles carry beside their titles.
CARD = _any_of(
    r"\|+",
    r"[\d.,]+[kKwW万]?\s+[\d.,]+[kKwW万]?(?:\s+[\d.,]+[kKwW万]?)?",
    r"(?:刚刚|昨天|前天|\d+\s*(?:秒|分钟|小时|天|周|个?月|年)前)(?:更新|发布)?.{0,20}|\d+ (?:sec|min|hour|day|week|month|year)[a-z]* ago.{0,20}",
    r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?",
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2},? \d{4}.{0,20}",
    rf"(?:阅读|浏览|评论|点赞|收藏|views?|reads?|comments?|likes?)\s*{_COUNT}.{{0,30}}|[\d.,]+[kw万]?\s*(?:阅读|浏览|评论|点赞|赞|views?|reads?|comments?|likes?).{{0,30}}",
    r"(?:\d{1,2}:)?\d{1,2}:\d{2}",
    r"\d+ min(?:ute)?s? read.{0,20}|read more.{0,4}",
    r"(?:reply|回复|赞|踩|举报|沙发|板凳|\d+楼|\d+f)",
)
CONTENTS = _any_of(
    r"(?:文章|本文|内容|页面)?目\s*录(?:导航)?|(?:table of )?contents|on this page|in this (?:article|post)|toc|大纲|导航目录"
)

# Advertisements for groups, courses and packages speak of a channel, an action and a lure: two of three give them away.
CHANNEL = re.compile(
    r"二维码|公众号|蓝字|星标|微信号|微信群|加微信|企业微信|VX|V信|QQ群|交流群|粉丝群|知识星球|小红书|抖音|B站|直播间|训练营|QR code|discord|telegram|slack (?:group|community)"
    r"|patreon|newsletter|mailing list|youtube channel|bootcamp|my (?:free )?course",
    re.IGNORECASE,
)
ACTION = re.compile(
    r"扫描|扫码|扫一扫|长按|识别|关注(?:公众号|我|博主|作者|微信|后)|添加(?:微信|助理|老师|小助手)|加入(?:我们|群|社群)|后台回复|回复(?:关键|[“\"'「【])|私信|戳(?:这里|下方|链接)"
    r"|点击(?:下方|链接|领取|关注|图片|上方)|领取|自取|进群|加群|报名|click (?:here|below|the link)|scan|sign up|subscribe|join|follow (?:me|us)|grab|download|enroll|register now",
    re.IGNORECASE,
)
LURE = re.compile(
    r"免费(?:领取|获取|下载|赠送|分享|送|试听|100)|100%免费|福利|礼包|全套(?:的)?.{0,12}(?:资源|资料|教程|视频)|资料包|学习(?:资源|资料|路线图).{0,12}(?:打包|领取|整理|分享)|整理打包|限时|优惠|立减|特价|折扣"
    r"|包就业|高薪就业|有需要的(?:小伙伴|同学|朋友)|需要的(?:小伙伴|同学|朋友).{0,8}(?:可以|自取|领取)|\bfree (?:e-?book|guide|cheat ?sheet|pdf|course|trial|copy|access)"
    r"|for free\b|limited[- ]time|\d+\s*% off|discount|promo code|bonus",
    re.IGNORECASE,
)
# Two of the three are enough only where a reader is spoken to, and not where users and their clicks are the subject.
ADDRESS = re.compile(
    r"我们?(?!们)|咱|你|您|大家|小伙伴|朋友|同学|下方|上方|文末|评论区|即可|领取|获取|欢迎|快来|速来|[!！]|^(?:扫|关注|添加|加|长按|点击|回复|私信|戳|后台)"
    r"|\b(?:my|our|us|me|you|your|here|now|today)\b|^(?:join|scan|click|subscribe|sign|follow|download|get|grab)\b",
    re.IGNORECASE,
)
TOPIC = re.compile(
    r"用户|特征|样本|召回|触发|接口|后端|日志|埋点|点击率|画像|\b(?:users?|webhooks?|api|bots?|endpoints?|classif\w+|features?|agents?)\b",
    re.IGNORECASE,
)
_ASKED = r"(?:欢迎|记得|别忘[了记]?|不要忘[了记]?|求|请|帮忙|麻烦|顺手|动动手指|点个|给个|给我|来个|支持一下|随手|多多)"
_LIKES = r"(?:点个?赞|点赞|在看|三连|收藏|关注|转发|评论|分享)"
PLEA = _any_of(
    rf".{{0,60}}{_ASKED}[^，。；]{{0,8}}{_LIKES}(?:[、,，/+ ]*(?:和|与|及|或)?{_LIKES}){{1,}}.{{0,60}}",
    rf"(?:.{{0,40}}(?:觉得|喜欢|有用|有帮助|有收获)[^。]{{0,24}})?{_LIKES}(?:[、,，/+ ]*{_LIKES}){{1,}}(?:[^。]{{0,20}}(?:支持|鼓励|动力|见|谢|哦|吧|哟|呀|啦))?[！!~。]*",
    r".{0,40}(?:一键三连|求(?:点赞|关注|三连|个赞)|不迷路|点个(?:在看|关注)).{0,60}",
    r"if you (?:like|liked|enjoy|enjoyed|found) (?:this|it|the|my|what|these|our)\b.{0,60}\b(?:clap|like|share|subscribe|follow|star|support|buy me|coffee)\b.{0,80}",
    r"(?:and )?(?:don'?t forget to|please(?: consider)?) (?:like|clap|share|subscribe|follow(?:ing)?|star(?:ring)?|support(?:ing)?|buying)(?:[,.!&]| and\b| (?:me|us|my|our|this|it)\b|$).{0,80}",
    r".{0,40}(?:buy me a coffee|support (?:me|us|my work) (?:on|by|via)|follow (?:me|us) on (?:twitter|x|medium|linkedin|github)).{0,80}|thanks for reading.{0,80}|感谢(?:您的?|大家的?)?(?:阅读|观看|支持).{0,40}",
)
# Words of advertising that also occur in honest texts: they count only beside a line that is an advertisement.
BOAST = re.compile(
    r"精心整理|游刃有余|助(?:你|力).{0,8}(?:拿下|斩获|上岸|一臂之力|offer)|高薪|干货|小伙伴|大礼包|题库.{0,20}(?:涵盖|覆盖)|零基础|从入门到精通|内部资料|学习资源|转行|就业|视频教程|实战项目.{0,10}(?:源码|资料)"
    r"|level up|land your dream|ace your|skyrocket|exclusive|premium",
    re.IGNORECASE,
)
