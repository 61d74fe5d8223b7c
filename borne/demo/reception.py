"""What the kiosks of the demo's centres offer and show: services, warning signs, the technician's corner. Pure."""

from __future__ import annotations

from core.edge.reception import ReceptionTable, WarningTable
from core.edge.site import Service

__all__ = ["CARE", "FEW_SERVICES", "RECEPTION", "SERVICES", "WARNING"]

_CONSULTATION = Service(
    id="consultation",
    name={"fr": "Consultation", "en": "See a doctor", "es": "Consulta médica", "ar": "استشارة طبية"},
    phrase={
        "fr": "fièvre, toux, douleur",
        "en": "fever, cough, pain",
        "es": "fiebre, tos, dolor",
        "ar": "حمى، سعال، ألم",
    },
    pictogram="doctor",
)
_CHILD = Service(
    id="enfant",
    name={"fr": "Enfant", "en": "Child", "es": "Niño", "ar": "طفل"},
    phrase={"fr": "jusqu’à 15 ans", "en": "up to 15 years old", "es": "hasta 15 años", "ar": "حتى سن 15"},
    pictogram="child",
)
_WOUND = Service(
    id="soins",
    name={"fr": "Petite blessure", "en": "Small injury", "es": "Herida leve", "ar": "إصابة بسيطة"},
    phrase={
        "fr": "coupure, brûlure, entorse",
        "en": "cut, burn, sprain",
        "es": "corte, quemadura, esguince",
        "ar": "جرح، حرق، التواء",
    },
    pictogram="wound",
)
_RESULT = Service(
    id="resultat",
    name={
        "fr": "Retour avec un résultat",
        "en": "Back with a result",
        "es": "Vuelvo con un resultado",
        "ar": "العودة مع نتيجة",
    },
    phrase={
        "fr": "radio, prise de sang",
        "en": "X-ray, blood test",
        "es": "radiografía, análisis de sangre",
        "ar": "أشعة، تحليل دم",
    },
    pictogram="result",
    is_result=True,
)
FEW_SERVICES = [_CONSULTATION, _WOUND]
"""Of a centre that offers little."""
SERVICES = [_CONSULTATION, _CHILD, _WOUND, _RESULT]
CARE = Service(
    id="nursing",
    name={"fr": "Soins infirmiers", "en": "Nursing care", "es": "Enfermería", "ar": "تمريض"},
    is_care=True,
)

RECEPTION = ReceptionTable(corner_code="2468")

WARNING = WarningTable(
    signs=[
        {"fr": "douleur dans la poitrine", "en": "chest pain", "es": "dolor en el pecho", "ar": "ألم في الصدر"},
        {
            "fr": "mal à respirer",
            "en": "trouble breathing",
            "es": "dificultad para respirar",
            "ar": "صعوبة في التنفس",
        },
        {
            "fr": "visage de travers, bras faible, parole difficile",
            "en": "drooping face, weak arm, slurred speech",
            "es": "cara torcida, brazo débil, habla difícil",
            "ar": "اعوجاج الوجه، ضعف ذراع، صعوبة كلام",
        },
        {"fr": "saignement abondant", "en": "heavy bleeding", "es": "sangrado abundante", "ar": "نزيف شديد"},
        {
            "fr": "bébé de moins de 3 mois avec fièvre",
            "en": "baby under 3 months with fever",
            "es": "bebé de menos de 3 meses con fiebre",
            "ar": "رضيع دون 3 أشهر مع حمى",
        },
    ],
    signed_by="Dr Vallon, 12/11/2026",
)
