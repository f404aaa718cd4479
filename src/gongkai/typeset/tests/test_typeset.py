"""Fonts are found by folder and by role, their absence is said, templates that fail are explained."""

import datetime
from pathlib import Path

import pytest

from gongkai.typeset import fonts, press


def test_official_faces_come_first_and_every_role_ends_with_a_chinese_face() -> None:
    chosen = fonts.choose({"SimHei", "Noto Serif CJK SC", "Times New Roman"})
    assert chosen["heading"][0] == "SimHei"
    assert chosen["title"][0] == "Noto Serif CJK SC"
    assert all(set(families) == {"SimHei", "Noto Serif CJK SC"} for families in chosen.values())


def test_no_chinese_face() -> None:
    with pytest.raises(fonts.FontsMissing, match="fonts-noto-cjk"):
        fonts.choose({"Libertinus Serif", "DejaVu Sans"})


def test_folders_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(fonts.VARIABLE, str(tmp_path))
    assert fonts.folders() == (str(tmp_path),)
    monkeypatch.setenv(fonts.VARIABLE, "/nowhere/fonts")
    with pytest.raises(fonts.FontsMissing, match="字体目录不存在：/nowhere/fonts"):
        fonts.folders()
    monkeypatch.delenv(fonts.VARIABLE)
    assert fonts.folders() == ()


def test_a_broken_template_is_explained(tmp_path: Path) -> None:
    template = tmp_path / "broken.typ"
    template.write_text("#let (", "utf-8")
    try:
        fonts.choose(frozenset(fonts.library(()).families()))
    except fonts.FontsMissing:
        pytest.skip("no Chinese font on this machine")
    with pytest.raises(press.TypesetError, match="排版没有成功"):
        press.pdf(template, {}, day=datetime.date(2022, 1, 30))
