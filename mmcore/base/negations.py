"""Words that deny. They turn the meaning of a clinical note, so nothing that drops or moves words may touch them."""

NEGATIONS = frozenset(
    """no non not n't nor never neither none nobody nothing nowhere noone without cannot cant couldnt hasnt dont doesnt
    didnt isnt arent wasnt werent wont wouldnt havent hadnt deny denies denied denying denial negative absent absence
    lack lacks lacked lacking except
    无 没 没有 未 未见 未曾 未及 未闻 不 不伴 不是 不能 不会 非 并非 否认 尚未 从未 并未
    并无 均无 毫无 排除 阴性 缺乏 缺如""".split()  # noqa: SIM905 a list of words reads best as a text
)
