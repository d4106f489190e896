//! Lists in pages.

/// All items of a list, page by page, each shaped. `shape` leaves out what it makes nothing of; an item
/// that it fails on is a gap of its own.
macro_rules! list {
    ($scope:ident, $api:ident, $operation:ident $(. $set:ident($value:expr))*, $items:ident, $shape:expr) => {
        $crate::pages($api.action, |token| async move {
            let request = || {
                let request = $scope.ec2().$operation()$(.$set($value))*;
                request.set_max_results($api.page).set_next_token(token.clone()).send()
            };
            let page = $scope.api_caller.call(&$api, request).await?;
            let items = page.$items.unwrap_or_default().into_iter();
            let items: Vec<Result<_, $crate::Failure>> =
                items.filter_map(|item| $shape(item).transpose()).collect();
            Ok((items, page.next_token))
        })
        .await
        .map(|items| items.into_iter().collect::<orgscan_core::model::Items<_>>())
    };
}

pub(super) use list;
