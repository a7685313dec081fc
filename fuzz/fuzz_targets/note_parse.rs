#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| brightline_fuzz::note_parse::run(bytes));
