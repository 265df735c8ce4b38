"""The sentences of `exercises` in Chinese, with the same phrases in brackets."""

from __future__ import annotations

from types import MappingProxyType

from mmcore.cohorts.synthetic.sentences import Wording

_CHINESE = {
    "Plan of exercises.": "运动方案。",
    "Physiotherapy plan.": "物理治疗方案。",
    "Outpatient rehabilitation.": "门诊康复。",
    "Plan agreed with the patient.": "与患者商定的方案。",
    "[Balance and symmetry training]: stance on one leg, weight shift to the weaker side.": (
        "[平衡与对称性训练]：单腿站立，向弱侧转移重心。"
    ),
    "Emphasis on [balance and even steps]: mirror feedback, stepping over lines.": (
        "重点为[平衡和均匀步伐]：镜面反馈，跨线行走。"
    ),
    "[Training of symmetry]: equal step length to a metronome, wobble board.": (
        "[对称性训练]：按节拍器等步长行走，平衡板。"
    ),
    "Focus: [balance exercises and weight transfer].": "重点：[平衡练习和重心转移]。",
    "[Strength training of the calves]: heel raises, leg press.": "[小腿力量训练]：提踵，腿举。",
    "Emphasis on [push-off strength]: resistance band, stair climbing.": "重点为[蹬地力量]：弹力带，爬楼梯。",
    "[Training of leg strength]: squats, calf raises with weights.": "[下肢力量训练]：深蹲，负重提踵。",
    "Focus: [strengthening of calf and thigh].": "重点：[增强小腿和大腿力量]。",
    "[Two sessions a week].": "[每周两次]。",
    "[Twice a week] in the gym.": "在健身房[每周训练两次]。",
    "[Three sessions a week].": "[每周三次]。",
    "[Three times a week] in the gym.": "在健身房[每周训练三次]。",
    "[Four sessions a week].": "[每周四次]。",
    "[Four times a week] in the gym.": "在健身房[每周训练四次]。",
    "[Five sessions a week].": "[每周五次]。",
    "[Daily on working days], in the gym.": "在健身房[工作日每天训练]。",
    "[Daily exercises at home] with a diary.": "[每日居家练习]，并做记录。",
    "[Home programme] of 20 minutes every day.": "[居家方案]，每天20分钟。",
    "[Exercises at home], too.": "另有[居家练习]。",
    "[No exercises at home].": "[无居家练习]。",
    "[Without a home programme].": "[没有居家方案]。",
    "[Nothing to be done at home].": "[不需居家练习]。",
    "Warm-up on the bicycle.": "骑车热身。",
    "Stretching at the end.": "结束时拉伸。",
    "Wears an ankle brace outdoors.": "户外佩戴踝关节支具。",
    "Comes with the daughter.": "由女儿陪同。",
    "Next visit to the doctor in six weeks.": "六周后复诊。",
    "Prefers mornings.": "希望安排在上午。",
}
WORDINGS: MappingProxyType[str, Wording] = MappingProxyType({"zh": _CHINESE})
