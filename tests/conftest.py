"""Every test runs beside a learner's own data: home and cache are folders of the tests."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import WordHashEmbeddings
from tests.samples import NOTES
from tests.samples import entry as sample_entry
from tutor.assembly import Tutor
from tutor.domain import Document, Passage
from tutor.fitted import Logistic
from tutor.ingestion.bank import entry_passages
from tutor.retrieval.hybrid import HybridRetriever
from tutor.retrieval.index import Index
from tutor.retrieval.scope import ScopeModel, load_scope_model
from tutor.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure() -> None:
    """Each parallel worker keeps to cores of its own: engines that share cores wait for one another at every step."""
    worker, count = os.environ.get("PYTEST_XDIST_WORKER", ""), int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if worker and hasattr(os, "sched_setaffinity"):
        own = sorted(os.sched_getaffinity(0))[int(worker.removeprefix("gw")) :: count]
        if own:
            os.sched_setaffinity(0, own)


@pytest.fixture(scope="session", autouse=True)
def no_home_of_a_learner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is set up once for many tests has a folder of its own, too; TUTOR_HOME may name one that is kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TUTOR_HOME", os.environ.get("TUTOR_HOME") or str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(autouse=True)
def home_of_its_own(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a home that nobody else writes to; those with real weights share the one with the corpus in it."""
    if not request.node.get_closest_marker("weights") and not request.node.get_closest_marker("browser"):
        monkeypatch.setenv("TUTOR_HOME", str(request.getfixturevalue("tmp_path") / "home"))


@pytest.fixture(scope="session")
def test_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Home of the tests with real weights; `make test` keeps one, so that the corpus is embedded once."""
    given = os.environ.get("TUTOR_HOME")
    return Path(given) if given else tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def real_tutor(test_home: Path) -> Iterator[Tutor]:
    """A tutor with the real weights and the real corpus."""
    tutor = Tutor(load_settings(home=test_home))
    report = tutor.ingest()
    assert report.failed == ()
    yield tutor
    tutor.close()


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The five interview texts the project grew from; a user's machine need not have them."""
    folder = Path(os.environ.get("TUTOR_SHARED", ROOT.parent / "shared")) / "seeds"
    if not folder.is_dir():
        pytest.skip("the seed texts are not on this machine (TUTOR_SHARED)")
    return folder


# The shipped models are fitted on real embeddings; here words decide what is in scope.
WORDS_DECIDE = ScopeModel(
    Logistic(
        {"pool_coverage": 20.0}, {"pool_coverage": 0.3, "foreign": 1.0, "term_score": 0.0}, {"pool_coverage": 1.0}, 0.0
    ),
    weak_below=0.0,
    known_question=load_scope_model().known_question,
)


@pytest.fixture
def retriever(tmp_path: Path) -> HybridRetriever:
    """A real index over one bank entry and one document, with embeddings in which words decide."""
    embeddings = WordHashEmbeddings()
    index = Index(tmp_path, embeddings, embedder_name="word-hash")
    index.put(*entry_passages(sample_entry()))
    notes = Document("notes", "Speculative decoding", ("notes.md",), "0" * 64)
    index.put(notes, [Passage("n0", "notes", NOTES, 0, notes.title, "en")])
    return HybridRetriever(index=index, embeddings=embeddings, scope=WORDS_DECIDE)


@pytest.fixture
def in_shanghai(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine eight hours ahead of UTC."""
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
