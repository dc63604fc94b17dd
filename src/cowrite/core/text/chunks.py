"""Chunk and Node: what a rope is made of.

A chunk is a stretch of text with one set of attributes, or one embed. A node is a leaf with chunks, or stands above
others, and knows how many UTF-16 units and how many of pycrdt's bytes lie below it.
"""

from __future__ import annotations

from collections.abc import Iterator

from cowrite.core.text.offsets import code_point_of_utf16, utf8_length
from cowrite.core.text.richtext import Attributes, Span, utf16_length

CHUNK_LIMIT = 512
"""Code points in a chunk: small enough to slice in a microsecond, large enough to keep the tree shallow."""

NODE_LIMIT = 32
"""Children of a node before it is split."""


class Chunk:
    """A stretch of text with one set of attributes, or one embed.

    Args:
        text: its characters.
        attributes: what all of them have.
        embed: what stands in their place; None for text.

    Attributes:
        units: its length in UTF-16 units.
        octets: its length as pycrdt counts it: UTF-8 bytes, an embed counting as one.
    """

    __slots__ = ("attributes", "embed", "octets", "text", "units")

    def __init__(self, text: str, attributes: Attributes, embed: object | None) -> None:
        self.text = text
        self.attributes = attributes
        self.embed = embed
        if embed is not None:
            self.units = self.octets = 1  # pycrdt counts an embed as one, whatever its character weighs
        else:
            self.measure()

    def measure(self) -> None:
        """Measures the text anew, after it was changed."""
        text = self.text
        if text.isascii():
            self.units = self.octets = len(text)
        else:
            self.units = utf16_length(text)
            self.octets = utf8_length(text)

    def takes(self, span: Span) -> bool:
        """Whether the span's text can become part of this chunk."""
        return self.embed is None and span.embed is None and self.attributes == span.attributes

    def index(self, units: int) -> int:
        """Index of the code point `units` into this chunk."""
        return units if self.units == len(self.text) else code_point_of_utf16(self.text, units)

    def octets_before(self, units: int) -> int:
        """UTF-8 bytes in the first `units` units."""
        if self.units == self.octets or units == 0:
            return units
        if units == self.units:
            return self.octets
        return utf8_length(self.text[: self.index(units)])


class Node:
    """A node of the tree.

    `is_leaf` says which kind its items are of, which no type checker sees. A class for each kind would say it, and cost
    a call at each level of each search.

    Args:
        items: the nodes below it, or a leaf's chunks.
        is_leaf: which of the two.

    Attributes:
        units, octets: the length of all that lies below it, as a chunk counts it.
        parent: the node above; None for the root.
    """

    __slots__ = ("is_leaf", "items", "octets", "parent", "units")

    def __init__(self, items: list[Node] | list[Chunk], is_leaf: bool) -> None:
        self.items: list[Node] | list[Chunk] = items
        self.is_leaf = is_leaf
        self.parent: Node | None = None
        self.units = self.octets = 0
        self.measure()
        if not is_leaf:
            for item in items:
                item.parent = self  # type: ignore[union-attr]

    def measure(self) -> None:
        """Adds up anew what lies below, after items came or went."""
        units = octets = 0
        for item in self.items:
            units += item.units
            octets += item.octets
        self.units, self.octets = units, octets

    def grow(self, units: int, octets: int) -> None:
        """Adds to the measures of this node and of all above."""
        node: Node | None = self
        while node is not None:
            node.units += units
            node.octets += octets
            node = node.parent


def split_chunk(items: list[Chunk], index: int, inside: int) -> None:
    """Cuts one chunk of a leaf in two, `inside` units into it."""
    chunk = items[index]
    cut = chunk.index(inside)
    items.insert(index + 1, Chunk(chunk.text[cut:], chunk.attributes, None))
    chunk.text = chunk.text[:cut]
    chunk.measure()


def chunks_of(span: Span) -> list[Chunk]:
    """A span as chunks of a size that leaves each room to grow."""
    if span.embed is not None:
        return [Chunk(span.text, span.attributes, span.embed)]
    text, size = span.text, CHUNK_LIMIT // 2 if len(span.text) > CHUNK_LIMIT else CHUNK_LIMIT
    return [Chunk(text[start : start + size], span.attributes, None) for start in range(0, len(text), size)]


def chunks_from(leaf: Node, index: int) -> Iterator[Chunk]:
    """Chunks in order, from one of them on."""
    items: list[Chunk] = leaf.items  # type: ignore[assignment]
    yield from items[index:]
    node = leaf
    while node.parent is not None:
        siblings: list[Node] = node.parent.items  # type: ignore[assignment]
        for sibling in siblings[siblings.index(node) + 1 :]:
            yield from chunks_below(sibling)
        node = node.parent


def chunks_below(node: Node) -> Iterator[Chunk]:
    """All chunks below a node, in order."""
    if node.is_leaf:
        yield from node.items  # type: ignore[misc]
    else:
        for item in node.items:
            yield from chunks_below(item)  # type: ignore[arg-type]


def merge_around(leaf: Node, index: int) -> None:
    """Joins a chunk with its neighbours in the leaf where they are alike and small: keeps edits from fraying."""
    items: list[Chunk] = leaf.items  # type: ignore[assignment]
    for left in (index, index - 1):
        if left < 0 or left + 1 >= len(items):
            continue
        chunk, following = items[left], items[left + 1]
        if chunk.embed is not None or following.embed is not None or chunk.attributes != following.attributes:
            continue
        if len(chunk.text) + len(following.text) <= CHUNK_LIMIT // 2:
            chunk.text += following.text
            chunk.measure()
            del items[left + 1]


def spread(node: Node, root: Node) -> Node:
    """Splits a node that has grown too wide, and those above it where that makes them too wide; gives the root of the
    tree then."""
    while len(node.items) > NODE_LIMIT:
        size = NODE_LIMIT // 2
        others = [Node(node.items[i : i + size], node.is_leaf) for i in range(size, len(node.items), size)]
        del node.items[size:]
        node.measure()
        parent = node.parent
        if parent is None:
            parent = root = Node([node, *others], is_leaf=False)
        else:
            siblings: list[Node] = parent.items  # type: ignore[assignment]
            place = siblings.index(node) + 1
            siblings[place:place] = others
            for other in others:
                other.parent = parent
        node = parent
    return root


def drop(node: Node, root: Node) -> Node:
    """Takes an empty node out of the tree, and those above it that become empty; gives the root of the tree then."""
    while node.parent is not None and not node.items:
        parent = node.parent
        parent.items.remove(node)  # type: ignore[arg-type]
        node = parent
    if not root.items:
        return Node([], is_leaf=True)
    while not root.is_leaf and len(root.items) == 1:
        root = root.items[0]  # type: ignore[assignment]
        root.parent = None
    return root
