"""Columns of a table that name persons, or hold texts in which they may be named, besides those that are read."""

from __future__ import annotations

import re
from collections.abc import Collection

import pandas as pd

from mmcore.base.name_lists import first_of
from mmcore.base.settings import _
from mmcore.base.values import InputSpec
from mmcore.cohorts.column_content import is_identifier, is_numbers, too_many_values
from mmcore.cohorts.grouping import names_persons
from mmcore.cohorts.names import plain, words

# What a person is called, lives at and is reached by, as columns say it in the languages that exports come in. As
# `plain` writes names: small letters without spaces, and "strasse".
_NAMES = (
    "full|first|last|middle|maiden|given|sur|fore|family|contact|legal|preferred", "vor|nach|zu|familien|geburts|ruf",
    "surname|forename|initials|vorname|nachname|zuname|nom|noms|pr[ée]noms?|nomdefamille|nomdenaissance|nomusuel"
    "|nombres?|apellidos?|(?:primer|segundo)apellido|nome|cognome|sobrenome|naam|voornaam|achternaam|namn|f[öo]rnamn"
    "|efternamn|navn|fornavn|etternavn|imi[eę]|nazwisko|jm[ée]no|p[řr][íi]jmen[íi]|имя|фамилия|отчество|фио"
    "|氏名|名前|お名前|姓|名|姓名|名字|カナ|カナ氏名|氏名カナ|フリガナ|ふりがな|이름|성명|성함",
)  # fmt: skip
_PLACES = (
    "(?:home|street|postal|mailing|residential)?address(?:line)?|street|streetname|adresse|anschrift|wohnanschrift|strasse"
    "|strassehausnummer|hausnummer|wohnort|rue|direcci[óo]n|domicilio|indirizzo|endere[çc]o|morada|adres|адрес|住所|地址|住址|주소"
)
_CALLS = (
    "(?:home|work|mobile|cell|tele)?(?:phone|tel)s?(?:no|nr|number)?|(?:mobile|cell)(?:no|nr|number)|fax(?:no|nr|number)?"
    "|telefon|telefax|telefonnummer|telefonnr|handy|handynummer|handynr|mobil|mobilnummer|mobiltelefon|festnetz"
    "|t[ée]l[ée]phone|portable|tel[ée]fono|telefone|celular|cellulare|m[óo]vil|телефон|電話|電話番号|携帯|电话|电话号码|联系电话|手机|手机号"
    "|手机号码|联系方式|전화|전화번호|휴대폰|휴대전화|연락처|(?:e?mail|email)(?:address|adresse|id)?|e?mailadresse|courriel|correo"
    "|correoelectr[óo]nico|メール|メールアドレス|邮箱|电子邮箱|이메일"
)
_NUMBERS = (
    "ssn|socialsecurity(?:no|number)?|passport(?:no|number)?|nationalid|insurance(?:no|number|id)|medicare(?:no|number)?"
    "|versichertennummer|versichertennr|krankenkassennummer|kvnr|sozialversicherungsnummer|ahv(?:nr|nummer)?|nir|num[ée]ros[ée]cu"
    "|dni|nie|curp|cpf|codicefiscale|bsn|pesel|personnummer|cprnr|f[øo]dselsnummer|aadhaar|снилс|身份证|身份证号|身份证号码|医保号"
    "|医保卡号|社保号|保険証番号|保険者番号|주민등록번호|주민번호|건강보험번호"
)
_WHO = (
    "patients?|patienten|pat|pt|person|participant|subject|contact(?:person)?|kontakt(?:person)?|emergencycontact|nextofkin"
    "|nok|guardian|mothers?|fathers?|parents?|spouse|partner|caregiver|carer|患者|病人|患者の|환자|联系人|監護人|监护人|보호자"
)
_OF_A_PERSON = re.compile(
    rf"(?:{_WHO})?(?:names?|(?:{_NAMES[0]})names?|(?:{_NAMES[1]})name|{_NAMES[2]}|{_PLACES}|{_CALLS}|{_NUMBERS})(?:of|de|du|del|des)?"
    rf"(?:{_WHO})?\d?|(?:{_WHO})?(?:nextofkin|nok|contactperson|kontaktperson|emergencycontact|notfallkontakt|ansprechpartner"
    r"|angeh[öo]rige[r]?|hausarzt|联系人|紧急联系人|監護人|监护人|緊急連絡先|연락처|보호자)\d?"
)
_FEW = 20  # different values of a category: it names no persons, whatever it is called
# Words of a column's name that are reason enough where nothing uses it.
_PERSONAL = {
    "name", "names", "birth", "birthdate", "birthday", "dob", "geburtsdatum", "geburtstag", "geb", "gebdatum",
    "naissance", "nacimiento", "nascita", "nascimento", "geboortedatum", "contact", "kontakt", "mail", "insurance",
    "phone", "mobile", "address", "plz", "postleitzahl", "postcode", "zip", "zipcode",
}  # fmt: skip
_PERSONAL_ASIAN = re.compile(
    "姓名|氏名|名前|出生|生日|生年月日|住址|住所|地址|电话|電話|手机|身份证|医保|联系人|이름|성명|생년월일|주소|전화|연락처|주민"
)
_LISTED = 6


def tells_a_person(cells: pd.Series, name: str) -> str | None:
    """Why this column can be no input where it is called as names, addresses and numbers of persons are, or None."""
    if not _OF_A_PERSON.fullmatch(plain(name)):
        return None
    different, filled = cells.nunique(), int(cells.notna().sum())
    return _("names, addresses or numbers of persons") if different > min(_FEW, filled / 2) else None


def without_persons(
    table: pd.DataFrame,
    inputs: Collection[InputSpec],
    roles: Collection[str | None],
    group: str | None,
    problems: list[str],
) -> pd.DataFrame:
    """The table without columns that nothing uses and that are called as names, numbers and dates of birth of persons
    are, or hold texts; a group of persons is numbered anew. Both is told in `problems`.

    roles: columns that no input reads and that are used, the group among them.
    """
    used = {*roles, *(column for spec in inputs for column in spec.columns)}
    personal = [str(column) for column in table.columns if column not in used and _is_personal(table[column])]
    if personal:
        problems.append(
            _("Columns that may name persons are not used, and are left out of the cohort: {columns}.").format(
                columns=first_of([f"'{column}'" for column in personal], _LISTED)
            )
        )
        table = table.drop(columns=personal)
    if group is not None and (names_persons(group) or is_identifier(group) or _OF_A_PERSON.fullmatch(plain(group))):
        codes = table[group].factorize()[0]
        numbers = [None if code < 0 else str(code + 1) for code in codes]
        table = table.assign(**{group: pd.Series(numbers, table.index, dtype=object)})
        problems.append(
            _(
                "The values of '{column}', the group, may tell who a person is: they are replaced by 1, 2, 3 and so on."
            ).format(column=group)
        )
    return table


def _is_personal(column: pd.Series) -> bool:
    return named_personal(str(column.name)) or (not is_numbers(column) and too_many_values(column))


def named_personal(name: str) -> bool:
    """Whether a column is called as names, numbers, addresses and dates of birth of persons are."""
    if is_identifier(name) or {*words(name)} & _PERSONAL or _PERSONAL_ASIAN.search(name):
        return True
    return bool(_OF_A_PERSON.fullmatch(plain(name)))
