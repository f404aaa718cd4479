"""Numbers of records: 索引号 and 文号, given in order without gaps, checked where they come from elsewhere."""

from gongkai.ledger.models import Counter
from gongkai.ledger.services import next_number
from gongkai.organs.models import Body
from gongkai.procedure import Invalid
from gongkai.text.index_number import BadIndexNumber, is_credit_code, make_index_number, parse_index_number
from gongkai.text.numbers import BadNumber, DocumentNumber, parse_number

from .models import Record


def index_number(body: Body, year: int) -> str:
    """The next 索引号 of a body in a year; empty where the body's credit code is not on record.

    Call inside the transaction that uses it: a rollback returns it.
    """
    if not is_credit_code(body.credit_code):
        return ""
    return make_index_number(body.credit_code, year, next_number(_series(body, year))).text


def index_numbers(body: Body, year: int, many: int) -> list[str]:
    """So many of them at once."""
    if not many or not is_credit_code(body.credit_code):
        return [""] * many
    first = next_number(_series(body, year), many)
    return [make_index_number(body.credit_code, year, first + n).text for n in range(many)]


def _series(body: Body, year: int) -> str:
    return f"index/{body.key}/{year}"


def checked_index_number(written: str) -> str:
    """An 索引号 from elsewhere in its normal form. Raises ValueError (Chinese) where it cannot be one."""
    try:
        return parse_index_number(written).text
    except BadIndexNumber as error:
        raise ValueError(str(error)) from error


def own_serial(body: Body, written: str) -> tuple[int, int] | None:
    """(year, serial) of an 索引号 of this body's own code; None for another's."""
    number = parse_index_number(written)
    return (number.year, number.serial) if number.body == body.credit_code else None


def normal_document_number(written: str) -> str:
    """A 文号 in its normal form, from any typographic one; what is no 文号 stays as it is written."""
    found = _parsed(written)
    return found.text if found else written.strip()


def _parsed(written: str) -> DocumentNumber | None:
    try:
        return parse_number(written)
    except BadNumber:
        return None


def document_number(body: Body, style: str, year: int) -> str:
    """The next 文号 of a body: 渝府发〔2021〕5号. Raises ``procedure.Invalid`` where the body has no 代字."""
    if not body.document_code:
        raise Invalid([("document_number", f"{body.name}没有登记机关代字，请直接填写发文字号")])
    code = f"{body.document_code}{style or '发'}"
    while True:
        number = f"{code}〔{year}〕{next_number(_number_series(code, year))}号"
        if not Record.objects.filter(document_number=number).exists():
            return number


def _number_series(code: str, year: int) -> str:
    return f"number/{code}/{year}"


def given_number(body: Body, written: str) -> str:
    """A 文号 given by hand, in its normal form; the body's own series goes on after it.

    Raises ``procedure.Invalid`` for what is no 文号.
    """
    try:
        number = parse_number(written)
    except BadNumber as error:
        raise Invalid([("document_number", str(error))]) from error
    if not number.code:
        raise Invalid([("document_number", f"发文字号“{written}”缺少机关代字，应为 渝府发〔2021〕5号 的形式")])
    code = f"{number.code}{number.style}"  # 渝府办发 may be read as 渝府 + 办发 or as 渝府办 + 发
    if number.year and body.document_code and code.startswith(body.document_code):
        _go_on_after(_number_series(code, number.year), number.number)
    return number.text


def _go_on_after(series: str, last: int) -> None:
    """The house's own numbers go on after one that came from elsewhere."""
    counter, _ = Counter.objects.select_for_update().get_or_create(series=series)
    Counter.objects.filter(pk=counter.pk, last__lt=last).update(last=last)


def index_goes_on(body: Body, year: int, last: int) -> None:
    """The same for the 索引号 of a body and year."""
    _go_on_after(_series(body, year), last)
