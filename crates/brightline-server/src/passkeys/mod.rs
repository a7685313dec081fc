//! Passkeys: a signature of the person's device in the place of a code, or of password and code.
//!
//! ```text
//! page ◀─ challenge, sealed for the page ─ Place
//! page ─ what the device signed, and the sealed challenge ─▶ Place ─▶ accounts: good once
//! ```
//!
//! The arithmetic of the standard is `webauthn_rp`'s; here is where passkeys are good, and that a
//! challenge needs no row in the store until it was answered.

mod place;

use std::num::NonZeroU32;

use brightline_docket::Error;
use webauthn_rp::bin::{Decode, Encode};
use webauthn_rp::request::auth::AuthenticationVerificationOptions;
use webauthn_rp::request::register::{
    CredProtect, PublicKeyCredentialUserEntity, RegistrationVerificationOptions, UserHandle,
};
use webauthn_rp::request::{DomainOrigin, PublicKeyCredentialDescriptor};
use webauthn_rp::response::register::{CompressedPubKey, DynamicState, StaticState};
use webauthn_rp::response::{AuthTransports, CredentialId};
use webauthn_rp::{
    AuthenticatedCredential, DiscoverableAuthentication, DiscoverableAuthenticationServerState,
    DiscoverableCredentialRequestOptions, PublicKeyCredentialCreationOptions, Registration,
    RegistrationServerState,
};

use crate::accounts::ServiceKey;

pub(crate) use place::PasskeyRules;
pub use place::Place;

/// By which an authenticator knows an account: it tells nobody else which one.
pub(crate) const HANDLE_BYTES: usize = 32;
/// A challenge is good for as long as a session may be idle: 30 minutes.
const CHALLENGE_MS: NonZeroU32 = NonZeroU32::MIN.saturating_add(30 * 60 * 1000 - 1);
const REGISTRATION: &str = "passkey registration";
const SIGN_IN: &str = "passkey sign-in";

type Handle = UserHandle<HANDLE_BYTES>;
type Presented = DiscoverableAuthentication<HANDLE_BYTES>;
type PublicKey = CompressedPubKey<[u8; 32], [u8; 32], [u8; 48], Vec<u8>>;

/// What a page needs to ask for a passkey.
#[derive(Debug, Clone, Default)]
pub(crate) struct Challenge {
    /// What the browser is asked, in JSON.
    pub(crate) options: String,
    /// What comes back with the answer, and only this service can read.
    pub(crate) sealed: String,
}

/// Who adds a passkey.
pub(crate) struct Owner<'a> {
    pub(crate) account: &'a str,
    pub(crate) person: &'a str,
    pub(crate) handle: [u8; HANDLE_BYTES],
}

/// A passkey as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) id: Vec<u8>,
    /// Its public key, and how it was made.
    pub(crate) fixed: Vec<u8>,
    /// How often it was used, as far as its device counts.
    pub(crate) moving: Vec<u8>,
}

/// What a browser answered to be signed in.
pub(crate) struct Answer {
    presented: Presented,
    state: DiscoverableAuthenticationServerState,
    /// By what the challenge is known, so that it is answered once.
    pub(crate) challenge: [u8; 16],
}

impl Answer {
    /// Returns the id of the passkey.
    pub(crate) fn id(&self) -> &[u8] {
        self.presented.raw_id().into_inner()
    }
}

impl Place {
    /// Returns what a page needs to make a passkey; `known` are those that the account has.
    pub(crate) fn offer(
        &self,
        key: &ServiceKey,
        owner: &Owner<'_>,
        known: Vec<Vec<u8>>,
    ) -> Result<Challenge, Error> {
        let Ok(handle) = Handle::decode(owner.handle);
        let name = owner.account.try_into().map_err(|_| unfit("the name of the account"))?;
        let display_name = owner.person.try_into().ok();
        let user = PublicKeyCredentialUserEntity { name, id: &handle, display_name };
        let known = known.into_iter().filter_map(|id| {
            let id = CredentialId::<Vec<u8>>::decode(id).ok()?;
            let transports = AuthTransports::decode(0).ok()?;
            Some(PublicKeyCredentialDescriptor { id, transports })
        });
        let mut options =
            PublicKeyCredentialCreationOptions::passkey(self.rp_id(), user, known.collect());
        options.timeout = CHALLENGE_MS;
        // Many devices know no such policy; each signature shows that the user was verified.
        options.extensions.cred_protect = CredProtect::None;
        let (server, client) =
            options.start_ceremony().map_err(|_| unfit("the request for a passkey"))?;
        let state = server.encode().map_err(|_| unfit("the clock"))?;
        let sealed = key.seal(REGISTRATION, owner.account, &state)?;
        challenge(&client, &sealed)
    }

    /// Looks whether a browser made the passkey that it was asked for.
    pub(crate) fn registered(
        &self,
        key: &ServiceKey,
        account: &str,
        (sealed, answer): (&str, &str),
    ) -> Result<Kept, Error> {
        let state = opened(key, REGISTRATION, account, sealed)?;
        let state = RegistrationServerState::<HANDLE_BYTES>::decode(&state)
            .map_err(|_| unfit("the challenge"))?;
        let answer = Registration::from_json_relaxed(answer.as_bytes())
            .map_err(|_| refused("the browser sent no passkey"))?;
        let origins = [self.origin()];
        let options = RegistrationVerificationOptions::<DomainOrigin<'_, '_>, &str> {
            allowed_origins: &origins,
            error_on_unsolicited_extensions: false,
            ..Default::default()
        };
        let made = state
            .verify(self.rp_id(), &answer, &options)
            .map_err(|error| refused(&error.to_string()))?;
        let (Ok(fixed), Ok(moving)) = (made.static_state().encode(), made.dynamic_state().encode());
        Ok(Kept { id: made.id().into_inner().to_vec(), fixed, moving: moving.to_vec() })
    }

    /// Returns what a page needs to ask for a passkey that signs somebody in.
    pub(crate) fn ask(&self, key: &ServiceKey) -> Result<Challenge, Error> {
        let mut options = DiscoverableCredentialRequestOptions::passkey(self.rp_id());
        options.0.timeout = CHALLENGE_MS;
        let (server, client) =
            options.start_ceremony().map_err(|_| unfit("the request for a passkey"))?;
        let state = server.encode().map_err(|_| unfit("the clock"))?;
        challenge(&client, &key.seal(SIGN_IN, "", &state)?)
    }

    /// Reads what a browser answered; nothing is known to be right yet.
    pub(crate) fn read(
        &self,
        key: &ServiceKey,
        (sealed, answer): (&str, &str),
    ) -> Result<Answer, Error> {
        let state = opened(key, SIGN_IN, "", sealed)?;
        let state = DiscoverableAuthenticationServerState::decode(&state)
            .map_err(|_| unfit("the challenge"))?;
        let presented = Presented::from_json_relaxed(answer.as_bytes())
            .map_err(|_| refused("the browser sent no passkey"))?;
        let challenge = presented.challenge_relaxed();
        let challenge = challenge.map_err(|_| refused("the browser sent no passkey"))?;
        Ok(Answer { presented, state, challenge: challenge.0.to_le_bytes() })
    }

    /// Looks whether the device of a passkey signed the challenge, verified its user and counts
    /// on; returns its new count.
    pub(crate) fn verify(
        &self,
        answer: Answer,
        kept: &Kept,
        handle: [u8; HANDLE_BYTES],
    ) -> Result<Vec<u8>, Error> {
        let Ok(handle) = Handle::decode(handle);
        let damaged = || Error::corrupt("a passkey is not what was kept");
        let id = CredentialId::<&[u8]>::decode(&kept.id).map_err(|_| damaged())?;
        let fixed = StaticState::<PublicKey>::decode(&kept.fixed).map_err(|_| damaged())?;
        let moving = kept.moving.as_slice().try_into().map_err(|_| damaged())?;
        let moving = DynamicState::decode(moving).map_err(|_| damaged())?;
        let mut known =
            AuthenticatedCredential::new(id, &handle, fixed, moving).map_err(|_| damaged())?;
        let origins = [self.origin()];
        let options = AuthenticationVerificationOptions::<DomainOrigin<'_, '_>, &str> {
            allowed_origins: &origins,
            error_on_unsolicited_extensions: false,
            ..Default::default()
        };
        answer
            .state
            .verify(self.rp_id(), &answer.presented, &mut known, &options)
            .map_err(|error| refused(&error.to_string()))?;
        let Ok(moving) = known.dynamic_state().encode();
        Ok(moving.to_vec())
    }
}

fn challenge(options: &impl serde::Serialize, sealed: &[u8]) -> Result<Challenge, Error> {
    let options = serde_json::to_string(options).map_err(|_| unfit("the request for a passkey"))?;
    Ok(Challenge { options, sealed: data_encoding::BASE64URL_NOPAD.encode(sealed) })
}

fn opened(key: &ServiceKey, purpose: &str, of: &str, sealed: &str) -> Result<Vec<u8>, Error> {
    let sealed = data_encoding::BASE64URL_NOPAD.decode(sealed.as_bytes()).unwrap_or_default();
    key.open(purpose, of, &sealed).map_err(|_| refused("the challenge is none of this service"))
}

fn refused(why: &str) -> Error {
    let error = Error::conflict(format!("the passkey was not accepted: {why}"));
    error.help("open the page again, and use it within 30 minutes")
}

fn unfit(what: &str) -> Error {
    Error::unavailable(format!("{what} cannot be used for a passkey"))
}
