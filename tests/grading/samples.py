"""Two small rubrics that the grading tests share."""

from tutor.domain import Rubric, RubricMisconception, RubricPoint


def key_points(*given: tuple[str, float]) -> tuple[RubricPoint, ...]:
    """Key points from (statement, weight), named by their position."""
    return tuple(RubricPoint(str(number), text, weight) for number, (text, weight) in enumerate(given, start=1))


ZH = Rubric(
    question="自注意力为什么要除以根号 d_k？",
    key_points=key_points(
        ("点积的方差等于 d_k，维度越大分数越大。", 2.0),
        ("分数过大会使 softmax 饱和，梯度接近 0。", 3.0),
        ("除以根号 d_k 使方差回到 1。", 1.0),
    ),
    reference="点积的方差等于 d_k。分数过大会使 softmax 饱和，梯度接近 0。除以根号 d_k 使方差回到 1。",
    misconceptions=(
        RubricMisconception(
            "overflow", "除以根号 d_k 主要是为了防止数值溢出。", "溢出靠减去最大值来防止，缩放是为了避免 softmax 饱和。"
        ),
    ),
    language="zh",
)
EN = Rubric(
    question="Why does attention divide the scores by the square root of d_k?",
    key_points=key_points(
        ("The dot product has variance d_k, so scores grow with the dimension.", 2.0),
        ("Large scores saturate the softmax and its gradient vanishes.", 3.0),
        ("Dividing by sqrt(d_k) restores variance 1.", 1.0),
    ),
    reference=(
        "The dot product has variance d_k, so scores grow with the dimension. Large scores saturate the softmax and its "
        "gradient vanishes. Dividing by sqrt(d_k) restores variance 1."
    ),
    misconceptions=(
        RubricMisconception(
            "overflow",
            "The scaling is mainly there to prevent numerical overflow.",
            "Overflow is prevented by subtracting the maximum; the scaling keeps the softmax from saturating.",
        ),
    ),
    language="en",
)
GOOD_ZH = "点积的方差是 d_k，维度一大分数就很大。分数太大 softmax 就饱和了，梯度几乎为 0。除以根号 d_k，方差就回到 1。"
GOOD_EN = (
    "The variance of the dot product is d_k, so the scores grow with the dimension. When scores are large the softmax "
    "saturates and the gradient vanishes. Dividing by sqrt(d_k) brings the variance back to 1."
)
