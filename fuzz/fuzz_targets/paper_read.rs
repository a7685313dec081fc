#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| brightline_fuzz::paper_read::run(bytes));
