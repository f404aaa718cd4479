"""Template tags of the baker: what pages share is drawn once for a batch."""

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context

from .. import reading

register = template.Library()


class Kept(template.Node):
    """A part of a page that is drawn once for pages baked together."""

    def __init__(self, name: FilterExpression, varies: list[FilterExpression], nodelist: NodeList):
        self.name, self.varies, self.nodelist = name, varies, nodelist

    def render(self, context: Context) -> str:
        """The part, as drawn before where what it varies by is the same."""
        key = ("part", self.name.resolve(context), *(one.resolve(context) for one in self.varies))
        return reading.kept(key, lambda: self.nodelist.render(context))


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    """``{% kept "nav" site.key %}…{% endkept %}``: the name of the part (unlike every other), then all that it varies by."""
    words = token.split_contents()[1:]
    if not words:
        raise template.TemplateSyntaxError("kept needs the name of the part")
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    name, *varies = (parser.compile_filter(word) for word in words)
    return Kept(name, varies, nodelist)
