//! The description of the interface, OpenAPI 3.1, from the code.

use serde_json::{Map, Value, json};
use utoipa::openapi::{Info, License, OpenApi, OpenApiBuilder};
use utoipa::{ToSchema, openapi};

use crate::access::Access;
use crate::routes;

/// Stands for the schema of a request, which the docket writes.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(crate) struct DecideRequest {}

/// Stands for the schema of a determination, which the docket writes.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(crate) struct Determination {}

/// What the description says before the first route.
pub(crate) fn head() -> OpenApi {
    let mut info = Info::new("Brightline", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "What the law says that a local agency must, may or must not do with a federal request. \
         It informs about enacted text; counsel decides and signs."
            .to_owned(),
    );
    let mut license = License::new("Apache-2.0");
    license.identifier = Some("Apache-2.0".to_owned());
    info.license = Some(license);
    OpenApiBuilder::new().info(info).servers(Some([openapi::Server::new("/")])).build()
}

/// Returns the description of the interface, as JSON with a final newline.
#[must_use]
pub fn openapi_document() -> String {
    let api = routes::table().router.into_openapi();
    let mut document = serde_json::to_value(&api).unwrap_or_default();
    let texts = [
        ("DecideRequest", brightline_desk::request_schema()),
        ("Determination", brightline_desk::determination_schema()),
    ];
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        for (name, text) in texts {
            add_schema(schemas, name, &text);
        }
    }
    add_keys(&mut document);
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// Says of each call that changes something in somebody's name that it may carry a key.
fn add_keys(document: &mut Value) {
    let Ok(access) = Access::read() else { return };
    for entry in routes::route_table() {
        let takes_keys = !entry.is_page && entry.methods.contains(&"POST");
        if !takes_keys || entry.action.is_open(&access) {
            continue;
        }
        let call = document.get_mut("paths").and_then(|it| it.get_mut(entry.path.as_str()));
        let Some(Value::Object(call)) = call.and_then(|it| it.get_mut("post")) else { continue };
        let parameters = call.entry("parameters").or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(parameters) = parameters {
            parameters.push(json!({
                "name": "Idempotency-Key",
                "in": "header",
                "description": "A string of RFC 9651, another for each call: the same call with \
                                the same key is done once, and answered as the first time.",
                "required": false,
                "schema": {
                    "type": "string",
                    "minLength": 3,
                    "maxLength": 257,
                    "pattern": "^\"[!#-\\[\\]-~]{1,255}\"$"
                }
            }));
        }
    }
}

/// Adds a JSON Schema and its definitions among the components.
fn add_schema(schemas: &mut Map<String, Value>, name: &str, text: &str) {
    let Ok(Value::Object(mut schema)) = serde_json::from_str::<Value>(text) else {
        return;
    };
    schema.remove("$schema");
    let definitions = schema.remove("$defs");
    let mut added = Map::new();
    added.insert(name.to_owned(), Value::Object(schema));
    if let Some(Value::Object(definitions)) = definitions {
        added.extend(definitions);
    }
    for (name, mut schema) in added {
        refer_to_components(&mut schema);
        schemas.insert(name, schema);
    }
}

fn refer_to_components(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(refer_to_components),
        Value::Object(entries) => {
            if let Some(Value::String(target)) = entries.get_mut("$ref") {
                *target = target.replace("#/$defs/", "#/components/schemas/");
            }
            entries.values_mut().for_each(refer_to_components);
        }
        _ => {}
    }
}
