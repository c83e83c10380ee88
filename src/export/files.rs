//! Result files: written beside their final name, digested on the way, renamed when complete.
//!
//! A reader never sees half a file under its final name, and a result that stands is not
//! overwritten unless the user said so.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Bytes gathered before they go to the disk.
const BUFFER: usize = 1 << 18;

/// A finished file: its name in the result folder, its size and its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its name in the result folder.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in hex.
    pub sha256: String,
}

/// Why a result file could not be written or read.
#[derive(Debug, Error)]
pub enum FileError {
    /// A result already stands there.
    #[error("{} already exists", .0.display())]
    Exists(PathBuf),
    /// The file or its folder could not be made.
    #[error("cannot create {}", .path.display())]
    Create {
        /// What was to be made.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Writing stopped midway.
    #[error("cannot write {}", .path.display())]
    Write {
        /// What was being written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The complete file could not be given its name.
    #[error("cannot rename {} to its final name", .path.display())]
    Rename {
        /// The complete file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file could not be read.
    #[error("cannot read {}", .path.display())]
    Read {
        /// What was being read.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file to be continued holds less than was once written.
    #[error("{} holds {found} bytes, but {expected} were written before the interruption", .path.display())]
    Short {
        /// The file to be continued.
        path: PathBuf,
        /// Its size.
        found: u64,
        /// The size it once had.
        expected: u64,
    },
}

impl FileError {
    /// Whether the reader at the other end of a pipe went away, which is no failure.
    pub fn is_broken_pipe(&self) -> bool {
        match self {
            FileError::Write { source, .. } => is_broken_pipe(source),
            _ => false,
        }
    }
}

/// Whether the reader at the other end of a pipe went away.
pub fn is_broken_pipe(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

/// A file being written. Dropped before [`ResultFile::finish`], it stays under its `.part` name.
#[derive(Debug)]
pub struct ResultFile {
    name: String,
    path: PathBuf,
    part: PathBuf,
    force: bool,
    writer: BufWriter<File>,
    digest: Sha256,
    bytes: u64,
}

impl ResultFile {
    /// Begin `name` in `folder`, which is made if need be.
    pub fn create(folder: &Path, name: &str, force: bool) -> Result<ResultFile, FileError> {
        let path = folder.join(name);
        if !force && path.exists() {
            return Err(FileError::Exists(path));
        }
        let create = |path: PathBuf| move |source| FileError::Create { path, source };
        fs::create_dir_all(folder).map_err(create(folder.to_path_buf()))?;
        let part = part_of(folder, name);
        let file = File::create(&part).map_err(create(part.clone()))?;
        Ok(ResultFile {
            name: name.to_string(),
            path,
            part,
            force,
            writer: BufWriter::with_capacity(BUFFER, file),
            digest: Sha256::new(),
            bytes: 0,
        })
    }

    /// Continue `name` after its first `bytes`, whatever followed them; the unfinished file is
    /// taken up, or else the one that was finished early.
    pub fn resume(folder: &Path, name: &str, bytes: u64) -> Result<ResultFile, FileError> {
        let (path, part) = (folder.join(name), part_of(folder, name));
        if !part.exists() {
            fs::rename(&path, &part).map_err(|source| FileError::Read {
                path: path.clone(),
                source,
            })?;
        }
        let read = |source| FileError::Read {
            path: part.clone(),
            source,
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(&part)
            .map_err(read)?;
        let found = file.metadata().map_err(read)?.len();
        if found < bytes {
            return Err(FileError::Short {
                path: part,
                found,
                expected: bytes,
            });
        }
        file.set_len(bytes).map_err(read)?;
        let digest = digest_of(&mut file).map_err(read)?;
        file.seek(SeekFrom::End(0)).map_err(read)?;
        Ok(ResultFile {
            name: name.to_string(),
            path,
            part,
            force: true,
            writer: BufWriter::with_capacity(BUFFER, file),
            digest,
            bytes,
        })
    }

    /// Append bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        self.writer
            .write_all(bytes)
            .map_err(|source| FileError::Write {
                path: self.part.clone(),
                source,
            })?;
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// Hand what was written to the system, so that a checkpoint may count on it.
    pub fn flush(&mut self) -> Result<(), FileError> {
        self.writer.flush().map_err(|source| FileError::Write {
            path: self.part.clone(),
            source,
        })
    }

    /// How many bytes were written.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Put the complete file on the disk under its final name.
    pub fn finish(mut self) -> Result<FileEntry, FileError> {
        self.flush()?;
        let write = |source| FileError::Write {
            path: self.part.clone(),
            source,
        };
        self.writer.get_ref().sync_all().map_err(write)?;
        drop(self.writer); // an open file cannot be renamed everywhere
        if !self.force && self.path.exists() {
            return Err(FileError::Exists(self.path));
        }
        fs::rename(&self.part, &self.path).map_err(|source| FileError::Rename {
            path: self.part,
            source,
        })?;
        Ok(FileEntry {
            name: self.name,
            bytes: self.bytes,
            sha256: hex(self.digest),
        })
    }
}

/// Which of these results already stand in the folder, finished or not.
pub fn existing(folder: &Path, names: &[&str]) -> Vec<PathBuf> {
    let finished = names.iter().map(|name| folder.join(name));
    let parts = names.iter().map(|name| part_of(folder, name));
    finished.chain(parts).filter(|path| path.exists()).collect()
}

/// The SHA-256 of some bytes, in hex.
pub fn digest(bytes: &[u8]) -> String {
    hex(Sha256::new_with_prefix(bytes))
}

/// The size and SHA-256 of a file in the result folder.
pub fn digest_file(folder: &Path, name: &str) -> Result<FileEntry, FileError> {
    let path = folder.join(name);
    let read = |source| FileError::Read {
        path: path.clone(),
        source,
    };
    let mut file = File::open(&path).map_err(read)?;
    let bytes = file.metadata().map_err(read)?.len();
    let sha256 = hex(digest_of(&mut file).map_err(read)?);
    Ok(FileEntry {
        name: name.to_string(),
        bytes,
        sha256,
    })
}

fn digest_of(file: &mut File) -> io::Result<Sha256> {
    let (mut digest, mut buffer) = (Sha256::new(), vec![0; BUFFER]);
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(digest);
        }
        digest.update(&buffer[..read]);
    }
}

fn hex(digest: Sha256) -> String {
    digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn part_of(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.part"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-2, appendix B.1.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn a_file_has_its_name_only_when_complete() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = ResultFile::create(folder.path(), "runs.csv", false).unwrap();
        file.write(b"a").unwrap();
        file.write(b"bc").unwrap();
        assert!(!folder.path().join("runs.csv").exists());
        let entry = file.finish().unwrap();
        assert_eq!((entry.bytes, entry.sha256.as_str()), (3, ABC));
        assert_eq!(fs::read(folder.path().join("runs.csv")).unwrap(), b"abc");
        assert_eq!(digest_file(folder.path(), "runs.csv").unwrap(), entry);
        assert_eq!(digest(b"abc"), ABC);
        assert_eq!(existing(folder.path(), &["runs.csv"]).len(), 1);
    }

    #[test]
    fn a_result_is_overwritten_only_by_force() {
        let folder = tempfile::tempdir().unwrap();
        let first = ResultFile::create(folder.path(), "x", false).unwrap();
        let late = ResultFile::create(folder.path(), "x", false).unwrap();
        first.finish().unwrap();
        assert!(matches!(late.finish(), Err(FileError::Exists(_))));
        let again = ResultFile::create(folder.path(), "x", false);
        assert!(matches!(again, Err(FileError::Exists(_))));
        ResultFile::create(folder.path(), "x", true)
            .unwrap()
            .finish()
            .unwrap();
    }

    #[test]
    fn an_interrupted_file_is_continued_to_the_same_digest() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = ResultFile::create(folder.path(), "x", false).unwrap();
        file.write(b"ab, and rows beyond the checkpoint").unwrap();
        file.flush().unwrap();
        drop(file);
        let mut file = ResultFile::resume(folder.path(), "x", 2).unwrap();
        file.write(b"c").unwrap();
        assert_eq!(file.finish().unwrap().sha256, ABC);
        // and once more after a clean, early finish
        let mut file = ResultFile::resume(folder.path(), "x", 1).unwrap();
        file.write(b"bc").unwrap();
        assert_eq!(file.finish().unwrap().sha256, ABC);
        let short = ResultFile::resume(folder.path(), "x", 9);
        assert!(matches!(short, Err(FileError::Short { found: 3, .. })));
    }

    #[test]
    fn a_broken_pipe_is_told_apart() {
        let error = |kind| FileError::Write {
            path: "-".into(),
            source: io::Error::from(kind),
        };
        assert!(error(io::ErrorKind::BrokenPipe).is_broken_pipe());
        assert!(!error(io::ErrorKind::StorageFull).is_broken_pipe());
    }
}
