"""Notes with what identifies a person marked, made by chance: usual wordings, and ones that rules are bound to miss."""

from __future__ import annotations

import numpy as np

FIRST = [
    "John",
    "Mary",
    "Robert",
    "Linda",
    "Ahmed",
    "Sofia",
    "Wei",
    "Priya",
    "Hans",
    "Ingrid",
    "Thaddeus",
    "Zeynep",
    "Bongani",
    "Xiomara",
    "Kofi",
    "Marguerite",
]
LAST = [
    "Smith",
    "Johnson",
    "O'Brien",
    "Garcia",
    "Nguyen",
    "Patel",
    "Kowalski",
    "MacLeod",
    "van-Dijk",
    "Okafor",
    "Haas",
    "Lindqvist",
    "Yilmaz",
    "Fisher",
]
PARTICLES = ["van der", "de", "von", "al"]
LAST_ZH, FIRST_ZH = (
    "王李张刘陈杨赵黄周欧阮阎蔺佟逯",
    ["伟", "小明", "秀英", "建国", "丽", "志强", "梓涵", "玉兰", "浩然"],
)
STREETS = ["Main Street", "Oak Avenue", "Church Road", "Mill Lane", "Sunset Blvd", "Elm Ct"]
HOSPITALS = ["St. Mary's Hospital", "Mercy General Hospital", "Saint Luke's Medical Center", "Leeds Royal Infirmary"]
HOSPITALS_ZH = ["北京协和医院", "上海市第一人民医院", "四川大学华西医院"]
CITIES = ["Springfield, IL 62704", "Boston, MA 02115", "Leeds", "Porto"]
HARMLESS = [
    "BP 120/80 mmHg, pulse 72, SpO2 98%.", "No chest pain. Denies fever.", "EF 55-60 %, E/A 1.2.", "Troponin 0.04 ng/mL.",
    "ECG: sinus rhythm, QTc 430 ms.", "Parkinson disease and Crohn disease excluded.", "Takes aspirin 100 mg 1-0-0.",
    "Grade 3/6 systolic murmur at the Erb point.", "65 years old, BMI 27.5.", "Stage T2N0M0, Gleason 3+4.",
]  # fmt: skip
HARMLESS_ZH = [
    "血压120/80mmHg，心率72次/分。", "无胸痛，无发热，双肺呼吸音清。", "心脏大小正常，主动脉结未见增宽。", "白细胞6.5×10^9/L，血红蛋白135g/L。",
    "高血压病史10年，口服氨氯地平5mg每日一次。", "腹部平软，无压痛及反跳痛。", "建议3个月后复查。", "左肺上叶见一枚5mm结节。",
]  # fmt: skip

Marked = tuple[str, list[tuple[int, int, str]]]  # a note, and (start, end, kind) of what has to go


def notes(count: int, seed: int = 0, language: str = "en") -> list[Marked]:
    rng = np.random.default_rng(seed)
    return [_note(rng, language) for _i in range(count)]


def _note(rng: np.random.Generator, language: str) -> Marked:
    templates, harmless = (_ENGLISH, HARMLESS) if language == "en" else (_CHINESE, HARMLESS_ZH)
    facts, values = (_facts(rng) if language == "en" else _facts_zh(rng)), []
    chosen = [*rng.choice(len(templates), 5, replace=False).tolist()]
    text, spans = "", values
    for at in chosen:
        text, spans = _filled(text, spans, templates[at], facts)
        text += str(rng.choice(harmless)) + (" " if language == "en" else "")
    return text, spans


def _filled(text: str, spans: list, template: str, facts: dict[str, str]) -> Marked:
    for number, part in enumerate(template.split("|")):
        if number % 2:
            spans = [*spans, (len(text), len(text) + len(facts[part]), part.rstrip("0123456789"))]
            part = facts[part]
        text += part
    return text, spans


def _pick(rng: np.random.Generator, options: list | str) -> str:
    return str(options[int(rng.integers(len(options)))])


def _facts(rng: np.random.Generator) -> dict[str, str]:
    def name() -> str:
        first, last = _pick(rng, FIRST), _pick(rng, LAST)
        return f"{first} {last}"

    y, m, d = int(rng.integers(1940, 2024)), int(rng.integers(1, 13)), int(rng.integers(1, 29))
    months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
    dates = [f"{y}-{m:02}-{d:02}", f"{m}/{d}/{y}", f"{months[m - 1]} {d}, {y}", f"{d} {months[m - 1][:3]} {y}",
             f"{d:02}.{m:02}.{y}", f"{months[m - 1]} {y}"]  # fmt: skip
    digits = "".join(map(str, rng.integers(0, 10, 10)))
    phones = [f"({digits[:3]}) {digits[3:6]}-{digits[6:]}", f"{digits[:3]}-{digits[3:6]}-{digits[6:]}",
              f"+44 20 {digits[:4]} {digits[4:8]}", f"{digits[:3]}.{digits[3:6]}.{digits[6:]}"]  # fmt: skip
    return {
        "NAME1": name(), "NAME2": _pick(rng, LAST), "NAME3": name(), "DATE1": _pick(rng, dates),
        "NAME4": f"{_pick(rng, LAST).upper()}, {_pick(rng, FIRST)}", "NAME5": name().replace(" ", " Q. "),
        "NAME6": f"{_pick(rng, LAST).upper()} {_pick(rng, FIRST)}", "NAME7": f"{_pick(rng, FIRST)} {_pick(rng, LAST).upper()}",
        "NAME8": f"{_pick(rng, PARTICLES)} {_pick(rng, LAST[8:])}, {_pick(rng, FIRST)[0]}.",
        "HOSPITAL": _pick(rng, HOSPITALS), "DATE2": _pick(rng, dates), "PHONE": _pick(rng, phones), "ID1": digits[:7], "ID2": f"A{digits[:6]}",
        "ADDRESS": f"{int(rng.integers(1, 999))} {_pick(rng, STREETS)}, {_pick(rng, CITIES)}",
    }  # fmt: skip


def _facts_zh(rng: np.random.Generator) -> dict[str, str]:
    def name() -> str:
        return _pick(rng, LAST_ZH) + _pick(rng, FIRST_ZH)

    y, m, d = int(rng.integers(1940, 2024)), int(rng.integers(1, 13)), int(rng.integers(1, 29))
    digits = "".join(map(str, rng.integers(0, 10, 20)))
    dates = [f"{y}年{m}月{d}日", f"{y}-{m:02}-{d:02}", f"{y}.{m}.{d}", f"{m}月{d}日", f"{y}年{m}月"]
    return {
        "NAME1": name(), "NAME2": _pick(rng, LAST_ZH), "NAME3": name(), "DATE1": _pick(rng, dates),
        "HOSPITAL": _pick(rng, HOSPITALS_ZH),
        "DATE2": _pick(rng, dates), "PHONE": _pick(rng, [f"138{digits[:8]}", f"010-{digits[1:9]}"]),
        "ID1": digits[:8], "ID2": f"11010519{y}{m:02}{digits[:5]}X"[:17] + "X",
        "ADDRESS": _pick(rng, ["北京市海淀区中关村路{}号", "浙江省杭州市西湖区文三路{}号3单元201室", "成都市武侯区科华街{}号"]).format(
            int(rng.integers(1, 300))
        ),
    }  # fmt: skip


_ENGLISH = [
    "Patient name: |NAME1|. ", "Mr. |NAME2| was seen on |DATE1|. ", "DOB |DATE2|. ", "MRN: |ID1|. ",
    "Please call |PHONE| with results. ", "Lives at |ADDRESS|. ", "Dictated by |NAME3|, MD. ",
    "Discussed with Dr. |NAME2|. ", "|NAME1| reports feeling well. ", "Her daughter |NAME3| was informed. ",
    "Admitted |DATE1|, discharged |DATE2|. ", "Accession number |ID2|. ", "We saw |NAME3| in clinic. ",
    "seen with |NAME1| at bedside; ", "Phone |PHONE|. ", "Account no. |ID1|; ",
    "|NAME4| was seen today. ", "Pt |NAME5| has a fever. ", "Transferred from |HOSPITAL|. ",
    "|NAME6| came to the ward. ", "|NAME6| was reviewed. ", "We met |NAME7| on the ward. ", "Letter to |NAME8| was sent. ",
]  # fmt: skip
_CHINESE = [
    "患者|NAME1|，", "姓名：|NAME1|，男，", "于|DATE1|入院。", "住院号：|ID1|。", "联系电话：|PHONE|。", "家住|ADDRESS|。",
    "主治医师：|NAME3|。", "|NAME2|医生查房后指示：", "身份证号|ID2|。", "出生于|DATE2|，", "其妻|NAME3|陪同就诊，", "|NAME3|主任医师会诊。",
    "门诊号|ID1|，", "陪同者称|NAME1|夜间咳嗽。", "|DATE2|复查CT。",
    "于|HOSPITAL|行冠脉造影。",
]  # fmt: skip
