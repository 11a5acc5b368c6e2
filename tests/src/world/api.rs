//! A program that speaks to `/v1` with a token of its own.

use super::World;
use super::hooks::Answer;
use engine::ids::PersonId;
use entities::NewToken;
use router::clock::new_id;
use router::http::auth::new_token;
use serde_json::Value;

pub struct Caller<'w> {
    world: &'w World,
    token: String,
    pub id: uuid::Uuid,
}

impl World {
    /// A service's token that this person answers for.
    pub async fn token(&self, owner: &str, scopes: &[&str]) -> Caller<'_> {
        self.new_token(owner, scopes, None).await
    }

    /// A token by which this person acts.
    pub async fn personal_token(&self, person: &str, scopes: &[&str]) -> Caller<'_> {
        self.new_token(person, scopes, Some(PersonId::from(person))).await
    }

    async fn new_token(&self, owner: &str, scopes: &[&str], person: Option<PersonId>) -> Caller<'_> {
        let (token, hash) = new_token();
        let id = new_id(self.now());
        let new = NewToken {
            id,
            name: "a pipeline".to_owned(),
            hash,
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            person,
            owner: PersonId::from(owner),
            created_at: self.now(),
        };
        self.app().store.create_token(&new).await.unwrap();
        Caller { world: self, token, id }
    }

    /// Somebody with a token that nobody made.
    pub fn stranger(&self) -> Caller<'_> {
        Caller { world: self, token: "cs_nobody-made-this".to_owned(), id: uuid::Uuid::nil() }
    }
}

impl Caller<'_> {
    pub async fn gets(&self, path: &str) -> Answer {
        let request = self.world.http.get(self.world.node().url(path)).bearer_auth(&self.token);
        Answer::of(request.send().await.unwrap()).await
    }

    /// Asks for a change under this key, and what follows is done.
    pub async fn asks(&self, key: &str, body: &Value) -> Answer {
        let answer = self.posts(Some(key), body.to_string()).await;
        self.world.settle().await;
        answer
    }

    /// Votes, and what follows is done.
    pub async fn votes(&self, change: &str, key: Option<&str>, ballot: &Value) -> Answer {
        let request = self.world.http.post(self.world.node().url(&format!("/v1/changes/{change}/votes"))).json(ballot);
        self.does(key.into_iter().fold(request, |request, key| request.header("idempotency-key", key))).await
    }

    /// Posts a body, and what follows is done.
    pub async fn sends(&self, path: &str, body: &Value) -> Answer {
        self.does(self.world.http.post(self.world.node().url(path)).json(body)).await
    }

    /// As [`Caller::sends`], under a key by which it is known again.
    pub async fn sends_once(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.does(self.world.http.post(self.world.node().url(path)).header("idempotency-key", key).json(body)).await
    }

    pub async fn deletes(&self, path: &str) -> Answer {
        self.does(self.world.http.delete(self.world.node().url(path))).await
    }

    async fn does(&self, request: reqwest::RequestBuilder) -> Answer {
        let answer = Answer::of(request.bearer_auth(&self.token).send().await.unwrap()).await;
        self.world.settle().await;
        answer
    }

    pub async fn posts(&self, key: Option<&str>, body: String) -> Answer {
        let request = self.world.http.post(self.world.node().url("/v1/changes")).bearer_auth(&self.token).body(body);
        let request = key.into_iter().fold(request, |request, key| request.header("idempotency-key", key));
        Answer::of(request.send().await.unwrap()).await
    }

    pub fn token(&self) -> &str {
        &self.token
    }
}
