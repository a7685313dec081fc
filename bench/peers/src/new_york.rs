pub fn rows(_: &std::path::Path, _: &mut crate::table::Table) -> crate::Outcome<()> { Ok(()) }
