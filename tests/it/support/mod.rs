//! What tests share.

pub mod s3_fake;
