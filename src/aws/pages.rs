//! Paging, the way AWS means it.

use std::future::Future;

use super::Failure;
use crate::model::Cause;

/// Reads all pages of a list. `page` takes the token of the page wanted and gives its items with the
/// token of the next one.
///
/// Only a missing (or empty) token ends a list: Organizations and EC2 may answer an empty page in
/// the middle of it.
///
/// # Errors
/// The first failure; or [`Cause::Malformed`] when AWS hands out the same token twice in a row,
/// which would go on for ever.
pub async fn pages<T, F, Fut>(action: &'static str, mut page: F) -> Result<Vec<T>, Failure>
where
    F: FnMut(Option<String>) -> Fut,
    Fut: Future<Output = Result<(Vec<T>, Option<String>), Failure>>,
{
    let mut all = Vec::new();
    let mut token: Option<String> = None;
    loop {
        let (items, next) = page(token.clone()).await?;
        all.extend(items);
        match next.filter(|token| !token.is_empty()) {
            None => return Ok(all),
            Some(next) if Some(&next) == token.as_ref() => {
                let detail = "the list hands out the same page token again";
                return Err(Failure::new(action, Cause::Malformed, detail));
            }
            next => token = next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_empty_page_with_a_token_does_not_end_the_list() {
        let mut answers = vec![
            (vec![3], None),
            (vec![], Some("c".to_owned())),
            (vec![1, 2], Some("b".to_owned())),
        ];
        let mut asked = Vec::new();
        let all = pages("x:List", |token| {
            asked.push(token);
            let answer = answers.pop().unwrap();
            async { Ok(answer) }
        })
        .await;
        assert_eq!(all, Ok(vec![1, 2, 3]));
        assert_eq!(asked, [None, Some("b".to_owned()), Some("c".to_owned())]);
    }

    #[tokio::test]
    async fn a_token_that_repeats_is_an_error_and_not_an_endless_loop() {
        let answer = |_| async { Ok((vec![1], Some("same".to_owned()))) };
        let failure = pages("x:List", answer).await.unwrap_err();
        assert_eq!(failure.cause, Cause::Malformed);
    }
}
