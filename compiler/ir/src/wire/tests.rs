use super::{Document, Limits, read, to_cbor, to_json};
use crate::fixture::one_compartment;

fn document() -> Document {
    Document::Module(one_compartment())
}

#[test]
fn a_module_comes_back_from_both_encodings() {
    let document = document();
    let json = to_json(&document);
    assert_eq!(read(json.as_bytes(), &Limits::generous()), Ok(document.clone()), "{json}");
    let cbor = to_cbor(&document);
    assert_eq!(read(&cbor, &Limits::generous()), Ok(document));
    assert!(cbor.len() < json.len());
}
