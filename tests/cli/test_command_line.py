"""The command line: JSON stable and strict, a mistake is one line and exit code 2, one bad file sinks no cohort."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from mmcore import runs
from mmcore.base.errors import BadInput
from mmcore.base.registry import check_parameters
from mmcore.cli import main
from mmcore.encoders import encoders

ROOT = Path(__file__).resolve().parents[2]
QUICK = ["--folds", "3", "--seeds", "2"]


def table(cases=60):
    rng = np.random.default_rng(0)
    age, dose = rng.normal(60, 10, cases), rng.normal(size=cases)
    ill = np.where(age + 10 * dose + rng.normal(0, 8, cases) > 60, "ill", "well")
    return pd.DataFrame(
        {"id": [f"p{i:02}" for i in range(cases)], "age": age, "dose": dose, "ill": ill, "ward": np.arange(cases) % 15}
    )


ROLES = ["--target", "ill", "--group", "ward", "--input", "person=table:age", "--input", "drug=table:dose"]


@pytest.fixture
def folder(tmp_path):
    table().to_csv(tmp_path / "cases.csv", index=False)
    return tmp_path


def strict(text):
    return json.loads(text, parse_constant=lambda constant: pytest.fail(f"{constant} is not JSON"))


def output(capsys, *words):
    """Exit code 0, and exactly one strict JSON document on stdout."""
    code = main([*map(str, words), "--json"])
    out, err = capsys.readouterr()
    assert code == 0, err
    return strict(out)


def refused(capsys, *words):
    """Exit code 2, one line on stderr, nothing on stdout."""
    code = main([*map(str, words)])
    out, err = capsys.readouterr()
    assert code == 2 and out == "", err
    assert err.startswith("mmcore: ") and err.count("\n") == 1 and "Traceback" not in err
    return err


def test_methods(capsys):
    document = output(capsys, "methods")
    for row in document["encoders"]:
        assert row["kind"] in {"image", "text", "signal", "table"} and isinstance(row["learns"], bool)
        assert row["name"] and row["citation"] and row["licence"] and row["trained_on"]
    for row in document["fusion"]:
        assert row["name"] and row["citation"] and row["formula"] and row["can"] and row["cannot"] and row["cost"]
    for row in [*document["encoders"], *document["fusion"]]:
        assert row["available"] is (row["reason"] is None)
    sizes = {row["name"]: (row["dims"], row["weights"]) for row in document["encoders"]}
    assert sizes["log_mel"] == (384, 0), "of the usual options"
    assert sizes["columns"] == (None, 0), "the columns decide"
    assert sizes["cnn1d"] == sizes["tfidf_svd"] == (None, None), "training decides"
    assert sizes["resnet18"] == (None, None), "not on this machine"
    standard = {row["name"] for row in document["fusion"] if row["standard"]}
    assert standard == {"concat", "mlp", "gated", "modality_attention", "cross_attention", "late"}


def test_encoders_take_options(capsys, folder):
    words = ["encode", folder, *ROLES, "--encoder"]
    assert output(capsys, *words, "drug=standardised")["inputs"]["drug"]["encoder"] == "standardised"
    study = output(capsys, "features", *words[1:], "drug=boosted_leaves:trees=8,depth=1", "--folds", 3)
    assert study["encoders"][1]["options"] == {"trees": 8, "depth": 1}
    assert "NAME:OPTION=VALUE" in refused(capsys, *words, "drug=boosted_leaves:trees")
    assert "'trees'" in refused(capsys, *words, "drug=boosted_leaves:tree=8")
    assert "between 1 and 5" in refused(capsys, *words, "drug=boosted_leaves:depth=9")
    assert "not of type int" in refused(capsys, *words, "drug=boosted_leaves:depth=deep")


def test_options_given_as_text_are_read_as_what_they_are():
    part = encoders["tfidf_svd"]
    assert check_parameters(part, {"clean": "False"}, "it") == {"clean": False}
    assert check_parameters(part, {"clean": "true"}, "it") == {"clean": True}
    with pytest.raises(BadInput, match="not of type bool"):
        check_parameters(part, {"clean": "maybe"}, "it")


@pytest.mark.parametrize("command", ["encode", "compare", "features", "explain"])
def test_wrong_names_are_one_line(capsys, folder, command):
    assert "columns" in refused(capsys, command, folder, *ROLES, "--encoder", "drug=colums")
    assert "drug" in refused(capsys, command, folder, *ROLES, "--encoder", "drugs=columns")
    assert "INPUT=NAME" in refused(capsys, command, folder, *ROLES, "--encoder", "drug")
    if command in ("compare", "explain"):
        assert "concat" in refused(capsys, command, folder, *ROLES, "--fusion", "conct")


def test_compare_augments(capsys, folder):
    words = ["compare", folder, *ROLES, "--fusion", "drug", "--no-plain", *QUICK]
    plain, noisy, both = (
        output(capsys, *words, *more)["methods"][0]["run"]
        for more in ([], ["--augment", "drug=value_dropout"], ["--augment", "drug=value_dropout:share=0.5"])
    )
    assert len({plain, noisy, both}) == 3
    right = output(capsys, *words, "--recalibrate", "temperature")
    both_settings = output(capsys, *words, "--recalibrate", "temperature", "--epoch-by", "accuracy")
    training = runs.store().find(both_settings["methods"][0]["run"]).spec.training
    assert (training.recalibrate, training.epoch_by) == ("temperature", "accuracy"), "neither option undoes the other"
    assert right["methods"][0]["run"] not in (plain, noisy, both, both_settings["methods"][0]["run"])
    assert "value_dropout" in refused(capsys, *words, "--augment", "drug=value_drop")
    assert "drug" in refused(capsys, *words, "--augment", "drugs=value_dropout")


def test_compare_tunes(capsys, folder):
    words = ["compare", folder, *ROLES, "--fusion", "drug", "--no-plain", *QUICK]
    (row,) = output(capsys, *words, "--tune", "trials=2")["methods"]
    assert row["tuning"]["budget"] == {"trials": 2} and row["tuning"]["trials"] == 2
    assert main([str(word) for word in (*words, "--tune", "trials=2")]) == 0
    assert "inside the training part" in " ".join(capsys.readouterr().out.split())
    for wrong in ("20", "trials=many", "hours=2", "seconds=0"):
        assert "trials=20" in refused(capsys, *words, "--tune", wrong)


def test_compare_says_what_each_input_adds_and_costs(capsys, folder):
    words = ["compare", folder, *ROLES, "--fusion", "drug", "--no-plain", *QUICK]
    document = output(capsys, *words, "--cost", "drug=40")["lattice"]
    assert [row["inputs"] for row in document["subsets"]] == [["person"], ["drug"], ["person", "drug"]]
    (priced,) = (row for row in document["shapley"] if row["input"] == "drug")
    assert priced["cost"] == 40 and priced["per_cost"] == pytest.approx(priced["mean"] / 40)
    assert main([str(word) for word in (*words, "--lattice")]) == 0
    assert "what each input adds" in capsys.readouterr().out
    assert "is not a number" in refused(capsys, *words, "--cost", "drug=much")
    assert "drugs" in refused(capsys, *words, "--cost", "drugs=4")


def test_compare_tells_of_features_that_say_nothing(capsys, tmp_path):
    table().assign(dose=1.0).to_csv(tmp_path / "cases.csv", index=False)
    words = ["compare", tmp_path, *ROLES, "--fusion", "person", "--fusion", "drug", "--no-plain", *QUICK]
    for _time in range(2):  # read from the disk, too
        (problem,) = (sentence for sentence in output(capsys, *words)["problems"] if "encoder" in sentence.lower())
        assert "of drug" in problem


def test_sample_then_inspect(capsys, tmp_path):
    written = output(capsys, "sample", "heart", "--out", tmp_path / "heart", "--cases", 12, "--seed", 3)
    assert written["cases"] == 12
    document = output(capsys, "inspect", tmp_path / "heart")
    assert document["cases"] == 12 and document["task"] == "binary" and document["synthetic"]
    assert document["inputs"]["xray"]["kind"] == "image" and {"columns", "missing"} <= set(document["inputs"]["ecg"])
    assert isinstance(document["problems"], list)
    assert "heart" in refused(capsys, "sample", "hart", "--out", tmp_path / "other")


def test_one_case_is_written_and_inspected_in_the_singular(capsys, tmp_path):
    assert main(["sample", "heart", "--out", str(tmp_path / "heart"), "--cases", "1"]) == 0
    assert capsys.readouterr().out.startswith("1 case of 'heart' is in ")
    assert main(["inspect", str(tmp_path / "heart")]) == 0
    title, cases, _task, classes = capsys.readouterr().out.splitlines()[:4]
    assert (title, cases) == ("Heart (synthetic)", "1 case, 1 with a target")
    assert classes.startswith("2 classes: no disease (")


def test_inspect_counts_the_empty_cells_of_each_column(capsys, tmp_path):
    rows = [f"p{i},{40 + i},{'' if i < 7 else 60 + i % 9},{'ab'[i % 2]}" for i in range(30)]
    (tmp_path / "cases.csv").write_text("id,age,weight,label\n" + "\n".join(rows))
    assert output(capsys, "inspect", tmp_path)["inputs"]["table"]["missing_in_columns"] == {"weight": 7}


def test_inspect_takes_roles(capsys, folder):
    document = output(capsys, "inspect", folder, *ROLES)
    assert (document["target"], document["group"], document["groups"]) == ("ill", "ward", 15)
    person = {"kind": "table", "columns": ["age"], "missing": 0, "missing_in_columns": {}, "rate_hz": None}
    assert document["inputs"]["person"] == person
    assert document["classes"] == {"well": (table().ill == "well").sum(), "ill": (table().ill == "ill").sum()}


def test_inspect_opens_some_files_and_tells_of_those_that_cannot_be_read(tmp_path, capsys):
    (tmp_path / "film").mkdir()
    for i in range(8):
        (tmp_path / "film" / f"{i}.png").write_bytes(b"\x89PNG no more than this")
    rows = "\n".join(f"{i},film/{i}.png,{'ill' if i % 2 else 'well'}" for i in range(8))
    (tmp_path / "cases.csv").write_text(f"id,film,label\n{rows}\n", encoding="utf-8")
    document = output(capsys, "inspect", tmp_path, "--target", "label")
    assert document["inputs"]["film"]["missing"] >= 3
    assert any("film is left out" in problem for problem in document["problems"])
    assert main(["inspect", str(tmp_path), "--target", "label"]) == 0
    assert "Up to 3 files of each input were opened" in capsys.readouterr().out


def test_inspect_without_a_target_says_how_to_name_it(capsys, tmp_path):
    """It would else look like a cohort that is ready."""
    table()[["id", "age", "dose"]].to_csv(tmp_path / "cases.csv", index=False)
    assert main(["inspect", str(tmp_path)]) == 0
    assert "--target" in capsys.readouterr().out


def test_encode_computes_once(capsys, folder):
    first, second = output(capsys, "encode", folder, *ROLES), output(capsys, "encode", folder, *ROLES)
    assert first["inputs"]["drug"]["computed"] == 60 and second["inputs"]["drug"]["computed"] == 0


def test_compare_predict_and_export(capsys, folder, tmp_path, monkeypatch):
    words = [
        "compare",
        folder,
        *ROLES,
        "--fusion",
        "person",
        "--fusion",
        "drug",
        "--fusion",
        "concat",
        "--split",
        "random",
        *QUICK,
    ]
    document = output(capsys, *words)
    assert {"task", "folds", "seeds", "split", "ceiling", "methods"} <= set(document) and document["ceiling"] is None
    assert (document["folds"], document["seeds"], document["split"]) == (3, 2, "random")
    assert [row["method"] for row in document["methods"]] == ["person", "drug", "concat"]
    row = document["methods"][2]
    assert {"method", "metrics", "parameters", "fit_seconds", "cached", "vs_best_single"} <= set(row)
    assert {"mean", "low", "high", "seed_sd"} <= set(row["metrics"]["auroc"]) and not row["cached"]
    assert {"metric", "difference", "low", "high"} <= set(row["vs_best_single"])
    assert {"method", "inputs", "metrics"} <= set(document["plain"][0]) and len(document["plain"]) == 10
    again = output(capsys, *words)
    assert all(row["cached"] for row in again["methods"])
    assert [r["metrics"] for r in again["methods"]] == [r["metrics"] for r in document["methods"]]

    here = output(capsys, "predict", row["run"][:10], folder)
    assert here["run"] == row["run"] and len(here["predictions"]) == 60
    assert {"id", "prediction", "probabilities", "weights"} <= set(here["predictions"][0])
    explained = output(capsys, "predict", row["run"][:10], folder, "--contributions")["predictions"]
    assert explained[0]["probabilities"] == here["predictions"][0]["probabilities"]
    assert all(set(case["contributions"]) >= set(case["without"]) for case in explained)
    assert output(capsys, "export", row["run"], tmp_path / "out")["folder"] == str(tmp_path / "out")
    monkeypatch.setenv("MMCORE_HOME", str(tmp_path / "another home"))
    assert output(capsys, "predict", tmp_path / "out", folder)["predictions"] == here["predictions"]


def test_explain(capsys, folder):
    words = ["explain", folder, *ROLES, "--fusion", "gated", "--fusion", "modality_attention", "--cases", 20, *QUICK]
    document = output(capsys, *words)
    assert document["cases"] == 20 and not document["evidence"]
    assert [row["method"] for row in document["methods"]] == ["gated", "modality_attention"]
    areas = {"deletion", "insertion", "random_deletion", "random_insertion"}
    for row in document["methods"]:
        assert {"method", "pointing", "agreement", "verdict"} | areas <= set(row)
        assert row["pointing"] is None and set(row["agreement"]) >= {"integrated_gradients", "occlusion"}
        assert all(isinstance(row[name], float) for name in areas)
    again = output(capsys, *words)
    assert all(row["cached"] for row in again["methods"])
    assert "0 cases" in refused(capsys, "explain", folder, *ROLES, "--cases", 0)


def test_features(capsys, folder):
    words = ["features", folder, *ROLES, "--encoder", "drug=columns", "--encoder", "drug=all", "--folds", 3]
    document = output(capsys, *words)
    assert (document["metric"], document["folds"], document["split"]) == ("auroc", 3, "group")
    assert document["encoders"][0]["input"] == "person"
    assert [row["encoder"] for row in document["encoders"]].count("columns") == 2, "named and among all, measured once"
    row = document["encoders"][0]
    assert {"input", "encoder", "dims", "tokens", "seconds_per_case", "knn", "probe"} <= set(row)
    assert set(row["knn"]) == set(row["probe"]) == {"metric", "mean", "low", "high"}
    assert 0 < row["seconds_per_case"] < 1 and row["tokens"] == 1


def test_folds_that_are_not_as_many_as_were_given_are_told(capsys, folder):
    words = ["features", folder, *ROLES, "--encoder", "drug=columns", "--split", "leave-one-group-out"]
    given = output(capsys, *words, "--folds", 3)
    assert given["folds"] == 15 and [line for line in given["problems"] if line.startswith("There are 15 folds, not 3")]
    assert not [line for line in output(capsys, *words)["problems"] if "folds, not" in line], "nobody gave a number"


def test_a_single_seed_has_no_spread_and_json_stays_strict(capsys, folder):
    document = output(capsys, "compare", folder, *ROLES, "--fusion", "drug", "--no-plain", "--folds", 3, "--seeds", 1)
    assert document["methods"][0]["metrics"]["auroc"]["seed_sd"] is None


def test_tables_for_a_person(capsys, folder):
    for words in (
        ["methods"],
        ["inspect", folder, *ROLES],
        ["encode", folder, *ROLES],
        ["compare", folder, *ROLES, "--fusion", "drug", *QUICK],
        ["explain", folder, *ROLES, "--fusion", "gated", "--cases", 10, *QUICK],
    ):
        assert main([*map(str, words)]) == 0
    assert "AUROC" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words, sentence",
    [
        (["inspect", "hart"], "Did you mean 'heart'"),
        (["inspect", "/no/such/folder"], "There is no folder /no/such/folder"),
        (["inspect", "{folder}", "--target", "il"], "Did you mean 'ill'"),
        (["compare", "{folder}", "--target", "ill", "--input", "person=table:agee"], "Did you mean 'age'"),
        (["compare", "{folder}", "--target", "ill", "--input", "person=tabel:age"], "tabel"),
        (["compare", "{folder}", "--target", "ill", "--input", "person"], "--input person"),
        (["compare", "{folder}", "--target", "ill", "--rate", "person=fast"], "not a number"),
        (["compare", "{folder}", *ROLES, "--fusion", "gatted"], "Did you mean 'gated'"),
        (["compare", "{folder}", *ROLES, "--fusion", "drugs"], "Did you mean 'drug'"),
        (["compare", "{folder}", *ROLES, "--encoder", "drug=column"], "Did you mean 'columns'"),
        (["compare", "{folder}", *ROLES, "--encoder", "drags=columns"], "Did you mean 'drug'"),
        (["compare", "{folder}", *ROLES, "--encoder", "drug"], "--encoder drug"),
        (["features", "{folder}", *ROLES, "--encoder", "drug=column"], "Did you mean 'columns'"),
        (["features", "{folder}", *ROLES, "--encoder", "drags=all"], "Did you mean 'drug'"),
        (["features", "{folder}", *ROLES, "--encoder", "drug"], "--encoder drug"),
        (["encode", "{folder}", *ROLES, "--encoder", "drug=columns", "--encoder", "drug=columns"], "twice"),
        (["compare", "{folder}", *ROLES, "--folds", "20"], "15 groups, fewer than the 20 folds"),
        (["compare", "{folder}", *ROLES, "--folds", "20"], "Options: --folds, --split, --group."),
        (["compare", "{folder}", *ROLES, "--folds", "1"], "two folds"),
        (["compare", "{folder}", *ROLES, "--seeds", "0"], "0 seeds"),
        (["compare", "{folder}", *ROLES, "--split", "wild"], "no split named 'wild'"),
        (["compare", "{folder}", "--folds", "many"], "--folds"),
        (["predict", "abc", "{folder}"], "no run"),
        (["export", "abc", "{folder}/out"], "no run"),
        (["predict", "{folder}", "{folder}"], "holds no run"),
        (["frobnicate"], "frobnicate"),
        ([], "COMMAND"),
    ],
    ids=lambda value: " ".join(value)[-40:] if isinstance(value, list) else "",
)
def test_a_mistake_is_one_line(capsys, folder, words, sentence):
    assert sentence in refused(capsys, *(word.format(folder=folder) for word in words))


@pytest.mark.parametrize(
    "change, roles, sentence",
    [
        (lambda cases: cases.drop(columns="ill"), [], "target"),
        (lambda cases: cases.drop(columns="ill"), ["--target", "ill"], "no column named 'ill'"),
        (lambda cases: cases.assign(ill="ill"), ["--target", "ill"], "one class"),
        (lambda cases: cases.head(3), ["--target", "ill"], "3 cases"),
        (lambda cases: cases.assign(ill=None), ["--target", "ill"], "target"),
    ],
    ids=["nothing like a target", "no target", "one class", "three cases", "empty target"],
)
def test_a_cohort_that_cannot_be_studied_is_one_line(capsys, folder, change, roles, sentence):
    change(table().drop(columns="ward")).to_csv(folder / "cases.csv", index=False)
    given = ["--input", "drug=table:dose", *roles]
    assert sentence in refused(capsys, "compare", folder, *given, *QUICK)


def media_cohort(folder, cases=24):
    """Signals and texts in files, with classes that differ in both."""
    frame = table(cases).drop(columns="ward")
    rng = np.random.default_rng(0)
    frame["wave"], frame["letter"] = [f"{id}.npy" for id in frame.id], [f"{id}.txt" for id in frame.id]
    for row in frame.itertuples():
        np.save(
            folder / row.wave,
            rng.normal(size=(2, 400)).astype(np.float32) + np.sin(np.arange(400) / (3 if row.ill == "ill" else 9)),
        )
        (folder / row.letter).write_text("pain in the chest" if row.ill == "ill" else "no complaint")
    return frame


def test_one_unreadable_file_is_set_aside_and_the_others_go_on(capsys, tmp_path):
    frame = media_cohort(tmp_path)
    wave = np.load(tmp_path / frame.wave[0])
    wave[0, 5:] = np.nan
    np.save(tmp_path / frame.wave[0], wave)
    (tmp_path / frame.letter[1]).write_bytes(bytes(range(256)) * 20)
    frame.to_csv(tmp_path / "cases.csv", index=False)
    given = [
        "--target",
        "ill",
        "--input",
        "wave=signal:wave",
        "--input",
        "letter=text:letter",
        "--rate",
        "wave=100",
        "--encoder",
        "letter=glove_6b_50d",
    ]
    document = output(
        capsys, "compare", tmp_path, *given, "--fusion", "wave", "--fusion", "concat", "--no-plain", *QUICK
    )
    problems = " ".join(document["problems"])
    assert document["cases"] == 24 and "p00" in problems and "p01" in problems
    assert sum("is left out" in problem for problem in document["problems"]) == 2


def test_an_unreadable_image_is_set_aside(capsys, tmp_path):
    frame = table(6)[["id", "dose"]].assign(picture=[f"{i}.png" for i in range(6)])
    for i in range(6):
        Image.new("L", (16, 16), i * 20).save(tmp_path / f"{i}.png")
    (tmp_path / "2.png").write_bytes(b"this is no picture")
    frame.to_csv(tmp_path / "cases.csv", index=False)
    document = output(capsys, "encode", tmp_path, "--input", "picture=image:picture", "--input", "drug=table:dose")
    assert document["inputs"]["picture"]["cases"] == 5 and list(document["inputs"]["picture"]["failed"]) == ["p02"]
    assert "2.png" in document["inputs"]["picture"]["failed"]["p02"]


@pytest.mark.parametrize("name", ["methods", "sample", "inspect", "encode", "compare", "features", "predict", "export"])
def test_every_command_has_help(capsys, name):
    assert main([name, "--help"]) == 0
    assert "--json" in capsys.readouterr().out


def test_as_a_program(folder):
    def program(*words):
        return subprocess.run(
            [sys.executable, "-m", "mmcore", *map(str, words)], cwd=ROOT, capture_output=True, text=True
        )

    good = program("inspect", folder, "--json")
    assert good.returncode == 0 and strict(good.stdout)["cases"] == 60
    bad = program("inspect", "nowhere", "--json")
    assert bad.returncode == 2 and bad.stdout == "" and bad.stderr.count("\n") == 1


def test_ctrl_c_stops_with_130(folder):
    words = ["compare", str(folder), *ROLES, "--folds", "6", "--seeds", "60", "--fusion", "cross_attention"]
    deaf = signal.signal(signal.SIGINT, signal.default_int_handler)  # tests started in the background inherit "ignore"
    running = subprocess.Popen([sys.executable, "-m", "mmcore", *words], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, deaf)
    features = Path(os.environ["MMCORE_HOME"]) / "features"
    end = time.monotonic() + 60
    while not features.is_dir() and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(0.5)
    running.send_signal(signal.SIGINT)
    __, err = running.communicate(timeout=240)
    assert running.returncode == 130 and "Traceback" not in err
