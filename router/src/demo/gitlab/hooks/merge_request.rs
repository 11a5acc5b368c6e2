//! The hook of a merge request that is merged.

use super::{Delivery, packed, project_body, user};
use crate::demo::gitlab::world::World;
use serde_json::json;

/// `None` for a merge request that is not there or not merged.
pub fn merge_request(secret: &str, world: &World, project: i64, number: i64, sent: u64) -> Option<Delivery> {
    let place = world.projects.get(&project)?;
    let request = place.merge_requests.iter().rfind(|request| request.iid == number)?;
    let merger = request.merger?;
    let newest = place.commits.get(request.commits.last()?)?;
    let body = json!({
        "object_kind": "merge_request",
        "event_type": "merge_request",
        "user": user(merger),
        "project": project_body(project, place),
        "object_attributes": {
            "iid": request.iid,
            "author_id": request.author,
            "state": "merged",
            "action": "merge",
            "merge_user_id": null,
            "merge_commit_sha": null,
            "last_commit": { "id": newest.sha, "message": newest.message, "author": { "email": newest.author_email } },
        },
    });
    packed(secret, "Merge Request Hook", &body, sent)
}
