#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| brightline_fuzz::proof_verify::run(bytes));
