"""What is taken out, as patterns in the order of kinds: each marks the stretch to go as `x`."""

from __future__ import annotations

import re

from mmcore.deidentification.person_names import COMPOUND_ZH, SURNAMES_ZH

WORD = r"(?:[A-Z]['’])?(?:Ma?c)?[A-Z][a-z]+(?:['’-][A-Z]?[a-z]+)*"
CAPITALS = r"(?:[A-Z]['’])?[A-Z]{3,}(?:[-'’][A-Z]{2,})*"  # a surname as forms write it
_NAME = rf"(?:[A-Z]\.\s*)*{WORD}(?:(?:\s+[A-Z]\.)*\s+(?:(?:van|von|de|der|al|bin|la|di)\s+)*{WORD}){{0,2}}"
PARTICLES = r"(?:(?:van|von|de|der|den|ter|ten|zu|zur|di|da|du|del|della|dos|la|le|al|el|bin|ibn)\s+)"
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY = r"(?:3[01]|[12]?\d|0\d)"
_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Pl|Square|Terrace|Crescent)"
)
_NAME_ZH = rf"(?:(?:{'|'.join(COMPOUND_ZH)})[\u4e00-\u9fff]{{1,2}}|[{SURNAMES_ZH}][\u4e00-\u9fff]{{1,2}}?)"
_ROLE_ZH = "(?:主任医师|副主任医师|主治医师|住院医师|主任|医师|医生|大夫|教授|护士长|护士|先生|女士|技师)"
_HOSPITAL = r"(?:Hospitals?|Medical Cent(?:er|re)|Infirmary|Health System|Hospice|Nursing Home)"
_NO_NAME = (  # words before them that name none
    r"(?:The|This|That|Our|Your|His|Her|An?|In|At|To|From|General|Community|University|Regional|District|County|City"
    r"|Memorial|Local|Outside|Other|Another|Day|Teaching|Referring|Private|Public|Veterans|Field|Children['’]s|Academic"
    r"|Tertiary|Rural|Base|Acute|Post|Prior|Previous|Admitting|Home|Psychiatric|Rehabilitation)"
)
_SAYS = r"(?:denies|denied|reports|reported|presents|presented|states|stated|complains|complained|said|c/o)"
_PERSON_DOES = (
    rf"(?:{_SAYS}|attended(?!\s+to)|agrees|agreed|(?:was|is|has been) (?:admitted|discharged|informed|asked|told))"
)
NO_FAMILY = (  # what stands in capitals before a word and is no family name
    r"(?!(?:MRI|MRA|ECG|EKG|EEG|EMG|PET|CXR|KUB|ICU|CCU|ITU|NICU|COPD|CHF|CAD|CABG|PCI|STEMI|NSTEMI|DVT|HTN|GERD|ESRD|AKI|CKD"
    r"|TIA|CVA|ARDS|AIDS|HIV|HPI|PMH|PSH|ROS|SOB|CBC|BMP|CMP|WBC|RBC|INR|LFT|TSH|BNP|ABG|BMI|DOB|MRN|NKDA|PATIENT|NAME|HISTORY"
    r"|PLAN|NOTE|FINDINGS|IMPRESSION|ASSESSMENT|CHIEF|COMPLAINT|EXAM|CHEST|BRAIN|ABDOMEN|SIGNED|DICTATED|REPORTED|SEEN|THE|AND"
    r"|FOR|WITH|NOT)\b)"
)
_NO_GIVEN = r"(?!(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Pt|Patient|The|This|She|He|They|Who|And)\b)"
_LABELS = (
    r"(?:MRN|medical record(?: number| no\.?)?|(?:patient|case|account|chart|accession|encounter|policy|insurance"
    r"|member|study|specimen)\s*(?:ID|no\.?|number|\#)|NHS(?: number| no\.?)?|SSN|ID(?: number| no\.?)?|passport(?: no\.?)?)"
)
_LABELS_ZH = "(?:住院号|门诊号|病历号|病案号|身份证号码?|身份证|医保卡?号|就诊卡?号|检查号|登记号|影像号|床号|护照号|编号|卡号|病人ID|患者ID)"


def _rule(pattern: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(pattern, flags)


RULES: list[tuple[str, re.Pattern[str]]] = [
    ("EMAIL", _rule(r"(?P<x>[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)[^\s，。]+)", re.ASCII)),
    # dates
    ("DATE", _rule(r"(?<!\d)(?P<x>(?:19|20)\d\d[-/.](?:1[0-2]|0?\d)[-/.]" + _DAY + r"(?:[T ]\d\d:\d\d(?::\d\d)?)?)(?!\d)")),
    ("DATE", _rule(r"(?<![\d.])(?P<x>" + _DAY + r"([-/.])(?:3[01]|[12]?\d|0\d)\2(?:(?:19|20)\d\d|\d\d))(?![\d]|\.\d)")),
    ("DATE", _rule(rf"\b(?P<x>{_MONTH}\s+{_DAY}(?:st|nd|rd|th)?(?:,?\s+(?:19|20)\d\d)?)\b", re.IGNORECASE)),
    ("DATE", _rule(rf"\b(?P<x>{_DAY}(?:st|nd|rd|th)?(?:\s+of)?[\s-]+{_MONTH}(?:,?[\s-]+(?:19|20)?\d\d)?)\b", re.IGNORECASE)),
    ("DATE", _rule(rf"\b(?P<x>{_MONTH},?\s+(?:19|20)\d\d)\b", re.IGNORECASE)),
    ("DATE", _rule(r"\b(?:on|dated|DOB:?|seen)\s+(?P<x>(?:1[0-2]|0?[1-9])/(?:3[01]|[12]\d|0?[1-9]))\b(?!/)", re.IGNORECASE)),
    ("DATE", _rule(r"(?P<x>(?:(?:19|20)\d\d|\d\d)年(?:1[0-2]|0?\d)月(?:" + _DAY + r"[日号])?|(?<!\d)(?:1[0-2]|0?\d)月" + _DAY + "[日号])")),
    ("DATE", _rule(r"(?P<x>[一二]?[零〇○一二三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}日)?)")),
    # numbers of persons
    ("ID", _rule(r"(?<!\d)(?P<x>\d{17}[\dXx])(?![\dA-Za-z])")),
    ("ID", _rule(r"(?<!\d)(?P<x>\d{3}-\d{2}-\d{4})(?!\d)")),
    ("ID", _rule(rf"\b{_LABELS}\s*(?:is\s+|[:#.]\s*)*(?P<x>[A-Z]{{0,4}}[-\s]?\d[\dA-Z-]{{2,}})", re.IGNORECASE)),
    ("ID", _rule(rf"{_LABELS_ZH}\s*(?:为|是)?\s*[:：]?\s*(?P<x>[A-Za-z]{{0,4}}-?\d[\dA-Za-z-]*)")),
    ("ID", _rule(r"(?<![\d.,])(?P<x>\d{8,16})(?![\d.,]\d|\d)")),
    # telephones
    ("PHONE", _rule(r"(?<![\d-])(?P<x>(?:\+\d{1,3}[\s.-]?)?(?:\(\d{2,4}\)\s?|\d{2,4}[\s.-])\d{3,4}[\s.-]\d{4}(?:\s*(?:x|ext\.?)\s*\d+)?)(?![\d-])")),
    ("PHONE", _rule(r"(?<!\d)(?P<x>\+\d{1,3}[\s.-]?\d[\d\s.-]{6,13}\d)(?!\d)")),
    ("PHONE", _rule(r"(?<!\d)(?P<x>(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}|0\d{2,3}[\s-]\d{7,8})(?!\d)")),
    ("PHONE", _rule(r"\b(?:tel|phone|mobile|pager|fax|cell)\b\.?\s*(?:no\.?|number)?\s*(?:is\s+)?[:#]?\s*(?P<x>\+?\(?\d[\d\s().-]{4,}\d)", re.IGNORECASE)),
    ("PHONE", _rule(r"(?:电话|手机|联系方式|联系电话|传真)(?:号码?)?\s*(?:为|是)?\s*[:：]?\s*(?P<x>\+?\d[\d\s-]{5,}\d)")),
    # places
    ("ADDRESS", _rule(rf"\b(?P<x>\d{{1,5}}[A-Za-z]?\s+(?:[NSEW]\.?\s+)?(?:{WORD}\s+){{1,3}}{_STREET}\b\.?(?:,?\s*(?:Apt|Apartment|Suite|Unit|\#)\.?\s*\w+)?(?:,\s*{WORD}(?:\s+{WORD})?)?(?:,?\s+[A-Z]{{2}})?(?:,?\s+\d{{5}}(?:-\d{{4}})?)?)")),
    ("ADDRESS", _rule(rf"\b(?P<x>{WORD}(?:\s{WORD})?,\s+[A-Z]{{2}}\s+\d{{5}}(?:-\d{{4}})?)\b")),
    ("ADDRESS", _rule(r"\b(?P<x>P\.?\s?O\.?\s+Box\s+\d+)\b", re.IGNORECASE)),
    ("ADDRESS", _rule(rf"\b(?:lives|living|resides|residing|resident)\s+(?:at|in|of)\s+(?P<x>{WORD}(?:\s{WORD})?(?:,\s+{WORD})?)")),
    ("ADDRESS", _rule(r"(?P<x>(?:[\u4e00-\u9fff]{2,7}?(?:省|自治区))?[\u4e00-\u9fff]{2,7}?(?:市|州|盟)[\u4e00-\u9fff]{1,8}?(?:区|县|市|镇|乡)(?:[\u4e00-\u9fff\d]{1,20}?(?:路|街|道|巷|弄|村|小区|里))?(?:\d+[号弄])?(?:\d+[栋幢座号楼]+)?(?:\d+单元)?(?:\d+室?)?)")),
    ("ADDRESS", _rule(r"(?P<x>[\u4e00-\u9fff]{2,6}(?:路|街|大道|巷|弄)\d+[号弄](?:\d+[栋幢座号楼]+)?(?:\d+单元)?(?:\d+室)?)")),
    ("ADDRESS", _rule(r"(?:住址|地址|家住|现住|居住于|户籍)\s*[:：]?\s*(?P<x>[\u4e00-\u9fff\d]{4,30})")),
    ("HOSPITAL", _rule(rf"\b(?P<x>(?!(?:{_NO_NAME}\s+)+{_HOSPITAL}\b)(?:(?:St|Mt)\.?\s+|(?:Saint|Mount)\s+)?(?:{WORD}\s+(?:(?:of|and|the|&)\s+)*){{1,4}}{_HOSPITAL})\b")),
    ("HOSPITAL", _rule(rf"\b(?P<x>(?:(?:(?:St\.?|Saint)\s+)?{WORD}['’]s|(?:St\.?|Saint)\s+{WORD}|Mayo|Cleveland)\s+Clinic)\b")),
    ("HOSPITAL", _rule(rf"\b(?P<x>University Hospital\s+(?:of\s+)?{WORD})\b")),
    ("HOSPITAL", _rule(r"(?:^|(?<=[于在至到往由从经，。；：、\s]))(?P<x>(?:(?![于在至到往由从经])[\u4e00-\u9fff]){2,10}?(?:市|省|县|区|大学|附属|协和|同济|华西|湘雅|人民|中心|第[一二三四五六七八九十]+)[\u4e00-\u9fff]{0,8}?医院)")),
    # great ages
    ("AGE", _rule(r"\b(?P<x>9\d|1[01]\d)(?=[\s-]*(?:years?|yrs?|y/?o|yo)\b)", re.IGNORECASE)),
    ("AGE", _rule(r"(?<!\d)(?P<x>9\d|1[01]\d)(?=岁)")),
    # names
    ("NAME", _rule(rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sr|Sister|Nurse)\b\.?\s+(?P<x>{_NAME})")),
    ("NAME", _rule(rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof)\b\.?\s+(?P<x>{CAPITALS}(?:\s+{CAPITALS})?)\b")),
    ("NAME", _rule(rf"\b(?:[Pp]t|[Pp]atient)\b\.?\s+(?P<x>{WORD}|{CAPITALS})(?=\s+{_SAYS}\b)")),
    ("NAME", _rule(rf"(?i:\b(?:patient|pt|name)\s*:\s*)(?P<x>{CAPITALS},\s*(?:{CAPITALS}|{WORD})(?:\s+[A-Z]\b\.?)?)")),
    ("NAME", _rule(rf"\b(?P<x>{CAPITALS},\s+(?:{CAPITALS}|{WORD})\s+[A-Z]\.)")),
    ("NAME", _rule(rf"\b(?P<x>{CAPITALS},\s+(?:{CAPITALS}|{WORD}))(?=,?\s*\(?(?:DOB|MRN|born\b))")),
    ("NAME", _rule(rf"\b(?P<x>{NO_FAMILY}{CAPITALS}\s+{_NO_GIVEN}{WORD}|{_NO_GIVEN}{WORD}\s+{NO_FAMILY}{CAPITALS})(?=,?\s*\(?(?:DOB|MRN|born\b)|,?\s+{_PERSON_DOES}\b)")),
    ("NAME", _rule(rf"\b(?P<x>{PARTICLES}{{1,3}}(?:{WORD}|{CAPITALS}),\s*(?:[A-Z]\.\s?)*[A-Z]\.(?!\w))")),
    ("NAME", _rule(rf"\b(?P<x>(?:[A-Z]\.\s?)+{PARTICLES}{{1,3}}(?:{WORD}|{CAPITALS}))\b")),
    ("NAME", _rule(rf"\b(?P<x>{NO_FAMILY}{CAPITALS},\s*(?:[A-Z]\.\s?)*[A-Z]\.)(?!\s*[a-z]|\w)")),
    ("NAME", _rule(rf"\b(?P<x>{WORD},\s*(?:[A-Z]\.\s?){{1,2}}[A-Z]\.)(?!\w)")),
    ("NAME", _rule(rf"\b(?P<x>{_NAME}),?\s+(?:M\.?D\.?|R\.?N\.?|D\.?O\.?|Ph\.?D\.?|FRCP|MBBS|NP|PA-C)\b")),
    ("NAME", _rule(rf"(?i:\b(?:patient(?:'s)?(?: name)?|pt\.?|name|physician|attending|surgeon|radiologist|cardiologist|referred by|referring (?:physician|doctor)|signed(?: by)?|dictated by|reported by|reviewed by|seen by|examined by|discussed with|contact|next of kin|wife|husband|son|daughter|mother|father|brother|sister|spouse|carer|gp|pcp|cc)\s*(?:is\s+|[:,]\s*|\s))(?P<x>{_NAME.replace('{0,2}', '{1,2}')})")),
    ("NAME", _rule(r"(?i:\b(?:patient name|name|signed|dictated by|reported by|attending|physician|gp)\s*:\s*)(?P<x>[A-Z][A-Za-z'’-]+(?:(?:,\s*|\s+)(?:[A-Z]\.|[A-Z][A-Za-z'’-]+)){0,3})")),
    ("NAME", _rule(rf"(?:患者|病人|姓名|联系人|家属|医师|医生|报告者|审核者|检查者|记录者|签名|签字|主诊|术者|助手|其妻|其夫|其子|其女|其母|其父)(?:姓名)?\s*(?:为|是|叫|名叫)?\s*[:：]?\s*(?P<x>{_NAME_ZH.replace('{1,2}?', '{1,2}')})(?=[，。,；;、（(\s\d]|$|男|女|系|因|于|为|诉|自|来|的|签|审|陪|同|到|在|称|{_ROLE_ZH})")),
    ("NAME", _rule(rf"(?P<x>{_NAME_ZH})(?={_ROLE_ZH})")),
    ("NAME", _rule(rf"(?:^|[，。；、（\s由经请与和向同])(?P<x>[{SURNAMES_ZH}])(?={_ROLE_ZH})")),
    ("NAME", _rule(rf"(?:^|[，。；：:\s])(?P<x>{_NAME_ZH.replace('{1,2}?', '{1,2}')})(?=[，,、\s]*(?:男|女)(?:性)?[，,、\s])")),
]  # fmt: skip
