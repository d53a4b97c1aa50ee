-- A history of version 4, written by the code of commit 06763a6 (History, Interviewer and the grader with the
-- bundled model): three chats, a finished interview with a follow-up and a skipped question, one that goes on, one
-- whose attempt waits for its grade, three contests. `sqlite3.Connection.iterdump` printed it; it is never changed.
BEGIN TRANSACTION;
CREATE TABLE chat (
	id TEXT NOT NULL, 
	title TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	updated_at TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "chat" VALUES('c0ffee00000000000000000000000000','什么是 KV cache？','2026-03-02T19:33:10.000+00:00','2026-03-02T19:37:55.000+00:00');
INSERT INTO "chat" VALUES('c0ffee00000000000000000000000001','Not our field','2026-03-02T19:41:05.000+00:00','2026-03-02T19:47:25.000+00:00');
INSERT INTO "chat" VALUES('c0ffee00000000000000000000000002','empty','2026-03-02T19:45:50.000+00:00','2026-03-02T19:45:50.000+00:00');
CREATE TABLE contest (
	interview_id TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	point INTEGER NOT NULL, 
	key_point TEXT NOT NULL, 
	verdict TEXT NOT NULL, 
	learner_verdict TEXT NOT NULL, 
	grader_version TEXT NOT NULL, 
	contested_at TEXT NOT NULL, 
	PRIMARY KEY (interview_id, number, point), 
	FOREIGN KEY(interview_id, number) REFERENCES turn (interview_id, number) ON DELETE CASCADE
);
INSERT INTO "contest" VALUES('11111111111111111111111111111111',1,0,'Q, K and V come from the same input through three different learned projections, so that matching and content are separate and the scores need not be symmetric.','covered','missed','1.9+2026-11-30+model','2026-03-02T19:55:20.000+00:00');
INSERT INTO "contest" VALUES('11111111111111111111111111111111',1,1,'The output is softmax(QK^T/sqrt(d_k))V, that is, dot-product scores, scaled and normalised, then used to weight the values.','missed','partial','1.9+2026-11-30+model','2026-03-02T19:56:55.000+00:00');
INSERT INTO "contest" VALUES('22222222222222222222222222222222',1,0,'注意力是加权求和，权重由查询与各项内容的相关性算出，并随输入变化。','missed','partial','1.9+2026-11-30+model','2026-03-02T19:58:30.000+00:00');
CREATE TABLE exchange (
	chat_id TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	asked_at TEXT NOT NULL, 
	answer JSON NOT NULL, 
	PRIMARY KEY (chat_id, number), 
	FOREIGN KEY(chat_id) REFERENCES chat (id) ON DELETE CASCADE
);
INSERT INTO "exchange" VALUES('c0ffee00000000000000000000000000',1,'2026-03-02T19:36:20.000+00:00','{"question": "什么是 KV cache？", "standalone_question": "什么是 KV cache？", "text": "它保存键和值 [1]。", "language": "zh", "refused": false, "citations": [{"number": 1, "passage_id": "kv-0", "document": "kv", "entry_id": "kv-cache", "title": "KV cache", "text": "The cache keeps keys and values. It grows with length.", "sentence": "The cache keeps keys and values.", "heading_path": ["Inference", "Memory"], "origins": ["notes/kv.md"], "contradictions": []}], "unsupported_sentences": [], "timings": {"evidence_ms": 12.5, "first_token_ms": null, "total_ms": 40.0}, "entry_id": "kv-cache", "nearest": [], "confidence": 0.9}');
INSERT INTO "exchange" VALUES('c0ffee00000000000000000000000000',2,'2026-03-02T19:39:30.000+00:00','{"question": "它的代价呢？", "standalone_question": "KV cache 的代价呢？", "text": "随长度增长 [1]。\n\n$2 \\cdot L$ ''quoted'' 🙂", "language": "zh", "refused": false, "citations": [{"number": 1, "passage_id": "kv-0", "document": "kv", "entry_id": "kv-cache", "title": "KV cache", "text": "The cache keeps keys and values. It grows with length.", "sentence": "The cache keeps keys and values.", "heading_path": ["Inference", "Memory"], "origins": ["notes/kv.md"], "contradictions": []}], "unsupported_sentences": [], "timings": {"evidence_ms": 12.5, "first_token_ms": null, "total_ms": 40.0}, "entry_id": "kv-cache", "nearest": [], "confidence": 0.9}');
INSERT INTO "exchange" VALUES('c0ffee00000000000000000000000001',1,'2026-03-02T19:44:15.000+00:00','{"question": "Who won the cup?", "standalone_question": "Who won the cup?", "text": "The material does not cover this.", "language": "en", "refused": true, "citations": [], "unsupported_sentences": [], "timings": {"evidence_ms": 12.5, "first_token_ms": null, "total_ms": 40.0}, "entry_id": null, "nearest": [{"number": 1, "passage_id": "kv-0", "document": "kv", "entry_id": "kv-cache", "title": "KV cache", "text": "The cache keeps keys and values. It grows with length.", "sentence": "The cache keeps keys and values.", "heading_path": ["Inference", "Memory"], "origins": ["notes/kv.md"], "contradictions": []}], "confidence": 0.1}');
CREATE TABLE interview (
	id TEXT NOT NULL, 
	started_at TEXT NOT NULL, 
	finished_at TEXT, 
	"plan" JSON NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "interview" VALUES('11111111111111111111111111111111','2026-03-02T19:49:00.000+00:00','2026-03-02T19:50:35.000+00:00','{"groups": [], "levels": [], "questions": 2, "language": "en", "seed": 7, "entry_ids": ["self-attention", "attention-mechanism"]}');
INSERT INTO "interview" VALUES('22222222222222222222222222222222','2026-03-02T19:52:10.000+00:00',NULL,'{"groups": [], "levels": [1], "questions": 1, "language": "zh", "seed": 8, "entry_ids": ["attention-mechanism"]}');
INSERT INTO "interview" VALUES('33333333333333333333333333333333','2026-03-02T19:53:45.000+00:00',NULL,'{"groups": ["inference"], "levels": [], "questions": 1, "language": "en", "seed": 9, "entry_ids": ["inference-memory"]}');
CREATE TABLE migration (
	number INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	applied_at TEXT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "migration" VALUES(1,'m001_chats','2026-03-02T19:31:35.000+00:00');
INSERT INTO "migration" VALUES(2,'m002_interviews','2026-03-02T19:31:35.000+00:00');
INSERT INTO "migration" VALUES(3,'m003_preferences','2026-03-02T19:31:35.000+00:00');
INSERT INTO "migration" VALUES(4,'m004_contests','2026-03-02T19:31:35.000+00:00');
CREATE TABLE preference (
	name TEXT NOT NULL, 
	value JSON NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE turn (
	interview_id TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	entry_id TEXT NOT NULL, 
	question TEXT NOT NULL, 
	follow_up_to INTEGER, 
	probes TEXT, 
	attempt TEXT, 
	grade JSON, 
	PRIMARY KEY (interview_id, number), 
	FOREIGN KEY(interview_id) REFERENCES interview (id) ON DELETE CASCADE
);
INSERT INTO "turn" VALUES('11111111111111111111111111111111',1,'self-attention','Explain self-attention in the Transformer. How does cross-attention differ from it?',NULL,NULL,'Q, K and V come from the same input through three different learned projections, so that matching and content are separate and the scores need not be symmetric. I am not sure about the rest.','{"score": 4.1, "band": [1.7, 6.5], "key_points": [{"text": "Q, K and V come from the same input through three different learned projections, so that matching and content are separate and the scores need not be symmetric.", "weight": 2.0, "covered": 0.9921, "verdict": "covered", "evidence": "Q, K and V come from the same input through three different learned projections, so that matching and content are separate and the scores need not be symmetric.", "proof": "The input $X\\in\\mathbb{R}^{n\\times d}$ passes through three learned linear maps, $Q=XW^Q$, $K=XW^K$, $V=XW^V$, and then"}, {"text": "The output is softmax(QK^T/sqrt(d_k))V, that is, dot-product scores, scaled and normalised, then used to weight the values.", "weight": 3.0, "covered": 0.288, "verdict": "missed", "evidence": null, "proof": "$$\\mathrm{Attention}(Q,K,V)=\\mathrm{softmax}\\!\\left(\\frac{QK^\\top}{\\sqrt{d_k}}\\right)V$$"}, {"text": "The softmax normalises each query''s row of scores, so its weights are non-negative and sum to 1.", "weight": 1.0, "covered": 0.2517, "verdict": "missed", "evidence": null, "proof": "- the softmax works row by row, giving non-negative weights that sum to 1;"}, {"text": "Every position can attend directly to any other position, so long-range dependencies are captured within one layer.", "weight": 2.0, "covered": 0.0726, "verdict": "missed", "evidence": null, "proof": null}, {"text": "In cross-attention Q comes from one sequence, such as the translation decoder, while K and V come from another, such as the encoder output.", "weight": 2.0, "covered": 0.5725, "verdict": "partial", "evidence": "Q, K and V come from the same input through three different learned projections, so that matching and content are separate and the scores need not be symmetric.", "proof": "**Cross-attention** is the same formula with another origin of its inputs: $Q$ comes from one sequence (say, the decoder), $K$ and $V$ from another (say, the encoder output), and the score matrix is $n_q\\times n_k$."}, {"text": "Self-attention by itself has no notion of word order, shuffling the inputs merely shuffles the outputs, so position information must be added.", "weight": 1.0, "covered": 0.2223, "verdict": "missed", "evidence": null, "proof": null}], "misconceptions": [], "feedback": "Right: Q, K and V come from the same input through three different learned projections, so that matching and content are separate and the scores need not be symmetric.\nThe most valuable point to add: The output is softmax(QK^T/sqrt(d_k))V, that is, dot-product scores, scaled and normalised, then used to weight the values.", "grader_version": "1.9+2026-11-30+model", "guard": null, "spoken": "Q, K and V come from the same input through three different learned projections, so that matching and content are separate and the scores need not be symmetric. The output is softmax(QK^T/sqrt(d_k))V, that is, dot-product scores, scaled and normalised, then used to weight the values. Every position can attend directly to any other position, so long-range dependencies are captured within one layer."}');
INSERT INTO "turn" VALUES('11111111111111111111111111111111',2,'self-attention','If you shuffle the input words, how does the output of self-attention change?',1,'no-order','Well: Self-attention by itself has no notion of word order, shuffling the inputs merely shuffles the outputs, so position information must be added.','{"score": 9.6, "band": [8.0, 10.0], "key_points": [{"text": "Self-attention by itself has no notion of word order, shuffling the inputs merely shuffles the outputs, so position information must be added.", "weight": 1.0, "covered": 0.9963, "verdict": "covered", "evidence": "Well: Self-attention by itself has no notion of word order, shuffling the inputs merely shuffles the outputs, so position information must be added.", "proof": null}], "misconceptions": [], "feedback": "You covered every key point; this is a complete answer.", "grader_version": "1.9+2026-11-30+model", "guard": null, "spoken": ""}');
INSERT INTO "turn" VALUES('11111111111111111111111111111111',3,'self-attention','In a translation decoder, where do Q, K and V of the cross-attention come from?',1,'cross','no idea, maybe it''s faster','{"score": 0.5, "band": [0.0, 2.0], "key_points": [{"text": "In cross-attention Q comes from one sequence, such as the translation decoder, while K and V come from another, such as the encoder output.", "weight": 2.0, "covered": 0.001, "verdict": "missed", "evidence": null, "proof": "**Cross-attention** is the same formula with another origin of its inputs: $Q$ comes from one sequence (say, the decoder), $K$ and $V$ from another (say, the encoder output), and the score matrix is $n_q\\times n_k$."}], "misconceptions": [], "feedback": "The most valuable point to add: In cross-attention Q comes from one sequence, such as the translation decoder, while K and V come from another, such as the encoder output.", "grader_version": "1.9+2026-11-30+model", "guard": null, "spoken": ""}');
INSERT INTO "turn" VALUES('11111111111111111111111111111111',4,'attention-mechanism','What is the attention mechanism? What are its main strengths, and which claims about it go too far?',NULL,NULL,'','{"score": 0.0, "band": [0.0, 0.0], "key_points": [{"text": "Attention is a weighted sum whose weights are computed from the relevance between a query and each item, and depend on the input.", "weight": 3.0, "covered": 0.0, "verdict": "missed", "evidence": null, "proof": null}, {"text": "It removed the bottleneck of early seq2seq models, which compressed the whole sentence into one fixed-size vector.", "weight": 2.0, "covered": 0.0, "verdict": "missed", "evidence": null, "proof": null}, {"text": "A query is one step away from any position, so long-range dependencies are easier to learn.", "weight": 2.0, "covered": 0.0, "verdict": "missed", "evidence": null, "proof": null}, {"text": "Parallel training comes from self-attention without recurrence; attention on top of an RNN is still computed step by step.", "weight": 2.0, "covered": 0.0, "verdict": "missed", "evidence": null, "proof": null}, {"text": "Attention weights are only weak evidence and not the reason for a decision; the point is debated in the literature.", "weight": 2.0, "covered": 0.0, "verdict": "missed", "evidence": null, "proof": null}], "misconceptions": [], "feedback": "", "grader_version": "skipped", "guard": "skipped", "spoken": ""}');
INSERT INTO "turn" VALUES('22222222222222222222222222222222',1,'attention-mechanism','什么是注意力机制？它的核心优势是什么，又有哪些说法是过头的？',NULL,NULL,'注意力机制具有可解释性，看注意力权重就知道模型为什么这样预测。
注意力权重只是弱证据，不能直接当作模型决策的原因，学界对此有争议。','{"score": 0.3, "band": [0.0, 2.1], "key_points": [{"text": "注意力是加权求和，权重由查询与各项内容的相关性算出，并随输入变化。", "weight": 3.0, "covered": 0.0755, "verdict": "missed", "evidence": null, "proof": "注意力机制是一种按相关性做的加权求和：模型根据当前的查询，给一组信息算出权重，再把它们加权合成一个向量。"}, {"text": "它消除了早期 seq2seq 把整句压成一个定长向量的信息瓶颈。", "weight": 2.0, "covered": 0.0241, "verdict": "contradicted", "evidence": "注意力权重只是弱证据，不能直接当作模型决策的原因，学界对此有争议。", "proof": "**来历**：早期的 seq2seq 把整个源句压成一个定长向量，句子一长就丢信息。"}, {"text": "查询与任意位置之间只隔一步，因此长距离依赖更容易学到。", "weight": 2.0, "covered": 0.0188, "verdict": "missed", "evidence": null, "proof": "- 缩短路径：查询与任意一个位置之间只隔一步，信息和梯度不必逐步传递，长距离依赖更容易学；"}, {"text": "并行训练来自去掉循环的自注意力，加在 RNN 上的注意力仍然要串行计算。", "weight": 2.0, "covered": 0.0652, "verdict": "missed", "evidence": null, "proof": "可并行来自去掉循环的自注意力，也就是 Transformer，而且自回归生成时仍是逐个 token；"}, {"text": "注意力权重只是弱证据，不能直接当作模型决策的原因，学界对此有争议。", "weight": 2.0, "covered": 0.9876, "verdict": "covered", "evidence": "注意力权重只是弱证据，不能直接当作模型决策的原因，学界对此有争议。", "proof": "所以看权重可以提出假设，不能直接当作决策依据。"}], "misconceptions": [{"claim": "注意力机制具有可解释性，看注意力权重就知道模型为什么这样预测。", "correction": "权重只能作弱证据。Jain 和 Wallace（2019）发现它常与梯度重要性不相关，差异很大的权重也能给出相同预测；Wiegreffe 和 Pinter（2019）指出结论取决于“解释”的定义。这个问题有争议，不能直接等同于决策依据。", "evidence": "注意力机制具有可解释性，看注意力权重就知道模型为什么这样预测。"}], "feedback": "讲对了：注意力权重只是弱证据，不能直接当作模型决策的原因，学界对此有争议。\n这里说错了：“注意力机制具有可解释性，看注意力权重就知道模型为什么这样预测”。权重只能作弱证据。Jain 和 Wallace（2019）发现它常与梯度重要性不相关，差异很大的权重也能给出相同预测；Wiegreffe 和 Pinter（2019）指出结论取决于“解释”的定义。这个问题有争议，不能直接等同于决策依据。\n这里说反了：“注意力权重只是弱证据，不能直接当作模型决策的原因，学界对此有争议”。正确的是：它消除了早期 seq2seq 把整句压成一个定长向量的信息瓶颈。\n最值得补上的一点：注意力是加权求和，权重由查询与各项内容的相关性算出，并随输入变化。", "grader_version": "1.9+2026-11-30+model", "guard": null, "spoken": "注意力是加权求和，权重由查询与各项内容的相关性算出，并随输入变化。它消除了早期 seq2seq 把整句压成一个定长向量的信息瓶颈。查询与任意位置之间只隔一步，因此长距离依赖更容易学到。并行训练来自去掉循环的自注意力，加在 RNN 上的注意力仍然要串行计算。"}');
INSERT INTO "turn" VALUES('22222222222222222222222222222222',2,'attention-mechanism','没有注意力的 seq2seq 翻译长句时为什么效果变差？',1,'bottleneck',NULL,NULL);
INSERT INTO "turn" VALUES('33333333333333333333333333333333',1,'inference-memory','About how much GPU memory does inference of a 7B FP16 model take at batch 4 and sequence length 2,048?',NULL,NULL,'It''s a draft; nobody graded it.',NULL);
COMMIT;
