//! Tests of fees.
