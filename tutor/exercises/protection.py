"""Which walls stand around a learner's code on this machine, in words."""

from dataclasses import dataclass

from tutor.domain import Bilingual

# Layer names as the child process and the launcher report them.
FILES = {"landlock", "bubblewrap"}
NETWORK = {"seccomp", "bubblewrap"}

_LAYERS = {
    "bubblewrap": Bilingual(
        "bubblewrap：独立的文件、网络和进程空间", "bubblewrap: its own files, network and processes"
    ),
    "landlock": Bilingual(
        "Landlock：只能读 Python 和 NumPy，只能写临时文件夹",
        "Landlock: reads Python and NumPy only, writes a temporary folder only",
    ),
    "seccomp": Bilingual(
        "seccomp：不能联网，不能开新进程，不能向别的进程发信号",
        "seccomp: no network, no new processes, no signals to other processes",
    ),
    "limits": Bilingual("限制 CPU 时间、内存和文件大小", "limits on CPU time, memory and file size"),
}
_ALWAYS = Bilingual("单独的进程，限制总时间和输出量", "a separate process with limits on time and output")
_REAL = Bilingual("代码在沙箱中运行：", "Code runs in a sandbox: ")
_PLAIN = Bilingual(
    "注意：本机没有可用的沙箱，代码能读你的文件、能联网，请只运行自己写的代码。现有保护：",
    "Note: there is no sandbox on this machine; code can read your files and use the network, so run only what you wrote "
    "yourself. In place: ",
)


@dataclass(frozen=True)
class Protection:
    """The layers that hold, each tried out in a real child process."""

    layers: frozenset[str]

    @property
    def files(self) -> bool:
        """A learner's code cannot read or write outside its folder."""
        return bool(self.layers & FILES)

    @property
    def network(self) -> bool:
        return bool(self.layers & NETWORK)

    @property
    def is_sandbox(self) -> bool:
        """Files and network are both out of reach, so strangers' code may run."""
        return self.files and self.network

    @property
    def words(self) -> Bilingual:
        """One line for the learner: what holds and, where it matters, what does not."""
        held = [_LAYERS[name] for name in _LAYERS if name in self.layers]
        opening = _REAL if self.is_sandbox else _PLAIN
        return Bilingual(
            opening.zh + "；".join([*(layer.zh for layer in held), _ALWAYS.zh]) + "。",
            opening.en + "; ".join([*(layer.en for layer in held), _ALWAYS.en]) + ".",
        )
