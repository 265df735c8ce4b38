"""Protects: names in a zip come out right whatever letters the program that packed it wrote them in."""

import zipfile

import pytest

from mmcore.cohorts.archive_names import names_of


class Member(zipfile.ZipInfo):
    """A name written as an older program does, without a word of its encoding."""

    encoding = "utf-8"

    def _encodeFilenameFlags(self):
        return self.filename.encode(self.encoding), self.flag_bits & ~0x800


def read_back(path, names, encoding):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            member = Member(name)
            member.encoding = encoding
            archive.writestr(member, b"x")
    with zipfile.ZipFile(path) as archive:
        return names_of(archive.infolist())


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("utf-8", ["图像/病人1.png", "cases.csv"]),
        ("gbk", ["图像/病人1.png", "图像/病人2.png", "病例.csv"]),
        ("cp932", ["画像/かんじゃ1.png", "画像/かんじゃ2.png"]),
        ("cp949", ["영상/환자1.png", "영상/환자둘.png"]),
        ("cp850", ["bilder/Größe1.png", "bilder/für2.png"]),
    ],
)
def test_names_come_out_as_they_went_in(tmp_path, encoding, names):
    assert read_back(tmp_path / "a.zip", names, encoding) == names
