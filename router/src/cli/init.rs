//! `countersign init`: files to begin with, each line explained; nothing that exists is touched.

use anyhow::{Context, bail};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Name and content of each file.
const FILES: [(&str, &str); 4] = [
    ("countersign.toml", include_str!("../../init/countersign.toml")),
    ("policy.yaml", include_str!("../../init/policy.yaml")),
    ("people.yaml", include_str!("../../init/people.yaml")),
    ("slack-manifest.yaml", include_str!("../../init/slack-manifest.yaml")),
];

#[derive(Debug, Args)]
pub struct Init {
    /// Where the files are written
    #[arg(long, default_value = ".", value_name = "FOLDER")]
    folder: PathBuf,
}

impl Init {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let there: Vec<&str> = FILES.iter().map(|(name, _)| *name).filter(|name| self.folder.join(name).exists()).collect();
        if !there.is_empty() {
            bail!(
                "{} exist in {} already; nothing was written. Move them away, or name another --folder.",
                there.join(", "),
                self.folder.display()
            );
        }
        std::fs::create_dir_all(&self.folder).with_context(|| self.folder.display().to_string())?;
        for (name, content) in FILES {
            let path = self.folder.join(name);
            std::fs::write(&path, content).with_context(|| path.display().to_string())?;
            println!("wrote {}", path.display());
        }
        println!("\nNext: edit people.yaml and policy.yaml, then `countersign check` and `countersign serve`.");
        Ok(ExitCode::SUCCESS)
    }
}
