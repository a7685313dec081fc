//! ID tokens: who signed them, for whom, when, and what they say of the person.

use std::sync::Once;

use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind, Validation, decode, decode_header};
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use super::OpenId;

/// The clocks of two services may differ by this much.
const LEEWAY_SECONDS: u64 = 60;
/// Signatures of public keys only: whoever can check a token must not be able to make one.
const ALGORITHMS: [Algorithm; 6] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::ES256,
    Algorithm::EdDSA,
];

/// What an ID token says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) sub: String,
    #[serde(default)]
    nonce: String,
    #[serde(default)]
    azp: Option<String>,
    #[serde(default)]
    acr: Option<String>,
    #[serde(default)]
    amr: Vec<String>,
    #[serde(flatten)]
    pub(super) person: PersonClaims,
}

/// What a provider says of a person, in the token or when asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(super) struct PersonClaims {
    #[serde(default)]
    pub(super) email: Option<String>,
    #[serde(default)]
    pub(super) email_verified: bool,
}

/// Why a token is not taken; for the log, without a word of the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refused {
    /// The signature may be of a key that is newer than those at hand.
    UnknownKey,
    /// It is no good.
    Because(String),
    /// The person was not authenticated as the settings ask.
    TooWeak,
}

/// Reads a token that one of these keys signed, for this service and this sign-in.
pub(super) fn read(
    token: &str,
    keys: &JwkSet,
    settings: &OpenId,
    nonce: &str,
) -> Result<Claims, Refused> {
    install_ring();
    let because = |error: Error| Refused::Because(error.to_string());
    let head = decode_header(token).map_err(because)?;
    if !ALGORITHMS.contains(&head.alg) {
        return Err(Refused::Because("the algorithm is none that is taken".to_owned()));
    }
    let key = match &head.kid {
        Some(id) => keys.find(id),
        None => keys.keys.first().filter(|_| keys.keys.len() == 1),
    };
    let key = DecodingKey::from_jwk(key.ok_or(Refused::UnknownKey)?).map_err(because)?;
    let mut validation = Validation::new(head.alg);
    validation.leeway = LEEWAY_SECONDS;
    validation.validate_nbf = true;
    validation.set_required_spec_claims(&["exp", "iat", "iss", "aud", "sub"]);
    validation.set_issuer(&[settings.issuer(), settings.issuer.as_str()]);
    validation.set_audience(&[&settings.client]);
    let claims = decode::<Claims>(token, &key, &validation).map_err(because)?.claims;
    if !bool::from(claims.nonce.as_bytes().ct_eq(nonce.as_bytes())) {
        return Err(Refused::Because("the nonce is that of another sign-in".to_owned()));
    }
    if claims.azp.as_ref().is_some_and(|party| *party != settings.client) {
        return Err(Refused::Because("it was made for another party".to_owned()));
    }
    if !is_strong(&claims, settings) {
        return Err(Refused::TooWeak);
    }
    Ok(claims)
}

fn is_strong(claims: &Claims, settings: &OpenId) -> bool {
    let has_class = claims.acr.as_ref().is_some_and(|acr| settings.acr.contains(acr));
    let has_method = claims.amr.iter().any(|method| settings.amr.contains(method));
    (settings.acr.is_empty() || has_class) && (settings.amr.is_empty() || has_method)
}

static RING: CryptoProvider = CryptoProvider {
    // Nothing is signed here.
    signer_factory: |_, _| Err(ErrorKind::InvalidAlgorithm.into()),
    verifier_factory: |algorithm, key| {
        Ok(Box::new(RingVerifier { algorithm: *algorithm, key: key.clone() }))
    },
    key_utils: KeyUtils::new_unimplemented(),
};

/// Hands the library the cryptography that the rest of the program has.
fn install_ring() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // Whoever installed one before checks as well.
        let _ = RING.install_default();
    });
}

struct RingVerifier {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl JwtVerifier for RingVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl ::signature::Verifier<Vec<u8>> for RingVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), ::signature::Error> {
        let rsa = match self.algorithm {
            Algorithm::RS256 => Some(&signature::RSA_PKCS1_2048_8192_SHA256),
            Algorithm::RS384 => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
            Algorithm::RS512 => Some(&signature::RSA_PKCS1_2048_8192_SHA512),
            Algorithm::PS256 => Some(&signature::RSA_PSS_2048_8192_SHA256),
            _ => None,
        };
        let checked = match (self.key.kind(), rsa, self.algorithm) {
            (DecodingKeyKind::RsaModulusExponent { n, e }, Some(rsa), _) => {
                RsaPublicKeyComponents { n, e }.verify(rsa, message, signature)
            }
            (DecodingKeyKind::SecretOrDer(key), None, Algorithm::ES256) => {
                let key = UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, key);
                key.verify(message, signature)
            }
            (DecodingKeyKind::SecretOrDer(key), None, Algorithm::EdDSA) => {
                UnparsedPublicKey::new(&signature::ED25519, key).verify(message, signature)
            }
            _ => Err(ring::error::Unspecified),
        };
        checked.map_err(|_| ::signature::Error::new())
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64URL_NOPAD;
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
    use serde_json::{Value, json};

    use super::*;

    struct Signer(EcdsaKeyPair);

    impl Signer {
        fn new() -> Self {
            let (random, kind) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
            let key = EcdsaKeyPair::generate_pkcs8(kind, &random).expect("a key");
            Self(EcdsaKeyPair::from_pkcs8(kind, key.as_ref(), &random).expect("a key"))
        }

        fn keys(&self) -> JwkSet {
            let (x, y) = self.0.public_key().as_ref()[1..].split_at(32);
            let (x, y) = (BASE64URL_NOPAD.encode(x), BASE64URL_NOPAD.encode(y));
            let key = json!({"kty": "EC", "crv": "P-256", "kid": "one", "x": x, "y": y});
            serde_json::from_value(json!({"keys": [key]})).expect("a set of keys")
        }

        fn token(&self, head: &Value, claims: &Value) -> String {
            let part = |it: &Value| BASE64URL_NOPAD.encode(it.to_string().as_bytes());
            let text = format!("{}.{}", part(head), part(claims));
            let signed = self.0.sign(&SystemRandom::new(), text.as_bytes()).expect("signed");
            format!("{text}.{}", BASE64URL_NOPAD.encode(signed.as_ref()))
        }
    }

    fn settings() -> OpenId {
        OpenId {
            issuer: "https://sso.example".parse().expect("an address"),
            client: "brightline".to_owned(),
            secret: None,
            address: "https://brightline.example".parse().expect("an address"),
            acr: vec![],
            amr: vec![],
        }
    }

    fn claims() -> Value {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let now = now.expect("after 1970").as_secs();
        json!({"iss": "https://sso.example", "aud": "brightline", "sub": "42", "nonce": "n",
               "iat": now, "exp": now + 300})
    }

    fn with(name: &str, value: Value) -> Value {
        let mut claims = claims();
        claims[name] = value;
        claims
    }

    #[test]
    fn a_token_is_taken_for_this_service_and_this_sign_in_only() {
        let (signer, head) = (Signer::new(), json!({"alg": "ES256", "kid": "one"}));
        let read_it =
            |claims: &Value| read(&signer.token(&head, claims), &signer.keys(), &settings(), "n");
        let taken = read_it(&claims()).expect("a good token");
        assert_eq!((taken.iss.as_str(), taken.sub.as_str()), ("https://sso.example", "42"));
        assert!(read_it(&with("aud", json!(["other", "brightline"]))).is_ok());
        for (name, value) in [
            ("aud", json!("other")),
            ("iss", json!("https://other.example")),
            ("nonce", json!("m")),
            ("nonce", json!("")),
            ("azp", json!("other")),
            ("exp", json!(1_700_000_000)),
            ("exp", json!("tomorrow")),
            ("nbf", json!(4_000_000_000_u64)),
            ("sub", json!(null)),
        ] {
            let refused = read_it(&with(name, value.clone()));
            assert!(matches!(refused, Err(Refused::Because(_))), "{name}: {value}");
        }
    }

    #[test]
    fn a_token_of_another_key_or_of_none_is_refused() {
        let (signer, other) = (Signer::new(), Signer::new());
        let token = |head: Value| signer.token(&head, &claims());
        let good = token(json!({"alg": "ES256", "kid": "one"}));
        assert!(read(&good, &signer.keys(), &settings(), "n").is_ok());
        assert!(read(&good, &other.keys(), &settings(), "n").is_err());
        let newer = token(json!({"alg": "ES256", "kid": "two"}));
        assert_eq!(read(&newer, &signer.keys(), &settings(), "n"), Err(Refused::UnknownKey));
        for head in [json!({"alg": "none"}), json!({"alg": "HS256", "kid": "one"}), json!({})] {
            assert!(
                read(&token(head.clone()), &signer.keys(), &settings(), "n").is_err(),
                "{head}"
            );
        }
        let unsigned = good.rsplit_once('.').expect("three parts").0.to_owned() + ".";
        assert!(read(&unsigned, &signer.keys(), &settings(), "n").is_err());
    }

    #[test]
    fn a_second_factor_is_asked_for_where_the_settings_say_so() {
        let (signer, head) = (Signer::new(), json!({"alg": "ES256", "kid": "one"}));
        let read_it = |claims: &Value, settings: &OpenId| {
            read(&signer.token(&head, claims), &signer.keys(), settings, "n").map(drop)
        };
        let amr = OpenId { amr: vec!["mfa".to_owned(), "hwk".to_owned()], ..settings() };
        let acr = OpenId { acr: vec!["urn:high".to_owned()], ..settings() };
        assert_eq!(read_it(&claims(), &amr), Err(Refused::TooWeak));
        assert_eq!(read_it(&with("amr", json!(["pwd"])), &amr), Err(Refused::TooWeak));
        assert_eq!(read_it(&with("amr", json!(["pwd", "mfa"])), &amr), Ok(()));
        assert_eq!(read_it(&claims(), &acr), Err(Refused::TooWeak));
        assert_eq!(read_it(&with("acr", json!("urn:low")), &acr), Err(Refused::TooWeak));
        assert_eq!(read_it(&with("acr", json!("urn:high")), &acr), Ok(()));
    }
}
