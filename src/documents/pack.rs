//! One ZIP archive as the program makes it: nothing compressed, no times, so that the same content
//! gives the same bytes – and the strict reader of such archives, for files from strangers.
//!
//! The reader extracts nothing and inflates nothing: no name can lead out of a folder, no bomb can
//! go off. It goes through the file from the first byte to the last and compares what it met with
//! the directory at the end, so that no member can hide from one of the two.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Most members a reader goes through; a large case has some hundreds.
const MOST_MEMBERS: usize = 50_000;
/// What opens a member, the directory at the end, and the end of that.
const MEMBER: [u8; 4] = *b"PK\x03\x04";
const DIRECTORY: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
/// Length of the last record where no remark follows it.
const END_LENGTH: i64 = 22;

/// An archive being written.
pub struct Pack {
    zip: ZipWriter<File>,
}

impl Pack {
    /// Begins an archive in an empty file.
    #[must_use]
    pub fn into(file: File) -> Self {
        Self { zip: ZipWriter::new(file) }
    }

    /// Begins a member of `size` bytes; what is written from now on belongs to it.
    ///
    /// # Errors
    ///
    /// When the file cannot be written, or the name was given before.
    pub fn begin(&mut self, name: &str, size: u64) -> io::Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644)
            .large_file(size >= u64::from(u32::MAX));
        self.zip.start_file(name, options).map_err(io::Error::from)
    }

    /// Ends the archive and gives the file back.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn finish(self) -> io::Result<File> {
        self.zip.finish().map_err(io::Error::from)
    }
}

impl Write for Pack {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.zip.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.zip.flush()
    }
}

/// A member as its own head describes it.
struct Head {
    name: String,
    at: u64,
    size: u64,
    fault: Option<&'static str>,
}

/// Goes through an archive. `each` is handed every sound member with its bytes; what is wrong with
/// the archive itself is returned, in sentences.
///
/// # Errors
///
/// When the file cannot be read, or what `each` returns.
pub fn walk<R: Read + Seek>(
    mut file: R,
    mut each: impl FnMut(&str, &mut dyn Read) -> io::Result<()>,
) -> io::Result<Vec<String>> {
    let mut faults = Vec::new();
    let mut heads: Vec<Head> = Vec::new();
    let mut names = BTreeSet::new();
    file.seek(SeekFrom::Start(0))?;
    let directory_at = loop {
        let at = file.stream_position()?;
        let head = match next(&mut file, at)? {
            Next::Member(head) => head,
            Next::Directory => break at,
            Next::Broken(why) => {
                let after = heads.last().map_or("开头", |head: &Head| head.name.as_str());
                faults.push(format!("压缩包在“{after}”之后无法读取：{why}"));
                return Ok(faults);
            }
        };
        let mut bytes = (&mut file).take(head.size);
        if !is_safe(&head.name) {
            faults.push(format!("压缩包内的名称“{}”不安全（指向包外或含有特殊字符）", head.name));
        } else if !names.insert(head.name.clone()) {
            faults.push(format!("压缩包内“{}”出现两次", head.name));
        } else if let Some(fault) = head.fault {
            faults.push(format!("压缩包内“{}”{fault}", head.name));
        } else {
            each(&head.name, &mut bytes)?;
        }
        io::copy(&mut bytes, &mut io::sink())?;
        if bytes.limit() > 0 {
            faults.push(format!("压缩包不完整：“{}”只有一部分", head.name));
            return Ok(faults);
        }
        heads.push(head);
        if heads.len() > MOST_MEMBERS {
            faults.push(format!("压缩包内文件超过{MOST_MEMBERS}个，未继续核对"));
            return Ok(faults);
        }
    };
    directory(file, &heads, directory_at, &mut faults)?;
    Ok(faults)
}

enum Next {
    Member(Head),
    Directory,
    Broken(&'static str),
}

fn next<R: Read>(file: &mut R, at: u64) -> io::Result<Next> {
    let mut mark = [0; 4];
    if read_full(file, &mut mark)? < mark.len() {
        return Ok(Next::Broken("文件到此中断"));
    }
    match mark {
        DIRECTORY | END => return Ok(Next::Directory),
        MEMBER => {}
        _ => return Ok(Next::Broken("此处不是压缩包的内容")),
    }
    let mut head = [0; 26];
    if read_full(file, &mut head)? < head.len() {
        return Ok(Next::Broken("文件到此中断"));
    }
    let [
        _,
        _,
        flags,
        _,
        method,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        c0,
        c1,
        c2,
        c3,
        s0,
        s1,
        s2,
        s3,
        n0,
        n1,
        e0,
        e1,
    ] = head;
    let stored = u32::from_le_bytes([c0, c1, c2, c3]);
    let size = u32::from_le_bytes([s0, s1, s2, s3]);
    if stored == u32::MAX {
        return Ok(Next::Broken("单个文件过大"));
    }
    // The length stands behind the bytes: nobody can tell where they end.
    if flags & 8 != 0 {
        return Ok(Next::Broken("文件长度没有写在前面，不是本系统生成的包"));
    }
    let mut name = vec![0; usize::from(u16::from_le_bytes([n0, n1]))];
    let mut extra = vec![0; usize::from(u16::from_le_bytes([e0, e1]))];
    if read_full(file, &mut name)? < name.len() || read_full(file, &mut extra)? < extra.len() {
        return Ok(Next::Broken("文件到此中断"));
    }
    let fault = if flags & 1 != 0 {
        Some("已加密，无法核对")
    } else if method != 0 || stored != size {
        Some("经过压缩，不是本系统生成的包，未展开")
    } else {
        None
    };
    let name = String::from_utf8_lossy(&name).into_owned();
    Ok(Next::Member(Head { name, at, size: u64::from(stored), fault }))
}

/// Compares the directory at the end with the members met.
fn directory<R: Read + Seek>(
    mut file: R,
    heads: &[Head],
    at: u64,
    faults: &mut Vec<String>,
) -> io::Result<()> {
    let mut mark = [0; 4];
    let ends_well = file.seek(SeekFrom::End(-END_LENGTH)).is_ok()
        && read_full(&mut file, &mut mark)? == mark.len()
        && mark == END;
    if !ends_well {
        faults.push("压缩包末尾不完整，或者附加了其他内容".to_owned());
        return Ok(());
    }
    let mut archive = match ZipArchive::new(file) {
        Ok(archive) => archive,
        Err(error) => {
            faults.push(format!("压缩包的目录无法读取：{error}"));
            return Ok(());
        }
    };
    let mut agrees = archive.central_directory_start() == at && archive.len() == heads.len();
    for (n, head) in heads.iter().enumerate() {
        let Ok(listed) = archive.by_index_raw(n) else {
            agrees = false;
            break;
        };
        agrees &= listed.name() == head.name
            && listed.header_start() == head.at
            && listed.size() == head.size
            && !listed.is_symlink();
    }
    if !agrees {
        faults.push("压缩包的目录与实际内容不一致".to_owned());
    }
    Ok(())
}

/// Reads until `buffer` is full or the file ends; returns how much came.
fn read_full<R: Read>(file: &mut R, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Names as the program gives them: plain ASCII below the archive's own root.
fn is_safe(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let good = |part: &str| !part.is_empty() && !part.starts_with('.') && part.chars().all(plain);
    name.len() <= 200 && name.split('/').all(good)
}
