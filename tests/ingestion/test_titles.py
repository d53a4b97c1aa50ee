"""A file is called what its author calls it, not what a program has put there."""

import pytest

from tutor.ingestion.pictures import said_of_picture
from tutor.ingestion.titles import title_of_author


@pytest.mark.parametrize(
    "told",
    ["", "Untitled", "无标题1", "Microsoft Word - notes.docx", "PowerPoint 演示文稿", "文档2", "slide 1", "thesis.tex"],
)
def test_titles_of_programs_are_none(told: str) -> None:
    assert title_of_author(told) == ""


@pytest.mark.parametrize(
    "told", ["Document understanding", "Presentation of results", "文档智能面试题", "Word embeddings"]
)
def test_a_title_that_begins_like_one_of_a_program_stays(told: str) -> None:
    assert title_of_author(f" {told}\n") == told


@pytest.mark.parametrize(
    "described", ["", "Picture 4", "图片 1", "C:\\My pictures\\loss 2.PNG", "A chart. AI-generated content"]
)
def test_what_programs_say_of_pictures_is_nothing(described: str) -> None:
    assert said_of_picture(described) == ""


def test_what_an_author_says_of_a_picture_stays_on_one_line() -> None:
    assert said_of_picture("The loss\n falls in 2 steps ") == "The loss falls in 2 steps"
