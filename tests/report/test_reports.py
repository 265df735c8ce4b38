"""Protects the three reports: each opens, says the answer first and what it is not for, shows no single case."""

from __future__ import annotations

import io
import re
from copy import copy
from dataclasses import replace

import pytest

from mmcore.base.values import Kind
from mmcore.cohorts import open_cohort
from mmcore.cohorts.auditing import AuditFinding, Severity
from mmcore.report.document import LETTERS, Document, Picture, Section, Table
from mmcore.report.drawings import MethodScore, intervals
from mmcore.report.html import write_html
from mmcore.report.pdf import write_pdf
from mmcore.report.slides import write_slides
from mmcore.report.table_one import table_one


@pytest.fixture
def document() -> Document:
    scores = [MethodScore("labs", 0.7, 0.65, 0.75, "single"), MethodScore("concat", 0.8, 0.76, 0.84, "fusion"),
              MethodScore("logistic", 0.79, float("nan"), float("nan"), "plain")]  # fmt: skip
    rows = tuple((f"row {i}", "<b>&", "0.8") for i in range(30))
    return Document(
        "A <title> & more",
        ("Fusion helps here.",),
        "Not for clinical use.",
        (
            Section("Words", ("One line ≥ two.",)),
            Section("A table", (), Table(("name", "text", "AUROC"), rows, "A note.", frozenset({3}))),
            Section("A picture", ("What it shows.",), None, intervals(scores, "AUROC", 0.9)),
        ),
        "Made today.",
    )


def words_of_pdf(data: bytes) -> str:
    pypdf = pytest.importorskip("pypdf")
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def words_of_slides(data: bytes) -> list[str]:
    from pptx import Presentation

    slides = []
    for slide in Presentation(io.BytesIO(data)).slides:
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        tables = [
            cell.text for shape in slide.shapes if shape.has_table for row in shape.table.rows for cell in row.cells
        ]
        slides.append("\n".join([*texts, *tables]))
    return slides


def test_html_needs_nothing_else_and_escapes_what_it_is_given(document):
    page = write_html(document).decode()
    assert "<b>&" not in page and "&lt;b&gt;&amp;" in page and "A &lt;title&gt; &amp; more" in page
    assert not re.search(r"<script|https?://|<link", page), "no network, no script"
    assert page.index("Fusion helps here.") < page.index("<h2>") and 'alt="' in page
    assert ":root { color-scheme: light; background: #fff }" in page, "dark words need it where a dark page shows it"


def test_pdf_holds_every_row(document):
    text = words_of_pdf(write_pdf(document))
    assert "Fusion helps here." in text and "One line ≥ two." in text
    assert all(f"row {i}" in text for i in range(30))


def test_slides_divide_a_long_table_and_name_the_picture(document):
    slides = words_of_slides(write_slides(document))
    assert "Fusion helps here." in slides[0] and "Not for clinical use." in slides[0]
    assert sum("A table" in slide for slide in slides) == 2
    assert all(any(f"row {i}\n" in slide + "\n" for slide in slides) for i in range(30))


def test_chinese_is_written_in_a_font_that_has_it(document):
    text = words_of_pdf(write_pdf(Document("心脏病", ("融合有帮助。",), "不用于临床。", (), "今天")))
    assert "融合有帮助" in text


def test_picture_is_a_png():
    picture = intervals([MethodScore("a", 0.5, 0.4, 0.6, "fusion")], "AUROC", None)
    assert isinstance(picture, Picture) and picture.png.startswith(b"\x89PNG") and "AUROC" in picture.alt


def test_columns_are_as_wide_as_their_longest_word():
    table = Table(("a", "balanced_accuracy"), (("x", "1"),))
    assert abs(sum(table.shares) - 1) < 1e-9 and table.shares[1] > 0.7


def test_a_number_with_its_interval_takes_no_more_room_than_it_needs_and_is_not_broken():
    table = Table(
        ("method", *"abc"), (("Plain: logistic regression of each grid cell", *3 * ["0.824 [0.773, 0.866]"]),)
    )
    assert table.shares[0] > 0.28, "three of them leave the name room for two lines"
    assert min(table.shares[1:]) * LETTERS > len("0.824 [0.773, 0.866]") + 2
    page = write_html(Document("A", ("b",), "c", (Section("d", (), table),), "e")).decode()
    assert page.count("<td class=whole>0.824") == 3 and "<td>Plain" in page


def test_numbers_with_intervals_keep_their_room_beside_many_long_names():
    names = ("Ridge-penalised regression: xray", "Average of single-input regressions")
    columns = ("method", "AUROC", "AUPRC", "Accuracy", "Balanced accuracy", "F1", "Precision", "AUROC against labs")
    whole = "+0.127 [+0.046, +0.208]"
    table = Table(columns, tuple((name, *["0.676"] * 6, whole) for name in names))
    assert table.shares[-1] * LETTERS > 1.1 * len(whole) and table.shares[0] * LETTERS > len("Ridge-penalised") + 2


def test_chinese_signs_get_the_room_they_take(document):
    columns = ("方法", "AUROC")
    wide, narrow = (Table(columns, ((cell, "0.8"),)).shares[0] for cell in ("逻辑回归（全部输入）", "logistic"))
    assert wide > 1.15 * narrow
    rows = tuple((f"第{i}行：" + "全部输入的平均" * 9, "0.8") for i in range(20))
    section = Section("表", (), Table(columns, rows, "注。"))
    slides = words_of_slides(write_slides(Document("标题", ("回答",), "注意", (section,), "今天")))
    assert sum("表\n" in slide for slide in slides) > 1, "rows of two lines need more than one slide"


class TestTableOne:
    def test_means_and_shares_are_those_of_the_cohort(self):
        cohort = open_cohort("heart", cases=120)
        table = table_one(cohort)
        age = next(row for row in table.rows if row[0].startswith("age"))
        values = cohort.table["age"].dropna().to_numpy(float)
        assert age[1] == f"{values.mean():.3g} ({values.std(ddof=1):.2g})"
        ill = cohort.table["age"][cohort.target == 1].dropna().to_numpy(float)
        assert age[3] == f"{ill.mean():.3g} ({ill.std(ddof=1):.2g})"
        sex = next(row for row in table.rows if row[0].startswith("sex"))
        category = sex[0].split(": ")[1]
        assert sex[1].startswith(f"{int((cohort.table['sex'] == category).sum())} (")

    def test_codes_of_places_are_counted_and_not_averaged(self, tmp_path):
        rows = [f"p{i},{40 + i % 37},{i % 12},{i % 7}.0,{'ab'[i % 5 < 2]}" for i in range(120)]
        (tmp_path / "cases.csv").write_text("id,age,scanner,pack_years,label\n" + "\n".join(rows))
        table = table_one(open_cohort(tmp_path))
        named = {row[0]: row[1] for row in table.rows}
        assert (
            named["scanner"] == "" and named["  0"] == "10 (8%)" and "(" in named["age"] and "(" in named["pack_years"]
        )
        assert named["  4 others"] == "40 (33%)", "what is rarer is counted, not dropped"

    def test_none_without_a_table(self, tmp_path):
        (tmp_path / "cases.csv").write_text(
            "id,note,label\n" + "\n".join(f"p{i},some words about a patient {i},{'ab'[i % 2]}" for i in range(20))
        )
        cohort = open_cohort(tmp_path)
        assert all(spec.kind is not Kind.TABLE for spec in cohort.inputs.values()) and table_one(cohort) is None


class TestOfAComparison:
    @pytest.fixture(scope="class")
    def comparison(self, tmp_path_factory):
        from mmcore import studies
        from mmcore.training import TrainingSpec

        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("MMCORE_HOME", str(tmp_path_factory.mktemp("home")))
            cohort = studies.open("breast_cancer", cases=120)
            settings = studies.StudySettings(folds=2, seeds=1, training=TrainingSpec(epochs=2, width=8))
            yield studies.compare(cohort, ["mean", "worst", "concat"], None, settings)

    def test_it_says_what_was_compared_and_shows_no_case(self, comparison):
        from mmcore.studies.reporting import report_bytes, report_document

        findings = [
            AuditFinding("duplicates", Severity.HIGH, "Two cases are one.", "Keep one.", cases=("breast_cancer-001",))
        ]
        document = report_document(comparison, findings)
        headings = [section.heading for section in document.sections]
        assert {"The cohort", "What could mislead", "The comparison", "Limits", "Methods"} <= {*headings}
        page = report_bytes(document, ".html").decode()
        assert "Two cases are one." in page and "malignant" in page and document.answer[0] in page
        assert not any(id in page for id in comparison.cohort.ids), "no case by name"
        score = comparison.by_method["concat"].metrics[comparison.metric].mean
        assert f"{score:.3f}" in page
        for suffix in (".pdf", ".pptx"):
            assert len(report_bytes(document, suffix)) > 5000

    def test_findings_are_as_grave_as_the_audit_says(self, comparison):
        from mmcore.studies.reporting import report_document

        likely = AuditFinding("zeros", Severity.MEDIUM, "Some cells are 0.", "Empty them.")
        leak = AuditFinding("leaks", Severity.HIGH, "One column tells it.", "Nothing to do.", {"left_out": True})
        grave = AuditFinding("duplicates", Severity.HIGH, "Two cases are one.", "Keep one.")
        for findings, lead, words in (
            ([leak], "Nothing makes the scores worthless", "scores would be worthless if it were used"),
            ([likely, leak], "1 finding can make the scores look better or worse", "scores may be wrong"),
            ([grave, likely, leak], "1 finding can make the scores worthless", "scores may be worthless"),
        ):
            sections = {section.heading: section for section in report_document(comparison, findings).sections}
            section = sections["What could mislead"]
            assert section.lines[0].startswith(lead) and section.table is not None and section.table.rows[0][0] == words

    def test_a_case_is_shown_only_where_somebody_picks_it(self, comparison):
        from mmcore.base.errors import NotFound
        from mmcore.studies.reporting import report_bytes, report_document

        picked, other = comparison.cohort.ids[:2]
        page = report_bytes(report_document(comparison, [], picked), ".html").decode()
        assert f"One case: {picked}" in page and other not in page and "without it" in page
        with pytest.raises(NotFound):
            report_document(comparison, [], "nobody")

    def test_attention_is_reported_as_it_was_tested(self, comparison):
        from mmcore.report.attention_tests import attention
        from mmcore.studies.reporting import report_document

        headings = {section.heading: section for section in report_document(comparison, []).sections}
        assert "not tested" in headings["Can the attention be believed?"].lines[0]
        row = {
            "attention": "inputs", "faithful": True, "better_than_even": False, "by": "attention", "cases": 9,
            "verdict": "cross_attention is hardly a guide.", "agreement": {"integrated_gradients": 0.25},
            "explanations": {"attention": {"deletion_vs_random": {"mean": -0.1}}},
        }  # fmt: skip
        section = attention({"cross_attention": row})
        assert section.lines == ("Cross attention is hardly a guide.",)
        assert attention({"cross_attention": row, "gated": row}).lines[0].startswith("Here no method's attention")
        assert section.table.rows == (("cross attention", "whole inputs", "yes", "no", "−0.100", "+0.25"),)
        silent = row | {"attention": None}
        assert attention({"concat": silent}).lines[-1].startswith("Concat shows no weights")
        assert attention({"concat": silent, "late": silent}).lines[-1].startswith("Concat and late show no weights")

    def test_encoders_in_which_the_runs_differ_are_each_named(self, comparison):
        from mmcore.report import method_sections
        from mmcore.runs import EncoderChoice

        run, other = comparison.by_method["mean"], copy(comparison.by_method["mean"])
        uniform = method_sections.methods({"mean": run})
        name = run.spec.inputs[0]
        assert "reads the same features" in uniform[0].lines[0] and len(uniform[1].table.rows) == 1
        choice = next(c for c in ("columns", "standardised") if c != run.spec.encoders[name].name)
        other.spec = run.spec.model_copy(update={"encoders": {name: EncoderChoice(name=choice)}})
        mixed = method_sections.methods({"mean": run, "mean again": other})
        assert "with the same encoder" in mixed[0].lines[0] and len(mixed[1].table.rows) == 2

    def test_the_model_card_has_the_sections_of_its_paper(self, comparison):
        from mmcore.report.model_card import card_document, model_card

        run = comparison.by_method["concat"]
        assert [section.heading for section in card_document(run, comparison.cohort).sections] == [
            "Model details", "Intended use", "Factors", "Metrics", "Evaluation data", "Training data",
            "Quantitative analyses", "Ethical considerations", "Caveats and recommendations",
        ]  # fmt: skip
        assert f"{run.metrics['auroc'].mean:.3f}" in model_card(run) and run.key in model_card(run)
        card = model_card(run)
        nan = float("nan")
        few = copy(run)
        few.metrics = {name: replace(score, low=nan, high=nan) for name, score in run.metrics.items()}
        assert "jackknife" not in model_card(few) and "spread over seeds" not in card, "there are none, of one seed"
        assert "95% interval" in card and "– to –" not in model_card(few) and "– – –" not in model_card(few)
        assert "in turn (jackknife)" in card and "(Wilson)" in card, "not every interval is found in the same way"

    def test_where_it_cannot_be_written_is_told_before_any_work(self, tmp_path):
        from mmcore.base.errors import BadInput, NotFound
        from mmcore.studies.reporting import check_report_path

        with pytest.raises(NotFound, match="docx"):
            check_report_path(tmp_path / "report.docx")
        with pytest.raises(BadInput, match="no folder"):
            check_report_path(tmp_path / "absent" / "report.pdf")
        assert check_report_path(tmp_path / "report.pdf").name == "report.pdf"


def test_a_signal_without_a_rate_is_counted_in_samples():
    import numpy as np

    from mmcore.base.values import Case, InputSpec, Signal
    from mmcore.report.worked_case import WorkedCase, worked_case

    signal = Signal(np.zeros((2, 50), np.float32), None, ("I", "II"))
    spec = InputSpec(name="ecg", kind=Kind.SIGNAL, columns=("ecg",))
    first, second = worked_case(WorkedCase(Case("c", {"ecg": signal}), "gated", "Well.", {}, {}), {"ecg": spec})
    assert first.picture is not None and "50 samples of I, II" in second.table.rows[0][1]
    many = Signal(np.zeros((14, 50), np.float32), None, tuple(f"E{i + 1}" for i in range(14)))
    *_, third = worked_case(WorkedCase(Case("c", {"ecg": many}), "gated", "Well.", {}, {}), {"ecg": spec})
    assert "E11, E12 and 2 more, see the picture" in third.table.rows[0][1]


@pytest.mark.parametrize(
    ("in_points", "unit"), [(True, "adds, in percentage points"), (False, "adds, in the target's unit")]
)
def test_what_an_input_adds_is_told_in_its_own_unit(in_points, unit):
    from mmcore.base.values import Case, InputSpec
    from mmcore.report.worked_case import WorkedCase, worked_case

    spec = InputSpec(name="note", kind=Kind.TEXT, columns=("note",))
    worked = WorkedCase(Case("c", {"note": "well"}), "gated", "Well.", {"note": "−5.5"}, {}, in_points=in_points)
    assert unit in worked_case(worked, {"note": spec})[-1].table.columns


def test_cases_are_not_named_in_sentences_about_the_cohort():
    from mmcore.report.nameless import nameless

    cohort = open_cohort("heart", cases=20)
    first, second = cohort.ids[:2]
    assert nameless(f"2 share their content: {first} and {second}.", cohort) == (
        "2 share their content: (a case) and (a case)."
    )
