//! A device that keeps a passkey, bit by bit after the standard, so that each bit can be wrong.

use data_encoding::BASE64URL_NOPAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const KEY_FOLLOWS: u8 = 1 << 6;

pub(crate) struct Device {
    key: EcdsaKeyPair,
    id: Vec<u8>,
    handle: Vec<u8>,
    /// How often it was used, as it says.
    pub(crate) count: u32,
    /// It asks for a finger, face or PIN.
    pub(crate) verifies: bool,
    /// The page that it believes to speak with.
    pub(crate) origin: String,
}

impl Device {
    pub(crate) fn new(id: &str) -> Self {
        let random = SystemRandom::new();
        let scheme = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let key = EcdsaKeyPair::generate_pkcs8(scheme, &random).expect("a key");
        let key = EcdsaKeyPair::from_pkcs8(scheme, key.as_ref(), &random).expect("a key");
        let (id, handle) = (format!("{id:-<16}").into_bytes(), Vec::new());
        let origin = "http://localhost:8080".to_owned();
        Self { key, id, handle, count: 0, verifies: true, origin }
    }

    /// Makes the passkey that a page asks for.
    pub(crate) fn create(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        self.handle = decoded(&options["user"]["id"]);
        let client = self.client_data("webauthn.create", &options);
        let mut data = self.head(&decoded_text(&options["rp"]["id"]), KEY_FOLLOWS);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).expect("short").to_be_bytes());
        data.extend(&self.id);
        let point = self.key.public_key().as_ref();
        data.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 32]);
        data.extend(&point[33..]);
        let mut made = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        made.push(u8::try_from(data.len()).expect("short"));
        made.extend(data);
        let response = json!({ "clientDataJSON": encoded(client.as_bytes()),
                               "attestationObject": encoded(&made), "transports": ["internal"] });
        self.answer(response)
    }

    /// Signs what a page asks for.
    pub(crate) fn get(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options");
        assert_eq!(options["userVerification"], "required");
        let client = self.client_data("webauthn.get", &options);
        let data = self.head(&decoded_text(&options["rpId"]), 0);
        let signed = [data.as_slice(), &Sha256::digest(client.as_bytes())].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("a signature");
        let response = json!({ "clientDataJSON": encoded(client.as_bytes()),
                               "authenticatorData": encoded(&data),
                               "signature": encoded(signature.as_ref()),
                               "userHandle": encoded(&self.handle) });
        self.answer(response)
    }

    fn answer(&self, response: Value) -> String {
        let id = encoded(&self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response,
                "authenticatorAttachment": "platform", "clientExtensionResults": {} })
        .to_string()
    }

    fn client_data(&self, kind: &str, options: &Value) -> String {
        json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin,
                "crossOrigin": false })
        .to_string()
    }

    fn head(&mut self, rp_id: &str, flags: u8) -> Vec<u8> {
        self.count += 1;
        let verified = if self.verifies { USER_VERIFIED } else { 0 };
        let mut head = Sha256::digest(rp_id.as_bytes()).to_vec();
        head.push(USER_PRESENT | verified | flags);
        head.extend(self.count.to_be_bytes());
        head
    }
}

fn encoded(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

fn decoded(value: &Value) -> Vec<u8> {
    BASE64URL_NOPAD.decode(value.as_str().expect("text").as_bytes()).expect("base 64")
}

fn decoded_text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}
