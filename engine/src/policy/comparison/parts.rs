//! A policy's file in parts: each named entry of a block, each key of a block that has no names.

use crate::policy::editor::FILE;
use crate::policy::shape::Shape;
use crate::policy::yaml::{Content, Node};
use serde_json::Value;
use std::collections::BTreeMap;

/// One part, as it stands in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub block: String,
    /// Empty for a block that is one part.
    pub name: String,
    pub value: Value,
    /// The keys above the name: `all` in `fields.all.summary`.
    above: Option<String>,
}

impl Part {
    pub fn key(&self) -> (&str, &str) {
        (&self.block, &self.name)
    }

    /// From the block down.
    pub fn path(&self) -> Vec<&str> {
        let name = Some(self.name.as_str()).filter(|name| !name.is_empty());
        [Some(self.block.as_str()), self.above.as_deref(), name].into_iter().flatten().collect()
    }
}

/// In the order of the file.
pub fn parts(root: &Node) -> Vec<Part> {
    let Content::Table(blocks) = &root.content else { return Vec::new() };
    blocks.iter().flat_map(|(key, node)| of_block(&key.name, node)).collect()
}

/// The parts of one block by name.
pub fn values<'p>(parts: &'p [Part], block: &str) -> BTreeMap<&'p str, &'p Value> {
    parts.iter().filter(|part| part.block == block).map(|part| (part.name.as_str(), &part.value)).collect()
}

fn of_block(block: &str, node: &Node) -> Vec<Part> {
    let shape = FILE.shapes.iter().find(|(name, ..)| *name == block).map(|(_, shape, _)| *shape);
    let part = |name: &str, value: Value| Part { block: block.to_owned(), name: name.to_owned(), value, above: None };
    match (&node.content, shape) {
        (Content::List(items), Some(Shape::List(Shape::Table(_), _))) => {
            let named: Option<Vec<Part>> = items.iter().map(|item| Some(part(item.named("name")?, item.plain()))).collect();
            named.unwrap_or_else(|| vec![part("", node.plain())])
        }
        (Content::Table(entries), Some(Shape::Table(table))) => {
            let below = |key: &str| table.shapes.iter().find(|(name, ..)| *name == key).map(|(_, shape, _)| *shape);
            entries.iter().flat_map(|(key, node)| of_key(block, &key.name, (node, below(&key.name)))).collect()
        }
        (Content::Table(entries), _) => entries.iter().map(|(key, node)| part(&key.name, node.plain())).collect(),
        (_, _) => vec![part("", node.plain())],
    }
}

/// `fields.all` is a table of names of its own.
fn of_key(block: &str, key: &str, (node, shape): (&Node, Option<Shape>)) -> Vec<Part> {
    let block = block.to_owned();
    match (&node.content, shape) {
        (Content::Table(entries), Some(Shape::Named(..))) => {
            let above = Some(key.to_owned());
            let part =
                |name: &str, node: &Node| Part { block: block.clone(), name: name.to_owned(), value: node.plain(), above: above.clone() };
            entries.iter().map(|(name, node)| part(&name.name, node)).collect()
        }
        (_, _) => vec![Part { block, name: key.to_owned(), value: node.plain(), above: None }],
    }
}
