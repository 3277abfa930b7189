//! What tests share.

pub mod s3_fake;
pub mod smtp_sink;
