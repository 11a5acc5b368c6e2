//! The names that a policy gives, gathered before anything refers to them. Reports nothing.

use super::schema::{CLASS, ENVIRONMENT, FIELDS, Kind, Schema};
use super::yaml::{Content, Node};

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Group,
    /// Of the block `duty`.
    Roster,
    Calendar,
    Window,
    Environment,
    Class,
    Flow,
    /// Of a requirement.
    Stage,
    /// Of a flow.
    FlowStage,
    Gate,
    Requirement,
    /// Of the catalogue.
    Service,
}

impl What {
    pub fn word(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Roster => "roster",
            Self::Calendar => "calendar",
            Self::Window => "window",
            Self::Environment => "environment",
            Self::Class => "class",
            Self::Flow => "flow",
            Self::Stage | Self::FlowStage => "stage",
            Self::Gate => "gate",
            Self::Requirement => "requirement",
            Self::Service => "service",
        }
    }
}

/// Names as they stand in the file, whatever else is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Names {
    groups: Vec<String>,
    rosters: Vec<String>,
    calendars: Vec<String>,
    windows: Vec<String>,
    /// Calendars that are made of others.
    unions: Vec<String>,
    environments: Vec<String>,
    classes: Vec<String>,
    flows: Vec<String>,
    stages: Vec<String>,
    flow_stages: Vec<String>,
    gates: Vec<String>,
    requirements: Vec<String>,
    services: Vec<String>,
    /// What conditions may ask about.
    pub schema: Schema,
    /// The same with the answers of the requester, for what is asked again when they are there.
    pub schema_with_answers: Schema,
}

impl Names {
    pub fn gather(root: &Node) -> Self {
        let mut names = Self {
            groups: keys(value(root, "groups")),
            rosters: keys(value(root, "duty")),
            calendars: keys(value(root, "calendars")),
            windows: keys(value(root, "windows")),
            unions: unions(value(root, "calendars")),
            environments: keys(value(root, "environments")),
            classes: of_each(value(root, "classes"), "name"),
            flows: keys(value(root, "flows")),
            stages: of_each(value(root, "requirements"), "stage"),
            flow_stages: flow_stages(value(root, "flows")),
            gates: keys(value(root, "gates")),
            requirements: of_each(value(root, "requirements"), "name"),
            services: keys(value(root, "services")),
            schema: Schema::default(),
            schema_with_answers: Schema::default(),
        };
        names.schema.values.insert(CLASS.to_owned(), names.classes.clone());
        names.schema.values.insert(ENVIRONMENT.to_owned(), names.environments.clone());
        names.declare_attributes(value(root, "attributes"));
        names.declare_lists(value(root, "lists"));
        names.schema_with_answers = names.schema.clone();
        let parts = value(root, "fields").into_iter().flat_map(|fields| ["all", "emergency"].map(|part| value(fields, part)));
        parts.flatten().for_each(|part| names.declare_fields(part));
        names
    }

    pub fn of(&self, what: What) -> &[String] {
        match what {
            What::Group => &self.groups,
            What::Roster => &self.rosters,
            What::Calendar => &self.calendars,
            What::Window => &self.windows,
            What::Environment => &self.environments,
            What::Class => &self.classes,
            What::Flow => &self.flows,
            What::Stage => &self.stages,
            What::FlowStage => &self.flow_stages,
            What::Gate => &self.gates,
            What::Requirement => &self.requirements,
            What::Service => &self.services,
        }
    }

    pub fn has(&self, what: What, name: &str) -> bool {
        self.of(what).iter().any(|known| known == name)
    }

    pub fn is_union(&self, calendar: &str) -> bool {
        self.unions.iter().any(|union| union == calendar)
    }

    /// `attributes: { cve_score: { type: double } }` declares `change.cve_score`.
    fn declare_attributes(&mut self, attributes: Option<&Node>) {
        for name in keys(attributes) {
            let kind = attributes.and_then(|attributes| value(attributes, &name)).and_then(|attribute| value(attribute, "type"));
            let kind = match kind.and_then(text) {
                Some("bool") => Kind::Flag,
                Some("int") => Kind::Whole,
                Some("double") => Kind::Fraction,
                Some("string") => Kind::Text,
                Some("list") => Kind::TEXTS,
                Some(_) | None => Kind::Any,
            };
            self.schema.declared.insert(format!("change.{name}"), kind);
        }
    }

    /// `fields: { all: { summary: { type: text } } }` declares `fields.summary`.
    fn declare_fields(&mut self, part: &Node) {
        for name in keys(Some(part)) {
            let Some(field) = value(part, &name) else { continue };
            let kind = value(field, "type").and_then(text);
            let full_name = format!("{FIELDS}.{name}");
            if let Some(of) = value(field, "of").filter(|_| kind == Some("choice")) {
                self.schema_with_answers.values.insert(full_name.clone(), texts(of));
            }
            let kind = if kind == Some("list") { Kind::TEXTS } else { Kind::Text };
            self.schema_with_answers.declared.insert(full_name, kind);
        }
    }

    /// `lists: { trusted_builders: [a, b] }` declares `trusted_builders`.
    fn declare_lists(&mut self, lists: Option<&Node>) {
        for name in keys(lists) {
            let entries = lists.and_then(|lists| value(lists, &name)).map(texts).unwrap_or_default();
            self.schema.lists.insert(name, entries);
        }
    }
}

fn value<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    let Content::Table(entries) = &node.content else { return None };
    entries.iter().find(|(key, _)| key.name == name).map(|(_, value)| value)
}

fn text(node: &Node) -> Option<&str> {
    match &node.content {
        Content::Text(text) => Some(text),
        Content::Nothing | Content::Flag(_) | Content::Whole(_) | Content::Fraction(_) | Content::List(_) | Content::Table(_) => None,
    }
}

fn texts(list: &Node) -> Vec<String> {
    let Content::List(items) = &list.content else { return Vec::new() };
    items.iter().filter_map(text).map(str::to_owned).collect()
}

fn keys(table: Option<&Node>) -> Vec<String> {
    match table.map(|table| &table.content) {
        Some(Content::Table(entries)) => entries.iter().map(|(key, _)| key.name.clone()).collect(),
        Some(_) | None => Vec::new(),
    }
}

fn unions(calendars: Option<&Node>) -> Vec<String> {
    let Some(Content::Table(entries)) = calendars.map(|calendars| &calendars.content) else { return Vec::new() };
    let made_of_others = entries.iter().filter(|(_, calendar)| value(calendar, "union").is_some());
    made_of_others.map(|(key, _)| key.name.clone()).collect()
}

/// The stages of all flows, those of inner lists as well.
fn flow_stages(flows: Option<&Node>) -> Vec<String> {
    let mut stages = Vec::new();
    let mut left: Vec<&Node> = match flows.map(|flows| &flows.content) {
        Some(Content::Table(entries)) => entries.iter().map(|(_, flow)| flow).collect(),
        Some(_) | None => Vec::new(),
    };
    while let Some(node) = left.pop() {
        if let Content::List(items) = &node.content {
            left.extend(items);
        }
        stages.extend(text(node).map(str::to_owned));
    }
    stages
}

/// The texts under one key in a list of tables.
fn of_each(list: Option<&Node>, key: &str) -> Vec<String> {
    match list.map(|list| &list.content) {
        Some(Content::List(items)) => items.iter().filter_map(|item| value(item, key)).filter_map(text).map(str::to_owned).collect(),
        Some(_) | None => Vec::new(),
    }
}
