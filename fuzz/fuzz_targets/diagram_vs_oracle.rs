#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| brightline_fuzz::diagram_vs_oracle::run(bytes));
