"""Domain objects as the JSON objects that the command line promises."""

from typing import Any

from tutor.domain import Answer, Citation
from tutor.retrieval.hybrid import SearchResult


def search_json(query_id: str | None, result: SearchResult, milliseconds: float) -> dict[str, Any]:
    return {
        "id": query_id,
        "query": result.query,
        "in_scope": result.scope.in_scope,
        "confidence": result.scope.confidence,
        "hits": [
            {
                "rank": hit.rank,
                "score": round(hit.score, 6),
                "passage_id": hit.passage.id,
                "document": hit.passage.document_id,
                "entry_id": hit.passage.entry_id,
                "title": hit.passage.title,
                "section": list(hit.passage.heading_path),
                "text": hit.passage.text,
            }
            for hit in result.hits
        ],
        "milliseconds": round(milliseconds, 1),
    }


def answer_json(question_id: str | None, answer: Answer) -> dict[str, Any]:
    return {
        "id": question_id,
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "answer": answer.text,
        "language": answer.language,
        "refused": answer.refused,
        "citations": [citation_json(citation) for citation in answer.citations],
        "unsupported_sentences": list(answer.unsupported_sentences),
        "timings": {
            "evidence_ms": answer.timings.evidence_ms,
            "first_token_ms": answer.timings.first_token_ms,
            "total_ms": answer.timings.total_ms,
        },
    }


def citation_json(citation: Citation) -> dict[str, Any]:
    return {
        "number": citation.number,
        "document": citation.document,
        "entry_id": citation.entry_id,
        "title": citation.title,
        "section": list(citation.heading_path),
        "text": citation.text,
        "sentence": citation.sentence,
    }
