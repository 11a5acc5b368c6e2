//! Chromium with a person in front of it, played by `tests/judges/browser.js`: what they press, and what they see then.

use super::lines::Lines;
use super::{installed, script};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What Debian and others call it.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// Which one to take, if none of these is in the path.
const CHROMIUM: &str = "COUNTERSIGN_CHROMIUM";

pub struct Browser {
    lines: RefCell<Lines>,
    base: String,
    opened: Cell<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    Light,
    Dark,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scripts {
    Run,
    Off,
}

/// How its reader looks at the console.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    pub colours: Colours,
    pub scripts: Scripts,
    /// In CSS pixels.
    pub width: u32,
}

impl Window {
    /// A usual one.
    pub const USUAL: Self = Self { colours: Colours::Light, scripts: Scripts::Run, width: 1100 };
}

/// One page, with cookies of its own.
pub struct Page<'b> {
    browser: &'b Browser,
    number: u32,
}

impl Browser {
    /// Whatever does not come from `base` counts as a fault.
    pub fn start(base: &str) -> Self {
        let modules = installed("node/node_modules/playwright-core");
        let modules = modules.parent().expect("the folder of the modules");
        let mut command = Command::new("node");
        let (lines, _version) = Lines::start(command.arg(script("browser.js")).arg(modules).arg(chromium()));
        Self { lines: RefCell::new(lines), base: base.to_owned(), opened: Cell::new(0) }
    }

    pub fn opens(&self, window: Window) -> Page<'_> {
        let number = self.opened.get() + 1;
        self.opened.set(number);
        let page = Page { browser: self, number };
        let scheme = if window.colours == Colours::Dark { "dark" } else { "light" };
        page.ask("open", json!({ "base": self.base, "scheme": scheme, "width": window.width, "scripts": window.scripts == Scripts::Run }));
        page
    }
}

fn chromium() -> PathBuf {
    let named = std::env::var_os(CHROMIUM).map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = || std::env::split_paths(&path).flat_map(|folder| NAMES.map(|name| folder.join(name))).find(|file| file.is_file());
    named.or_else(found).unwrap_or_else(|| panic!("Chromium is not there: run `make needs`, or name it by {CHROMIUM}"))
}

impl Page<'_> {
    fn ask(&self, method: &str, mut with: Value) -> Value {
        with["page"] = json!(self.number);
        self.browser.lines.borrow_mut().ask(method, &with)
    }

    /// Opens an address of the console; its status.
    pub fn goes(&self, path: &str) -> u64 {
        self.ask("go", json!({ "path": path })).as_u64().expect("a status")
    }

    /// Presses what has this role and exactly this name.
    pub fn clicks(&self, role: &str, name: &str) {
        self.ask("click", json!({ "role": role, "name": name }));
    }

    /// Fills the field with this label.
    pub fn writes(&self, label: &str, text: &str) {
        self.ask("write", json!({ "label": label, "text": text }));
    }

    /// Types where the focus is.
    pub fn types(&self, text: &str) {
        self.ask("type", json!({ "text": text }));
    }

    /// `Tab`, `Enter`, `Shift+Tab`.
    pub fn presses(&self, key: &str) {
        self.ask("press", json!({ "key": key }));
    }

    /// What an expression of JavaScript comes to in the page.
    pub fn sees(&self, expression: &str) -> Value {
        self.ask("look", json!({ "expression": expression }))
    }

    /// As [`Page::sees`], once it is true; a test ends where it never is.
    pub fn awaits(&self, expression: &str) -> Value {
        self.ask("wait", json!({ "expression": expression }))
    }

    /// Everything that a person can read on it.
    pub fn text(&self) -> String {
        self.sees("document.body.innerText").as_str().unwrap_or_default().to_owned()
    }

    /// What the page did wrong since this was asked last: said on the console, refused by its policy, loaded from elsewhere.
    pub fn faults(&self) -> Vec<String> {
        texts(&self.ask("faults", json!({})))
    }

    /// What axe-core has against it as it stands, a line each.
    pub fn barriers(&self) -> Vec<String> {
        texts(&self.ask("barriers", json!({})))
    }

    /// Everything on it as a picture, for people to look at.
    pub fn pictured(&self, file: &Path) {
        self.ask("picture", json!({ "file": file }));
    }
}

fn texts(value: &Value) -> Vec<String> {
    let lines = value.as_array().expect("lines");
    lines.iter().map(|line| line.as_str().unwrap_or_default().to_owned()).collect()
}
