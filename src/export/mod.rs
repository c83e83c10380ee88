//! Rows and reports leave here: CSV tables, the manifest, and the summary a person or a program reads.
//!
//! The text of every file is a function of model, plan and runs alone: no clock, host or thread
//! count enters, so equal runs give equal bytes.

mod files;
mod manifest;
pub mod report;
pub mod rows;
mod schema;
mod tables;

pub use files::{FileEntry, FileError, ResultFile, digest, digest_file, existing, is_broken_pipe};
pub use manifest::{
    GENERATOR, MANIFEST, Manifest, ManifestError, Mismatch, NotPlayedText, Override, PlanText,
    ScenarioText, ShardText, UnplayedText, VariantText,
};
pub use schema::{Column, Schema, SchemaError, Source};
pub use tables::{
    DISTRIBUTION, PAIRED, Pair, Part, RUNS, SUMMARY, distribution_table, paired_table,
    summary_table,
};
