"""The sentences of `phrases` in Chinese, with the same phrases in brackets."""

from __future__ import annotations

from types import MappingProxyType

from mmcore.cohorts.synthetic.sentences import Wording

_CHINESE = {
    # Chest pain.
    "Woken at night by [crushing chest pain].": "夜间因[压榨性胸痛]惊醒。",
    "Since this morning [severe chest pain radiating into the left arm].": "今晨起出现[剧烈胸痛，向左臂放射]。",
    "[Heavy central chest pain] for three hours.": "[胸骨中部闷压样胸痛]三小时。",
    "Reports [chest pain with sweating] since breakfast.": "诉早餐后出现[胸痛伴出汗]。",
    "[Squeezing chest pain] that came on at rest.": "静息时出现[紧缩样胸痛]。",
    "Came in with [retrosternal chest pain] and nausea.": "因[胸骨后胸痛]及恶心就诊。",
    "[Tight band-like chest pain] after lunch, still there on arrival.": "午餐后[束带样胸痛]，到院时仍存在。",
    # Another complaint.
    "Came for a yearly check-up.": "前来年度体检。",
    "Seen before a hernia repair.": "疝修补术前就诊。",
    "Referred for an abnormal insurance examination.": "因保险体检异常转诊。",
    "Here for the renewal of a driving licence.": "为更换驾驶证前来检查。",
    "Seen because of a lingering cough.": "因咳嗽迁延就诊。",
    "Referred from the eye clinic before cataract surgery.": "白内障手术前由眼科转来。",
    "Feels tired and sleeps poorly.": "自觉疲乏，睡眠差。",
    # No chest pain.
    "[Denies chest pain].": "[否认胸痛]。",
    "[No chest pain] at any time.": "始终[无胸痛]。",
    "[Denies any chest discomfort], also when pressed.": "[否认胸部不适]，追问亦然。",
    "[Free of chest pain].": "[没有胸痛]。",
    # Breathless, or not.
    "[Breathless on one flight of stairs].": "[上一层楼即气促]。",
    "[Short of breath when lying flat, sleeps on three pillows].": "[平卧时气促，需垫三个枕头入睡]。",
    "Wakes at night [gasping for breath] and has [swollen ankles].": "夜间[憋醒]，[踝部水肿]。",
    "[Orthopnoea] and [leg swelling by the evening].": "[端坐呼吸]，[傍晚下肢水肿]。",
    "Increasing [shortness of breath] over the last weeks, [ankles swollen].": "近数周[气促]加重，[踝部水肿]。",
    "Reports [dyspnoea on slight effort] and [weight gain with swollen legs].": (
        "诉[轻微活动后呼吸困难]，[体重增加伴下肢水肿]。"
    ),
    "No orthopnoea, no leg swelling.": "无端坐呼吸，无下肢水肿。",
    "Sleeps flat without trouble.": "可平卧入睡。",
    "Climbs stairs without getting breathless.": "上楼不气促。",
    "No shortness of breath.": "无气促。",
    "Denies dyspnoea and ankle swelling.": "否认呼吸困难及踝部水肿。",
    # Family.
    "[Father died of a heart attack at 48].": "[父亲48岁死于心肌梗死]。",
    "Family history: [brother had a myocardial infarction at 44].": "家族史：[兄弟44岁患心肌梗死]。",
    "[Mother had bypass surgery before she was 55].": "[母亲55岁前行搭桥手术]。",
    "[Two uncles died suddenly before 50], [father has coronary stents].": "[两位叔伯50岁前猝死]，[父亲有冠脉支架]。",
    "Parents lived past 85.": "父母均活过85岁。",
    "Family history unremarkable.": "家族史无特殊。",
    "Nothing of note in the family.": "家族中无特殊情况。",
    "Siblings are healthy.": "兄弟姐妹健康。",
    # Legs.
    "[Cramping calf pain after 100 metres], gone on standing still.": "[行走100米后小腿痉挛性疼痛]，站立后消失。",
    "Known [intermittent claudication] of the left leg.": "已知左下肢[间歇性跛行]。",
    "Has to stop walking because of [calf cramps on the way to the bus].": "因[去车站途中小腿抽筋]而须停步。",
    # Medication.
    "Takes levothyroxine.": "服用左甲状腺素。",
    "On pantoprazole for reflux.": "因反流服用泮托拉唑。",
    "No regular medication.": "无长期用药。",
    "Uses an inhaler in spring.": "春季使用吸入剂。",
    "Paracetamol now and then.": "偶尔服用对乙酰氨基酚。",
    "Takes vitamin D and magnesium.": "服用维生素D和镁剂。",
    # Beside the point.
    "Knee replacement two years ago.": "两年前行膝关节置换。",
    "Works as a school teacher.": "职业为教师。",
    "Allergic to penicillin.": "青霉素过敏。",
    "Appendix removed in childhood.": "幼年行阑尾切除。",
    "Recently back from holiday in Portugal.": "近日自葡萄牙度假归来。",
    "Wears hearing aids.": "佩戴助听器。",
    "Tends a large garden.": "平日打理菜园。",
    "Mild hay fever.": "轻度花粉症。",
    "Lives with two dogs on the third floor.": "住三楼，养两只狗。",
    "Retired bus driver.": "退休公交司机。",
    # Opening.
    "Woman, seen today.": "女性，今日就诊。",
    "She was seen in the clinic.": "女士门诊就诊。",
    "Female patient.": "女性患者。",
    "Man, seen today.": "男性，今日就诊。",
    "He was seen in the clinic.": "先生门诊就诊。",
    "Male patient.": "男性患者。",
}
WORDINGS: MappingProxyType[str, Wording] = MappingProxyType({"zh": _CHINESE})
