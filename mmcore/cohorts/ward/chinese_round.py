"""The sentences of `ward_note` in Chinese, with the same phrases in brackets."""

from __future__ import annotations

from types import MappingProxyType

from mmcore.cohorts.synthetic.sentences import Wording

_CHINESE = {
    "Ward round.": "病房查房。",
    "Seen on the round.": "查房所见。",
    "Day 3 on the ward.": "住院第3天。",
    "Morning round.": "晨间查房。",
    "Reviewed at the bedside.": "床旁复查。",
    "Slept well.": "夜间睡眠好。",
    "Daughter will visit in the afternoon.": "女儿下午来探视。",
    "Physiotherapy continues.": "继续物理治疗。",
    "Glasses are at home.": "眼镜放在家中。",
    "Asks for a single room.": "要求住单间。",
    "Old scar on the left knee.": "左膝陈旧瘢痕。",
    "[Known heart failure].": "[已知心力衰竭]。",
    "[Chronic heart failure, ejection fraction 30%].": "[慢性心力衰竭，射血分数30%]。",
    "[Heart failure for years].": "[心力衰竭多年]。",
    "[Heart healthy so far].": "[心脏一向健康]。",
    "[No heart failure], echo normal.": "[无心力衰竭]，超声心动图正常。",
    "[Normal heart on echo].": "[超声心动图示心脏正常]。",
    "[Red cells transfused this morning].": "[今晨已输红细胞]。",
    "[Transfusion running since 8].": "[8点起正在输血]。",
    "[Received two units of red cells].": "[已输入两单位红细胞]。",
    "[No blood products given].": "[未给予血制品]。",
    "[Not transfused].": "[未输血]。",
    "[Without transfusion so far].": "[至今没有输血]。",
    "[Cough with yellow sputum].": "[咳嗽，咳黄痰]。",
    "[Productive cough].": "[咳嗽有痰]。",
    "[Coughs up green sputum].": "[咳绿痰]。",
    "[No cough].": "[无咳嗽]。",
    "[Denies cough and sputum].": "[否认咳嗽、咳痰]。",
    "[Chest clear, does not cough].": "[双肺清，不咳嗽]。",
    "[Cannot lie flat].": "[不能平卧]。",
    "[Sleeps on three pillows, breathless].": "[垫三个枕头入睡，气促]。",
    "[Orthopnoea].": "[端坐呼吸]。",
    "[Lies flat without trouble].": "[可平卧]。",
    "[No orthopnoea].": "[无端坐呼吸]。",
    "[Comfortable lying flat].": "[平卧舒适]。",
    "[Hardly drinks], dry tongue.": "[几乎不饮水]，舌干。",
    "[Vomits and keeps nothing down].": "[呕吐，进食即吐]。",
    "[Poor oral intake] since yesterday.": "昨日起[进食差]。",
    "[Eats and drinks well].": "[饮食好]。",
    "[Good oral intake].": "[进食良好]。",
    "[Finishes every meal].": "[每餐吃完]。",
    "[Black stools again].": "[再次黑便]。",
    "[Melaena overnight].": "[夜间黑便]。",
    "[Blood in the stool].": "[便中带血]。",
    "[No bleeding].": "[无出血]。",
    "[Stools brown, no blood].": "[大便棕色，无血]。",
    "[No sign of blood loss].": "[无失血征象]。",
}
WORDINGS: MappingProxyType[str, Wording] = MappingProxyType({"zh": _CHINESE})
