"""Words that say little, words that only seem to, and words that deny only together."""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


NO_NEGATIONS = _set("未来 未婚 未免")
# Words that deny only together.
PAIRS = frozenset([("free", "of"), ("free", "from"), ("ruled", "out"), ("rule", "out"), ("rules", "out")])
# Words of scikit-learn's list of stop words that tell something in a clinical note (on what such lists hold: Nothman,
# Qin & Yurchak, Stop Word Lists in Free Open-source Software Packages, NLP-OSS 2018).
TELLING = _set(
    """above after afterwards again back before below bottom cry down during eight eleven empty few fifteen fifty fill
    fire five forty four front full hundred interest last least less more most move nine off once one out over part
    serious several side since sincere six sixty still system ten thick thin three through top twelve twenty two under
    until up upon"""
)
MORE_STOPS = _set(
    """does did doing having 's
    的 了 和 与 及 而 且 并 或 是 在 于 也 就 都 还 又 则 等 之 其 此 该 这 那 这个 那个 这些 那些 着 过 地 得
    我 你 您 他 她 它 我们 他们 她们 它们 自己 把 被 给 让 向 由 从 到 对 对于 关于 以 以及 因 因为 由于 所以 因此
    但 但是 然而 如果 虽然 即 为 一个 一种 吗 呢 吧 啊 患者 病人"""
)
