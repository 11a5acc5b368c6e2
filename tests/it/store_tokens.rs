//! API tokens by the hash of their secret.

use crate::store_bench::{Bench, at, on_both};
use engine::ids::PersonId;
use entities::{NewToken, StoreError};
use uuid::Uuid;

on_both!(tokens_are_found_by_their_hash_until_they_are_revoked);

async fn tokens_are_found_by_their_hash_until_they_are_revoked(bench: Bench) {
    let new = NewToken {
        id: Uuid::from_u128(1),
        name: "pipeline".to_owned(),
        hash: "h1".to_owned(),
        scopes: ["changes:read", "changes:write"].map(str::to_owned).into(),
        person: None,
        owner: PersonId::new("owner-1"),
        created_at: at(0),
    };
    bench.store.create_token(&new).await.unwrap();
    let twice = bench.store.create_token(&NewToken { id: Uuid::from_u128(2), ..new.clone() }).await;
    assert!(matches!(twice, Err(StoreError::Conflict)), "{twice:?}");
    let found = bench.store.token_by_hash("h1").await.unwrap().unwrap();
    assert_eq!((found.id, &found.scopes, &found.owner, found.created_at, found.revoked_at), (new.id, &new.scopes, &new.owner, at(0), None));
    assert_eq!(bench.store.token_by_hash("h2").await.unwrap(), None);
    assert!(bench.store.revoke_token(new.id, at(9)).await.unwrap());
    assert!(!bench.store.revoke_token(new.id, at(10)).await.unwrap());
    assert_eq!(bench.store.list_tokens().await.unwrap()[0].revoked_at, Some(at(9)));
}
