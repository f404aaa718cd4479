"""Reading: the published text, random reports written as text, every tolerated defect, every refusal, fuzz."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.annual.equations import check
from gongkai.annual.forms import FORM_2019, FORM_2021
from gongkai.annual.reader import read
from gongkai.annual.reading import ReadError, Reading
from gongkai.annual.report import Report, report_from_values
from gongkai.annual.tests.samples import ANY_FORM, SOME, cell_lines, gold, shared, valid_reports

SEED = "seed/annual-report-chongqing-2021.txt"


@pytest.fixture(scope="module")
def sample() -> str:
    """A report as text whose figures all differ, so that a misplaced one shows."""
    cells = report_from_values("某某市某某局", 2021, {}).values
    return cell_lines(report_from_values("某某市某某局", 2021, {cell: 100 + n for n, cell in enumerate(cells)}))


def _expected(sample: str, **changes: int) -> dict[str, object]:
    return {**read(sample).report.values, **{name.replace("__", "."): value for name, value in changes.items()}}


def test_the_published_text_equals_the_gold() -> None:
    reading = read(shared(SEED))
    assert reading.report.to_json() == gold()
    assert check(reading.report) == [] and reading.repairs == ()
    assert reading.title == "重庆市人民政府办公厅2021年政府信息公开工作年度报告"
    assert reading.sections[5].heading == "五、当前存在的主要问题及下步改进措施"
    assert [len(reading.sections[number].paragraphs) for number in range(1, 7)] == [7, 0, 0, 0, 2, 2]


def test_nothing_of_the_published_text_is_lost() -> None:
    """Every line is title, preamble, heading, paragraph or part of a table."""
    text = shared(SEED).read_text("utf-8")
    reading = read(text)
    kept = "".join(
        (
            reading.title,
            *reading.preamble,
            *(f"{one.heading}{''.join(one.paragraphs)}" for one in reading.sections.values()),
        )
    )
    tables = cell_lines(reading.report)
    lost = [line.strip() for line in text.splitlines() if line.strip() and line.strip() not in kept + tables]
    broken_heads = {"商业", "企业", "科研", "机构", "结果", "维持", "纠正", "其他", "尚未", "审结"}
    assert set(lost) <= broken_heads


@given(ANY_FORM, st.booleans())
@SOME
def test_a_report_written_as_text_is_read_back(report: Report, tabs: bool) -> None:
    reading = read(cell_lines(report, tabs))
    assert reading.report == report and reading.repairs == ()
    assert reading.preamble == ("根据条例编制。",) and reading.sections[1].paragraphs == ("全年工作平稳。",)


def test_each_figure_has_its_own_place(sample: str) -> None:
    assert list(read(sample).report.values.values()) == list(range(100, 300))


@pytest.mark.parametrize(
    ("written", "value", "words"),
    [
        ("１１０", 110, "写作“１１０”，读作110"),
        ("", 0, "为空白，按0计"),
        ("-", 0, "为“-”，按0计"),
        ("/", 0, "为“/”，按0计"),
        ("1,234", 1234, "写作“1,234”，读作1234"),
        ("0110", 110, "写作“0110”，读作110"),
    ],
)
def test_repairs_are_made_and_listed(sample: str, written: str, value: int, words: str) -> None:
    reading = read(sample.replace("\t110\n", f"\t{written}\n"))  # 自然人, the first figure of table three
    assert reading.report.values == _expected(sample, t3__1__natural_person=value)
    (repair,) = reading.repairs
    assert (repair.where, repair.found, repair.taken) == ("t3.1.natural_person", written, str(value))
    assert words in repair.message


@pytest.mark.parametrize("written", ["\t110  \n", "\t\xa0110\xa0\n", "\t\u3000110\n", "\t110\t\n"])
def test_space_around_a_figure_is_no_repair(sample: str, written: str) -> None:
    reading = read(sample.replace("\t110\n", written))
    assert reading.report.values == _expected(sample) and reading.repairs == ()


def test_a_blank_cell_whose_tab_was_trimmed(sample: str) -> None:
    reading = read(sample.replace("\t112\n", "\n"))
    assert reading.report.values == _expected(sample, t3__1__research_institution=0)
    assert [repair.where for repair in reading.repairs] == ["t3.1.research_institution"]


def test_blank_first_and_last_cells(sample: str) -> None:
    reading = read(sample.replace("\t110\n", "\t\n").replace("\t116\n", "\t\n").replace("\t285\n", "\t\n"))
    zero = {"t3__1__natural_person": 0, "t3__1__total": 0, "t4__reconsideration__upheld": 0}
    assert reading.report.values == _expected(sample, **zero)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\t商业企业", "\t商业\n企业"),
        ("\t商业企业", "\t商 业\u3000企 业"),
        ("5.要求行政机关确认或重新出具已获取信息", "5.要求行政机关确认或重新\n出具已获取信息"),
        ("\t1.属于国家秘密", "\t1、属于国家秘密"),
        ("\t（一）予以公开", "\t(一)予以公开"),
        ("\t（二）部分公开", "\t（⼆）部分公开"),
        ("\n", "\r\n"),
        ("2021年政府信息公开工作年度报告", "２０２１年度政府信息公开工作年度报告"),
        ("2021年政府信息公开工作年度报告", "二〇二一年政府信息公开年度报告"),
        ("三、收到和处理政府信息公开申请情况", "三、收到和处理政府信息公开申请情况\n\n以下为申请情况。\n"),
    ],
)
def test_what_is_tolerated_in_words(sample: str, before: str, after: str) -> None:
    assert before in sample
    reading = read(sample.replace(before, after))
    assert reading.report.values == read(sample).report.values and reading.repairs == ()
    assert reading.report.year == 2021


@pytest.mark.parametrize(
    "above",
    [
        "首页\n某某市某某局\n索引号：123\n2021年政府信息公开工作年度报告",
        "首页\n某某市某某局2021年政府信息公开工作年度报告",
    ],
)
def test_lines_above_the_title_are_kept_apart_from_the_name(sample: str, above: str) -> None:
    reading = read(sample.replace("某某市某某局\n\n2021年政府信息公开工作年度报告", above))
    assert reading.report.body == "某某市某某局" and reading.title == "某某市某某局2021年政府信息公开工作年度报告"
    assert set(reading.preamble) <= {"首页", "索引号：123", "根据条例编制。"} and "首页" in reading.preamble


def test_remarks_about_a_table_are_kept(sample: str) -> None:
    text = sample.replace("\n四、政府信息公开", "\n注：以上不含镇街。\n含派出机构。\n四、政府信息公开").replace(
        "\n\t（本列数据", "\n以下为申请情况。\n\n\t（本列数据"
    )
    assert read(text).sections[3].paragraphs == ("以下为申请情况。", "注：以上不含镇街。", "含派出机构。")


def test_gb18030_and_utf8_with_mark(sample: str) -> None:
    plain = read(sample)
    assert read(sample.encode("gb18030")).report == read(sample.encode("utf-8-sig")).report == plain.report


@given(valid_reports(FORM_2021), st.data())
@SOME
def test_a_report_that_violates_an_equation_is_left_as_it_is(report: Report, data: st.DataObject) -> None:
    cell = data.draw(st.sampled_from([cell for cell in report.values if cell[:2] in ("t3", "t4")]))
    broken = report_from_values(report.body, 2021, {**report.values, cell: int(report.values[cell]) + 1})
    reading = read(cell_lines(broken))
    assert reading.report == broken and reading.repairs == () and check(reading.report)


def test_the_2019_form_used_later_is_recognised() -> None:
    text = cell_lines(report_from_values("某局", 2022, {"t2.licence.change": -4}, FORM_2019))
    reading = read(text.replace("\t-4\n", "\t减4\n"))
    assert reading.report.form is FORM_2019 and reading.report.year == 2022
    assert reading.report.values["t2.licence.change"] == -4 and reading.repairs[0].found == "减4"


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("\t110\n", "\t508件\n", "“一、本年新收政府信息公开申请数量”应有7个数字，只读到0个，第[0-9]+行遇到“508件”"),
        ("\t112\n", "", "应有7个数字，只读到6个，这一行就结束了"),
        ("\t116\n", "\t116\n\t7\n", "“7”不是年度报告格式中的项目"),
        ("\t112\n", "\t1 2\n", "应有7个数字，只读到2个，第[0-9]+行遇到“1 2”"),
        ("\t112\n", "\t1.5\n", "第[0-9]+行：“一、本年新收政府信息公开申请数量·科研机构”应当是整数，读到的是“1.5”"),
        ("\t112\n", "\t11200000000\n", "数字过大：11200000000，请核对是否几个单元格连在了一起"),
        ("\t112\n", "\t" + "9" * 5000 + "\n", "应当是整数"),
        ("2.重复申请", "2.重新申请", "没有找到“三、本年度办理结果（五）不予处理2.重复申请”这一行"),
        ("\t（三）不予公开\n", "\t（三）另外公开\n", "“（三）另外公开”不是年度报告格式中的项目"),
        ("2021年政府信息公开工作年度报告", "政府信息公开工作年度报告", "没有读出标题"),
        ("某某市某某局\n", "", "没有读出标题"),
        ("2021年政府信息", "2017年政府信息", "2017年没有可用的年度报告格式"),
        ("四、政府信息公开行政复议、行政诉讼情况", "四、其他", "没有认出年度报告的版式"),
    ],
)
def test_refusals_say_what_and_where(sample: str, before: str, after: str, message: str) -> None:
    assert before in sample
    with pytest.raises(ReadError, match=message):
        read(sample.replace(before, after, 1))


def test_files_which_are_no_text(tmp_path: Path) -> None:
    cases = {
        "empty": (b"", "文件是空的"),
        "blank": (b" \n\t\n", "文件是空的"),
        "pdf": (b"%PDF-1.7\n", "这是PDF文件"),
        "docx": (b"PK\x03\x04rest", "这是Word、Excel或压缩文件"),
        "binary": (b"\x7fELF\x00\x01", "这是二进制文件"),
        "encoding": (b"\xff\xfe\xff", "文字编码无法识别"),
        "other": ("今天天气很好。".encode(), "没有认出年度报告的版式"),
    }
    for name, (content, message) in cases.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(ReadError, match=message):
            read(path)
    with pytest.raises(ReadError, match="找不到文件"):
        read(tmp_path / "missing")
    with pytest.raises(ReadError, match="是目录"):
        read(tmp_path)


def _survives(source: str | bytes) -> Reading | None:
    try:
        return read(source)
    except ReadError as error:
        assert str(error)
        return None


@given(st.data())
@settings(max_examples=150)
def test_damaged_text_never_raises_anything_else(sample: str, data: st.DataObject) -> None:
    """Lines dropped, doubled, swapped, replaced: read or refused, and what is read has all its cells."""
    lines = sample.split("\n")
    junk = st.one_of(
        st.text(max_size=12),
        st.sampled_from(["", "\t", "\t-", "\t１", "\t9,99", "3.其他", "总计", "\t.", "五、", "\t²"]),
    )
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["drop", "double", "swap", "replace", "insert"])):
            case "drop" if len(lines) > 1:
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "swap":
                lines[at], lines[-1 - at] = lines[-1 - at], lines[at]
            case "replace":
                lines[at] = data.draw(junk)
            case _:
                lines.insert(at, data.draw(junk))
    reading = _survives("\n".join(lines))
    assert reading is None or len(reading.report.values) in (200, len(report_from_values("甲", 2019, {}).values))


@given(st.one_of(st.text(), st.binary()))
def test_any_text_and_any_bytes(source: str | bytes) -> None:
    _survives(source)


@given(
    st.text(alphabet="一二三四五六、总体情况主动公开政府信息收到和处理申请行政复议诉讼\n\t0１-年度报告2", max_size=400)
)
def test_text_made_of_the_report_s_own_words(text: str) -> None:
    _survives(text)
