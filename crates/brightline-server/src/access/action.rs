//! What can be done, by the names that the policies use.

use super::{Access, Principal};

macro_rules! actions {
    ($($(#[$doc:meta])* $action:ident $name:literal $agency:literal,)*) => {
        /// Something that can be done with the service.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action {
            $($(#[$doc])* $action,)*
        }

        impl Action {
            /// All actions.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$action),*];

            /// Returns the name that policies and scopes use.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$action => $name,)* }
            }

            /// Returns whether it concerns the cases of an agency.
            #[must_use]
            pub fn is_for_agency(self) -> bool {
                match self { $(Self::$action => $agency,)* }
            }
        }
    };
}

actions! {
    /// Decide without recording.
    Decide "decide" false,
    /// Ask whether the service works.
    ReadHealth "read_health" false,
    /// Read counts and times.
    ReadMetrics "read_metrics" false,
    /// Read how old the last backup is, and whether the published log is behind.
    ReadStanding "read_standing" false,
    /// Read the description of the interface.
    ReadDescription "read_description" false,
    /// Read checkpoints and tiles.
    ReadLog "read_log" false,
    /// Read the rules and what they decide.
    ReadRules "read_rules" false,
    /// Sign in.
    SignIn "sign_in" false,
    /// Use a link that is good once.
    SetUp "set_up" false,
    /// See one's own account.
    ReadOwnAccount "read_own_account" false,
    /// Add and remove one's own passkeys.
    ChangeOwnAccount "change_own_account" false,
    /// Sign out.
    SignOut "sign_out" false,
    /// Invite, lock, release and reset accounts.
    ManageAccounts "manage_accounts" false,
    /// Say where agencies are reached.
    ManageLetterheads "manage_letterheads" false,
    /// Issue and revoke tokens of other systems.
    ManageTokens "manage_tokens" false,
    /// Say which systems are told of events.
    ManageWebhooks "manage_webhooks" false,
    /// Read what happened to accounts.
    ReadAccountEvents "read_account_events" false,
    /// Propose another release of the law.
    ProposeRelease "propose_release" false,
    /// Publish a release that somebody else proposed.
    PublishRelease "publish_release" false,
    /// Read what is proposed, file by file.
    ReadRelease "read_release" false,
    /// Take a request in.
    Receive "receive" true,
    /// Take a request in, decide it and record both, in one call.
    RecordDecision "record_decision" true,
    /// Set facts with their evidence.
    SetFacts "set_facts" true,
    /// Read a case.
    ReadCase "read_case" true,
    /// List cases.
    ListCases "list_cases" true,
    /// Search cases.
    SearchCases "search_cases" true,
    /// Propose a determination.
    Propose "propose" true,
    /// Sign a determination.
    Sign "sign" true,
    /// Send a determination back.
    SendBack "send_back" true,
    /// Record what was done.
    RecordAct "record_act" true,
    /// Record that a duty was done.
    CompleteDuty "complete_duty" true,
    /// Give a case to somebody.
    Assign "assign" true,
    /// Take a case up again.
    Reopen "reopen" true,
    /// Correct a record by another one.
    Correct "correct" true,
    /// Read the proof that an entry is in the log.
    ReadProof "read_proof" true,
    /// Seal a case.
    Seal "seal" true,
    /// Stop the clock of retention.
    Hold "hold" true,
}

impl Action {
    /// Returns whether anyone may do this, signed in or not.
    pub(crate) fn is_open(self, access: &Access) -> bool {
        access.may(&Principal::Nobody, self, "")
    }
}
