"""Templates joined once: a page that extends another becomes one list of nodes when it is loaded, not each time it is drawn.

Django looks through the whole parent for its blocks on every drawing, and opens a scope for each. Here every ``{% block %}``
is replaced by the words of the last template that has it. Two things differ from Django: a variable set inside a block is
known after it, and ``block`` is none. What says ``{{ block.super }}``, or extends a template named by a variable, is drawn
as Django draws it.
"""

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.template.base import Node, NodeList, Template, TextNode, Variable
from django.template.context import Context
from django.template.defaulttags import IfNode
from django.template.loader_tags import BLOCK_CONTEXT_KEY, BlockNode, ExtendsNode
from django.template.loaders import cached
from django.utils.safestring import SafeString


class Joined(NodeList):
    """The nodes of a template as they were read, which templates that Django joins look into; drawn in their joined form."""

    drawn: NodeList

    def render(self, context: Context) -> SafeString:
        """The words; in the middle of a template that Django joins, as Django draws them."""
        if context.render_context.get(BLOCK_CONTEXT_KEY) is not None:
            return super().render(context)
        return self.drawn.render(context)


class Loader(cached.Loader):
    """The cached loader, which keeps templates joined."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        """A template ready to be drawn. Raises ``TemplateDoesNotExist``."""
        known = self.get_template_cache.get(self.cache_key(template_name, skip))
        template: Template = super().get_template(template_name, skip)
        if known is None:
            template.open = self._open(template)
            if template.open is not None:
                both = Joined(template.nodelist)
                both.contains_nontext, both.drawn = template.nodelist.contains_nontext, _mapped(template.open, _closed)
                template.nodelist = both
        return template

    def _open(self, template: Template) -> NodeList | None:
        """The nodes with their blocks, for templates that extend this one; None where Django is to see to it."""
        head = next((one for one in template.nodelist if not isinstance(one, TextNode)), None)
        if "block.super" in template.source:
            return None
        if not isinstance(head, ExtendsNode):
            return template.nodelist
        if head.parent_name.filters or isinstance(head.parent_name.var, Variable):
            return None
        above = self.engine.get_template(str(head.parent_name.var)).open
        blocks = {name: block.nodelist for name, block in head.blocks.items()}
        return None if above is None else _mapped(above, lambda nodes: _filled(nodes, blocks))


def _filled(nodes: Iterable[Node], blocks: Mapping[str, NodeList]) -> Iterator[Node]:
    """The nodes, each block with the words that are meant for it."""
    for one in nodes:
        if isinstance(one, BlockNode) and one.name in blocks:
            one = copy.copy(one)
            one.nodelist = blocks[one.name]
        yield one


def _closed(nodes: Iterable[Node]) -> Iterator[Node]:
    """The nodes with the words of blocks in place of the blocks, neighbouring texts in one."""
    text: TextNode | None = None
    for one in _opened(nodes):
        if isinstance(one, TextNode):
            text = TextNode(text.s + one.s) if text else one
            continue
        if text:
            yield text
        text = None
        yield one
    if text:
        yield text


def _opened(nodes: Iterable[Node]) -> Iterator[Node]:
    for one in nodes:
        if isinstance(one, BlockNode):
            yield from _opened(one.nodelist)
        else:
            yield one


def _mapped(nodelist: NodeList, change: Callable[[Iterable[Node]], Iterator[Node]]) -> NodeList:
    """The list changed, and every list below it; nothing of the given one is touched."""
    made = NodeList(_below(one, change) for one in change(nodelist))
    made.contains_nontext = nodelist.contains_nontext
    return made


def _below(node: Node, change: Callable[[Iterable[Node]], Iterator[Node]]) -> Node:
    made = copy.copy(node)
    if isinstance(node, IfNode):
        made.conditions_nodelists = [(asked, _mapped(one, change)) for asked, one in node.conditions_nodelists]
        return made
    for name in node.child_nodelists:
        if isinstance(below := getattr(node, name, None), NodeList):
            setattr(made, name, _mapped(below, change))
    return made
