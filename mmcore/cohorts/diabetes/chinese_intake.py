"""The sentences of `intake` in Chinese, with the same phrases in brackets."""

from __future__ import annotations

from types import MappingProxyType

from mmcore.cohorts.synthetic.sentences import Wording

_CHINESE = {
    "First visit.": "初次就诊。",
    "Seen for a check of glucose.": "因检查血糖就诊。",
    "Came after a screening at work.": "单位体检后就诊。",
    "Sent by the family doctor.": "由家庭医生转来。",
    "[Works night shifts as a nurse], eats at two in the morning.": "[护士，上夜班]，凌晨两点进食。",
    "[On permanent night duty] in a warehouse, with a warm meal at night.": "在仓库[长期值夜班]，夜间吃热餐。",
    "[Drives a lorry at night] and sleeps by day.": "[夜间开货车]，白天睡觉。",
    "[Night watchman], has supper at three.": "[夜间值守的保安]，凌晨三点吃晚饭。",
    "[Works by day in an office], asleep by eleven.": "[白天在办公室工作]，十一点前入睡。",
    "[Teacher], sleeps through the night.": "[教师]，整夜安睡。",
    "[Retired, goes to bed early], no meals at night.": "[已退休，早睡]，夜间不进食。",
    "[Runs a flower shop by day], sound sleep.": "[白天经营花店]，睡眠好。",
    "[Mother and brother have type 2 diabetes].": "[母亲和兄弟患2型糖尿病]。",
    "[Father had diabetes from the age of 50].": "[父亲50岁起患糖尿病]。",
    "Family history: [two sisters on metformin].": "家族史：[两个姐妹服用二甲双胍]。",
    "[No diabetes in the family].": "[家族中无糖尿病]。",
    "[Parents without diabetes].": "[父母没有糖尿病]。",
    "Family history: [nothing of note].": "家族史：[无特殊]。",
    "[Walks for an hour every day].": "[每天步行一小时]。",
    "[Cycles to work all year].": "[全年骑车上班]。",
    "[Swims three times a week].": "[每周游泳三次]。",
    "[Hardly moves during the week].": "[平日几乎不活动]。",
    "[Sits all day, no sports].": "[整天坐着，不运动]。",
    "[Takes the car for every errand].": "[出门都开车]。",
    "Takes thyroxine.": "服用甲状腺素。",
    "Glasses for reading.": "阅读时戴眼镜。",
    "Allergic to pollen.": "花粉过敏。",
    "Lives with a partner and a dog.": "与伴侣同住，养一只狗。",
    "Had the gallbladder removed.": "曾行胆囊切除。",
    "Likes to cook.": "喜欢烹饪。",
}
WORDINGS: MappingProxyType[str, Wording] = MappingProxyType({"zh": _CHINESE})
