"""The sentences of `referral` in Chinese, with the same phrases in brackets."""

from __future__ import annotations

from types import MappingProxyType

from mmcore.cohorts.synthetic.sentences import Wording

SIDES = {"right": "右", "left": "左"}
DEPTHS = {"towards the back": "靠后", "in front": "靠前"}
_SUSPECTED = {
    "Chest film: [rounded opacity in the {side} lung, {depth}].": "胸片：[{side}肺圆形阴影，位置{depth}]。",
    "On the film [a focal density projects over the {side} lung, {depth}].": (
        "胸片示[{side}肺局灶性致密影，位置{depth}]。"
    ),
    "[Suspected lesion, {side} lung, {depth}], on last week's film.": "上周胸片[疑{side}肺病灶，位置{depth}]。",
    "[New shadow in the {side} lung, {depth}], seen on the chest film.": "胸片见[{side}肺新发阴影，位置{depth}]。",
}
_CHINESE = {
    "CT of the chest.": "胸部CT。",
    "Request for CT of the thorax.": "申请胸部CT检查。",
    "Chest CT without contrast.": "胸部CT平扫。",
    "Low-dose chest CT.": "低剂量胸部CT。",
    "Chest film without focal lesion.": "胸片无局灶性病变。",
    "No opacity on the chest film.": "胸片无阴影。",
    "Film of last week unremarkable.": "上周胸片无特殊。",
    "The chest film shows clear lungs.": "胸片示双肺清晰。",
    "[Grown from 6 to 10 mm within a year].": "[一年内由6 mm增大至10 mm]。",
    "Compared with the CT of last spring [clearly larger].": "与去年春季CT相比[明显增大]。",
    "[Doubled in size since the previous scan].": "[较前次扫描增大一倍]。",
    "[Increasing in diameter over three scans].": "[三次扫描直径递增]。",
    "[Unchanged for two years].": "[两年无变化]。",
    "Compared with earlier CTs [stable in size].": "与既往CT相比[大小稳定]。",
    "[Same size as three years ago].": "[大小与三年前相同]。",
    "[No growth since the first scan in 2019].": "[自2019年首次扫描以来未增大]。",
    "No earlier CT.": "无既往CT。",
    "Earlier scans not available.": "既往扫描无法获得。",
    "First CT.": "首次CT。",
    "[Cough and fever for two weeks].": "[咳嗽、发热两周]。",
    "[Productive cough with yellow sputum and a temperature of 38.9].": "[咳黄痰，体温38.9]。",
    "[Recent pneumonia, still feverish].": "[近期肺炎，仍发热]。",
    "[Chills, fever and purulent sputum] since Monday.": "周一起[寒战、发热、脓痰]。",
    "[Found by chance], feels well.": "[偶然发现]，自觉良好。",
    "[Feels perfectly healthy], scanned in a screening programme.": "[自觉完全健康]，因筛查项目扫描。",
    "[Incidental finding] before a knee operation.": "膝关节手术前[偶然发现]。",
    "[Well and afebrile], seen for a check-up.": "[一般情况好，无发热]，体检就诊。",
    "[Lost 9 kg in three months] without trying.": "[三个月体重下降9 kg]，非刻意减重。",
    "[Unintended weight loss and night sweats].": "[不明原因体重下降及盗汗]。",
    "[Weight loss and poor appetite] since winter.": "入冬以来[体重下降、食欲差]。",
    "Metformin for diabetes.": "因糖尿病服用二甲双胍。",
    "Retired welder.": "退休焊工。",
    "Hip replacement in 2015.": "2015年行髋关节置换。",
    "Allergic to iodine.": "碘过敏。",
    "Plays in a brass band.": "在管乐队演奏。",
    "Reflux, treated.": "反流，已治疗。",
    "Lives alone with a cat.": "独居，养一只猫。",
    "Hypertension, well controlled.": "高血压，控制良好。",
} | {
    english.format(side=side, depth=depth): chinese.format(side=SIDES[side], depth=DEPTHS[depth])
    for english, chinese in _SUSPECTED.items()
    for side in SIDES
    for depth in DEPTHS
}
WORDINGS: MappingProxyType[str, Wording] = MappingProxyType({"zh": _CHINESE})
