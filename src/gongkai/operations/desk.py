"""Operations on the desk: what runs, what is behind, what fails, and what to do about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import path
from django.utils import timezone
from django.views import View

from gongkai import __version__
from gongkai.ledger import clock, followers
from gongkai.organs.scope import Scope
from gongkai.ui.lists import Column, NumberColumn, PillColumn, Table
from gongkai.ui.pieces import Crumb, Fact

from . import health, queries

#: A backup older than this is missing.
BACKUP_EVERY = timedelta(hours=26)
#: Lines a follower may be behind for a moment.
BEHIND = 1000
GOOD, BAD, WATCH = "正常", "有问题", "请留意"
STANDING = {GOOD: "ok", BAD: "late", WATCH: "soon"}


@dataclass(frozen=True)
class Part:
    """A part of the installation: how it stands, what is known, and what to do where something is wrong."""

    name: str
    standing: str
    known: str
    todo: str = ""


class PartTable(Table):
    """The parts."""

    name = Column("部分", orderable=False)
    standing = PillColumn("状态", orderable=False, kinds=STANDING)
    known = Column("情况", orderable=False)
    todo = Column("怎么办", orderable=False, default="—")


class FollowerTable(Table):
    """The followers."""

    name = Column("后续处理", orderable=False)
    behind = NumberColumn("尚未读到（条）", orderable=False)
    standing = PillColumn("状态", orderable=False, kinds=STANDING)
    error = Column("最近一次错误", orderable=False, default="—")


class Operations(View):
    """The page: as many queries however much there is."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """For those who keep the installation up, and those who audit it."""
        Scope.of(request.user).require("operations.view")
        parts = every()
        wrong = [part for part in parts if part.standing != GOOD]
        context = {
            "title": "运行维护",
            "trail": [Crumb("运行维护")],
            "facts": facts(),
            "parts": PartTable([vars(part) for part in parts]),
            "wrong": wrong,
            "followers": FollowerTable(_followers()),
        }
        return render(request, "operations/operations.html", context)


def facts() -> list[Fact]:
    """The figures in a row."""
    free, _ = queries.disk()
    outbox = queries.outbox()
    return [
        Fact(queries.last_line(), "台账最后一条的序号"),
        Fact(sum(n for (_, state), n in outbox.items() if state == "waiting"), "待发送的消息", unit="条"),
        Fact(_size(queries.database_size()), "数据库"),
        Fact(_size(free), "磁盘可用"),
        Fact(__version__, "软件版本"),
    ]


def every() -> list[Part]:
    """Every part, as it stands now."""
    return [_worker(), _following(), _index(), _baked(), _messages(), _disk(), _backup(), _seal()]


def _worker() -> Part:
    answer, seconds = health.worker(), queries.pulse()
    if answer != health.OK or seconds is None:
        todo = "在服务器上查看 gongkai 服务是否在运行（systemctl status gongkai-worker），并查看它的日志"
        return Part("后台进程", BAD, answer, todo)
    failing = [step for step in queries.troubles() if not step.startswith("follower:") and step != "backup"]
    known = f"{int(seconds)} 秒前有动静"
    if failing:
        return Part("后台进程", BAD, f"{known}；反复出错的步骤：{'、'.join(failing)}", "按日志中的位置报告给软件维护方")
    return Part("后台进程", GOOD, known)


def _following() -> Part:
    most = max(queries.lag().values(), default=0)
    failing = sum(step.startswith("follower:") for step in queries.troubles())
    if failing:
        return Part("后续处理", BAD, f"{failing} 项反复出错，见下表", "台账不受影响；把下表中的错误报告给软件维护方")
    if most > BEHIND:
        return Part("后续处理", WATCH, f"最多落后 {most} 条", "大批导入之后属正常，稍后再看；不见减少的，检查后台进程")
    return Part("后续处理", GOOD, f"最多落后 {most} 条")


def _index() -> Part:
    answer = health.index()
    if answer == health.OK:
        return Part("搜索索引", GOOD, f"{queries.waiting_for_index()} 件等待编入")
    return Part("搜索索引", BAD, answer, "后台进程会自动补做；久不恢复的，运行 gongkai search --reindex")


def _baked() -> Part:
    state, waiting, pages = queries.baked()
    todo = "后台进程会自动补做；久不恢复的，运行 gongkai bake 并查看它的提示"
    known = f"{pages:,} 页，{waiting:,} 处变化等待更新"
    if not state.whole:
        return Part("公开页面", WATCH, f"正在全部重新生成，已有 {known}", todo)
    return Part("公开页面", BAD if waiting > health.QUEUE else GOOD, known, todo if waiting > health.QUEUE else "")


def _messages() -> Part:
    outbox = queries.outbox()
    waiting = sum(n for (_, state), n in outbox.items() if state == "waiting")
    failed = sum(n for (_, state), n in outbox.items() if state == "failed")
    known = f"待发送 {waiting} 条，发送失败 {failed} 条"
    todo = "检查邮件或短信网关的设置；原因逐条列在“消息”中的发送失败一页"
    return Part("消息发送", WATCH, known, todo) if failed else Part("消息发送", GOOD, known)


def _disk() -> Part:
    free, total = queries.disk()
    known = f"共 {_size(total)}，可用 {_size(free)}"
    todo = "清理磁盘或扩容；旧备份可移到别处"
    if free < health.NARROW:
        return Part("磁盘", BAD, known, todo)
    return Part("磁盘", WATCH, known, todo) if free < total // 10 else Part("磁盘", GOOD, known)


def _backup() -> Part:
    last, trouble = queries.last_backup(), queries.troubles().get("backup")
    todo = "在服务器上运行 gongkai backup，并启用每日备份（gongkai-backup.timer）"
    if trouble and (last is None or trouble.last_at > last.made_at):
        return Part("备份", BAD, f"最近一次备份没有完成（{trouble.error}）", f"{todo}；先看它的提示")
    if last is None:
        return Part("备份", BAD, "还没有备份", todo)
    known = f"{_moment(last.made_at)}，{_size(last.size)}，{'已恢复核验' if last.checked_at else '未经核验'}"
    if timezone.now() - last.made_at > BACKUP_EVERY:
        return Part("备份", BAD, f"最近一次在 {known}，已超过一天", todo)
    if not last.checked_at:
        return Part("备份", WATCH, known, "去掉 --no-verify 再备份一次")
    return Part("备份", GOOD, known)


def _seal() -> Part:
    last = queries.last_seal()
    if last is None:
        return Part("台账封存", WATCH, "还没有封存", "后台进程每天封存一次；一天后仍没有的，检查后台进程")
    known = f"{last.day.isoformat()}，{last.lines:,} 条，校验值 {last.digest[:16]}…"
    if (clock.today() - last.day).days > 1:
        return Part("台账封存", BAD, known, "已超过一天没有封存，请检查后台进程")
    return Part("台账封存", GOOD, known)


def _followers() -> list[dict[str, object]]:
    troubles, rows = queries.troubles(), []
    for name, behind in queries.lag().items():
        trouble = troubles.get(f"follower:{name}")
        error = f"{_moment(trouble.last_at)}（共 {trouble.count} 次）{trouble.error}" if trouble else None
        standing = BAD if trouble else WATCH if behind > BEHIND else GOOD
        label = followers.FOLLOWERS[name].label or name
        rows.append({"name": label, "behind": behind, "standing": standing, "error": error})
    return rows


def _moment(instant: datetime) -> str:
    local = timezone.localtime(instant)
    return f"{local:%Y-%m-%d %H:%M}"


def _size(count: int) -> str:
    return str(filesizeformat(count)).replace("\xa0", " ")


urlpatterns = [path("", Operations.as_view(), name="home")]
