//! Gongkai (公开).
