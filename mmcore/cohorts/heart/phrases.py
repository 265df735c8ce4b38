"""Words of the notes. In a sentence, `[...]` marks the phrase that carries the finding."""

from __future__ import annotations

# Presenting complaint when the patient has chest pain, and when not.
CHEST_PAIN = (
    "Woken at night by [crushing chest pain].",
    "Since this morning [severe chest pain radiating into the left arm].",
    "[Heavy central chest pain] for three hours.",
    "Reports [chest pain with sweating] since breakfast.",
    "[Squeezing chest pain] that came on at rest.",
    "Came in with [retrosternal chest pain] and nausea.",
    "[Tight band-like chest pain] after lunch, still there on arrival.",
)
OTHER_COMPLAINT = (
    "Came for a yearly check-up.",
    "Seen before a hernia repair.",
    "Referred for an abnormal insurance examination.",
    "Here for the renewal of a driving licence.",
    "Seen because of a lingering cough.",
    "Referred from the eye clinic before cataract surgery.",
    "Feels tired and sleeps poorly.",
)
NO_CHEST_PAIN = (
    "[Denies chest pain].",
    "[No chest pain] at any time.",
    "[Denies any chest discomfort], also when pressed.",
    "[Free of chest pain].",
)
BREATHLESS = (
    "[Breathless on one flight of stairs].",
    "[Short of breath when lying flat, sleeps on three pillows].",
    "Wakes at night [gasping for breath] and has [swollen ankles].",
    "[Orthopnoea] and [leg swelling by the evening].",
    "Increasing [shortness of breath] over the last weeks, [ankles swollen].",
    "Reports [dyspnoea on slight effort] and [weight gain with swollen legs].",
)
NOT_BREATHLESS = (
    "No orthopnoea, no leg swelling.",
    "Sleeps flat without trouble.",
    "Climbs stairs without getting breathless.",
    "No shortness of breath.",
    "Denies dyspnoea and ankle swelling.",
)
FAMILY = (
    "[Father died of a heart attack at 48].",
    "Family history: [brother had a myocardial infarction at 44].",
    "[Mother had bypass surgery before she was 55].",
    "[Two uncles died suddenly before 50], [father has coronary stents].",
)
NO_FAMILY = (
    "Parents lived past 85.",
    "Family history unremarkable.",
    "Nothing of note in the family.",
    "Siblings are healthy.",
)
LEGS = (
    "[Cramping calf pain after 100 metres], gone on standing still.",
    "Known [intermittent claudication] of the left leg.",
    "Has to stop walking because of [calf cramps on the way to the bus].",
)
MEDICATION = (
    "Takes levothyroxine.",
    "On pantoprazole for reflux.",
    "No regular medication.",
    "Uses an inhaler in spring.",
    "Paracetamol now and then.",
    "Takes vitamin D and magnesium.",
)
IRRELEVANT = (
    "Knee replacement two years ago.",
    "Works as a school teacher.",
    "Allergic to penicillin.",
    "Appendix removed in childhood.",
    "Recently back from holiday in Portugal.",
    "Wears hearing aids.",
    "Tends a large garden.",
    "Mild hay fever.",
    "Lives with two dogs on the third floor.",
    "Retired bus driver.",
)
OPENING = {  # female?
    True: ("Woman, seen today.", "She was seen in the clinic.", "Female patient."),
    False: ("Man, seen today.", "He was seen in the clinic.", "Male patient."),
}
