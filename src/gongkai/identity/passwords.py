"""What a password must be, in Chinese."""

import re

from django.core.exceptions import ValidationError

from gongkai.organs.models import Person

SHORTEST, LONGEST = 10, 128
KINDS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")


class Rules:
    """Ten to 128 signs of at least two kinds, without the sign-in name. Length does more than odd signs."""

    def validate(self, password: str, user: Person | None = None) -> None:
        """Raise ValidationError with every rule that is broken."""
        faults = []
        if not SHORTEST <= len(password) <= LONGEST:
            faults.append(f"密码须为 {SHORTEST} 至 {LONGEST} 个字符，现为 {len(password)} 个")
        if sum(bool(re.search(kind, password)) for kind in KINDS) < 2:
            faults.append("密码须含大写字母、小写字母、数字、其他符号中的至少两类")
        if len(set(password)) < 5:
            faults.append("密码中重复的字符太多，请至少使用五个不同的字符")
        if user and user.username.casefold() in password.casefold():
            faults.append("密码中不能含有登录名")
        if faults:
            raise ValidationError(faults)

    def get_help_text(self) -> str:
        """The rules, before anything is typed."""
        return f"{SHORTEST} 至 {LONGEST} 个字符，大写字母、小写字母、数字、其他符号至少两类，不含登录名。可以用一句容易记的话。"
