//! Paging, the way AWS means it.

use std::collections::HashSet;
use std::future::Future;
use std::hash::{BuildHasher, RandomState};

use orgscan_core::model::Cause;

use super::Failure;

/// Pages of one list, at most. The largest lists of an account (snapshots, policies) have hundreds.
const MOST: usize = 20_000;

/// Empty pages in a row, at most. A service that filters after it has cut the pages may give a few.
const MOST_EMPTY: usize = 1_000;

/// Reads all pages of a list. `page` takes the token of the page wanted and gives its items with the
/// token of the next one.
///
/// Only a missing (or empty) token ends a list: Organizations and EC2 may answer an empty page in
/// the middle of it.
///
/// # Errors
/// The first failure; or [`Cause::Malformed`] where the list would not end: a token that it returned
/// before, more than 1,000 empty pages in a row, or more than 20,000 pages.
pub async fn pages<T, F, Fut>(action: &'static str, mut page: F) -> Result<Vec<T>, Failure>
where
    F: FnMut(Option<String>) -> Fut,
    Fut: Future<Output = Result<(Vec<T>, Option<String>), Failure>>,
{
    let mut all = Vec::new();
    let mut chain = PageChain::default();
    let mut token: Option<String> = None;
    loop {
        let (items, next) = page(token).await?;
        let Some(next) = next.filter(|token| !token.is_empty()) else {
            all.extend(items);
            return Ok(all);
        };
        chain
            .add(items.is_empty(), &next)
            .map_err(|detail| Failure::new(action, Cause::Malformed, detail))?;
        all.extend(items);
        token = Some(next);
    }
}

/// The pages of a list so far.
#[derive(Default)]
struct PageChain {
    pages: usize,
    empty: usize,
    /// Hashes of the tokens: there may be many, and long ones.
    tokens: HashSet<u64>,
    hasher: RandomState,
}

impl PageChain {
    /// Takes note of a page, and of the token of the next one.
    fn add(&mut self, is_empty: bool, next: &str) -> Result<(), String> {
        self.pages += 1;
        self.empty = if is_empty { self.empty + 1 } else { 0 };
        if !self.tokens.insert(self.hasher.hash_one(next)) {
            let page = self.pages;
            return Err(format!(
                "page {page} of the list returns a page token that the list returned before"
            ));
        }
        if self.empty > MOST_EMPTY {
            return Err(format!(
                "the list has more than {MOST_EMPTY} empty pages in a row"
            ));
        }
        if self.pages >= MOST {
            return Err(format!("the list has more than {MOST} pages"));
        }
        Ok(())
    }
}

/// The token of the next page, from a service that also says in a field of its own whether the list goes
/// on. A list that goes on without a token is not what the service sent.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html> and
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html>
///
/// # Errors
/// [`Cause::Malformed`].
pub fn next_page(
    action: &'static str,
    is_truncated: Option<bool>,
    token: Option<String>,
) -> Result<Option<String>, Failure> {
    match (is_truncated, token.filter(|token| !token.is_empty())) {
        (Some(true), None) => {
            let detail = "the list has more pages, but the response has no token for the next page";
            Err(Failure::new(action, Cause::Malformed, detail))
        }
        (_, token) => Ok(token),
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

    /// What a list of these pages fails with; page after page, the number of items and the next token.
    async fn endless(page: impl Fn(usize) -> (usize, String)) -> (Failure, usize) {
        let mut asked = 0;
        let failure = pages("x:List", |_| {
            asked += 1;
            let (items, token) = page(asked);
            async move { Ok((vec![0; items], Some(token))) }
        })
        .await
        .unwrap_err();
        assert_eq!(failure.cause, Cause::Malformed);
        (failure, asked)
    }

    #[tokio::test]
    async fn a_token_that_was_seen_before_ends_the_list_with_an_error() {
        for cycle in [1, 2, 3, 50] {
            let (failure, asked) = endless(|page| (1, (page % cycle).to_string())).await;
            let expected = format!("page {} of the list returns a page token", cycle + 1);
            assert!(failure.detail.contains(&expected), "{failure}");
            assert_eq!(asked, cycle + 1);
        }
    }

    #[tokio::test]
    async fn empty_pages_without_end_and_pages_without_end_are_errors() {
        let (failure, asked) = endless(|page| (0, page.to_string())).await;
        assert!(
            failure.detail.contains("more than 1000 empty pages"),
            "{failure}"
        );
        assert_eq!(asked, MOST_EMPTY + 1);
        // An item now and then makes the empty pages before it none in a row.
        let (failure, asked) =
            endless(|page| (usize::from(page % 900 == 0), page.to_string())).await;
        assert!(
            failure.detail.contains("more than 20000 pages"),
            "{failure}"
        );
        assert_eq!(asked, MOST);
    }

    #[test]
    fn a_list_that_goes_on_has_a_token() {
        let token = || Some("t".to_owned());
        assert_eq!(next_page("x:List", Some(true), token()), Ok(token()));
        assert_eq!(next_page("x:List", Some(false), None), Ok(None));
        assert_eq!(next_page("x:List", None, token()), Ok(token()));
        for none in [None, Some(String::new())] {
            let failure = next_page("x:List", Some(true), none).unwrap_err();
            assert_eq!(failure.cause, Cause::Malformed);
        }
    }
}
