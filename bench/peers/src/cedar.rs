//! Cedar. It has no quantifier over records, so the host looks through the convictions first; that
//! is outside the time where the request is ready, and inside it where it starts from text.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    PolicySet, Request, RestrictedExpression, Schema, ValidationMode, Validator,
};

use crate::Outcome;
use crate::policy::{Answer, Conviction, Input, JSON, Race, START, TYPED, WINDOW};
use crate::table::Table;

const NO_CONVICTION: i64 = 99_999;

/// Makes the name of an entity.
pub fn uid(kind: &str, id: &str) -> Outcome<EntityUid> {
    Ok(EntityUid::from_type_name_and_id(EntityTypeName::from_str(kind)?, EntityId::new(id)))
}

/// What requests are made of.
struct Asker<'r> {
    race: &'r Race,
    principal: EntityUid,
    resource: EntityUid,
    actions: [EntityUid; 2],
}

impl<'r> Asker<'r> {
    fn new(race: &'r Race) -> Outcome<Self> {
        Ok(Self {
            race,
            principal: uid("Officer", "o")?,
            resource: uid("RulePack", "nyc")?,
            actions: [uid("Action", "hold")?, uid("Action", "notify_release")?],
        })
    }

    fn requests(&self, input: &Input) -> Outcome<[Request; 2]> {
        let context = self.context(input)?;
        let [hold, notify] = &self.actions;
        let request = |action: &EntityUid, context: Context| {
            let (principal, resource) = (self.principal.clone(), self.resource.clone());
            Request::new(principal, action.clone(), resource, context, None)
        };
        Ok([request(hold, context.clone())?, request(notify, context)?])
    }

    fn context(&self, input: &Input) -> Outcome<Context> {
        let boolean = RestrictedExpression::new_bool;
        let sections = |keep: &dyn Fn(&Conviction) -> bool| {
            let kept = input.convictions.iter().filter(|it| keep(it));
            let texts = kept.map(|it| RestrictedExpression::new_string(it.section.clone()));
            RestrictedExpression::new_set(texts)
        };
        let latest = self.race.latest(input);
        let pairs = [
            ("agency", RestrictedExpression::new_string(input.agency.clone())),
            ("judicial_warrant", boolean(input.judicial_warrant)),
            ("terrorist_match", boolean(input.terrorist_match)),
            ("reentered_after_removal", boolean(input.reentered_after_removal)),
            ("civil_enforcement", boolean(input.civil_enforcement)),
            ("sections", sections(&|_| true)),
            ("recent_sections", sections(&|it| it.days_ago <= WINDOW)),
            ("has_qualifying", boolean(latest.is_some())),
            (
                "days_since_qualifying",
                RestrictedExpression::new_long(latest.unwrap_or(NO_CONVICTION)),
            ),
        ];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value));
        Ok(Context::from_pairs(pairs)?)
    }

    fn entities(&self) -> Outcome<Entities> {
        let listed = self.race.listed.iter().cloned().map(RestrictedExpression::new_string);
        let attributes =
            HashMap::from([("qualifying".to_owned(), RestrictedExpression::new_set(listed))]);
        let pack = Entity::new(self.resource.clone(), attributes, HashSet::new())?;
        let officer = Entity::new(self.principal.clone(), HashMap::new(), HashSet::new())?;
        Ok(Entities::from_entities([officer, pack], None)?)
    }
}

/// Reads a policy and validates it against the schema.
pub fn validated(folder: &Path, name: &str) -> Outcome<(PolicySet, Schema)> {
    let text = |name: &str| std::fs::read_to_string(folder.join("cedar").join(name));
    let policies = PolicySet::from_str(&text(&format!("{name}.cedar"))?)?;
    let (schema, _) = Schema::from_cedarschema_str(&text("schema.cedarschema")?)?;
    let found = Validator::new(schema.clone()).validate(&policies, ValidationMode::Strict);
    match found.validation_passed() {
        true => Ok((policies, schema)),
        false => Err(format!("{name}: {found:?}").into()),
    }
}

/// Makes everything ready and decides all inputs, once.
pub fn decide_all(race: &Race) -> Outcome<usize> {
    let asker = Asker::new(race)?;
    let entities = asker.entities()?;
    let (policies, _) = validated(&race.folder, "attr")?;
    let authorizer = Authorizer::new();
    let right = |(line, want): (&String, &Answer)| -> Outcome<bool> {
        let requests = asker.requests(&serde_json::from_str(line)?)?;
        let allows = |request: &Request| {
            let response = authorizer.is_authorized(request, &policies, &entities);
            u8::from(response.decision() == Decision::Allow)
        };
        Ok(allows(&requests[0]) | allows(&requests[1]) << 1 == *want)
    };
    crate::memory::count(race.lines.iter().zip(&race.answers).map(right))
}

/// The rows of the policy. What Cedar explains with every answer, the names of the policies that
/// decided, is in all of them.
pub fn rows(race: &Race, table: &mut Table) -> Outcome<()> {
    let asker = Asker::new(race)?;
    let ready: Vec<[Request; 2]> =
        race.inputs.iter().map(|input| asker.requests(input)).collect::<Result<_, _>>()?;
    let entities = asker.entities()?;
    let authorizer = Authorizer::new();
    let encodings = [
        ("host_days", "host found the latest qualifying conviction"),
        ("attr", "list as an attribute, host sorted the convictions"),
        ("literal", "list in the policy, host sorted the convictions"),
    ];
    for (name, encoding) in encodings {
        let (policies, _) =
            table.start(START, ("Cedar", encoding), || validated(&race.folder, name))?;
        let decide = |requests: &[Request; 2]| -> Answer {
            let allows = |request: &Request| {
                let response = authorizer.is_authorized(request, &policies, &entities);
                u8::from(response.decision() == Decision::Allow)
            };
            allows(&requests[0]) | allows(&requests[1]) << 1
        };
        table.run(TYPED, ("Cedar", encoding), &race.answers, |at| decide(&ready[at]));
        table.run(JSON, ("Cedar", encoding), &race.answers, |at| {
            let Ok(input) = serde_json::from_str::<Input>(&race.lines[at]) else {
                return u8::MAX;
            };
            asker.requests(&input).map_or(u8::MAX, |requests| decide(&requests))
        });
    }
    Ok(())
}
