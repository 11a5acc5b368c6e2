//! Logs and metrics of the process.

use crate::settings::{Log, LogFormat};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::io::IsTerminal;
use std::sync::OnceLock;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::Layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Seconds: from a hook's acceptance to a slow callback.
const BUCKETS: [f64; 10] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Structured logs to standard error; the first call of a process counts.
pub fn log(settings: &Log) -> Result<(), String> {
    // Drivers are told to speak of warnings only: at info they print every statement.
    let directives = format!("{},sqlx=warn,sea_orm=warn,sea_orm_migration=warn,hyper=warn,h2=warn,slack_morphism=warn", settings.level);
    let filter = EnvFilter::try_new(&directives).map_err(|error| format!("log.level “{}”: {error}", settings.level))?;
    let registry = tracing_subscriber::registry().with(filter);
    let text = Layer::new().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal()).with_target(false);
    let started = match settings.format {
        LogFormat::Text => registry.with(text).try_init(),
        LogFormat::Json => registry.with(Layer::new().json().flatten_event(true).with_writer(std::io::stderr)).try_init(),
    };
    // A second call is that of a test that shares its process with others.
    drop(started);
    Ok(())
}

/// Starts recording metrics; the first call of a process counts.
pub fn measure() {
    let Ok(builder) = PrometheusBuilder::new().set_buckets(&BUCKETS) else { return };
    if METRICS.get().is_none()
        && let Ok(handle) = builder.install_recorder()
    {
        drop(METRICS.set(handle));
    }
}

/// The metrics as Prometheus reads them.
pub fn exported() -> Option<String> {
    upkeep();
    METRICS.get().map(PrometheusHandle::render)
}

/// Sorts what was measured into its buckets. Until then every single measurement is kept, so it has to be done now and
/// then even where nobody reads the metrics.
pub fn upkeep() {
    if let Some(handle) = METRICS.get() {
        handle.run_upkeep();
    }
}
